"""What a trainee hands on or takes along: shared copies of calls, and all of them in one ZIP file."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from voicesim.coach.review import trainers
from voicesim.errors import SoundFileError, UsageError
from voicesim.files import encode_flac
from voicesim.model import Samples
from voicesim.store import sharing
from voicesim.store.closing import read_record
from voicesim.store.exporting import export
from voicesim.store.places import trainee_folder
from voicesim.store.recovery import state_of
from voicesim.store.reviews import review_of
from voicesim.store.share_log import log_share
from voicesim.store.sharing import Part
from voicesim.store.sharing_attempts import share_attempts
from voicesim.store.stored import SHARED
from voicesim.wiring.briefing import briefing_in
from voicesim.wiring.stored_calls import sound_of


def share_call(folder: Path, out: Path, parts: frozenset[Part], *, mend: str) -> tuple[str, ...]:
    """What a person should know of the copy of a call that is in ``out`` now, with the chosen parts.

    ``mend`` says how a call that was cut off is put together.

    Raises UsageError for a call that is not finished, or has no sound to share, or for a used folder; StorageError.
    """
    if state_of(folder) != "finished":
        raise UsageError("this call is not finished", where=str(folder), mend=mend)
    record = read_record(folder)
    now = datetime.now(UTC)
    written = sharing.share(
        record,
        folder,
        out,
        parts,
        now=now,
        briefing=briefing_in(folder),
        sounds=_sounds(folder) if Part.SOUND in parts else None,
        encode=encode_flac,
    )
    written += share_attempts(record, folder, out, parts)
    at_utc = now.isoformat(timespec="seconds")
    log_share(folder, record, at_utc=at_utc, parts=sorted(parts), copy=out, files=written)
    review = review_of(folder)
    notes = [_left_out(parts, reviewed=trainers(review.entries)), review.told]
    if Part.DELIVERY not in parts and sharing.delivery_moved(record):
        notes.append(
            "How you sounded moved the caller in this call: the curve of anger still shows it, without saying why."
        )
    if Part.NAME not in parts:
        notes.append(
            "Read the page before you hand it on: names said in the call are only known if they are your profile's."
        )
    return tuple(note for note in notes if note is not None)


def new_share(trainee: str, folder: Path) -> Path:
    """A folder that is not there yet for a shared copy of a call, among what belongs to the trainee."""
    place, number = trainee_folder(trainee) / SHARED, 1
    while (out := place / f"{folder.name}-{number}").exists():
        number += 1
    return out


def export_calls(trainee: str, folders: Sequence[Path], out: Path, *, everything: bool) -> tuple[int, list[Path]]:
    """How many files of the calls are in the new ZIP file ``out``, and which calls were left out as they just run."""
    running = [folder for folder in folders if state_of(folder) == "running"]
    wanted = [folder for folder in folders if folder not in running]
    return export(trainee, wanted, out, now=datetime.now(UTC), everything=everything), running


def _left_out(parts: frozenset[Part], *, reviewed: Sequence[str]) -> str:
    words = {
        Part.DELIVERY: "how you sounded",
        Part.SOUND: "the sound",
        Part.NAME: "your name",
        **({Part.REVIEW: f"what {' and '.join(reviewed)} said about it"} if reviewed else {}),
    }
    left = [word for part, word in words.items() if part not in parts]
    return f"Left out: {', '.join(left)}." if left else "Nothing is left out."


def _sounds(folder: Path) -> dict[str, Samples]:
    """Both channels of a call; UsageError if its sound is not there or cannot be read."""
    try:
        return sound_of(folder)
    except SoundFileError as error:
        mend = "Share it without sound."
        raise UsageError(f"there is no sound to share: {error.what}", where=error.where, mend=mend) from error
