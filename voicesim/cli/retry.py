"""``voicesim retry``: one turn of a stored call again, as often as one likes."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from voicesim.cli.frame import examples, new_app, note
from voicesim.errors import UsageError

app = new_app()


@app.command(
    epilog=examples(
        "voicesim retry last",
        "voicesim retry last --turn 3 --on",
        "voicesim retry 20260301 --text -",
        "voicesim retry my-call --turn 2 --replies my-replies",
    )
)
def retry(
    call: Annotated[str, typer.Argument(help="Id of a call or its beginning, `last`, or a folder.")],
    turn: Annotated[
        int | None, typer.Option("--turn", min=1, help="Which turn, from 1; without it the one that cost most.")
    ] = None,
    replies: Annotated[
        Path | None, typer.Option("--replies", help="Folder of sound files: each is one attempt; with --on, the call.")
    ] = None,
    text: Annotated[
        Path | None,
        typer.Option(
            "--text",
            help="File of typed replies: each line but a blank one is an attempt; with --on, the call; - asks you.",
        ),
    ] = None,
    on: Annotated[bool, typer.Option("--on", help="Go on from there: the call is held to its end.")] = False,
    sound: Annotated[
        bool, typer.Option("--sound/--no-sound", help="Play your reply and the better one before you begin.")
    ] = True,
    trainee: Annotated[str | None, typer.Option("--trainee", help="Whose call; else the setting `trainee`.")] = None,
    recognizer: Annotated[str | None, typer.Option("--recognizer", help="auto, vosk or whisper.")] = None,
    input_device: Annotated[str | None, typer.Option("--input", help="Microphone, by a part of its name.")] = None,
    output_device: Annotated[str | None, typer.Option("--output", help="Headphones, by a part of their name.")] = None,
) -> None:
    """Say one reply of a call again: why it moved the caller, a better one, and both attempts side by side."""
    from rich.console import Console

    from voicesim.call.replies import read_replies
    from voicesim.cli.calls import trainee_named
    from voicesim.cli.retrying import shown_gym, try_files, try_on_headset, try_text, typed_attempts
    from voicesim.settings import load_settings
    from voicesim.wiring.bank import left_out_told
    from voicesim.wiring.stored_calls import call_of

    if replies is not None and text is not None:
        raise UsageError("--replies and --text are two trainees for one turn", mend="Give one of them.")
    chosen = load_settings()
    settings = replace(chosen, trainee=trainee or chosen.trainee, recognizer=recognizer or chosen.recognizer)
    console = Console(highlight=False)
    # What cannot be read is told before the explanation of the turn, not below it.
    lines = None if text is None else typed_attempts(text)
    sounds = None if replies is None else read_replies(replies)
    gym = shown_gym(call_of(trainee_named(trainee), call), turn, settings, on=on, console=console)
    if lines is not None:
        try_text(gym, lines, console)
    elif sounds is not None:
        try_files(gym, *sounds, console)
    else:
        try_on_headset(gym, input_device, output_device, console, plays=sound)
    if (told := left_out_told()) is not None:
        note(told)
