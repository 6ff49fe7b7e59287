"""How long calls are kept: first their sound goes, later all of a call. 0 days keep for ever.

The sound of calls that others shared and that came in here goes after the same days; their words are the trainer's.

:func:`due` decides, :func:`apply_retention` does it. Calls that run or were cut off are left alone until they are put
together (nobody has seen their feedback yet), and so is every call in a folder that was named with ``--out``.
"""

import contextlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from voicesim.errors import VoicesimError
from voicesim.files import make_folder, storage_errors, write_text
from voicesim.settings import Settings
from voicesim.store.claim import Claim
from voicesim.store.incoming import drop_old_sound
from voicesim.store.index import CallIndex
from voicesim.store.places import REPORT, calls_folder, slug_of, trainees
from voicesim.store.removal import delete_call, delete_shares, sweep
from voicesim.store.stored import State, StoredCall, sounds_of

_TOLD = "told.json"
_NOT_LOOKED = "The calls could not be looked through for what is too old"
_NOT_DELETED = "What is too old could not be deleted"
_OLD = "{} days old or more (setting {})."
_OVER = (State.FINISHED, State.DAMAGED)


class What(StrEnum):
    """What of a call is due to go."""

    SOUND = "sound"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A call of which something is to go."""

    call: StoredCall
    what: What


def due(calls: Iterable[StoredCall], now: datetime, settings: Settings) -> tuple[Due, ...]:
    """What is to go of calls as old as the settings say, counted in days from their beginning.

    A call that goes as a whole is named once. Calls that run or were cut off are never due.
    """
    found = []
    for call in calls:
        if call.state not in _OVER:
            continue
        if _older(call, now, settings.keep_numbers_days):
            found.append(Due(call=call, what=What.ALL))
        elif call.sound and _older(call, now, settings.keep_sound_days):
            found.append(Due(call=call, what=What.SOUND))
    return tuple(found)


def _older(call: StoredCall, now: datetime, days: int) -> bool:
    return days > 0 and now - call.began >= timedelta(days=days)


def apply_retention(
    trainee: str,
    settings: Settings,
    *,
    report_again: Callable[[Path], object] | None = None,
    now: datetime | None = None,
) -> tuple[str, ...]:
    """Delete what is due, of every trainee of the data folder; sentences about it for ``trainee``.

    ``report_again`` makes the report of a folder again, which has no sound any more; without it, or where it raises a
    VoicesimError, the report is deleted with the sound and `voicesim report` makes it again. What cannot be deleted is
    told and tried again the next time; nothing is raised.
    """
    told: list[str] = []
    try:
        everybody = trainees()
    except VoicesimError as error:
        return (f"{_NOT_LOOKED}: {error}",)
    for name in everybody:
        sentences = _apply(name, settings, now or datetime.now(UTC), report_again)
        told += sentences if slug_of(name) == slug_of(trainee) else ()
    return (*told, *_shared_sound(settings, now or datetime.now(UTC)))


def _shared_sound(settings: Settings, now: datetime) -> tuple[str, ...]:
    """Delete the sound of calls that came in and are too old, and tell it."""
    days = settings.keep_sound_days
    if not days:
        return ()
    try:
        number = drop_old_sound(now - timedelta(days=days))
    except VoicesimError as error:
        return (f"{_NOT_DELETED}: {error}",)
    calls = "1 call that was" if number == 1 else f"{number} calls that were"
    return (
        (f"The sound of {calls} shared with you is deleted: {_OLD.format(days, 'keep_sound_days')}",) if number else ()
    )


def _apply(
    trainee: str, settings: Settings, now: datetime, report_again: Callable[[Path], object] | None
) -> tuple[str, ...]:
    gone: list[Due] = []
    failed: list[str] = []
    try:
        sweep(trainee)
        wanted = due(CallIndex(trainee).find(), now, settings)
    except VoicesimError as error:
        return (f"{_NOT_LOOKED}: {error}",)
    for one in wanted:
        try:
            _delete(trainee, one, report_again)
            gone.append(one)
        except VoicesimError as error:
            failed.append(f"{_NOT_DELETED}: {error}")
    return (*_told(gone, settings), *failed)


def _delete(trainee: str, one: Due, report_again: Callable[[Path], object] | None) -> None:
    folder = calls_folder(trainee) / one.call.id
    if not folder.is_dir():  # another voicesim was faster
        return
    if one.what is What.ALL:
        delete_call(trainee, folder)
    else:
        delete_shares(trainee, folder, sound=True)  # first: a cut leaves the call, which is due again
        with Claim(folder):  # not while somebody makes its report
            _delete_sound(folder, report_again)


def _delete_sound(folder: Path, report_again: Callable[[Path], object] | None) -> None:
    """Take the sound, and the clips in the report with it; the report goes first, so that a cut leaves work to do."""
    report = folder / REPORT
    had_report = report.exists()
    with storage_errors(folder, "deleted"):
        report.unlink(missing_ok=True)
        for path in sounds_of(folder):
            path.unlink(missing_ok=True)
    if had_report and report_again is not None:
        with contextlib.suppress(VoicesimError):
            report_again(folder)


def _told(gone: Sequence[Due], settings: Settings) -> tuple[str, ...]:
    sound = sum(one.what is What.SOUND for one in gone)
    whole = len(gone) - sound
    rows = (
        (sound, "The sound of {} was deleted", "keep_sound_days", settings.keep_sound_days),
        (whole, "{} deleted", "keep_numbers_days", settings.keep_numbers_days),
    )
    sentences = []
    for number, sentence, key, days in rows:
        calls = "1 call" if number == 1 else f"{number} calls"
        were = "" if key == "keep_sound_days" else " was" if number == 1 else " were"
        if number:
            sentences.append(f"{sentence.format(calls + were)}: {_OLD.format(days, key)}")
    return tuple(sentences)


def first_start_note(data_folder: Path, settings: Settings) -> str | None:
    """Where calls lie, who can read them and how long they are kept; None if that was told before.

    A disk that cannot keep the mark that it was told is no error: it is told again.
    """
    mark = data_folder / _TOLD
    if mark.exists():
        return None
    with contextlib.suppress(VoicesimError):
        make_folder(data_folder, private=True)
        write_text(mark, json.dumps({"schema": 1, "told": ["where calls lie"]}) + "\n", private=True)
    sound = _for_days("Their sound", settings.keep_sound_days)
    numbers = _for_days("the rest", settings.keep_numbers_days)
    return (
        f"Your calls stay on this machine, in {data_folder}, for your eyes only. {sound}, {numbers} "
        "(voicesim settings keep_sound_days, keep_numbers_days)."
    )


def _for_days(what: str, days: int) -> str:
    return f"{what} is deleted after {days} days" if days else f"{what} is kept until you delete it"
