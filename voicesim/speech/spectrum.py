"""The balance of a voice between its high and its low part: a pressed or raised voice has more of the high one."""

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
    window = np.hanning(WINDOW + 1)[:WINDOW].astype(np.float32)
    padded = np.pad(samples, (WINDOW // 2, WINDOW // 2 + HOP))
    windows = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    frames = frames[frames < len(windows)]
    total = np.zeros(WINDOW // 2 + 1)
    for start in range(0, len(frames), _BATCH):
        spectra = np.fft.rfft(windows[frames[start : start + _BATCH]] * window, axis=1)
        total += (spectra.real**2 + spectra.imag**2).sum(axis=0)
    return total / max(1, len(frames))


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
