"""The caller's reaction as one pure function: a state and a reply go in, a new state, a line and the reasons come out.

The order: findings and conditions move anger; hanging up and giving up come first; then the rules of the step, top
down; then the line for the new mood. Chance is a hash of seed, turn and step, so a call can be replayed exactly.

An aside that is due stands before the line of the step that the rules have chosen. The reply to it moves anger, and
hanging up and giving up hold, but the rules wait: she says that step's line next.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from voicesim.call.anger import fingerprint, influences_of
from voicesim.call.way import Way, lead
from voicesim.model import (
    CallState,
    Ending,
    Finding,
    Heard,
    Influence,
    Kind,
    Line,
    Phase,
    Reply,
    Span,
    Transcript,
)
from voicesim.script.model import ASIDE, MOODS, SILENCE, Script, Step, Wording, line_of

#: Mean tension of three replies above which a delivery is tense, below which it is calm (docs/delivery.md).
TENSE, CALM = 1.0, -1.0
SILENCES_TO_HANG_UP = 3
_ANGRY = 6


def open_call(script: Script, seed: int) -> tuple[CallState, Line]:
    """The state at the start of a call and the caller's first line."""
    first = script.first
    anger = script.anger.start
    state = CallState(step=first.name, anger=anger, seed=seed, phase=first.phase, was_angry=anger >= _ANGRY)
    return _say(script, state, first)


def answer(script: Script, state: CallState, reply: Reply) -> tuple[CallState, Line, tuple[Influence, ...]]:
    """The state after ``reply``, the caller's next line and why anger moved."""
    moved, findings, influences = _moved(script, state, reply)
    after, line = _say(script, moved, script.steps[lead(script, moved, reply, findings).go])
    return after, line, influences


def way_of(script: Script, state: CallState, reply: Reply) -> Way:
    """The way that :func:`answer` takes from ``state`` for ``reply``, with its reason."""
    moved, findings, _ = _moved(script, state, reply)
    return lead(script, moved, reply, findings)


def _moved(
    script: Script, state: CallState, reply: Reply
) -> tuple[CallState, tuple[Finding, ...], tuple[Influence, ...]]:
    """The state that a reply has moved, still in its step; each sure finding once; why anger moved."""
    findings = _once((*reply.live.findings, *(_conditions(state, reply) if script.hears_delivery else ())))
    influences = influences_of(script.anger, state, findings)
    moved = replace(
        state,
        anger=state.anger + sum(i.delta for i in influences),
        turn=state.turn + 1,
        # A reply to an aside is no try at the step: its line was not said yet.
        tries=state.tries + (state.aside is None),
        heard=_count(state.heard, findings),
        silences=0,
        tension=_recent_tension(state, reply),
        settled=_settled(state, findings),
        said=_said(state, findings),
    )
    return replace(moved, was_angry=state.was_angry or moved.anger >= _ANGRY), findings, influences


def wait(
    script: Script, state: CallState, finding: Finding | None = None
) -> tuple[CallState, Line | None, tuple[Influence, ...]]:
    """The state after a silence, what the caller says into it and why anger moved; no line means she hangs up.

    ``finding`` is what the silence was to her; without one it is a ``long_silence``.
    """
    finding = finding or Finding(kind=Kind.CONDITION, id="long_silence", turn=state.turn + 1)
    influences = influences_of(script.anger, state, (finding,))
    anger = state.anger + sum(i.delta for i in influences)
    after = replace(
        state,
        anger=anger,
        silences=state.silences + 1,
        heard=_count(state.heard, (finding,)),
        was_angry=state.was_angry or anger >= _ANGRY,
    )
    leave = script.anger.hangs_up
    if after.silences >= SILENCES_TO_HANG_UP:
        return after, None, influences
    if leave and anger >= leave.at:
        return (*_say(script, after, script.steps[leave.go]), influences)
    mood = script.anger.mood(anger)
    text = script.caller.silence[state.silences % len(script.caller.silence)]
    line = line_of(SILENCE, mood, Wording(text=text))
    return _used(after, line), _sounding(script, after, line), influences


def last_line(script: Script, state: CallState) -> Line:
    """The line that led to ``state``, as it was said: what a call that goes on from there can repeat."""
    line = next(one for one in script.lines() if one.id == state.last_line)
    return _sounding(script, state, line)


