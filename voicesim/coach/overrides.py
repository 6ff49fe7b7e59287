"""A call as a trainer judged it: findings added and taken away, each with who said so; the machine's record stays."""

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace

from voicesim.catalogue import CATALOGUE
from voicesim.coach.evidence import seen
from voicesim.coach.review import ReviewEntry, outvoted, overrides
from voicesim.model import CallRecord, Finding, Heard, OverlapKind, Reply, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """One finding of a turn (from 1) as a trainer sees it: ``present`` or not, with who said it and why.

    ``machine`` is whether the machine counts it there. ``left`` says why the score cannot follow the trainer, if it
    cannot.
    """

    turn: int
    finding: str
    present: bool
    machine: bool
    by: str
    note: str | None = None
    left: str | None = None

    @property
    def changes(self) -> bool:
        """Whether the score is another one by this."""
        return self.left is None and self.present != self.machine


def overridden(record: CallRecord, entries: Iterable[ReviewEntry]) -> tuple[Override, ...]:
    """What trainers override in a call, by turn and id; of several overrides of one finding the last one counts."""
    counted = {(item.turn, item.finding.id) for item in seen(record)}
    found = [
        _override(entry, turn, finding, counted, left=_left(record, turn, finding, present=bool(entry.verdict)))
        for (turn, finding), entry in overrides(entries).items()
    ]
    return tuple(sorted(found, key=_place))


def superseded(record: CallRecord, entries: Iterable[ReviewEntry]) -> tuple[Override, ...]:
    """Overrides that do not count since another trainer decided on the same finding later, by turn and id."""
    counted = {(item.turn, item.finding.id) for item in seen(record)}
    entries = tuple(entries)
    last = overrides(entries)
    found = [
        _override(entry, *place, counted, left=f"{last[place].by} decided later") for place, entry in outvoted(entries)
    ]
    return tuple(sorted(found, key=_place))


def with_overrides(record: CallRecord, entries: Iterable[ReviewEntry]) -> CallRecord:
    """The record as trainers judged it, to be scored; who added and removed what is :func:`overridden`.

    What the caller said and how anger moved stays as it was: only what counts for the score is another. The feedback
    is the machine's still.
    """
    turns = list(record.turns)
    for one in overridden(record, entries):
        if one.left is None:
            turns[one.turn - 1] = _judged(turns[one.turn - 1], one)
    return replace(record, turns=tuple(turns))


def _override(
    entry: ReviewEntry, turn: int, finding: str, counted: Set[tuple[int, str]], *, left: str | None
) -> Override:
    return Override(
        turn=turn,
        finding=finding,
        present=bool(entry.verdict),
        machine=(turn, finding) in counted,
        by=entry.by,
        note=entry.note,
        left=left,
    )


def _place(one: Override) -> tuple[int, str]:
    return (one.turn, one.finding)


def _left(record: CallRecord, turn: int, finding: str, *, present: bool) -> str | None:
    if not 1 <= turn <= len(record.turns):
        return f"the call has no turn {turn}"
    if finding not in CATALOGUE:
        return f"'{finding}' is no finding"
    if record.turns[turn - 1].reply is None and present:
        return f"turn {turn} has no reply"
    if finding == "hang_up_unannounced" and not present:
        return "it follows from how the call ended; if a limit was set, add set_limit at its turn"
    return None


def _judged(turn: Turn, one: Override) -> Turn:
    # A silence is read from what moved the caller.
    kept = turn.influences if one.present else tuple(i for i in turn.influences if i.cause != one.finding)
    influences = kept if one.finding == "long_silence" else turn.influences
    return replace(turn, influences=influences, reply=None if turn.reply is None else _with(turn.reply, one))


def _with(reply: Reply, one: Override) -> Reply:
    overlaps = reply.overlaps
    if one.finding == "interrupt" and not one.present:
        overlaps = tuple(o for o in overlaps if o.kind is not OverlapKind.INTERRUPTION)
    return replace(reply, live=_heard(reply.live, one), final=_heard(reply.final, one), overlaps=overlaps)


def _heard(heard: Heard, one: Override) -> Heard:
    others = tuple(f for f in heard.findings if f.id != one.finding)
    if not one.present:
        return replace(heard, findings=others)
    own = next((f for f in heard.findings if f.id == one.finding), None)
    if own is None:
        own = Finding(kind=CATALOGUE[one.finding].kind, id=one.finding, turn=one.turn)
    return replace(heard, findings=(*others, replace(own, sure=True, confidence=1.0)))
