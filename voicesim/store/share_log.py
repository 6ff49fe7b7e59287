"""What a trainee shared, in a file of the trainee's own that outlives the calls: enough to find the copies again.

``<trainee>/shared.jsonl`` holds ``{"schema": 1, "at_utc", "with", "folder", "call"}`` a line: when, with which parts,
to where, and a digest by which copies of that call are known. No word of the call is in it.
"""

import json
from hashlib import sha256
from pathlib import Path

from voicesim.coach.agreement import identity
from voicesim.model import CallRecord
from voicesim.settings import DEFAULTS
from voicesim.store.lines import append_line, lines_in
from voicesim.store.places import make_trainee, trainee_folder, trainee_of

FILE = "shared.jsonl"
SCHEMA = 1


def share_log(trainee: str) -> Path:
    """The file; it may not exist."""
    return trainee_folder(trainee) / FILE


def call_key(record: CallRecord) -> str | None:
    """What copies of one call have in common, as a digest; None if the record does not say when the call began."""
    known = identity(record)
    return None if known is None else sha256(json.dumps(known).encode()).hexdigest()


def log_share(call: Path, record: CallRecord, *, at_utc: str, parts: list[str], copy: Path) -> None:
    """Nothing; afterwards the log of the trainee whose ``call`` it is says that it was shared. Raises StorageError."""
    owner = trainee_of(call)
    # Elsewhere than among a trainee's calls, only the record knows whose it is.
    trainee = record.trainee if owner == DEFAULTS["trainee"] else owner
    entry = {"schema": SCHEMA, "at_utc": at_utc, "with": parts, "folder": str(copy), "call": call_key(record)}
    append_line(make_trainee(trainee) / FILE, entry)


def shared_calls(trainee: str) -> frozenset[str]:
    """The digests of the calls that were shared, also of those that were deleted since. Raises StorageError."""
    return frozenset(line["call"] for line in lines_in(share_log(trainee), SCHEMA) if isinstance(line.get("call"), str))


def shared_folders(trainee: str) -> tuple[str, ...]:
    """To where calls were shared, each once. Raises StorageError."""
    found = (line.get("folder") for line in lines_in(share_log(trainee), SCHEMA))
    return tuple(dict.fromkeys(folder for folder in found if isinstance(folder, str)))
