"""Shows calls, scripts and feedback on the terminal: what a call tells its watchers, on the report room's screen."""

import contextlib
import os
import sys
from pathlib import Path
from typing import Any, TextIO, cast

from rich.console import Console
from rich.table import Table

from voicesim.call.conduct import End, Outcome
from voicesim.call.record import Undone
from voicesim.call.retry import Since
from voicesim.call.watch import Watcher
from voicesim.model import CallRecord, Ending, Line, Span
from voicesim.report.terminal import CallScreen
from voicesim.script.model import Script
from voicesim.wiring.briefing import briefing_of
from voicesim.wiring.manner import COOL_DOWN

#: What a person reads while a call waits, by the cause.
_PAUSED = {
    "trainee": "The call is paused; nothing is heard or kept. p goes on, h hangs up, Esc stops.",
    "again": "The call waits. Enter or g: you say it again. p leaves it as it was, h hangs up, Esc stops.",
    "headset": "The call waits: {why}. Plug the headset in again and it goes on; h ends the call.",
    "disk": "The call waits: its sound {why}. Free some space and it goes on; nothing is lost yet. h ends the call.",
}


class Lasting:
    """Standard output for a call: if its reader goes away or its disk is full, the call goes on without it."""

    def __getattr__(self, name: str) -> Any:
        return getattr(sys.stdout, name)

    def write(self, text: str) -> int:
        """The length of ``text``, written if that is possible."""
        with contextlib.suppress(OSError):
            sys.stdout.write(text)
        return len(text)

    def flush(self) -> None:
        """Let the text out if that is possible, else forget it and all that follows."""
        try:
            sys.stdout.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
            os.close(nowhere)


class Screen(Watcher):
    """One call on the terminal, from the briefing to the feedback."""

    def __init__(
        self, script: Script, console: Console | None = None, *, captions: bool = True, since: Since | None = None
    ) -> None:
        """Show the briefing, unless a call is taken up ``since`` a point of it.

        Without ``captions`` the caller's words are only to be heard.
        """
        self._console = console or Console(file=cast(TextIO, Lasting()), highlight=False)
        self._captions = captions
        self._screen = CallScreen(self._console, script.caller.name, turns=since.number - 1 if since else 0)
        if since is None:
            self._screen.briefing(briefing_of(script), title=script.title)
        self._answered = True
        self._typing = False

    def rings(self) -> None:
        """Say that the phone rings."""
        self._screen.note("The phone rings. Enter takes the call; it is taken for you after a moment.")

    def line_begins(self, line: Line, anger: int, span: Span | None) -> None:
        """Show the line with the caller's mood."""
        self._screen.line(line, anger, captions=self._captions, again=not self._answered)
        self._answered = False

    def partial(self, text: str) -> None:
        """Show the reply as far as it is recognized, unless another one is being typed."""
        if not self._typing:
            self._screen.partial(text)

    def typing(self, text: str | None) -> None:
        """Show a reply as it is typed; None once it is over."""
        self._typing = text is not None
        self._screen.typing(text)

    def paused(self, why: str, by: str) -> None:
        """Say why the call waits and how it goes on."""
        self._screen.note(_PAUSED[by].format(why=why))

    def resumed(self, after_s: float) -> None:
        """Say that the call goes on."""
        self._screen.note("The call goes on; you hear the line again.")

    def turn_ends(self, outcome: Outcome) -> None:
        """Show the reply, what was found in it, and how and why anger moved."""
        self._answered = True
        if outcome.reply is None:
            self._screen.note("silence")
        else:
            self._screen.reply(outcome.reply)
        self._screen.influences(outcome.before.anger, outcome.after.anger, outcome.influences)

    def undone(self, undone: Undone) -> None:
        """Say that the last reply never was; her line is no new turn then."""
        self._answered = False
        self._screen.taken_back(f"turn {undone.number} again: your last reply is taken back", to=undone.number)

    def retracted(self) -> None:
        """Say that the reply went on."""
        self._answered = True
        self._screen.taken_back()

    def note(self, text: str, sign: str = "") -> None:
        """Show a remark; its further lines hang from behind the ``sign``."""
        self._screen.note(text, sign)

    def ends(self, end: End) -> None:
        """Show how the call ended."""
        if end.outcome is not None:
            self.turn_ends(end.outcome)
        self._screen.ending(end.ending)

    def cool_down(self) -> None:
        """Help to let go of a call that was stopped."""
        for sentence in COOL_DOWN:
            self._screen.note(sentence)

    def broken_off(self, ending: Ending) -> None:
        """Show how a call ended that was broken off."""
        self._screen.ending(ending)

    def feedback(self, record: CallRecord) -> None:
        """Show the feedback."""
        self._screen.feedback(record)

    def report(self, page: Path) -> None:
        """Show where the report lies."""
        self._console.print(f"Report: {page}", soft_wrap=True)


def show_feedback(record: CallRecord, page: Path) -> None:
    """Show the feedback of a finished call and where its report lies."""
    console = Console(highlight=False)
    screen = CallScreen(console)
    screen.ending(record.ending)
    screen.feedback(record)
    console.print(f"Report: {page}", soft_wrap=True)


def show_script(console: Console, script: Script) -> None:
    """Show a script's briefing, and how its caller can be moved."""
    CallScreen(console, script.caller.name).briefing(briefing_of(script), title=script.title)
    console.print(f"{script.caller.name}. {script.caller.about}")
    console.print(f"Anger starts at {script.anger.start}. The call has {len(script.steps)} steps and can end as:")
    endings = sorted({step.end for step in script.steps.values() if step.end})
    console.print("  " + ", ".join(ending.replace("_", " ") for ending in endings))
    if script.goals:
        table = Table(box=None, show_header=False, pad_edge=False)
        for goal, sentence in script.goals.items():
            table.add_row(f"  {goal}", sentence)
        console.print("Goals:")
        console.print(table)
