"""``voicesim settings``: show, set and take back what holds for all commands."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voicesim.cli.frame import examples, new_app, note
from voicesim.errors import UsageError

if TYPE_CHECKING:
    from voicesim.settings import Chosen

app = new_app()

_SOURCES = {"default": "default", "machine": "set on this machine", "own": "yours"}


@app.command(
    epilog=examples(
        "voicesim settings",
        "voicesim settings captions true",
        "voicesim settings keep_sound_days 7",
        "voicesim settings keep_sound_days --default",
        "voicesim settings --json",
    )
)
def settings(
    key: Annotated[str | None, typer.Argument(help="A setting; without one all are shown.")] = None,
    value: Annotated[str | None, typer.Argument(help="What it is set to.")] = None,
    default: Annotated[bool, typer.Option("--default", help="Take back what you set.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object (schema 1) instead.")] = False,
) -> None:
    """Show all settings, set one, or go back to its default."""
    from voicesim.settings import RULES, all_chosen, choose, forget_choice, in_words

    if default and (key is None or value is not None):
        raise UsageError("--default takes one setting back", mend="Write: voicesim settings KEY --default")
    if key is not None and value is not None:
        note(f"{key} is {in_words(choose(key, value))} from now on.")
    elif key is not None and default:
        _take_back(key, forget_choice(key))
    else:
        if key is not None and key not in RULES:
            forget_choice(key)  # complains, with the nearest key
        _show([chosen for chosen in all_chosen() if key in (None, chosen.key)], as_json)


def _take_back(key: str, was_set: bool) -> None:
    from voicesim.settings import RULES, all_chosen, in_words

    if key not in RULES:
        note(f"{key} is no setting of this version; it is taken out of your file.")
        return
    holds = next(chosen for chosen in all_chosen() if chosen.key == key)
    before = "" if was_set else "You had not set it: "
    note(f"{before}{key} is {in_words(holds.value)} ({_SOURCES[holds.source]}).")


def _show(chosen: "list[Chosen]", as_json: bool) -> None:
    from voicesim.settings import own_file

    if as_json:
        typer.echo(json.dumps({"schema": 1, "file": str(own_file()), "settings": [to_json(one) for one in chosen]}))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from voicesim.settings import RULES, in_words

    table = Table(box=None, pad_edge=False)
    for heading in ("setting", "value", "from", "what it means"):
        table.add_column(heading, no_wrap=heading == "setting")
    for one in chosen:
        where = f"{_SOURCES[one.source]}, locked" if one.locked else _SOURCES[one.source]
        cells = (one.key, in_words(one.value), where, RULES[one.key].meaning)
        table.add_row(*(Text(cell) for cell in cells))
    Console(highlight=False).print(table)
    for one in chosen:
        if one.ignored is not None:
            note(f"Your own {one.key} = {in_words(one.ignored)} is not used: it is locked on this machine.")


def to_json(one: "Chosen") -> dict[str, Any]:
    """What ``--json`` prints of one setting."""
    from voicesim.settings import DEFAULTS, RULES, allowed

    return {
        "key": one.key,
        "value": one.value,
        "source": one.source,
        "locked": one.locked,
        "default": DEFAULTS[one.key],
        "allowed": allowed(one.key),
        "meaning": RULES[one.key].meaning,
    }
