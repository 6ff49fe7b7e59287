"""How many syllables a reply has by its sound alone: the voiced peaks of its loudness, for want of a transcript.

Coarser than a transcript (docs/delivery.md, Pace), and too many in a raised voice. After de Jong and Wempe (2009),
"Praat script to detect syllable nuclei and measure speech rate automatically", with constants of our own.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from voicesim.model import Samples, Span
from voicesim.speech.pitch import Mask, frames_in
from voicesim.speech.spectrum import band_powers

#: The band in Hz whose loudness is followed: vowels, without hum and hiss.
BAND_HZ = (400.0, 3300.0)
#: A peak stands this much above the dips on both its sides, in dB. This, the band, the range and the factor below were
#: chosen on the calm clips of five speakers of EmoDB, as they are and in noise (tests/benchmarks/pace.py).
DIP_DB = 0.5
#: A peak lies at most this much under the loudest part (the 95th percentile of the speech), in dB.
RANGE_DB = 25.0
#: Syllables to a peak: some melt into their neighbours.
SYLLABLES_A_PEAK = 1.054
#: Shorter replies are not counted by ear, in seconds of speech: their error is too large.
LEAST_SPEECH_S = 3.0
# The course of loudness is smoothed over so many frames of 10 ms: single periods of a deep voice do not count.
_SMOOTH = 3
_NO_POWER = 1e-12


def heard_syllables(samples: Samples, speech: Sequence[Span], voiced: Mask) -> float:
    """About how many syllables the stretches of speech hold, judged by loudness alone; 0 without any.

    ``samples`` are float32 at 16 kHz, ``voiced[n]`` says for each 10 ms whether there is a voice. Gain does not matter.
    """
    return SYLLABLES_A_PEAK * len(syllable_peaks(samples, speech, voiced))


def syllable_peaks(samples: Samples, speech: Sequence[Span], voiced: Mask) -> NDArray[np.intp]:
    """The frames (10 ms) of the voiced peaks of loudness within speech, in order: intp[k]."""
    power = band_powers(samples, BAND_HZ)[:, 0]
    smooth = np.convolve(power, np.hanning(_SMOOTH + 2)[1:-1] / np.hanning(_SMOOTH + 2).sum(), mode="same")
    inside = frames_in(speech, len(power), len(samples))
    if not inside.any():
        return np.zeros(0, dtype=np.intp)
    loudness_db = 10.0 * np.log10(smooth + _NO_POWER)
    floor_db = float(np.percentile(loudness_db[inside], 95)) - RANGE_DB
    # Outside speech nothing is loud, so that the ends of a stretch, and of the sound, are dips.
    course_db = np.pad(np.where(inside, np.maximum(loudness_db, floor_db), floor_db), 1, constant_values=floor_db)
    peaks = [place - 1 for place in peaks_over_dips(course_db, DIP_DB)]
    return np.array([peak for peak in peaks if peak < len(voiced) and voiced[peak]], dtype=np.intp)


def peaks_over_dips(course: NDArray[np.float64], dip: float) -> list[int]:
    """The places of the peaks of ``course`` that stand ``dip`` or more above the lowest point on either side.

    >>> peaks_over_dips(np.array([0.0, 3.0, 2.0, 3.5, 0.0, 5.0, 4.0]), 2.0)
    [3]
    """
    peaks: list[int] = []
    highest, lowest, rising = 0, 0, True
    for place, value in enumerate(course):
        if rising:
            if value > course[highest]:
                highest = place
            elif course[highest] - value >= dip:
                if course[highest] - course[lowest] >= dip:
                    peaks.append(highest)
                lowest, rising = place, False
        elif value < course[lowest]:
            lowest = place
        elif value - course[lowest] >= dip:
            highest, rising = place, True
    return peaks
