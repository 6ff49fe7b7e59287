"""Marks: moments of a call with what they earned or lost, and what they are read from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from voicesim.catalogue import CATALOGUE
from voicesim.coach.advice import advice
from voicesim.coach.evidence import Seen, doubtful, seen
from voicesim.coach.phases import ORDER, Answered, by_phase, reached
from voicesim.coach.rubric import Rubric
from voicesim.model import CallRecord, Moment, Phase

_QUOTE_CHARACTERS = 160
_SAME_STEP = {"heard_out": "interrupt"}
#: Replies to her story without her facts: what says them back only then was asked for, and is no praise.
LATE_AFTER = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A moment, the points it lost, and the anger that its cause added.

    ``confidence`` is how likely it was heard right. ``by`` are the techniques any of which would have earned what was
    lost, empty for what was said and hurt; ``missed`` is where one of them would have fitted, if the moment is
    another; ``goal`` says that the script asks for it. ``beyond`` are points of a phase that the call did not reach, or
    what weighs what is told first besides: they cost nothing. ``sure`` is False for what was perhaps said.
    """

    moment: Moment
    lost: int = 0
    moved: int = 0
    confidence: float = 1.0
    by: tuple[str, ...] = ()
    missed: Moment | None = None
    goal: bool = False
    beyond: int = 0
    sure: bool = True

    @property
    def name(self) -> str:
        """What would have earned it by name: the criterion, or the goal."""
        return self.moment.criterion or self.moment.id

    @property
    def step(self) -> str:
        """What a trainee has to change here: one thing may be seen as two."""
        return _SAME_STEP.get(self.moment.id, self.moment.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What the criteria look at, read from the record once; ``shared`` says whether delivery may be looked at."""

    record: CallRecord
    rubric: Rubric
    shared: bool
    seen: tuple[Seen, ...]
    turns: Mapping[Phase, tuple[Answered, ...]]
    reached: tuple[Phase, ...]
    doubtful: frozenset[str]

    def answered_in(self, phases: Iterable[Phase]) -> list[Answered]:
        """The answered turns of these phases (of all, if none is given), in the order of the call."""
        wanted = tuple(phases) or ORDER
        return sorted((a for phase in wanted for a in self.turns[phase]), key=lambda a: a.number)


def scored(record: CallRecord, rubric: Rubric, *, shared: bool) -> Scored:
    """The call as criteria look at it."""
    return Scored(
        record=record,
        rubric=rubric,
        shared=shared and rubric.delivery,
        seen=seen(record),
        turns=by_phase(record),
        reached=reached(record),
        doubtful=doubtful(record),
    )


def facts_said(call: Scored) -> int:
    """The turn that first said the caller's facts back; 0 where none did."""
    return min((s.turn for s in call.seen if s.finding.id == "acknowledge"), default=0)


def replies_before_facts(call: Scored) -> tuple[Answered, ...]:
    """The replies to the caller's story that came before the first that said her facts back; none where none did."""
    first = facts_said(call)
    return tuple(place for place in call.turns[Phase.ACKNOWLEDGE] if place.number < first)


def told_unverified(call: Scored) -> int:
    """The turn that first told something of the account, surely or perhaps, before the caller was verified; else 0."""
    return next(
        (
            number
            for number, turn in enumerate(call.record.turns, 1)
            if turn.reply and any(finding.id == "disclosure" for finding in turn.reply.final.findings)
        ),
        0,
    )


def moment_of(item: Seen, call: Scored, *, title: str, points: int, of: int | None, phase: Phase) -> Moment:
    """The moment of something that was seen."""
    tips = advice(item.finding.id)
    turn = call.record.turns[item.turn - 1]
    place = Answered(number=item.turn, turn=turn)
    return Moment(
        id=item.finding.id,
        turn=item.turn,
        title=title,
        quote=item.finding.quote or said(place),
        why=tips.why,
        effect=item.effect,
        source=tips.source,
        span=item.finding.span or (turn.reply.span if turn.reply else None),
        points=points,
        of=of,
        phase=phase,
    )


def done(finding_id: str) -> str:
    """What the trainee did, as a sentence without its stop."""
    return f"You {CATALOGUE[finding_id].meaning}"


def said(place: Answered | None) -> str | None:
    """What the trainee said there, shortened at a word."""
    if place is None or place.turn.reply is None:
        return None
    text = place.turn.reply.final.transcript.text
    if len(text) <= _QUOTE_CHARACTERS:
        return text or None
    return text[:_QUOTE_CHARACTERS].rsplit(" ", 1)[0] + " …"


def listed(items: Sequence[object], last: str) -> str:
    """The items as words: ``1, 2 and 3``.

    >>> listed([1, 2, 3], "and"), listed([1], "or")
    ('1, 2 and 3', '1')
    """
    *some, end = [str(item) for item in items]
    return f"{', '.join(some)} {last} {end}" if some else end


def where(turns: Sequence[Answered], phases: Sequence[Phase]) -> str:
    """Which turns were looked at, in words: ``in turns 1, 2 and 4 (control)``."""
    named = f" ({listed([phase.value for phase in phases], 'and')})" if phases else ""
    if not turns:
        return f"in no turn, as none was answered{f' in {named[2:-1]}' if named else ''}"
    numbers = listed([a.number for a in turns], "and")
    return f"in {'turn' if len(turns) == 1 else 'turns'} {numbers}{named}"
