"""Whether a judge who does not know who told it finds that what the feedback names is what a fair coach would name.

    python tests/benchmarks/judged.py [--show]

For each closed call (``coaching.py``) a judge got one list (``_sheets.py --items``): what the feedback praises first
and tells to change, what two coaches would, and two decoys that neither names; each once, in an order that tells
nothing. The judge marked each: 2, a fair coach would name it here, as the one praise or among two changes; 1, true and
worth a word, but others come first; 0, not so, or unfair. The marks stand in corpus/coaching/judged.tsv. Prints how
often each of the three, and the decoys, are marked so. What is told otherwise today than it was then has no mark, and
is counted.

What it takes was set down before any sheet was made: 90 % of what the feedback praises first and of the steps it tells
are marked 2 by one judge at least (of coaches, what either names is right as well), and it lies no more than 5 points
below what the coaches tell; if more than 30 % of the decoys are marked so, the judges are too kind to say anything.
"""

import argparse
import csv
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from _table import machine, share
from coaching import CALLS, Opinion, held, opinions, told

from voicesim.wiring.keeping import with_feedback
from voicesim.wiring.library import find_script

Call = tuple[str, str, int]
MARKS = CALLS / "judged.tsv"
FEEDBACK, DECOY = "feedback", "decoy"
#: What names who told it, in the order of the table.
_TELLERS = (FEEDBACK, "coach", "another coach", DECOY)
_DRAWN = 4
#: What is told: a praise, and one or two changes.
_PLACES = ("praise", "first", "second")
#: The marks: what a coach would name, and what is not so; 1 lies between.
NAMED, WRONG = 2, 0


def told_by(table: Path) -> Mapping[Call, Mapping[str, tuple[str, ...]]]:
    """Call -> who -> what they tell: ``praise: ID`` and one or two ``change: ID``, or ``nothing`` in place of an id.

    Decoys are told to other calls, and neither told nor held right by any coach of this one.
    """
    by_call = opinions(table)
    found: dict[Call, dict[str, tuple[str, ...]]] = {}
    for call, by_coach in by_call.items():
        script_id, agent, seed = call
        script = find_script(script_id)
        feedback = with_feedback(held(script, agent, seed, table.with_suffix("")), script).feedback
        assert feedback is not None
        found[call] = {FEEDBACK: _items(*told(feedback))}
        for name, opinion in zip(_TELLERS[1:], by_coach.values(), strict=False):
            found[call][name] = _items(*opinion.told)
    chance = random.Random(_DRAWN)
    pool = [item for tellers in found.values() for one in tellers.values() for item in one if "nothing" not in item]
    for call, tellers in found.items():
        known = {item for one in tellers.values() for item in one} | _right(by_call[call].values())
        tellers[DECOY] = tuple(
            chance.choice([item for item in pool if item.startswith(kind) and item not in known])
            for kind in ("praise", "change")
        )
    return found


def _items(strength: str, steps: Sequence[str]) -> tuple[str, ...]:
    given = [step for step in steps if step != "-"] or ["nothing"]
    return (f"praise: {'nothing' if strength == '-' else strength}", *(f"change: {step}" for step in given))


def _right(by_coaches: Iterable[Opinion]) -> set[str]:
    return {
        item
        for one in by_coaches
        for item in (*(f"praise: {s}" for s in one.strengths), *(f"change: {s}" for s in (*one.first, *one.steps)))
    }


def items(by_call: Mapping[Call, Mapping[str, Sequence[str]]], call: Call) -> list[str]:
    """What a judge marks of a call: each thing once, praise first, else in no order."""
    every = sorted({item for one in by_call[call].values() for item in one})
    random.Random(repr(call)).shuffle(every)
    return sorted(every, key=lambda item: not item.startswith("praise"))


def marks(table: Path) -> Mapping[tuple[Call, str], Sequence[int]]:
    """(call, what is told) -> the mark of each judge."""
    found = defaultdict[tuple[Call, str], list[int]](list)
    with table.open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            found[(row["script"], row["agent"], int(row["seed"])), row["told"]].append(int(row["mark"]))
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--show", action="store_true", help="what of the feedback no judge would name")
    options = parser.parse_args(arguments)
    if not MARKS.is_file():
        sys.exit(f"Nobody has judged these calls: {MARKS} is missing. Sheets to judge: _sheets.py OUT --items")
    print(machine())
    given, missing = marks(MARKS), 0
    by_teller = defaultdict[tuple[str, str], list[Sequence[int]]](list)
    for call, tellers in told_by(CALLS / "closed.tsv").items():
        for teller, told_items in tellers.items():
            for place, item in enumerate(told_items):
                kind, _, name = item.partition(": ")
                if mark := given.get((call, item)):
                    by_teller[teller, kind].append(mark)
                    if place and teller != DECOY:
                        by_teller[teller, f"change, the {_PLACES[place]}"].append(mark)
                else:
                    missing += 1
                if options.show and teller == FEEDBACK and mark and NAMED not in mark:
                    print(f"{call[0]} {call[1]}: {kind} {name}, {mark}")
    for (teller, kind), every in sorted(by_teller.items(), key=lambda row: (row[0][1], _TELLERS.index(row[0][0]))):
        single = [mark for one in every for mark in one]
        print(f"{kind}, as {teller} tells it")
        print(share("  a fair coach would name it, each judge by itself", single.count(NAMED), len(single)))
        print(share("  .. one of the judges at least", sum(NAMED in one for one in every), len(every)))
        print(share("  not so, or unfair, one of the judges at least", sum(WRONG in one for one in every), len(every)))
    if missing:
        print(f"{missing} things are told otherwise than they were when the judges marked them")


if __name__ == "__main__":
    main()
