"""Fits what coaches name: the tables of ``voicesim/coach/named.py``.

    python tests/benchmarks/fit_steps.py [--judges FOLDER]

Takes the calls of corpus/coaching/dev.tsv, every step that their feedback could name, and which of them coaches named,
and named first. The calls of five kinds of agents, whose coaches were asked whether a place may stay empty, weigh four
times as much as the older ones. By ridge logistic regression, calls that ended well and others each by themselves: for
each kind of step the chance that it is named, and that it is named first, with factors for how much it weighs, for
replies in which it went on and for how likely it was said. What stands in few calls stays near the mean, and with fewer
than :data:`LEAST` it joins "mistake" or "anything else". Prints the tables, and what the feedback comes to on each
script by tables that were fitted on the others (13 folds); what ``coaching.py --dev`` prints is flattered.

The detectors have learned from the replies of these calls, so they hear the mistakes in them better than in others, and
a table that is fitted on that trusts them too much. ``--judges`` takes those that ``fit_techniques.py --folds`` keeps:
each call is heard by judges that have not seen its replies. Without it the table is flattered.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from _labelled import PASSES, read_passes
from coaching import CALLS, Agreed, Opinion, held, opinions
from sklearn.linear_model import LogisticRegression

from voicesim.call.understood import Understand
from voicesim.coach.named import (
    AFTER_A_GOOD_END,
    AFTER_ANOTHER_END,
    AGAIN_MOST,
    ELSE,
    MISTAKE,
    POINTS,
    Chances,
    Odds,
    Step,
    Table,
    odds_said,
)
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
FREEDOM = 0.6
#: What an older call weighs: its coaches hardly left a place empty. Without these they come out 5 points worse, and the
#: calls of five kinds 1 point better.
OLDER = 0.25
#: Who heard the calls of five kinds of agents.
FIVE_KINDS = frozenset(
    "u v w x y z aa ab ac ad ae af ag ah ai aj ak al am an ao ap aq ar as at au av aw ax ay az"
    " ba bb bc bd be bf".split()
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
    counts = [1.0 if call.five_kinds else OLDER for call, _ in told]
    steps = [step for _, step in told]
    named = [step.moment.id in call.named for call, step in told]
    first = [any(step.moment.id in one.first for one in call.right) for call, step in told]
    return Chances(named=_fit(steps, named, counts), first=_fit(steps, first, counts))


def _fit(steps: Sequence[Step], right: Sequence[bool], counts: Sequence[float]) -> Table:
    """The chances of some steps, each of which counts as often as told.

    A mistake has two rows, its own and that of all mistakes, so that what few calls hold stays near the others.
    """
    often = Counter(step.kind for step in steps)
    rows = sorted({kind for kind, times in often.items() if times >= LEAST} | {ELSE, MISTAKE})
    mistakes = {step.kind for step in steps if step.said}
    table = np.zeros((len(steps), len(rows)))
    for at, step in enumerate(steps):
        table[at, rows.index(step.kind if step.kind in rows else MISTAKE if step.said else ELSE)] = 1
        table[at, rows.index(MISTAKE)] = step.said
    said = np.array([step.said for step in steps])
    heavy = np.array([step.weight / POINTS for step in steps])
    again = [min(step.again, AGAIN_MOST) for step in steps]
    likely = [np.log(odds_said(step)) for step in steps]
    columns = np.column_stack([heavy * said, heavy * ~said, again, likely])
    fit = LogisticRegression(C=FREEDOM, max_iter=1000).fit(np.column_stack([table, columns]), right, counts)
    odds = dict(zip(rows, fit.coef_[0, : len(rows)], strict=True))
    chances = {
        kind: _chance(odds[kind] + fit.intercept_[0] + (odds[MISTAKE] if kind in mistakes - {MISTAKE} else 0))
        for kind in rows
    }
    heavy_said, heavy_left, more, sure = (float(w) for w in fit.coef_[0, len(rows) :])
    return Table(
        chances=chances,
        heavy=Odds(said=float(np.exp(heavy_said)), left=float(np.exp(heavy_left))),
        again=float(np.exp(more)),
        likely=sure,
    )


def _chance(log_odds: float) -> float:
    return float(1 / (1 + np.exp(-log_odds)))


def agreed(calls: Iterable[Heard], chances: Chances) -> Agreed:
    """What is named by these chances, against the coaches."""
    found = Agreed()
    for call in calls:
        steps = chosen(call.steps, chances, good_end=call.good_end)
        found.count("-", [step.moment.id for step in steps], call.right)
    # Strengths are no matter of these tables.
    return Agreed(rows={row: hits for row, hits in found.rows.items() if "strength" not in row})


def by_folds(calls: Sequence[Heard], *, five_kinds: bool) -> Agreed:
    """What is named in some of the calls, in those of each script by what was fitted on all other scripts."""
    together = Agreed()
    for script in sorted({call.script for call in calls}):
        chances = fitted(call for call in calls if call.script != script)
        part = (call for call in calls if call.script == script and call.five_kinds == five_kinds)
        for row, hits in agreed(part, chances).rows.items():
            together.rows.setdefault(row, []).extend(hits)
    return together


def show(table: Table, steps: Iterable[tuple[Step, bool]]) -> None:
    """Print a table, and how often what it holds was right."""
    rows = [(step.kind, right) for step, right in steps]
    often, hit = Counter(kind for kind, _ in rows), Counter(kind for kind, right in rows if right)
    for kind, likely in sorted(table.chances.items(), key=lambda item: -item[1]):
        print(f"{kind:24} {likely:.3f}   {hit[kind]:3} of {often[kind]:3}")
    print(f"odds, each {POINTS} points: said {table.heavy.said:.2f}, left out {table.heavy.left:.2f}")
    print(f"odds, each reply more {table.again:.2f}; how likely it was said, to the power of {table.likely:.2f}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--judges", type=Path, help="folder of judges that have not seen the calls")
    calls = heard_calls(Judges(parser.parse_args(arguments).judges))
    for name, good_end, now in (("good ends", True, AFTER_A_GOOD_END), ("other ends", False, AFTER_ANOTHER_END)):
        part = [call for call in calls if call.good_end == good_end]
        tables = fitted(part)
        print(f"== {name}: {len(part)} calls, named")
        show(tables.named, [(step, step.moment.id in call.named) for call in part for step in call.steps])
        print(f"-- {name}, named first")
        show(
            tables.first,
            [(step, any(step.moment.id in one.first for one in call.right)) for call in part for step in call.steps],
        )
        five = [call for call in part if call.five_kinds]
        empty = Counter(max(one.left_empty for one in call.right) for call in five)
        print(f"-- places that coaches leave empty in {len(five)} calls of five kinds: {dict(empty)}")
        print("-- five kinds, by the tables of the package", *agreed(five, now).lines(), sep="\n")
        for whose, kinds in (("five kinds", True), ("older calls", False)):
            print(
                f"-- {whose}, each script by tables of the others", *by_folds(part, five_kinds=kinds).lines(), sep="\n"
            )


if __name__ == "__main__":
    main()
