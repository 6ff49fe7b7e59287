"""What people said about a call, in its folder: ``review.json``, beside a ``call.json`` that nobody changes.

``{"schema": 1, "entries": [{"kind", "by", "role", "at_utc", "turn", "at_s", "finding", "verdict", "points", "note",
"phase", "blind"}]}``. Entries are only ever added, by a rewrite that is whole or not there; several processes take
turns. What a later version wrote stays in the file as it is. A file that cannot be read is told, and kept aside when
the next entry comes.
"""

import contextlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from voicesim.coach.review import ReviewEntry
from voicesim.errors import InputError, StorageError
from voicesim.files import storage_errors, write_text
from voicesim.locks import FileLock
from voicesim.report.codec import decode, encode

REVIEW = "review.json"
SCHEMA = 1
_LOCK = ".review.lock"
_ASIDE = "review.broken-{}.json"
_NO_REVIEW = "this is no review, or it is damaged"
#: Each waits a second for the lock: many may write at once, and each writes for a moment only.
_TRIES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The entries of a call that can be read, in the order in which they were made; ``told`` says what cannot."""

    entries: tuple[ReviewEntry, ...] = ()
    told: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """What the file holds: every entry as it is written; ``broken`` if it is no review at all."""

    raw: tuple[Any, ...] = ()
    broken: bool = False


def review_of(folder: Path) -> Review:
    """What was said about the call in a folder; nothing if there is no review. Raises StorageError, InputError.

    InputError only for a file of a later schema.
    """
    path = folder / REVIEW
    file = _read(path)
    if file.broken:
        return Review(told=f"{path}: {_NO_REVIEW}; it is kept aside with the next entry.")
    return _readable(path, file)


def review_in(path: Path) -> Review:
    """What a ``review.json`` says, or the one in a folder. Raises InputError if it is none, StorageError."""
    path = path / REVIEW if path.is_dir() else path
    if not path.is_file():
        raise InputError("there is no review", where=str(path), mend=f"Name a {REVIEW}, or the folder of a call.")
    file = _read(path)
    if file.broken:
        raise InputError(_NO_REVIEW, where=str(path), mend=f"Name a {REVIEW}, or the folder of a call.")
    review = _readable(path, file)
    if review.told is not None and not review.entries:
        raise InputError("no entry of this review can be read", where=str(path))
    return review


def add_entries(folder: Path, entries: Sequence[ReviewEntry]) -> str | None:
    """What to tell the person (None: nothing); afterwards the entries are the last ones in the folder's review.

    They are taken as :func:`voicesim.coach.review.checked_entry` gives them.
    Raises StorageError, InputError for a file of a later schema.
    """
    path = folder / REVIEW
    with _alone(folder):
        file = _read(path)
        told = _put_aside(folder) if file.broken else None
        write_text(path, review_text(entries, after=file.raw), private=True)
    return told


def review_text(entries: Sequence[ReviewEntry], *, after: Sequence[Any] = ()) -> str:
    """The text of a ``review.json`` with the entries, ``after`` what one holds already."""
    whole = {"schema": SCHEMA, "entries": [*after, *(encode(entry) for entry in entries)]}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def review_files(folder: Path) -> tuple[Path, ...]:
    """Every file that may hold something of a review, also what was kept aside."""
    return (folder / REVIEW, folder / _LOCK, *sorted(folder.glob(_ASIDE.format("*"))))


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    taken = StorageError("another voicesim is just writing this review", where=str(folder), mend="Try again.")
    for tries_left in reversed(range(_TRIES)):
        try:
            lock = FileLock(folder / _LOCK, taken=taken)
            break
        except StorageError as error:
            if error is not taken or not tries_left:
                raise
    try:
        yield
    finally:
        lock.release()


def _put_aside(folder: Path) -> str:
    number = 1
    while (aside := folder / _ASIDE.format(number)).exists():
        number += 1
    with storage_errors(folder / REVIEW, "kept aside"):
        (folder / REVIEW).rename(aside)
    return f"{folder / REVIEW}: this was no review, or it was damaged; it is kept aside as {aside.name}."


def _readable(path: Path, file: _File) -> Review:
    entries, unknown = [], 0
    for raw in file.raw:
        entry = _entry(raw)
        if entry is None:
            unknown += 1
        else:
            entries.append(entry)
    left = f"{unknown} {'entry' if unknown == 1 else 'entries'} of {len(file.raw)}"
    return Review(entries=tuple(entries), told=f"{path}: {left} cannot be read and stay aside." if unknown else None)


def _read(path: Path) -> _File:
    with storage_errors(path, "read"):
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return _File()
    try:
        data = json.loads(content)
        schema, raw = data["schema"], data["entries"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return _File(broken=True)
    if isinstance(schema, int) and schema > SCHEMA:
        mend = "Open it with the version of voicesim that wrote it."
        raise InputError(f"schema {schema} is not {SCHEMA}", where=str(path), mend=mend)
    return _File(raw=tuple(raw)) if schema == SCHEMA and isinstance(raw, list) else _File(broken=True)


def _entry(raw: Any) -> ReviewEntry | None:
    try:
        entry: ReviewEntry = decode(ReviewEntry, raw, "entry")
        return entry if entry.by.strip() and datetime.fromisoformat(entry.at_utc).tzinfo else None
    except (ValueError, RecursionError, InputError):
        return None
