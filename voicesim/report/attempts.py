"""Attempts at one reply side by side: as it was in the call, the best one since, and the last one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from voicesim.model import CallRecord, CallState, Influence, Reply, Turn


class Attempt(Protocol):
    """What the page reads of an attempt: turn (from 1), number, how it was made, and what it did to the caller.

    ``by`` is ``in_call`` for a reply that was taken back in the call.
    """

    @property
    def turn(self) -> int: ...  # noqa: D102
    @property
    def n(self) -> int: ...  # noqa: D102
    @property
    def by(self) -> str: ...  # noqa: D102
    @property
    def reply(self) -> Reply: ...  # noqa: D102
    @property
    def before(self) -> CallState: ...  # noqa: D102
    @property
    def after(self) -> CallState: ...  # noqa: D102
    @property
    def influences(self) -> tuple[Influence, ...]: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One of the columns: what it is called, its words, what moved the caller, and how it sounded."""

    name: str
    words: str
    first: int
    last: int
    moved: tuple[Influence, ...]
    sounded: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnTried:
    """A turn that was said again: how often, and the attempts to compare."""

    turn: int
    line: str
    count: int
    columns: tuple[Tried, ...]


def tried(record: CallRecord, attempts: Sequence[Attempt]) -> tuple[TurnTried, ...]:
    """Each turn that was said again, in order: its first, best and last reply; the one in the call is one of them all.

    What was taken back in the call comes before the reply that the call went on with.
    """
    by_turn: dict[int, list[Attempt]] = {}
    for attempt in sorted(attempts, key=lambda a: a.n):
        if 0 < attempt.turn <= len(record.turns):
            by_turn.setdefault(attempt.turn, []).append(attempt)
    return tuple(_turn(record, turn, found) for turn, found in sorted(by_turn.items()))


def _turn(record: CallRecord, number: int, attempts: Sequence[Attempt]) -> TurnTried:
    turn = record.turns[number - 1]
    back = [_column(f"taken back ({a.n})", a, a.reply) for a in attempts if a.by == "in_call"]
    later = [_column(f"attempt {a.n}", a, a.reply) for a in attempts if a.by != "in_call"]
    in_call = [_column("in the call", turn, turn.reply)] if turn.reply is not None else []
    every = [*back, *in_call, *later]
    best = min(range(len(every)), key=lambda i: (every[i].last, -i))
    roles: dict[int, list[str]] = {}
    for role, i in (("first", 0), ("best", best), ("last", len(every) - 1)):
        roles.setdefault(i, []).append(role)
    columns = [replace(every[i], name=f"{' and '.join(names)}: {every[i].name}") for i, names in roles.items()]
    return TurnTried(turn=number, line=turn.line.text, count=len(attempts), columns=tuple(columns))


def _column(name: str, said: Attempt | Turn, reply: Reply) -> Tried:
    return Tried(
        name=name,
        words=reply.final.transcript.text,
        first=said.before.anger,
        last=said.after.anger,
        moved=tuple(i for i in said.influences if i.delta),
        sounded=sounded(reply),
    )


def sounded(reply: Reply) -> tuple[str, ...]:
    """Pace, loudness and the pause before a reply in words, as far as they were measured."""
    told = reply.delivery
    if told is None:
        return ()
    gap = told.reply_gap_s
    parts = (
        (told.articulation_rate_sps, "{:.1f} syllables a second"),
        (told.level_db_re_baseline, "{:+.1f} dB against your baseline"),
        (gap if gap is None else abs(gap), "{:.1f} s after the line" if gap and gap > 0 else "{:.1f} s before its end"),
    )
    return tuple(text.format(value).replace("-", "−") for value, text in parts if value is not None)
