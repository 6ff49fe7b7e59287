"""The power of a sound in its bands, and the balance of a voice between its high and its low part.

A pressed or raised voice has more of the high one.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from voicesim.model import RATE_HZ, Samples
from voicesim.speech.pitch import HOP

#: Samples in one window (32 ms).
WINDOW = 512
#: Edges of the low and of the high part in Hz.
LOW_HZ = (50.0, 1000.0)
HIGH_HZ = (1000.0, 5000.0)
# Windows transformed at once: bounds the memory of a ten-minute reply to a few megabytes.
_BATCH = 1024


def mean_power(samples: Samples, frames: NDArray[np.intp]) -> NDArray[np.float64]:
    """Mean power spectrum, float64[257] over 0..8 kHz, of the windows around the given 10 ms frames.

    ``samples`` are 16 kHz; frame i is centred at sample 160 i, under a Hann window of 32 ms, with zeros beyond the
    ends. ``frames`` is intp[k], k at least 1.
    """
    count = 0
    total = np.zeros(WINDOW // 2 + 1)
    for powers in _spectra(samples, frames):
        total += powers.sum(axis=0)
        count += len(powers)
    return total / max(1, count)


def band_powers(samples: Samples, edges_hz: Sequence[float]) -> NDArray[np.float64]:
    """Power of each 10 ms frame between neighbouring edges: float64[n, k - 1] for k edges in Hz, n = 1 + len // 160.

    ``samples`` are 16 kHz; a band's power is the mean square of what sounds in it, so that all bands of 0..8 kHz
    together have the power of the frame. Windows are those of :func:`mean_power`.
    """
    frequency_hz = np.arange(WINDOW // 2 + 1) * RATE_HZ / WINDOW
    inside = np.array([(frequency_hz >= low) & (frequency_hz < high) for low, high in pairwise(edges_hz)])
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


def alpha_db(samples: Samples, voiced: NDArray[np.bool_]) -> float | None:
    """Alpha ratio in dB: power of 1-5 kHz over power of 50 Hz-1 kHz in the mean spectrum of the voiced frames.

    ``samples`` are 16 kHz, ``voiced[n]`` one value per 10 ms. Free of gain; typically -25 to 0. None if nothing is
    voiced or a part is empty. Source: the alpha ratio of voice research (SPEECH: Delivery).
    """
    frames = np.flatnonzero(voiced)
    if not frames.size:
        return None
    power = mean_power(samples, frames)
    low, high = (_part(power, edges) for edges in (LOW_HZ, HIGH_HZ))
    return float(10.0 * np.log10(high / low)) if low > 0 and high > 0 else None


def _part(power: NDArray[np.float64], edges_hz: tuple[float, float]) -> float:
    frequency_hz = np.arange(len(power)) * RATE_HZ / WINDOW
    return float(power[(frequency_hz >= edges_hz[0]) & (frequency_hz < edges_hz[1])].sum())
