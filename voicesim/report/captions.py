"""Both speakers of a call as WebVTT captions, for players and for who reads better than they hear."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from voicesim.errors import InputError
from voicesim.model import RATE_HZ, CallRecord, Span, Turn, Word

#: What two lines of 42 characters hold, and how long one caption may stand.
_LONGEST_CHARACTERS = 84
_LONGEST_S = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """What one speaker says within a span."""

    speaker: str
    span: Span
    text: str


def captions(record: CallRecord) -> str:
    """The call as the text of a ``.vtt`` file: each caption names its speaker (``<v Caller>``, ``<v Sam>``).

    Replies are timed by their words, lines by their length in letters. Captions are in the order in which they begin
    and overlap where the two did. Raises InputError for a typed call, which has no times.
    """
    found = sorted(_captions(record), key=lambda caption: caption.span.start)
    if not found:
        raise InputError("a typed call has no times, so it has no captions", mend="Name a call that was spoken.")
    return "\n\n".join(["WEBVTT", *map(_cue, found)]) + "\n"


def _captions(record: CallRecord) -> Iterator[Caption]:
    for turn in record.turns:
        if turn.line_span is not None and turn.line_span.length > 0:
            yield from _timed("Caller", _spread(turn.line.text, turn.line_span))
        yield from _timed(record.trainee, _words(turn))


def _words(turn: Turn) -> tuple[Word, ...]:
    """The words of a reply with their times, or spread over the reply where the words have none."""
    if turn.reply is None:
        return ()
    transcript = turn.reply.final.transcript
    words = tuple(w for w in transcript.words if w.span.length > 0)
    return words or (_spread(transcript.text, turn.reply.span) if turn.reply.span.length > 0 else ())


def _spread(text: str, span: Span) -> tuple[Word, ...]:
    """The words of a text over a span, each as long as its letters."""
    said = text.split()
    letters = [0]
    for word in said:
        letters.append(letters[-1] + len(word) + 1)
    edges = [span.start + span.length * count // max(1, letters[-1]) for count in letters]
    return tuple(Word(text=w, span=Span(start=a, end=b)) for w, (a, b) in zip(said, pairwise(edges), strict=True))


def _timed(speaker: str, words: Sequence[Word]) -> Iterator[Caption]:
    """Captions that fit two lines: short sentences together, a long one in parts of like length."""
    begun: list[Word] = []
    for sentence in _sentences(words):
        if begun and not _fits((*begun, *sentence)):
            yield _caption(speaker, begun)
            begun = []
        if _fits((*begun, *sentence)):
            begun += sentence
        else:
            yield from (_caption(speaker, part) for part in _parts(sentence))
    if begun:
        yield _caption(speaker, begun)


def _sentences(words: Sequence[Word]) -> Iterator[list[Word]]:
    sentence: list[Word] = []
    for word in words:
        sentence.append(word)
        if word.text.rstrip("”\"'’)").endswith((".", "?", "!")):
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _parts(sentence: list[Word]) -> list[list[Word]]:
    """A sentence in the fewest parts of like length that each fit; single words where nothing else does."""
    for count in range(2, len(sentence)):
        share = len(_joined(sentence)) / count
        parts: list[list[Word]] = [[] for _ in range(count)]
        letters = 0
        for word in sentence:
            parts[min(count - 1, int((letters + len(word.text) / 2) / share))].append(word)
            letters += len(word.text) + 1
        if all(part and _fits(part) for part in parts):
            return parts
    return [[word] for word in sentence]


def _fits(words: Sequence[Word]) -> bool:
    return len(_joined(words)) <= _LONGEST_CHARACTERS and (
        words[-1].span.end - words[0].span.start <= _LONGEST_S * RATE_HZ
    )


def _joined(words: Sequence[Word]) -> str:
    return " ".join(word.text.strip() for word in words)


def _caption(speaker: str, words: Sequence[Word]) -> Caption:
    return Caption(speaker=speaker, span=Span(start=words[0].span.start, end=words[-1].span.end), text=_joined(words))


def _cue(caption: Caption) -> str:
    times = f"{_time(caption.span.start)} --> {_time(max(caption.span.end, caption.span.start + RATE_HZ // 10))}"
    return f"{times}\n<v {_plain(caption.speaker)}>{_plain(caption.text)}"


def _plain(text: str) -> str:
    """A text that no player takes for markup or for a time, on one line."""
    one_line = " ".join(text.split())
    return one_line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _time(sample: int) -> str:
    milliseconds = round(sample * 1000 / RATE_HZ)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"
