"""Pure functions over sound: level, rate, fades, the telephone line and loudness.

Every function takes mono samples (float32[n], nominally within -1..1), leaves them as they are and gives new ones.
Levels are relative to full scale: a square wave between -1 and 1 has 0 dBFS, a sine of amplitude 1 has -3.01 dBFS.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from voicesim.errors import InputError, MissingPart
from voicesim.model import Samples

#: The sample rates that sound may have, in Hz.
LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 8_000, 192_000
#: From here on a sample counts as clipped: the last 16-bit step below full scale.
CLIPPED_FROM = 32_766 / 32_768
#: No sample of a loudness-matched sound goes beyond this peak.
PEAK_DBFS = -1.0

# The telephone band is flat (0.1 dB) between these two and 50 dB down 150 Hz outside them.
_BAND_HZ = (300.0, 3_400.0)
_SLOPE_HZ = 150.0
# Below this a voice has its melody and no words.
_WORDLESS_HZ = 400.0
_STOP_DB = 50.0
# BS.1770 measures blocks of this length; anything shorter has no loudness of its own.
_LOUDNESS_BLOCK_S = 0.4
_LIMITER_REACH_S = 0.005


def checked(samples: ArrayLike, rate_hz: float) -> Samples:
    """The same sound as float32[n], after making sure that it is mono, finite and of a usable rate.

    Called once where sound enters. ``samples`` may be any one-dimensional floating-point array; integers are refused,
    because their full scale is not known. Raises InputError, with the bad value, for another shape or type, for NaN
    and infinity, and for a ``rate_hz`` that is no whole number of 8 000..192 000 Hz.
    """
    _check_rate(rate_hz)
    given = np.asarray(samples)
    if given.ndim != 1:
        raise InputError(f"sound must be mono, one value a sample; this has the shape {given.shape}")
    if given.dtype.kind != "f" and given.size:
        raise InputError(f"sound must be floating point within -1..1; this is {given.dtype}")
    with np.errstate(over="ignore"):
        mono = given.astype(np.float32, copy=False)
    finite = np.isfinite(mono)
    if not finite.all():
        at = int(np.argmin(finite))
        raise InputError(f"sound must be finite; sample {at} of {mono.size} is {given[at]}")
    return mono


def level_dbfs(samples: Samples) -> float:
    """The level (RMS) in dB relative to full scale; ``-inf`` for silence and for no samples at all."""
    if not samples.size:
        return -math.inf
    power = float(np.mean(np.square(samples, dtype=np.float64)))
    return 10.0 * math.log10(power) if power else -math.inf


def clipped_share(samples: Samples) -> float:
    """The share (0..1) of samples at or beyond full scale; 0 for no samples at all."""
    return float(np.mean(np.abs(samples) >= CLIPPED_FROM)) if samples.size else 0.0


def resample(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    """The same sound at another rate: float32[round(n x to_hz / from_hz)], by soxr in high quality, without delay.

    Rates are in Hz, 8 000..192 000 (InputError outside). Raises MissingPart if soxr is not installed.
    """
    _check_rate(from_hz)
    _check_rate(to_hz)
    if from_hz == to_hz or not samples.size:
        return samples
    try:
        import soxr
    except ImportError as error:
        raise MissingPart("the resampler is not installed", mend="Run: pip install soxr") from error
    length = round(len(samples) * to_hz / from_hz)
    made = np.asarray(soxr.resample(samples, from_hz, to_hz, quality="HQ"), dtype=np.float32)
    return np.pad(made, (0, max(0, length - len(made))))[:length]


def fade(samples: Samples, rate_hz: int, fade_s: float = 0.01) -> Samples:
    """The same sound with a raised-cosine start and end of ``fade_s`` seconds each, so that neither clicks.

    A sound shorter than two fades gets fades of half its length.
    """
    length = min(round(fade_s * rate_hz), len(samples) // 2)
    faded = samples.copy()
    if length > 0:
        ramp = (0.5 - 0.5 * np.cos(np.pi * np.arange(length) / length)).astype(np.float32)
        faded[:length] *= ramp
        faded[-length:] *= ramp[::-1]
    return faded


def ramped(frame: Samples, before: float, after: float) -> Samples:
    """float32[n]: the samples with a gain that goes evenly from ``before`` to ``after``, without a click."""
    return np.asarray(frame * np.linspace(before, after, len(frame), dtype=np.float32), dtype=np.float32)


def mix(base: Samples, other: Samples, at: int) -> Samples:
    """Both sounds together, ``other`` beginning at sample ``at`` of ``base``; as long as the two reach.

    Sums may go beyond full scale. Raises InputError for a negative ``at``.
    """
    if at < 0:
        raise InputError(f"a sound cannot be mixed in at sample {at}")
    mixed = np.zeros(max(len(base), at + len(other)), dtype=np.float32)
    mixed[: len(base)] = base
    mixed[at : at + len(other)] += other
    return mixed


def ring(rate_hz: int, times: int = 1) -> Samples:
    """A phone's ring at -26 dBFS: two bursts of 0.4 s and a pause of 2 s, ``times`` over; float32[n] of 3 s each."""
    _check_rate(rate_hz)
    at_s = np.arange(round(0.4 * rate_hz)) / rate_hz
    tones = np.sin(2 * np.pi * 400 * at_s) + np.sin(2 * np.pi * 450 * at_s)
    burst = fade((tones * 10 ** (-26 / 20)).astype(np.float32), rate_hz)
    once = np.zeros(3 * rate_hz, np.float32)
    for start_s in (0.0, 0.6):
        once[round(start_s * rate_hz) :][: len(burst)] = burst
    return np.tile(once, times)


