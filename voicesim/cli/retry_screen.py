"""What the turn gym shows: the turn as it was, why it moved the caller, and two attempts side by side."""

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from voicesim.call.retry import Since, Tried
from voicesim.cli.again import NOTHING_MOVED, advised, reasons
from voicesim.coach.delivery import PACE_WORDS
from voicesim.model import CallRecord, Ending, Influence, Moment, Reply
from voicesim.report.terminal import CallScreen
from voicesim.report.wording import SIGNS, name_of, signed
from voicesim.script.model import Script

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
        ended=_ended(record.ending, sum(one.reply is not None for one in later)),
    )


def in_attempt(tried: Tried, n: int) -> Side:
    """The side of an attempt."""
    more = sum(turn.reply is not None for turn in tried.on)
    return Side(
        name=f"attempt {n}",
        reply=tried.reply,
        before=tried.before.anger,
        after=tried.after.anger,
        influences=tried.influences,
        line=tried.line.text,
        ended=None if tried.ending is None else _ended(tried.ending, more),
    )


def _ended(ending: Ending, more: int) -> str:
    after = "with this reply" if not more else f"after {more} more {'reply' if more == 1 else 'replies'}"
    return f"{ending.value.replace('_', ' ')} {after}"


def show_turn(console: Console, script: Script, record: CallRecord, point: Since, better: Moment | None) -> None:
    """Show the turn as it was in the call, what it did and why, and a better reply."""
    turn = record.turns[point.number - 1]
    screen = CallScreen(console, script.caller.name, turns=point.number - 1)
    screen.line(turn.line, turn.before.anger)
    if turn.reply is None:
        screen.note(_SILENT)
    else:
        screen.reply(turn.reply)
    screen.influences(turn.before.anger, turn.after.anger, ())
    for sign, why in reasons(turn.influences):
        screen.note(why, sign)
    console.print()
    for row in advised(better):
        screen.note(row)


def show_sides(console: Console, first: Side, second: Side) -> None:
    """Show two sides in a table, and what has changed in one sentence."""
    table = Table(show_lines=True)
    for heading in ("", first.name, second.name):
        table.add_column(heading, ratio=1 if heading == "" else 3)
    for label, cells in rows(first, second):
        table.add_row(Text(label, "bold"), *(Text(cell) for cell in cells))
    console.print()
    console.print(table)
    console.print(compared(first, second), markup=False)


def rows(first: Side, second: Side) -> list[tuple[str, tuple[str, str]]]:
    """The rows of the table: words, findings, delivery against the own baseline, influence, her next line, ending."""
    made = [
        ("You said", (_words(first), _words(second))),
        ("Found", (_found(first), _found(second))),
        ("Sounded", (_sounded(first), _sounded(second))),
        ("Anger", (_moved(first), _moved(second))),
        ("She said", (first.line or "-", second.line or "-")),
    ]
    if second.ended is not None:
        made.append(("Call ended", (first.ended or "-", second.ended)))
    return made


def compared(first: Side, second: Side) -> str:
    """What the second reply did against the first, in a sentence."""
    one, other = first.after - first.before, second.after - second.before
    if other == one:
        return f"Her anger moved as it did in the call ({signed(one)})."
    better = "It calmed her more" if other < one else "It calmed her less"
    return f"{better}: {signed(other)} now, {signed(one)} in the call."


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
