"""``voicesim report``: make the report of a call, also of one that was cut off."""

from typing import Annotated

import typer

from voicesim.cli.frame import examples, new_app, note

app = new_app()


@app.command(epilog=examples("voicesim report last", "voicesim report my-call --json"))
def report(
    call: Annotated[str, typer.Argument(help="Id of a call or its beginning, `last`, or a folder.")],
    trainee: Annotated[str | None, typer.Option("--trainee", help="Whose call; else the setting `trainee`.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the feedback as JSON.")] = False,
) -> None:
    """Make the report of a call again and show its feedback; a call that was cut off is put back together first.

    The score in call.json stays as it was given.
    """
    from voicesim.cli.calls import call_of, trainee_named
    from voicesim.cli.keeping import judged_again, write_report
    from voicesim.cli.screen import show_feedback
    from voicesim.report.data import dumps, record_to_json
    from voicesim.store.recovery import recover, state_of

    folder = call_of(trainee_named(trainee), call)
    if state_of(folder) == "interrupted":
        note("This call was cut off; what was kept is put back together.")
    record = judged_again(folder, recover(folder))
    page = write_report(folder, record)
    if as_json:
        typer.echo(dumps(record_to_json(record)["feedback"]), nl=False)
    else:
        show_feedback(record, page)
