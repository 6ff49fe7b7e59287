"""How well techniques are found: precision, recall and F1 of each id on labelled replies, and the traps taken.

Run: ``python tests/benchmarks/techniques.py [--split dev] [--corpus FOLDER] [--misses]``.

The corpus is a folder of TSV files named after their split (``dev*.tsv``) with the columns ``domain``, ``text``,
``labels`` (ids separated by commas, empty for none), ``trap_for`` (ids that must not be found) and, if a file holds
several splits, ``split``. Only sure findings count as found. The macro
value is the mean F1 of the ids with evidence ``reply`` that the corpus labels at least once. ``--bare`` reads the
replies as a recognizer writes them: lower case, no punctuation.
"""

import argparse
import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from voicesim.catalogue import CATALOGUE, Evidence
from voicesim.language.techniques import find
from voicesim.model import Context, Transcript

CORPUS = Path(__file__).parent / "corpus"
REPLY_IDS = tuple(e.id for e in CATALOGUE.values() if e.evidence is Evidence.REPLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One labelled reply; ``labels`` are right, ``trap_for`` would be wrong."""

    text: str
    labels: frozenset[str]
    trap_for: frozenset[str]
    domain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Counts of one id over a corpus."""

    id: str
    hit: int
    false: int
    missed: int

    @property
    def precision(self) -> float | None:
        """Share (0..1) of what was found that is right."""
        return self.hit / (self.hit + self.false) if self.hit + self.false else None

    @property
    def recall(self) -> float | None:
        """Share (0..1) of what is there that was found."""
        return self.hit / (self.hit + self.missed) if self.hit + self.missed else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of both, None for an id that the corpus does not label."""
        return 2 * self.hit / (2 * self.hit + self.false + self.missed) if self.hit + self.missed else None


def read(folder: Path, split: str) -> list[Labelled]:
    """The replies of one split from all TSV files of a folder that are named after it."""
    replies: list[Labelled] = []
    for path in sorted(folder.glob(f"{split}*.tsv")):
        with path.open(encoding="utf-8", newline="") as rows:
            table = csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE)
            replies += [_labelled(row) for row in table if row.get("split", split) == split]
    return replies


def _labelled(row: dict[str, str | None]) -> Labelled:
    return Labelled(
        text=row["text"] or "", labels=_ids(row["labels"]), trap_for=_ids(row["trap_for"]), domain=row["domain"] or ""
    )


def _ids(cell: str | None) -> frozenset[str]:
    return frozenset(part.strip() for part in (cell or "").split(",") if part.strip())


def found(text: str, *, bare: bool) -> frozenset[str]:
    """The ids that are surely found in a reply."""
    if bare:
        text = re.sub(r"[^\w' ]", "", text.replace("-", " ")).lower()
    findings = find(Transcript(words=(), text=text, engine="typed"), Context())
    return frozenset(f.id for f in findings if f.sure and f.id in REPLY_IDS)


def scores(replies: Sequence[Labelled], answers: Sequence[frozenset[str]]) -> Iterator[Score]:
    """The score of each id with evidence ``reply``."""
    for name in REPLY_IDS:
        counts = Counter((name in reply.labels, name in answer) for reply, answer in zip(replies, answers, strict=True))
        yield Score(id=name, hit=counts[True, True], false=counts[False, True], missed=counts[True, False])


def _shown(value: float | None) -> str:
    return "    -" if value is None else f"{value:5.2f}"


def report(replies: Sequence[Labelled], answers: Sequence[frozenset[str]], *, misses: bool) -> None:
    """Print the table, the macro F1 and the traps taken."""
    table = list(scores(replies, answers))
    print(f"{'id':18} {'n':>4} {'prec':>5} {'rec':>5} {'F1':>5}")
    for score in table:
        print(
            f"{score.id:18} {score.hit + score.missed:4d} {_shown(score.precision)} {_shown(score.recall)} "
            f"{_shown(score.f1)}"
        )
    known = [score.f1 for score in table if score.f1 is not None]
    traps = [(reply, reply.trap_for & answer) for reply, answer in zip(replies, answers, strict=True) if reply.trap_for]
    print(f"replies {len(replies)}   macro F1 {sum(known) / len(known):.3f} over {len(known)} ids" if known else "none")
    print(f"traps taken {sum(bool(taken) for _, taken in traps)} of {len(traps)}")
    for reply, answer in zip(replies, answers, strict=True) if misses else ():
        lost, extra = sorted(reply.labels - answer), sorted(answer - reply.labels)
        if lost or extra:
            print(f"missed {','.join(lost) or '-'}  false {','.join(extra) or '-'}  | {reply.text}")


def main() -> int:
    """0, or 2 without a corpus."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="folder of TSV files")
    parser.add_argument("--split", default="dev", help="dev (default) or test")
    parser.add_argument("--bare", action="store_true", help="lower case, no punctuation")
    parser.add_argument("--misses", action="store_true", help="print every reply that was not read as labelled")
    options = parser.parse_args()
    replies = read(options.corpus, options.split)
    if not replies:
        print(f"no labelled replies of split {options.split!r} in {options.corpus}", file=sys.stderr)
        return 2
    report(replies, [found(reply.text, bare=options.bare) for reply in replies], misses=options.misses)
    return 0


if __name__ == "__main__":
    sys.exit(main())
