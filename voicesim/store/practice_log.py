"""The practice log of a trainee: what came of each drill, one JSON object a line, only ever appended to.

``<trainee>/practice.jsonl`` holds ``{"schema": 1, "at_utc", "drill", "items", "right", "seconds"}`` a line, and never
what was said. A line that was cut off in the middle (a full disk, a killed process) is left out, and so is one of
another schema: nobody loses a log for one line.
"""

from pathlib import Path
from typing import Any

from voicesim.coach.practised import Practised
from voicesim.errors import InputError
from voicesim.report.codec import decode, encode
from voicesim.store.lines import append_line, lines_in
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
    append_line(path, {"schema": SCHEMA, **encode(run)})
    return path


def practised(trainee: str) -> tuple[Practised, ...]:
    """Every run in the log, in the order in which they began; none if there is no log. Raises StorageError."""
    lines = lines_in(practice_path(trainee), SCHEMA)
    runs = [run for line in lines if (run := _run_in(line)) is not None]
    return tuple(sorted(runs, key=lambda run: run.at))


def _run_in(values: dict[str, Any]) -> Practised | None:
    try:
        run: Practised = decode(Practised, values, "practice")
        return run if run.at.tzinfo and 0 <= run.right <= run.items else None
    except (ValueError, RecursionError, InputError):
        return None
