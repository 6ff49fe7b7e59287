"""``voicesim script``: list, check, draw and show scripts; what writes, rehearses and packs them is registered here."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicesim.cli import packing, rehearsing, script_writing
from voicesim.cli.frame import examples, new_app, note
from voicesim.errors import UsageError, VoicesimError

if TYPE_CHECKING:
    from voicesim.script.model import Script

app = new_app(
    help="Write, check, draw, rehearse, show and pack scripts.",
    epilog=examples("voicesim script list", "voicesim script check my-caller.yaml"),
)

Name = Annotated[str, typer.Argument(help="Id of a script, or a path.")]
Names = Annotated[list[str] | None, typer.Argument(help="Ids or paths; all scripts if none is given.")]


@app.command("list", epilog=examples("voicesim script list"))
def list_scripts() -> None:
    """List the scripts there are, one's own first."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    scripts = _every()
    # On a narrow terminal everything may be cut but the id, which has to be typed.
    table.add_column("id", min_width=max((len(script.id) for script in scripts), default=0))
    for column in ("title", "caller", "difficulty", "steps"):
        table.add_column(column)
    for script in scripts:
        steps = str(len(script.steps))
        table.add_row(script.id, script.title, script.caller.name, f"{script.difficulty} of 4", steps)
    Console().print(table)


@app.command(epilog=examples("voicesim script check", "voicesim script check my-caller.yaml"))
def check(
    names: Names = None,
    takes: Annotated[
        bool, typer.Option("--takes", help="Listen to the recorded takes as well; takes a while.")
    ] = False,
) -> None:
    """Say what is wrong or unwise in scripts, with file, line and how to mend it; exits with 2 if anything is."""
    from voicesim.backends.personas import PERSONAS
    from voicesim.cli.script_takes import take_reports
    from voicesim.script.lint import lint

    failed = False
    for name in names or [script.id for script in _every()]:
        try:
            script = _found(name)
        except VoicesimError as error:
            note(str(error))
            failed = True
            continue
        reports = take_reports(script) if takes else []
        problems = lint(script, personas=tuple(PERSONAS), takes=reports)
        for problem in problems:
            typer.echo(f"{script.file}:{problem.line}: {problem.code} {problem.what}. {problem.mend}")
        failed = failed or bool(problems)
        if not problems:
            without = " (no takes so far)" if takes and not reports else ""
            typer.echo(f"{script.id}: nothing to mend{without}")
    if failed:
        raise typer.Exit(2)


@app.command(epilog=examples("voicesim script draw billed-twice", "voicesim script draw billed-twice --out call.png"))
def draw(
    name: Name,
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write instead of showing: .mmd, .svg or .png.")
    ] = None,
) -> None:
    """Draw a script's steps and rules: as a Mermaid flowchart, or as an SVG or PNG picture."""
    from voicesim.files import write_bytes, write_text
    from voicesim.script.draw import mermaid

    script = _found(name)
    form = "" if out is None else out.suffix.lower()
    if out is None:
        typer.echo(mermaid(script), nl=False)
    elif form == ".mmd":
        write_text(out, mermaid(script))
        note(f"Written to {out}: any Mermaid viewer shows it.")
    elif form in (".svg", ".png"):
        from voicesim.backends.drawing import picture
        from voicesim.script.drawing import dot

        write_bytes(out, picture(dot(script), "svg" if form == ".svg" else "png"))
        note(f"Written to {out}.")
    else:
        raise UsageError(f"'{out}' names no kind of drawing", mend="Let the name end in .mmd, .svg or .png.")


app.command(epilog=rehearsing.EXAMPLES)(rehearsing.rehearse)
app.registered_commands += script_writing.app.registered_commands
app.registered_commands += packing.app.registered_commands


@app.command(epilog=examples("voicesim script show billed-twice"))
def show(name: Name) -> None:
    """Show what a trainee sees before the call, and how the caller can be moved."""
    from rich.console import Console

    from voicesim.cli.screen import show_script

    show_script(Console(), _found(name))


def _every() -> "list[Script]":
    from voicesim.wiring.library import read_script, script_files

    return [read_script(path) for path in script_files()]


def _found(name: str) -> "Script":
    from voicesim.wiring.library import find_script

    return find_script(name)
