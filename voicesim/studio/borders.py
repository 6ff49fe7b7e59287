"""Where a line begins and ends in a recording, from the words that carry it: in the pauses that voice activity hears.

Times of recognized words are up to 0.3 s off, pauses are not. So words say which pause it is, and the pause says when.
All figures are ours, from the dev part of ``tests/benchmarks/alignment.py``.
"""

from collections.abc import Sequence

import numpy as np

from voicesim.model import RATE_HZ, Samples, Span, Word

#: So far from where the words say it a pause is looked for if none lies between two words.
NEAR = round(0.35 * RATE_HZ)
#: A stretch of speech belongs to a word that covers this share of it.
COVERED = 0.4
_QUIET = RATE_HZ // 50
_AROUND = round(0.2 * RATE_HZ)


def spoken_span(words: Sequence[Word], first: int, last: int, speech: Sequence[Span], samples: Samples | None) -> Span:
    """Where ``words[first]`` to ``words[last]`` are spoken: from the end of the pause before to the start of the next.

    Where somebody goes on without a pause, the quietest moment of ``samples`` near the border of the two words is
    taken (the border itself without samples).
    """
    start = _begins(words, first, speech, samples)
    end = _ends(words, last, speech, samples)
    return Span(start=start, end=max(end, start))


def _begins(words: Sequence[Word], first: int, speech: Sequence[Span], samples: Samples | None) -> int:
    word = words[first].span
    middle = _middle(word, speech)
    before = _middle(words[first - 1].span, speech) if first else -1
    starts = [at for at, span in enumerate(speech) if before < span.start <= middle]
    while len(starts) > 1 and _covers(word, speech[starts[-1] - 1]):
        starts.pop()
    if starts:
        return speech[starts[-1]].start
    border = (words[first - 1].span.end + word.start) // 2 if first else word.start
    near = [span.start for span in speech if abs(span.start - border) <= NEAR]
    if near:
        return min(near, key=lambda start: abs(start - border))
    return _quietest(samples, border)


def _ends(words: Sequence[Word], last: int, speech: Sequence[Span], samples: Samples | None) -> int:
    word = words[last].span
    middle = _middle(word, speech)
    after = _middle(words[last + 1].span, speech) if last + 1 < len(words) else _far(speech)
    ends = [at for at, span in enumerate(speech) if middle <= span.end < after]
    while len(ends) > 1 and _covers(word, speech[ends[0] + 1]):
        ends.pop(0)
    if ends:
        return speech[ends[0]].end
    border = (word.end + words[last + 1].span.start) // 2 if last + 1 < len(words) else word.end
    near = [span.end for span in speech if abs(span.end - border) <= NEAR]
    if near:
        return min(near, key=lambda end: abs(end - border))
    return _quietest(samples, border)


def _covers(word: Span, stretch: Span) -> bool:
    """Whether a stretch of speech is part of a word."""
    return word.overlap(stretch) >= COVERED * max(1, stretch.length)


def _middle(word: Span, speech: Sequence[Span]) -> int:
    """The middle of a word; if that lies in a pause, the nearest moment of speech."""
    middle = (word.start + word.end) // 2
    inside = (min(max(middle, span.start), span.end) for span in speech)
    return min(inside, key=lambda at: abs(at - middle), default=middle)


def _far(speech: Sequence[Span]) -> int:
    return speech[-1].end + 1 if speech else 0


def _quietest(samples: Samples | None, near: int) -> int:
    """The quietest 0.02 s at most 0.2 s from a place."""
    if samples is None:
        return near
    start = max(0, near - _AROUND)
    around = samples[start : near + _AROUND]
    blocks = around[: len(around) // _QUIET * _QUIET].reshape(-1, _QUIET)
    if not len(blocks):
        return near
    return start + int(np.argmin(np.square(blocks).sum(axis=1))) * _QUIET + _QUIET // 2
