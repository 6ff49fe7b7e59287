"""The words of a long recording with their times: recognized in pieces that are cut in pauses."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from voicesim.model import RATE_HZ, Samples, Span, Transcript, Word

#: What turns samples (float32 at 16 kHz) into words whose spans count from the first of them.
Transcribe = Callable[[Samples], Transcript]

#: A pause from here on parts two pieces, in seconds; with less speech than the second figure a piece joins a neighbour
#: that is not further off than the third, since a recognizer hears single words badly.
PAUSE_S, LEAST_S, NEAR_S = 0.6, 1.0, 1.5
#: The longest piece, in seconds, unless somebody speaks longer without any pause.
LONGEST_S = 25.0
_MARGIN = round(0.3 * RATE_HZ)


def listened(samples: Samples, speech: Sequence[Span], transcribe: Transcribe) -> Transcript:
    """All words of ``samples`` with spans that count from its first; only ``speech`` is listened to, piece by piece.

    No word reaches out of the speech of its piece, so what stands between two pieces is never in doubt. The memory
    needed is that of one piece, however long the recording.
    """
    groups = pieces(speech)
    words: list[Word] = []
    engine = ""
    for at, group in enumerate(groups):
        before = groups[at - 1][-1].end if at else 0
        after = groups[at + 1][0].start if at + 1 < len(groups) else len(samples)
        start = max(group[0].start - _MARGIN, (before + group[0].start) // 2)
        end = min(group[-1].end + _MARGIN, (group[-1].end + after) // 2)
        heard = transcribe(samples[start:end])
        engine = heard.engine
        words += [_within(word, start, group) for word in heard.words]
    return Transcript(words=tuple(words), text=" ".join(word.text for word in words), engine=engine)


def pieces(speech: Sequence[Span]) -> tuple[tuple[Span, ...], ...]:
    """The spans of speech in groups, one for each piece that is recognized alone."""
    groups = _joined([part for whole in _parted(tuple(speech), PAUSE_S) for part in _short_enough(whole)])
    return tuple(groups)


def _parted(spans: tuple[Span, ...], pause_s: float) -> list[tuple[Span, ...]]:
    groups: list[list[Span]] = []
    for span in spans:
        if groups and span.start - groups[-1][-1].end < pause_s * RATE_HZ:
            groups[-1].append(span)
        else:
            groups.append([span])
    return [tuple(group) for group in groups]


def _short_enough(spans: tuple[Span, ...]) -> list[tuple[Span, ...]]:
    """The spans, parted at their longest pause for as long as a part is too long."""
    if len(spans) < 2 or _length_s(spans) <= LONGEST_S:
        return [spans]
    at = max(range(1, len(spans)), key=lambda place: spans[place].start - spans[place - 1].end)
    return _short_enough(spans[:at]) + _short_enough(spans[at:])


def _joined(groups: list[tuple[Span, ...]]) -> list[tuple[Span, ...]]:
    """The groups, those with hardly any speech joined to the nearer neighbour."""
    groups = list(groups)
    at = 0
    while at < len(groups):
        if sum(span.length for span in groups[at]) >= LEAST_S * RATE_HZ:
            at += 1
            continue
        gaps = [(after[0].start - before[-1].end, place) for place, (before, after) in enumerate(pairwise(groups))]
        near = [
            (gap, place)
            for gap, place in gaps
            if place in (at - 1, at)
            and gap <= NEAR_S * RATE_HZ
            and _length_s(groups[place] + groups[place + 1]) <= LONGEST_S
        ]
        if not near:
            at += 1
            continue
        _, place = min(near)
        groups[place : place + 2] = [groups[place] + groups[place + 1]]
        at = place
    return groups


def _length_s(spans: Sequence[Span]) -> float:
    return (spans[-1].end - spans[0].start) / RATE_HZ


def _within(word: Word, start: int, group: Sequence[Span]) -> Word:
    """A word of a piece that begins at ``start``, at its place in the recording and within the speech of its piece."""
    first, last = group[0].start, group[-1].end
    begin = min(max(word.span.start + start, first), last)
    return Word(
        text=word.text,
        span=Span(start=begin, end=min(max(word.span.end + start, begin), last)),
        confidence=word.confidence,
    )
