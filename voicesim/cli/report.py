"""``voicesim report``: make the report of a finished call again."""

import json
from pathlib import Path
from typing import Annotated

import typer

from voicesim.cli.frame import examples, new_app
from voicesim.errors import InputError, VoicesimError

app = new_app()


@app.command(epilog=examples("voicesim report my-call", "voicesim report my-call --json"))
def report(
    folder: Annotated[Path, typer.Argument(help="Folder of a call: it holds call.json.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the feedback as JSON.")] = False,
) -> None:
    """Make the report of a finished call again and show its feedback.

    The score in call.json stays as it was given.
    """
    from voicesim.cli.inputs import read_text
    from voicesim.cli.keeping import write_report
    from voicesim.cli.library import find_script
    from voicesim.cli.screen import show_feedback
    from voicesim.report.data import dumps, record_from_json

    if not folder.is_dir():
        raise InputError("this is not a folder of a call", where=str(folder), mend="Name the folder with call.json.")
    path = folder / "call.json"
    text = read_text(path)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise InputError(
            "this is not JSON", where=str(path), mend="Restore the file, or hold the call again."
        ) from None
    record = record_from_json(data)
    try:
        script = find_script(record.script.id)
    except VoicesimError:
        script = None
    same = script is not None and script.sha256 == record.script.sha256
    page = write_report(folder, record, script if same else None)
    if as_json:
        typer.echo(dumps(data["feedback"]), nl=False)
    else:
        show_feedback(record, page)
