"""The trainee's headset through PortAudio (sounddevice).

Two separate streams, one for each direction, since few devices open as one. The sound card calls back on threads of
its own; a callback only copies and queues, because a slow one loses sound without saying so.
"""

import contextlib
import queue
import threading
import time
from collections import deque
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np

from voicesim.backends.alignment import Alignment
from voicesim.backends.playout import LATEST_S, STORE_LIMIT_S, STORE_S, Converter, Playout
from voicesim.backends.shortfall import WINDOW_S, Shortfall
from voicesim.backends.sound_devices import (
    BLOCK_S,
    WITHOUT,
    DeviceInfo,
    found,
    in_time,
    leave,
    library,
    list_devices,
    look_again,
    open_headsets,
    opened,
    portaudio_version,
    started,
)
from voicesim.errors import DeviceError, UsageError
from voicesim.model import FRAME, RATE_HZ, Samples
from voicesim.ports import Frames

__all__ = ["DeviceInfo", "Headset", "HeadsetCounts", "OpenHeadset", "list_devices", "portaudio_version"]

_INPUT_LATENCY = "low"
# Half of it tears more holes on a busy machine: tests/benchmarks/duplex.py.
_OUTPUT_LATENCY_S = 0.1
# Of ten seconds a microphone may owe this much; more is a machine too busy or a bad connection, not a slip.
_MOST_OWED_S = 0.5
# A sound server plays up to a frame and a half later than it tells; what is with it when a stream stops is lost.
_BEHIND_S = 0.06
# A device that says its sound is on the way for longer than this does not know.
_LONGEST_WAY_S = 0.5
# Without a frame for this long a device is gone; a wireless one may need more until its first.
_PATIENCE_S = 2.0
_FIRST_PATIENCE_S = 5.0
_LOOK_S = 0.25
_CHECK = "Check that it is plugged in and switched on"
_TOO_LITTLE = "The computer is too busy or the connection is bad: close other programs, use a headset with a cable"
_CLOSE_PATIENCE_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadsetCounts:
    """What went through a headset each time it was open, in samples at 16 kHz.

    ``received`` from the microphone, ``written`` for the ears; of these ``dropped`` were given up, too many at once.
    ``starved`` samples of silence were played in the middle of a sound because nothing had been written in time, and
    ``late`` is how far the ears were behind at most. ``missing`` is how many the microphone owes by the clock: over a
    tenth of a second means that the machine is too busy and sound was lost. ``overflows`` counts losses that PortAudio
    itself reported. ``corrected`` samples were put into the record of the ears or left out of it, to keep it beside the
    microphone's: the clocks of the two devices drifted apart, or the sound card stopped for a moment.
    """

    received: int
    written: int
    dropped: int
    starved: int
    late: int
    missing: int
    overflows: int
    corrected: int

    def __add__(self, other: "HeadsetCounts") -> "HeadsetCounts":
        """What went through in two openings."""
        both = {part.name: getattr(self, part.name) + getattr(other, part.name) for part in fields(self)}
        return HeadsetCounts(**both | {"late": max(self.late, other.late)})


class Headset:
    """A microphone and headphones, chosen by a part of their name, by index, or the system's defaults (None)."""

    def __init__(self, input: str | int | None = None, output: str | int | None = None) -> None:  # noqa: A002
        self._input = input
        self._output = output
        self._duplex: OpenHeadset | None = None
        self._before: HeadsetCounts | None = None
        self._names: dict[str, str] = {}

    @property
    def latency_s(self) -> float:
        """From writing a frame to hearing it, plus from a sound to reading it, in seconds; 0 before it is opened."""
        return self._duplex.latency_s if self._duplex else 0.0

    @property
    def counts(self) -> HeadsetCounts | None:
        """What went through in all openings, after a close as well; None before the first."""
        if self._duplex is None:
            return self._before
        counts = self._duplex.counts
        return self._before + counts if self._before else counts

    def open(self, play_rate_hz: int = RATE_HZ) -> "OpenHeadset":
        """Both directions, running; read them without delay from now on.

        May be called again, also after a failure: what was open before is closed, and the devices are looked for anew.
        A device that refuses 16 kHz or mono runs as it likes and is converted here. Raises UsageError for a
        ``play_rate_hz`` other than 16 000, MissingPart without the PortAudio library and DeviceError without a
        device, for an unknown or ambiguous name, if a device does not open (in use, not permitted), and after 5 s if
        the sound system does not answer. Opened again it is the same devices by name, or none: indexes change when
        something is plugged in or out, and a call must not come out of loudspeakers.
        """
        if play_rate_hz != RATE_HZ:
            raise UsageError(f"a headset plays at {RATE_HZ} Hz, not {play_rate_hz}", mend="Resample the sound first.")
        sd = library()
        if self._duplex is not None:
            self._duplex.close()
        self._before, self._duplex = self.counts, None
        self._duplex = in_time(lambda: self._found(sd), too_late=OpenHeadset.close)
        return self._duplex

    def _found(self, sd: Any) -> "OpenHeadset":
        look_again(sd)
        microphone, ears = self._end(sd, self._input, "input"), self._end(sd, self._output, "output")
        duplex = OpenHeadset(sd, microphone, ears)
        self._names = {"input": microphone["name"], "output": ears["name"]}
        return duplex

    def _end(self, sd: Any, wanted: str | int | None, kind: str) -> dict[str, Any]:
        """The description of the device for one direction: the one that was open before, if there was one."""
        name = self._names.get(kind)
        if name is None:
            return found(sd, wanted, kind)
        there = [device for device in sd.query_devices() if device["name"] == name and device[f"max_{kind}_channels"]]
        if not there:
            raise DeviceError("the sound device is not there", where=name, mend=f"{_CHECK}; or {WITHOUT}")
        chosen: dict[str, Any] = next((device for device in there if device["index"] == wanted), there[0])
        return chosen


