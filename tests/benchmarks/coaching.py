"""Whether the feedback names what a coach would name: the first strength and the two next steps of stored calls.

    python tests/benchmarks/coaching.py [--dev] [--show]

The calls of corpus/coaching.tsv are held again (typed, the same every time). A coach who had read the method, and had
seen neither detectors nor feedback, named for each which strengths would be right to praise first and which next steps
would be right among two, as ids of the method; ``-`` is none. A call that takes another course than the one the coach
read, since the detectors or a script changed, cannot be compared any more. These calls are closed: nothing is tuned on
them, and docs/quality.md says how often they were opened.

``--dev`` takes the calls of corpus/coaching-dev.tsv, whose replies stand in corpus/coaching-dev. The rules of the
feedback were developed on them; what a coach would say was written down before their feedback was looked at. ``first``
holds what the first step should be.
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
CORPUS = HERE / "corpus"
DEV = CORPUS / "coaching-dev"
#: How many next steps a coach would name; an empty place is right where the coach named none as well.
STEPS = 2


def held(script: Script, agent: str, seed: int, folder: Path = AGENTS) -> CallRecord:
    """The record of one of the calls."""
    if agent == AVERAGE.name:
        return agent_record(script, AVERAGE, understood, seed=seed)
    words = typed_replies((folder / f"{script.id}.{agent}.txt").read_text(encoding="utf-8"))
    call = hold_typed(script, words, understood, seed=seed, watcher=Watcher())
    return call.recorder.record(call.ending, seed=seed, engines={})


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--dev", action="store_true", help="the calls that the rules were developed on")
    parser.add_argument("--show", action="store_true", help="every call")
    options = parser.parse_args(arguments)
    print(machine())
    praised, named, places, began = [], [], [], []
    with (DEV.with_suffix(".tsv") if options.dev else CORPUS / "coaching.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            script = find_script(row["script"])
            record = held(script, row["agent"], int(row.get("seed") or 1), DEV if options.dev else AGENTS)
            feedback = with_feedback(record, script).feedback
            assert feedback is not None
            wanted = {key: row[key].split(",") for key in ("strengths", "first", "steps") if key in row}
            first = feedback.strengths[0].id if feedback.strengths else "-"
            praised.append(first in wanted["strengths"])
            steps = [step.id for step in feedback.next_steps]
            named += [step in wanted["steps"] for step in steps]
            filled = [*steps, *["-"] * STEPS][:STEPS]
            places += [step in wanted["steps"] for step in filled]
            began += [filled[0] in wanted["first"]] if "first" in wanted else []
            if options.show:
                print(f"{row['script']} {row['agent']}: {first}, {steps}; the coach: {wanted}")
    print(share("first strength is one of the coach's (or both name none)", sum(praised), len(praised)))
    print(share("a next step is one of the coach's", sum(named), len(named)))
    print(share("of two places for a step, filled or left empty as the coach's", sum(places), len(places)))
    if began:
        print(share("the first step is what the coach names first", sum(began), len(began)))


if __name__ == "__main__":
    main()
