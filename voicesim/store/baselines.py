"""The baselines of each trainee, one file for each headset: numbers only, never sound.

``neutral`` is what later replies are compared with; ``helpful`` is how the same voice sounds toward a customer whom the
trainee likes, kept to be shown and never compared with.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voicesim.errors import InputError
from voicesim.files import storage_errors, write_text
from voicesim.model import Baseline
from voicesim.report.codec import decode, encode
from voicesim.store.places import baseline_path, make_trainee, trainee_folder

#: What the figures of a baseline mean; those of another one cannot be compared with, and are made anew.
SCHEMA = 3

_AGAIN = "Run: voicesim calibrate"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBaseline:
    """What is kept of one trainee and headset; ``helpful`` is None if it was not recorded."""

    neutral: Baseline
    helpful: Baseline | None


def baseline_for(trainee: str, headset: str) -> Baseline | None:
    """The trainee's neutral baseline through ``headset`` (the microphone's name), None if there is none.

    One of an earlier :data:`SCHEMA` counts as none. Raises InputError for a file that holds no baseline, StorageError
    for one that cannot be read.
    """
    stored = _read(baseline_path(trainee, headset))
    return stored.neutral if stored else None


def save_baseline(neutral: Baseline, helpful: Baseline | None = None) -> Path:
    """The file that now holds both, in place of earlier ones of the same trainee and headset. Raises StorageError."""
    make_trainee(neutral.trainee)
    path = baseline_path(neutral.trainee, neutral.headset)
    content = {"schema": SCHEMA, "neutral": encode(neutral), "helpful": encode(helpful)}
    write_text(path, json.dumps(content, indent=1, ensure_ascii=False) + "\n", private=True)
    return path


def stored_baselines(trainee: str) -> tuple[StoredBaseline, ...]:
    """All that is kept of a trainee, the newest first; raises as :func:`baseline_for`."""
    stored = [found for path in _paths(trainee) if (found := _read(path))]
    return tuple(sorted(stored, key=lambda found: found.neutral.made_utc, reverse=True))


def forget_baselines(trainee: str) -> int:
    """How many headsets' baselines of the trainee were deleted. Raises StorageError."""
    paths = _paths(trainee)
    for path in paths:
        with storage_errors(path, "deleted"):
            path.unlink()
    return len(paths)


def _paths(trainee: str) -> list[Path]:
    folder = trainee_folder(trainee) / "baselines"
    with storage_errors(folder, "read"):
        return sorted(folder.glob("*.json")) if folder.is_dir() else []


def _read(path: Path) -> StoredBaseline | None:
    """What a file holds; None if there is none, or if its figures were measured in another way."""
    with storage_errors(path, "read"):
        try:
            values: Any = json.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (ValueError, RecursionError) as error:
            raise InputError("this is no saved baseline (no JSON)", where=str(path), mend=_AGAIN) from error
    if isinstance(values, dict) and values.get("schema") in range(1, SCHEMA):
        return None
    try:
        found: StoredBaseline = decode(StoredBaseline, values, "baseline")
    except InputError as error:
        key = (error.where or "").removeprefix("call.json: ")
        raise InputError(f"this is no saved baseline ({key}: {error.what})", where=str(path), mend=_AGAIN) from error
    return found
