"""``voicesim phrases``: the bank of better replies, to read, to hear and to check."""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voicesim.cli.frame import examples, new_app, note
from voicesim.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from voicesim.coach.bank import Bank, Pattern
    from voicesim.script.model import Script

app = new_app()

#: The call that the replies are shown for where nobody names another one.
_EXAMPLE = "billed-twice"


@app.command(
    "phrases",
    epilog=examples(
        "voicesim phrases",
        "voicesim phrases empathy",
        "voicesim phrases apology --register formal --script room-gone",
        "voicesim phrases refocus --phase refocus --play",
        "voicesim phrases empathy --out empathy.flac",
        "voicesim phrases --json",
        "voicesim phrases --check",
    ),
)
def phrases(
    technique: Annotated[str | None, typer.Argument(help="A technique, mistake or measure; all if none.")] = None,
    phase: Annotated[str | None, typer.Option("--phase", help="control, acknowledge, refocus or solve.")] = None,
    register: Annotated[str | None, typer.Option("--register", help="plain, warm or formal.")] = None,
    script: Annotated[str, typer.Option("--script", help="Script whose caller the replies are shown for.")] = _EXAMPLE,
    aloud: Annotated[bool, typer.Option("--play", help="Hear them through your headphones.")] = False,
    out: Annotated[Path | None, typer.Option("--out", help="FLAC file to write them to, spoken.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON, with places and sources.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Check your own phrases.yaml (or the shipped replies) with the detectors.")
    ] = False,
) -> None:
    """Better replies for every technique, and what to say instead of every mistake: to read, hear and check."""
    from rich.console import Console

    from voicesim.wiring.bank import bank
    from voicesim.wiring.library import find_script

    console = Console(highlight=False)
    _known(technique, phase, register)
    if check:
        _check(technique, console)
        return
    known = bank()
    wanted = _wanted(known, technique, phase, register)
    if as_json:
        typer.echo(json.dumps(_as_data(wanted, known, find_script(script)), ensure_ascii=False, indent=2))
    elif technique is None and not (phase or register or aloud or out):
        _show_names(known, console)
    else:
        shown = _shown(wanted, find_script(script), console)
        if aloud or out is not None:
            _say(shown, out, console)


def _known(technique: str | None, phase: str | None, register: str | None) -> None:
    """Refuse words that name nothing."""
    from voicesim.coach.advice import ADVICE
    from voicesim.coach.bank import REGISTERS
    from voicesim.model import Phase
    from voicesim.reading.reader import closest

    for what, word, words in (
        ("technique, mistake or measure", technique, tuple(ADVICE)),
        ("phase", phase, tuple(one.value for one in Phase)),
        ("register", register, REGISTERS),
    ):
        if word is not None and word not in words:
            raise UsageError(f"there is no {what} '{word}'", mend=closest(word, words))


def _wanted(
    known: "Bank", technique: str | None, phase: str | None, register: str | None
) -> "dict[str, tuple[Pattern, ...]]":
    from voicesim.coach.bank import fitting_register
    from voicesim.model import Phase

    ids = [technique] if technique else list(known.shelves)
    where = None if phase is None else Phase(phase)
    return {one: fitting_register(known.patterns(one), phase=where, register=register) for one in ids}


def _show_names(known: "Bank", console: "Console") -> None:
    from rich.table import Table

    from voicesim.coach.advice import ADVICE

    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("id", "replies", "what to do"):
        table.add_column(column, justify="right" if column == "replies" else "left")
    for one in known.shelves:
        table.add_row(one, str(len(known.patterns(one))), ADVICE[one].do)
    console.print(table)
    count = sum(len(known.patterns(one)) for one in known.shelves)
    console.print(f"\n{count} replies. To read those of one: voicesim phrases empathy", markup=False)


