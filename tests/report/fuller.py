"""What the full page shows beside a call: its feedback with the moments that mattered, what if, and attempts."""

from dataclasses import dataclass, replace
from types import ModuleType

from voicesim.coach.moments import key_moments
from voicesim.coach.score import feedback
from voicesim.model import (
    Branch,
    CallRecord,
    CallState,
    Change,
    Ending,
    Influence,
    Reply,
    WhatIf,
)
from voicesim.wiring.rubrics import default_rubric


def judged(sample: ModuleType, record: CallRecord | None = None) -> CallRecord:
    """A call, else the sample, with its feedback, three moments that mattered and two turning points."""
    record = record or sample.sample_record()
    judged = feedback(record, goals=sample.GOALS, rubric=default_rubric(), adviser=sample.adviser())
    mattered = key_moments(record, judged.moments, adviser=sample.adviser())
    return replace(record, feedback=replace(judged, key_moments=mattered), what_if=_WHAT_IF)


_WHAT_IF = (
    WhatIf(
        turn=2,
        branches=(
            Branch(
                change=Change.AS_GIVEN,
                ids=(),
                path=("s2", "s3", "s4", "s5", "s6", "s7"),
                anger=(6, 10, 6, 6, 4, 1),
                ending=Ending.RESOLVED,
            ),
            Branch(
                change=Change.WITHOUT,
                ids=("command_calm", "interrupt"),
                path=("s2", "s3", "s4", "s5"),
                anger=(6, 6, 3, 1),
                ending=Ending.RESOLVED,
            ),
            Branch(
                change=Change.WITH,
                ids=("acknowledge", "refund"),
                path=("s2", "s4", "s5"),
                anger=(6, 4, 1),
                ending=Ending.STOPPED,
                goes_on_at="s5",
            ),
        ),
    ),
    WhatIf(
        turn=6,
        branches=(
            Branch(change=Change.AS_GIVEN, ids=(), path=("s6", "s7"), anger=(4, 2), ending=Ending.RESOLVED),
            Branch(
                change=Change.WITHOUT,
                ids=("assurance",),
                path=("s6", "s6", "end"),
                anger=(4, 5, 7),
                ending=Ending.HUNG_UP,
            ),
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """An attempt at a reply as the page reads it."""

    turn: int
    n: int
    by: str = "headset"
    reply: Reply
    before: CallState
    after: CallState
    influences: tuple[Influence, ...] = ()


def attempts(sample: ModuleType, record: CallRecord) -> tuple[Again, ...]:
    """Three attempts at the second reply: a good one, a bad one, one in between."""
    before = record.turns[1].before
    said = (
        ("Twice, on the twelfth and the fourteenth. I can see why you are upset.", 3, "acknowledge", -3),
        ("Please calm down now.", 8, "command_calm", 2),
        ("I can see why you are upset.", 5, "empathy", -1),
    )
    return tuple(
        Again(
            turn=2,
            n=n,
            reply=sample.reply(text, [cause], delivery=sample._delivery(4.7, 0.5, 0.8, -1.0)),
            before=before,
            after=CallState(step="s3", anger=anger, seed=7, turn=2),
            influences=(Influence(cause=cause, delta=delta, rule="1st time"),),
        )
        for n, (text, anger, cause, delta) in enumerate(said, 1)
    )
