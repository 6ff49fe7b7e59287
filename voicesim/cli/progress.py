"""``voicesim progress``: how a trainee's calls change, in the terminal, as a page, as data."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicesim.cli.frame import examples, new_app, note
from voicesim.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from voicesim.coach.drills import Due
    from voicesim.coach.practised import Practised
    from voicesim.coach.progress import Progress, Series, Weak

app = new_app()

#: A sparkline shows so many of the last calls.
_SIGNS = 24


@app.command(
    "progress",
    epilog=examples(
        "voicesim progress",
        "voicesim progress --script billed-twice --last 10",
        "voicesim progress --trainee Ann --html progress.html",
        "voicesim progress --csv figures.csv",
        "voicesim progress --official --xapi statements.json",
    ),
)
def show_progress(
    trainee: Annotated[str | None, typer.Option("--trainee", help="Whose calls; else the setting `trainee`.")] = None,
    script: Annotated[str | None, typer.Option("--script", help="Only calls with the script of this id.")] = None,
    official: Annotated[
        bool | None, typer.Option("--official/--private", help="Only official runs, or only private calls.")
    ] = None,
    last: Annotated[int | None, typer.Option("--last", min=1, help="Only the last N calls of each kind.")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write one page with plots to this file.")] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write all figures to this file, one a row.")] = None,
    xapi: Annotated[Path | None, typer.Option("--xapi", help="Write xAPI statements (JSON) to this file.")] = None,
    parts: Annotated[str, typer.Option("--with", help="With --xapi: `delivery` adds how you sounded.")] = "",
    name: Annotated[
        bool, typer.Option("--name", help="With --xapi: your name, instead of an id that says nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object (schema 1) instead.")] = False,
) -> None:
    """Show how your calls change: first, best and last of each figure, a trend in words, what to practise next."""
    from voicesim.cli.calls import trainee_named
    from voicesim.coach.progress import weak_spots
    from voicesim.reading.reader import closest
    from voicesim.report.figures import progress_csv, progress_json
    from voicesim.report.progress_page import render_progress
    from voicesim.store.practice_log import practised
    from voicesim.wiring.standing import dues, records_of, runs_of, scripts_of

    if parts not in ("", "delivery"):
        raise UsageError(f"--with does not know '{parts}'", mend="Only --with delivery can be chosen.")
    if xapi is None and (parts or name):
        raise UsageError("--with and --name are for --xapi", mend="Add --xapi FILE.")
    whose = trainee_named(trainee)
    unread: list[str] = []
    records, log = records_of(whose, script, unread.append), practised(whose)
    runs, weak, waiting = runs_of(records, official, last), weak_spots(records), dues(log)
    now = datetime.now(UTC)
    for sentence in unread:
        note(sentence)
    _write(html, lambda: render_progress(whose, runs, weak, waiting, now=now))
    _write(csv, lambda: progress_csv(runs))
    _write(xapi, lambda: _statements(whose, runs, log, delivery=bool(parts), named=name))
    if as_json:
        typer.echo(json.dumps(progress_json(whose, runs, weak, waiting), ensure_ascii=False))
    elif script is not None and not records and (known := scripts_of(whose)):
        typer.echo(f"There is no finished call with the script '{script}'. {closest(script, known)}")
    elif not any(one.calls or one.left_out for one in runs) and not waiting:
        typer.echo("There is nothing to show yet. Hold a call: voicesim practice billed-twice")
    else:
        _show(whose, runs, weak, waiting, now, unread=len(unread))


# -- this command -----------------------------------------------------------------------------------------------------


def _statements(
    trainee: str, runs: "list[Progress]", log: "tuple[Practised, ...]", *, delivery: bool, named: bool
) -> str:
    from voicesim.report.figures import Actor, statements
    from voicesim.store.opaque import opaque_id

    actor = Actor(account=opaque_id(trainee), name=trainee if named else None)
    made = statements(runs, log, actor, delivery=delivery)
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def _write(path: Path | None, make: Callable[[], str]) -> None:
    from voicesim.files import write_text

    if path is not None:
        write_text(path, make(), private=True)
        note(f"Written: {path}")


def _show(
    trainee: str,
    runs: "list[Progress]",
    weak: "tuple[Weak, ...]",
    waiting: "list[Due]",
    now: datetime,
    *,
    unread: int,
) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    counted = ", ".join(f"{len(one.calls)} {'official' if one.official else 'private'}" for one in runs)
    console.print(f"Progress of {trainee}: {counted}", markup=False)
    for one in runs:
        if one.calls or one.left_out:
            _show_run(console, one)
    if unread:
        calls = "1 call" if unread == 1 else f"{unread} calls"
        console.print(f"\nLeft out: {calls} that cannot be read.", style="dim")
    _show_next(console, weak, waiting, now, judged=any(one.calls for one in runs))


def _show_run(console: "Console", one: "Progress") -> None:
    from rich.table import Table
    from rich.text import Text

    from voicesim.coach.progress import trend
    from voicesim.report.plots import sparkline
    from voicesim.report.progress_page import sections

    plain = not (console.encoding or "").lower().startswith("utf")
    console.print()
    console.print("Official runs" if one.official else "Private calls", style="bold")
    for heading, series in sections(one).items():
        table = Table(box=None, pad_edge=False, collapse_padding=True, title=heading, title_justify="left")
        table.add_column("", width=24)
        for column in ("first", "best", "last"):
            table.add_column(column, justify="right", no_wrap=True)
        # Drawing and words in one column: beside each other they leave the words no room in 80 columns.
        table.add_column("over the calls", overflow="fold")
        for s in series:
            line = sparkline(s.values[-_SIGNS:], plain=plain, least_span=2 * s.least)
            cells = (_named(s), *map(s.shown, (s.first, s.best, s.last)), f"{line} {trend(s)}")
            table.add_row(*(Text(cell) for cell in cells))
        console.print(table)
    if one.left_out:
        calls = "1 call that was" if one.left_out == 1 else f"{one.left_out} calls that were"
        console.print(f"Left out: {calls} stopped or cut off.", style="dim")
    for sentence in one.notes:
        console.print(sentence, style="dim", markup=False)


def _named(series: "Series") -> str:
    return f"{series.name} ({series.unit})" if series.group == "measure" else series.name


def _show_next(
    console: "Console", weak: "tuple[Weak, ...]", waiting: "list[Due]", now: datetime, *, judged: bool
) -> None:
    from voicesim.coach.drills import command_of
    from voicesim.report.figures import due_drills

    console.print()
    console.print("What to practise next", style="bold")
    for spot in weak[:2]:
        console.print(f"{spot.why}.", markup=False)
        told = f"  Two minutes: {command_of(spot.drill)}" if spot.drill else "  No drill helps; read your last report."
        console.print(told, markup=False)
    for one, command, is_due in due_drills(waiting, now):
        when = "due now" if is_due else f"due on {one.at.astimezone():%d %B}"
        console.print(f"{one.drill.replace('_', ' ')}: {when}, {_runs_told(one)} ({command})", markup=False)
    if not judged:
        told = "No call was held to its end, so none is judged yet. Hold one: voicesim practice billed-twice"
        console.print(told, markup=False)
    elif not weak and not waiting:
        told = "Nothing cost points in your last calls. Make a caller harder: voicesim practice SCRIPT --difficulty 3"
        console.print(told, markup=False)


def _runs_told(one: "Due") -> str:
    return "run once" if one.runs == 1 else f"run {one.runs} times"
