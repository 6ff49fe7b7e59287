"""``voicesim script rehearse``: a script's own rehearsals, or many made-up calls of it."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from voicesim.cli.frame import examples, note, progress_bar
from voicesim.errors import UsageError

if TYPE_CHECKING:
    from voicesim.call.trial import Trial
    from voicesim.script.model import Script

Names = Annotated[list[str] | None, typer.Argument(help="Ids or paths; all scripts if none is given.")]
Seed = Annotated[int, typer.Option("--seed", help="Chance of the calls.")]
Random = Annotated[bool, typer.Option("--random", help="Hold random calls, and calls with three made-up agents.")]
Calls = Annotated[int, typer.Option("--calls", min=1, max=10_000, help="Calls with each agent, for --random.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object for each script, for --random.")]

EXAMPLES = examples(
    "voicesim script rehearse",
    "voicesim script rehearse billed-twice --seed 3",
    "voicesim script rehearse billed-twice --random",
    "voicesim script rehearse --random --calls 50 --json",
)
_CALLS = 200
_PIPE_WIDTH = 140


def rehearse(
    names: Names = None, seed: Seed = 1, random: Random = False, calls: Calls = _CALLS, as_json: Json = False
) -> None:
    """Hold a script's rehearsals and say which did not go as they should; exits with 2 if any.

    With --random: 2,000 random calls, which must reach every ending, and 200 with each of an excellent, an average and
    a poor agent, of whom the better one must do better; exits with 2 if a script fails.
    """
    if as_json and not random:
        raise UsageError("--json is for random calls", mend="Add --random.")
    scripts = _scripts(names)
    if random:
        _try_out(scripts, calls, seed, as_json=as_json)
    else:
        _hold_stated(scripts, seed)


def _scripts(names: list[str] | None) -> "list[Script]":
    from voicesim.wiring.library import find_script, read_script, script_files

    return [find_script(name) for name in names] if names else [read_script(path) for path in script_files()]


def _hold_stated(scripts: "list[Script]", seed: int) -> None:
    from voicesim.wiring.library import rehearsal_file
    from voicesim.wiring.rehearsing import hold, own_rehearsals

    failed = 0
    for script in scripts:
        rehearsals = own_rehearsals(script)
        typer.echo(script.id)
        for rehearsal in rehearsals:
            result = hold(script, rehearsal, seed)
            failed += bool(result.faults)
            ending = result.ending or "goes on"
            mark = "no" if result.faults else "ok"
            typer.echo(f"  {mark}  {result.name}: {ending}, anger {result.anger}")
            for fault in result.faults:
                typer.echo(f"      {rehearsal_file(script)}:{rehearsal.line_number}: {fault}")
    if failed:
        note(f"{failed} rehearsals did not go as they should.")
        raise typer.Exit(2)


def _try_out(scripts: "list[Script]", calls: int, seed: int, *, as_json: bool) -> None:
    from voicesim.wiring.rehearsing import crew_for, plain, trial

    faults: list[str] = []
    with crew_for(calls * len(scripts)) as crew:
        for script in scripts:
            with progress_bar(f"Calls of {script.id}") as tell:
                found = trial(script, calls, seed, crew, tell)
            faults += found.faults
            if as_json:
                typer.echo(json.dumps(plain(found)))
            else:
                _show(found)
    for fault in faults:
        note(fault)
    if faults:
        raise typer.Exit(2)


def _show(trial: "Trial") -> None:
    from rich.console import Console
    from rich.table import Table

    from voicesim.model import Ending

    rows = {"random": trial.random.tally, **trial.agents}
    endings = [ending for ending in Ending if any(ending in row.endings for row in rows.values())]
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("agent")
    for column in ("calls", *endings, "good", "turns", "anger"):
        table.add_column(column, justify="right", no_wrap=True)
    for name, row in rows.items():
        means = (f"{row.mean_turns:.1f}", f"{row.mean_anger:.1f}")
        cells = [_percent(row.endings.get(ending, 0) / row.calls) for ending in endings]
        table.add_row(name, str(row.calls), *cells, f"{row.good_share:.0%}", *means)
    typer.echo(trial.script)
    # A pipe has no width of its own; a cut number is worse than a long row.
    Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH).print(table)
    typer.echo(f"the longest random call: {trial.random.longest} turns")
    for line in trial.notes:
        typer.echo(line)


def _percent(share: float) -> str:
    if not share:
        return "-"
    return f"{share:.0%}" if share >= 0.005 else "<1%"
