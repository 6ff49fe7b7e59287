"""How good the better replies are: heard by the detectors, spoken and recognized, and as somebody else labels them.

    python tests/benchmarks/advice.py [--places N] [--faults]
    python tests/benchmarks/advice.py --draw
    python tests/benchmarks/advice.py --labels
    python tests/benchmarks/advice.py --spoken FOLDER

Without options every reply of the bank is put into N places of calls (40), taken from all scripts in turn, and what is
heard there is counted: does it show one of its techniques, does it hold a mistake. ``--faults`` lists what fails.

``--draw`` writes a hundred replies, as calls with fixed seed would be given them, into ``corpus/advice-labels.tsv``
with an empty column for labels, and what they are for into ``corpus/advice-key.tsv``, which the person who labels does
not open. ``--labels`` compares once it is filled. ``--spoken`` speaks the same hundred and lets Whisper hear them;
FOLDER keeps what was recognized.
"""

import argparse
import csv
import math
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from voicesim.call.chance import Chance
from voicesim.call.understood import Understood
from voicesim.catalogue import CATALOGUE, Evidence
from voicesim.coach.bank import REGISTERS
from voicesim.files import shipped
from voicesim.model import Context, Kind, Transcript
from voicesim.wiring.bank import shipped_bank, situation_in
from voicesim.wiring.bank_check import Checked, Place, advised, filled_there, places_in, spread
from voicesim.wiring.engines import understood
from voicesim.wiring.library import read_script

