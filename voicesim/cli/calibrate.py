"""``voicesim calibrate``: the trainee's own neutral voice, from three sentences read aloud; numbers only are kept."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicesim.cli.frame import examples, new_app, without_chatter
from voicesim.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from voicesim.model import Baseline
    from voicesim.ports import Recognizer
    from voicesim.store.baselines import StoredBaseline
    from voicesim.wiring.taking import Taker

app = new_app()


@app.command(
    "calibrate",
    epilog=examples(
        "voicesim calibrate",
        "voicesim calibrate --trainee Anna",
        "voicesim calibrate --replies my-sentences",
        "voicesim calibrate --show",
        "voicesim calibrate --forget",
    ),
)
def calibrate(
    trainee: Annotated[str | None, typer.Option("--trainee", help="Whose voice this is.")] = None,
    replies: Annotated[Path | None, typer.Option("--replies", help="Folder of sound files: the microphone.")] = None,
    input_device: Annotated[str | None, typer.Option("--input", help="Microphone, by a part of its name.")] = None,
    output_device: Annotated[str | None, typer.Option("--output", help="Headphones, by a part of their name.")] = None,
    recognizer: Annotated[str | None, typer.Option("--recognizer", help="auto, vosk or whisper.")] = None,
    show: Annotated[bool, typer.Option("--show", help="Print what is kept, and record nothing.")] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Delete what is kept, for all headsets.")] = False,
) -> None:
    """Read three neutral sentences aloud, so that later replies can be compared with your own voice."""
    from rich.console import Console

    from voicesim.cli.headset import choose_devices
    from voicesim.cli.loading import ready
    from voicesim.cli.taking import Microphone, asks
    from voicesim.settings import load_settings
    from voicesim.wiring.taking import Recordings

    console, settings = Console(highlight=False), load_settings()
    whose = trainee or settings.trainee
    if show and forget:
        raise UsageError("--show and --forget exclude each other", mend="Give one of them.")
    if show or forget:
        _show_kept(whose, console) if show else _forget(whose, console)
        return
    with without_chatter():
        taker: Taker
        if replies is not None:
            taker = Recordings(replies)
        else:
            chosen = choose_devices(input_device, output_device, console)
            moving = console.is_terminal and asks()
            taker = Microphone(chosen.headset(), chosen.input.name, console, moving=moving)
        calibrate_with(taker, ready(recognizer or settings.recognizer), console, trainee=whose)


def calibrate_with(taker: "Taker", recognizer: "Recognizer", console: "Console", *, trainee: str) -> "Baseline":
    """The trainee's neutral baseline through ``taker``, kept together with the helpful voice, and shown on ``console``.

    Raises InputError if no baseline comes of it, DeviceError, StorageError; q leaves the command.
    """
    from voicesim.cli.taking import TerminalGuide, asks, leaving
    from voicesim.wiring import calibration

    with leaving(console):
        guide = TerminalGuide(console, moving=console.is_terminal and asks())
        stored = calibration.calibrate_with(taker, recognizer, guide, trainee=trainee)
    show_stored(stored, console)
    for line in calibration.WHAT_FOR:
        console.print(line)
    return stored.neutral


def show_stored(stored: "StoredBaseline", console: "Console") -> None:
    """Print a neutral and a helpful voice side by side."""
    from rich.table import Table

    from voicesim.wiring.calibration import ROWS, figures

    both = [voice for voice in (stored.neutral, stored.helpful) if voice]
    table = Table(
        "", *("neutral", "helpful")[: len(both)], box=None, title_justify="left", header_style="bold", pad_edge=False
    )
    for name, row in zip(ROWS, zip(*(figures(voice) for voice in both), strict=True), strict=True):
        table.add_row(name, *row)
    console.print(f"\n{stored.neutral.trainee}, {stored.neutral.headset}, {stored.neutral.made_utc[:10]}", markup=False)
    console.print(table)


def _show_kept(trainee: str, console: "Console") -> None:
    from voicesim.store.baselines import stored_baselines

    kept = stored_baselines(trainee)
    if not kept:
        console.print(f"Nothing is kept of {trainee} yet. Run: voicesim calibrate", markup=False)
    for stored in kept:
        show_stored(stored, console)


def _forget(trainee: str, console: "Console") -> None:
    from voicesim.store.baselines import forget_baselines

    count = forget_baselines(trainee)
    console.print(f"Deleted: the baselines of {trainee}, {count} in all.", markup=False)
