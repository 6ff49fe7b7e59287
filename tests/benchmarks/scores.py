"""Whether the score keeps five kinds of agents in their order, on every shipped script.

Made-up agents hold typed calls; the real detectors read them and each rubric scores them. ``--calls`` with each kind
and script (8), ``--scripts`` ids, ``--rubric`` files to compare beside the shipped one. The words of agents that
somebody wrote by hand (tests/agents) are scored as well.
"""

import argparse
from pathlib import Path
from statistics import fmean

from _kinds import KINDS, spearman
from _table import machine

from voicesim.call.agents import agent_record
from voicesim.call.replies import typed_replies
from voicesim.call.text import hold_typed
from voicesim.call.watch import Watcher
from voicesim.coach.rubric import Rubric
from voicesim.coach.score import feedback
from voicesim.model import CallRecord
from voicesim.script.model import Script
from voicesim.wiring.bank import adviser_for
from voicesim.wiring.engines import understood
from voicesim.wiring.library import read_script, script_files
from voicesim.wiring.rubrics import default_rubric, read_rubric

AGENTS = Path(__file__).parents[1] / "agents"
WRITTEN = ("good", "stacker", "deaf", "hurried", "silent")


def total(record: CallRecord, script: Script, rubric: Rubric) -> int | None:
    """The total of a call by a rubric."""
    return feedback(record, goals=script.goals, rubric=rubric, adviser=adviser_for(script)).total


def written(script: Script, kind: str) -> CallRecord:
    """The call of an agent whose words stand in tests/agents."""
    text = (AGENTS / f"{script.id}.{kind}.txt").read_text(encoding="utf-8")
    held = hold_typed(script, typed_replies(text), understood, seed=1, watcher=Watcher())
    return held.recorder.record(held.ending, seed=1, engines={}, trainee=kind)


def main() -> None:
    """Print a table for each rubric: the mean total of each kind, and Spearman's correlation over its calls."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=8)
    parser.add_argument("--scripts", nargs="*")
    parser.add_argument("--rubric", nargs="*", type=Path, default=[Path(__file__).with_name("carp-1.yaml")])
    chosen = parser.parse_args()
    scripts = [read_script(path) for path in script_files()]
    scripts = [s for s in scripts if not chosen.scripts or s.id in chosen.scripts]
    rubrics = [*(read_rubric(path) for path in chosen.rubric), default_rubric()]
    held = {
        script.id: [
            (place, agent_record(script, kind, understood, seed=seed))
            for place, kind in enumerate(KINDS)
            for seed in range(chosen.calls)
        ]
        for script in scripts
    }
    byhand = {script.id: [written(script, kind) for kind in WRITTEN] for script in scripts}
    print(machine())
    for rubric in rubrics:
        print(f"\n{rubric.label}: {chosen.calls} calls of each kind and script")
        print(f"{'script':18} {' '.join(f'{k.name:>9}' for k in KINDS)}  Spearman  by hand: {', '.join(WRITTEN)}")
        for script in scripts:
            scored = [(place, total(record, script, rubric)) for place, record in held[script.id]]
            judged = [(place, value) for place, value in scored if value is not None]
            means = [fmean(v for p, v in judged if p == place) for place in range(len(KINDS))]
            rho = spearman([-place for place, _ in judged], [value for _, value in judged])
            texts = ", ".join(str(total(record, script, rubric)) for record in byhand[script.id])
            print(f"{script.id:18} {' '.join(f'{mean:9.1f}' for mean in means)}  {rho:8.2f}  {texts}")


if __name__ == "__main__":
    main()
