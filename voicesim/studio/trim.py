"""A take without the silence around it: never cut into speech, with room for what voice activity does not hear.

Voice activity hears the soft beginning of an "s", "f" or "h" late and the end of a breathy word early. So the sound is
followed outwards from the speech for as long as it stands out of the noise, and some room is left beyond that. All
figures are ours; ``tests/studio/test_trim.py`` holds them against made and recorded speech.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from voicesim.model import RATE_HZ, Samples, Span
from voicesim.speech.level import within

#: Sound that is left before and after what is heard, in seconds: a caller answers at once, and nothing clicks.
LEAD_S, TAIL_S = 0.08, 0.18
#: So far outwards from the speech sound is followed that stands out of the noise.
REACH_S = 0.4
#: Sound this far above the noise belongs to the speech next to it, in dB; so much silence may lie between (a closed
#: mouth before a "t").
STANDS_OUT_DB = 6.0
GAP_S = 0.12

_FRAME = RATE_HZ // 100
_LEAD, _TAIL, _REACH = (round(seconds * RATE_HZ) for seconds in (LEAD_S, TAIL_S, REACH_S))
_NO_POWER = 1e-12


def trimmed(samples: Samples, speech: Sequence[Span]) -> Samples:
    """The speech of float32[n] at 16 kHz with a little room around it; all of it if there is no speech."""
    kept = kept_span(samples, speech)
    return samples if kept is None else samples[kept.start : kept.end]


def kept_span(samples: Samples, speech: Sequence[Span], *, inside: Span | None = None) -> Span | None:
    """What of 16 kHz ``samples`` a take keeps, None without speech: never less than from first to last of ``speech``.

    0.08 s before and 0.18 s after what is heard, which may begin up to 0.4 s before voice activity and end as much
    after it. Nothing outside of ``inside`` is kept, where other lines stand around this one.
    """
    spans = within(speech, len(samples))
    if not spans:
        return None
    first = 0 if inside is None else max(0, inside.start)
    last = len(samples) if inside is None else min(len(samples), inside.end)
    powers = _powers(samples[max(0, first - _REACH) : last + _REACH])
    enough = _noise(powers) * 10 ** (STANDS_OUT_DB / 10)
    start, end = spans[0].start, spans[-1].end
    before = samples[max(first, start - _REACH) : start][::-1]
    after = samples[end : min(last, end + _REACH)]
    start = max(first, start - _reaches(before, enough) - _LEAD)
    end = min(last, end + _reaches(after, enough) + _TAIL)
    return Span(start=min(start, spans[0].start), end=max(end, spans[-1].end))


def _reaches(outwards: Samples, enough: float) -> int:
    """How many samples going ``outwards`` from speech still stand out of the noise."""
    loud = np.flatnonzero(_powers(outwards) > enough)
    reached = 0
    for frame in loud:
        if (int(frame) - reached) * _FRAME > GAP_S * RATE_HZ:
            break
        reached = int(frame) + 1
    return reached * _FRAME


def _noise(powers: NDArray[np.float64]) -> float:
    """Power of the quietest tenth of a sound: its noise, if it holds any pause at all."""
    return max(float(np.percentile(powers, 10)), _NO_POWER) if len(powers) else _NO_POWER


def _powers(samples: Samples) -> NDArray[np.float64]:
    """Mean square of each whole 10 ms."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    powers: NDArray[np.float64] = np.mean(np.square(frames, dtype=np.float64), axis=1)
    return powers
