"""``voicesim script new``, ``format``, ``upgrade``: what writes script files."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicesim.cli.frame import examples, new_app, note
from voicesim.errors import UsageError, VoicesimError

if TYPE_CHECKING:
    from voicesim.script.new import Answers

app = new_app()


@app.command(
    epilog=examples(
        "voicesim script new",
        "voicesim script new late-refund --caller 'Ruth Ellison' --persona older_woman --anger furious",
    )
)
def new(
    script_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="Id of the script to be made.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="What a trainee reads in the list.")] = None,
    caller: Annotated[str | None, typer.Option("--caller", help="First and last name of the caller.")] = None,
    happened: Annotated[
        str | None, typer.Option("--happened", help="What happened, as the caller says it; numbers as words.")
    ] = None,
    you_are: Annotated[str | None, typer.Option("--you-are", help="Name, desk and company of the trainee.")] = None,
    offers: Annotated[str | None, typer.Option("--offers", help="What may be offered, parted by commas.")] = None,
    persona: Annotated[str | None, typer.Option("--persona", help="How the caller sounds.")] = None,
    anger: Annotated[str | None, typer.Option("--anger", help="As the call begins: annoyed, angry or furious.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write, instead of one among your own scripts.")
    ] = None,
) -> None:
    """Write a first script with its rehearsals; asks for what no option says, Enter takes what stands in brackets."""
    from voicesim.script.new import id_of
    from voicesim.wiring.own_scripts import free, write_new

    if script_id is not None:
        free(script_id, out)
    title = _asked(title, "Title of the script", "The refund that never came")
    script_id = script_id or _asked(None, "Its id", out.stem if out else id_of(title), lambda given: free(given, out))
    answers = _answers(script_id, title, caller, happened, you_are, offers, persona, anger)
    path, rehearsal = write_new(answers, out)
    name = str(path) if out else script_id
    note(f"Written: {path}")
    note(f"Written: {rehearsal}")
    note("Open the first in any text editor: its comments explain each part. Then:")
    for command in (f"script check {name}", f"script rehearse {name}", f"practice {name} --text -"):
        note(f"  voicesim {command}")


def _answers(
    script_id: str,
    title: str,
    caller: str | None,
    happened: str | None,
    you_are: str | None,
    offers: str | None,
    persona: str | None,
    anger: str | None,
) -> "Answers":
    from voicesim.backends.personas import PERSONAS, find_persona
    from voicesim.reading.reader import closest
    from voicesim.script.new import ANGERS, Answers, offers_of, spoken

    def offering(given: str) -> object:
        if not offers_of(given):
            raise UsageError("nothing may be offered", mend="Name one thing at least, for example: refund")
        return None

    def known_anger(given: str) -> object:
        if given not in ANGERS:
            raise UsageError(f"nobody is '{given}' here", mend=closest(given, ANGERS))
        return None

    example = "I sent my shoes back three weeks ago and have heard nothing since."
    voices = f"Voice of the caller: {', '.join(PERSONAS)}"
    return Answers(
        id=script_id,
        title=title,
        caller=_asked(caller, "First and last name of the caller", "Ruth Ellison"),
        happened=spoken(_asked(happened, "What happened, as the caller says it; numbers as words", example, spoken)),
        you_are=_asked(you_are, "Who is the trainee: name, desk, company", "Kim, customer service, Larkfield Shoes"),
        offers=offers_of(_asked(offers, "What may the trainee offer, parted by commas", "refund, call back", offering)),
        persona=_asked(persona, voices, next(iter(PERSONAS)), find_persona),
        anger=_asked(anger, f"How angry is the caller: {', '.join(ANGERS)}", "angry", known_anger),
    )


def _asked(given: str | None, question: str, default: str, check: Callable[[str], object] = bool) -> str:
    """The answer of an option, or of the person; a wrong one is refused, at a terminal asked for again."""
    if given is not None:
        check(given)
        return given
    while True:
        print(f"{question} [{default}]: ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not sys.stdin.isatty():
            note("")
        answer = line.strip() or default
        try:
            check(answer)
        except VoicesimError as error:
            if not sys.stdin.isatty():
                raise
            note(str(error))
        else:
            return answer


@app.command("format", epilog=examples("voicesim script format my-caller", "voicesim script format my.yaml --check"))
def lay_out(
    names: Annotated[list[str], typer.Argument(metavar="FILE|ID...", help="Paths, or ids of your own scripts.")],
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit with 2 if a layout differs.")] = False,
) -> None:
    """Write script files in one layout: order of keys, indentation, quotes; comments and meaning stay."""
    from voicesim.files import write_text
    from voicesim.script.form import formatted
    from voicesim.wiring.library import read_bytes
    from voicesim.wiring.own_scripts import own_file

    differing = 0
    for name in names:
        path = own_file(name)
        data = read_bytes(path)
        text = formatted(data, str(path))
        if text.encode() == data:
            typer.echo(f"{path}: nothing to change")
            continue
        differing += 1
        if not check:
            write_text(path.resolve(), text)
        typer.echo(f"{path}: {'differs from the layout' if check else 'laid out anew'}")
    if check and differing:
        raise typer.Exit(2)


@app.command(epilog=examples("voicesim script upgrade my-caller.yaml"))
def upgrade(
    file: Annotated[Path, typer.Argument(help="A script file of an older format, or a draft without one.")],
) -> None:
    """Bring an older script file to the format of today; what it was is kept beside it as FILE.bak."""
    from voicesim import __version__
    from voicesim.files import write_bytes, write_text
    from voicesim.script.new import id_of
    from voicesim.script.upgrade import upgraded
    from voicesim.wiring.library import read_bytes
    from voicesim.wiring.own_scripts import own_file

    path = own_file(str(file.absolute()))
    data = read_bytes(path)
    done = upgraded(data, str(file), name=id_of(file.stem), version=__version__)
    if not done.changes:
        typer.echo(f"{file}: nothing to do, this is the format of today")
        return
    kept = _unused(path)
    write_bytes(kept, data)
    write_text(path.resolve(), done.text)
    for change in done.changes:
        typer.echo(f"{file}: {change}")
    note(f"What it was is kept as {kept.name}. Now: voicesim script check {file}")


def _unused(path: Path) -> Path:
    """``FILE.bak``, or the first of ``FILE.bak2`` .. that is not there: an older copy is never written over."""
    number, kept = 1, path.with_name(f"{path.name}.bak")
    while kept.exists():
        number += 1
        kept = path.with_name(f"{path.name}.bak{number}")
    return kept
