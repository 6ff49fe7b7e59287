"""What was learned from labelled replies: how much a reply means each id, joined with what the rules found. Pure.

Three judges look at a reply. Its **words** (runs of one to three words of the normal form, weighed by rarity), the
**meaning** of its parts (the whole reply, each clause, each pair of clauses; points of a sentence encoder under one
linear head an id), and the **rules** of this room. One small linear table an id joins them with the form of the reply
to a calibrated probability. docs/techniques.md says how it is fitted and how well it does.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from voicesim.language.clauses import Clause
from voicesim.language.normal import normal
from voicesim.language.taken_up import named, named_by_caller
from voicesim.model import Context
from voicesim.ports import SentenceEncoder

Numbers = NDArray[np.float32]

#: Words in the longest run of words that is weighed.
LONGEST_RUN = 3
#: What is joined for an id, in the order of the columns of :attr:`Learned.join`; the last is the constant.
JOINED = ("words", "meaning", "rules", "asks", "length", "figures", "taken_up", "constant")
_FORM = JOINED[3:]
_LONG_WORDS = 60
_MANY_TAKEN_UP = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a reply, ``text``: its clauses ``first`` to ``last``."""

    text: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """How probable an id is in a reply, 0..1, and the clauses ``first`` to ``last`` that mean it most."""

    probability: float
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """The coefficients for ``ids`` (k of them), as a fit left them, and the encoder that they belong to.

    ``runs`` gives the row of a run of words in ``rarity`` float32[r] and ``word_weights`` float32[r, k];
    ``meaning_weights`` is float32[d, k]; ``join`` float32[k, len(JOINED)]; ``lines`` float32[k] are the probabilities
    from which a finding is sure.
    """

    version: str
    ids: tuple[str, ...]
    runs: Mapping[str, int]
    rarity: Numbers
    word_weights: Numbers
    word_constants: Numbers
    meaning_weights: Numbers
    meaning_constants: Numbers
    join: Numbers
    lines: Numbers
    encoder: SentenceEncoder

    def line(self, technique: str) -> float | None:
        """The probability from which a finding of an id is sure; None for an id that was not learned."""
        return float(self.lines[self.ids.index(technique)]) if technique in self.ids else None

    def opinions(
        self, text: str, clauses: Sequence[Clause], rules: Mapping[str, float], context: Context
    ) -> dict[str, Opinion]:
        """The opinion on each id; ``rules`` are the confidences of what the rules found. Empty without a clause."""
        if not clauses:
            return {}
        cut = parts(text, clauses)
        heads = self.encoder.encode([part.text for part in cut]) @ self.meaning_weights + self.meaning_constants
        table = np.column_stack(
            [
                self.words(text),
                pooled(heads),
                [rules.get(technique, 0.0) for technique in self.ids],
                np.tile(form(text, clauses, context), (len(self.ids), 1)),
            ]
        )
        chances = 1.0 / (1.0 + np.exp(-np.sum(table * self.join, axis=1)))
        single = [number for number, part in enumerate(cut) if part.first == part.last] or [0]
        best = [cut[single[int(at)]] for at in np.argmax(heads[single], axis=0)]
        return {
            technique: Opinion(probability=round(float(chance), 3), first=part.first, last=part.last)
            for technique, chance, part in zip(self.ids, chances, best, strict=True)
        }

    def words(self, text: str) -> Numbers:
        """What the words of a text weigh for each id: float32[k]."""
        counts = {self.runs[run]: n for run, n in Counter(runs(text)).items() if run in self.runs}
        if not counts:
            return self.word_constants
        rows = np.fromiter(counts, int)
        weights = np.array([1.0 + math.log(n) for n in counts.values()], np.float32) * self.rarity[rows]
        found: Numbers = weights @ self.word_weights[rows] / np.linalg.norm(weights) + self.word_constants
        return found


def runs(text: str) -> list[str]:
    """The runs of one to three words of a text's normal form, in order, as often as they stand there.

    >>> runs("I see.")
    ['i', 'see', 'i see']
    """
    words = normal(text).split()
    sizes = range(1, LONGEST_RUN + 1)
    return [" ".join(words[at : at + size]) for size in sizes for at in range(len(words) - size + 1)]


def parts(text: str, clauses: Sequence[Clause]) -> tuple[Part, ...]:
    """The whole reply, its clauses and, of three or more, each two that follow each other; no text twice."""
    found = [Part(text=text, first=0, last=len(clauses) - 1)]
    found += [Part(text=text[c.start : c.end], first=at, last=at) for at, c in enumerate(clauses)]
    if len(clauses) > 2:
        pairs = enumerate(pairwise(clauses))
        found += [Part(text=text[one.start : two.end], first=at, last=at + 1) for at, (one, two) in pairs]
    return tuple({part.text: part for part in reversed(found)}.values())[::-1]


def pooled(heads: Numbers) -> Numbers:
    """The heads of all parts, float32[n, k], as one number an id: the sum on the scale of odds, float32[k]."""
    top = heads.max(axis=0)
    found: Numbers = top + np.log(np.exp(heads - top).sum(axis=0))
    return found


def form(text: str, clauses: Sequence[Clause], context: Context) -> tuple[float, ...]:
    """The form of a reply, each 0..1: whether it asks, its length, figures, what it takes up; and 1, the constant."""
    own = named([text])
    taken = own.taken_up(named_by_caller(context))
    return (
        float(any(clause.asks for clause in clauses)),
        min(1.0, sum(len(clause.norm.split()) for clause in clauses) / _LONG_WORDS),
        float(bool(own.figures)),
        min(1.0, (len(taken.content) + len(taken.figures)) / _MANY_TAKEN_UP),
        1.0,
    )
