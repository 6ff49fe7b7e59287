"""What a team's shared calls come to, told only of groups in which nobody can be picked out. Pure.

A group is shown if :data:`FEWEST` trainees or more have calls in it. That alone is not enough: who subtracts a shown
group from a larger one knows the rest. So the groups are a tree (all calls, each caller, each kind of run of a caller),
and of the parts of a group the ones that are not shown together hold :data:`FEWEST` trainees as well, or no call at
all; where they would hold fewer, the smallest shown part is hidden with them. Every set of calls that can be had by
adding and subtracting what is shown is then made of pieces with :data:`FEWEST` trainees at least.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, pstdev
from typing import TypeVar

from voicesim.model import CallRecord, Ending

#: So many trainees a group must have at least.
FEWEST = 5
#: So many techniques are named.
_MISSED = 5
K = TypeVar("K", bound=Hashable)


class Run(StrEnum):
    """Whether a trainer asked for a run, or it was private practice."""

    OFFICIAL = "official"
    PRACTICE = "practice"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamCall:
    """One shared call: ``who`` tells trainees apart and is never shown; ``missed`` are criteria that earned nothing."""

    who: str
    caller: str
    run: Run
    ending: Ending
    total: int
    missed: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a group comes to.

    ``mean`` and ``spread`` (standard deviation) are of the trainees' own means, in which each counts once. ``endings``
    and ``missed`` count calls, the most frequent first.
    """

    trainees: int
    calls: int
    mean: float
    spread: float
    endings: tuple[tuple[Ending, int], ...]
    missed: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerGroup:
    """The calls with one caller, and those of each kind of run that may be shown."""

    figures: Figures
    runs: Mapping[Run, Figures]


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """What may be shown: ``whole`` is None for fewer trainees than :data:`FEWEST`, and then nothing else is there.

    ``hidden``: there are calls with callers that are not among ``callers``.
    """

    whole: Figures | None
    callers: Mapping[str, CallerGroup]
    hidden: bool = False

    def group(self, caller: str | None = None, run: Run | None = None) -> Figures | None:
        """The figures of a group; None if it may not be shown, or is none. A kind of run is one of a caller's."""
        if caller is None:
            return self.whole if run is None else None
        found = self.callers.get(caller)
        if found is None:
            return None
        return found.figures if run is None else found.runs.get(run)


def team_call(record: CallRecord, who: str) -> TeamCall | None:
    """A shared call as the team's figures take it; None for one that is not judged."""
    feedback = record.feedback
    if feedback is None or feedback.total is None or record.ending.good is None:
        return None
    missed = frozenset(moment.criterion or moment.id for moment in feedback.moments if moment.points == 0 and moment.of)
    return TeamCall(
        who=" ".join(who.casefold().split()),
        caller=record.script.id,
        run=Run.OFFICIAL if record.official else Run.PRACTICE,
        ending=record.ending,
        total=feedback.total,
        missed=missed,
    )


def team(calls: Iterable[TeamCall]) -> Team:
    """What may be shown of the calls that trainees shared."""
    every = tuple(calls)
    if _trainees(every) < FEWEST:
        return Team(whole=None, callers={})
    shown = parts_shown(every, lambda call: call.caller)
    callers = {
        caller: CallerGroup(
            figures=_figures(its),
            runs={run: _figures(part) for run, part in parts_shown(its, lambda call: call.run).items()},
        )
        for caller, its in sorted(shown.items())
    }
    return Team(whole=_figures(every), callers=callers, hidden=len(every) > sum(map(len, shown.values())))


def parts_shown(calls: Sequence[TeamCall], part_of: Callable[[TeamCall], K]) -> dict[K, tuple[TeamCall, ...]]:
    """The parts of a group that may be shown beside it, so that what is left has FEWEST trainees, or no call."""
    parts: dict[K, tuple[TeamCall, ...]] = {}
    for call in calls:
        parts[part_of(call)] = (*parts.get(part_of(call), ()), call)
    # The part with the fewest trainees is the first to be hidden.
    shown = sorted(parts, key=lambda part: (-_trainees(parts[part]), str(part)))
    hidden: list[TeamCall] = []
    while shown and (_trainees(parts[shown[-1]]) < FEWEST or 0 < _trainees(hidden) < FEWEST):
        hidden.extend(parts[shown.pop()])
    return {part: parts[part] for part in shown}


def _trainees(calls: Iterable[TeamCall]) -> int:
    return len({call.who for call in calls})


def _figures(calls: Sequence[TeamCall]) -> Figures:
    totals: dict[str, list[int]] = {}
    for call in calls:
        totals.setdefault(call.who, []).append(call.total)
    means = [fmean(own) for own in totals.values()]
    missed = Counter(criterion for call in calls for criterion in call.missed)
    return Figures(
        trainees=len(totals),
        calls=len(calls),
        mean=fmean(means),
        spread=pstdev(means),
        endings=_ranked(Counter(call.ending for call in calls)),
        missed=_ranked(missed)[:_MISSED],
    )


def _ranked(counted: "Counter[K]") -> tuple[tuple[K, int], ...]:
    return tuple(sorted(counted.items(), key=lambda item: (-item[1], str(item[0]))))
