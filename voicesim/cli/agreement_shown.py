"""What a terminal shows of an agreement."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from voicesim.coach.agreement import BAR, FEW_CALLS, Verdict, Who
from voicesim.report.wording import name_of

if TYPE_CHECKING:
    from voicesim.coach.agreement import Agreement, Difference, Row

_WHO = {Who.MACHINE: "machine with people", Who.PEOPLE: "people among themselves"}
_COLOUR = {Verdict.TRUSTWORTHY: "green", Verdict.NOT_TRUSTWORTHY: "red", Verdict.NOT_PROVEN: "yellow"}


def show_agreement(found: "Agreement", *, shown: int) -> None:
    """Print the items, who judged how much, and the first ``shown`` differences."""
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False)
    for heading in ("item", "agreement of", "alpha", "95 %", "same", "n", ""):
        table.add_column(heading, justify="right" if heading in ("alpha", "same") else "left")
    for row in found.rows:
        table.add_row(*(Text(cell, style=style) for cell, style in _cells(row)))
    if found.rows:
        console.print(table)
        console.print(
            f"alpha: Krippendorff's, 1 is full agreement, 0 is chance; below {BAR} an item is not trustworthy. n: what "
            "two or more judged, and in how many calls, which are drawn again for the interval.",
            style="dim",
        )
    else:
        console.print("No item was judged by two: let somebody else review the same calls, or judge whole turns.")
    calls = f"{found.calls} {'call' if found.calls == 1 else 'calls'}"
    if found.calls < FEW_CALLS:
        console.print(f"Only {calls}: with fewer than {FEW_CALLS} nothing is called trustworthy.", style="yellow")
    console.print("Judges:")
    for judge in found.judges:
        turns = f"{judge.turns} whole {'turn' if judge.turns == 1 else 'turns'} ({judge.blind} blind)"
        told = f"  {judge.label}: {turns} in {judge.calls} of {calls}"
        console.print(told, markup=False)
    if any(judge.blind < judge.turns for judge in found.judges):
        console.print(
            "Who sees the machine's findings tends to agree with them. An independent word: voicesim review CALL "
            "--blind",
            style="yellow",
            markup=False,
        )
    if found.differences:
        console.print("Where they differ:")
    for difference in found.differences[:shown]:
        console.print(f"  {_difference(difference)}", markup=False)
    if len(found.differences) > shown:
        console.print(f"  and {len(found.differences) - shown} more; all of them: --json", markup=False)


def _cells(row: "Row") -> list[tuple[str, str]]:
    interval = "-" if row.low is None or row.high is None else f"{row.low:.2f} to {row.high:.2f}"
    verdict = f"{row.verdict}{f' ({row.why})' if row.why else ''}"
    return [
        (_item(row.item), ""),
        (_WHO[row.who], ""),
        ("-" if row.alpha is None else f"{row.alpha:.2f}", ""),
        (interval, ""),
        (f"{row.same:.0%}", ""),
        (f"{row.units} in {row.calls} {'call' if row.calls == 1 else 'calls'}", ""),
        (verdict, _COLOUR[row.verdict]),
    ]


def _item(item: str) -> str:
    scored = item.removeprefix("points:")
    return f"points, {scored}" if scored != item else f"{name_of(item)} ({item})"


def _difference(found: "Difference") -> str:
    where = found.call if found.turn is None else f"{found.call}, turn {found.turn}"
    said = [f"{judge} {_value(found, value)}" for judge, value in found.values.items()]
    return f"{where}, {_item(found.item)}: {', '.join(said)}"


def _value(found: "Difference", value: float) -> str:
    if found.turn is None:
        return f"{value:.0%}"
    return "yes" if value else "no"
