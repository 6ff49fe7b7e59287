"""Whether the feedback names what a coach would name: the first strength and the two next steps of stored calls.

    python tests/benchmarks/coaching.py [--dev] [--show]

The calls of corpus/coaching are held again (typed, the same every time). Coaches who had read the method, and had seen
neither detectors nor feedback, heard each call and named which strengths would be right to praise first, what the first
step should be, and which steps would be right among two, as ids of the method; ``-`` is none. Two coaches, apart, heard
the closed calls: what either names is right, and how often one names what the other did tells how well it can be done.
A call that takes another course than the one the coaches heard, since the detectors or a script changed, cannot be
compared any more. The closed calls are opened for a published table, and docs/quality.md says how often; nothing is
tuned on them. While there are none (no corpus/coaching/closed.tsv) it says so. Their writers were asked for five
kinds of agents (``kind``), which have rows of their own.

A further reader was asked otherwise: to weigh, from 0 to 10, everything in each call that should have been otherwise
(corpus/coaching/*.weights.tsv). What that reader would tell, the two heaviest of 4 or more, is judged by the coaches as
well: it says how far readers of the method agree who were not asked the same.

``--dev`` takes the calls of corpus/coaching/dev.tsv, on which the rules of the feedback were developed; some of them
have one coach.
"""

import argparse
import csv
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from _table import machine, share

from voicesim.call.agents import AVERAGE, agent_record
from voicesim.call.replies import typed_replies
from voicesim.call.text import hold_typed
from voicesim.call.understood import Understand
from voicesim.call.watch import Watcher
from voicesim.model import CallRecord, Feedback
from voicesim.script.model import Script
from voicesim.wiring.engines import understood
from voicesim.wiring.keeping import with_feedback
from voicesim.wiring.library import find_script

