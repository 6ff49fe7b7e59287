"""``voicesim report``: make the report of a call, also of one that was cut off, and its captions."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicesim.cli.frame import examples, new_app, note

if TYPE_CHECKING:
    from voicesim.model import CallRecord

app = new_app()


@app.command(
    epilog=examples("voicesim report last --open", "voicesim report last --captions", "voicesim report my-call --json")
)
def report(
    call: Annotated[str, typer.Argument(help="Id of a call or its beginning, `last`, or a folder.")],
    trainee: Annotated[str | None, typer.Option("--trainee", help="Whose call; else the setting `trainee`.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the feedback as JSON.")] = False,
    with_captions: Annotated[
        bool, typer.Option("--captions", help="Also write captions.vtt: both speakers as WebVTT.")
    ] = False,
    open_it: Annotated[bool, typer.Option("--open", help="Open the report in your browser.")] = False,
) -> None:
    """Make the report of a call again and show its feedback; a call that was cut off is put back together first.

    The score in call.json stays as it was given.
    """
    from voicesim.cli.calls import trainee_named
    from voicesim.cli.screen import show_feedback
    from voicesim.report.data import dumps, record_to_json
    from voicesim.store.places import CAPTIONS
    from voicesim.store.recovery import recover, state_of
    from voicesim.wiring.keeping import judged_again
    from voicesim.wiring.reports import write_report
    from voicesim.wiring.stored_calls import call_of

    folder = call_of(trainee_named(trainee), call)
    if state_of(folder) == "interrupted":
        note("This call was cut off; what was kept is put back together.")
    record = judged_again(folder, recover(folder))
    # Before anything is written: a typed call has no captions.
    subtitles = _captions(record) if with_captions else None
    page = write_report(folder, record, note)
    if as_json:
        typer.echo(dumps(record_to_json(record)["feedback"]), nl=False)
    else:
        show_feedback(record, page)
    if subtitles is not None:
        note(f"Captions: {_write(folder / CAPTIONS, subtitles)}")
    if open_it:
        _show(page)


def _captions(record: "CallRecord") -> str:
    from voicesim.report.captions import captions

    return captions(record)


def _write(path: Path, text: str) -> Path:
    from voicesim.files import write_text

    write_text(path, text, private=True)
    return path


def _show(page: Path) -> None:
    import webbrowser

    if not webbrowser.open(page.absolute().as_uri()):
        note(f"no browser could be opened here; open this file yourself: {page}")
