"""``voicesim script rehearse``: a script's own rehearsals, or many made-up calls of it."""

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voicesim.cli.frame import examples, note, progress_bar
from voicesim.errors import InputError, UsageError

if TYPE_CHECKING:
    from voicesim.call.conduct import End
    from voicesim.call.tally import Tally
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
#: Fewer calls than these are held faster here than by processes that have to be started for them.
_FEW = 150
_TOGETHER = 20
#: Ctrl-C is for the process that started the others.
_DEAF = (signal.SIGINT, signal.SIG_IGN)
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
    from voicesim.call.rehearse import load_rehearsals
    from voicesim.call.rehearse import rehearse as run
    from voicesim.wiring.engines import understood
    from voicesim.wiring.library import read_bytes, rehearsal_file

    failed = 0
    for script in scripts:
        path = rehearsal_file(script)
        script_id, rehearsals = load_rehearsals(read_bytes(path), str(path))
        if script_id != script.id:
            raise InputError(f"rehearses the script '{script_id}', not '{script.id}'", where=str(path))
        typer.echo(script.id)
        for rehearsal in rehearsals:
            result = run(script, rehearsal, understood, seed=seed)
            failed += bool(result.faults)
            ending = result.ending or "goes on"
            mark = "no" if result.faults else "ok"
            typer.echo(f"  {mark}  {result.name}: {ending}, anger {result.anger}")
            for fault in result.faults:
                typer.echo(f"      {path}:{rehearsal.line_number}: {fault}")
    if failed:
        note(f"{failed} rehearsals did not go as they should.")
        raise typer.Exit(2)


def _try_out(scripts: "list[Script]", calls: int, seed: int, *, as_json: bool) -> None:
    faults: list[str] = []
    with _crew(calls * len(scripts)) as crew:
        for script in scripts:
            trial = _trial(script, calls, seed, crew)
            faults += trial.faults
            if as_json:
                typer.echo(json.dumps(_plain(trial)))
            else:
                _show(trial)
    for fault in faults:
        note(fault)
    if faults:
        raise typer.Exit(2)


Job = tuple[str, int, range]
Crew = Callable[[list[Job]], "Iterator[list[End]]"]


@contextmanager
def _crew(calls: int) -> Iterator[Crew]:
    """A function from jobs to the ends of their calls, in order; a process for each core if there is much to do."""
    if calls < _FEW:
        yield lambda jobs: map(_agent_ends, jobs)
        return
    from multiprocessing import get_context

    # Spawned: a forked process would inherit the thread of the progress bar. Ctrl-C ends them by leaving this block.
    with get_context("spawn").Pool(initializer=signal.signal, initargs=_DEAF) as pool:
        yield lambda jobs: pool.imap(_agent_ends, jobs)


def _trial(script: "Script", calls: int, seed: int, crew: Crew) -> "Trial":
    from voicesim.call.agents import PROFILES
    from voicesim.call.random_calls import CALLS, random_calls
    from voicesim.call.tally import tally
    from voicesim.call.trial import Trial

    seeds = [range(seed + first, seed + min(first + _TOGETHER, calls)) for first in range(0, calls, _TOGETHER)]
    jobs = [(script.file, agent, some) for agent in range(len(PROFILES)) for some in seeds]
    with progress_bar(f"Calls of {script.id}") as tell:
        of = CALLS + calls * len(PROFILES)
        random = random_calls(script, seed=seed, tell=lambda done, _: tell(done, of) if done % 100 == 0 else None)
        ends: list[End] = []
        for some_ends in crew(jobs):
            ends += some_ends
            tell(CALLS + len(ends), of)
    agents = {one.name: tally(ends[at * calls : (at + 1) * calls]) for at, one in enumerate(PROFILES)}
    return Trial(script=script.id, random=random, agents=agents)


def _agent_ends(job: Job) -> "list[End]":
    """How the calls of one agent end; a function of the module, so that another process can be asked for it."""
    from voicesim.call.agents import PROFILES, agent_call
    from voicesim.wiring.engines import understood

    file, agent, seeds = job
    script = _read(file)
    return [agent_call(script, PROFILES[agent], understood, seed=seed) for seed in seeds]


@cache
def _read(file: str) -> "Script":
    from voicesim.wiring.library import read_script

    return read_script(Path(file))


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


def _plain(trial: "Trial") -> dict[str, Any]:
    random = trial.random
    never = {"endings": random.endings, "steps": random.steps, "rules": random.rules}
    more = {"longest_turns": random.longest, "never_reached": never}
    agents = {name: _numbers(row) for name, row in trial.agents.items()}
    rows = {"random": {**_numbers(random.tally), **more}, **agents}
    return {"script": trial.script, **rows, "faults": trial.faults}


def _numbers(row: "Tally") -> dict[str, Any]:
    return {
        "calls": row.calls,
        "endings": row.endings,
        "good_share": round(row.good_share, 4),
        "mean_turns": round(row.mean_turns, 2),
        "mean_anger": round(row.mean_anger, 2),
    }
