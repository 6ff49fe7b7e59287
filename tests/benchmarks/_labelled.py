"""Labelled replies: the rows of the corpus, read by split."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voicesim.catalogue import CATALOGUE, Evidence
from voicesim.model import Kind

CORPUS = Path(__file__).parent / "corpus"
#: Replies written in independent passes: ``train-*``, ``dev-*``, ``test-*``.
PASSES = CORPUS / "passes"
REPLY_IDS = tuple(e.id for e in CATALOGUE.values() if e.evidence is Evidence.REPLY)

#: Which of them are mistakes.
MISTAKES = np.array([CATALOGUE[i].kind is Kind.MISTAKE for i in REPLY_IDS])

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One labelled reply; ``labels`` are right, ``trap_for`` would be wrong, ``source`` is the name of its file."""

    text: str
    labels: frozenset[str]
    trap_for: frozenset[str]
    domain: str
    source: str
    caller: str = ""
    form: str = ""


def read_passes(folder: Path, split: str) -> list[Labelled]:
    """The replies of a split, from all TSV files of a folder that it names.

    It names files by their beginning (``dev``, ``dev-k``), or a pass by its letter (``k``); commas part several names.
    """
    names = [name.strip() for name in split.split(",")]
    wanted = [f"*-{name}.tsv" if len(name) == 1 else f"{name}*.tsv" for name in names]
    paths = sorted({path for pattern in wanted for path in folder.glob(pattern)})
    return [reply for path in paths for reply in _rows(path, split)]


def _rows(path: Path, split: str) -> Iterator[Labelled]:
    with path.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row.get("split", split) == split:
                yield Labelled(
                    text=row["text"] or "",
                    labels=_ids(row["labels"]),
                    trap_for=_ids(row["trap_for"]),
                    domain=row["domain"] or "",
                    source=path.stem,
                    caller=row.get("caller") or "",
                    form=row.get("form") or "",
                )


def _ids(cell: str | None) -> frozenset[str]:
    return frozenset(part.strip() for part in (cell or "").split(",") if part.strip())


def f1(labels: Flags, found: Flags) -> Floats:
    """F1 of each id (a column) that is labelled at least once, nan for the others."""
    both, either = (labels & found).sum(axis=0), labels.sum(axis=0) + found.sum(axis=0)
    return np.where(labels.any(axis=0), 2 * both / np.maximum(either, 1), np.nan)
