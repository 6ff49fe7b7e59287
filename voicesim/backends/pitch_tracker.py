"""The pitch tracker SwiftF0 (MIT, a 248 KB model in its wheel) behind the port ``PitchTracker``."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voicesim.errors import MissingPart
from voicesim.model import RATE_HZ, Samples

#: A frame is voiced above this confidence of the tracker.
VOICED_ABOVE = 0.5
#: Range of the voices that are looked for, in Hz.
LOWEST_HZ = 60.0
HIGHEST_HZ = 600.0
# The model's own hop, and that of the port, in samples.
_OWN_HOP = 256
_HOP = 160


class SwiftF0:
    """Fundamental frequency by SwiftF0 on one thread; the library is loaded with the first track.

    Raises MissingPart if the package ``swift-f0`` is not installed. Source: swift-f0 0.3, confidence over 0.5.
    """

    def track(self, samples: Samples) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """``f0_hz[n]`` and ``voiced[n]`` of float32 samples at 16 kHz, n = 1 + len // 160 (0 for no samples).

        Frame i is centred at sample 160 i; ``f0_hz`` is 0 where nothing is voiced. The model answers every 16 ms;
        between two voiced answers pitch runs straight in semitones, elsewhere the nearest answer counts.
        """
        if not len(samples):
            return np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.bool_)
        own = self._detector.detect(samples, RATE_HZ, fmin=LOWEST_HZ, fmax=HIGHEST_HZ)
        return every_10_ms(own.pitch_hz, own.confidence > VOICED_ABOVE, 1 + len(samples) // _HOP)

    @cached_property
    def _detector(self) -> Any:
        try:
            import swift_f0
        except ImportError as error:
            raise MissingPart(
                "the pitch tracker SwiftF0 is not installed", where="swift-f0", mend="Run: pip install swift-f0"
            ) from error
        # Without spinning, its thread leaves the core to the recognizer between two calls.
        return swift_f0.SwiftF0(threads=1, spin=False)


def every_10_ms(
    own_hz: NDArray[np.floating], own_voiced: NDArray[np.bool_], frames: int
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """``f0_hz[frames]`` and ``voiced[frames]`` every 10 ms from values every 16 ms (value i centred at 256 i)."""
    place = np.minimum(np.arange(frames) * (_HOP / _OWN_HOP), len(own_hz) - 1)
    before = np.floor(place).astype(np.intp)
    after = np.minimum(before + 1, len(own_hz) - 1)
    nearest = np.rint(place).astype(np.intp)
    log_hz = np.log2(np.maximum(own_hz, 1.0))
    between = log_hz[before] + (place - before) * (log_hz[after] - log_hz[before])
    both = own_voiced[before] & own_voiced[after]
    voiced = own_voiced[nearest]
    f0_hz = np.where(voiced, 2.0 ** np.where(both, between, log_hz[nearest]), 0.0)
    return f0_hz.astype(np.float32), voiced
