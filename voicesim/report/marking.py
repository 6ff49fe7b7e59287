"""Quotes and words marked inside a transcript: which stretch carries which findings, and when each word was spoken."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from voicesim.model import Finding, Span, Word

_WORD = re.compile(r"[\w'’]+")
#: How many characters further on in the text a recognized word is looked for.
_NEAR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Bit:
    """A word of a piece with the ``span`` in which it was spoken, or what stands between words (no span)."""

    text: str
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text with the numbers (from 1) of the findings it carries; ``ends`` are those that end with it.

    ``bits`` are its words and what stands between them.
    """

    text: str
    numbers: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    bits: tuple[Bit, ...] = ()


def place_of(quote: str, text: str) -> tuple[int, int] | None:
    """Start and end of a quote in a text, letter by letter or else word by word; None if it is not there.

    >>> place_of("twice, you", "You took it twice. You did.")
    (12, 22)
    """
    if not quote:
        return None
    start = text.find(quote)
    if start >= 0:
        return start, start + len(quote)
    sought = [w.lower() for w in _WORD.findall(quote)]
    words = list(_WORD.finditer(text))
    said = [w[0].lower() for w in words]
    for i in range(len(said) - len(sought) + 1):
        if sought and said[i : i + len(sought)] == sought:
            return words[i].start(), words[i + len(sought) - 1].end()
    return None


def marked(text: str, findings: Sequence[Finding], words: Sequence[Word] = ()) -> tuple[Piece, ...]:
    """The text in pieces; findings are numbered from 1 in their order, and may overlap; ``words`` are its words."""
    places = {n: place for n, f in enumerate(findings, 1) if (place := place_of(f.quote or "", text))}
    cuts = sorted({0, len(text), *(edge for place in places.values() for edge in place)})
    timed = _word_places(text, words)
    pieces = []
    for start, end in pairwise(cuts):
        numbers = tuple(n for n, (a, b) in places.items() if a <= start and end <= b)
        pieces.append(
            Piece(
                text=text[start:end],
                numbers=numbers,
                ends=tuple(n for n in numbers if places[n][1] == end),
                bits=tuple(_bits(text, start, end, timed)),
            )
        )
    return tuple(pieces)


def _word_places(text: str, words: Sequence[Word]) -> list[tuple[int, int, Span]]:
    """Where each word with a span stands in the text, in order; a word that is not there is left out."""
    found, at = [], 0
    low = text.lower()
    for word in words:
        sought = word.text.strip().lower()
        start = low.find(sought, at, at + _NEAR + len(sought)) if sought else -1
        if start >= 0:
            at = start + len(sought)
            if word.span.length > 0:
                found.append((start, at, word.span))
    return found


def _bits(text: str, start: int, end: int, timed: Sequence[tuple[int, int, Span]]) -> list[Bit]:
    """The words and gaps of a stretch; a word that the stretch cuts is there with its part."""
    bits, at = [], start
    for a, b, span in timed:
        first, last = max(a, start), min(b, end)
        if first >= last:
            continue
        if first > at:
            bits.append(Bit(text=text[at:first]))
        bits.append(Bit(text=text[first:last], span=span))
        at = last
    return [*bits, Bit(text=text[at:end])] if at < end else bits
