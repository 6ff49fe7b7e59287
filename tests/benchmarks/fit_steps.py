"""Fits how likely a coach names a step among two: the table of ``voicesim/coach/named.py``.

    python tests/benchmarks/fit_steps.py [--judges FOLDER]

Takes the calls of corpus/coaching/dev.tsv, every step that their feedback could name, and whether a coach named it.
For each kind of step the chance is fitted by ridge logistic regression, with one factor for replies in which it went
on; a kind with few calls stays near the mean, and one with fewer than :data:`LEAST` joins "anything else". Prints the
table, and what the feedback comes to on each script by a table that was fitted on the others (13 folds), and on the
newest calls by one of all older ones, which is what to expect of calls not seen; what ``coaching.py --dev`` prints is
flattered.

The detectors have learned from the replies of these calls, so they hear the mistakes in them better than in others, and
a table that is fitted on that trusts them too much. ``--judges`` takes those that ``fit_techniques.py --folds`` keeps:
each call is heard by judges that have not seen its replies. Without it the table is flattered.
"""

import argparse
import csv
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from _labelled import PASSES
from coaching import CALLS, Agreed, Opinion, held, opinions
from sklearn.linear_model import LogisticRegression

from voicesim.call.understood import Understand
from voicesim.coach.named import AGAIN_MOST, ELSE, chance
from voicesim.coach.priorities import Step, chosen
from voicesim.coach.score import could_change
from voicesim.wiring.bank import adviser_for
from voicesim.wiring.engines import understood, understood_by
from voicesim.wiring.learned import unpacked
from voicesim.wiring.library import find_script
from voicesim.wiring.rubrics import default_rubric

#: A kind of step with fewer calls in which it could be named has no row of its own.
LEAST = 6
#: How hard the chances are held to the mean: larger is freer.
FREEDOM = 1.0
#: Who heard the newest calls.
NEWEST = ("s", "t")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A call that coaches have heard: what could be named in it, and what they named."""

    script: str
    newest: bool
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
        self._folder, self._of = folder, dict[tuple[str, str], str]()
        for path in sorted(PASSES.glob("train-*.tsv")):
            for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=3):
                self._of[row["domain"], row["register"]] = path.stem
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
        newest = not by_coach.keys().isdisjoint(NEWEST)
        calls.append(
            Heard(script=script_id, newest=newest, good_end=good_end, steps=steps, right=list(by_coach.values()))
        )
    return calls


def fitted(calls: Iterable[Heard]) -> tuple[Mapping[str, float], float]:
    """Kind of step -> the chance that a coach names it, and the factor on the odds for each reply more."""
    told = [(step, step.moment.id in call.named) for call in calls for step in call.steps]
    often = Counter(step.kind for step, _ in told)
    kinds = sorted({kind for kind, times in often.items() if times >= LEAST} | {ELSE})
    table = np.zeros((len(told), len(kinds) + 1))
    for row, (step, _) in enumerate(told):
        table[row, kinds.index(step.kind if step.kind in kinds else ELSE)] = 1
        table[row, -1] = min(step.again, AGAIN_MOST)
    fit = LogisticRegression(C=FREEDOM, max_iter=1000).fit(table, [right for _, right in told])
    odds = fit.coef_[0] + np.append(np.full(len(kinds), fit.intercept_[0]), 0)
    return {kind: float(1 / (1 + np.exp(-w))) for kind, w in zip(kinds, odds, strict=False)}, float(np.exp(odds[-1]))


def agreed(calls: Iterable[Heard], likely: Callable[[str, int], float]) -> Agreed:
    """What is named by these chances, against the coaches."""
    found = Agreed()
    for call in calls:
        steps = chosen(call.steps, good_end=call.good_end, likely=likely)
        found.count("-", [step.moment.id for step in steps], call.right)
    # Strengths are no matter of this table.
    return Agreed(rows={row: hits for row, hits in found.rows.items() if "strength" not in row})


def by_table(calls: Iterable[Heard]) -> Callable[[str, int], float]:
    """The chances of a table that is fitted on these calls."""
    named, again = fitted(calls)
    return partial(chance, named=named, again_odds=again)


def by_folds(part: Sequence[Heard], calls: Sequence[Heard]) -> Agreed:
    """What is named in some of the calls, in those of each script by what was fitted on all other scripts."""
    together = Agreed()
    for script in sorted({call.script for call in part}):
        likely = by_table(call for call in calls if call.script != script)
        for row, hits in agreed((call for call in part if call.script == script), likely).rows.items():
            together.rows.setdefault(row, []).extend(hits)
    return together


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--judges", type=Path, help="folder of judges that have not seen the calls")
    calls = heard_calls(Judges(parser.parse_args(arguments).judges))
    named, again = fitted(calls)
    rows = [
        (step.kind if step.kind in named else ELSE, step.moment.id in call.named)
        for call in calls
        for step in call.steps
    ]
    often, hit = Counter(kind for kind, _ in rows), Counter(kind for kind, right in rows if right)
    for kind, likely in sorted(named.items(), key=lambda item: -item[1]):
        print(f"{kind:24} {likely:.2f}   named {hit[kind]:3} of {often[kind]:3}")
    print(f"{'odds, each reply more':24} {again:.2f}")
    good = [call for call in calls if call.good_end]
    empty = Counter(max(one.left_empty for one in call.right) for call in good)
    print(f"places that coaches leave empty in {len(good)} calls that end well:", dict(empty))
    for name, part in (("all calls", calls), ("good ends", good), ("others", [c for c in calls if not c.good_end])):
        print(f"-- {name}, by the table of the package", *agreed(part, chance).lines(), sep="\n")
        print(f"-- {name}, each script by a table of the others", *by_folds(part, calls).lines(), sep="\n")
    likely = by_table(call for call in calls if not call.newest)
    newest = agreed((call for call in calls if call.newest), likely)
    print("-- the newest calls, by a table of the older ones", *newest.lines(), sep="\n")


if __name__ == "__main__":
    main()