def telephone(samples: Samples, rate_hz: int, noise_dbfs: float = -55.0, seed: int = 0) -> Samples:
    """The sound as it comes over a telephone line: 300-3400 Hz only, with steady line noise underneath.

    The band-pass has linear phase and no delay, so spans stay where they are. The noise lies in the same band, has
    exactly ``noise_dbfs`` (``-inf``: none) and depends on ``seed`` and length alone; silence in gives the bare line.
    Band: ITU-T G.712 voice band. Raises InputError for a rate outside 8 000..192 000 Hz.
    """
    _check_rate(rate_hz)
    if not samples.size:
        return samples
    kernel = _band_pass(rate_hz)
    line = _convolved(samples, kernel)
    if noise_dbfs > -math.inf:
        noise = _convolved(np.random.default_rng(seed).standard_normal(len(samples)), kernel)
        level = float(np.sqrt(np.mean(np.square(noise)))) or 1.0
        line += noise * (10.0 ** (noise_dbfs / 20.0) / level)
    return line.astype(np.float32)


def without_words(samples: Samples, rate_hz: int) -> Samples:
    """The sound of a voice without its words: only what lies below 400 Hz, at the level that it had before.

    What stays is melody, loudness, pace and pauses; what tells one word from another lies above. The filter has linear
    phase and no delay. Raises InputError for a rate outside 8 000..192 000 Hz.
    """
    _check_rate(rate_hz)
    before = level_dbfs(samples)
    if not math.isfinite(before):
        return samples
    low = _convolved(samples, _low_pass(rate_hz)).astype(np.float32)
    after = level_dbfs(low)
    if not math.isfinite(after):
        return low
    return _limited(low * np.float32(10.0 ** ((before - after) / 20.0)), rate_hz)


def match_loudness(samples: Samples, rate_hz: int, target_lufs: float = -23.0) -> Samples:
    """The same sound at ``target_lufs`` (ITU-R BS.1770-4 integrated loudness), no sample beyond -1 dBFS.

    Sound shorter than 0.4 s is measured as if it were repeated. Sound under the standard's gate of -70 LUFS, silence
    above all, has no loudness and comes back unchanged. Peaks that would go beyond -1 dBFS are turned down over 5 ms
    on either side, which costs such a sound part of the target. Raises MissingPart if pyloudnorm is not installed.
    """
    loudness = loudness_lufs(samples, rate_hz)
    if not math.isfinite(loudness):
        return samples
    return _limited(samples * np.float32(10.0 ** ((target_lufs - loudness) / 20.0)), rate_hz)


