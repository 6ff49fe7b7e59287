"""``voicesim calls``, ``show`` and ``delete``: which calls are stored, what one holds, and getting rid of it."""

import json
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voicesim.cli.frame import examples, new_app, note
from voicesim.errors import UsageError

if TYPE_CHECKING:
    from voicesim.model import CallRecord
    from voicesim.store.attempts import Attempt
    from voicesim.store.stored import StoredCall

app = new_app()

Call = Annotated[str, typer.Argument(help="Id of a call or its beginning, `last`, or a folder.")]
Calls = Annotated[list[str], typer.Argument(help="Ids of calls or their beginnings, `last`, or folders.")]
Trainee = Annotated[str | None, typer.Option("--trainee", help="Whose calls; else the setting `trainee`.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object (schema 1) instead.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]

_LONGEST_REPLY = 60
#: The sound of a call of up to 2 hours is played and shared.
_LONGEST_CALL_S = 7_200


@app.command("calls", epilog=examples("voicesim calls", "voicesim calls --trainee Ann", "voicesim calls --json"))
def list_calls(
    trainee: Trainee = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make the index again from the folders.")] = False,
    as_json: Json = False,
) -> None:
    """List the stored calls of a trainee, newest first."""
    from voicesim.files import is_folder
    from voicesim.settings import load_settings
    from voicesim.store.index import CallIndex
    from voicesim.store.places import calls_folder
    from voicesim.store.retention import apply_retention
    from voicesim.wiring.stored_calls import report_without_sound

    settings = load_settings()
    name = trainee or settings.trainee
    is_folder(calls_folder(name))  # a file in its place is one complaint, not one more of what could not be deleted
    for sentence in apply_retention(name, settings, report_again=report_without_sound):
        note(sentence)
    index = CallIndex(name)
    calls = index.rebuild() if rebuild else index.find()
    if as_json:
        told = {"schema": 1, "trainee": name, "calls": [to_json(call, calls_folder(name) / call.id) for call in calls]}
        typer.echo(json.dumps(told, ensure_ascii=False))
    elif calls:
        _show_calls(calls)
    else:
        whose = "" if name == settings.trainee else f" of {name}"
        typer.echo(f"There are no calls{whose} yet. Hold one: voicesim practice billed-twice")


@app.command(epilog=examples("voicesim show last", "voicesim show 20260301", "voicesim show my-call --json"))
def show(call: Call, trainee: Trainee = None, as_json: Json = False) -> None:
    """Show what a stored call holds: how it ended, its score, its turns, what was said about it, and its files."""
    from voicesim.cli.review_shown import review_lines
    from voicesim.store.closing import read_record
    from voicesim.store.stored import State, describe
    from voicesim.wiring.stored_calls import call_of

    name = trainee_named(trainee)
    folder = call_of(name, call)
    stored = describe(folder)
    record = read_record(folder) if stored.state in (State.FINISHED, State.DAMAGED) else None
    if as_json:
        typer.echo(json.dumps(_shown_json(stored, folder, record), ensure_ascii=False))
        return
    said = (*_of_attempts(folder), *review_lines(folder, call))
    for line in (*_headline(stored), *_of_record(record), *said, "Files:", *_files(folder)):
        typer.echo(line)
    if stored.state is State.INTERRUPTED:
        note(_how_to_mend(call))


@app.command(epilog=examples("voicesim delete last", "voicesim delete 20260301-100000 20260302 --yes"))
def delete(calls: Calls, trainee: Trainee = None, yes: Yes = False) -> None:
    """Delete calls with everything that belongs to them; asks first."""
    from voicesim.store.removal import delete_call
    from voicesim.store.stored import describe
    from voicesim.wiring.stored_calls import calls_of

    name = trainee_named(trainee)
    folders = calls_of(name, calls)
    for folder in folders:
        typer.echo(f"{folder}: {'. '.join(_headline(describe(folder)))}")
    if not agreed(f"Delete {_counted(len(folders))}?", yes):
        return
    for folder in folders:
        delete_call(name, folder)
    note(f"{_counted(len(folders))} deleted.")


# -- what other modules of stored calls use ---------------------------------------------------------------------------


def trainee_named(trainee: str | None) -> str:
    """Whose calls are meant: the trainee of ``--trainee``, else of the settings."""
    from voicesim.settings import load_settings

    return trainee or load_settings().trainee


def agreed(question: str, yes: bool) -> bool:
    """Whether the person agrees, without asking if they said ``--yes``; UsageError if nobody is there to answer."""
    if yes:
        return True
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    answer = sys.stdin.readline()
    if not answer:
        note("")
        raise UsageError("nobody answered, nothing was deleted", mend="Add --yes.")
    if answer.strip().lower() in ("y", "yes"):
        return True
    note("Nothing was deleted.")
    return False


def to_json(call: "StoredCall", folder: Path) -> dict[str, Any]:
    """What ``--json`` prints of one call."""
    return {
        "id": call.id,
        "folder": str(folder),
        "state": call.state.value,
        "began_utc": call.began_utc,
        "script": {"id": call.script_id, "version": call.script_version, "title": call.script_title},
        "ending": call.ending,
        "score": call.total,
        "length_s": None if call.length_s is None else round(call.length_s, 2),
        "sound": call.sound,
        "official": call.official,
        "shared": call.shared,
    }


# -- in words ---------------------------------------------------------------------------------------------------------


def _show_calls(calls: "tuple[StoredCall, ...]") -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from voicesim.store.stored import State

    names = _short_names([call.id for call in calls])
    table = Table(box=None, pad_edge=False, collapse_padding=True)
    # A column that says "private" in every row is only in the way.
    runs = any(call.official for call in calls)
    for heading in ("call", "when", "script", *(["run"] if runs else []), "ending", "score", "length", "sound"):
        table.add_column(heading, no_wrap=heading != "script", justify="right" if heading == "length" else "left")
    for call in calls:
        run = ["official" if call.official else "private"] if runs else []
        went = (_ending(call), _score(call), _length(call), "kept" if call.sound else "no")
        cells = (names[call.id], _when(call.began), call.script_id, *run, *went)
        table.add_row(*(Text(cell) for cell in cells))
    Console(highlight=False).print(table)
    for call in calls:
        if call.state is State.INTERRUPTED:
            note(_how_to_mend(names[call.id]))


def _how_to_mend(name: str) -> str:
    return f"{name} was cut off. To put it together and get its feedback: voicesim report {name}"


def _short_names(ids: list[str]) -> dict[str, str]:
    """The time in each id, or all of it where another call has the same."""
    short = {call_id: "-".join(call_id.split("-")[:2]) for call_id in ids}
    times = Counter(short.values())
    return {call_id: name if times[name] == 1 else call_id for call_id, name in short.items()}


def _when(began: datetime) -> str:
    return f"{began.astimezone():%Y-%m-%d %H:%M}"


def _ending(call: "StoredCall") -> str:
    return (call.ending or call.state.value).replace("_", " ")


def _score(call: "StoredCall") -> str:
    return "-" if call.total is None else str(call.total)


def _length(call: "StoredCall") -> str:
    if call.length_s is None and not call.sound:
        return "typed" if call.ending else "-"
    minutes, seconds = divmod(round(call.length_s or 0), 60)
    return f"{minutes}:{seconds:02d}"


def _headline(call: "StoredCall") -> tuple[str, ...]:
    """One call in a few short sentences without their stops."""
    title = f"{call.script_title} ({call.script_id})" if call.script_title else call.script_id
    score = "" if call.total is None else f", {call.total} of 100"
    shared = (f"Shared {call.shared} {'time' if call.shared == 1 else 'times'}",) if call.shared else ()
    run = ("Official run",) if call.official else ()
    return (title, f"{_when(call.began)}, {_length(call)}", f"{_ending(call)}{score}", *run, *shared)


def _of_record(record: "CallRecord | None") -> list[str]:
    """Points by phase and the turns, a line each."""
    if record is None:
        return []
    phases = record.feedback.phases if record.feedback else {}
    points = [f"{phase.value} {part.points} of {part.of}" for phase, part in phases.items() if part.points is not None]
    lines = [f"Points: {', '.join(points)}"] if points else []
    for number, turn in enumerate(record.turns, 1):
        said = "(silence)" if turn.reply is None else turn.reply.final.transcript.text
        lines.append(f"{number:>3}  anger {turn.before.anger} to {turn.after.anger}: {_shortened(said)}")
    return lines


def _of_attempts(folder: Path) -> list[str]:
    """The attempts at turns of the call, a line each."""
    from voicesim.store.attempts import attempts_of

    lines = []
    for one in attempts_of(folder):
        how = {"in_call": "taken back in the call"}.get(one.by.value, one.by.value)
        said = _shortened(one.reply.final.transcript.text)
        lines.append(f"{one.turn:>3}  attempt {one.n} ({how}), anger {one.before.anger} to {one.after.anger}: {said}")
    return ["Said again:", *lines] if lines else []


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_REPLY else f"{text[:_LONGEST_REPLY].rsplit(' ', 1)[0]} …"


def _files(folder: Path) -> list[str]:
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    return [f"  {path}  {max(1, round(path.stat().st_size / 1000))} kB" for path in files]


def _shown_json(call: "StoredCall", folder: Path, record: "CallRecord | None") -> dict[str, Any]:
    from voicesim.cli.review_shown import review_json
    from voicesim.report.codec import encode
    from voicesim.store.attempts import attempts_of

    phases = record.feedback.phases if record and record.feedback else None
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    return {
        "schema": 1,
        **to_json(call, folder),
        "turns": None if record is None else len(record.turns),
        "phases": None if phases is None else encode(phases),
        "review": review_json(folder),
        "files": [{"name": path.name, "bytes": path.stat().st_size} for path in files],
        "attempts": [_attempt_json(one) for one in attempts_of(folder)],
    }


def _attempt_json(one: "Attempt") -> dict[str, Any]:
    return {
        "turn": one.turn,
        "n": one.n,
        "at_utc": one.at_utc,
        "by": one.by.value,
        "anger": [one.before.anger, one.after.anger],
        "ending": one.ending,
        "sound": one.sound,
    }


def _counted(calls: int) -> str:
    return "1 call" if calls == 1 else f"{calls} calls"
