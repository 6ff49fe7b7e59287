"""Holds a call from a plan to the files that it leaves: typed, from reply files, or on a headset."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from voicesim.backends.headset import Headset, HeadsetCounts
from voicesim.backends.models import choose_recognizer
from voicesim.backends.vad import SileroVad
from voicesim.call.conduct import Control
from voicesim.call.live import LiveCall
from voicesim.call.parts import Parts
from voicesim.call.record import Held
from voicesim.call.replies import RepliesDevice, read_replies
from voicesim.call.text import hold_typed
from voicesim.call.watch import Watcher, Watchers
from voicesim.cli.frame import without_chatter, working
from voicesim.cli.keeping import Channels, new_folder, refuse_used, write_record, write_report
from voicesim.cli.screen import Screen
from voicesim.cli.wiring import Lines, engines, measuring, understood
from voicesim.coach.score import feedback
from voicesim.errors import ExpectationNotMet, StorageError
from voicesim.model import RATE_HZ, Baseline, CallRecord, Ending
from voicesim.ports import AudioDevice, Recognizer
from voicesim.script.model import Script

#: A person is told when more sound than this was lost (0.1 s).
_LOST_LIMIT = RATE_HZ // 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a person asked for: which call, as whom, where to, and how it should end."""

    script: Script
    out: Path | None
    seed: int
    trainee: str = "you"
    baseline: Baseline | None = None
    expect: tuple[Ending, ...] = ()
    recognizer: str = "auto"


def hold_text(plan: Plan, replies: Iterable[str]) -> None:
    """A call with typed replies."""
    folder, screen, began = new_folder(plan.out, plan.script.id), Screen(plan.script), datetime.now(UTC)
    held = hold_typed(plan.script, replies, understood, seed=plan.seed, watcher=screen)
    _broken_off(held, screen)
    record = held.recorder.record(
        held.ending,
        seed=plan.seed,
        engines=engines(None, None),
        trainee=plan.trainee,
        unused_replies=held.unused,
        clock=_clock(folder, began),
    )
    _settle(plan, held, _finish(plan, folder, record, screen))


def hold_files(plan: Plan, replies: Path, *, fast: bool, noted: bool = True) -> None:
    """A call with the sound files of a folder as the trainee, in real time or as fast as the machine can.

    ``noted`` says which files of the folder were changed or not used.
    """
    files, notes = read_replies(replies)
    device, screen = RepliesDevice(files, real_time=not fast), Screen(plan.script)
    for line in notes if noted else ():
        screen.note(line)
    _hold_sound(plan, device, Watchers(screen, device), screen, ahead=not fast)


def hold_headset(plan: Plan, device: Headset) -> None:
    """A call on a headset; one that does not open says so before anybody waits for lines to be rendered."""
    with without_chatter():
        device.open(RATE_HZ).close()
        screen = Screen(plan.script)
        _hold_sound(plan, device, screen, screen, ahead=True, counts=lambda: device.counts)


def _hold_sound(
    plan: Plan,
    device: AudioDevice,
    watcher: Watcher,
    screen: Screen,
    *,
    ahead: bool,
    counts: Callable[[], HeadsetCounts | None] = lambda: None,
) -> None:
    refuse_used(plan.out)
    lines, script = Lines(plan.script), plan.script
    with working("Loading the recognizer"):
        recognizer = choose_recognizer(plan.recognizer, script.language.split("-")[0])
        _warm_up(recognizer)
    if ahead:
        lines.prepare(list(script.lines()))
    activity, measure = SileroVad(), measuring(plan.baseline)
    folder, began = new_folder(plan.out, script.id), datetime.now(UTC)
    channels = Channels(folder)
    # The device last: from its opening on, sound that nobody reads piles up.
    duplex = device.open(RATE_HZ)
    parts = Parts(
        recognizer=recognizer,
        activity=activity,
        understand=understood,
        measure=measure,
        sound_of=lines.sound,
        keep=channels.keep,
        controls=device.controls if isinstance(device, RepliesDevice) else _nothing,
    )
    held = LiveCall(script, duplex, parts, seed=plan.seed, watcher=watcher).hold()
    _broken_off(held, screen)
    record = held.recorder.record(
        held.ending,
        seed=plan.seed,
        engines=engines(recognizer, lines),
        trainee=plan.trainee,
        baseline=plan.baseline,
        unused_replies=device.unused if isinstance(device, RepliesDevice) else (),
        clock=_clock(folder, began) | _went_through(counts(), screen),
    )
    _settle(plan, held, _finish(plan, folder, record, screen, channels))


def _nothing() -> Control | None:
    return None


def _warm_up(recognizer: Recognizer) -> None:
    """Load the model before the ring: the first reply must not wait for it."""
    hearing = recognizer.start(RATE_HZ)
    hearing.feed(np.zeros(RATE_HZ // 2, np.float32))
    hearing.finish()


def _clock(folder: Path, began: datetime) -> dict[str, Any]:
    """Everything about a call that depends on when and where it was held."""
    now = datetime.now(UTC)
    return {
        "call": folder.name,
        "began_utc": began.isoformat(timespec="seconds"),
        "ended_utc": now.isoformat(timespec="seconds"),
    }


def _went_through(counts: HeadsetCounts | None, screen: Screen) -> dict[str, Any]:
    """What went through the headset, in seconds, for the record; if sound was lost, the person is told."""
    if counts is None:
        return {}
    lost = {"of what you heard": counts.dropped + counts.starved, "of what you said": counts.missing}
    told = [f"{samples / RATE_HZ:.1f} s {where}" for where, samples in lost.items() if samples > _LOST_LIMIT]
    if told:
        screen.note(f"sound was lost, {' and '.join(told)}: the machine was too busy. Close other programs.")
    seconds = {
        f"{name}_s": round(getattr(counts, name) / RATE_HZ, 3)
        for name in ("received", "written", "dropped", "starved", "late", "missing")
    }
    return {"headset": {**seconds, "overflows": counts.overflows}}


def _finish(plan: Plan, folder: Path, record: CallRecord, screen: Screen, channels: Channels | None = None) -> Path:
    """The report of the call, which was kept, judged and its feedback shown."""
    try:
        # First as it is: whatever becomes of the feedback, the call is not lost.
        write_record(folder, record)
        judged = with_feedback(record, plan.script)
        write_record(folder, judged)
    except StorageError:
        # What cannot be kept can still be read.
        screen.feedback(with_feedback(record, plan.script))
        raise
    screen.feedback(judged)
    page = write_report(folder, judged, plan.script, channels.close() if channels else None)
    screen.report(page)
    return page


def _broken_off(held: Held, screen: Screen) -> None:
    """Show how a call ended that nobody ended."""
    if held.broken_by is not None:
        screen.broken_off(held.ending)


def _settle(plan: Plan, held: Held, page: Path) -> None:
    """Raise what broke the call off, or ExpectationNotMet if it ended otherwise than the person named."""
    if held.broken_by is not None:
        raise held.broken_by
    if plan.expect and held.ending not in plan.expect:
        wanted = " or ".join(plan.expect)
        raise ExpectationNotMet(f"the call ended as {held.ending}, not as {wanted}", mend=f"Read {page}.")


def with_feedback(record: CallRecord, script: Script) -> CallRecord:
    """The record with its feedback."""
    judged = feedback(record, goals=script.goals, caller=script.caller.name, offers=tuple(script.briefing.may_offer))
    return replace(record, feedback=judged)
