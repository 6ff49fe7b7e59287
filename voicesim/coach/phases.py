"""The phases of a call: which turns belong to which, and how far the call came."""

from collections.abc import Mapping
from dataclasses import dataclass

from voicesim.model import CallRecord, Phase, Turn

#: The phases in the order in which a call moves through them.
ORDER: tuple[Phase, ...] = (Phase.CONTROL, Phase.ACKNOWLEDGE, Phase.REFOCUS, Phase.SOLVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A turn that the trainee answered, with its number counted from 1 over all turns."""

    number: int
    turn: Turn


def answered(record: CallRecord) -> tuple[Answered, ...]:
    """The turns with a reply, in order."""
    return tuple(Answered(number=n, turn=t) for n, t in enumerate(record.turns, 1) if t.reply is not None)


def by_phase(record: CallRecord) -> Mapping[Phase, tuple[Answered, ...]]:
    """The answered turns of each phase; a call may fall back into a phase, so they need not be neighbours."""
    turns = answered(record)
    return {phase: tuple(a for a in turns if a.turn.phase is phase) for phase in ORDER}


def reached(record: CallRecord) -> tuple[Phase, ...]:
    """The phases that the call reached.

    A phase is reached when a turn in it, or in a later one, was answered or met with silence. A call that was
    solved or handed over reached all of them; one that ended at a limit reached as far as its turns went.
    """
    if record.ending.value in ("resolved", "referred"):
        return ORDER
    places = [ORDER.index(t.phase) for t in record.turns if t.reply is not None or t.influences]
    return ORDER[: max(places) + 1] if places else ()
