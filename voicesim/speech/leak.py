"""Whether the microphone heard the caller too: the reply beside what sounded in the ears at the same time.

A voice that leaks from the ears into the microphone rises and falls with the ears in every band, a little later. Two
people who talk at the same time rise and fall on their own. So the courses of loudness of both are correlated, band by
band, over the delays that a headset and a room can have.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voicesim.model import RATE_HZ, Samples, Span
from voicesim.speech.level import within
from voicesim.speech.pitch import HOP, frames_in
from voicesim.speech.spectrum import band_powers

#: Edges in Hz of the twelve bands that are compared, equal in octaves: of a telephone line, where every headset has
#: something.
EDGES_HZ = tuple(300.0 * (3400.0 / 300.0) ** (number / 12) for number in range(13))
#: A leak is looked for from this much before to this much after it sounded in the ears, in seconds: both channels lie
#: on one clock, save for sound in the air and what a device does not say of its delay.
EARLIEST_S, LATEST_S = -0.1, 0.3
#: From this correlation on the caller is in the microphone (tests/benchmarks/leak.py).
LEAK_FROM = 0.4
#: The ears sound from this level on, in dB below full scale, and must do so for this long within the reply's speech, in
#: seconds and as a share of it: a shorter leak changes no measure.
SOUNDING_DBFS = -60.0
LEAST_TOGETHER_S = 0.5
LEAST_SHARE = 0.1
# Power to this: by its root a reply drowns the leak, by its logarithm silence counts too much.
_LOUDNESS = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """How the reply follows the ears: ``correlation`` -1..1 at the delay ``lag_s`` where it is highest.

    ``together_s`` seconds of the reply's speech with sound in the ears, ``share`` of the speech 0..1.
    """

    correlation: float
    lag_s: float
    together_s: float
    share: float

    @property
    def found(self) -> bool:
        """Whether the caller's voice is in the microphone for long enough to matter."""
        return self.correlation >= LEAK_FROM and self.together_s >= LEAST_TOGETHER_S and self.share >= LEAST_SHARE


def find_leak(samples: Samples, speech: Sequence[Span], ears: Samples) -> Leak | None:
    """How far the speech of a reply follows what sounded in the ears; None if the ears were silent during it.

    ``samples`` are float32 at 16 kHz with their ``speech``; ``ears`` the caller's channel of the same time on the same
    clock: ``ears[i]`` sounded with ``samples[i]`` (silence stands for what is missing at its end). Gain of neither
    matters. Courses of loudness (power to the 0.15, every 10 ms) of twelve bands are correlated over those frames of
    speech in which, up to 0.3 s before, the ears sounded; the mean over the bands is taken at its best delay.
    """
    speech = within(speech, len(samples))
    ears = np.pad(ears[: len(samples)], (0, max(0, len(samples) - len(ears))))
    heard, played = (band_powers(sound, EDGES_HZ) for sound in (samples, ears))
    inside = frames_in(speech, len(heard), len(samples))
    compared = inside & _lately(played.sum(axis=1) > _sounding_power())
    together = int(compared.sum())
    if not together or not inside.any():
        return None
    correlations = _correlations(heard**_LOUDNESS, played**_LOUDNESS, np.flatnonzero(compared))
    best = int(np.argmax(correlations))
    return Leak(
        correlation=float(correlations[best]),
        lag_s=(_lags()[best] * HOP) / RATE_HZ,
        together_s=together * HOP / RATE_HZ,
        share=together / int(inside.sum()),
    )


def refusal(leak: Leak | None) -> str | None:
    """Why nothing is told of the voice, in words, or None if no other voice leaks in."""
    return "the caller's voice leaks into the microphone" if leak is not None and leak.found else None


def _lags() -> range:
    """The delays that are tried, in frames of 10 ms."""
    return range(round(EARLIEST_S * RATE_HZ / HOP), round(LATEST_S * RATE_HZ / HOP) + 1)


def _lately(sounding: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Frames at which, or up to the longest delay before which, something sounded."""
    reach = max(_lags())
    counted = np.cumsum(np.concatenate([np.zeros(reach + 1, dtype=np.intp), sounding.astype(np.intp)]))
    return np.asarray(counted[reach + 1 :] > counted[: -reach - 1])


def _correlations(
    heard: NDArray[np.float64], played: NDArray[np.float64], frames: NDArray[np.intp]
) -> NDArray[np.float64]:
    """For each delay the mean over the bands of the correlation of ``heard[frames]`` with ``played`` so much before."""
    own = _standard(heard[frames])
    places = (np.clip(frames - lag, 0, len(played) - 1) for lag in _lags())
    return np.array([float(np.mean(own * _standard(played[place]))) for place in places])


def _standard(course: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each column with the mean 0 and the spread 1; a column without any change stays 0."""
    course = course - course.mean(axis=0)
    spread = course.std(axis=0)
    return np.asarray(course / np.where(spread > 0, spread, 1.0))


def _sounding_power() -> float:
    """Band power of a frame at the level from which on the ears sound."""
    return float(10 ** (SOUNDING_DBFS / 10))