def loudness_lufs(samples: Samples, rate_hz: int) -> float:
    """The integrated loudness by ITU-R BS.1770-4 in LUFS; ``-inf`` where nothing passes the gate of -70 LUFS.

    Sound shorter than 0.4 s is measured as if it were repeated. Raises MissingPart if pyloudnorm is not installed.
    """
    _check_rate(rate_hz)
    if not np.any(samples):
        return -math.inf
    try:
        import pyloudnorm
    except ImportError as error:
        raise MissingPart("the loudness meter is not installed", mend="Run: pip install pyloudnorm") from error
    needed = math.ceil(_LOUDNESS_BLOCK_S * rate_hz) + 1
    whole = np.tile(samples, math.ceil(needed / len(samples))) if len(samples) < needed else samples
    meter: Any = pyloudnorm.Meter(rate_hz)
    return float(meter.integrated_loudness(whole.astype(np.float64)))


def _check_rate(rate_hz: float) -> None:
    if not LOWEST_RATE_HZ <= rate_hz <= HIGHEST_RATE_HZ or rate_hz % 1:
        raise InputError(
            f"a sample rate must be a whole number of {LOWEST_RATE_HZ}..{HIGHEST_RATE_HZ} Hz, not {rate_hz}"
        )


def _band_pass(rate_hz: int) -> NDArray[np.float64]:
    """The telephone band as a symmetric impulse response."""
    low, high = _BAND_HZ[0] - _SLOPE_HZ / 2.0, _BAND_HZ[1] + _SLOPE_HZ / 2.0
    return _windowed_sinc(low, high, rate_hz)


def _low_pass(rate_hz: int) -> NDArray[np.float64]:
    """What lies below the frequencies that carry words, as a symmetric impulse response."""
    return _windowed_sinc(0.0, _WORDLESS_HZ + _SLOPE_HZ / 2.0, rate_hz)


def _windowed_sinc(from_hz: float, to_hz: float, rate_hz: int) -> NDArray[np.float64]:
    """A band as a symmetric impulse response (windowed sinc; Kaiser's formulas for length and beta)."""
    length = math.ceil((_STOP_DB - 8.0) / (2.285 * 2.0 * np.pi * _SLOPE_HZ / rate_hz)) | 1
    low, high = from_hz / rate_hz, to_hz / rate_hz
    n = np.arange(length) - length // 2
    sinc = 2.0 * high * np.sinc(2.0 * high * n) - 2.0 * low * np.sinc(2.0 * low * n)
    beta = 0.5842 * (_STOP_DB - 21.0) ** 0.4 + 0.07886 * (_STOP_DB - 21.0)
    return np.asarray(sinc * np.kaiser(length, beta), dtype=np.float64)


def _convolved(samples: NDArray[Any], kernel: NDArray[np.float64]) -> NDArray[np.float64]:
    """``samples`` through a symmetric ``kernel``, as long as before and not delayed."""
    size = 1 << (len(samples) + len(kernel) - 2).bit_length()
    whole = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(kernel, size), size)
    start = len(kernel) // 2
    return np.asarray(whole[start : start + len(samples)], dtype=np.float64)


def _limited(samples: Samples, rate_hz: int) -> Samples:
    """``samples`` with the surroundings of each peak beyond -1 dBFS turned down smoothly, just enough."""
    ceiling = 10.0 ** (PEAK_DBFS / 20.0)
    peaks = np.abs(samples)
    if float(peaks.max()) <= ceiling:
        return samples
    gain = np.minimum(1.0, ceiling / np.maximum(peaks, ceiling))
    reach = max(1, round(_LIMITER_REACH_S * rate_hz))
    lowest = _lowest_nearby(gain, reach)
    # A mean of minima that all cover the sample itself can never be above the gain that the sample needs.
    total = np.cumsum(np.pad(lowest, (reach + 1, reach), mode="edge"), dtype=np.float64)
    smooth = (total[2 * reach + 1 :] - total[: -2 * reach - 1]) / (2 * reach + 1)
    return np.clip(samples * smooth, -ceiling, ceiling).astype(np.float32)


def _lowest_nearby(values: NDArray[Any], reach: int) -> NDArray[Any]:
    """For each value the lowest of those at most ``reach`` places away, found in steps that double."""
    window, width = np.pad(values, reach, constant_values=1.0), 1
    while width < 2 * reach + 1:
        step = min(width, 2 * reach + 1 - width)
        window = np.minimum(window[:-step], window[step:])
        width += step
    return window
