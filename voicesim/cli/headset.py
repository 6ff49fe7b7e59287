"""``voicesim headset``: choose microphone and headphones, and find out whether they are fit for a call."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from voicesim.cli.frame import examples, new_app, without_chatter
from voicesim.errors import UsageError
from voicesim.store.devices import remembered_devices

if TYPE_CHECKING:
    from rich.console import Console

    from voicesim.backends.sound_devices import DeviceInfo
    from voicesim.ports import AudioDevice, Recognizer
    from voicesim.wiring.devices import Chosen
    from voicesim.wiring.headset_check import HeadsetCheck

app = new_app()

_SIGNS = {"good": ("green", "ok"), "could be better": ("yellow", "~"), "needs mending": ("red", "!")}


@app.command(
    "headset",
    epilog=examples("voicesim headset", 'voicesim headset --input "USB Headset" --output "USB Headset"')
    + "\n\nExit codes: 0 fit for calls, 2 something needs mending, 3 a device is missing.",
)
def headset_command(
    input_device: Annotated[str | None, typer.Option("--input", help="Microphone, by a part of its name.")] = None,
    output_device: Annotated[str | None, typer.Option("--output", help="Headphones, by a part of their name.")] = None,
    trainee: Annotated[str | None, typer.Option("--trainee", help="Whose baseline to look for.")] = None,
    recognizer: Annotated[str | None, typer.Option("--recognizer", help="auto, vosk or whisper.")] = None,
) -> None:
    """Check microphone, headphones and room before a call, and remember the devices."""
    from rich.console import Console

    from voicesim.cli.loading import ready
    from voicesim.settings import load_settings
    from voicesim.store.baselines import baseline_for

    console, settings = Console(highlight=False), load_settings()
    with without_chatter():
        chosen = choose_devices(input_device, output_device, console, again=True)
        hearing = ready(recognizer or settings.recognizer)
        check = check_and_remember(chosen, hearing, console)
    if not check.usable:
        raise typer.Exit(UsageError.exit_code)
    if baseline_for(trainee or settings.trainee, chosen.input.name) is None:
        console.print("Next, your own neutral voice: voicesim calibrate")


def choose_devices(
    wanted_input: str | None, wanted_output: str | None, console: "Console", *, again: bool = False
) -> "Chosen":
    """The devices that were asked for; else those remembered; else, where there are several, the person's choice.

    ``again`` asks even if there are remembered ones (Enter takes them). Without a terminal nobody is asked: the
    remembered ones or the system's own are taken. Raises DeviceError if there is none, or none or several of that name.
    """
    from voicesim.backends.sound_devices import list_devices
    from voicesim.wiring.devices import Chosen

    devices, last = list_devices(), remembered_devices()
    inputs = [device for device in devices if device.inputs]
    outputs = [device for device in devices if device.outputs]
    last_input, last_output = (last.input, last.output) if last else (None, None)
    return Chosen(
        input=_choose(inputs, "input", wanted_input, last_input, console, again),
        output=_choose(outputs, "output", wanted_output, last_output, console, again),
    )


def _choose(
    devices: "Sequence[DeviceInfo]",
    kind: str,
    wanted: str | None,
    last: str | None,
    console: "Console",
    again: bool,
) -> "DeviceInfo":
    from voicesim.cli.taking import asks
    from voicesim.wiring.devices import KINDS, named, usual

    if wanted is not None and devices:
        return named(devices, wanted, kind)
    first, known = usual(devices, kind, last)
    if (known and not again) or len(devices) == 1 or not asks():
        console.print(f"{KINDS[kind].capitalize()}: {first.name}", markup=False)
        return first
    return _asked(devices, first, KINDS[kind], console)


def _asked(devices: "Sequence[DeviceInfo]", first: "DeviceInfo", kind: str, console: "Console") -> "DeviceInfo":
    """The device whose number a person types."""
    console.print(f"Which {kind}?")
    for number, device in enumerate(devices, start=1):
        mark = "  (Enter)" if device is first else ""
        console.print(f"  {number}  {device.name}{mark}", markup=False)
    while True:
        try:
            answer = console.input("Number: ").strip()
        except EOFError:
            return first
        if not answer:
            return first
        if answer.isdecimal() and 1 <= int(answer) <= len(devices):
            return devices[int(answer) - 1]
        console.print(f"Type a number of 1 to {len(devices)}, or press Enter.")


def check_if_new(chosen: "Chosen", recognizer: "Recognizer", console: "Console") -> "HeadsetCheck | None":
    """The check of devices that did not pass it last, shown and remembered; None, and one line, for those that did."""
    if not chosen.remembered:
        return check_and_remember(chosen, recognizer, console)
    console.print("Headset as last time (to check it again: voicesim headset).")
    return None


def check_and_remember(chosen: "Chosen", recognizer: "Recognizer", console: "Console") -> "HeadsetCheck":
    """The check, shown as a table; devices that are fit for calls are remembered."""
    check = check_headset(chosen.headset(), recognizer, console)
    show_check(check, console)
    if check.usable:
        chosen.remember()
        console.print("Fit for calls; these devices are remembered.")
    return check


def check_headset(headset: "AudioDevice", recognizer: "Recognizer", console: "Console") -> "HeadsetCheck":
    """What the check says about a headset that is not open yet, led on ``console``; q ends the command."""
    from voicesim.cli.taking import TerminalGuide, asks, leaving
    from voicesim.wiring import headset_check

    with leaving(console):
        guide = TerminalGuide(console, moving=console.is_terminal and asks())
        return headset_check.check_headset(headset, recognizer, guide)


def show_check(check: "HeadsetCheck", console: "Console") -> None:
    """Print what was found as a table: a sign, a word and a colour for each."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=False)
    for judgement in check.judgements:
        colour, sign = _SIGNS[judgement.rating.value]
        advice = f"\n{judgement.advice}" if judgement.advice else ""
        table.add_row(
            Text(sign, colour),
            judgement.about,
            Text(judgement.rating.value, colour),
            Text(f"{judgement.found}{advice}"),
        )
    console.print(table)
