"""What lies between a headset's frames and the sound card: a short queue, and another rate where the card wants one."""

import math
import threading

import numpy as np

from voicesim.model import Samples

# A sound card takes two frames at once; four in store bridge that and a reader that is a frame or two late.
STORE_S = 0.08
STORE_LIMIT_S = 0.14
# A change of gain is heard as soon as this, and without a click.
FADE_S = 0.02
# A caller whose answer took long to find is heard late rather than without her first words.
LATEST_S = 1.0

# The low-pass reaches 24 samples of the slower rate to either side: -6 dB at 0.9 of half that rate, 80 dB down above.
_REACH = 24
_EDGE = 0.9
_BETA = 7.86


class Playout:
    """Samples on their way to the ears: a short queue between a writer and the sound card, which never waits.

    Silence until ``STORE_S`` is in store, so that the first sound has no holes. A queue that runs empty is filled up
    with silence; in one longer than ``STORE_LIMIT_S`` silence at the front is given up, so that it is short again
    after each line; beyond ``LATEST_S`` the oldest sound is given up too.

    Each sound has a gain. A new one holds for all that is in the queue too, faded over ``FADE_S``: what was put at full
    level is not heard at full level any more. After 0 the queue is silent for good and the next sound is heard whole.

    Counted in samples: ``starved``, silence put in after a sample that was none; ``dropped``, sound given up;
    ``longest``, how long the queue was at most.
    """

    def __init__(self, rate_hz: int) -> None:
        self.starved = 0
        self.dropped = 0
        self.longest = 0
        self._start = round(STORE_S * rate_hz)
        self._limit = round(STORE_LIMIT_S * rate_hz)
        self._latest = round(LATEST_S * rate_hz)
        self._fade = round(FADE_S * rate_hz)
        self._gain = 1.0
        self._running = False
        self._ending = False
        self._sounding = False
        self._held = np.zeros(0, dtype=np.float32)
        self._lock = threading.Lock()
        self._empty = threading.Event()

    def put(self, samples: Samples, gain: float = 1.0) -> None:
        """Queue samples behind the others, all of them at this gain (0..1) from now on."""
        with self._lock:
            held = self._at_gain(samples, gain)
            held = held[min(_silent(held), max(0, len(held) - self._limit)) :]
            over = max(0, len(held) - self._latest)
            self.dropped += over
            self._held = held[over:]
            self.longest = max(self.longest, len(self._held))
            self._running = self._running or len(self._held) >= self._start

    def _at_gain(self, samples: Samples, gain: float) -> Samples:
        """What is held and then ``samples``, all at a new gain."""
        before, self._gain = self._gain, gain
        if before in (gain, 0.0):
            return np.concatenate((self._held, samples * np.float32(gain)))
        held = np.concatenate((self._held, samples * np.float32(before)))
        change = np.full(len(held), gain / before, dtype=np.float32)
        fading = min(self._fade, len(held))
        change[:fading] = np.linspace(1.0, gain / before, fading, dtype=np.float32)
        return np.asarray(held * change, dtype=np.float32)

    def take(self, count: int) -> Samples:
        """The next ``count`` samples: float32[count], filled up with silence."""
        taken = np.zeros(count, dtype=np.float32)
        with self._lock:
            if self._running:
                ready = self._held[:count]
                taken[: len(ready)] = ready
                self._held = self._held[len(ready) :]
                if len(ready):
                    self._sounding = bool(ready[-1])
                if self._sounding and not self._ending:
                    self.starved += count - len(ready)
            if self._ending and not len(self._held):
                self._empty.set()
        return taken

    def finish(self, tail: int, wait_s: float) -> None:
        """Return when everything put, and ``tail`` samples of silence after it, is taken; after ``wait_s`` anyway."""
        with self._lock:
            self._held = np.concatenate((self._held, np.zeros(tail, dtype=np.float32)))
            self._running = self._ending = True
        self._empty.wait(wait_s)


def _silent(samples: Samples) -> int:
    """How many samples at the front are zero."""
    sounding = np.flatnonzero(samples)
    return int(sounding[0]) if len(sounding) else len(samples)


class Converter:
    """A stream of samples at one rate, made into one at another: flat to 6 kHz, 24 samples late.

    Each frame gives a frame's worth at once; soxr's stream gathers up to 60 ms before it gives anything, which starves
    a sound card.
    """

    def __init__(self, from_hz: int, to_hz: int) -> None:
        self.from_hz, self.to_hz = from_hz, to_hz
        common = math.gcd(from_hz, to_hz)
        self._up, self._down = to_hz // common, from_hz // common
        # For each place between two samples the taps of a low-pass (windowed sinc) around it.
        slower = min(1.0, to_hz / from_hz)
        reach = math.ceil(_REACH / slower)
        away = np.arange(self._up)[:, np.newaxis] / self._up - np.arange(1 - reach, reach + 1)
        window = np.i0(_BETA * np.sqrt(np.clip(1.0 - (away / reach) ** 2, 0.0, None)))
        taps = window * np.sinc(_EDGE * slower * away)
        self._taps = (taps / taps.sum(axis=1, keepdims=True)).astype(np.float32)
        self._held = np.zeros(2 * reach - 1, dtype=np.float32)
        self._at = 0

    def __call__(self, samples: Samples) -> Samples:
        """What the next ``samples`` give."""
        if self._up == self._down:
            return samples
        held, width = np.concatenate((self._held, samples)), self._taps.shape[1]
        # _at counts in 1/up of a sample from the start of what is held.
        count = max(0, -((self._at - (len(held) - width + 1) * self._up) // self._down))
        whole, between = np.divmod(self._at + self._down * np.arange(count), self._up)
        windows = np.lib.stride_tricks.sliding_window_view(held, width)[whole]
        done, self._at = divmod(self._at + self._down * count, self._up)
        self._held = held[done:]
        made: Samples = np.einsum("ij,ij->i", windows, self._taps[between])
        return made
