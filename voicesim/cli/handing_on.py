"""``voicesim share``, ``export`` and ``forget``: what a trainee hands on, takes along, or wants gone for good."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicesim.cli.calls import Call, Trainee, Yes, agreed, trainee_named
from voicesim.cli.frame import examples, new_app, note
from voicesim.errors import UsageError
from voicesim.wiring.stored_calls import call_of, calls_of

if TYPE_CHECKING:
    from voicesim.store.copies import CopyElsewhere
    from voicesim.store.sharing import Part

app = new_app()


@app.command(
    epilog=examples(
        "voicesim share last",
        "voicesim share 20260301 --out for-my-trainer",
        "voicesim share last --with sound,name",
    )
)
def share(
    call: Call,
    chosen: Annotated[
        str, typer.Option("--with", help="What else to hand on: delivery, sound, name, review (with commas).")
    ] = "",
    out: Annotated[Path | None, typer.Option("--out", help="Folder for call.json and report.html.")] = None,
    trainee: Trainee = None,
) -> None:
    """Write a call.json and a report.html to hand on, without delivery, sound and your name unless you choose them."""
    from voicesim.wiring.handing_on import share_call

    parts = _parts(chosen)
    folder = call_of(trainee_named(trainee), call)
    target = out or Path(f"shared-{folder.name}")
    left_out, *notes = share_call(folder, target, parts, mend=f"Run: voicesim report {call}")
    note(f"{target} holds call.json and report.html to hand on. {left_out}")
    for sentence in notes:
        note(sentence)


@app.command(epilog=examples("voicesim export --all --out my-calls.zip", "voicesim export last --out last.zip"))
def export(
    out: Annotated[Path, typer.Option("--out", help="The ZIP file to be made.")],
    calls: Annotated[list[str] | None, typer.Argument(help="Ids of calls, their beginnings, or folders.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All calls, and your baselines.")] = False,
    trainee: Trainee = None,
) -> None:
    """Put calls with all their files into one ZIP file, with a list of them and their SHA-256."""
    from voicesim.store.places import call_folders
    from voicesim.wiring.handing_on import export_calls

    if bool(calls) == everything:
        raise UsageError("name the calls, or all of them", mend="Write: voicesim export --all --out FILE.zip")
    name = trainee_named(trainee)
    folders = call_folders(name) if everything else calls_of(name, calls or [])
    number, running = export_calls(name, folders, out, everything=everything)
    for folder in running:
        note(f"{folder.name} is just running and is left out.")
    note(f"{out} holds {number} files and a list of them. It is yours alone: your voice and your words are in it.")


@app.command(epilog=examples("voicesim forget Ann", "voicesim forget Ann --copies", "voicesim forget Ann --yes"))
def forget(
    trainee: Annotated[str, typer.Argument(help="Name of the trainee, as with --trainee.")],
    elsewhere: Annotated[
        bool, typer.Option("--copies", help="Also what `share` wrote elsewhere, if it is unchanged.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Delete everything of a trainee: calls, baselines, index, shared copies; says first what that is, and asks."""
    from voicesim.store import removal

    held = removal.holdings(trainee)
    calls, baselines = len(held.calls), held.baselines
    typer.echo(f"Everything of {trainee}, in {held.folder}:")
    typer.echo(f"  {calls} {'call' if calls == 1 else 'calls'} with sound, words, scores and reports")
    typer.echo(f"  {baselines} {'file' if baselines == 1 else 'files'} of baselines, the index, the profile")
    if held.copies:
        typer.echo(f"  {_copies(len(held.copies))} that {trainee} made to share")
    if held.came:
        typer.echo(f"  {_copies(len(held.came))} of calls that {trainee} shared, with what was said about them here:")
    for one in held.came:
        typer.echo(
            f"    {one.record.script.title or one.record.script.id}, from {one.who}, taken in {one.came_utc[:10]}"
        )
    for line in _of_elsewhere(held.elsewhere, wanted=elsewhere):
        typer.echo(line)
    if agreed("Delete all of it?", yes):
        gone = removal.forget(trainee, elsewhere=elsewhere)
        shared = ", and so is 1 shared copy" if gone == 1 else f", and so are {gone} shared copies" if gone else ""
        note(f"{trainee} is forgotten{shared}.")


def _of_elsewhere(copies: "tuple[CopyElsewhere, ...]", *, wanted: bool) -> Iterator[str]:
    """What becomes of the copies outside the data folder, and what cannot be known, a line each."""
    unchanged = [copy for copy in copies if copy.as_written]
    if unchanged and wanted:
        yield f"  {_copies(len(unchanged))} written elsewhere that nobody changed since:"
        yield from (f"    {copy.folder}: {_names(copy)}" for copy in unchanged)
    yield "Not deleted, since only you know where they are: calls held with --out, exported ZIP files, other copies."
    if unchanged and not wanted:
        yield "Not deleted, since they lie outside the data folder; --copies deletes them:"
        yield from (f"  {copy.folder}: {_names(copy)}" for copy in unchanged)
    if others := [path for copy in copies for path in copy.others]:
        yield "Not deleted, since they are not, or not surely, what was written:"
        yield from (f"  {path}" for path in others)
    if away := [copy for copy in copies if not copy.as_written and not copy.others]:
        yield "Not there now; a copy may have been moved from there:"
        yield from (f"  {copy.folder}" for copy in away)


def _names(copy: "CopyElsewhere") -> str:
    return ", ".join(path.relative_to(copy.folder).as_posix() for path in copy.as_written)


def _copies(number: int) -> str:
    return "1 copy" if number == 1 else f"{number} copies"


def _parts(chosen: str) -> "frozenset[Part]":
    from voicesim.reading.reader import closest
    from voicesim.store.sharing import Part

    known = [part.value for part in Part]
    wanted = [name.strip() for name in chosen.split(",") if name.strip()]
    for name in wanted:
        if name not in known:
            raise UsageError(f"--with does not know '{name}'", mend=closest(name, known))
    return frozenset(Part(name) for name in wanted)
