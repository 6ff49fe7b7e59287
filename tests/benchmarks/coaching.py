"""Whether the feedback names what a coach would name: the first strength and the two next steps of stored calls.

    python tests/benchmarks/coaching.py [--show]

The calls of corpus/coaching.tsv are held again (typed, the same every time). A coach who had read the method, and had
seen neither detectors nor feedback, named for each which strengths would be right to praise first and which next steps
would be right among two, as ids of the method. A call that takes another course than the one the coach read, since the
detectors or a script changed, cannot be compared any more.
"""

import argparse
import csv
from collections.abc import Sequence
from pathlib import Path

from _table import machine, share

from voicesim.call.agents import AVERAGE, agent_record
from voicesim.call.replies import typed_replies
from voicesim.call.text import hold_typed
from voicesim.call.watch import Watcher
from voicesim.model import CallRecord
from voicesim.script.model import Script
from voicesim.wiring.engines import understood
from voicesim.wiring.keeping import with_feedback
from voicesim.wiring.library import find_script

HERE = Path(__file__).parent
AGENTS = HERE.parent / "agents"


def held(script: Script, agent: str, seed: int) -> CallRecord:
    """The record of one of the calls."""
    if agent == AVERAGE.name:
        return agent_record(script, AVERAGE, understood, seed=seed)
    words = typed_replies((AGENTS / f"{script.id}.{agent}.txt").read_text(encoding="utf-8"))
    call = hold_typed(script, words, understood, seed=seed, watcher=Watcher())
    return call.recorder.record(call.ending, seed=seed, engines={})


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--show", action="store_true", help="every call")
    options = parser.parse_args(arguments)
    print(machine())
    praised, changed = [], []
    with (HERE / "corpus" / "coaching.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            script = find_script(row["script"])
            feedback = with_feedback(held(script, row["agent"], int(row["seed"])), script).feedback
            assert feedback is not None
            wanted = {key: [] if row[key] == "-" else row[key].split(",") for key in ("strengths", "steps")}
            first = feedback.strengths[0].id if feedback.strengths else None
            praised.append(first in wanted["strengths"] if first else not wanted["strengths"])
            steps = [step.id for step in feedback.next_steps]
            changed += [step in wanted["steps"] for step in steps]
            if options.show:
                print(f"{row['script']} {row['agent']}: {first}, {steps}; the coach: {wanted}")
    print(share("first strength is one of the coach's (or both name none)", sum(praised), len(praised)))
    print(share("a next step is one of the coach's", sum(changed), len(changed)))


if __name__ == "__main__":
    main()
