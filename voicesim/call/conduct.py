"""A call as a generator: it yields what the caller does and is sent what happened.

::

    Say(line)  ->  Said(span, played_s, overlaps, went_on)
    Listen     ->  Replied(reply) | Silence(span) | Control
    Say(line, again=True)  after Control.AGAIN: the last reply never was
    End        (the last one)

Headset, sound files, typed text, tests and what-if drive the same generator; it resumes from any state.
"""

from collections.abc import Generator
from dataclasses import dataclass, replace
from enum import StrEnum

from voicesim.call.answer import answer, last_line, may_transfer, open_call, wait
from voicesim.model import CallState, Ending, Finding, Influence, Line, Overlap, Reply, Span
from voicesim.script.model import Script


class Control(StrEnum):
    """What the trainee can do beside answering.

    The generator is sent ``REPEAT``, ``AGAIN``, ``HANG_UP``, ``TRANSFER`` and ``STOP``; the others are the shell's own:
    accept the ringing call, pause it or go on, press or let go of the talk key, begin to type, turn the microphone off
    and on, put the caller on hold and come back.
    """

    REPEAT = "repeat"
    AGAIN = "again"
    HANG_UP = "hang_up"
    TRANSFER = "transfer"
    STOP = "stop"
    ACCEPT = "accept"
    PAUSE = "pause"
    TALK = "talk"
    TYPE = "type"
    MUTE = "mute"
    UNMUTE = "unmute"
    HOLD = "hold"
    UNHOLD = "unhold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the last reply (None: a silence) did: the states around it and why anger moved."""

    before: CallState
    after: CallState
    reply: Reply | None
    influences: tuple[Influence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """The caller says ``line``; ``outcome`` is what led to it (None for the first line and a repeated one).

    ``again``: the trainee takes the last reply back, with every silence after it, and this is the line it answered.
    """

    line: Line
    state: CallState
    outcome: Outcome | None = None
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listen:
    """The caller waits for a reply; how long a wait is a silence is for the shell to count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """The call is over; ``outcome`` is a last reply or silence that no line followed."""

    ending: Ending
    state: CallState
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The line has been played: when, how much of it, who spoke over it, and whether the last reply went on."""

    span: Span | None = None
    played_s: float | None = None
    overlaps: tuple[Overlap, ...] = ()
    went_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied:
    """The trainee has answered."""

    reply: Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """The trainee said nothing for the whole wait; ``finding`` says what it was to the caller, if more is known."""

    span: Span | None = None
    finding: Finding | None = None


Happened = Said | Replied | Silence | Control
Call = Generator[Say | Listen | End, Happened, None]


def conduct(script: Script, seed: int, state: CallState | None = None) -> Call:
    """The call of ``script`` under ``seed``; with a ``state`` it goes on from there by listening to a reply."""
    if state is None:
        state, line = open_call(script, seed)
        event = yield Say(line=line, state=state)
    else:
        line = last_line(script, state)
        event = Said()
    outcome: Outcome | None = None
    asked = line
    # The states and lines that replies were given to, for whoever wants to say one again.
    replied: list[tuple[CallState, Line]] = []
    while True:
        if isinstance(event, Said) and event.went_on and outcome is not None and outcome.reply is not None:
            # The reply was not over: forget the answer and the abandoned line, and listen on.
            state, line, outcome = outcome.before, asked, None
            replied.pop()
        elif event is Control.AGAIN and replied:
            (state, line), outcome = replied.pop(), None
            event = yield Say(line=line, state=state, again=True)
            continue
        elif event in (Control.REPEAT, Control.AGAIN):
            outcome = None
            event = yield Say(line=line, state=state)
            continue
        elif event is not Control.STOP and (ending := script.steps[state.step].end):
            # Whoever hangs up during the last line changes nothing any more.
            yield End(ending=ending, state=state)
            return
        elif isinstance(event, Control):
            yield _left(script, event, state)
            return
        event, asked = (yield Listen()), line
        match event:
            case Replied(reply=reply):
                before = state
                replied.append((state, line))
                state, line, influences = answer(script, state, reply)
                outcome = Outcome(before=before, after=state, reply=reply, influences=influences)
            case Silence(finding=finding):
                before = state
                state, quiet, influences = wait(script, state, finding)
                outcome = Outcome(before=before, after=state, reply=None, influences=influences)
                if quiet is None:
                    yield End(ending=Ending.HUNG_UP, state=state, outcome=outcome)
                    return
                line = quiet
            case _:
                continue
        event = yield Say(line=line, state=state, outcome=outcome)


def _left(script: Script, control: Control, state: CallState) -> End:
    if control is Control.STOP:
        return End(ending=Ending.STOPPED, state=state)
    if control is Control.TRANSFER and may_transfer(script, state):
        return End(ending=Ending.REFERRED, state=state)
    if state.heard.get("set_limit", 0):
        return End(ending=Ending.LIMIT_ENDED, state=state)
    heard = {**state.heard, "hang_up_unannounced": 1}
    return End(ending=Ending.ABANDONED, state=replace(state, heard=heard))
