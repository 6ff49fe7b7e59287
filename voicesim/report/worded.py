"""How each reply of a call was worded, as rows for the page."""

from dataclasses import dataclass

from voicesim.language.wording import wording
from voicesim.model import CallRecord, Context
from voicesim.report.wording import worded


@dataclass(frozen=True, slots=True, kw_only=True)
class WordedReply:
    """The measures of one reply's wording: its turn, and label and value of each."""

    turn: int
    rows: tuple[tuple[str, str], ...]


def worded_replies(record: CallRecord) -> tuple[WordedReply, ...]:
    """The wording of each reply that has words; what it takes up is counted against the caller's lines until then."""
    found, lines = [], []
    for number, turn in enumerate(record.turns, 1):
        lines.append(turn.line.text)
        if turn.reply is None:
            continue
        heard = turn.reply.final
        context = Context(caller_line=turn.line.text, caller_lines=tuple(lines))
        measured = wording(heard.transcript, context, findings=heard.findings, speech=turn.reply.speech or None)
        if rows := tuple(worded(measured)):
            found.append(WordedReply(turn=number, rows=rows))
    return tuple(found)
