"""A browser as a headset: 20 ms of microphone and ears in each frame that comes, 20 ms for the ears in each that goes.

SHELL. The browser plays and records in one place, so what was heard comes back with what was said, on one clock. A
frame has a number: one that comes twice is left out, those that are missing are silence and are counted. A socket that
breaks is bridged with what the page kept; after :data:`GONE_S` without a frame the headset counts as gone.
"""

import queue
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from voicesim.errors import DeviceError, UsageError
from voicesim.model import FRAME, RATE_HZ, Samples
from voicesim.ports import Frames
from voicesim.web.messages import Counts, ToPage

#: So long no frame comes before the page counts as gone; the page keeps more than that.
GONE_S = 3.0
#: So long the first frame is waited for: a person has to allow the microphone.
ALLOWED_WITHIN_S = 60.0
#: So long it is waited for when the page was there before: a call that pauses asks again and again.
BACK_WITHIN_S = 0.5
#: Frames that may wait to be read (10 s); more are lost.
_MOST_WAITING = 500
#: A hole is filled with silence up to this length (3 s).
_LONGEST_HOLE = 150
_UP, _DOWN = struct.Struct("<II"), struct.Struct("<IIf")
_FULL_SCALE = 32767
_GONE = "Look at the page in the browser; the call goes on when it is back."


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCounts:
    """Frames of 20 ms that came, that got lost on the way, that the ears lacked; and how often the socket broke."""

    received: int = 0
    lost: int = 0
    starved: int = 0
    breaks: int = 0

    def message(self) -> Counts:
        """The same for the page, in seconds."""
        frame_s = FRAME / RATE_HZ
        return Counts(
            lost_s=round(self.lost * frame_s, 2), starved_s=round(self.starved * frame_s, 2), breaks=self.breaks
        )


class SoundLink:
    """An AudioDevice at the far end of a socket, whose side is called on the event loop; all else on a thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: queue.SimpleQueue[Frames | None] = queue.SimpleQueue()
        self._send: Callable[[str | bytes], None] | None = None
        self._next: int | None = None
        self._out = 0
        self._open = self._was_open = self._closed = False
        self._received = self._lost = self._starved = self._breaks = 0
        self.latency_s = 0.0
        #: The name of the microphone, as the browser tells it.
        self.label = ""

    # -- the socket's side -----------------------------------------------------------------------------------------

    def connect(self, send: Callable[[str | bytes], None]) -> int | None:
        """Send through ``send`` from now on; gives the number of the frame that is expected next."""
        with self._lock:
            self._send = send
            return self._next

    def disconnect(self, send: Callable[[str | bytes], None]) -> None:
        """``send`` works no more; one that has been replaced changes nothing."""
        with self._lock:
            if self._send == send:
                self._send = None
                self._breaks += 1

    def is_connected(self, send: Callable[[str | bytes], None]) -> bool:
        """Whether ``send`` is the page's way still, and no other window has taken its place."""
        with self._lock:
            return self._send == send

    def received(self, data: bytes) -> None:
        """Take a frame in: number, frames the ears lacked so far, int16[320] of microphone, int16[320] of ears.

        Raises UsageError for anything else.
        """
        if len(data) != _UP.size + 4 * FRAME:
            raise UsageError("the page sent sound of a wrong length", mend="Load the page again.")
        number, starved = _UP.unpack_from(data)
        both: Samples = np.frombuffer(data, "<i2", 2 * FRAME, _UP.size).astype(np.float32)
        both /= _FULL_SCALE
        with self._lock:
            expected = number if self._next is None else self._next
            if number < expected:
                return
            self._next = number + 1
            self._received += 1
            self._starved = max(self._starved, starved)
            missing = number - expected
            self._lost += missing
            if not self._open:
                return
            if self._waiting.qsize() > _MOST_WAITING:
                self._lost += 1
                return
            for _ in range(min(missing, _LONGEST_HOLE)):
                self._waiting.put(Frames(_silence(), _silence()))
            self._waiting.put(Frames(both[:FRAME], both[FRAME:]))

    # -- the side of who holds a call ------------------------------------------------------------------------------

    @property
    def counts(self) -> LinkCounts:
        """What came and what did not, so far."""
        with self._lock:
            return LinkCounts(received=self._received, lost=self._lost, starved=self._starved, breaks=self._breaks)

    def send(self, message: ToPage) -> None:
        """Tell the page; a page that is away is not told: it is greeted with how things stand when it comes back."""
        self._pass_on(message.model_dump_json())

    def open(self, play_rate_hz: int) -> "LinkDuplex":
        """Both directions, from the next frame that comes. Raises DeviceError if none does."""
        if play_rate_hz != RATE_HZ:
            raise UsageError(f"a page plays at {RATE_HZ} Hz, not at {play_rate_hz} Hz")
        with self._lock:
            wait_s = BACK_WITHIN_S if self._was_open else ALLOWED_WITHIN_S
            self._open, self._next = True, None
            while not self._waiting.empty():
                self._waiting.get()
        first = self.read(wait_s)
        if first is None:
            self.shut()
            raise DeviceError("no sound comes from the page", mend="Allow the microphone in the browser.")
        self._was_open = True
        return LinkDuplex(self, first)

    def read(self, wait_s: float) -> Frames | None:
        """The next frame; None if none comes in time, or the link was closed."""
        if self._closed:
            return None
        try:
            return self._waiting.get(timeout=wait_s)
        except queue.Empty:
            return None

    def write(self, frame: Samples, gain: float) -> None:
        """Send 20 ms for the ears, float32[320], and the gain that holds from now on."""
        sound = np.rint(np.clip(frame, -1.0, 1.0) * _FULL_SCALE).astype("<i2").tobytes()
        with self._lock:
            head = _DOWN.pack(self._out & 0xFFFFFFFF, self._next or 0, gain)
            self._out += 1
        self._pass_on(head + sound)

    def shut(self) -> None:
        """What comes is left unread until the link is opened again, and the next frame is a first one."""
        with self._lock:
            self._open, self._next = False, None

    def close(self) -> None:
        """For good: who waits for a frame gets none."""
        self._closed = True
        self._waiting.put(None)

    def _pass_on(self, data: str | bytes) -> None:
        with self._lock:
            send = self._send
        if send is not None:
            send(data)


class LinkDuplex:
    """A browser's microphone and ears, in step."""

    def __init__(self, link: SoundLink, first: Frames) -> None:
        self._link, self._first = link, [first]
        # The ears hear what the page plays a little later, and what the page hears was said a little earlier.
        self._late = np.zeros(round(link.latency_s * RATE_HZ), np.float32)

    def read(self) -> Frames | None:
        """The next 20 ms of both. Raises DeviceError if the page is gone."""
        frames = self._first.pop() if self._first else self._link.read(GONE_S)
        if frames is None:
            raise DeviceError("the page in the browser is away", mend=_GONE)
        ears = np.concatenate((self._late, frames.ears))
        self._late = ears[FRAME:]
        return Frames(frames.microphone, ears[:FRAME])

    def write(self, frame: Samples, gain: float = 1.0) -> None:
        """Send the next frame for the ears."""
        self._link.write(frame, gain)

    def close(self) -> None:
        """Stop both directions; the link can be opened again."""
        self._link.shut()


def _silence() -> Samples:
    return np.zeros(FRAME, np.float32)
