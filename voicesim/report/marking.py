"""Quotes marked inside a transcript: which stretch of the text carries which findings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from voicesim.model import Finding

_WORD = re.compile(r"[\w'’]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text with the numbers (from 1) of the findings it carries; ``ends`` are those that end with it."""

    text: str
    numbers: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


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


def marked(text: str, findings: Sequence[Finding]) -> tuple[Piece, ...]:
    """The text in pieces; findings are numbered from 1 in their order, and may overlap."""
    places = {n: place for n, f in enumerate(findings, 1) if (place := place_of(f.quote or "", text))}
    cuts = sorted({0, len(text), *(edge for place in places.values() for edge in place)})
    pieces = []
    for start, end in pairwise(cuts):
        numbers = tuple(n for n, (a, b) in places.items() if a <= start and end <= b)
        pieces.append(
            Piece(text=text[start:end], numbers=numbers, ends=tuple(n for n in numbers if places[n][1] == end))
        )
    return tuple(pieces)
