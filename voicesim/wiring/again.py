"""Saying it again, right in a call: what moved the caller and why, a better reply, and what was taken back is kept."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from voicesim.call.record import Undone
from voicesim.call.watch import Watcher
from voicesim.catalogue import CATALOGUE
from voicesim.errors import VoicesimError
from voicesim.model import CallRecord, Ending, Feedback, Influence, Moment
from voicesim.report.sources import cited
from voicesim.report.wording import signed, why_anger_moved
from voicesim.script.model import Script
from voicesim.store.attempts import Attempt, By, add_attempt
from voicesim.wiring.keeping import with_feedback
from voicesim.wiring.replaying import reply_for_more

NOTHING_MOVED = "nothing in it moved the caller"
NO_BETTER = "No better reply is known for this turn."


class Again(Watcher):
    """Tells why a reply moved the caller before it is said again, and keeps the one that was taken back."""

    def __init__(
        self, script: Script, folder: Path, show: Callable[[Undone, Moment | None], None], tell: Callable[[str], None]
    ) -> None:
        """``show`` is given what can be taken back and a moment with a better reply (None: none known)."""
        self._script, self._folder, self._show, self._tell = script, folder, show, tell

    def asks_again(self, undone: Undone) -> None:
        """Show what the last reply did, and a better one."""
        record = self._record(undone)
        better = better_at(self._judged(record), undone.number)
        self._show(undone, better or reply_for_more(self._script, record, undone.number))

    def undone(self, undone: Undone) -> None:
        """Keep the reply as an attempt; a disk that refuses does not end the call."""
        if undone.turn.reply is None or undone.line is None:
            return
        attempt = Attempt(
            turn=undone.number,
            at_utc=datetime.now(UTC).isoformat(timespec="seconds"),
            by=By.IN_CALL,
            reply=undone.turn.reply,
            before=undone.turn.before,
            after=undone.turn.after,
            influences=undone.turn.influences,
            line=undone.line,
            ending=undone.ending,
        )
        try:
            add_attempt(self._folder, attempt)
        except VoicesimError as error:
            self._tell(f"The reply that you took back stands in the journal alone: {error}")

    def _record(self, undone: Undone) -> CallRecord:
        """The call up to that reply."""
        turns = (*undone.earlier, undone.turn)
        return CallRecord(
            script=self._script.ref, seed=0, engines={}, ending=Ending.INCOMPLETE, turns=turns, trainee="you"
        )

    def _judged(self, record: CallRecord) -> Feedback | None:
        try:
            return with_feedback(record, self._script).feedback
        except VoicesimError:
            return None


def reasons(influences: Sequence[Influence]) -> Iterator[tuple[str, str]]:
    """Why anger moved, one by one: by how much; and what was done, quote, rule, and the source with its grade."""
    for influence in influences:
        entry = CATALOGUE.get(influence.cause)
        yield f"{signed(influence.delta):>3}  ", why_anger_moved(influence) + cited(entry.source if entry else None)
    if not influences:
        yield "  0  ", NOTHING_MOVED


def better_at(feedback: Feedback | None, number: int) -> Moment | None:
    """The moment of turn ``number`` that has a better reply: a next step first, then what cost most."""
    if feedback is None:
        return None
    others = sorted(feedback.moments, key=lambda moment: moment.points or 0)
    told = (*feedback.next_steps, *others, *feedback.key_moments)
    fitting = (m for m in told if m.turn == number and m.better)
    return next(fitting, None)


def advised(moment: Moment | None) -> Iterator[str]:
    """A better reply and the reason for it, a line each."""
    if moment is None or moment.better is None:
        yield NO_BETTER
        return
    yield f"Try: “{moment.better}”"
    yield f"Why: {moment.why}{cited(moment.source)}"
