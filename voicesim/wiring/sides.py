"""Replies to one turn side by side: that of the call and later attempts, each with what it did, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from voicesim.call.retry import Tried
from voicesim.coach.delivery import PACE_WORDS
from voicesim.model import CallRecord, Ending, Influence, Reply, Turn
from voicesim.report.wording import SIGNS, name_of, signed
from voicesim.store.attempts import Attempt
from voicesim.wiring.again import NOTHING_MOVED

_SILENT = "(silence)"
_NOT_OBSERVED = "not observed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of the comparison: what was said, what it did, what she said then, and how the call ended."""

    name: str
    reply: Reply | None
    before: int
    after: int
    influences: tuple[Influence, ...]
    line: str | None
    ended: str | None

    @property
    def moved(self) -> int:
        """How far anger moved."""
        return self.after - self.before


def in_the_call(record: CallRecord, number: int) -> Side:
    """The side of the reply that turn ``number`` (from 1) had in the call."""
    turn = record.turns[number - 1]
    later = record.turns[number:]
    return Side(
        name="in the call",
        reply=turn.reply,
        before=turn.before.anger,
        after=turn.after.anger,
        influences=turn.influences,
        line=later[0].line.text if later else None,
        ended=_ended(record.ending, later),
    )


def in_attempt(made: Attempt | Tried, n: int) -> Side:
    """The side of the ``n``-th attempt."""
    return Side(
        name=f"attempt {n}",
        reply=made.reply,
        before=made.before.anger,
        after=made.after.anger,
        influences=made.influences,
        line=made.line.text,
        ended=None if made.ending is None else _ended(made.ending, made.on),
    )


def _ended(ending: Ending, later: Sequence[Turn]) -> str:
    more = sum(turn.reply is not None for turn in later)
    after = "with this reply" if not more else f"after {more} more {'reply' if more == 1 else 'replies'}"
    return f"{ending.value.replace('_', ' ')} {after}"


def rows(first: Side, second: Side) -> list[tuple[str, tuple[str, str]]]:
    """The rows of the table: words, findings, delivery against the own baseline, influence, her next line, ending."""
    made = [
        ("You said", (_words(first), _words(second))),
        ("Found", (_found(first), _found(second))),
        ("Sounded", (_sounded(first), _sounded(second))),
        ("Anger", (_moved(first), _moved(second))),
        ("Caller said", (first.line or "-", second.line or "-")),
    ]
    if second.ended is not None:
        made.append(("Call ended", (first.ended or "-", second.ended)))
    return made


def compared(first: Side, second: Side) -> str:
    """What the second reply did against the first, in a sentence."""
    if second.moved == first.moved:
        return f"The caller's anger moved as it did in the call ({signed(first.moved)})."
    return f"{_against(first.moved, second.moved)}: {signed(second.moved)} now, {signed(first.moved)} in the call."


def _against(before: int, now: int) -> str:
    """How anger moved with the second reply, beside the first, which moved it otherwise."""
    if now == 0:
        return "It left the caller's anger where it was"
    if now < 0:
        return "It calmed the caller more" if now < before else "It calmed the caller less"
    if before <= 0:
        return "It made the caller angrier"
    return "It angered the caller less" if now < before else "It angered the caller more"


def _words(side: Side) -> str:
    return (side.reply.final.transcript.text or _SILENT) if side.reply is not None else _SILENT


def _found(side: Side) -> str:
    """Findings of the live understanding: that is what she reacted to."""
    found = [f for f in side.reply.live.findings if f.sure] if side.reply is not None else []
    return "\n".join(f"{SIGNS[f.kind]} {name_of(f.id)}" for f in found) or "nothing"


def _sounded(side: Side) -> str:
    """Measures of the delivery, against the trainee's own baseline where there is one."""
    delivery = None if side.reply is None else side.reply.delivery
    if side.reply is None or delivery is None:
        return _NOT_OBSERVED
    told = []
    if delivery.articulation_rate_sps is not None and len(side.reply.final.transcript.words) >= PACE_WORDS:
        told.append(f"pace {delivery.articulation_rate_sps:.1f} syllables/s")
    if delivery.level_db_re_baseline is not None:
        told.append(f"loudness {delivery.level_db_re_baseline:+.1f} dB against your baseline")
    if delivery.tension is not None and delivery.calibrated:
        told.append(f"tension {delivery.tension_band or ''} ({delivery.tension:+.1f})")
    if delivery.reply_gap_s is not None:
        told.append(f"pause before it {delivery.reply_gap_s:.1f} s")
    return "\n".join(told) or _NOT_OBSERVED


def _moved(side: Side) -> str:
    why = [f"{signed(i.delta)} {name_of(i.cause)}" for i in side.influences if i.delta]
    return "\n".join((f"{side.before} to {side.after}", *(why or [NOTHING_MOVED])))
