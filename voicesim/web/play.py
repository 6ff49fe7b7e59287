"""Plays a script from any step with typed replies; nothing is stored here, the state comes and goes with each reply."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from voicesim.errors import UsageError
from voicesim.model import CallState, Kind, Phase
from voicesim.report.wording import name_of, signed, why_anger_moved
from voicesim.script.model import Script
from voicesim.web.script_desk import checked, wanted
from voicesim.wiring.trying_out import LONGEST, Played, Point, begun, replied

router = APIRouter()

_Count = Annotated[int, Field(ge=0, le=10_000)]
_Word = Annotated[str, Field(max_length=200)]
_Line = Annotated[str, Field(max_length=5_000)]
_Counts = Annotated[dict[_Word, _Count], Field(max_length=2_000)]
_ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"description": "Does not fit"},
    404: {"description": "No such script"},
}


class PlayState(BaseModel):
    """Where a try stands: to be sent back as it was given, together with the next reply."""

    step: _Word
    anger: Annotated[int, Field(ge=0, le=10)]
    seed: Annotated[int, Field(ge=0, le=2**31)]
    turn: _Count
    tries: _Count
    heard: _Counts
    used: _Counts
    last_line: _Word
    phase: Phase
    silences: Annotated[int, Field(ge=0, le=10)]
    was_angry: bool
    fingerprints: Annotated[list[_Word], Field(max_length=5_000)]
    aside: _Word | None = None
    said: Annotated[list[_Line], Field(max_length=LONGEST)]
    lines: Annotated[list[_Line], Field(max_length=3 * LONGEST)]
    abuse: _Count


class Reply(BaseModel):
    """A reply to a try under way (``state``), or the wish to begin one at a step with so much anger.

    The script is the one of ``text``, or else the file of ``id``. An empty reply is a silence.
    """

    text: Annotated[str, Field(max_length=1_000_000)] | None = None
    id: _Word | None = None
    step: _Word | None = None
    anger: Annotated[int, Field(ge=0, le=10)] | None = None
    state: PlayState | None = None
    reply: Annotated[str, Field(max_length=2_000)] = ""


class HeardOut(BaseModel):
    """Something that was found in a reply, with the words that carry it, and whether that is sure."""

    id: str
    name: str
    kind: Kind
    quote: str | None
    sure: bool


class AngerOut(BaseModel):
    """One reason why anger moved, in words."""

    by: str
    why: str


class PlayedOut(BaseModel):
    """What the caller says now, and why: ``rule`` is what matched, ``rule_line`` its line in the file."""

    state: PlayState
    step: str
    line: str | None
    mood: str
    anger: int
    anger_before: int
    heard: list[HeardOut]
    offers: list[str]
    mentions: list[str]
    influences: list[AngerOut]
    rule: str | None
    rule_line: int | None
    ending: str | None
    good: bool | None


@router.post("/api/scripts/play", responses=_ERRORS)
def play(given: Reply) -> PlayedOut:
    """The caller's next line, her anger, why it moved, and which rule of the script matched."""
    script = _script(given)
    if given.state is None:
        return _out(script, begun(script, given.step, given.anger))
    return _out(script, replied(script, _point(given.state), given.reply))


def _script(given: Reply) -> Script:
    if given.text is not None:
        found = checked(given.text.replace("\r\n", "\n").encode(errors="replace"))
    elif given.id is not None:
        found = checked(wanted(given.id).data)
    else:
        raise UsageError("no script was named", mend="Give its text or its id.")
    if found.script is None:
        fault = found.remarks[0]
        raise UsageError(f"line {fault.line} cannot be understood: {fault.what}", mend=fault.mend)
    return found.script


def _point(state: PlayState) -> Point:
    return Point(
        state=CallState(
            step=state.step,
            anger=state.anger,
            seed=state.seed,
            turn=state.turn,
            tries=state.tries,
            heard=state.heard,
            used=state.used,
            last_line=state.last_line,
            phase=state.phase,
            silences=state.silences,
            was_angry=state.was_angry,
            said=tuple(state.fingerprints),
            aside=state.aside,
        ),
        said=tuple(state.said),
        lines=tuple(state.lines),
        abuse=state.abuse,
    )


def _out(script: Script, played: Played) -> PlayedOut:
    point, state = played.point, played.point.state
    carried = PlayState(
        step=state.step,
        anger=state.anger,
        seed=state.seed,
        turn=state.turn,
        tries=state.tries,
        heard=dict(state.heard),
        used=dict(state.used),
        last_line=state.last_line or "",
        phase=state.phase,
        silences=state.silences,
        was_angry=state.was_angry,
        fingerprints=list(state.said),
        aside=state.aside,
        said=list(point.said),
        lines=[line[:5_000] for line in point.lines],
        abuse=point.abuse,
    )
    return PlayedOut(
        state=carried,
        step=state.step,
        line=None if played.line is None else played.line.text,
        mood=script.anger.mood(state.anger),
        anger=played.anger,
        anger_before=played.anger_before,
        heard=[HeardOut(id=f.id, name=name_of(f.id), kind=f.kind, quote=f.quote, sure=f.sure) for f in played.findings],
        offers=list(played.offers),
        mentions=list(played.mentions),
        influences=[AngerOut(by=signed(i.delta), why=why_anger_moved(i)) for i in played.influences],
        rule=f"{played.way.why}, so on to '{played.way.go}'" if played.way else None,
        rule_line=played.way.line_number if played.way else None,
        ending=played.ending and played.ending.value,
        good=played.ending.good if played.ending else None,
    )
