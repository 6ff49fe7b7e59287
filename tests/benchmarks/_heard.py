"""Writes down what a recognizer makes of the passes that detectors are fitted on: ``corpus/passes/heard-*.tsv``.

    python tests/benchmarks/_heard.py --cache FOLDER [PASS ..]

speaks and recognizes (``_spoken.py``, about 0.8 s of processor a reply; what the folder holds is not spoken again), so
that a fit needs neither voice nor recognizer. Of ``train-*`` it takes every sixth reply, three of four of them in the
voices that a recognizer hardly understands: they are what the judges have to learn. Their live transcripts are as good
as final ones and cost less. Of ``dev-c`` it takes the final transcript of each reply in the voice of its row, as
``techniques.py --spoken`` does. ``test-*`` is never spoken here.

Columns: ``row`` of the pass (from 0), ``persona`` who spoke, ``heard`` the text, ``confidence`` of each of its words in
percent.
"""

import argparse
import csv
import sys
from collections.abc import Sequence
from pathlib import Path

from _labelled import PASSES
from _spoken import TRAINEES, persona_of, recognized, texts

from voicesim.cli.frame import progress_bar
from voicesim.errors import VoicesimError
from voicesim.model import Transcript

#: Of every so many replies of a pass to fit on these are spoken, the last of them in a clear voice.
OF, SPOKEN = 24, (0, 3, 6, 9)
HEARD = (*sorted(path.stem for path in PASSES.glob("train-*.tsv")), "dev-c")


def spoken_rows(name: str, replies: int) -> dict[int, str]:
    """The rows of a pass that are spoken, and the persona of each.

    >>> list(spoken_rows("train-a", 28).items())
    [(0, 'system_man'), (3, 'system_woman'), (6, 'system_man'), (9, 'woman'), (24, 'system_man'), (27, 'system_woman')]
    """
    if not name.startswith("train"):
        return {row: persona_of(row) for row in range(replies)}
    return {row: _persona(*divmod(row, OF)) for row in range(replies) if row % OF in SPOKEN}


def _persona(group: int, row: int) -> str:
    turn, clear, hard = SPOKEN.index(row), TRAINEES["hibari"], TRAINEES["system"]
    return clear[2 * group % len(clear)] if row == SPOKEN[-1] else hard[turn % len(hard)]


def write(path: Path, rows: dict[int, str], heard: Sequence[Transcript]) -> None:
    """Write the file of a pass."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter="\t", quoting=csv.QUOTE_NONE, lineterminator="\n", quotechar=None)
        table.writerow(("row", "persona", "heard", "confidence"))
        for (row, persona), transcript in zip(rows.items(), heard, strict=True):
            percent = [round(100 * (word.confidence or 0.0)) for word in transcript.words]
            table.writerow((row, persona, transcript.text, " ".join(map(str, percent))))


def main() -> int:
    """0, or the exit code of what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("passes", nargs="*", default=HEARD, metavar="PASS", help=f"of {', '.join(HEARD)}; all if none")
    parser.add_argument("--cache", type=Path, required=True, help="folder of what was heard so far")
    options = parser.parse_args()
    if unknown := set(options.passes) - set(HEARD):
        parser.error(f"not to be spoken: {', '.join(sorted(unknown))}")
    for name in options.passes:
        replies = texts(PASSES / f"{name}.tsv")
        rows = spoken_rows(name, len(replies))
        try:
            with progress_bar(f"Speaking and recognizing {name}") as tell:
                wanted = [replies[row] for row in rows]
                personas, live = list(rows.values()), name.startswith("train")
                heard = recognized(wanted, cache=options.cache, personas=personas, live=live, progress=tell)
        except VoicesimError as error:
            print(error, file=sys.stderr)
            return error.exit_code
        write(PASSES / f"heard-{name}.tsv", rows, heard)
    return 0


if __name__ == "__main__":
    sys.exit(main())
