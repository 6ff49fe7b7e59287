"""Labelled replies: the rows of the corpus, read by split."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voicesim.catalogue import CATALOGUE, Evidence
from voicesim.model import Kind, Span, Transcript, Word

CORPUS = Path(__file__).parent / "corpus"
#: Replies written in independent passes: ``train-*``, ``dev-*``, ``test-*``.
PASSES = CORPUS / "passes"
REPLY_IDS = tuple(e.id for e in CATALOGUE.values() if e.evidence is Evidence.REPLY)

#: Which of them are mistakes.
MISTAKES = np.array([CATALOGUE[i].kind is Kind.MISTAKE for i in REPLY_IDS])
#: How files begin that hold what a recognizer made of a pass (``_heard.py`` makes them), and who heard it.
HEARD, HEARD_BY = "heard-", "whisper tiny.en"
#: Of a reply that was hardly heard nobody could tell what it means: under so many words, or this share of those said.
_LEAST_WORDS, _LEAST_SHARE = 3, 0.4

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One labelled reply; ``labels`` are right, ``trap_for`` would be wrong, ``source`` is the name of its file.

    Of a reply that was spoken ``text`` is what a recognizer heard, ``heard`` that with the words, ``said`` what
    ``persona`` said.
    """

    text: str
    labels: frozenset[str]
    trap_for: frozenset[str]
    domain: str
    source: str
    caller: str = ""
    form: str = ""
    register: str = ""
    heard: Transcript | None = None
    said: str = ""
    persona: str = ""


def read_passes(folder: Path, split: str) -> list[Labelled]:
    """The replies of a split, from all TSV files of a folder that it names.

    It names files by their beginning (``dev``, ``dev-k``), or a pass by its letter (``k``); commas part several names.
    """
    names = [name.strip() for name in split.split(",")]
    wanted = [f"*-{name}.tsv" if len(name) == 1 else f"{name}*.tsv" for name in names]
    paths = sorted({path for pattern in wanted for path in folder.glob(pattern)})
    return [reply for path in paths if not path.name.startswith(HEARD) for reply in _rows(path, split)]


def read_heard(folder: Path, split: str, *, hardly: bool) -> list[Labelled]:
    """The replies of a split (``train``, ``dev-c`` ..) as a recognizer heard them, ``text`` included.

    ``hardly``: with those that were hardly heard.
    """
    found = []
    for path in sorted(folder.glob(f"{HEARD}{split}*.tsv")):
        written = list(_rows(folder / path.name.removeprefix(HEARD), split))
        with path.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE):
                reply, heard = written[int(row["row"])], _transcript(row["heard"] or "", row["confidence"] or "")
                if hardly or len(heard.words) >= max(_LEAST_WORDS, _LEAST_SHARE * len(reply.text.split())):
                    persona = row["persona"] or ""
                    found.append(replace(reply, text=heard.text, heard=heard, said=reply.text, persona=persona))
    return found


def _transcript(text: str, percent: str) -> Transcript:
    """What was heard; each word lasts one sample, since nobody asks when it was said."""
    words = tuple(
        Word(text=word, span=Span(start=at, end=at + 1), confidence=int(sure) / 100)
        for at, (word, sure) in enumerate(zip(text.split(), percent.split(), strict=True))
    )
    return Transcript(words=words, text=text, engine=HEARD_BY)


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
                    register=row.get("register") or "",
                )


def _ids(cell: str | None) -> frozenset[str]:
    return frozenset(part.strip() for part in (cell or "").split(",") if part.strip())


def f1(labels: Flags, found: Flags) -> Floats:
    """F1 of each id (a column) that is labelled at least once, nan for the others."""
    both, either = (labels & found).sum(axis=0), labels.sum(axis=0) + found.sum(axis=0)
    return np.where(labels.any(axis=0), 2 * both / np.maximum(either, 1), np.nan)
