"""Holds a call from a plan to the files that it leaves: typed, from reply files, or on a headset."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from voicesim.backends.models import choose_recognizer
from voicesim.backends.vad import SileroVad
from voicesim.call.conduct import Control
from voicesim.call.live import Held, LiveCall, Parts
from voicesim.call.replies import RepliesDevice, read_replies
from voicesim.call.text import hold_typed
from voicesim.call.watch import Watcher, Watchers
from voicesim.cli.frame import working
from voicesim.cli.keeping import Channels, new_folder, write_record, write_report
from voicesim.cli.screen import Screen
from voicesim.cli.wiring import Lines, engines, measuring, understood
from voicesim.coach.score import feedback
from voicesim.errors import ExpectationNotMet
from voicesim.model import RATE_HZ, Baseline, CallRecord, Ending
from voicesim.ports import AudioDevice, Recognizer
from voicesim.script.model import Script


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
    recorder, ending, unused = hold_typed(plan.script, replies, understood, seed=plan.seed, watcher=screen)
    record = recorder.record(
        ending,
        seed=plan.seed,
        engines=engines(None, None),
        trainee=plan.trainee,
        unused_replies=unused,
        clock=_clock(folder, began),
    )
    _finish(plan, folder, record, screen)


def hold_files(plan: Plan, replies: Path, *, fast: bool) -> None:
    """A call with the sound files of a folder as the trainee, in real time or as fast as the machine can."""
    files, notes = read_replies(replies)
    device, screen = RepliesDevice(files, real_time=not fast), Screen(plan.script)
    for line in notes:
        screen.note(line)
    _hold_sound(plan, device, Watchers(screen, device), screen, ahead=not fast)


def hold_headset(plan: Plan, device: AudioDevice) -> None:
    """A call on a headset."""
    screen = Screen(plan.script)
    _hold_sound(plan, device, screen, screen, ahead=True)


def _hold_sound(plan: Plan, device: AudioDevice, watcher: Watcher, screen: Screen, *, ahead: bool) -> None:
    lines, script = Lines(plan.script), plan.script
    with working("Loading the recognizer"):
        recognizer = choose_recognizer(plan.recognizer, script.language.split("-")[0])
        _warm_up(recognizer)
    if ahead:
        lines.prepare(list(script.lines()))
    folder, began = new_folder(plan.out, script.id), datetime.now(UTC)
    channels, duplex = Channels(folder), device.open(RATE_HZ)
    parts = Parts(
        recognizer=recognizer,
        activity=SileroVad(),
        understand=understood,
        measure=measuring(plan.baseline),
        sound_of=lines.sound,
        keep_trainee=channels.keep("trainee"),
        keep_caller=channels.keep("caller"),
        controls=device.controls if isinstance(device, RepliesDevice) else _nothing,
        latency_s=device.latency_s,
    )
    held = LiveCall(script, duplex, parts, seed=plan.seed, watcher=watcher).hold()
    channels.close()
    record = held.recorder.record(
        held.ending,
        seed=plan.seed,
        engines=engines(recognizer, lines),
        trainee=plan.trainee,
        baseline=plan.baseline,
        unused_replies=device.unused if isinstance(device, RepliesDevice) else (),
        clock=_clock(folder, began),
    )
    _finish(plan, folder, record, screen, held)


def _nothing() -> Control | None:
    return None


def _warm_up(recognizer: Recognizer) -> None:
    """Load the model before the ring: the first reply must not wait for it."""
    hearing = recognizer.start(RATE_HZ)
    hearing.feed(np.zeros(RATE_HZ // 2, np.float32))
    hearing.finish()


def _clock(folder: Path, began: datetime) -> dict[str, str]:
    """Everything about a call that depends on when and where it was held."""
    now = datetime.now(UTC)
    return {
        "call": folder.name,
        "began_utc": began.isoformat(timespec="seconds"),
        "ended_utc": now.isoformat(timespec="seconds"),
    }


def _finish(plan: Plan, folder: Path, record: CallRecord, screen: Screen, held: Held | None = None) -> None:
    """Judge and keep the call, show the feedback, then let whatever broke it off go on its way."""
    judged = with_feedback(record, plan.script)
    write_record(folder, judged)
    page = write_report(folder, judged, plan.script)
    screen.feedback(judged, page)
    if held is not None and held.broken_by is not None:
        raise held.broken_by
    if plan.expect and judged.ending not in plan.expect:
        wanted = " or ".join(plan.expect)
        raise ExpectationNotMet(f"the call ended as {judged.ending}, not as {wanted}", mend=f"Read {page}.")


def with_feedback(record: CallRecord, script: Script) -> CallRecord:
    """The record with its feedback."""
    judged = feedback(record, goals=script.goals, caller=script.caller.name, offers=tuple(script.briefing.may_offer))
    return replace(record, feedback=judged)
