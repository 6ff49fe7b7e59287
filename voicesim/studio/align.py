"""Where the lines of a script are in one long recording: every line's last good take, and what is no line at all.

Lines may come in any order and more than once, with slips, chatter and coughs between them. Which words are which line
is decided for the whole recording at once, so that of two lines that are nearly alike each gets the words that fit it
best.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from voicesim.language.normal import stem
from voicesim.model import RATE_HZ, Line, Samples, Span, Transcript, Word
from voicesim.speech.level import within
from voicesim.studio.borders import spoken_span
from voicesim.studio.listen import Transcribe, listened
from voicesim.studio.trim import kept_span
from voicesim.studio.words import Token, cost, likeness, same, tokens

#: Words are a line's from this likeness on (0..1: 1 less the weight of what differs).
LEAST_ALIKE = 0.6
#: The last take of a line counts if it is good: this like the line, or at most so much less than the best of them.
GOOD, AS_GOOD = 0.85, 0.05
# Where a line begins or ends in a pause it is surer, and elsewhere less sure, by so much of the weight of a word.
_AT_PAUSE, _IN_SPEECH = 0.25, -0.75
_PAUSE = round(0.25 * RATE_HZ)
# What differs weighs more than what fits, or a line would be found in every likeness.
_DIFFERS = 1.5
# How much longer than the line what is heard may be, and what share of the line's words it must hold at all.
_LONGER, _MORE = 1.4, 3
_SHARED = 0.4
# Words this alike may be one word misheard.
_MISHEARD = 0.5
# A word that was not heard is looked for in a stretch of at most the second length, not further off than the first.
_NEARBY, _WORD = round(0.8 * RATE_HZ), RATE_HZ
# Speech without a line is told as one stretch over shorter pauses than the first; shorter stretches are clicks.
_ONE_STRETCH = RATE_HZ
_LEAST_STRETCH = round(0.2 * RATE_HZ)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What was found: for each line what to cut out for it, in the order of the recording.

    ``spoken`` are the spans of the ``takes`` without the room around them, in the same order. ``earlier`` are tries
    that a later take replaces, ``unplaced_lines`` have no take, ``unplaced_spans`` are speech that is no line. One take
    stands for several lines where their texts are the same and nobody said them as often.
    """

    takes: tuple[tuple[Line, Span], ...]
    spoken: tuple[Span, ...] = ()
    unplaced_lines: tuple[Line, ...] = ()
    unplaced_spans: tuple[Span, ...] = ()
    earlier: tuple[tuple[Line, Span], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A text to look for, and the lines that have it."""

    lines: tuple[Line, ...]
    tokens: tuple[Token, ...]
    weight: float
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """Tokens ``start`` to ``end`` (excluded) as a text: how alike, and how much that is worth."""

    text: _Text
    start: int
    end: int
    alike: float
    worth: float


def placed_takes(
    samples: Samples, lines: Sequence[Line], transcribe: Transcribe, speech_spans: Sequence[Span]
) -> Placed:
    """The takes of ``lines`` in 16 kHz ``samples``, whose speech is ``speech_spans``; ``transcribe`` hears the words.

    The recording may be long: it is recognized in pieces that are cut in its pauses. Each take has a little room around
    its speech (:func:`voicesim.studio.trim.kept_span`), never any of another line.
    """
    speech = within(speech_spans, len(samples))
    heard = listened(samples, speech, transcribe)
    return place(lines, heard, len(samples), speech=speech, samples=samples)


def place(
    lines: Sequence[Line],
    heard: Transcript,
    length: int,
    *,
    speech: Sequence[Span] = (),
    samples: Samples | None = None,
) -> Placed:
    """The takes of ``lines`` in a recording of ``length`` samples by the words that were ``heard`` in it.

    ``speech`` are its spans of voice activity (without them, the words stand for it). With ``samples`` the takes have
    room around them; without, they are the spans of the speech.
    """
    speech = within(speech or _from_words(heard.words), length)
    got = tokens([word.text for word in heard.words])
    matches = _chosen(list(_matches(_texts(lines), got, heard.words, speech)), len(got))
    spans = [
        spoken_span(heard.words, got[match.start].word, got[match.end - 1].word, speech, samples) for match in matches
    ]
    spans = [_completed(at, matches[at], got, spans, speech) for at in range(len(matches))]
    taken, earlier = _shared_out(matches)
    takes = sorted(((at, line) for line, at in taken.items()), key=lambda entry: entry[0])
    by_id = {line.id: line for line in lines}
    found = [(by_id[line], spans[at]) for at, line in takes]
    return Placed(
        takes=tuple((line, _with_room(span, speech, samples)) for line, span in found),
        spoken=tuple(span for _, span in found),
        unplaced_lines=tuple(line for line in by_id.values() if line.id not in taken),
        unplaced_spans=tuple(_uncovered(speech, spans)),
        earlier=tuple((matches[at].text.lines[0], spans[at]) for at in earlier),
    )


def _texts(lines: Sequence[Line]) -> list[_Text]:
    """Each text once."""
    groups: dict[tuple[str, ...], list[Line]] = defaultdict(list)
    made = {}
    for line in {line.id: line for line in lines}.values():
        parts = tokens(line.text.split())
        key = tuple(part.text for part in parts)
        groups[key].append(line)
        made[key] = parts
    return [
        _Text(lines=tuple(group), tokens=made[key], weight=sum(map(cost, made[key])), counts=Counter(key))
        for key, group in groups.items()
        if key
    ]


def _matches(
    texts: Sequence[_Text], got: Sequence[Token], words: Sequence[Word], speech: Sequence[Span]
) -> Iterator[_Match]:
    """Every stretch of tokens that may be a text, with what that is worth."""
    pauses = _at_pauses(got, words, speech)
    places: dict[str, set[int]] = defaultdict(set)
    for at, token in enumerate(got):
        places[stem(token.text)].add(at)
    for text in texts:
        longest = int(len(text.tokens) * _LONGER) + _MORE
        begins = pauses.union(*(places.get(stem(token.text), set()) for token in text.tokens[:2]))
        for start in sorted(begins):
            if _may_be(text, got[start : start + longest]):
                yield from _from_here(text, got, start, longest, pauses)


def _at_pauses(got: Sequence[Token], words: Sequence[Word], speech: Sequence[Span]) -> set[int]:
    """The places between tokens where a pause lies, first and last included; a place is that of the token after it."""
    found = {0, len(got)}
    for at in range(1, len(got)):
        before, after = words[got[at - 1].word].span, words[got[at].word].span
        if before == after:
            continue
        edges = (before.start + before.end) // 2, (after.start + after.end) // 2
        if after.start - before.end >= _PAUSE or any(edges[0] < span.start <= edges[1] for span in speech):
            found.add(at)
    return found


def _may_be(text: _Text, window: Sequence[Token]) -> bool:
    """Whether a stretch holds enough of the words of a text to look closer; a few words may all be misheard."""
    if len(text.tokens) <= 2:
        return True
    counts = Counter(token.text for token in window)
    shared = sum(min(count, counts[word]) for word, count in text.counts.items())
    return shared >= _SHARED * len(text.tokens)


def _from_here(text: _Text, got: Sequence[Token], start: int, longest: int, pauses: set[int]) -> Iterator[_Match]:
    """The best two ends for a text that begins at ``start``."""
    window = got[start : start + longest]
    row = [0.0]
    for token in window:
        row.append(row[-1] + cost(token))
    heard_weight = row
    for mine in text.tokens:
        below = [row[0] + cost(mine)]
        for j, theirs in enumerate(window):
            changed = _exchange(mine.text, theirs.text, max(cost(mine), cost(theirs)))
            below.append(min(row[j] + changed, row[j + 1] + cost(mine), below[j] + cost(theirs)))
        row = below
    found = []
    for j in range(1, len(window) + 1):
        alike = 1 - row[j] / max(text.weight, heard_weight[j])
        if alike >= LEAST_ALIKE:
            borders = sum(_AT_PAUSE if at in pauses else _IN_SPEECH for at in (start, start + j))
            worth = text.weight - _DIFFERS * row[j] + borders
            found.append(_Match(text=text, start=start, end=start + j, alike=alike, worth=worth))
    yield from sorted(found, key=lambda match: -match.worth)[:2]


@lru_cache(maxsize=65_536)
def _exchange(one: str, other: str, full: float) -> float:
    """What it costs to take one token for the other: ``full``, or less where it may have been misheard."""
    if same(one, other):
        return 0.0
    if one.isdigit() or other.isdigit():
        return full
    alike = likeness(one, other)
    return full * (1 - alike) if alike >= _MISHEARD else full


def _chosen(matches: Sequence[_Match], length: int) -> list[_Match]:
    """The matches, none over another, that are worth most together; in order."""
    ending: dict[int, list[_Match]] = defaultdict(list)
    for match in matches:
        if match.worth > 0:
            ending[match.end].append(match)
    worth = [0.0] * (length + 1)
    last: list[_Match | None] = [None] * (length + 1)
    for end in range(1, length + 1):
        worth[end] = worth[end - 1]
        for match in ending[end]:
            if worth[match.start] + match.worth > worth[end]:
                worth[end], last[end] = worth[match.start] + match.worth, match
    chosen, at = [], length
    while at:
        ends_here = last[at]
        if ends_here is None:
            at -= 1
        else:
            chosen.append(ends_here)
            at = ends_here.start
    return chosen[::-1]


def _shared_out(matches: Sequence[_Match]) -> tuple[dict[str, int], list[int]]:
    """For each line id the place of its match, and the places of tries that nobody needs.

    The last good one wins. Lines of one text share its tries: the last ones in order, if there are as many as lines,
    else all the very last.
    """
    tries: dict[tuple[Line, ...], list[int]] = defaultdict(list)
    for at, match in enumerate(matches):
        tries[match.text.lines].append(at)
    taken: dict[str, int] = {}
    for lines, places in tries.items():
        best = max(matches[at].alike for at in places)
        good = [at for at in places if matches[at].alike >= min(GOOD, best) or matches[at].alike >= best - AS_GOOD]
        last = good[-len(lines) :] if len(good) >= len(lines) else [good[-1]] * len(lines)
        taken |= {line.id: at for line, at in zip(lines, last, strict=True)}
    used = set(taken.values())
    return taken, [at for at in range(len(matches)) if at not in used]


def _completed(at: int, match: _Match, got: Sequence[Token], spans: Sequence[Span], speech: Sequence[Span]) -> Span:
    """The span of a match with the short stretch before or after it that holds its unheard first or last word.

    Recognizers drop a "Right." or "Hm." that stands alone. The stretch must be nearer to this line than to any other
    speech, and nobody else's.
    """
    span, text = spans[at], match.text
    words = text.lines[0].text.split()
    opens = text.tokens[0].word == 0 and _heard(text.tokens[0], got[match.start])
    closes = text.tokens[-1].word == len(words) - 1 and _heard(text.tokens[-1], got[match.end - 1])
    free = [other for other in speech if not any(other.overlap(taken) for taken in spans)]
    for other in free if not (opens and closes) else ():
        gap = max(span.start - other.end, other.start - span.end)
        before = other.end <= span.start
        rest = [away.start - other.end if before else other.start - away.end for away in speech if away != other]
        behind = [other.start - away.end if before else away.start - other.end for away in speech if away != other]
        nearest = min((apart for apart in rest if apart >= 0), default=gap) == gap
        nearer = min((apart for apart in behind if apart >= 0), default=_NEARBY) > gap
        if gap <= _NEARBY and other.length <= _WORD and nearest and nearer and not (opens if before else closes):
            span = Span(start=min(span.start, other.start), end=max(span.end, other.end))
    return span


def _heard(token: Token, other: Token) -> bool:
    return same(token.text, other.text) or likeness(token.text, other.text) >= _MISHEARD


def _with_room(span: Span, speech: Sequence[Span], samples: Samples | None) -> Span:
    """A take with the room around it that is its own: up to the speech of others."""
    if samples is None or not span.length:
        return span
    before = max((other.end for other in speech if other.end <= span.start), default=0)
    after = min((other.start for other in speech if other.start >= span.end), default=len(samples))
    # Somebody who goes on without a pause leaves no room.
    running = [other for other in speech if other.start < span.start < other.end or other.start < span.end < other.end]
    inside = Span(
        start=span.start if any(other.start < span.start < other.end for other in running) else before,
        end=span.end if any(other.start < span.end < other.end for other in running) else after,
    )
    return kept_span(samples, (span,), inside=inside) or span


def _from_words(words: Sequence[Word]) -> tuple[Span, ...]:
    """Speech as words have it, for want of voice activity."""
    spans: list[Span] = []
    for word in words:
        if spans and word.span.start - spans[-1].end < _PAUSE:
            spans[-1] = Span(start=spans[-1].start, end=max(spans[-1].end, word.span.end))
        else:
            spans.append(word.span)
    return tuple(spans)


def _uncovered(speech: Sequence[Span], spans: Sequence[Span]) -> Iterator[Span]:
    """Speech that is in none of ``spans``, in stretches."""
    left: list[Span] = []
    for stretch in speech:
        start = stretch.start
        for span in sorted(spans, key=lambda span: span.start):
            if span.end <= start or span.start >= stretch.end:
                continue
            left.append(Span(start=start, end=max(start, span.start)))
            start = span.end
        left.append(Span(start=start, end=max(start, stretch.end)))
    joined: list[Span] = []
    for piece in (piece for piece in left if piece.length >= _LEAST_STRETCH):
        apart = joined and any(joined[-1].end <= span.start < piece.start for span in spans)
        if joined and not apart and piece.start - joined[-1].end < _ONE_STRETCH:
            joined[-1] = Span(start=joined[-1].start, end=piece.end)
        else:
            joined.append(piece)
    yield from joined
