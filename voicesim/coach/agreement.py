"""How far people agree with each other, and the machine with them, on calls that several people judged.

Krippendorff's alpha (Content Analysis, 4th ed. 2019, ch. 12): 1 is full agreement, 0 what chance would give. Whether a
finding is in a turn is nominal, points are interval. Below 0.667 he draws not even tentative conclusions: :data:`BAR`.

The coefficient itself is handed in (:class:`Coefficient`); here calls become units, and calls are drawn again for an
interval: turns of one call are alike, so calls and not turns are what there is n of.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Literal, Protocol

import numpy as np

from voicesim.coach.review import (
    Named,
    ReviewEntry,
    by_trainer,
    judged_turns,
    machine_says,
    merged,
    named,
    points_given,
    possible,
    trainers,
    verdicts,
)
from voicesim.model import CallRecord, Phase

BAR = 0.667
#: With fewer calls nothing is called trustworthy: a bootstrap over so few says little (ours).
FEW_CALLS = 10
RESAMPLES = 1_000
#: The share of the draws that must have an alpha at all for an interval to be told.
_ENOUGH = 0.5
_INTERVAL = (0.025, 0.975)
#: What people are not asked about: it is measured, and stays with the trainee.
_PRIVATE = frozenset({"tense_delivery", "calm_delivery"})
MACHINE = "machine"

Level = Literal["nominal", "interval"]
#: What was said of one thing, each value by another judge.
Unit = tuple[float, ...]


class Coefficient(Protocol):
    """Krippendorff's alpha by some library."""

    def alpha(self, units: Sequence[Unit], level: Level) -> float:
        """Alpha of units with two values or more each, which are not all one value."""
        ...

    def drawn(
        self, calls: Sequence[Sequence[Unit]], draws: Sequence[Sequence[int]], level: Level
    ) -> tuple[float | None, ...]:
        """For each draw (numbers of calls, one may come again) its alpha; None where all values are one."""
        ...


class Who(StrEnum):
    """Whose agreement: of people among themselves, or of the machine with people."""

    PEOPLE = "people"
    MACHINE = "machine"