def _once(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple({f.id: f for f in reversed(findings) if f.sure}.values())[::-1]


def _count(heard: Mapping[str, int], findings: tuple[Finding, ...]) -> dict[str, int]:
    return {**heard, **{f.id: heard.get(f.id, 0) + 1 for f in findings}}


def _said(state: CallState, findings: tuple[Finding, ...]) -> tuple[str, ...]:
    new = (fingerprint(f.quote) for f in findings if f.quote)
    return tuple(dict.fromkeys((*state.said, *new)))


def _recent_tension(state: CallState, reply: Reply) -> tuple[float, ...]:
    tension = _tension(reply)
    return state.tension if tension is None else (*state.tension, tension)[-3:]


def _tension(reply: Reply) -> float | None:
    delivery = reply.delivery
    return delivery.tension if delivery is not None and delivery.calibrated else None


def _conditions(state: CallState, reply: Reply) -> tuple[Finding, ...]:
    recent = _recent_tension(state, reply)
    if _tension(reply) is None or len(recent) < 3 or state.phase in state.settled:
        return ()
    mean = sum(recent) / len(recent)
    if mean > TENSE:
        return (_condition("tense_delivery", state, mean, TENSE),)
    if mean <= CALM and state.was_angry:
        return (_condition("calm_delivery", state, mean, CALM),)
    return ()


def _condition(finding_id: str, state: CallState, mean: float, threshold: float) -> Finding:
    return Finding(
        kind=Kind.CONDITION,
        id=finding_id,
        turn=state.turn + 1,
        measure="mean tension of three replies",
        value=round(mean, 3),
        threshold=threshold,
        source="rueff2015",
    )


def _settled(state: CallState, findings: tuple[Finding, ...]) -> tuple[Phase, ...]:
    if any(f.id in ("tense_delivery", "calm_delivery") for f in findings):
        return (*state.settled, state.phase)
    return state.settled


def may_transfer(script: Script, state: CallState) -> bool:
    """Whether the trainee may put the caller through now: said before, and to this caller, here, it is a good end.

    It is if the rules of the step would hand her over after a reply that does nothing but refer.
    """
    if not state.heard.get("refer", 0):
        return False
    if script.steps[state.step].end is Ending.REFERRED:
        return True
    nowhen = Span(start=0, end=0)
    refer = Finding(kind=Kind.TECHNIQUE, id="refer", turn=state.turn + 1)
    heard = Heard(transcript=Transcript(words=(), text="", engine="none"), findings=(refer,))
    reply = Reply(span=nowhen, live=heard, final=heard)
    return script.steps[lead(script, state, reply, (refer,)).go].end is Ending.REFERRED


def _say(script: Script, state: CallState, step: Step) -> tuple[CallState, Line]:
    aside = None if step.end else script.aside(state.turn)
    place, say = (ASIDE, aside.say) if aside else (step.name, step.say)
    mood = _nearest(script.anger.mood(state.anger), say)
    ranked = sorted(
        ((line_of(place, mood, wording), wording.weight) for wording in say[mood]),
        key=lambda one: (state.used.get(one[0].id, 0), -one[1], _chance(state, one[0].id)),
    )
    line = next((one for one, _ in ranked if one.id != state.last_line), ranked[0][0])
    entered = replace(
        state,
        step=step.name,
        phase=step.phase,
        tries=state.tries if step.name == state.step else 0,
        aside=line.id if aside else None,
    )
    return _used(entered, line), _sounding(script, entered, line)


def _sounding(script: Script, state: CallState, line: Line) -> Line:
    """A line as it sounds in ``state``: in the step she is in, with its take and the sound that lies on it."""
    return replace(line, step=state.step, take=script.takes.get(line.id), effect=script.effect(state.turn))


def _used(state: CallState, line: Line) -> CallState:
    return replace(state, used={**state.used, line.id: state.used.get(line.id, 0) + 1}, last_line=line.id)


def _nearest(mood: str, say: Mapping[str, tuple[Wording, ...]]) -> str:
    wanted = MOODS.index(mood)
    return min(say, key=lambda name: (abs(MOODS.index(name) - wanted), -MOODS.index(name)))


def _chance(state: CallState, line_id: str) -> str:
    return hashlib.sha256(f"{state.seed}/{state.turn}/{state.step}/{line_id}".encode()).hexdigest()
