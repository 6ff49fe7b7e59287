"""What the turn gym shows: the turn as it was, why it moved the caller, and two attempts side by side."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from voicesim.report.terminal import CallScreen
from voicesim.wiring.again import advised, reasons
from voicesim.wiring.gym import Gym
from voicesim.wiring.sides import Side, compared, rows

_SILENT = "(silence)"


def show_turn(console: Console, gym: Gym) -> None:
    """Show the turn as it was in the call, what it did and why, and a better reply."""
    number = gym.point.number
    turn = gym.record.turns[number - 1]
    title = gym.record.script.title or gym.record.script.id
    console.print(f"Turn {number} of {title}. {gym.why}".rstrip(), markup=False)
    screen = CallScreen(console, gym.script.caller.name, turns=number - 1)
    screen.line(turn.line, turn.before.anger)
    if turn.reply is None:
        screen.note(_SILENT)
    else:
        screen.reply(turn.reply)
    screen.influences(turn.before.anger, turn.after.anger, ())
    for sign, why in reasons(turn.influences):
        screen.note(why, sign)
    console.print()
    for row in advised(gym.better):
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
