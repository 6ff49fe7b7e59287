"""``voicesim script pack``, ``install``, ``publish-check``, ``takes``, ``render``: a caller's voice and its way out."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicesim.cli.calls import Yes, agreed
from voicesim.cli.frame import examples, new_app, note, progress_bar
from voicesim.errors import UsageError

if TYPE_CHECKING:
    from voicesim.script.model import Script
    from voicesim.studio.opened_pack import Pack
    from voicesim.studio.shelf import KeptTake, Shelf

app = new_app()

Name = Annotated[str, typer.Argument(help="Id of a script, or a path.")]
_LONGEST_TEXT = 48
_PIPE_WIDTH = 160


@app.command(
    epilog=examples("voicesim script pack my-caller", "voicesim script pack my-caller --out for-anna.voicesim")
)
def pack(
    name: Name,
    out: Annotated[Path | None, typer.Option("--out", help="The file to be made, instead of ID-vN.voicesim.")] = None,
    all_takes: Annotated[bool, typer.Option("--all-takes", help="Pack takes that are not chosen as well.")] = False,
) -> None:
    """Put a script, its rehearsals and its chosen takes into one file to hand out."""
    from voicesim.studio.pack import pack_name, write_pack
    from voicesim.wiring.packs import packed_script

    script, shelf = _script_and_shelf(name)
    packed = packed_script(script, shelf, all_takes=all_takes)
    target = out or Path(pack_name(script))
    written = write_pack(target, packed.content)
    takes = f"{_counted(packed.takes, 'take')} of {_counted(packed.lines, 'line')}"
    note(f"{target}: {takes}, {len(packed.content) / 1e6:.1f} MB{'' if written else ', unchanged'}.")
    for speaker in packed.speakers:
        note(f"Spoken by {speaker.name}, who agreed on {speaker.agreed_utc[:10]}: {speaker.licence}.")
    if packed.orphans:
        note(f"{_counted(packed.orphans, 'take')} of edited lines stay here: voicesim script takes {script.id}")
    note(f"Before you hand it out: voicesim script publish-check {script.id}")


@app.command(epilog=examples("voicesim script install my-caller-v1.voicesim", "voicesim script install FILE --replace"))
def install(
    file: Annotated[Path, typer.Argument(help="A pack, as `voicesim script pack` makes it.")],
    replacing: Annotated[bool, typer.Option("--replace", help="Replace what is there without asking.")] = False,
) -> None:
    """Verify a pack, show what it holds, and add its script and takes to your own."""
    from voicesim.files import data_folder
    from voicesim.studio.install import changes
    from voicesim.studio.install import install as install_pack
    from voicesim.studio.shelf import Shelf
    from voicesim.wiring.packs import opened_pack

    opened = opened_pack(file)
    script_id = opened.script.id
    for line in _contents(opened):
        typer.echo(line)
    replaces = changes(opened, data_folder(), Shelf.own(script_id)).replaces
    if replaces and not replacing and not _replace("; ".join(replaces)):
        return
    change = install_pack(opened, data_folder(), replacing=replacing or bool(replaces))
    if not change.files:
        note("All of it is here already: nothing was changed.")
    else:
        note(f"Installed. To meet this caller: voicesim practice {script_id}")


@app.command("publish-check", epilog=examples("voicesim script publish-check my-caller"))
def publish_check(name: Name) -> None:
    """Say what must be mended before a script is handed out, each with the next step; exits with 2 if anything."""
    from voicesim.wiring.publishing import hindrances

    script, shelf = _script_and_shelf(name)
    found = list(hindrances(script, shelf))
    for line in found:
        typer.echo(line)
    if found:
        note(f"{_counted(len(found), 'thing')} to mend.")
        raise typer.Exit(2)
    typer.echo(f"{script.id}: ready to hand out. Run: voicesim script pack {script.id}")


@app.command(
    epilog=examples(
        "voicesim script takes my-caller",
        "voicesim script takes my-caller --choose opening-angry-8e804381=2",
        "voicesim script takes my-caller --undo",
        "voicesim script takes my-caller --withdraw Anna",
    )
)
def takes(
    name: Name,
    choose: Annotated[
        str | None, typer.Option("--choose", help="LINE=N: take N of this line (or its beginning); LINE=none: none.")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take back the last take or choice.")] = False,
    withdraw: Annotated[
        str | None, typer.Option("--withdraw", help="Delete all takes of this speaker; asks first.")
    ] = None,
    yes: Yes = False,
) -> None:
    """Show which lines of a script have takes; choose others, undo, or delete those of one speaker."""
    if sum((choose is not None, undo, withdraw is not None)) > 1:
        raise UsageError("choose, undo and withdraw one at a time", mend="Leave all but one out.")
    if withdraw is not None:
        _withdraw(name, withdraw, yes)
        return
    script, shelf = _script_and_shelf(name)
    if choose is not None:
        _choose(shelf, choose)
    elif undo:
        back = shelf.undo()
        note("Nothing to take back." if back is None else _now(shelf, back))
    else:
        _show_takes(script, shelf)


@app.command(
    epilog=examples(
        "voicesim script render my-caller",
        "voicesim script render my-caller --voice woman --voice man --moods angry,furious",
        "voicesim script render my-caller --out lines",
    )
)
def render(
    name: Name,
    voices: Annotated[
        list[str] | None, typer.Option("--voice", help="A persona instead of the script's own; may be repeated.")
    ] = None,
    moods: Annotated[str, typer.Option("--moods", help="Only lines of these moods, with commas between.")] = "",
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for FLAC files named by line, beside the cache.")
    ] = None,
) -> None:
    """Render all lines of a script ahead, on every core, so that no call has to wait for them."""
    from voicesim.wiring.library import find_script
    from voicesim.wiring.rendering import render_lines

    script = find_script(name)
    wanted = _moods(script, moods)
    lines = tuple({line.id: line for line in script.lines() if line.mood in wanted}.values())
    chosen = tuple(dict.fromkeys(voices or [script.caller.persona]))
    with progress_bar("Rendering lines") as tell:
        done = render_lines(script, lines, chosen, out, tell)
    note(done.told())
    if out is not None:
        note(f"{out} holds them as FLAC files.")


# -- packs ------------------------------------------------------------------------------------------------------------


def _contents(opened: "Pack") -> list[str]:
    """What a person should know before a pack is installed."""
    script, taken = opened.script, opened.taken
    count = sum(map(len, taken.takes.values()))
    lines = [
        f"{script.title} ({script.id}, version {script.version})",
        f"  caller: {script.caller.name}. {script.caller.about}",
        f"  content note: {script.content_note or 'none'}",
        f"  script: by {', '.join(script.authors) or 'unknown'}, licence {script.licence}",
        f"  takes: {_counted(count, 'take') if count else 'none, the caller is rendered'}",
    ]
    speakers = taken.speakers.values()
    lines += [f"  spoken by {one.name}, who agreed on {one.agreed_utc[:10]}: {one.licence}" for one in speakers]
    # A pack comes from somebody else: what moves a terminal's cursor must not reach it.
    return ["".join(sign if sign.isprintable() else "?" for sign in line) for line in lines]


def _replace(what: str) -> bool:
    """Whether the person agrees to that. Raises UsageError if nobody is there to answer."""
    print(f"{what[0].upper()}{what[1:]}. Go on? [y/N] ", end="", file=sys.stderr, flush=True)
    answer = sys.stdin.readline()
    if not answer:
        note("")
        raise UsageError("nobody answered, nothing was installed", mend="Add --replace.")
    if answer.strip().lower() in ("y", "yes"):
        return True
    note("Nothing was installed.")
    return False


# -- takes ------------------------------------------------------------------------------------------------------------


def _script_and_shelf(name: str) -> "tuple[Script, Shelf]":
    """A script and its own takes; what is odd about them is said."""
    from voicesim.studio.shelf import Shelf
    from voicesim.wiring.library import find_script

    script = find_script(name)
    shelf = Shelf.own(script.id)
    shelf.read()
    for line in shelf.notes:
        note(line)
    return script, shelf


def _show_takes(script: "Script", shelf: "Shelf") -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    every = shelf.every()
    lines = {line.id: line for line in script.lines()}
    table = Table(box=None, header_style="bold", pad_edge=False)
    # On a narrow terminal the text is folded, never the id, which has to be typed.
    for heading in ("line", "text", "takes", "chosen", "checks"):
        table.add_column(heading, no_wrap=heading != "text")
    for line in lines.values():
        own = [take for take in every if take.line_id == line.id]
        chosen = next((take for take in own if take.chosen), None)
        cells = (line.id, _short(line.text), str(len(own)), *_chosen(chosen))
        table.add_row(*(Text(cell) for cell in cells))
    # A pipe has no width of its own.
    Console(highlight=False, width=None if sys.stdout.isatty() else _PIPE_WIDTH).print(table)
    orphans = [take for take in every if take.line_id not in lines]
    if orphans:
        typer.echo("Takes of lines that were edited or removed; they stay until you delete them:")
        for take in orphans:
            typer.echo(f"  {take.path}  {_short(take.text) or '(text not known)'}")
    with_take = len({take.line_id for take in every if take.chosen} & set(lines))
    typer.echo(f"{with_take} of {_counted(len(lines), 'line')} have a chosen take.")


def _chosen(take: "KeptTake | None") -> tuple[str, str]:
    """Which take is chosen and who spoke it, and what its checks said."""
    if take is None:
        return "-", "-"
    checks = ", ".join(problem.code for problem in take.checks) or ("good" if take.checked else "not checked")
    return f"{take.n}, {take.speaker or 'speaker not known'}", checks


def _choose(shelf: "Shelf", wanted: str) -> None:
    beginning, equals, number = wanted.rpartition("=")
    if not equals or not (number == "none" or number.isdecimal()):
        raise UsageError(f"'{wanted}' names no take", mend="Write LINE=N, like opening-angry-8e804381=2.")
    ids = sorted({take.line_id for take in shelf.every()})
    found = [beginning] if beginning in ids else [line_id for line_id in ids if line_id.startswith(beginning)]
    if len(found) != 1:
        what = f"{len(found)} lines begin with '{beginning}'" if found else f"no take is of a line '{beginning}'"
        raise UsageError(what, mend=f"Run: voicesim script takes {shelf.script_id}")
    [line_id] = found
    shelf.choose(line_id, None if number == "none" else int(number))
    note(f"{line_id}: {'no take is' if number == 'none' else f'take {number} is'} chosen. --undo takes that back.")


def _now(shelf: "Shelf", back: "KeptTake") -> str:
    """What is chosen after something was taken back."""
    chosen = next((take for take in shelf.takes(back.line_id) if take.chosen), None)
    return f"{back.line_id}: now {f'take {chosen.n}' if chosen else 'no take'} is chosen; every take is still there."


def _withdraw(script: str, name: str, yes: bool) -> None:
    from voicesim.files import data_folder
    from voicesim.studio.shelf import Shelf
    from voicesim.wiring.library import find_script
    from voicesim.wiring.takes import withdraw

    # The takes of a script that is not there any more can be withdrawn as well.
    alone = script.replace("-", "").isalnum() and (data_folder() / "audio" / script).is_dir()
    shelf = Shelf.own(script if alone else find_script(script).id)
    count = sum(take.speaker == name for take in shelf.every())
    if count or name in shelf.speakers():
        typer.echo(f"{name}: {_counted(count, 'take')} of {shelf.script_id}, and what was agreed to.")
        typer.echo("Not deleted, since only you know where they are: packs handed out, copies, calls held with them.")
        if not agreed(f"Delete {_counted(count, 'take')} for good?", yes):
            return
    withdraw(shelf, name)
    note(f"Nothing of {name} is left in {shelf.folder}, nor in the cache of lines.")


# -- small things -----------------------------------------------------------------------------------------------------


def _moods(script: "Script", chosen: str) -> set[str]:
    from voicesim.reading.reader import closest

    names = {name.strip() for name in chosen.split(",")} - {""}
    for name in sorted(names - set(script.anger.moods)):
        raise UsageError(f"{script.id} has no mood '{name}'", mend=closest(name, script.anger.moods))
    return names or set(script.anger.moods)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT].rsplit(' ', 1)[0]} .."


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
