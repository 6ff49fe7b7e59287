"""One turn of a held call, tried again: from the state before it, with another reply. Pure.

A :class:`Since` says where in a call; :func:`attempted` is one reply's worth of another course, and
:func:`taken_up` the call itself, which goes on from there for as long as somebody answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from voicesim.call.answer import answer
from voicesim.call.conduct import Call, Control, Say, conduct
from voicesim.call.context import context_of
from voicesim.call.record import Recorder, reopened
from voicesim.errors import InputError, UsageError
from voicesim.model import CallRecord, CallState, Context, Ending, Influence, Line, Reply, Turn
from voicesim.script.model import Script


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """A point of a held call: turn ``number`` (from 1), the turns before it, and that turn with its line unanswered."""

    number: int
    earlier: tuple[Turn, ...]
    turn: Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What became of a turn with this reply: the states around it, why anger moved, and her next line.

    A silence before the reply belongs to it. ``ending``: the line ended the call so, or ``on``, the turns in which the
    call went on after it, did.
    """

    before: CallState
    reply: Reply
    after: CallState
    influences: tuple[Influence, ...]
    line: Line
    ending: Ending | None = None
    on: tuple[Turn, ...] = ()


def since(script: Script, record: CallRecord, number: int) -> Since:
    """The point of a call at which turn ``number`` (from 1) waits for its reply.

    Raises UsageError if there is no such turn or its line ended the call, InputError if the script has no such line.
    """
    if not 1 <= number <= len(record.turns):
        raise UsageError(f"the call has no turn {number}", mend=f"It has the turns 1 to {len(record.turns)}.")
    turn = record.turns[number - 1]
    step = script.steps.get(turn.before.step)
    if step is None or all(line.id != turn.before.last_line for line in script.lines()):
        what = f"the script has no line '{turn.before.last_line}'"
        raise InputError(what, where=script.file, mend="Was the script in the folder of the call changed?")
    if step.end is not None:
        raise UsageError(
            f"with turn {number} the call ended", mend="Name an earlier turn: nobody answers her last line."
        )
    return Since(number=number, earlier=record.turns[: number - 1], turn=reopened(turn))


def worst_turn(record: CallRecord) -> tuple[int, str]:
    """The turn (from 1) that cost most, and why that one, in a sentence: the first next step, else what anger says.

    Raises UsageError for a call in which nobody replied.
    """
    replied = [number for number, turn in enumerate(record.turns, 1) if turn.reply is not None]
    if not replied:
        raise UsageError("nobody replied in this call", mend="Name a turn with --turn.")
    for step in record.feedback.next_steps if record.feedback else ():
        if step.turn in replied:
            return step.turn, f"What to change first is there. {step.title.rstrip('.')}."

    def rose(number: int) -> int:
        return record.turns[number - 1].after.anger - record.turns[number - 1].before.anger

    number = max(replied, key=lambda one: (rose(one), -one))
    if rose(number) > 0:
        return number, "There her anger rose most."
    return number, "Nothing in the call cost much; there her anger fell least."


def context_at(script: Script, point: Since) -> Context:
    """What may be known of the call when the reply comes in."""
    return context_of(script, point.turn.before, point.turn.line, point.earlier)


def attempted(script: Script, point: Since, reply: Reply) -> Tried:
    """What this reply would have done, had it been given then."""
    before = point.turn.before
    after, line, influences = answer(script, before, reply)
    ending = script.steps[line.step].end
    return Tried(before=before, reply=reply, after=after, influences=influences, line=line, ending=ending)


def taken_up(script: Script, seed: int, point: Since | None) -> tuple[Call, Say]:
    """The call from a point on (None: from its beginning), and its first step: she says her line (again)."""
    if point is None:
        call = conduct(script, seed)
        first = next(call)
    else:
        call = conduct(script, seed, point.turn.before)
        next(call)
        first = call.send(Control.REPEAT)
    if not isinstance(first, Say):
        raise TypeError(f"a call began with {first}")
    return call, first


def recorder_of(script: Script, point: Since | None) -> Recorder:
    """What gathers the turns of a call that is taken up at a point."""
    return Recorder(script) if point is None else Recorder(script, point.earlier, point.turn)


def tried(script: Script, point: Since, turns: Sequence[Turn], ending: Ending | None = None) -> Tried | None:
    """What a call that was taken up came to by its ``turns``, those before the point included; None without a reply.

    ``ending`` is how the call ended, if it was held to its end.
    """
    new = turns[point.number - 1 :]
    at = next((index for index, turn in enumerate(new) if turn.reply is not None), None)
    if at is None or at + 1 >= len(new):
        return None
    reply, line, on = new[at].reply, new[at + 1].line, tuple(new[at + 1 :])
    if reply is None:
        return None
    return Tried(
        before=point.turn.before,
        reply=reply,
        after=new[at].after,
        influences=tuple(influence for turn in new[: at + 1] for influence in turn.influences),
        line=line,
        ending=script.steps[line.step].end or ending,
        on=() if len(on) == 1 and on[0].reply is None else on,
    )
