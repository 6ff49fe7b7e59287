"""The folder of a call: kept by a journal while it runs, then sound files, record and report."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from voicesim.call.record import Held
from voicesim.coach.moments import key_moments
from voicesim.coach.score import feedback
from voicesim.errors import VoicesimError
from voicesim.files import write_bytes
from voicesim.model import Baseline, CallRecord, Dial
from voicesim.script.model import Script
from voicesim.store.closing import close_call, write_record
from voicesim.store.journal import Journal, Opened
from voicesim.store.keeper import Keeper
from voicesim.store.places import SCRIPT, new_call_folder
from voicesim.wiring.bank import adviser_for
from voicesim.wiring.library import read_bytes
from voicesim.wiring.replaying import with_later_keys, with_what_if
from voicesim.wiring.reports import write_report
from voicesim.wiring.rubrics import default_rubric
from voicesim.wiring.stored_calls import script_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A call that is being kept: its script, and what writes it down."""

    script: Script
    opened: Opened
    keeper: Keeper
    journal: Journal

    @property
    def folder(self) -> Path:
        """Where it is kept."""
        return self.keeper.folder


def keep_call(  # everything about a call that is known before it begins
    script: Script,
    *,
    out: Path | None,
    seed: int,
    trainee: str,
    baseline: Baseline | None,
    engines: dict[str, str],
    headset: dict[str, str] | None = None,
    sound: bool = True,
    dial: Dial | None = None,
    official: bool = False,
) -> Kept:
    """Begin to keep a call in ``out``, or among the trainee's own calls; without ``sound`` for typed replies.

    Raises UsageError if ``out`` holds a call already, StorageError if nothing can be written there.
    """
    began = datetime.now(UTC)
    folder = new_call_folder(trainee, script.id, began, out)
    # The script as it is now: whatever becomes of its file, this call can be read and tried again.
    with _nothing_left(folder):
        write_bytes(folder / SCRIPT, read_bytes(Path(script.file)), private=True)
    keeper = Keeper(folder, sound=sound)
    opened = Opened(
        call=folder.name,
        script=script.ref,
        seed=seed,
        engines=engines,
        trainee=trainee,
        baseline=baseline,
        delivery_moves_caller=baseline is not None and not official,
        began_utc=began.isoformat(timespec="seconds"),
        headset=headset,
        moods=script.anger.moods,
        dial=dial,
        official=official,
    )
    return Kept(script=script, opened=opened, keeper=keeper, journal=Journal(keeper, script, opened))


@contextlib.contextmanager
def _nothing_left(folder: Path) -> Iterator[None]:
    """Take the folder of a call away again that could not begin: nobody shall look for a call in it."""
    try:
        yield
    except VoicesimError:
        with contextlib.suppress(OSError):
            folder.rmdir()
        raise


def judged_call(kept: Kept, held: Held, clock: dict[str, Any]) -> CallRecord:
    """The record of a call that is over, with its feedback and what-ifs; its journal is closed, its files are not."""
    opened = kept.opened
    kept.journal.closes(held.ending)
    times = {
        "call": opened.call,
        "began_utc": opened.began_utc,
        "ended_utc": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    record = held.recorder.record(
        held.ending,
        seed=opened.seed,
        engines=opened.engines,
        trainee=opened.trainee,
        baseline=opened.baseline,
        dial=opened.dial,
        official=opened.official,
        unused_replies=held.unused,
        clock=times | clock,
    )
    return with_what_if(with_feedback(record, kept.script), kept.script)


def finish_call(kept: Kept, judged: CallRecord, tell: Callable[[str], None]) -> Path:
    """The report of a judged call, with its files written and closed; ``tell`` is told what the report lacks.

    Raises StorageError if they cannot be written; the raw sound stays then.
    """
    sounds = close_call(kept.keeper, judged)
    return write_report(kept.folder, judged, tell, sounds or None)


def with_feedback(record: CallRecord, script: Script) -> CallRecord:
    """The record with its feedback, the moments that mattered included."""
    adviser = adviser_for(script)
    judged = feedback(record, goals=script.goals, rubric=default_rubric(), adviser=adviser)
    mattered = key_moments(record, judged.moments, adviser=adviser)
    return replace(record, feedback=replace(judged, key_moments=mattered))


def judged_again(folder: Path, record: CallRecord) -> CallRecord:
    """The record with the feedback it was given; one that has none yet (it was cut off) is judged and kept now.

    What records of earlier versions lack (what-ifs, the moments that mattered) is added and not stored.
    """
    if record.feedback is not None:
        return with_later_keys(folder, record)
    try:
        script = script_of(folder, record)
    except VoicesimError:
        return record
    judged = with_what_if(with_feedback(record, script), script)
    write_record(folder, judged)
    return judged
