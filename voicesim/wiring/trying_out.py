"""Plays a script from any of its steps with typed replies; nothing is stored, the state travels with who plays."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from voicesim.call.answer import SILENCES_TO_HANG_UP, answer, last_line, open_call, wait, way_of
from voicesim.call.context import context_of
from voicesim.call.text import typed_reply
from voicesim.call.way import Way
from voicesim.errors import UsageError
from voicesim.model import CallState, Ending, Finding, Influence, Line
from voicesim.script.model import Script
from voicesim.wiring.engines import understood

_AGAIN = "Begin again: choose a step and play from there."
#: Replies that one try may have.
LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Where a call that is only tried out stands: ``said`` and ``lines`` are what was replied and said so far."""

    state: CallState
    said: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    abuse: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What the caller says at a point, and what led to it; ``ending`` if the call is over; no ``line``: she hung up."""

    point: Point
    line: Line | None
    anger_before: int
    influences: tuple[Influence, ...] = ()
    findings: tuple[Finding, ...] = ()
    offers: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    way: Way | None = None
    ending: Ending | None = None

    @property
    def anger(self) -> int:
        """Anger (0..10) as the line is said."""
        return self.point.state.anger


def begun(script: Script, step: str | None = None, anger: int | None = None, seed: int = 1) -> Played:
    """The caller's line at a step (None: the first) with so much anger (None: that of the call's beginning).

    Raises UsageError for a step that is not there or an anger out of range.
    """
    name = step or script.first.name
    if name not in script.steps:
        raise UsageError(f"there is no step '{name}'", mend=_AGAIN)
    level = script.anger.start if anger is None else anger
    if not 0 <= level <= 10:
        raise UsageError(f"anger is {level}", mend="It goes from 0 (calm) to 10 (shouting).")
    # A script that opens with that step at that anger; the first of two equal keys keeps its place.
    steps = {name: script.steps[name], **script.steps}
    opened = replace(script, steps=steps, anger=replace(script.anger, start=level))
    state, line = open_call(opened, seed)
    point = Point(state=state, lines=(line.text,), abuse=int(line.abuse))
    return Played(point=point, line=line, anger_before=level, ending=script.steps[name].end)


def replied(script: Script, point: Point, reply: str) -> Played:
    """What a typed reply leads to; an empty one is a silence. Raises UsageError if the point is none of this script."""
    state = _fitting(script, point)
    if not reply.strip():
        return _silence(script, point, state)
    context = replace(
        context_of(script, state, last_line(script, state), ()),
        said=point.said,
        caller_lines=point.lines,
        abuse_passed=0 if state.heard.get("set_limit", 0) else point.abuse,
    )
    heard = typed_reply(reply, context, understood)
    after, line, influences = answer(script, state, heard)
    said = Point(
        state=after,
        said=(*point.said, reply),
        lines=(*point.lines, line.text),
        abuse=point.abuse + line.abuse,
    )
    return Played(
        point=said,
        line=line,
        anger_before=state.anger,
        influences=influences,
        findings=heard.live.findings,
        offers=heard.offers,
        mentions=heard.mentions,
        way=way_of(script, state, heard),
        ending=script.steps[line.step].end,
    )


def _silence(script: Script, point: Point, state: CallState) -> Played:
    after, line, influences = wait(script, state)
    way = Way(
        go=after.step, because=f"nothing was said for a while; {SILENCES_TO_HANG_UP} times running, and she hangs up"
    )
    moved = replace(point, state=after, lines=point.lines if line is None else (*point.lines, line.text))
    ending = Ending.HUNG_UP if line is None else script.steps[line.step].end
    return Played(point=moved, line=line, anger_before=state.anger, influences=influences, way=way, ending=ending)


def _fitting(script: Script, point: Point) -> CallState:
    """The state of a point, if this script can be in it: the text may have been changed since."""
    state, lines = point.state, {line.id for line in script.lines()}
    step = script.steps.get(state.step)
    if step is None or state.last_line not in lines or (state.aside is not None and state.aside not in lines):
        raise UsageError("the script was changed where you are", mend=_AGAIN)
    if step.end is not None:
        raise UsageError("this call is over", mend=_AGAIN)
    if not 0 <= state.anger <= 10 or not 0 <= state.silences < SILENCES_TO_HANG_UP or _negative(state.heard):
        raise UsageError("this is no state of a call", mend=_AGAIN)
    if len(point.said) >= LONGEST:
        raise UsageError(f"{LONGEST} replies are enough for a try", mend=_AGAIN)
    return state


def _negative(counts: Mapping[str, int]) -> bool:
    return any(count < 0 for count in counts.values())