def _shown(wanted: "Mapping[str, Sequence[Pattern]]", script: "Script", console: "Console") -> list[str]:
    """Print the replies, as they are for the caller of a script; gives those that could be filled."""
    from rich.table import Table
    from rich.text import Text

    from voicesim.coach.advice import ADVICE
    from voicesim.report.sources import cited

    fill, said = _filling(script), []
    for one, patterns in wanted.items():
        tips = ADVICE[one]
        console.print(f"\n{one}: {tips.do}", style="bold", markup=False)
        console.print(f"{tips.why}{cited(tips.source)}", style="dim", markup=False)
        table = Table(box=None, show_header=False, pad_edge=False)
        for pattern in patterns:
            whose = "yours, " if pattern.own else ""
            kind = whose + ("/".join(pattern.registers) or "any")
            kind += f", {'/'.join(phase.value for phase in pattern.phases)}" if pattern.phases else ""
            full = pattern.needs <= fill.keys()
            sentence = pattern.text.format_map(fill) if full else pattern.text
            table.add_row(f"  {kind}", Text(sentence))
            if full:
                said.append(sentence)
        console.print(table)
        if not patterns:
            console.print("  none of that kind", markup=False)
    console.print(f"\nAs said to {script.caller.name} ({script.id}).", style="dim", markup=False)
    return said


def _filling(script: "Script") -> dict[str, str]:
    """What the places hold for a caller who has told her whole story."""
    from voicesim.coach.bank import filling
    from voicesim.wiring.bank import situation_in

    lines = tuple(line.text for line in script.lines())
    return filling(replace(situation_in(script), line=lines[0], heard=lines[::-1]))


def _as_data(wanted: "Mapping[str, Sequence[Pattern]]", known: "Bank", script: "Script") -> list[dict[str, Any]]:
    from voicesim.coach.advice import ADVICE
    from voicesim.coach.bank import REGISTERS
    from voicesim.coach.rubric import SOURCES

    fill = _filling(script)
    return [
        {
            "advice": one,
            "id": pattern.id,
            "text": pattern.text,
            "example": pattern.text.format_map(fill) if pattern.needs <= fill.keys() else None,
            "needs": sorted(pattern.needs),
            "phases": [phase.value for phase in pattern.phases],
            "registers": list(pattern.registers or REGISTERS),
            "own": pattern.own,
            "shows": list(known.shelves[one].shows),
            "do": ADVICE[one].do,
            "why": ADVICE[one].why,
            "source": ADVICE[one].source,
            "grade": SOURCES[ADVICE[one].source].grade,
        }
        for one, patterns in wanted.items()
        for pattern in patterns
    ]


def _say(sentences: list[str], out: Path | None, console: "Console") -> None:
    from voicesim.cli.frame import progress_bar, without_chatter
    from voicesim.cli.saying import Saying, joined, play
    from voicesim.files import write_flac

    saying, sounds = Saying(), []
    with progress_bar("Rendering replies") as tell:
        for number, sentence in enumerate(sentences, start=1):
            sounds.append(saying.sound(sentence))
            tell(number, len(sentences))
    if out is not None:
        write_flac(out, joined(sounds))
        note(f"Written to {out}.")
    else:
        with without_chatter():
            play(joined(sounds), console)


def _check(technique: str | None, console: "Console") -> None:
    """Read the trainer's file and run the detectors over it; exits with 2 if there is a fault."""
    from voicesim.cli.frame import progress_bar
    from voicesim.wiring.bank import OWN, own_faults, shipped_bank, situation_in
    from voicesim.wiring.bank_check import PLACES_TRIED, faults_in, places_in
    from voicesim.wiring.engines import understood
    from voicesim.wiring.library import read_script, script_files

    own, faults = own_faults()
    for fault in faults:
        typer.echo(str(fault))
    checked = shipped_bank() if own is None else shipped_bank().with_own(own)
    mine = own is not None
    patterns = [
        (one, pattern)
        for one in ([technique] if technique else checked.shelves)
        for pattern in checked.patterns(one)
        if pattern.own == mine
    ]
    scripts = [read_script(path) for path in script_files()]
    places = {script.id: tuple(places_in(script, situation_in(script))) for script in scripts}
    found: list[str] = []
    with progress_bar("Running the detectors") as tell:
        for number, (one, pattern) in enumerate(patterns, start=1):
            found += faults_in(checked, one, pattern, places, understood, most=PLACES_TRIED)
            tell(number, len(patterns))
    for row in found:
        typer.echo(row)
    whose = f"your {OWN}" if mine else "the shipped replies (you have no phrases.yaml)"
    if faults or found:
        console.print(f"{len(faults) + len(found)} faults in {whose}.", markup=False)
        raise typer.Exit(2)
    console.print(f"{len(patterns)} replies in {whose}: each shows its technique and no mistake.", markup=False)
