"""What is wrong with the sound of a take, as figures: clipping, echo of the room, speech at its very edge.

Only the sound of the take itself is known: nobody has measured the room, and a gain may have been turned down after it
clipped. All measures and thresholds are ours; ``tests/benchmarks/takes.py`` says what they miss and invent.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from voicesim.model import RATE_HZ, Samples, Span
from voicesim.sound import level_dbfs
from voicesim.speech.level import spoken, within

# Where the top of the wave is looked for, as shares of the peak, and how wide it may be smeared by a change of rate.
_TOPS = np.linspace(0.5, 1.0, 26)
_SMEARED = 0.04
# A top holds at least this share of the samples; more than half as many beyond it, and it is no top.
_LEAST_SHARE = 0.002
_BEYOND = 0.5
# The echo of a room is measured where speech is and hum is not, every 0.01 s over stretches of 0.1 s.
_ECHO_BAND_HZ = (500.0, 4_000.0)
_HOP = RATE_HZ // 100
_STRETCH = 10
# A stretch counts that begins so near the loudest moment (dB) and ends so far above the noise.
_FROM_LOUDEST_DB, _ABOVE_NOISE_DB = 25.0, 3.0
_LEAST_STRETCHES = 20
_NO_POWER = 1e-12


def flat_top(samples: Samples, speech: Sequence[Span]) -> float:
    """How much the loudest samples of speech pile up below one level: about 0 for speech, 1 and more if clipped.

    The samples within 4 % of that level for each within the 8 % below it, at the level between half the peak and the
    peak where they are most. A gain after the clipping changes nothing, a change of the rate little. 0 without speech.
    """
    loud = np.sort(np.abs(spoken(samples, speech)))
    if not len(loud) or loud[-1] <= 0:
        return 0.0
    tops = loud[-1] * _TOPS
    below, under, over = (
        np.searchsorted(loud, tops * factor) for factor in (1 - 3 * _SMEARED, 1 - _SMEARED, 1 + _SMEARED)
    )
    near, beyond = over - under, len(loud) - over
    piled = near / np.maximum(under - below, 1)
    is_top = (near >= _LEAST_SHARE * len(loud)) & (beyond <= _BEYOND * near)
    return float(np.max(np.where(is_top, piled, 0.0)))


def dying_db_per_s(samples: Samples) -> float | None:
    """How fast the sound dies away where it does, in dB a second; None with too little that does.

    The level between 500 and 4000 Hz, in straight lines through each 0.1 s: of those that fall, begin within 25 dB of
    the loudest and end 3 dB above the noise, the slope that four of five do not reach. Syllables near a microphone end
    with 170 dB a second and more, since mouths close quickly; in a room where the sound is heard from the walls it
    cannot fall faster than the room lets it: 60 dB in its reverberation time, so 100 dB a second at 0.6 s.
    """
    levels_db = _band_levels_db(samples)
    if len(levels_db) <= _STRETCH:
        return None
    levels_db = np.convolve(levels_db, np.full(3, 1 / 3), mode="same")
    stretches = np.lib.stride_tricks.sliding_window_view(levels_db, _STRETCH)
    at_s = (np.arange(_STRETCH) - (_STRETCH - 1) / 2) * _HOP / RATE_HZ
    slopes = stretches @ at_s / np.sum(np.square(at_s))
    loud = stretches[:, 0] > levels_db.max() - _FROM_LOUDEST_DB
    heard = stretches[:, -1] > np.percentile(levels_db, 5) + _ABOVE_NOISE_DB
    falling = -slopes[loud & heard & (slopes < 0)]
    return float(np.percentile(falling, 80)) if len(falling) >= _LEAST_STRETCHES else None


def edge_db(samples: Samples, speech: Sequence[Span], *, at_end: bool) -> float | None:
    """The level of the first (or last) 0.03 s of the recording against that of its speech, in dB; None without speech.

    The quieter a recording is at its edge, the surer nothing is cut off there.
    """
    spans = within(speech, len(samples))
    if not spans:
        return None
    edge = samples[-3 * _HOP :] if at_end else samples[: 3 * _HOP]
    return level_dbfs(edge) - level_dbfs(spoken(samples, spans))


def _band_levels_db(samples: Samples) -> NDArray[np.float64]:
    """The level of each 0.01 s in the band of the echo."""
    spectrum = np.fft.rfft(samples)
    frequency_hz = np.fft.rfftfreq(len(samples), 1 / RATE_HZ)
    low, high = _ECHO_BAND_HZ
    spectrum[(frequency_hz < low) | (frequency_hz > high)] = 0.0
    band = np.fft.irfft(spectrum, len(samples))
    frames = band[: len(band) // _HOP * _HOP].reshape(-1, _HOP)
    return np.asarray(10 * np.log10(np.mean(np.square(frames), axis=1) + _NO_POWER), dtype=np.float64)
