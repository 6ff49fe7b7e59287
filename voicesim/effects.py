"""Pure functions that put what gets in the way of a call around a line: a bad line, a baby crying.

Both are made, not recorded: a seed and a length always give the same sound. They are kept low enough for her words to
be understood, by people and by the recognizer (tests/sound, docs/voices.md).
"""

import math
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from voicesim import sound as sounds
from voicesim.model import Samples

#: Counts up whenever an effect sounds otherwise.
RECIPE = 1
#: A bad line: its band, steady noise, and holes of so many seconds, one in every so many seconds.
BAD_BAND_HZ = (450.0, 2_600.0)
BAD_NOISE_DBFS = -42.0
HOLE_S = (0.04, 0.09)
HOLE_EVERY_S = 1.1
#: In a hole this much of the line is left (-30 dB).
_LEFT_IN_HOLE = 10 ** (-30 / 20)
#: A baby cries this much below her voice, from before her first word until after her last.
BABY_BELOW_DB = 11.0
BABY_BEFORE_S, BABY_AFTER_S = 0.5, 0.6

_SLOPE_HZ = 150.0
_RAMP_S = 0.005
#: One cry: how long it lasts, the breath after it, its pitch (newborns cry at 400 to 600 Hz).
_CRY_S, _BREATH_S, _CRY_HZ = (0.55, 1.0), (0.25, 0.4), (400.0, 540.0)
_HIGHEST_HZ = 2_900.0


def bad_line(samples: Samples, rate_hz: int, seed: int = 0) -> Samples:
    """The sound over a bad telephone line: float32[n] in a narrower band, with noise, and with holes after its start.

    Spans stay where they are, and the loudness of what is left is that of ``samples``. Raises InputError for a rate
    outside 8 000..192 000 Hz.
    """
    sounds.checked(samples, rate_hz)
    if not samples.size:
        return samples
    rng = np.random.default_rng(seed)
    narrow = sounds.match_loudness(_banded(samples, rate_hz), rate_hz, sounds.loudness_lufs(samples, rate_hz))
    noise = _banded(rng.standard_normal(len(samples)), rate_hz)
    level = float(np.sqrt(np.mean(np.square(noise)))) or 1.0
    noise *= 10 ** (BAD_NOISE_DBFS / 20) / level
    return (narrow * _holes(len(samples), rate_hz, rng) + noise).astype(np.float32)


def baby_crying(samples: Samples, rate_hz: int, seed: int = 0) -> Samples:
    """The sound with a baby crying behind it: float32[n + 1.1 s], begun 0.5 s before it and ended 0.6 s after it.

    The crying is 11 dB below the level of ``samples``. Raises InputError for a rate outside 8 000..192 000 Hz.
    """
    sounds.checked(samples, rate_hz)
    before, after = round(BABY_BEFORE_S * rate_hz), round(BABY_AFTER_S * rate_hz)
    cry = _crying(before + len(samples) + after, rate_hz, np.random.default_rng(seed))
    wanted_dbfs = sounds.level_dbfs(samples) - BABY_BELOW_DB
    if not math.isfinite(wanted_dbfs):
        return np.pad(samples, (before, after))
    cry *= 10 ** ((wanted_dbfs - sounds.level_dbfs(cry)) / 20)
    ceiling = 10 ** (sounds.PEAK_DBFS / 20)
    return np.clip(sounds.mix(sounds.fade(cry, rate_hz, 0.1), samples, before), -ceiling, ceiling)


#: The effects by their names in a script.
EFFECTS: Mapping[str, Callable[[Samples, int, int], Samples]] = {"bad_line": bad_line, "baby_crying": baby_crying}


def _banded(samples: NDArray[np.floating], rate_hz: int) -> Samples:
    """The samples within the band of a bad line, with linear phase and no delay."""
    size = 1 << (len(samples) + rate_hz // 10).bit_length()
    frequency_hz = np.fft.rfftfreq(size, 1 / rate_hz)
    low, high = BAD_BAND_HZ
    rise = np.clip((frequency_hz - low) / _SLOPE_HZ + 0.5, 0.0, 1.0)
    fall = np.clip((high - frequency_hz) / _SLOPE_HZ + 0.5, 0.0, 1.0)
    gain = np.sin(0.5 * np.pi * rise) * np.sin(0.5 * np.pi * fall)
    return np.fft.irfft(np.fft.rfft(samples, size) * gain, size)[: len(samples)].astype(np.float32)


def _holes(length: int, rate_hz: int, rng: np.random.Generator) -> NDArray[np.floating]:
    """A gain that is 1 but for holes, none of them in the first half second: there she has to be noticed."""
    gain = np.ones(length)
    at_s = 0.5 + HOLE_EVERY_S * rng.uniform(0.2, 0.8)
    while (start := round(at_s * rate_hz)) < length:
        gain[start : start + round(rng.uniform(*HOLE_S) * rate_hz)] = _LEFT_IN_HOLE
        at_s += HOLE_EVERY_S * rng.uniform(0.7, 1.3)
    width = max(1, round(_RAMP_S * rate_hz))
    smooth = np.convolve(np.pad(gain, width, mode="edge"), np.ones(width) / width, mode="same")
    return np.asarray(smooth[width : width + length])


def _crying(length: int, rate_hz: int, rng: np.random.Generator) -> Samples:
    """Cries with breaths between them: a tone that rises, stands and falls, with overtones and a rough edge."""
    cries = np.zeros(length, np.float32)
    at = 0
    while at < length:
        cry_s = rng.uniform(*_CRY_S)
        n = round(cry_s * rate_hz)
        where = np.linspace(0.0, 1.0, n)
        base_hz = rng.uniform(*_CRY_HZ)
        # Up at once, then slowly down; the trembling of a voice at the end of its breath.
        pitch_hz = base_hz * (0.82 + 0.3 * np.sin(np.pi * np.minimum(1.0, where * 1.15)) ** 0.5)
        pitch_hz *= 1.0 + 0.02 * where * np.sin(2 * np.pi * 11.0 * where * cry_s + rng.uniform(0.0, 6.0))
        phase = 2 * np.pi * np.cumsum(pitch_hz) / rate_hz
        tone = np.zeros(n)
        # Within the telephone's band, so that it fits every line.
        for k in range(1, int(_HIGHEST_HZ / base_hz) + 1):
            tone += _mouth(k * base_hz) / k**0.5 * np.sin(k * phase)
        envelope = np.sin(np.pi * np.clip(where, 0.0, 1.0)) ** 0.6
        piece = (tone * envelope)[: length - at]
        cries[at : at + len(piece)] = piece
        at += n + round(rng.uniform(*_BREATH_S) * rate_hz)
    return cries


def _mouth(frequency_hz: float) -> float:
    """How strong an overtone sounds out of the open mouth of a baby: most around 1.1 and 3.1 kHz."""
    low, high = (frequency_hz - 1_100) / 500, (frequency_hz - 3_100) / 700
    return 0.25 + math.exp(-(low**2)) + 0.5 * math.exp(-(high**2))
