"""What was learned from labelled replies: how much a reply means each id, joined with what the rules found. Pure.

Three judges look at a reply. Its **words** (runs of one to three words of the normal form, weighed by rarity), its
**meaning** (the points of a text reader, each of which knows the words around it; each id looks at those that tell it
most), and the **rules** of this room. One small linear table an id joins them with the form of the reply to a
calibrated probability. docs/techniques.md says how it is fitted and how well it does.
"""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voicesim.language.clauses import Clause
from voicesim.language.normal import normal
from voicesim.language.taken_up import named, named_by_caller
from voicesim.model import Context
from voicesim.ports import TextReader

Numbers = NDArray[np.float32]

#: Words in the longest run of words that is weighed.
LONGEST_RUN = 3
#: What is joined for an id, in the order of the columns of :attr:`Learned.join`; the last is the constant.
JOINED = ("words", "meaning", "rules", "asks", "length", "figures", "taken_up", "constant")
_FORM = JOINED[3:]
_LONG_WORDS = 60
_MANY_TAKEN_UP = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """How probable an id is in a reply, 0..1, and the ``clause`` that means it most."""

    probability: float
    clause: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """The coefficients for ``ids`` (k of them), as a fit left them, and the reader that they belong to.

    ``runs`` gives the row of a run of words in ``rarity`` float32[r] and ``word_weights`` float32[r, k]; ``look`` and
    ``meaning_weights`` are float32[d, k]: where each id looks, and what it makes of what it sees; ``join``
    float32[k, len(JOINED)]; ``lines`` float32[k] are the probabilities from which a finding is sure.
    """

    version: str
    ids: tuple[str, ...]
    runs: Mapping[str, int]
    rarity: Numbers
    word_weights: Numbers
    word_constants: Numbers
    look: Numbers
    meaning_weights: Numbers
    meaning_constants: Numbers
    join: Numbers
    lines: Numbers
    reader: TextReader

    def line(self, technique: str) -> float | None:
        """The probability from which a finding of an id is sure; None for an id that was not learned."""
        return float(self.lines[self.ids.index(technique)]) if technique in self.ids else None

    def opinions(
        self, text: str, clauses: Sequence[Clause], rules: Mapping[str, float], context: Context
    ) -> dict[str, Opinion]:
        """The opinion on each id; ``rules`` are the confidences of what the rules found. Empty without a clause."""
        if not clauses:
            return {}
        said, spans = self.meaning(text, context)
        table = np.column_stack(
            [
                self.words(text),
                said.sum(axis=0) + self.meaning_constants,
                [rules.get(technique, 0.0) for technique in self.ids],
                np.tile(form(text, clauses, context), (len(self.ids), 1)),
            ]
        )
        chances = 1.0 / (1.0 + np.exp(-np.sum(table * self.join, axis=1)))
        best = np.argmax(by_clause(said[1:-1], spans, clauses), axis=0)
        return {
            technique: Opinion(probability=round(float(chance), 3), clause=int(clause))
            for technique, chance, clause in zip(self.ids, chances, best, strict=True)
        }

    def meaning(self, text: str, context: Context) -> tuple[Numbers, Sequence[tuple[int, int]]]:
        """What each piece of a text says for each id, float32[n + 2, k], and where the n pieces stand in it."""
        read = self.reader.read(text, context.caller_line or "")
        share = read.points @ self.look
        share = np.exp(share - share.max(axis=0))
        said: Numbers = share / share.sum(axis=0) * (read.points @ self.meaning_weights)
        return said, read.spans

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


def by_clause(said: Numbers, spans: Sequence[tuple[int, int]], clauses: Sequence[Clause]) -> Numbers:
    """What the pieces float32[n, k] of each clause say together, float32[clauses, k]; -inf for one without pieces."""
    starts = [clause.start for clause in clauses]
    at = [max(0, bisect_right(starts, start) - 1) for start, _ in spans]
    found = np.full((len(clauses), said.shape[1]), -np.inf, np.float32)
    found[at] = 0
    np.add.at(found, at, said)
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
