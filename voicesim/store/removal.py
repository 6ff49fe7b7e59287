"""Deletes calls and trainees: what goes is moved aside first, so that nobody ever meets half of it."""

import contextlib
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from voicesim.errors import StorageError, UsageError
from voicesim.files import data_folder, storage_errors
from voicesim.store.attempts import ATTEMPTS, attempt_files
from voicesim.store.claim import is_claimed
from voicesim.store.index import CallIndex
from voicesim.store.places import (
    CAPTIONS,
    JOURNAL,
    NOTES,
    RECORD,
    REPORT,
    SCORES,
    SCRIPT,
    call_folders,
    calls_folder,
    trainee_folder,
)
from voicesim.store.reviews import review_files
from voicesim.store.stored import SHARES, own_shares, shares_of, sounds_of

_ASIDE = ".deleted-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What there is of a trainee: folders of ``calls``, number of ``baselines``, where copies were ``shared`` to."""

    folder: Path
    calls: tuple[Path, ...]
    baselines: int
    shared: tuple[str, ...]


def holdings(trainee: str) -> Holdings:
    """What :func:`forget` would delete. Raises UsageError for a trainee that is not there, StorageError."""
    folder = trainee_folder(trainee)
    with storage_errors(folder, "read"):
        there = folder.is_dir()
    if not there:
        raise UsageError(f"there is no trainee '{trainee}' here", mend="Write the name as with --trainee.")
    calls = tuple(call_folders(trainee))
    shared = dict.fromkeys(str(share.get("folder")) for call in calls for share in shares_of(call))
    return Holdings(
        folder=folder, calls=calls, baselines=len(list((folder / "baselines").glob("*.json"))), shared=tuple(shared)
    )


def forget(trainee: str) -> None:
    """Nothing; afterwards the trainee's calls, baselines and index are gone.

    Raises UsageError if one of the calls is running, StorageError for what cannot be deleted.
    """
    for call in call_folders(trainee):
        _refuse_running(call)
    _delete(trainee_folder(trainee), data_folder())


def delete_call(trainee: str, folder: Path) -> None:
    """Nothing; afterwards the call is gone, from the trainee's index too.

    Its shared copies that lie among what belongs to the trainee go with it.
    Of a folder that a person named with ``--out`` only the files of the call go, and itself if nothing else is in it.
    Raises UsageError if the call is running, StorageError.
    """
    _refuse_running(folder)
    if folder.resolve().parent == calls_folder(trainee).resolve():
        delete_shares(trainee, folder)
        _delete(folder, trainee_folder(trainee))
        CallIndex(trainee).remove(folder.name)
        return
    with storage_errors(folder, "deleted"):
        for path in _own_files(folder):
            path.unlink(missing_ok=True)
        for name in (ATTEMPTS, SCORES):
            with contextlib.suppress(OSError):  # somebody else's file may lie there too
                (folder / name).rmdir()
        if not any(folder.iterdir()):
            folder.rmdir()


def sweep(trainee: str) -> None:
    """Nothing; afterwards what a deletion that was cut off had left behind is gone too, as far as that is possible."""
    for parent in (trainee_folder(trainee), data_folder()):
        for left in parent.glob(f"{_ASIDE}*"):
            shutil.rmtree(left, ignore_errors=True)


def _own_files(folder: Path) -> tuple[Path, ...]:
    return (
        *sounds_of(folder),
        *attempt_files(folder),
        *review_files(folder),
        *(folder / SCORES).glob("*.json"),
        *(folder / name for name in (REPORT, CAPTIONS, NOTES, SCRIPT, SHARES, RECORD, JOURNAL)),
    )


def _refuse_running(folder: Path) -> None:
    if is_claimed(folder):
        raise UsageError("this call is just running", where=str(folder), mend="End it first.")


def delete_shares(trainee: str, folder: Path, *, sound: bool = False) -> None:
    """Delete the shared copies of a call that lie among what belongs to the trainee; only those with ``sound`` if said.

    Raises StorageError.
    """
    for share, copy in own_shares(trainee, folder):
        if not sound or "sound" in share.get("with", ()):
            _delete(copy, trainee_folder(trainee))


def _delete(folder: Path, aside: Path) -> None:
    gone = aside / f"{_ASIDE}{secrets.token_hex(8)}"
    with storage_errors(folder, "deleted"):
        folder.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)  # another voicesim may be sweeping it up
    if gone.exists():
        left = sum(len(names) for _, _, names in os.walk(gone))
        raise StorageError(f"{left} files could not be deleted", where=str(gone), mend="Delete this folder.")
