"""Deletes calls and trainees: what goes is moved aside first, so that nobody ever meets half of it."""

import contextlib
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from voicesim.errors import StorageError, UsageError, VoicesimError
from voicesim.files import data_folder, is_folder, storage_errors
from voicesim.settings import DEFAULTS
from voicesim.store.attempts import ATTEMPTS, attempt_files
from voicesim.store.claim import is_claimed
from voicesim.store.closing import read_record
from voicesim.store.copies import CopyElsewhere, copy_in, delete_copy
from voicesim.store.incoming import Incoming, drop, incoming
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
    slug_of,
    trainee_folder,
)
from voicesim.store.reviews import review_files
from voicesim.store.share_log import call_key, shared_calls, shared_files
from voicesim.store.stored import SHARED, SHARES, own_shares, shares_of, sounds_of

_ASIDE = ".deleted-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What there is of a trainee: folders of ``calls``, number of ``baselines``, and copies that were shared.

    ``copies`` are those that the trainee made on the page, ``came`` those that were taken in here for a review, by
    whoever it was; both go. ``elsewhere`` are those that were written to folders outside the data folder.
    """

    folder: Path
    calls: tuple[Path, ...]
    baselines: int
    copies: tuple[Path, ...]
    came: tuple[Incoming, ...]
    elsewhere: tuple[CopyElsewhere, ...]


def holdings(trainee: str) -> Holdings:
    """What :func:`forget` would delete. Raises UsageError for a trainee that is not there, StorageError."""
    folder = trainee_folder(trainee)
    came = copies_of(trainee)
    with storage_errors(folder, "read"):
        there = is_folder(folder)
        own = folder / SHARED
        copies = tuple(sorted(path for path in own.iterdir() if path.is_dir())) if own.is_dir() else ()
    if not there and not came:
        raise UsageError(f"there is no trainee '{trainee}' here", mend="Write the name as with --trainee.")
    calls = tuple(call_folders(trainee))
    written = shared_files(trainee)
    noted = [str(share.get("folder")) for call in calls for share in shares_of(call)]
    places = [Path(place) for place in dict.fromkeys([*noted, *written])]
    return Holdings(
        folder=folder,
        calls=calls,
        baselines=len(list((folder / "baselines").glob("*.json"))),
        copies=copies,
        came=came,
        elsewhere=tuple(
            copy_in(place, written.get(str(place), {})) for place in places if folder.resolve() not in place.parents
        ),
    )


def copies_of(trainee: str) -> tuple[Incoming, ...]:
    """The copies that were taken in here of this trainee's calls, or were handed in under this very name.

    A call that was shared is known when it was deleted since. Raises StorageError.
    """
    every = incoming()
    if not every:
        return ()
    known = set(shared_calls(trainee))
    for folder in call_folders(trainee):
        with contextlib.suppress(VoicesimError):
            known.add(call_key(read_record(folder)) or "")
    # Nobody is called like a profile without a name.
    sign = "" if trainee == DEFAULTS["trainee"] else slug_of(trainee)
    return tuple(one for one in every if call_key(one.record) in known or slug_of(one.who) == sign)


def forget(trainee: str, *, elsewhere: bool = False) -> int:
    """How many shared copies went with the trainee, whose calls, baselines and index are gone now.

    With ``elsewhere`` files of copies outside the data folder go too, if they still are what was written.
    Raises UsageError if one of the calls is running, StorageError for what cannot be deleted.
    """
    held = holdings(trainee)
    for call in held.calls:
        _refuse_running(call)
    # First what is found by what is known of the calls.
    gone = [copy for copy in held.elsewhere if elsewhere and copy.as_written]
    for copy in gone:
        delete_copy(copy)
    for one in held.came:
        drop(one)
    if held.folder.is_dir():
        _delete(held.folder, data_folder())
    return len(held.came) + len(held.copies) + len(gone)


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
