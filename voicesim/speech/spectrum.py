"""The power of a sound in its bands, and how bright a voice is: the balance of its high and low part, its centroid.

A pressed or raised voice is brighter.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from voicesim.model import RATE_HZ, Samples
from voicesim.speech.pitch import HOP

#: Samples in one window (32 ms).
WINDOW = 512
#: Edges of the low and of the high part in Hz: together the band of a telephone, so that neither a line nor what a
#: microphone does to the deep and the highest sounds moves their balance.
LOW_HZ = (300.0, 800.0)
HIGH_HZ = (800.0, 3400.0)
#: The band in Hz whose centroid is told.
CENTROID_HZ = (200.0, 3400.0)
#: The band in Hz whose power a frame is weighed by.
VOICE_HZ = (50.0, 5000.0)
# What is left of a band where the noise is as strong: a part of what was heard, so that the balance stays finite.
_LEFT = 0.05
# Windows transformed at once: bounds the memory of a ten-minute reply to a few megabytes.
_BATCH = 1024


def band_powers(samples: Samples, edges_hz: Sequence[float]) -> NDArray[np.float64]:
    """Power of each 10 ms frame between neighbouring edges: float64[n, k - 1] for k edges in Hz, n = 1 + len // 160.

    ``samples`` are 16 kHz; a band's power is the mean square of what sounds in it, so that all bands of 0..8 kHz
    together have the power of the frame. Frame i is centred at sample 160 i, under a Hann window of 32 ms.
    """
    inside = np.array([_within(edges) for edges in pairwise(edges_hz)])
    frames = np.arange(1 + len(samples) // HOP)
    parts = [powers @ inside.T for powers in _spectra(samples, frames)]
    # Both halves of the spectrum, over the length and the power of the window.
    return np.concatenate(parts) * (2.0 / (WINDOW * float(np.sum(_window() ** 2))))


def _spectra(samples: Samples, frames: NDArray[np.intp]) -> Iterator[NDArray[np.float64]]:
    """Power spectra of the windows around the frames, float64[some, 257], as many at once as memory allows."""
    padded = np.pad(samples, (WINDOW // 2, WINDOW // 2 + HOP))
    windows = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    frames = frames[frames < len(windows)]
    for start in range(0, len(frames), _BATCH):
        spectra = np.fft.rfft(windows[frames[start : start + _BATCH]] * _window(), axis=1)
        yield spectra.real**2 + spectra.imag**2


def _window() -> NDArray[np.float32]:
    return np.hanning(WINDOW + 1)[:WINDOW].astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brightness:
    """How bright a voice is, each of its voiced frames weighing the same; free of gain.

    ``alpha_db`` is the alpha ratio in dB: power of 800-3400 Hz over power of 300-800 Hz; typically -15 to 5, None if a
    part is empty. Source: the alpha ratio of voice research (SPEECH: Delivery), within the band of a telephone; band
    and weighing were chosen on EmoDB.

    ``centroid_st`` is the centroid of the power of 200-3400 Hz in semitones above 1 Hz (1 kHz is 119.6): the mean of
    the frequency, each weighing by its power, told as 12 log2 of Hz, so a difference is a ratio, and a line that tilts
    the spectrum moves a dark and a bright voice more alike than in Hz. Typically 103 to 127, None if the band is empty.
    """

    alpha_db: float | None
    centroid_st: float | None


def brightness(samples: Samples, voiced: NDArray[np.bool_], noise: Samples | None = None) -> Brightness:
    """How bright the voice in 16 kHz ``samples`` is; ``voiced[n]`` is one value per 10 ms.

    ``noise`` is the sound before speech, whose power is taken off. Both measures are None if nothing is voiced.
    """
    inside = _within(CENTROID_HZ)
    lines = (_within(LOW_HZ), _within(HIGH_HZ), inside, inside * _frequency_hz())
    low, high, power, moment = _weighed(samples, voiced, noise, np.array(lines))
    return Brightness(
        alpha_db=10.0 * math.log10(high / low) if low > 0 and high > 0 else None,
        centroid_st=12.0 * math.log2(moment / power) if power > 0 and moment > 0 else None,
    )


def _weighed(
    samples: Samples, voiced: NDArray[np.bool_], noise: Samples | None, weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Sums over the lines of the spectra of voiced frames, by ``weights`` float64[k, 257], without the noise.

    float64[k]; each frame weighs the same, whatever its power.
    """
    columns = np.vstack([weights, _within(VOICE_HZ)]).T
    noise_powers = _noise_powers(noise, columns)
    sums = np.zeros(len(weights))
    for spectra in _spectra(samples, np.flatnonzero(voiced)):
        heard = spectra @ columns
        powers = np.maximum(heard - noise_powers, _LEFT * heard)
        whole = np.where(powers[:, -1] > 0, powers[:, -1], np.inf)
        sums += (powers[:, :-1] / whole[:, np.newaxis]).sum(axis=0)
    return sums


def _noise_powers(noise: Samples | None, bands: NDArray[np.float64]) -> NDArray[np.float64]:
    """Power of steady noise in each of k bands, float64[k]; zeros if it was not heard for two windows.

    The median over time: what sounds for a moment is no noise.
    """
    if noise is None or len(noise) < 2 * WINDOW:
        return np.zeros(bands.shape[1])
    inner = np.arange(WINDOW // 2 // HOP + 1, (len(noise) - WINDOW // 2) // HOP + 1)
    return np.asarray(np.median(np.concatenate([spectra @ bands for spectra in _spectra(noise, inner)]), axis=0))


def _within(edges_hz: tuple[float, float]) -> NDArray[np.float64]:
    """1 for the lines of a power spectrum from the lower edge to below the upper one, else 0; float64[257]."""
    frequency_hz = _frequency_hz()
    return ((frequency_hz >= edges_hz[0]) & (frequency_hz < edges_hz[1])).astype(np.float64)


def _frequency_hz() -> NDArray[np.float64]:
    """The frequencies of the lines of a power spectrum; float64[257]."""
    return np.arange(WINDOW // 2 + 1, dtype=np.float64) * (RATE_HZ / WINDOW)
