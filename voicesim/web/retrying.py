"""Saying a turn again over the sound of the page: her line comes, the reply is taken, and each attempt is kept."""

import threading

import numpy as np

from voicesim.call.conduct import Control, Outcome
from voicesim.call.watch import Watcher
from voicesim.model import FRAME, Line, Span
from voicesim.store.attempts import By
from voicesim.store.browser_headsets import headset_name
from voicesim.web.desk import Desk
from voicesim.web.dialogue import LEAVE, Dialogue, PageGuide
from voicesim.web.link import SoundLink
from voicesim.web.messages import Answer, FromPage
from voicesim.wiring.engines import Lines, with_takes
from voicesim.wiring.gym import Ears, Gym, baseline_through, hold_attempt
from voicesim.wiring.learned import load_learned
from voicesim.wiring.sides import compared, in_attempt, in_the_call

_NOTHING_SAID = "No reply was heard, so nothing was kept."
_AGAIN, _SEE = "a", ""
#: How often it is told how far her lines are.
_TOLD_EVERY = 20


class Retrying(Dialogue):
    """Spoken attempts at one turn under way; ``place`` is the address of the turn."""

    def __init__(self, desk: Desk, gym: Gym, place: str) -> None:
        super().__init__(self._try)
        self._desk, self._gym, self._place = desk, gym, place
        self._wants_out = threading.Event()

    def told(self, message: FromPage) -> None:
        """Take in what the page says; who leaves while she speaks stops the attempt."""
        if isinstance(message, Answer) and message.answer == LEAVE:
            self._wants_out.set()
        super().told(message)

    def end(self) -> None:
        """Ask it to end; what was kept stays."""
        self._wants_out.set()
        super().end()

    def _try(self, guide: PageGuide, link: SoundLink) -> str:
        gym, ears, address = self._gym, self._ears(guide, link), self._place
        first = in_the_call(gym.record, gym.point.number)
        while True:
            guide.tell("You hear the line again. Answer when it is over.")
            watcher = _Shown(guide, gym.script.caller.name)
            held, heard = hold_attempt(gym, ears, link, watcher, self._wish, talks=False)
            guide.level(None)
            made = gym.came_to(held)
            if made is None:
                guide.tell(_NOTHING_SAID)
            else:
                kept = gym.keep(made, By.HEADSET, heard)
                address = f"{self._place}?attempt={kept.n}#compared"
                guide.tell(f"Kept as attempt {kept.n}. {compared(first, in_attempt(kept, kept.n))}")
            if held.broken_by is not None:
                raise held.broken_by
            if held.wanted_out or self._wants_out.is_set():
                return address
            if guide.key("", {_SEE: "see both side by side", _AGAIN: "say it again"}) == _SEE:
                return address

    def _wish(self) -> Control | None:
        return Control.STOP if self._wants_out.is_set() else None

    def _ears(self, guide: PageGuide, link: SoundLink) -> Ears:
        guide.tell("One moment: what hears you and the caller's lines are made ready.")
        script = with_takes(self._gym.script)
        lines = Lines(script)

        def tell(done: int, of: int) -> None:
            if done and done < of and done % _TOLD_EVERY == 0:
                guide.tell(f"{done} of {of} lines are ready.")

        lines.prepare(list(script.sounds()), tell)
        load_learned()
        return Ears(
            script=script,
            recognizer=self._desk.recognizer(script.language),
            lines=lines,
            baseline=baseline_through(self._gym, headset_name(link.label)),
        )


class _Shown(Watcher):
    """Tells a page what happens in an attempt."""

    def __init__(self, guide: PageGuide, caller: str) -> None:
        self._guide, self._caller = guide, caller

    def line_begins(self, line: Line, anger: int, span: Span | None) -> None:
        """Show her line."""
        self._guide.level(None)
        self._guide.tell(f"{self._caller} (anger {anger}): “{line.text}”")

    def sounded(self, span: Span) -> None:
        """Show that it is listened now."""
        self._guide.level(np.zeros(FRAME, np.float32))

    def turn_ends(self, outcome: Outcome) -> None:
        """Show that the reply is over."""
        self._guide.level(None)
        reply = getattr(outcome, "reply", None)
        if reply is not None:
            self._guide.tell(f"You: “{reply.live.transcript.text}”")

    def note(self, text: str) -> None:
        """Show a remark."""
        self._guide.tell(text)
