"""Attempts: replies to a turn of a stored call that were given again, or taken back in it. Only ever added to.

::

    <call>/attempts/attempts.jsonl     one attempt a line: {"schema": 1, .. the fields of :class:`Attempt`}
    <call>/attempts/<turn>-<n>.flac    what the microphone heard in it, if it was spoken

Sound is on the disk before the line that names it, and a line before anybody is told. A line that was cut off, as by a
kill, counts as never written.
"""

import json
import os
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from voicesim.errors import InputError, StorageError
from voicesim.files import make_folder, owner_only, storage_errors, sync_folder, write_flac
from voicesim.locks import FileLock
from voicesim.model import CallState, Ending, Influence, Line, Reply, Samples, Turn
from voicesim.report.codec import decode, encode

ATTEMPTS = "attempts"
SCHEMA = 1
_LIST, _LOCK = "attempts.jsonl", ".lock"


class By(StrEnum):
    """How an attempt was made: afterwards on a headset, from sound files or typed; or taken back during the call."""

    HEADSET = "headset"
    FILES = "files"
    TEXT = "text"
    IN_CALL = "in_call"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Another reply to turn ``turn`` (from 1) of a call, and what it did: the ``n``-th attempt at that turn.

    ``line`` is what the caller said to it; ``ending`` how the call ended with it, or with ``on``, the turns in which
    the call went on after it. ``sound`` is the file of the microphone, from the call's folder; spans count from its
    beginning, those of an attempt in the call from the call's own.
    """

    turn: int
    n: int = 0
    at_utc: str
    by: By
    reply: Reply
    before: CallState
    after: CallState
    influences: tuple[Influence, ...]
    line: Line
    ending: Ending | None = None
    on: tuple[Turn, ...] = ()
    sound: str | None = None


def attempts_of(folder: Path) -> tuple[Attempt, ...]:
    """The attempts at a call's turns in the order in which they were made; none if there are none.

    Raises StorageError if they cannot be read, InputError with ``file:line`` for one that does not fit.
    """
    path = folder / ATTEMPTS / _LIST
    with storage_errors(path, "read"):
        lines = path.read_bytes().split(b"\n") if path.is_file() else []
    found = []
    for number, line in enumerate(lines, 1):
        values = _values(line)
        if values is None:
            continue
        try:
            if values.get("schema") != SCHEMA:
                raise InputError(f"schema {values.get('schema')!r:.20} is not {SCHEMA}")
            found.append(decode(Attempt, values, "attempt"))
        except InputError as error:
            mend = "Was it written by a later voicesim? Then use that one."
            raise InputError(error.what, where=f"{path}:{number}", mend=mend) from error
    return tuple(found)


def add_attempt(folder: Path, attempt: Attempt, samples: Samples | None = None) -> Attempt:
    """The attempt as it is kept, with its number and, if there are ``samples`` (float32[n] at 16 kHz), its file.

    Nothing that is there is changed. Raises StorageError, also while another process adds one.
    """
    place = make_folder(folder / ATTEMPTS, private=True)
    taken = StorageError("an attempt is just being kept", where=str(place), mend="Try it again.")
    lock = FileLock(place / _LOCK, taken=taken)
    try:
        others = [one.n for one in attempts_of(folder) if one.turn == attempt.turn]
        n = max(others, default=0) + 1
        # A kill between sound and line leaves a file that no line names.
        while (place / f"{attempt.turn}-{n}.flac").exists():
            n += 1
        sound = None
        if samples is not None:
            sound = f"{ATTEMPTS}/{attempt.turn}-{n}.flac"
            write_flac(folder / sound, samples, private=True)
        kept = replace(attempt, n=n, sound=sound)
        add_attempt_as_is(folder, kept)
    finally:
        lock.release()
    return kept


def add_attempt_as_is(folder: Path, attempt: Attempt) -> None:
    """Nothing; afterwards the attempt stands at the end of the list, under the number and file that it has.

    Raises StorageError.
    """
    place = folder / ATTEMPTS
    _append(place / _LIST, json.dumps(to_json(attempt), ensure_ascii=False, allow_nan=False))
    sync_folder(place)


def attempt_sounds(folder: Path) -> tuple[Path, ...]:
    """Every sound file of an attempt, also of one that was cut off."""
    return tuple(sorted((folder / ATTEMPTS).glob("*.flac")))


def attempt_files(folder: Path) -> tuple[Path, ...]:
    """Everything in the folder of attempts."""
    place = folder / ATTEMPTS
    left = place.glob(".voicesim-*.tmp")
    return (*attempt_sounds(folder), *left, *(path for path in (place / _LIST, place / _LOCK) if path.exists()))


def to_json(attempt: Attempt) -> dict[str, Any]:
    """An attempt as plain JSON values, as a line of the list holds it."""
    return {"schema": SCHEMA, **encode(attempt)}


def _append(path: Path, line: str) -> None:
    """Return when the line is on the disk, behind a line end if the one before it was cut off."""
    with storage_errors(path, "written"), open(path, "ab+", buffering=0, opener=owner_only) as file:
        end = file.seek(0, os.SEEK_END)
        if end:
            file.seek(end - 1)
        torn = bool(end) and file.read(1) != b"\n"
        data = memoryview((b"\n" if torn else b"") + line.encode(errors="replace") + b"\n")
        while data:
            data = data[file.write(data) or 0 :]
        os.fsync(file.fileno())


def _values(line: bytes) -> dict[str, Any] | None:
    """The object in a line, None for one that was cut off."""
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None
