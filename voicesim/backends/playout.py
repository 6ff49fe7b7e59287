"""What lies between a headset's frames and the sound card: a short queue, and another rate where the card wants one."""

import threading
from typing import Any

import numpy as np

from voicesim.errors import MissingPart
from voicesim.model import Samples

# A sound card takes 40 ms at once; 60 ms in store bridge that, and up to 100 ms absorb an uneven writer.
STORE_S = 0.06
STORE_LIMIT_S = 0.1


class Playout:
    """Samples on their way to the ears: a short queue between a writer and the sound card, which never waits.

    Silence until ``STORE_S`` is in store, so that the first sound has no holes. A queue that runs empty is filled up
    with silence, counted in ``starved``; of what goes beyond ``STORE_LIMIT_S`` the oldest is given up, counted in
    ``dropped``.
    """

    def __init__(self, rate_hz: int) -> None:
        self.starved = 0
        self.dropped = 0
        self._start = round(STORE_S * rate_hz)
        self._limit = round(STORE_LIMIT_S * rate_hz)
        self._running = False
        self._ending = False
        self._held = np.zeros(0, dtype=np.float32)
        self._lock = threading.Lock()
        self._empty = threading.Event()

    def put(self, samples: Samples) -> None:
        """Queue samples behind the others."""
        with self._lock:
            held = np.concatenate((self._held, samples))
            over = max(0, len(held) - self._limit)
            self.dropped += over
            self._held = held[over:]
            self._running = self._running or len(self._held) >= self._start

    def take(self, count: int) -> Samples:
        """The next ``count`` samples: float32[count], filled up with silence."""
        taken = np.zeros(count, dtype=np.float32)
        with self._lock:
            if self._running:
                ready = self._held[:count]
                taken[: len(ready)] = ready
                self._held = self._held[len(ready) :]
                if not self._ending:
                    self.starved += count - len(ready)
            if self._ending and not len(self._held):
                self._empty.set()
        return taken

    def finish(self, tail: int, wait_s: float) -> None:
        """Return when all that was put and ``tail`` samples of silence have been taken, at the latest after ``wait_s``."""
        with self._lock:
            self._held = np.concatenate((self._held, np.zeros(tail, dtype=np.float32)))
            self._running = self._ending = True
        self._empty.wait(wait_s)


class Converter:
    """A stream of samples at one rate, made into one at another."""

    def __init__(self, from_hz: int, to_hz: int) -> None:
        self.from_hz, self.to_hz = from_hz, to_hz
        self._stream: Any = None
        if from_hz != to_hz:
            try:
                import soxr
            except ImportError as error:
                raise MissingPart("the resampler is not installed", mend="Run: pip install soxr") from error
            self._stream = soxr.ResampleStream(from_hz, to_hz, 1, dtype="float32")

    def __call__(self, samples: Samples) -> Samples:
        """What the next ``samples`` give; as much as is ready."""
        return samples if self._stream is None else self._stream.resample_chunk(samples)
