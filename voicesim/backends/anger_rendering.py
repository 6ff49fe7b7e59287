"""Anger and persona as changes to speech, by one WORLD analysis and synthesis.

No voice that ships with voicesim can act, so anger is rendered: higher, wider, faster, brighter and louder, in
proportion to a level of 0 (as spoken) to 1 (shouting). Higher, brighter and louder is what acted hot anger has in
common across corpora; wider and faster are our choice. At these amounts speech is still recognized as well as calm
speech (``tests/benchmarks/rendering.py``). It is loud, hot anger only: cold or sarcastic anger lies in the words.

WORLD splits speech into fundamental frequency (F0), spectral envelope and aperiodicity every 5 ms (Morise et al.,
2016); F0 comes from its dio and stonemask.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from voicesim.errors import InputError, MissingPart
from voicesim.model import Samples

#: At level 1: F0 goes up by this many semitones.
RAISE_ST = 4.0
#: At level 1: distances of F0 from its mean grow by this share.
WIDEN_SHARE = 0.6
#: At level 1: speech is faster by this share.
FASTER_SHARE = 0.22
#: At level 1: the spectrum above 500 Hz gains this much.
TILT_DB = 9.0
#: At level 1: the whole is louder by this much, before the limiter.
LOUDER_DB = 6.0

_TILT_HZ = 500.0
_PERIOD_S = 0.005
_F0_LIMITS_HZ = (50.0, 700.0)
_WIDEST_ST = 12.0
#: The limiter leaves samples below this alone and never lets one reach 1.
_KNEE = 0.6
_CEILING = 0.98

Frames = NDArray[np.float64]


def render_anger(samples: Samples, rate_hz: int, level: float) -> Samples:
    """The speech float32[n] at ``rate_hz``, spoken in anger of ``level`` 0..1; level 0 gives it back unchanged.

    Raises InputError for a level outside 0..1, MissingPart without WORLD.
    """
    return convert(samples, rate_hz, anger=level)


def convert(
    samples: Samples,
    rate_hz: int,
    *,
    f0_ratio: float = 1.0,
    envelope_warp: float = 1.0,
    anger: float = 0.0,
    speed: float = 1.0,
) -> Samples:
    """The speech float32[n] at ``rate_hz`` in another persona, anger and speed; unchanged if nothing is asked for.

    ``f0_ratio`` multiplies F0, ``envelope_warp`` moves the formants to that multiple of their frequency (both
    0.3..3), ``anger`` is 0..1, ``speed`` 0.5..2 divides the duration, on top of the 22 % of full anger. The level
    stays that of the input, plus 6 dB x anger. The same input gives the same samples on one machine. Raises
    InputError for a factor out of range, MissingPart without WORLD.
    """
    _check(f0_ratio=(f0_ratio, 0.3, 3.0), envelope_warp=(envelope_warp, 0.3, 3.0))
    _check(anger=(anger, 0.0, 1.0), speed=(speed, 0.5, 2.0))
    if f0_ratio == envelope_warp == speed == 1.0 and anger == 0.0:
        return samples
    world = _world()
    sound = samples.astype(np.float64)
    f0_hz, times_s = world.dio(sound, rate_hz, frame_period=_PERIOD_S * 1000)
    f0_hz = world.stonemask(sound, f0_hz, times_s, rate_hz)
    envelope = world.cheaptrick(sound, f0_hz, times_s, rate_hz)
    noise = world.d4c(sound, f0_hz, times_s, rate_hz)
    envelope = tilt(warp(envelope, envelope_warp), rate_hz, anger)
    faster = speed * (1.0 + FASTER_SHARE * anger)
    made = world.synthesize(raise_f0(f0_hz * f0_ratio, anger), envelope, noise, rate_hz, _PERIOD_S * 1000 / faster)
    made = made[: round(len(samples) / faster)].astype(np.float32)
    return limited(_at_level(made, samples, LOUDER_DB * anger))


def raise_f0(f0_hz: Frames, level: float) -> Frames:
    """F0 in hertz (0 where unvoiced), raised by 4 semitones x ``level``, its range about its mean x (1 + 0.6 level).

    The mean is that of the voiced frames in semitones; no frame moves further than an octave from it, and all stay
    within 50..700 Hz.
    """
    voiced = f0_hz > 0
    if not voiced.any():
        return f0_hz
    pitch_st = 12 * np.log2(f0_hz[voiced])
    mean_st = pitch_st.mean()
    away_st = np.clip((pitch_st - mean_st) * (1 + WIDEN_SHARE * level), -_WIDEST_ST, _WIDEST_ST)
    raised = f0_hz.copy()
    raised[voiced] = np.clip(2 ** ((mean_st + RAISE_ST * level + away_st) / 12), *_F0_LIMITS_HZ)
    return raised


def warp(envelope: Frames, ratio: float) -> Frames:
    """The power envelope[frames, bins] with every formant at ``ratio`` times its frequency.

    A ratio under 1 leaves the top of the band without a source; it is filled with the last known value.
    """
    if ratio == 1.0:
        return envelope
    bins = np.arange(envelope.shape[1], dtype=np.float64)
    source = np.minimum(bins / ratio, bins[-1])
    low = np.floor(source).astype(np.intp)
    high = np.minimum(low + 1, len(bins) - 1)
    part = source - low
    return np.ascontiguousarray(np.exp(np.log(envelope[:, low]) * (1 - part) + np.log(envelope[:, high]) * part))


def tilt(envelope: Frames, rate_hz: int, level: float) -> Frames:
    """The power envelope[frames, bins] with 9 dB x ``level`` more above 500 Hz, rising over the octave around it."""
    if level == 0.0:
        return envelope
    bins = envelope.shape[1]
    frequency_hz = np.maximum(np.arange(bins) * rate_hz / 2 / (bins - 1), 1.0)
    share = np.clip(np.log2(frequency_hz / _TILT_HZ) + 0.5, 0.0, 1.0)
    gain: Frames = 10 ** (TILT_DB * level * share / 10)
    return np.ascontiguousarray(envelope * gain)


def limited(samples: Samples) -> Samples:
    """The samples float32[n] softly held under 0.98; those within -0.6..0.6 stay exactly as they are."""
    size = np.abs(samples)
    over = np.maximum(size - _KNEE, 0.0) / (_CEILING - _KNEE)
    held = np.minimum(size, _KNEE) + (_CEILING - _KNEE) * np.tanh(over)
    return np.asarray(np.sign(samples) * held, dtype=np.float32)


def _at_level(made: Samples, original: Samples, gain_db: float) -> Samples:
    """``made`` with the power of the original and ``gain_db`` on top."""
    power = float(np.mean(made.astype(np.float64) ** 2)) if len(made) else 0.0
    if power <= 0.0:
        return made
    wanted = float(np.mean(original.astype(np.float64) ** 2))
    return made * np.float32(np.sqrt(wanted / power) * 10 ** (gain_db / 20))


def _check(**ranges: tuple[float, float, float]) -> None:
    for name, (value, least, most) in ranges.items():
        if not least <= value <= most:
            raise InputError(f"{name.replace('_', ' ')} {value} of a voice is outside {least:g}..{most:g}")


def _world() -> Any:
    try:
        import pyworld
    except ImportError as error:
        raise MissingPart("the library WORLD is not installed", mend="Run: pip install pyworld-prebuilt") from error
    return pyworld
