"""Saying it again, right in a call: the terminal tells what moved the caller and why, and a better reply."""

from pathlib import Path

from voicesim.call.record import Undone
from voicesim.cli.screen import Screen
from voicesim.model import Moment
from voicesim.script.model import Script
from voicesim.wiring.again import NO_BETTER, NOTHING_MOVED, Again, advised, better_at, reasons

__all__ = ["NOTHING_MOVED", "NO_BETTER", "advised", "again_on", "better_at", "reasons"]


def again_on(screen: Screen, script: Script, folder: Path) -> Again:
    """What tells it on ``screen``, for a call of ``script`` that is kept in ``folder``."""

    def show(undone: Undone, better: Moment | None) -> None:
        turn = undone.turn
        anger = f"anger {turn.before.anger} to {turn.after.anger}"
        screen.note(f"-- Turn {undone.number} again: {anger}. Why:")
        for sign, why in reasons(turn.influences):
            screen.note(why, f"   {sign}")
        for row in advised(better):
            screen.note(row)

    return Again(script, folder, show, screen.note)
