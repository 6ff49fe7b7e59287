"""Gathers a call's turns while it is held, retracted turns undone, and makes the record of it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from voicesim.call.conduct import End, Outcome, Say
from voicesim.model import Baseline, CallRecord, Dial, Ending, Line, Reply, Span, Turn
from voicesim.script.model import Script


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """A reply that can be taken back: its turn ``number`` (from 1), the ``turn``, and the ``line`` that answered it.

    ``ending``: that line would have ended the call so. ``earlier`` are the turns before it.
    """

    number: int
    turn: Turn
    line: Line | None
    ending: Ending | None = None
    earlier: tuple[Turn, ...] = ()


class Recorder:
    """The turns of one call so far. Feed it what the generator yields and what became of it."""

    def __init__(self, script: Script, earlier: Sequence[Turn] = (), under_way: Turn | None = None) -> None:
        """A call that goes on has ``earlier`` turns, and one whose line waits for its reply."""
        self._script = script
        self._turns: list[Turn] = list(earlier)
        self._open = under_way
        self._not_ours = len(self._turns)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The turns that are complete: their line was answered or met by silence."""
        return tuple(self._turns)

    def says(self, say: Say) -> Turn | None:
        """A line begins; the outcome that led to it completes the turn before, which is given.

        A repeated line is no new turn.
        """
        if say.outcome is None and self._open is not None:
            return None
        turn = self._complete(say.outcome)
        phase = self._script.steps[say.line.step].phase
        self._open = Turn(line=say.line, reply=None, before=say.state, after=say.state, phase=phase)
        return turn

    def sounded(self, span: Span) -> None:
        """The open turn's line sounded in ``span``; of a repeated line the last time counts."""
        if self._open is not None:
            self._open = replace(self._open, line_span=span)

    def retract(self) -> None:
        """The last reply was not over: its turn is open again and the line that answered it never counted."""
        self._open = reopened(self._turns.pop())

    def last_reply(self) -> Undone | None:
        """The last reply of this call, as it would be taken back; None if there is none yet."""
        for index in range(len(self._turns) - 1, self._not_ours - 1, -1):
            turn = self._turns[index]
            if turn.reply is not None:
                after = [*self._turns[index + 1 :], *([self._open] if self._open else [])]
                line = after[0].line if after else None
                return Undone(
                    number=index + 1,
                    turn=turn,
                    line=line,
                    ending=None if line is None else self._script.steps[line.step].end,
                    earlier=tuple(self._turns[:index]),
                )
        return None

    def undo(self) -> Undone:
        """Take the last reply back, with the silences after it; its turn is open again. Gives what was taken back."""
        undone = self.last_reply()
        if undone is None:
            raise ValueError("there is no reply to take back")
        self._turns = list(undone.earlier)
        self._open = reopened(undone.turn)
        return undone

    def finalise(self, index: int, reply: Reply) -> None:
        """Put the final understanding of a reply in place of turn ``index`` (from 0)."""
        self._turns[index] = replace(self._turns[index], reply=reply)

    def answered(self, outcome: Outcome) -> Turn | None:
        """A reply was answered, but the answer will not be said: the trainee has left. Gives the turn."""
        return self._complete(outcome)

    def ends(self, end: End) -> Turn | None:
        """The call is over: its last line was the last turn, which is given."""
        turn = self._complete(end.outcome)
        if end.outcome is None and self._open is not None:
            turn = replace(self._open, after=end.state)
            self._turns.append(turn)
        self._open = None
        return turn

    def _complete(self, outcome: Outcome | None) -> Turn | None:
        if outcome is None or self._open is None:
            return None
        done = replace(self._open, reply=outcome.reply, after=outcome.after, influences=outcome.influences)
        self._turns.append(done)
        self._open = None
        return done

    def record(  # one call has many facts that no turn holds
        self,
        ending: Ending,
        *,
        seed: int,
        engines: Mapping[str, str],
        trainee: str = "you",
        baseline: Baseline | None = None,
        dial: Dial | None = None,
        official: bool = False,
        unused_replies: tuple[str, ...] = (),
        clock: Mapping[str, Any] | None = None,
    ) -> CallRecord:
        """The record of the call as it stands, an open turn included."""
        turns = self.turns if self._open is None else (*self.turns, self._open)
        return CallRecord(
            script=self._script.ref,
            seed=seed,
            engines=engines,
            ending=ending,
            turns=turns,
            trainee=trainee,
            baseline=baseline,
            delivery_moves_caller=baseline is not None and not official,
            official=official,
            unused_replies=unused_replies,
            moods=self._script.anger.moods,
            dial=dial,
            clock=clock or {},
        )


def reopened(turn: Turn) -> Turn:
    """The turn as it was before anybody answered its line."""
    return replace(turn, reply=None, after=turn.before, influences=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How a call was held: its record's raw material, what broke it off, if anything did, and replies left over.

    ``wanted_out``: the trainee ended the exercise with the stop word or its key.
    """

    recorder: Recorder
    ending: Ending
    broken_by: BaseException | None = None
    unused: tuple[str, ...] = ()
    wanted_out: bool = False
