"""What a trainee shared, in a file of the trainee's own that outlives the calls: enough to find the copies again.

``<trainee>/shared.jsonl`` holds ``{"schema": 1, "at_utc", "with", "folder", "call", "files"}`` a line: when, with which
parts, to where, a digest by which copies of that call are known, and the SHA-256 that each file had when it was
written. No word of the call is in it.
"""

import json
from collections.abc import Iterable, Mapping
from hashlib import file_digest, sha256
from pathlib import Path

from voicesim.coach.agreement import identity
from voicesim.files import storage_errors
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


def digest_of(path: Path) -> str:
    """The SHA-256 of a file. Raises OSError."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def log_share(
    call: Path, record: CallRecord, *, at_utc: str, parts: list[str], copy: Path, files: Iterable[Path]
) -> None:
    """Nothing; afterwards the log of the trainee whose ``call`` it is says that it was shared.

    ``files`` are those that were written into the folder ``copy``. Raises StorageError.
    """
    owner = trainee_of(call)
    # Elsewhere than among a trainee's calls, only the record knows whose it is.
    trainee = record.trainee if owner == DEFAULTS["trainee"] else owner
    with storage_errors(copy, "read"):
        digests = {file.relative_to(copy).as_posix(): digest_of(file) for file in files}
    entry = {
        "schema": SCHEMA,
        "at_utc": at_utc,
        "with": parts,
        "folder": str(copy.resolve()),
        "call": call_key(record),
        "files": digests,
    }
    append_line(make_trainee(trainee) / FILE, entry)


def shared_calls(trainee: str) -> frozenset[str]:
    """The digests of the calls that were shared, also of those that were deleted since. Raises StorageError."""
    return frozenset(line["call"] for line in lines_in(share_log(trainee), SCHEMA) if isinstance(line.get("call"), str))


def shared_files(trainee: str) -> Mapping[str, Mapping[str, frozenset[str]]]:
    """By the folder to which calls were shared: the files written there, and the SHA-256 each had, once or more.

    Of earlier versions only the folders are known. Raises StorageError.
    """
    found: dict[str, dict[str, frozenset[str]]] = {}
    for line in lines_in(share_log(trainee), SCHEMA):
        folder, files = line.get("folder"), line.get("files")
        if isinstance(folder, str):
            known = found.setdefault(folder, {})
            for name, digest in files.items() if isinstance(files, dict) else ():
                known[name] = known.get(name, frozenset()) | {str(digest)}
    return found
