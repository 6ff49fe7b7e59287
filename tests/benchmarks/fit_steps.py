"""Fits what coaches name: the tables of ``voicesim/coach/named.py``.

    python tests/benchmarks/fit_steps.py [--judges FOLDER]

Takes the calls of corpus/coaching/dev.tsv, every step that their feedback could name, and which of them coaches named,
and named first. The calls of five kinds of agents, whose coaches were asked whether a place may stay empty, weigh four
times as much as the older ones. By ridge logistic regression: for each kind of step the chance that it is named, with
factors for replies in which it went on, for how much it weighs and for good ends; for each id the chance that it is
named first, with two factors for how much it weighs. What stands in few calls stays near the mean, and with fewer than
:data:`LEAST` it joins "anything else". Prints the tables, and what the feedback comes to on each script by tables that
were fitted on the others (13 folds); what ``coaching.py --dev`` prints is flattered.

The detectors have learned from the replies of these calls, so they hear the mistakes in them better than in others, and
a table that is fitted on that trusts them too much. ``--judges`` takes those that ``fit_techniques.py --folds`` keeps:
each call is heard by judges that have not seen its replies. Without it the table is flattered.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from _labelled import PASSES, Floats, read_passes
from coaching import CALLS, Agreed, Opinion, held, opinions
from sklearn.linear_model import LogisticRegression

from voicesim.call.understood import Understand
from voicesim.coach.named import AGAIN_MOST, CHANCES, ELSE, POINTS, Chances, Odds, Step
from voicesim.coach.priorities import chosen
from voicesim.coach.score import could_change
from voicesim.wiring.bank import adviser_for
from voicesim.wiring.engines import understood, understood_by
from voicesim.wiring.learned import unpacked
from voicesim.wiring.library import find_script
from voicesim.wiring.rubrics import default_rubric

#: A kind of step with fewer calls in which it could be named has no row of its own.
LEAST = 6
#: How hard the chances are held to the mean: larger is freer.
FREEDOM = 0.3
#: What an older call weighs: its coaches hardly left a place empty. Without these they come out 5 points worse, and the
#: calls of five kinds 1 point better.
OLDER = 0.25
#: Who heard the calls of five kinds of agents.
FIVE_KINDS = frozenset(
    "u v w x y z aa ab ac ad ae af ag ah ai aj ak al am an ao ap aq ar as at au av aw ax ay az ba bb".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A call that coaches have heard: what could be named in it, and what they named."""

    script: str
    five_kinds: bool
    good_end: bool
    steps: Sequence[Step]
    right: Sequence[Opinion]

    @property
    def named(self) -> frozenset[str]:
        """The steps that any of the coaches named."""
        return frozenset(step for one in self.right for step in one.steps)


