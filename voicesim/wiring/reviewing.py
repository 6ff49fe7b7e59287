"""Reviews of stored calls, for terminal and page: entries made, checked, kept, taken in; clips; a score by a rubric."""

import contextlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from voicesim.coach.agreement import identity
from voicesim.coach.compared import Compared, compared
from voicesim.coach.overrides import Override, overridden, superseded, with_overrides
from voicesim.coach.review import EntryKind, ReviewEntry, Role, checked_entry, contested
from voicesim.coach.rubric import Rubric
from voicesim.coach.score import feedback
from voicesim.errors import InputError, StorageError, UsageError
from voicesim.model import RATE_HZ, CallRecord, Feedback, Samples, Turn
from voicesim.script.model import Script
from voicesim.store.closing import read_record
from voicesim.store.places import RECORD, SCRIPT
from voicesim.store.recovery import state_of
from voicesim.store.reviews import add_entries, review_in, review_of
from voicesim.wiring.bank import adviser_for
from voicesim.wiring.library import read_script, script_files
from voicesim.wiring.stored_calls import script_of

_TIME = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]?\d(?:\.\d+)?)|(\d{1,6}(?:\.\d+)?)")
_TAIL_S = 0.3


# -- entries ----------------------------------------------------------------------------------------------------------


def now_utc() -> str:
    """Now, in ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def trainer_entry(kind: EntryKind, by: str, **values: Any) -> ReviewEntry:
    """An entry that a trainer makes now."""
    return ReviewEntry(kind=kind, by=by, role=Role.TRAINER, at_utc=now_utc(), **values)


def contest_entry(record: CallRecord, *, turn: int, finding: str, note: str) -> ReviewEntry:
    """What the trainee of a call says now against a finding, or the lack of one."""
    return ReviewEntry(
        kind=EntryKind.CONTEST,
        by=record.trainee,
        role=Role.TRAINEE,
        at_utc=now_utc(),
        turn=turn,
        finding=finding,
        note=note,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEntries:
    """The entries that are kept now, and what to tell about the file, if anything."""

    entries: tuple[ReviewEntry, ...]
    told: str | None = None


def keep_entries(folder: Path, record: CallRecord, entries: Iterable[ReviewEntry]) -> KeptEntries:
    """The entries as they are kept with the call now: all of them, or none. Raises UsageError, StorageError."""
    checked = tuple(checked_entry(entry, record) for entry in entries)
    return KeptEntries(entries=checked, told=add_entries(folder, checked) if checked else None)


def seconds_of(text: str) -> float | None:
    """A time that a person wrote, as seconds; None for what is no time.

    >>> seconds_of("1:23"), seconds_of("83"), seconds_of("soon")
    (83.0, 83.0, None)
    """
    matched = _TIME.fullmatch(text.strip())
    if matched is None:
        return None
    hours, minutes, seconds, alone = matched.groups()
    return float(alone) if alone else 3600 * int(hours or 0) + 60 * int(minutes) + float(seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """How many entries of another copy were ``new``, how many did not fit (``unfit``), and what to tell of the file."""

    new: int
    unfit: int
    told: str | None = None


def take_in(folder: Path, record: CallRecord, other: Path) -> TakenIn:
    """What came of adding what trainers said in another copy of the call, as far as it fits and is not there already.

    Raises UsageError for the review of another call, InputError for what is no review, StorageError.
    """
    beside = (other if other.is_dir() else other.parent) / RECORD
    if beside.is_file() and identity(read_record(beside.parent)) != identity(record):
        mend = "Name the review of a copy of this call."
        raise UsageError("this review belongs to another call", where=str(other), mend=mend)
    there = review_of(folder).entries
    new, unfit = [], 0
    for entry in review_in(other).entries:
        if entry.role is not Role.TRAINER or entry in there:
            continue
        try:
            new.append(checked_entry(entry, record))
        except UsageError:
            unfit += 1
    return TakenIn(new=len(new), unfit=unfit, told=add_entries(folder, new) if new else None)


# -- sound ------------------------------------------------------------------------------------------------------------


def clip_of(turn: Turn, sound: Mapping[str, Samples]) -> Samples:
    """Line and reply of a turn as far as there is sound of them: float32[n] at 16 kHz.

    ``sound`` are the channels of the call by name. Raises UsageError for a turn without times.
    """
    spans = [span for span in (turn.line_span, turn.reply.span if turn.reply else None) if span is not None]
    if not any(span.length > 0 for span in spans):
        raise UsageError("this turn has no times", mend="Open report.html.")
    start = min(span.start for span in spans if span.length > 0)
    end = max(span.end for span in spans) + round(_TAIL_S * RATE_HZ)
    channels = [samples[start:end] for samples in sound.values()]
    together = np.zeros(max((len(samples) for samples in channels), default=0), np.float32)
    for samples in channels:
        together[: len(samples)] += samples
    return np.clip(together, -1.0, 1.0).astype(np.float32)


# -- score ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A call scored by a rubric, beside an older score.

    ``machine`` is the score by the rubric without overrides. If overrides were asked for, ``told`` has it on its older
    side, ``changed`` is what trainers override, also what another trainer's later word leaves out, ``contests`` what
    the trainee says last against a finding, and ``unread`` tells what of the review cannot be read.
    """

    told: Compared
    machine: Feedback
    changed: tuple[Override, ...] = ()
    contests: tuple[ReviewEntry, ...] = ()
    unread: str | None = None


def finished_record(folder: Path) -> CallRecord:
    """The record of a call that is over. Raises UsageError for one that was cut off, InputError, StorageError."""
    if state_of(folder) == "interrupted":
        raise UsageError("this call was cut off", where=str(folder), mend=f"First: voicesim report {folder}")
    return read_record(folder)


def scored(
    folder: Path,
    record: CallRecord,
    rubric: Rubric,
    script: Script | None,
    *,
    overrides: bool = False,
    delivery: bool = False,
) -> Scored:
    """The call by a rubric beside the score it was given; with ``overrides`` what trainers judge beside the machine's.

    Without the script of the call its goals do not count. Raises InputError, StorageError for the review.
    """

    def judged(one: CallRecord) -> Feedback:
        goals = script.goals if script is not None else {}
        adviser = adviser_for(script)
        return feedback(one, goals=goals, rubric=rubric, adviser=adviser, delivery_shared=delivery)

    machine = judged(record)
    if not overrides:
        return Scored(told=compared(record.feedback, machine, rubric), machine=machine)
    review = review_of(folder)
    entries = review.entries
    changed = (*superseded(record, entries), *overridden(record, entries))
    contests = contested(entries)
    return Scored(
        told=compared(machine, judged(with_overrides(record, entries)), rubric),
        machine=machine,
        changed=tuple(sorted(changed, key=lambda one: (one.turn, one.finding))),
        contests=tuple(contests[place] for place in sorted(contests)),
        unread=review.told,
    )


def script_held(folder: Path, record: CallRecord) -> Script | None:
    """The script of a call: the one in its folder; of a shared copy, which has none, that of this machine if it is it.

    Raises InputError, StorageError for a script in the folder that cannot be read.
    """
    return script_of(folder, record) if (folder / SCRIPT).exists() else script_here(record)


def script_here(record: CallRecord) -> Script | None:
    """The very script of a call that was held elsewhere, if this machine has it; another version of it is none."""
    for path in script_files():
        with contextlib.suppress(InputError, StorageError):
            if path.stem == record.script.id and (found := read_script(path)).sha256 == record.script.sha256:
                return found
    return None
