"""Where a call would have gone with one reply changed: a pure replay of what was said, through the same caller.

A turning point is a turn in which anger moved much, a mistake was heard, or a rule led to a bad step. Its reply is
played as given, without its mistakes, and with what was :mod:`missing`; every later reply, silence and hanging up stays
as it was.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from voicesim.call.answer import SILENCES_TO_HANG_UP
from voicesim.call.conduct import Control, End, Happened, Replied, Said, Say, Silence, conduct
from voicesim.call.missing import NOTHING, Missing, bad_steps, kind_of, with_findings
from voicesim.model import (
    Branch,
    CallRecord,
    Change,
    Ending,
    Kind,
    Reply,
    Turn,
    WhatIf,
)
from voicesim.script.model import Script

#: Turning points of one call at most, and the change of anger that makes one.
TURNING_POINTS, TURNS_AT = 5, 2
#: How much a bad end, a step that only mistakes lead to, and a mistake count beside points of anger (grade D, ours).
_BAD_END, _BAD_STEP, _MISTAKE = 3, 2, 1


def _contains(text: str, phrase: str) -> bool:
    return phrase.casefold() in text.casefold()


def what_if(
    script: Script,
    record: CallRecord,
    *,
    asked: Mapping[int, Sequence[str]] | None = None,
    says: Callable[[str, str], bool] = _contains,
) -> tuple[WhatIf, ...]:
    """The turning points of a call with their branches, the largest first, five at most.

    ``script`` is the one that was played, its difficulty included; ``asked`` holds by turn (from 1) what the feedback
    asks for there, which decides between techniques that do the same; ``says`` tells whether a text holds a phrase: a
    phrase is only missed that the trainee could know. A turn whose replay as given is not what happened (another
    script, a reply that was tried again) is left out, and so is one without another branch.
    """
    if not record.turns or record.script.sha256 != script.sha256:
        return ()
    call = _Call(script, record, says)
    points = sorted(
        ((size, number) for number in range(1, len(record.turns) + 1) if (size := call.size(number))),
        key=lambda one: (-one[0], one[1]),
    )
    made: list[WhatIf] = []
    for _, number in points:
        if len(made) == TURNING_POINTS:
            break
        branches = call.branches(number, (asked or {}).get(number, ()))
        if len(branches) > 1:
            made.append(WhatIf(turn=number, branches=branches))
    return tuple(made)


class _Call:
    """A call that is played again, and what is known of its script once."""

    def __init__(self, script: Script, record: CallRecord, says: Callable[[str, str], bool]) -> None:
        self._script, self._record = script, record
        self._turns = tuple(_as_it_moved(turn, record) for turn in record.turns)
        self._control = _control(script, record)
        self._lines = {line.id for line in script.lines()}
        self._bad = bad_steps(script)
        self._missing = Missing(script, self._turns, says)

    def size(self, number: int) -> int:
        """How much of a turning point a turn is; 0 for none."""
        turn = self._turns[number - 1]
        if turn.reply is None and not _silent(turn):
            return 0
        moved = abs(turn.after.anger - turn.before.anger)
        mistakes = bool(turn.reply and _mistakes(turn.reply))
        after = self._script.steps.get(turn.after.step)
        left = after is not None and turn.after.step != turn.before.step
        bad_end = left and after is not None and after.end is not None and after.end.good is False
        # The last of too many silences leads to no step: she just hangs up.
        bad_end = bad_end or (turn.after.silences == SILENCES_TO_HANG_UP)
        bad_step = left and turn.after.step in self._bad
        if moved < TURNS_AT and not (mistakes or bad_end or bad_step):
            return 0
        return moved + (_BAD_END if bad_end else _BAD_STEP if bad_step else 0) + _MISTAKE * mistakes

    def branches(self, number: int, asked: Sequence[str]) -> tuple[Branch, ...]:
        """The branches of a turn: as given, without, with; none if it cannot be played again."""
        turn = self._turns[number - 1]
        if turn.before.last_line not in self._lines:
            return ()
        as_given = self._branch(number, Change.AS_GIVEN, (), turn.reply)
        if not self._happened(number, as_given):
            return ()
        branches = [as_given]
        taken = self._taken(turn)
        mistakes = _mistakes(turn.reply) if turn.reply else ()
        if turn.reply and taken:
            without = self._branch(number, Change.WITHOUT, taken, _without(turn.reply, taken))
            # That a mistake changed nothing is worth knowing, that a technique changed nothing is not.
            if mistakes or not _same_course(without, as_given):
                branches.append(without)
        # What calmed is missing in the second branch only: the third builds on the reply as it was.
        clean = without_mistakes(turn.reply) if turn.reply else None
        if missing := self._missing.of(turn, clean, asked):
            better = with_findings(clean or NOTHING, missing)
            branches.append(self._branch(number, Change.WITH, missing, better))
        return tuple(branches)

    # -- replay -------------------------------------------------------------------------------------------------------

    def _branch(self, number: int, change: Change, ids: tuple[str, ...], reply: Reply | None) -> Branch:
        """The call from a turn on with ``reply`` (None: a silence) in its place."""
        script, state = self._script, self._turns[number - 1].before
        later = (turn.reply for turn in self._turns[number:] if turn.reply is not None or _silent(turn))
        happens = [reply, *later]
        path, anger = [state.step], [state.anger]
        call = conduct(script, state.seed, state)
        step, ending = next(call), None
        while not isinstance(step, End):
            happened: Happened = Said()
            if isinstance(step, Say):
                state = step.state
                path.append(state.step)
                anger.append(state.anger)
                # In another branch the line that ends it was never cut short.
                ends = change is not Change.AS_GIVEN and script.steps[state.step].end is not None
                happened = Said() if happens or ends or self._control is None else self._control
            elif happens:
                given = happens.pop(0)
                happened = Silence() if given is None else Replied(reply=given)
            else:
                break
            step = call.send(happened)
        if isinstance(step, End):
            ending = step.ending
            if step.outcome is not None:
                path.append(step.state.step)
                anger.append(step.state.anger)
        if ending is Ending.STOPPED:
            ending = self._record.ending
        over = script.steps[state.step].end is not None or (ending is not None and ending.good is not None)
        return Branch(
            change=change,
            ids=ids,
            path=tuple(path),
            anger=tuple(anger),
            ending=ending,
            goes_on_at=None if over else state.step,
        )

    def _happened(self, number: int, branch: Branch) -> bool:
        """Whether a branch is what the record holds from a turn on."""
        turns = [t for t in self._turns[number - 1 :] if t.reply is not None or _silent(t)]
        path = (turns[0].before.step, *(t.after.step for t in turns))
        anger = (turns[0].before.anger, *(t.after.anger for t in turns))
        return (branch.path, branch.anger, branch.ending) == (path, anger, self._record.ending)

    # -- what to change -----------------------------------------------------------------------------------------------

    def _taken(self, turn: Turn) -> tuple[str, ...]:
        """What the reply is tried without: its mistakes, or what calmed most where it had none and calmed."""
        if turn.reply is None:
            return ()
        if mistakes := _mistakes(turn.reply):
            return mistakes
        helped = [i for i in turn.influences if i.delta < 0 and kind_of(i.cause) is Kind.TECHNIQUE]
        fell = turn.after.anger - turn.before.anger <= -TURNS_AT
        return (min(helped, key=lambda i: i.delta).cause,) if fell and helped else ()


def _same_course(one: Branch, other: Branch) -> bool:
    return (one.path, one.anger, one.ending) == (other.path, other.anger, other.ending)


def _as_it_moved(turn: Turn, record: CallRecord) -> Turn:
    """The turn without how its reply sounded where that did not move the caller."""
    if turn.reply is None or record.delivery_moves_caller:
        return turn
    return replace(turn, reply=replace(turn.reply, delivery=None))


def _silent(turn: Turn) -> bool:
    """Whether the caller waited in vain: else a turn without a reply is the last line."""
    return turn.reply is None and turn.after.silences > turn.before.silences


def _control(script: Script, record: CallRecord) -> Control | None:
    """How the trainee ended the call, if not the script did."""
    if record.ending in (Ending.STOPPED, Ending.INCOMPLETE):
        return Control.STOP
    last = script.steps.get(record.turns[-1].after.step)
    left = record.ending in (Ending.ABANDONED, Ending.LIMIT_ENDED) and last is not None and last.end is None
    return Control.HANG_UP if left else None


def _mistakes(reply: Reply) -> tuple[str, ...]:
    """What the caller took amiss in a reply, each once."""
    return tuple(dict.fromkeys(f.id for f in reply.live.findings if f.sure and f.kind is Kind.MISTAKE))


def without_mistakes(reply: Reply) -> Reply:
    """The reply as the caller would take it had she heard no mistake in it."""
    return _without(reply, _mistakes(reply))


def _without(reply: Reply, ids: Sequence[str]) -> Reply:
    kept = tuple(f for f in reply.live.findings if f.id not in ids)
    return replace(reply, live=replace(reply.live, findings=kept))
