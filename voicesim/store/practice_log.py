"""The practice log of a trainee: what came of each drill, one JSON object a line, only ever appended to.

``<trainee>/practice.jsonl`` holds ``{"schema": 1, "at_utc", "drill", "items", "right", "seconds"}`` a line, and never
what was said. A line that was cut off in the middle (a full disk, a killed process) is left out, and so is one of
another schema: nobody loses a log for one line.
"""

import json
import os
from pathlib import Path

from voicesim.coach.practised import Practised
from voicesim.errors import InputError
from voicesim.files import owner_only, storage_errors, sync_folder
from voicesim.report.codec import decode, encode
from voicesim.store.places import make_trainee, trainee_folder

__all__ = ["FILE", "Practised", "log_practice", "practice_path", "practised"]

FILE = "practice.jsonl"
SCHEMA = 1


def practice_path(trainee: str) -> Path:
    """The file of a trainee's practice log; it may not exist."""
    return trainee_folder(trainee) / FILE


def log_practice(trainee: str, run: Practised) -> Path:
    """The log, which now ends with ``run`` and is on the disk. Raises StorageError."""
    path = make_trainee(trainee) / FILE
    entry = json.dumps({"schema": SCHEMA, **encode(run)}, ensure_ascii=False) + "\n"
    with storage_errors(path, "written"):
        is_new = not path.exists()
        with open(path, "a+b", opener=owner_only) as file:
            # What a cut-off line left must not swallow this one.
            torn = _ends_torn(file.fileno())
            file.write((b"\n" if torn else b"") + entry.encode(errors="replace"))
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            sync_folder(path.parent)
    return path


def practised(trainee: str) -> tuple[Practised, ...]:
    """Every run in the log, in the order in which they began; none if there is no log. Raises StorageError."""
    path = practice_path(trainee)
    with storage_errors(path, "read"):
        try:
            lines = path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return ()
    runs = [run for line in lines if (run := _run_in(line)) is not None]
    return tuple(sorted(runs, key=lambda run: run.at))


def _ends_torn(handle: int) -> bool:
    length = os.lseek(handle, 0, os.SEEK_END)
    if not length:
        return False
    os.lseek(handle, length - 1, os.SEEK_SET)
    return os.read(handle, 1) != b"\n"


def _run_in(line: bytes) -> Practised | None:
    try:
        values = json.loads(line)
        if not isinstance(values, dict) or values.get("schema") != SCHEMA:
            return None
        run: Practised = decode(Practised, values, "practice")
        return run if run.at.tzinfo and 0 <= run.right <= run.items else None
    except (ValueError, RecursionError, InputError):
        return None