class Judges:
    """What understands the replies of a call: judges from a folder that have not seen them, or those of the package."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        # In passes of calls the domain is the script, the register the agent.
        self._of = {(reply.domain, reply.register): reply.source for reply in read_passes(PASSES, "train")}
        self._known: dict[str, Understand] = {}

    def of(self, script: str, agent: str) -> Understand:
        """Those that have not seen the replies of this agent in this script."""
        name = self._of.get((script, agent))
        if self._folder is None or name is None:
            return understood
        if name not in self._known:
            learned = unpacked((self._folder / f"{name}.npz").read_bytes())
            self._known[name] = partial(understood_by, learned=learned)
        return self._known[name]


def heard_calls(judges: Judges) -> list[Heard]:
    """The labelled calls of ``dev``."""
    calls = []
    for (script_id, agent, seed), by_coach in opinions(CALLS / "dev.tsv").items():
        script = find_script(script_id)
        record = held(script, agent, seed, CALLS / "dev", judges.of(script_id, agent))
        steps = could_change(record, goals=script.goals, rubric=default_rubric(), adviser=adviser_for(script))
        good_end = bool(record.ending.good)
        five_kinds = not by_coach.keys().isdisjoint(FIVE_KINDS)
        right = list(by_coach.values())
        calls.append(Heard(script=script_id, five_kinds=five_kinds, good_end=good_end, steps=steps, right=right))
    return calls


def fitted(calls: Iterable[Heard]) -> Chances:
    """The tables of some calls."""
    told = [(call, step) for call in calls for step in call.steps]
    named = [step.moment.id in call.named for call, step in told]
    first = [any(step.moment.id in one.first for one in call.right) for call, step in told]
    said = np.array([step.said for _, step in told])
    good = np.array([call.good_end for call, _ in told])
    again = [min(step.again, AGAIN_MOST) for _, step in told]
    heavy = np.array([step.weight / POINTS for _, step in told])
    counts = [1.0 if call.five_kinds else OLDER for call, _ in told]
    columns = np.column_stack([again, heavy * said, heavy * ~said, said & good, ~said & good])
    kinds, by_kind = _fit([step.kind for _, step in told], columns, named, counts)
    ids, by_id = _fit(
        [step.moment.id for _, step in told], np.column_stack([heavy * said, heavy * ~said]), first, counts
    )
    return Chances(
        named=kinds,
        again=by_kind[0],
        heavy=Odds(said=by_kind[1], left=by_kind[2]),
        good_end=Odds(said=by_kind[3], left=by_kind[4]),
        first=ids,
        first_heavy=Odds(said=by_id[0], left=by_id[1]),
    )


def _fit(
    names: Sequence[str], columns: Floats, right: Sequence[bool], counts: Sequence[float]
) -> tuple[Mapping[str, float], Sequence[float]]:
    """Name -> the chance that it is right, and the factor on the odds of each column; a row counts as often as told."""
    often = Counter(names)
    rows = sorted({name for name, times in often.items() if times >= LEAST} | {ELSE})
    table = np.zeros((len(names), len(rows)))
    for at, name in enumerate(names):
        table[at, rows.index(name if name in rows else ELSE)] = 1
    fit = LogisticRegression(C=FREEDOM, max_iter=1000).fit(np.column_stack([table, columns]), right, counts)
    odds = fit.coef_[0, : len(rows)] + fit.intercept_[0]
    chances = {name: float(1 / (1 + np.exp(-w))) for name, w in zip(rows, odds, strict=True)}
    return chances, [float(np.exp(w)) for w in fit.coef_[0, len(rows) :]]


def agreed(calls: Iterable[Heard], chances: Chances) -> Agreed:
    """What is named by these chances, against the coaches."""
    found = Agreed()
    for call in calls:
        steps = chosen(call.steps, good_end=call.good_end, chances=chances)
        found.count("-", [step.moment.id for step in steps], call.right)
    # Strengths are no matter of these tables.
    return Agreed(rows={row: hits for row, hits in found.rows.items() if "strength" not in row})


def by_folds(part: Sequence[Heard], calls: Sequence[Heard]) -> Agreed:
    """What is named in some of the calls, in those of each script by what was fitted on all other scripts."""
    together = Agreed()
    for script in sorted({call.script for call in part}):
        chances = fitted(call for call in calls if call.script != script)
        for row, hits in agreed((call for call in part if call.script == script), chances).rows.items():
            together.rows.setdefault(row, []).extend(hits)
    return together


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--judges", type=Path, help="folder of judges that have not seen the calls")
    calls = heard_calls(Judges(parser.parse_args(arguments).judges))
    five = [call for call in calls if call.five_kinds]
    tables = fitted(calls)
    rows = [(step.kind, step.moment.id in call.named) for call in calls for step in call.steps]
    often, hit = Counter(kind for kind, _ in rows), Counter(kind for kind, right in rows if right)
    for kind, likely in sorted(tables.named.items(), key=lambda item: -item[1]):
        print(f"{kind:24} {likely:.2f}   named {hit[kind]:3} of {often[kind]:3}")
    print(f"odds, each reply more {tables.again:.2f}")
    print(f"odds, each {POINTS} points: said {tables.heavy.said:.2f}, left out {tables.heavy.left:.2f}")
    print(f"odds at a good end: said {tables.good_end.said:.2f}, left out {tables.good_end.left:.2f}")
    print("-- named first, weighing nothing")
    for name, likely in sorted(tables.first.items(), key=lambda item: -item[1]):
        print(f"{name:24} {likely:.3f}")
    print(f"odds, each {POINTS} points: said {tables.first_heavy.said:.2f}, left out {tables.first_heavy.left:.2f}")
    good = [call for call in five if call.good_end]
    empty = Counter(max(one.left_empty for one in call.right) for call in good)
    print(f"places that coaches leave empty in {len(good)} calls that end well:", dict(empty))
    older = [call for call in calls if not call.five_kinds]
    others = [call for call in five if not call.good_end]
    for name, part in (("five kinds", five), ("good ends", good), ("others", others), ("older calls", older)):
        print(f"-- {name}, by the tables of the package", *agreed(part, CHANCES).lines(), sep="\n")
        print(f"-- {name}, each script by tables of the others", *by_folds(part, calls).lines(), sep="\n")


if __name__ == "__main__":
    main()