CALLS = Path(__file__).parent / "corpus" / "coaching"
AGENTS = Path(__file__).parents[1] / "agents"
#: How many next steps a coach would name; an empty place is right where a coach named none as well.
STEPS = 2
#: What weighs so much is "worth one of two next steps", as readers who weighed were asked.
WORTH_A_STEP = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What one coach would praise first, what the first step should be, and what would be right among two steps."""

    strengths: Sequence[str]
    first: Sequence[str]
    steps: Sequence[str]

    @property
    def told(self) -> tuple[str, Sequence[str]]:
        """The strength and the two steps that this coach would tell."""
        steps = [*self.first, *(step for step in self.steps if step not in self.first)]
        return self.strengths[0], [*steps, *["-"] * STEPS][:STEPS]

    @property
    def left_empty(self) -> int:
        """How many of the two places this coach would leave empty, if need be."""
        none = "-" in self.first or all(step == "-" for step in self.steps)
        return STEPS if none else int("-" in self.steps)


@dataclass(slots=True)
class Agreed:
    """How often what is told is named by a coach: first strengths, steps, places for a step, first steps."""

    rows: dict[str, list[bool]] = field(default_factory=dict)

    def count(self, strength: str, steps: Sequence[str], right: Sequence[Opinion]) -> bool:
        """Compare with what is right by any of these coaches; whether all of it is."""
        named = {step for one in right for step in one.steps}
        filled = [*steps, *["-"] * STEPS][:STEPS]
        given = [step for step in filled if step != "-"]
        left, least = STEPS - len(given), max(one.left_empty for one in right)
        new = {
            "first strength, or none where a coach names none": [any(strength in one.strengths for one in right)],
            "next step": [step in named for step in given],
            "place for a step, empty where a coach leaves one": [
                *(step in named for step in given),
                *(number < least for number in range(left)),
            ],
        }
        if first := {step for one in right for step in one.first}:
            new["first step is what a coach names first"] = [filled[0] in first]
        for name, hits in new.items():
            self.rows.setdefault(name, []).extend(hits)
        return all(hit for hits in new.values() for hit in hits)

    def lines(self) -> Iterator[str]:
        """The rows as text."""
        return (share(name, sum(hits), len(hits)) for name, hits in self.rows.items())


def held(script: Script, agent: str, seed: int, folder: Path, understand: Understand = understood) -> CallRecord:
    """The record of one of the calls."""
    if agent == AVERAGE.name:
        return agent_record(script, AVERAGE, understand, seed=seed)
    name = f"{script.id}.{agent}.txt"
    path = next(place / name for place in (folder, AGENTS) if (place / name).is_file())
    call = hold_typed(script, typed_replies(path.read_text(encoding="utf-8")), understand, seed=seed, watcher=Watcher())
    return call.recorder.record(call.ending, seed=seed, engines={})


def calls(table: Path) -> Iterator[tuple[tuple[str, str, int], Mapping[str, str]]]:
    """(script, agent, seed) and the row, for each row of a table."""
    with table.open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            yield (row["script"], row["agent"], int(row["seed"])), row


def opinions(table: Path) -> Mapping[tuple[str, str, int], Mapping[str, Opinion]]:
    """(script, agent, seed) -> coach -> opinion."""
    found: dict[tuple[str, str, int], dict[str, Opinion]] = {}
    for call, row in calls(table):
        named = {key: tuple(filter(None, row[key].split(","))) for key in ("strengths", "first", "steps")}
        found.setdefault(call, {})[row["coach"]] = Opinion(**named)
    return found


def kinds(table: Path) -> Mapping[tuple[str, str, int], str]:
    """(script, agent, seed) -> the kind of agent that its writer was asked for; empty where a table has none."""
    return {call: row["kind"] for call, row in calls(table) if "kind" in row}


def weighed(table: Path) -> Mapping[tuple[str, str, int], Opinion]:
    """(script, agent, seed) -> what a reader would tell who weighed everything: the heaviest first, then the others."""
    found: dict[tuple[str, str, int], dict[str, float]] = {}
    for call, row in calls(table):
        weights = found.setdefault(call, {})
        weights[row["id"]] = max(weights.get(row["id"], 0.0), float(row["weight"]))
    return {call: _by_weight(weights) for call, weights in found.items()}


def _by_weight(weights: Mapping[str, float]) -> Opinion:
    heavy = sorted((i for i in weights if weights[i] >= WORTH_A_STEP), key=lambda i: -weights[i])
    first = [i for i in heavy if weights[i] == weights[heavy[0]]]
    return Opinion(strengths=("-",), first=first or ("-",), steps=heavy or ("-",))


def told(feedback: Feedback) -> tuple[str, list[str]]:
    """The first strength and the next steps of a feedback, as ids."""
    strength = feedback.strengths[0].id if feedback.strengths else "-"
    return strength, [step.id for step in feedback.next_steps]


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--dev", action="store_true", help="the calls that the rules were developed on")
    parser.add_argument("--show", action="store_true", help="every call")
    options = parser.parse_args(arguments)
    part = "dev" if options.dev else "closed"
    if not (CALLS / f"{part}.tsv").is_file():
        sys.exit(f"There are no {part} calls: {CALLS / part}.tsv is missing. Those of the rules: --dev")
    print(machine())
    ours, coaches = Agreed(), Agreed()
    kind_of, by_kind = kinds(CALLS / f"{part}.tsv"), defaultdict[str, Agreed](Agreed)
    for (script_id, agent, seed), by_coach in opinions(CALLS / f"{part}.tsv").items():
        script = find_script(script_id)
        feedback = with_feedback(held(script, agent, seed, CALLS / part), script).feedback
        assert feedback is not None
        strength, steps = told(feedback)
        right = ours.count(strength, steps, list(by_coach.values()))
        if kind := kind_of.get((script_id, agent, seed)):
            by_kind[kind].count(strength, steps, list(by_coach.values()))
        if options.show and not right:
            print(f"{script_id} {agent}: {strength}, {steps}; coaches: {[*by_coach.values()]}")
        for name, opinion in by_coach.items():
            others = [other for coach, other in by_coach.items() if coach != name]
            if others:
                coaches.count(*opinion.told, others)
    print("the feedback against the coaches", *ours.lines(), sep="\n")
    print("one coach against the other", *coaches.lines(), sep="\n")
    if (weights := CALLS / f"{part}.weights.tsv").is_file():
        reader, right = Agreed(), opinions(CALLS / f"{part}.tsv")
        for call, opinion in weighed(weights).items():
            reader.count(*opinion.told, list(right[call].values()))
        lines = (line for line in reader.lines() if "strength" not in line)
        print("who weighed everything, against the coaches", *lines, sep="\n")
    for kind, agreed in by_kind.items():
        print(f"of these: {kind}", *agreed.lines(), sep="\n")


if __name__ == "__main__":
    main()