class _Block(NamedTuple):
    """Mono sound at a device's own rate, when it was handed over, and for how long its first sample is on its way."""

    came_s: float
    away_s: float
    samples: Samples


def _told(away_s: float, stream: Any) -> float:
    """How long sound is on its way as the device tells now; what it told when it was opened if that cannot be."""
    return away_s if 0 < away_s < _LONGEST_WAY_S else float(stream.latency)


class OpenHeadset:
    """A running headset: frames of float32[320] at 16 kHz in and out, as :class:`voicesim.ports.Duplex` says.

    One thread reads and writes; any thread may close it.
    """

    def __init__(self, sd: Any, microphone: dict[str, Any], ears: dict[str, Any]) -> None:
        """Open and start both streams on two device descriptions of sounddevice. Raises DeviceError."""
        self._blocks: queue.SimpleQueue[_Block | None] = queue.SimpleQueue()
        self._taken: deque[_Block] = deque()
        self._received = self._delivered = self._written = self._overflows = 0
        self._first_at_s = self._last_at_s = 0.0
        self._opened_at_s = time.perf_counter()
        self._taken_at_s: float | None = None
        self._owed = Shortfall()
        self._broken = False
        self._pending = np.zeros(0, dtype=np.float32)
        self._closing: threading.Thread | None = None
        self._lock = threading.Lock()
        self._output: Any = None
        self._input_name, self._output_name = microphone["name"], ears["name"]
        self._input = opened(sd, sd.InputStream, microphone, latency=_INPUT_LATENCY, callback=self._take_in)
        try:
            self._output = opened(sd, sd.OutputStream, ears, latency=_OUTPUT_LATENCY_S, callback=self._give_out)
            self._playout = Playout(round(self._output.samplerate))
            self._from_microphone = Converter(round(self._input.samplerate), RATE_HZ)
            self._to_ears = Converter(RATE_HZ, round(self._output.samplerate))
            self._from_ears = Converter(round(self._output.samplerate), RATE_HZ)
            self._alignment = Alignment()
            started(sd, self._output, self._output_name)
            started(sd, self._input, self._input_name)
        except BaseException:
            self._shut()
            raise
        open_headsets.add(id(self))

    @property
    def latency_s(self) -> float:
        """From writing a frame to hearing it, plus from a sound to reading it, in seconds."""
        return float(self._input.latency + self._output.latency) + STORE_S

    @property
    def counts(self) -> HeadsetCounts:
        """What went through so far."""
        clock_s = self._last_at_s - self._first_at_s
        rate_hz, play_rate_hz = self._from_microphone.from_hz, self._to_ears.to_hz
        owed = clock_s * rate_hz - (self._received - rate_hz * BLOCK_S)
        return HeadsetCounts(
            received=self._delivered,
            written=self._written,
            dropped=round(self._playout.dropped * RATE_HZ / play_rate_hz),
            starved=round(self._playout.starved * RATE_HZ / play_rate_hz),
            late=max(0, round((self._playout.longest / play_rate_hz - STORE_LIMIT_S) * RATE_HZ)),
            missing=max(0, round(owed * RATE_HZ / rate_hz)),
            overflows=self._overflows,
            corrected=self._alignment.corrected,
        )

    def read(self) -> Frames | None:
        """The next frames, waiting for them; None once it has been closed.

        The ears' part needs no waiting: what is heard now was taken by the sound card a latency ago. Raises DeviceError
        when a device stopped, gave or took nothing for 2 s (5 s before its first sound), or when the microphone owes
        more than 0.5 s of the last 10 s.
        """
        if self._blocks.empty():
            self._watch_ears()
        while len(self._pending) < FRAME:
            block = self._next_block()
            if block is None:
                return None
            self._align(block)
        frame, self._pending = self._pending[:FRAME], self._pending[FRAME:]
        self._delivered += FRAME
        return Frames(frame, self._alignment.ears(FRAME))

    def _align(self, block: "_Block") -> None:
        """Put a block of the microphone, and what the ears' card took before it came, on one sample clock."""
        while self._taken and self._taken[0].came_s <= block.came_s:
            taken = self._taken.popleft()
            self._alignment.took(self._from_ears(taken.samples), taken.came_s + taken.away_s)
        heard = self._from_microphone(block.samples)
        self._alignment.received(len(heard), block.came_s - block.away_s)
        self._pending = np.concatenate((self._pending, heard))
        self._owed.add(len(block.samples) / self._from_microphone.from_hz, block.came_s)
        if self._owed.owed_s > _MOST_OWED_S:
            what = f"gave {self._owed.owed_s:.1f} s too little in the last {WINDOW_S} s"
            raise self._gone(self._input_name, what, _TOO_LITTLE)

    def write(self, frame: Samples, gain: float = 1.0) -> None:
        """Queue a frame for the ears, without waiting; dropped once it has been closed.

        ``gain`` (0..1) holds at once, for what was written before and is still queued as well: it fades within 0.02 s;
        what is queued at gain 0 is given up. Silence waits at most 0.14 s in the queue, so that what is heard stays in
        step with the microphone; sound that was written late is heard late, and of more than 1 s the oldest is given
        up. Raises DeviceError when the headphones stopped.
        """
        if self._closing is not None:
            return
        if not self._output.active:
            raise self._gone(self._output_name, "stopped playing")
        self._written += len(frame)
        self._playout.put(self._to_ears(frame), gain)

    def close(self) -> None:
        """Play what is queued (at most 1.2 s) and stop both directions; may be called twice and by any thread."""
        with self._lock:
            if self._closing is None:
                # A sound server that hangs would hold up whoever stops a stream, for 30 s and more.
                self._closing = threading.Thread(target=self._finish, name="headset-close", daemon=True)
                self._closing.start()
                self._blocks.put(None)
                self._closing.join(_CLOSE_PATIENCE_S)
                if self._closing.is_alive():
                    leave(self._closing)

    def _finish(self) -> None:
        # What the sound card took last is heard a latency later; PortAudio's own stop does not wait for that.
        latency_s = float(self._output.latency) + _BEHIND_S
        if not self._broken:
            self._playout.finish(round(latency_s * self._output.samplerate), LATEST_S + latency_s + BLOCK_S)
        self._shut()
        open_headsets.discard(id(self))

    def _shut(self) -> None:
        for stream in (self._input, self._output):
            if stream is not None:
                stream.abort(ignore_errors=True)
                stream.close(ignore_errors=True)

    def _take_in(self, block: Samples, count: int, when: Any, status: Any) -> None:
        """Called by PortAudio with what the microphone heard."""
        self._last_at_s = time.perf_counter()
        self._first_at_s = self._first_at_s or self._last_at_s
        self._received += count
        self._overflows += bool(status)
        away_s = _told(when.currentTime - when.inputBufferAdcTime, self._input)
        self._blocks.put(_Block(self._last_at_s, away_s, block.mean(axis=1)))

    def _give_out(self, block: Samples, count: int, when: Any, _status: Any) -> None:
        """Called by PortAudio for what the ears shall hear."""
        taken = self._playout.take(count)
        block[:] = taken[:, np.newaxis]
        self._taken_at_s = time.perf_counter()
        away_s = _told(when.outputBufferDacTime - when.currentTime, self._output)
        self._taken.append(_Block(self._taken_at_s, away_s, taken))

    def _next_block(self) -> "_Block | None":
        """The next block of the microphone; None after a close."""
        patience_s = _PATIENCE_S if self._received else _FIRST_PATIENCE_S
        for _ in range(round(patience_s / _LOOK_S)):
            if self._closing is not None:
                return None
            with contextlib.suppress(queue.Empty):
                return self._blocks.get(timeout=_LOOK_S)
            if not self._input.active:
                raise self._gone(self._input_name, "stopped")
        raise self._gone(self._input_name, f"gave no sound for {patience_s:.0f} s")

    def _watch_ears(self) -> None:
        """Raise DeviceError when the headphones take nothing any more."""
        if self._closing is not None:
            return
        if not self._output.active:
            raise self._gone(self._output_name, "stopped playing")
        last_s, patience_s = self._taken_at_s, _PATIENCE_S
        if last_s is None:
            last_s, patience_s = self._opened_at_s, _FIRST_PATIENCE_S
        if time.perf_counter() - last_s > patience_s:
            raise self._gone(self._output_name, f"played nothing for {patience_s:.0f} s")

    def _gone(self, name: str, what: str, check: str = _CHECK) -> DeviceError:
        self._broken = True
        mend = f"{check}, then run voicesim doctor; or {WITHOUT}"
        return DeviceError(f"the sound device {what}", where=name, mend=mend)
