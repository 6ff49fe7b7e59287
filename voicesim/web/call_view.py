"""A call as a page shows it: what the call tells its watchers, gathered into one value that is sent when it changes."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from voicesim.call.conduct import End, Outcome
from voicesim.call.on_hold import Hold
from voicesim.call.record import Undone
from voicesim.call.watch import Watcher
from voicesim.model import CallRecord, Influence, Line, Moment, Span
from voicesim.report.wording import outcome as outcome_of
from voicesim.script.model import Script
from voicesim.web.messages import AgainShown, CallEnd, CallShown, HoldShown, Partial, SpokenRow, ToPage
from voicesim.web.wording import moved_by
from voicesim.wiring.again import NO_BETTER


class CallView(Watcher):
    """One call for one page; in an ``exam`` neither her anger nor what moved it is told."""

    def __init__(
        self, script: Script, send: Callable[[ToPage], None], *, exam: bool = False, clock_s: Callable[[], float]
    ) -> None:
        self._script, self._send, self._exam, self._clock_s = script, send, exam, clock_s
        self._lock = threading.Lock()
        self._partial = ""
        #: The caller's side of the call has come to its end.
        self.ended = False
        self.now = CallShown(state="preparing")
        self._anger(script.anger.start)

    def change(self, **values: Any) -> None:
        """Show the call with these values; called on any thread."""
        with self._lock:
            self.now = self.now.model_copy(update={"clock_s": round(self._clock_s(), 2), **values})
            now = self.now
        self._send(now)

    def fresh(self) -> CallShown:
        """The call as it stands, with the time of this moment."""
        return self.now.model_copy(update={"clock_s": round(self._clock_s(), 2)})

    def state(self) -> tuple[ToPage, ...]:
        """What a page that comes or comes back shows."""
        return (self.fresh(), Partial(text=self._partial))

    # -- what the call tells ---------------------------------------------------------------------------------------

    def line_begins(self, line: Line, anger: int, span: Span | None) -> None:
        """She speaks."""
        self._anger(anger)
        rows = self.now.rows
        again = bool(rows) and not rows[-1].you and rows[-1].text == line.text
        rows = rows if again else (*rows, SpokenRow(you=False, text=line.text))
        self._heard("")
        self.change(state="listening" if span is None else "speaking", line=line.text, rows=rows, note="")

    def sounded(self, span: Span) -> None:
        """She listens."""
        self.change(state="listening")

    def partial(self, text: str) -> None:
        """The reply as far as it is recognized."""
        self._heard(text)

    def turn_ends(self, outcome: Outcome) -> None:
        """The reply stands, with what it moved."""
        text = "" if outcome.reply is None else outcome.reply.final.transcript.text
        moved = () if self._exam else tuple(_moved(outcome.influences))
        self._anger(outcome.after.anger)
        self._heard("")
        self.change(rows=(*self.now.rows, SpokenRow(you=True, text=text, moved=moved)), again=None)

    def retracted(self) -> None:
        """The reply was not over: neither it nor the line that answered it stands."""
        rows = self.now.rows
        yours = max((index for index, row in enumerate(rows) if row.you), default=len(rows))
        self.change(state="listening", rows=rows[:yours])

    def undone(self, undone: Undone) -> None:
        """A reply was taken back, and everything after it."""
        self._anger(undone.turn.before.anger)
        yours = [index for index, row in enumerate(self.now.rows) if row.you]
        kept = self.now.rows[: yours[undone.number - 1]] if len(yours) >= undone.number else self.now.rows
        self.change(rows=kept)

    def paused(self, why: str, by: str) -> None:
        """It waits."""
        self._heard("")
        self.change(state="paused", waits=why, waits_by=by, talking=False)

    def resumed(self, after_s: float) -> None:
        """It goes on with her line."""
        self.change(state="speaking", waits="", waits_by="", again=None)

    def on_hold(self, hold: Hold) -> None:
        """She is on hold, or was."""
        shown = HoldShown(on=hold.lasted_s is None, asked=hold.asked, announced=hold.announced, thanked=hold.thanked)
        self.change(hold=shown, talking=False)

    def note(self, text: str) -> None:
        """A remark."""
        self.change(note=text)

    def ends(self, end: End) -> None:
        """The call is over; what comes of it follows."""
        self.ended = True
        if end.outcome is not None:
            self.turn_ends(end.outcome)
        self._anger(end.state.anger)

    # -- what else is told -----------------------------------------------------------------------------------------

    def may_say_again(self, undone: Undone, better: Moment | None) -> None:
        """Why the last reply moved her, and a better one."""
        why = () if self._exam else tuple(_moved(undone.turn.influences))
        better_text = better.better if better and better.better else ""
        reason = better.why if better else NO_BETTER
        self.change(again=AgainShown(turn=undone.number, why=why, better=better_text, reason=reason))

    def judged(self, record: CallRecord, *, stopped: bool, what: str = "", mend: str = "") -> None:
        """The call is over and kept."""
        feedback = record.feedback
        end = CallEnd(
            sentence=outcome_of(record) + ".",
            good=record.ending.good,
            score=feedback.total if feedback and not stopped else None,
            stopped=stopped,
            call=str(record.clock.get("call", "")),
            what=what,
            mend=mend,
        )
        self.change(state="over", end=end, waits="", waits_by="", line="")

    def failed(self, what: str, mend: str = "", call: str = "") -> None:
        """The call is over, and this went wrong."""
        end = CallEnd(
            sentence="There was no call." if not call else "The call broke off.", what=what, mend=mend, call=call
        )
        self.change(state="over", end=end, waits="", waits_by="")

    def _anger(self, anger: int) -> None:
        if not self._exam:
            with self._lock:
                self.now = self.now.model_copy(update={"anger": anger, "mood": self._script.anger.mood(anger)})

    def _heard(self, text: str) -> None:
        if text != self._partial:
            self._partial = text
            self._send(Partial(text=text))


def _moved(influences: Sequence[Influence]) -> list[str]:
    return [f"{points} {why}" for points, why in moved_by(influences) if influences]
