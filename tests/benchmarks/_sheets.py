"""Calls as sheets for readers: coaches, labellers, and judges of what the feedback tells.

    python tests/benchmarks/_sheets.py OUT [--replies FOLDER] [--seed N] [--into N] [--items]

Holds each call of a folder of replies (corpus/coaching/closed) and writes what was said with its briefing, the
trainer's goals and how it ended, under a number that tells neither agent nor kind: OUT/0.txt, OUT/1.txt .., and
OUT/key.tsv with the numbers. What readers are asked stands in corpus/asked. ``--items`` adds to each call the list that
a judge marks (``judged.py``): what the feedback and the coaches tell and two decoys, in an order that tells nothing.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from coaching import CALLS, held
from judged import items, told_by

from voicesim.call.understood import Understand
from voicesim.model import CallRecord
from voicesim.script.model import Script
from voicesim.wiring.engines import understood
from voicesim.wiring.library import find_script

#: The order of the calls: the same each time, and no order of agents.
_SHUFFLED = 9


def sheet(name: str, script: Script, record: CallRecord) -> Iterator[str]:
    """The lines of one call."""
    briefing = script.briefing
    yield f"=== {name} ==="
    yield f"The trainee is {briefing.you_are}."
    yield f"Sees: {'; '.join(briefing.you_see)}."
    yield f"Verify: {'; '.join(briefing.verify) or '-'}."
    yield f"May offer: {'; '.join(words[0] for words in briefing.may_offer.values()) or '-'}."
    yield f"May not: {'; '.join(words[0] for words in briefing.may_not.values()) or '-'}."
    yield f"Refer to: {briefing.refer_to or '-'}."
    yield "Goals: " + " | ".join(f"{goal}: {text}" for goal, text in script.goals.items())
    for number, turn in enumerate(record.turns, 1):
        yield f"{number} CALLER: {turn.line.text}"
        said = f": {turn.reply.final.transcript.text}" if turn.reply else " says nothing"
        yield f"{number} AGENT{said}"
    good = {True: "good", False: "not good", None: "stopped"}[record.ending.good]
    yield f"Ended: {record.ending} ({good})"


def calls(folder: Path, seed: int, understand: Understand = understood) -> list[tuple[Script, str, CallRecord]]:
    """(script, agent, record) of every call of a folder, in an order that tells nothing."""
    found = []
    for path in sorted(folder.glob("*.txt")):
        script_id, agent = path.name.split(".")[:2]
        script = find_script(script_id)
        found.append((script, agent, held(script, agent, seed, folder, understand)))
    random.Random(_SHUFFLED).shuffle(found)
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Hold the calls and write the sheets."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path, help="folder for the sheets")
    parser.add_argument("--replies", type=Path, default=CALLS / "closed", help="folder of SCRIPT.AGENT.txt")
    parser.add_argument("--seed", type=int, default=31, help="seed of the calls")
    parser.add_argument("--into", type=int, default=2, help="how many sheets")
    parser.add_argument("--items", action="store_true", help="add what a judge marks")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    every = calls(options.replies, options.seed)
    told = told_by(CALLS / "closed.tsv") if options.items else {}
    sheets: list[list[str]] = [[] for _ in range(options.into)]
    key = ["call\tscript\tagent\tseed"]
    for number, (script, agent, record) in enumerate(every):
        name = f"{number:03d}"
        key.append(f"{name}\t{script.id}\t{agent}\t{options.seed}")
        lines = [*sheet(name, script, record)]
        if options.items:
            lines += ["Marks:", *items(told, (script.id, agent, options.seed))]
        sheets[number * options.into // len(every)] += [*lines, ""]
    for number, part in enumerate(sheets):
        (options.out / f"{number}.txt").write_text("\n".join(part), encoding="utf-8")
    (options.out / "key.tsv").write_text("\n".join(key) + "\n", encoding="utf-8")
    print(f"{len(every)} calls on {options.into} sheets in {options.out}")


if __name__ == "__main__":
    main()
