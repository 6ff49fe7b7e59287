"""Holds a call from a plan to the files that it leaves: typed, from reply files, or on a headset."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from voicesim.backends.headset import Headset, HeadsetCounts
from voicesim.call.live import LiveCall
from voicesim.call.record import Held
from voicesim.call.replies import RepliesDevice, read_replies
from voicesim.call.text import hold_typed
from voicesim.call.watch import Watcher, Watchers
from voicesim.cli.again import again_on
from voicesim.cli.frame import closing_in_order, note, without_chatter
from voicesim.cli.keys import Keys, help_line, keyboard
from voicesim.cli.loading import prepare, ready
from voicesim.cli.screen import Screen
from voicesim.errors import ExpectationNotMet
from voicesim.model import RATE_HZ, Ending
from voicesim.ports import AudioDevice, Recognizer
from voicesim.store.places import refuse_used
from voicesim.wiring.bank import left_out_told
from voicesim.wiring.engines import Lines, engines, understood
from voicesim.wiring.keeping import Kept, finish_call, judged_call
from voicesim.wiring.plan import Plan, kept_for, parts_for, senses_for, went_through

#: A person is told when more sound than this was lost (0.1 s).
_LOST_LIMIT = RATE_HZ // 10


def hold_text(plan: Plan, replies: Iterable[str]) -> None:
    """A call with typed replies."""
    kept, screen = kept_for(plan, None, None, sound=False), Screen(plan.script)
    watchers = Watchers(screen, kept.journal, again_on(screen, plan.script, kept.folder))
    said = plan.manner.is_stop_word
    held = hold_typed(
        plan.script,
        replies,
        understood,
        seed=plan.seed,
        watcher=watchers,
        is_stop_word=said,
        official=plan.official,
    )
    _settle(plan, held, kept, screen)


def hold_files(plan: Plan, replies: Path, *, fast: bool, noted: bool = True) -> None:
    """A call with the sound files of a folder as the trainee, in real time or as fast as the machine can.

    ``noted`` says which files of the folder were changed or not used.
    """
    refuse_used(plan.out)
    # Nobody presses a talk key here.
    plan = replace(plan, manner=replace(plan.manner, push_to_talk=False))
    files, notes = read_replies(replies)
    device, screen = RepliesDevice(files, real_time=not fast), Screen(plan.script, captions=plan.captions)
    for line in notes if noted else ():
        screen.note(line)
    _hold_sound(plan, device, screen, device, recognizer=ready(plan.recognizer, plan.script.language), ahead=not fast)


def hold_headset(plan: Plan, device: Headset, names: dict[str, str], recognizer: Recognizer) -> None:
    """A call on a headset whose devices have these ``names``."""
    with without_chatter():
        screen = Screen(plan.script, captions=plan.captions)
        _hold_sound(plan, device, screen, Watcher(), recognizer=recognizer, ahead=True, names=names)


def _hold_sound(
    plan: Plan,
    device: AudioDevice,
    screen: Screen,
    watcher: Watcher,
    *,
    recognizer: Recognizer,
    ahead: bool,
    names: dict[str, str] | None = None,
) -> None:
    lines = Lines(plan.script)
    if ahead:
        prepare(lines, list(plan.script.sounds()))
    senses = senses_for(plan)
    kept = kept_for(plan, engines(recognizer, lines), names)
    with closing_in_order(), keyboard() as read:
        keys = None if read is None or names is None else Keys(read, screen.typing)
        if keys:
            screen.note(help_line(push_to_talk=plan.manner.push_to_talk, again=not plan.official))
        parts = parts_for(
            kept,
            lines,
            recognizer,
            senses,
            controls=keys.wish if keys else _controls_of(device),
            reopen=(lambda: device.open(RATE_HZ)) if names else None,
            waits=names is None,
        )
        # The device last: from its opening on, sound that nobody reads piles up.
        duplex, again = device.open(RATE_HZ), again_on(screen, plan.script, kept.folder)
        watchers = Watchers(screen, kept.journal, watcher, again)
        held = LiveCall(plan.script, duplex, parts, seed=plan.seed, watcher=watchers, manner=plan.manner).hold()
    if isinstance(device, RepliesDevice):
        held = replace(held, unused=device.unused)
    elif held.ending is Ending.STOPPED:
        held = replace(held, wanted_out=True)
    _settle(plan, held, kept, screen, _went_through(device.counts, screen) if isinstance(device, Headset) else {})


def _controls_of(device: AudioDevice) -> Callable[[], Any]:
    return device.controls if isinstance(device, RepliesDevice) else lambda: None


def _went_through(counts: HeadsetCounts | None, screen: Screen) -> dict[str, Any]:
    """What went through the headset, in seconds, for the record; if sound was lost, the person is told."""
    if counts is None:
        return {}
    lost = {"of what you heard": counts.dropped + counts.starved, "of what you said": counts.missing}
    told = [f"{samples / RATE_HZ:.1f} s {where}" for where, samples in lost.items() if samples > _LOST_LIMIT]
    if told:
        screen.note(f"sound was lost, {' and '.join(told)}: the machine was too busy. Close other programs.")
    return went_through(counts)


def _settle(plan: Plan, held: Held, kept: Kept, screen: Screen, clock: dict[str, Any] | None = None) -> None:
    """Close the call and tell how it went; raise what broke it off, or ExpectationNotMet if it ended otherwise."""
    if held.broken_by is not None:
        screen.broken_off(held.ending)
    judged = judged_call(kept, held, clock or {})
    if held.wanted_out:
        # Who had enough does not want to read what was wrong; the report has it for another day.
        screen.cool_down()
    else:
        screen.feedback(judged)
    page = finish_call(kept, judged, note)
    screen.report(page)
    if (told := left_out_told()) is not None:
        note(told)
    if held.broken_by is not None:
        raise held.broken_by
    if plan.expect and held.ending not in plan.expect:
        wanted = " or ".join(plan.expect)
        raise ExpectationNotMet(f"the call ended as {held.ending}, not as {wanted}", mend=f"Read {page}.")