CORPUS = Path(__file__).parent / "corpus"
LABELS, KEY = CORPUS / "advice-labels.tsv", CORPUS / "advice-key.tsv"
SEED, DRAWN = 6, 100
#: What can be labelled from one reply, and can be shown by one.
IDS = tuple(entry.id for entry in CATALOGUE.values() if entry.evidence is Evidence.REPLY)
ADVISED = tuple(entry.id for entry in CATALOGUE.values() if entry.evidence is not Evidence.CHANNELS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One reply of the draw: ``number`` from 1, the caller's line before it, and what it is for."""

    number: int
    caller: str
    text: str
    advice: str
    shows: tuple[str, ...]
    script: str


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share, 0..1."""
    z, share = 1.96, count / of
    middle, wide = share + z * z / (2 * of), z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle - wide) / (1 + z * z / of), (middle + wide) / (1 + z * z / of)


def places() -> dict[str, tuple[Place, ...]]:
    """Every line that waits for a reply, by script; shipped scripts alone."""
    scripts = [read_script(path) for path in sorted(shipped("scripts").glob("*.yaml"))]
    return {script.id: tuple(places_in(script, situation_in(script))) for script in scripts}


def sweep(most: int) -> Iterator[Checked]:
    """Every reply of the bank in up to ``most`` places."""
    bank, found = shipped_bank(), places()
    for advice_id, shelf in bank.shelves.items():
        for pattern in shelf.patterns:
            for place in spread(found, pattern, most):
                if checked := filled_there(bank, advice_id, pattern, place, understood):
                    yield checked


def draw() -> Iterator[Drawn]:
    """A hundred replies, each id in turn, no text twice."""
    bank, found, chance = shipped_bank(), places(), Chance("advice", SEED)
    texts: set[str] = set()
    while len(texts) < DRAWN:
        for advice_id in ADVISED:
            place = chance.pick(found[chance.pick(sorted(found))])
            register = chance.pick(REGISTERS)
            checked = advised(bank, advice_id, place, _deaf, register=register, turn=chance.whole(1, 12))
            if checked is None or checked.text in texts or len(texts) == DRAWN:
                continue
            texts.add(checked.text)
            yield Drawn(
                number=len(texts),
                caller=place.line.text,
                text=checked.text,
                advice=advice_id,
                shows=bank.shelves[checked.advice].shows,
                script=place.script,
            )


def _deaf(transcript: Transcript, context: Context) -> Understood:
    """Nobody listens while replies are drawn: what is heard decides nothing."""
    from voicesim.model import Heard

    return Understood(heard=Heard(transcript=transcript))


def write_draw() -> None:
    """Write the draw for somebody to label; refuses to overwrite labels."""
    if LABELS.exists() and any(row["labels"] for row in _rows(LABELS)):
        sys.exit(f"{LABELS.name} holds labels; delete it to draw again")
    drawn = list(draw())
    with LABELS.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter="\t", quoting=csv.QUOTE_NONE, lineterminator="\n", escapechar="\\")
        rows.writerow(("number", "caller", "text", "labels"))
        rows.writerows((one.number, one.caller, one.text, "") for one in drawn)
    with KEY.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter="\t", quoting=csv.QUOTE_NONE, lineterminator="\n", escapechar="\\")
        rows.writerow(("number", "advice", "shows", "script"))
        rows.writerows((one.number, one.advice, ",".join(one.shows), one.script) for one in drawn)
    print(f"{len(drawn)} replies in {LABELS.name}, what they are for in {KEY.name}")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _drawn() -> list[Drawn]:
    """The draw as it was written; what the bank says now does not change it."""
    key = {row["number"]: row for row in _rows(KEY)}
    return [
        Drawn(
            number=int(row["number"]),
            caller=row["caller"],
            text=row["text"],
            advice=key[row["number"]]["advice"],
            shows=tuple(key[row["number"]]["shows"].split(",")),
            script=key[row["number"]]["script"],
        )
        for row in _rows(LABELS)
    ]


def _heard(drawn: Sequence[Drawn], transcripts: Sequence[Transcript] | None = None) -> list[frozenset[str]]:
    """The sure ids in each reply, as a call would hear it."""
    from voicesim.call.text import typed

    found = places()
    heard = []
    for at, one in enumerate(drawn):
        place = next((p for p in found[one.script] if p.line.text == one.caller), found[one.script][0])
        words = transcripts[at] if transcripts else typed(one.text)
        heard.append(frozenset(f.id for f in understood(words, place.context).heard.findings if f.sure))
    return heard


def report(name: str, drawn: Sequence[Drawn], heard: Sequence[frozenset[str]]) -> None:
    """Print how many replies show what they are for, and how many hold a mistake."""
    shown = sum(bool(ids & set(one.shows)) for one, ids in zip(drawn, heard, strict=True))
    wrong = sum(any(CATALOGUE[i].kind is Kind.MISTAKE for i in ids) for ids in heard)
    clean = sum(
        bool(ids & set(one.shows)) and not any(CATALOGUE[i].kind is Kind.MISTAKE for i in ids)
        for one, ids in zip(drawn, heard, strict=True)
    )
    print(f"{name}: n = {len(drawn)}")
    for what, count in (("show what they are for", shown), ("hold a mistake", wrong), ("show it, no mistake", clean)):
        low, high = wilson(count, len(drawn))
        print(f"  {what:24} {count:4} = {100 * count / len(drawn):5.1f} %  (95 %: {100 * low:.1f} to {100 * high:.1f})")


def compare() -> int:
    """Print the agreement of the labels with what the replies are for and with the detectors."""
    drawn, rows = _drawn(), _rows(LABELS)
    if not any(row["labels"] for row in rows):
        print(f"{LABELS.name} is not labelled yet: see corpus/README.md")
        return 1
    labels = [frozenset(i for i in row["labels"].replace(" ", "").split(",") if i and i != "-") for row in rows]
    unknown = set().union(*labels) - set(IDS)
    if unknown:
        print(f"unknown labels: {', '.join(sorted(unknown))}")
        return 2
    heard = [ids & set(IDS) for ids in _heard(drawn)]
    report("as labelled", drawn, labels)
    report("as the detectors hear them", drawn, heard)
    common = sum(len(a & b) for a, b in zip(labels, heard, strict=True))
    given, found = sum(map(len, labels)), sum(map(len, heard))
    print(f"labels against detectors: {given} labels, {found} findings, {common} in common", end="")
    print(f", F1 {2 * common / (given + found):.2f}" if given + found else "")
    cells = len(drawn) * len(IDS)
    agreed = sum(len(IDS) - len(a ^ b) for a, b in zip(labels, heard, strict=True)) / cells
    chance = (given * found + (cells - given) * (cells - found)) / cells**2
    print(f"Cohen's kappa over {cells} cells: {(agreed - chance) / (1 - chance):.2f}")
    for one, a, b in zip(drawn, labels, heard, strict=True):
        if a != b:
            labelled, said = (",".join(sorted(ids)) or "-" for ids in (a, b))
            print(f"  {one.number:3} {one.advice:18} labelled {labelled:34} heard {said}")
    return 0


def main() -> int:
    """One of the four reports."""
    parser = argparse.ArgumentParser(description="How good the better replies are.")
    parser.add_argument("--places", type=int, default=40, help="places of calls for each reply")
    parser.add_argument("--faults", action="store_true", help="list the replies that fail")
    parser.add_argument("--draw", action="store_true", help="draw a hundred replies to be labelled")
    parser.add_argument("--labels", action="store_true", help="compare the labels")
    parser.add_argument("--spoken", type=Path, help="folder that keeps what was recognized")
    options = parser.parse_args()
    if options.draw:
        write_draw()
        return 0
    if options.labels:
        return compare()
    if options.spoken:
        from _spoken import recognized

        drawn = _drawn()
        transcripts = recognized([one.text for one in drawn], cache=options.spoken)
        report("typed", drawn, _heard(drawn))
        heard = _heard(drawn, transcripts)
        report("spoken and recognized", drawn, heard)
        for one, words, ids in zip(drawn, transcripts, heard, strict=True):
            faults = [f for f in ids if CATALOGUE[f].kind is Kind.MISTAKE]
            if options.faults and (faults or not ids & set(one.shows)):
                print(f"  {one.advice:18} heard {','.join(sorted(ids)) or '-':30} {words.text}")
        return 0
    return _report_sweep(options.places, faults=options.faults)


def _report_sweep(most: int, *, faults: bool) -> int:
    checked = list(sweep(most))
    failing = [one for one in checked if one.faults]
    mistakes = sum(any(f.sure and f.kind is Kind.MISTAKE for f in one.heard) for one in checked)
    patterns = len({one.pattern for one in checked})
    texts = len({one.text for one in checked})
    print(f"{patterns} replies, {len(checked)} times filled in, {texts} different texts")
    low, high = wilson(len(failing), len(checked))
    share = 100 * len(failing) / len(checked)
    print(f"fail: {len(failing)} = {share:.2f} % (95 %: {100 * low:.2f} to {100 * high:.2f})")
    print(f"of these hold a mistake: {mistakes}")
    for advice_id, count in Counter(one.advice for one in failing).most_common():
        print(f"  {advice_id:20} {count:4} of {sum(one.advice == advice_id for one in checked)}")
    if faults:
        for one in failing:
            print(f"{one.advice}\t{one.place.script}\t{one.text}\t{'; '.join(one.faults)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