class Verdict(StrEnum):
    """Whether an item may be trusted; not proven: the bar lies inside the interval, or there are few calls."""

    TRUSTWORTHY = "trustworthy"
    NOT_TRUSTWORTHY = "not trustworthy"
    NOT_PROVEN = "not proven"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedCall:
    """A call with everything that was said about it; ``key`` names it in the output."""

    key: str
    record: CallRecord
    entries: tuple[ReviewEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One item: a finding id, or ``points:`` and a phase or ``total``.

    ``alpha`` and its 95 % interval ``low`` .. ``high`` are None where they cannot be had (``why``). ``same`` is the
    share of pairs of judges who said the same, ``units`` how many things were judged by two at least, in ``calls``.
    """

    item: str
    who: Who
    level: Level
    alpha: float | None
    low: float | None
    high: float | None
    same: float
    units: int
    calls: int
    verdict: Verdict
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that was judged differently: judge -> value, in a turn or (points) in the whole call."""

    call: str
    turn: int | None
    item: str
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """How much a person judged: ``calls``, whole ``turns``, of which ``blind`` without the machine's findings."""

    label: str
    calls: int
    turns: int
    blind: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What came of it: rows with the machine's first for each item, judges, and where they differ."""

    calls: int
    judges: tuple[Judge, ...]
    rows: tuple[Row, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    call: int
    turn: int | None
    item: str


#: Where -> judge -> value.
_Ratings = dict[_Place, dict[str, float]]


def agreement(
    calls: Sequence[ReviewedCall],
    coefficient: Coefficient,
    *,
    names: bool = False,
    seed: int = 1,
    resamples: int = RESAMPLES,
) -> Agreement:
    """The agreement on the calls; people are ``rater A``, ``rater B`` .. unless ``names`` are wanted.

    The same calls and ``seed`` give the same intervals.
    """
    people = trainers(entry for call in calls for entry in call.entries)
    labels = dict(zip(people, people, strict=True)) if names else _anonymous(people)
    ratings = _ratings(calls, labels)
    rng = np.random.default_rng(seed)
    draws = rng.integers(0, len(calls), (resamples, len(calls))).tolist() if calls else []
    items = sorted({place.item for place in ratings}, key=lambda item: (item.startswith("points:"), item))
    rows = [
        _row(item, who, _units(item, who, ratings, len(calls)), coefficient, draws) for item in items for who in Who
    ]
    return Agreement(
        calls=len(calls),
        judges=tuple(_judge(name, label, calls) for name, label in sorted(labels.items(), key=lambda it: it[1])),
        rows=tuple(row for row in rows if row is not None),
        differences=_differences(calls, ratings),
    )


def _anonymous(people: Iterable[str]) -> dict[str, str]:
    """Name -> label; the order is that of a hash, so that it does not tell the alphabet."""
    mixed = sorted(people, key=lambda name: hashlib.sha256(name.casefold().encode(errors="replace")).hexdigest())
    return {name: f"rater {_letters(number)}" for number, name in enumerate(mixed)}


def _letters(number: int) -> str:
    """A, B .. Z, AA, AB .. for 0, 1 ..

    >>> [_letters(number) for number in (0, 25, 26, 701, 702)]
    ['A', 'Z', 'AA', 'ZZ', 'AAA']
    """
    head, last = divmod(number, 26)
    return (_letters(head - 1) if head else "") + chr(ord("A") + last)


def _judge(name: str, label: str, calls: Sequence[ReviewedCall]) -> Judge:
    own = [by_trainer(call.entries, name) for call in calls]
    turns = [blind for entries in own for blind in judged_turns(entries).values()]
    return Judge(label=label, calls=sum(bool(entries) for entries in own), turns=len(turns), blind=sum(turns))


# -- calls as units ---------------------------------------------------------------------------------------------------


def _ratings(calls: Sequence[ReviewedCall], labels: Mapping[str, str]) -> _Ratings:
    machine = [named(call.record) for call in calls]
    ids = {item.finding.id for found in machine for items in found.values() for item in items}
    ids |= {e.finding for call in calls for e in call.entries if e.finding is not None}
    ratings: _Ratings = {}
    for number, call in enumerate(calls):
        for name, label in labels.items():
            entries = by_trainer(call.entries, name)
            for (turn, item), present in _said(entries, machine[number], ids).items():
                ratings.setdefault(_Place(call=number, turn=turn, item=item), {})[label] = float(present)
            for phase, points in points_given(entries).items():
                place = _Place(call=number, turn=None, item=f"points:{phase or 'total'}")
                ratings.setdefault(place, {})[label] = points / possible(call.record, phase)
        for place in [place for place in ratings if place.call == number]:
            said = _machine(call.record, machine[number], place)
            if said is not None:
                ratings[place][MACHINE] = said
    return ratings


def _said(
    entries: Sequence[ReviewEntry], found: Mapping[int, tuple[Named, ...]], ids: Iterable[str]
) -> dict[tuple[int, str], bool]:
    """(turn, finding) -> what one person says of it, in words or by having judged the whole turn.

    Who judged blind named all that is there. Who saw the machine's findings and passed one over said nothing of it.
    In a turn that was judged blind only that counts: what is said later leans on what the machine says.
    """
    judged, wanted = judged_turns(entries), set(ids) - _PRIVATE
    blind, seeing = (verdicts([entry for entry in entries if entry.blind is is_blind]) for is_blind in (True, False))
    said = {place: present for place, present in seeing.items() if not judged.get(place[0])} | {
        place: present for place, present in blind.items() if judged.get(place[0])
    }
    for turn, is_blind in judged.items():
        silent = wanted if is_blind else {i for i in wanted if machine_says(found.get(turn, ()), i) is False}
        said = {(turn, item): False for item in silent} | said
    return {place: present for place, present in said.items() if place[1] in wanted}


def _machine(record: CallRecord, found: Mapping[int, tuple[Named, ...]], place: _Place) -> float | None:
    if place.turn is not None:
        says = machine_says(found.get(place.turn, ()), place.item)
        return None if says is None else float(says)
    phase = place.item.partition(":")[2]
    if record.feedback is None:
        return None
    if phase == "total":
        total = record.feedback.total
        return None if total is None else total / possible(record, None)
    part = record.feedback.phases.get(Phase(phase))
    return None if part is None or part.points is None or not part.of else part.points / part.of


def _units(item: str, who: Who, ratings: _Ratings, calls: int) -> list[list[Unit]]:
    """The units of each call. With the machine, each person's word and the machine's are one: people are its equals."""
    units: list[list[Unit]] = [[] for _ in range(calls)]
    for place, said in ratings.items():
        if place.item != item:
            continue
        people = tuple(value for judge, value in said.items() if judge != MACHINE)
        if who is Who.MACHINE and MACHINE in said:
            units[place.call] += [(said[MACHINE], value) for value in people]
        elif who is Who.PEOPLE and len(people) > 1:
            units[place.call].append(people)
    return units


# -- figures ----------------------------------------------------------------------------------------------------------


def _row(
    item: str, who: Who, calls: list[list[Unit]], coefficient: Coefficient, draws: Sequence[Sequence[int]]
) -> Row | None:
    """One row; None for an item that no two judged, or a finding that nobody ever found."""
    units = [unit for of_call in calls for unit in of_call]
    values = {value for unit in units for value in unit}
    level: Level = "interval" if item.startswith("points:") else "nominal"
    if not units or (level == "nominal" and values == {0.0}):
        return None
    n, varied = sum(bool(of_call) for of_call in calls), len(values) > 1
    alpha = coefficient.alpha(units, level) if varied else None
    low, high = _interval(coefficient.drawn(calls, draws, level)) if varied and n > 1 else (None, None)
    verdict, why = _verdict(alpha, low, n)
    pairs = [one == other for unit in units for one, other in combinations(unit, 2)]
    return Row(
        item=item,
        who=who,
        level=level,
        alpha=alpha,
        low=low,
        high=high,
        same=sum(pairs) / len(pairs),
        units=len(units),
        calls=n,
        verdict=verdict,
        why=why,
    )


def _interval(alphas: Iterable[float | None]) -> tuple[float | None, float | None]:
    """The middle 95 % of the draws; none if too many draws have no alpha."""
    every = list(alphas)
    known = [alpha for alpha in every if alpha is not None]
    if not every or len(known) < _ENOUGH * len(every):
        return None, None
    low, high = np.quantile(known, _INTERVAL)
    return float(low), float(high)


def _verdict(alpha: float | None, low: float | None, calls: int) -> tuple[Verdict, str | None]:
    few = f"only {calls} {'call' if calls == 1 else 'calls'}" if calls < FEW_CALLS else None
    if alpha is None:
        return Verdict.NOT_PROVEN, "everybody always said the same, so chance cannot be told from agreement"
    if alpha < BAR:
        return Verdict.NOT_TRUSTWORTHY, few
    if few:
        return Verdict.NOT_PROVEN, few
    if low is None or low < BAR:
        return Verdict.NOT_PROVEN, "the bar lies inside the interval" if low is not None else "no interval"
    return Verdict.TRUSTWORTHY, None


def _differences(calls: Sequence[ReviewedCall], ratings: _Ratings) -> tuple[Difference, ...]:
    told = [(place, said) for place, said in ratings.items() if len(set(said.values())) > 1]
    told.sort(key=lambda it: (it[0].call, it[0].turn or 0, it[0].item))
    return tuple(
        Difference(call=calls[place.call].key, turn=place.turn, item=place.item, values=dict(sorted(said.items())))
        for place, said in told
    )


# -- copies of one call -----------------------------------------------------------------------------------------------


def identity(record: CallRecord) -> tuple[object, ...] | None:
    """What copies of one call have in common, shared or not; None if the record does not say when it began."""
    began = record.clock.get("began_utc")
    if began is None:
        return None
    course = tuple((turn.line.id, turn.after.anger) for turn in record.turns)
    return (record.script.id, record.script.sha256, record.seed, began, record.ending, course)


def gathered(calls: Iterable[ReviewedCall]) -> tuple[ReviewedCall, ...]:
    """The calls, copies of one call taken together: the first copy with the entries of all, each once."""
    together: dict[object, list[ReviewedCall]] = {}
    for number, call in enumerate(calls):
        known = identity(call.record)
        together.setdefault(number if known is None else known, []).append(call)
    return tuple(
        ReviewedCall(key=copies[0].key, record=copies[0].record, entries=merged(*(copy.entries for copy in copies)))
        for copies in together.values()
    )
