"""How loud a reply is, how its loudness runs, and how far it stands above the noise; all over stretches of speech.

Spans count samples at 16 kHz from ``samples[0]``; what lies outside the samples is ignored.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from voicesim.model import RATE_HZ, Samples, Span
from voicesim.sound import level_dbfs

#: Silence of a 16-bit recording: no noise is taken to be lower, in dBFS.
FLOOR_DBFS = -96.0
#: Shortest reply, in seconds from first to last speech, whose level is said to rise or fall.
SLOPE_FROM_S = 6.0
# Stretch whose level is one point of the slope, in samples: shorter ones follow single syllables.
_STRETCH = RATE_HZ // 2
# Noise is measured in frames of 20 ms, this far from speech, where voice activity may be late.
_FRAME = 320
_GUARD = RATE_HZ // 20
_LEAST_NOISE_FRAMES = 10


def within(speech: Sequence[Span], length: int) -> tuple[Span, ...]:
    """The spans cut to 0..``length`` samples, in order of time, without empty ones."""
    cut = (Span(start=max(0, s.start), end=min(length, s.end)) for s in speech)
    return tuple(sorted((s for s in cut if s.length > 0), key=lambda s: s.start))


def spoken(samples: Samples, speech: Sequence[Span]) -> Samples:
    """The samples of the stretches of speech, one after the other; float32[0] if there are none."""
    parts = [samples[s.start : s.end] for s in within(speech, len(samples))]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)


def speech_level_dbfs(samples: Samples, speech: Sequence[Span]) -> float:
    """RMS level of the speech in dB below full scale, -inf without speech."""
    return level_dbfs(spoken(samples, speech))


def slope_db_per_min(samples: Samples, speech: Sequence[Span]) -> float | None:
    """How fast the level rises (or, negative, falls) in dB a minute; None under 6 s from first to last speech.

    A straight line by least squares through the levels of half seconds of the reply that hold 0.25 s of speech or
    more, each level taken over its speech only.
    """
    spans = within(speech, len(samples))
    if not spans or spans[-1].end - spans[0].start < SLOPE_FROM_S * RATE_HZ:
        return None
    minutes, levels = [], []
    for start in range(spans[0].start, spans[-1].end, _STRETCH):
        stretch = Span(start=start, end=start + _STRETCH)
        inside = [Span(start=max(s.start, start), end=min(s.end, stretch.end)) for s in spans if s.overlap(stretch)]
        level = speech_level_dbfs(samples, inside)
        if sum(s.length for s in inside) * 2 >= _STRETCH and level > FLOOR_DBFS:
            minutes.append(start / RATE_HZ / 60.0)
            levels.append(level)
    return float(np.polyfit(minutes, levels, 1)[0]) if len(levels) >= 4 else None


def snr_db(samples: Samples, speech: Sequence[Span], noise: Samples | None = None) -> float | None:
    """Signal to noise in dB: power of the speech without the noise, over the noise; None without speech.

    The noise is ``noise`` (the second before speech). Without it, it is the quietest twentieth of the speech, which
    makes the figure a lower bound, or what lies between and around the speech if that is 0.2 s or more and quieter.
    """
    level = speech_level_dbfs(samples, speech)
    if level <= FLOOR_DBFS:
        return None
    noise_power = max(_noise_power(samples, speech, noise), _power(FLOOR_DBFS))
    # Noise as strong as what was called speech leaves nothing: 20 dB under it stands for that.
    signal_power = max(_power(level) - noise_power, noise_power / 100.0)
    return float(10.0 * np.log10(signal_power / noise_power))


def _noise_power(samples: Samples, speech: Sequence[Span], noise: Samples | None) -> float:
    if noise is not None and len(noise) >= _FRAME:
        return float(np.median(_frame_powers(noise)))
    quiet = np.ones(len(samples), dtype=np.bool_)
    for span in speech:
        quiet[max(0, span.start - _GUARD) : max(0, span.end + _GUARD)] = False
    inside = float(np.percentile(_frame_powers(spoken(samples, speech)), 5))
    around = _frame_powers(samples[quiet]) if quiet.any() else np.zeros(0)
    # Voice activity may miss a loud beginning: what lies around speech is noise only if it is no louder than that.
    return min(inside, float(np.median(around))) if len(around) >= _LEAST_NOISE_FRAMES else inside


def _frame_powers(samples: Samples) -> NDArray[np.float64]:
    """Mean square of each whole 20 ms, float64[k]; of all samples if they are fewer."""
    whole = len(samples) // _FRAME
    frames = samples[: whole * _FRAME].reshape(whole, _FRAME) if whole else samples[np.newaxis, :]
    powers: NDArray[np.float64] = np.mean(np.square(frames, dtype=np.float64), axis=1)
    return powers


def _power(level_db: float) -> float:
    return float(10.0 ** (level_db / 10.0))
