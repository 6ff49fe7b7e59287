"""``voicesim headset``: choose microphone and headphones, and find out whether they are fit for a call."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voicesim.cli.frame import examples, new_app, without_chatter
from voicesim.errors import DeviceError, UsageError
from voicesim.store.devices import Devices, remember_devices, remembered_devices

if TYPE_CHECKING:
    from rich.console import Console

    from voicesim.backends.sound_devices import DeviceInfo
    from voicesim.cli.taking import Take
    from voicesim.model import Samples
    from voicesim.ports import AudioDevice, Duplex, Recognizer
    from voicesim.speech.room_check import Judgement

app = new_app()

#: What is said into the microphone, and how many of its words must be recognized.
TEST_WORDS = "testing one two three"
_LEAST_WORDS = 2
_TRIES = 3
_KINDS = {"input": "microphone", "output": "headphones"}
# A recognizer writes numbers as words or digits, also together.
_TOKEN = re.compile(r"[^\W\d_]+|\d")
_SAME = {"test": "testing", "tested": "testing", "1": "one", "2": "two", "to": "two", "too": "two", "3": "three"}
_SIGNS = {"good": ("green", "ok"), "could be better": ("yellow", "~"), "needs mending": ("red", "!")}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadsetCheck:
    """What the check found: ``usable`` if nothing needs mending."""

    judgements: "tuple[Judgement, ...]"

    @property
    def usable(self) -> bool:
        """Whether calls can be taken with it."""
        from voicesim.speech.room_check import Rating

        return all(judgement.rating is not Rating.BAD for judgement in self.judgements)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A microphone and headphones that are there now."""

    input: "DeviceInfo"
    output: "DeviceInfo"

    def headset(self) -> Any:
        """Both as one :class:`voicesim.backends.headset.Headset`, not open yet."""
        from voicesim.backends.headset import Headset

        return Headset(self.input.index, self.output.index)

    @property
    def remembered(self) -> bool:
        """Whether these passed the check last."""
        last = remembered_devices()
        return last is not None and (last.input, last.output) == (self.input.name, self.output.name)

    def remember(self) -> None:
        """Keep both names, with the time. Raises StorageError."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        remember_devices(Devices(input=self.input.name, output=self.output.name, checked_utc=now))


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
) -> Chosen:
    """The devices that were asked for; else those remembered; else, where there are several, the person's choice.

    ``again`` asks even if there are remembered ones (Enter takes them). Without a terminal nobody is asked: the
    remembered ones or the system's own are taken. Raises DeviceError if there is none, or none or several of that name.
    """
    from voicesim.backends.sound_devices import list_devices

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
    from voicesim.backends.sound_devices import WITHOUT
    from voicesim.cli.taking import asks

    if not devices:
        raise DeviceError(
            f"no {_KINDS[kind]} was found", mend=f"Plug a headset in, then run voicesim doctor; or {WITHOUT}"
        )
    if wanted is not None:
        return named(devices, wanted, kind)
    known = [device for device in devices if device.name == last]
    usual = [device for device in devices if device.default_input and kind == "input"]
    usual += [device for device in devices if device.default_output and kind == "output"]
    first = [*known, *usual, *devices][0]
    if (known and not again) or len(devices) == 1 or not asks():
        console.print(f"{_KINDS[kind].capitalize()}: {first.name}", markup=False)
        return first
    return _asked(devices, first, kind, console)


def named(devices: "Sequence[DeviceInfo]", wanted: str, kind: str) -> "DeviceInfo":
    """The device of that index, name or part of a name; a name that stands several times means the system's own choice.

    Raises DeviceError, with the names there are, if none or several fit.
    """
    parts = [device for device in devices if wanted.casefold() in device.name.casefold()]
    exact = [device for device in devices if device.name == wanted or str(device.index) == wanted]
    fitting = exact or parts
    names = {device.name for device in fitting}
    if len(names) != 1:
        there = ", ".join(dict.fromkeys(device.name for device in (fitting or devices)))
        what = f"'{wanted}' names no {_KINDS[kind]}" if not names else f"'{wanted}' names several"
        raise DeviceError(what, mend=f"Choose one of: {there}.")
    return next((device for device in fitting if device.default_input or device.default_output), fitting[0])


def _asked(devices: "Sequence[DeviceInfo]", first: "DeviceInfo", kind: str, console: "Console") -> "DeviceInfo":
    """The device whose number a person types."""
    console.print(f"Which {_KINDS[kind]}?")
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


def check_if_new(chosen: Chosen, recognizer: "Recognizer", console: "Console") -> HeadsetCheck | None:
    """The check of devices that did not pass it last, shown and remembered; None, and one line, for those that did."""
    if not chosen.remembered:
        return check_and_remember(chosen, recognizer, console)
    console.print("Headset as last time (to check it again: voicesim headset).")
    return None


def check_and_remember(chosen: Chosen, recognizer: "Recognizer", console: "Console") -> HeadsetCheck:
    """The check, shown as a table; devices that are fit for calls are remembered."""
    check = check_headset(chosen.headset(), recognizer, console)
    show_check(check, console)
    if check.usable:
        chosen.remember()
        console.print("Fit for calls; these devices are remembered.")
    return check


def check_headset(headset: "AudioDevice", recognizer: "Recognizer", console: "Console") -> HeadsetCheck:
    """What a quiet second, soft tones and a spoken test sentence (three tries) say about a headset; takes 10 s.

    ``headset`` is not open yet. Tells the person on ``console`` what to do, and ends the command if they press q
    before it begins. Raises what opening and reading the device raises.
    """
    from voicesim.cli.taking import key, opened
    from voicesim.speech.room_check import find_echo, judge_echo, judge_noise

    key("Put the headset on. Press Enter to begin, q to leave.", console)
    while True:
        noise, heard, ears = _tones(headset, console)
        # Only the person knows whether sound comes out of these headphones.
        if key("Did you hear the tones? Enter: yes, r: play them again (turn the sound up), q: leave.", console) != "r":
            break
    with opened(headset) as duplex:
        said = _test_sentence(duplex, recognizer, console)
    return HeadsetCheck(judgements=(*said, judge_noise(noise), judge_echo(find_echo(heard, ears))))


def _tones(headset: "AudioDevice", console: "Console") -> "tuple[Samples, Samples, Samples]":
    """A quiet second of the microphone, then microphone and ears while the chime is played."""
    import numpy as np

    from voicesim.cli.taking import converse, opened, silence
    from voicesim.speech.room_check import chime

    with opened(headset) as duplex:
        console.print("Please be quiet for a moment; you will hear soft tones.")
        noise, _ = converse(duplex, silence(1.0))
        after = silence(0.7 + headset.latency_s)
        heard, ears = converse(duplex, np.concatenate((silence(0.2), chime(), after)))
    return noise, heard, ears


def _test_sentence(duplex: "Duplex", recognizer: "Recognizer", console: "Console") -> "tuple[Judgement, ...]":
    """What the last try of the test sentence showed: of the microphone, and of the words if it got that far."""
    from voicesim.backends.vad import SileroVad
    from voicesim.cli.taking import asks, record_sentence
    from voicesim.speech.room_check import Rating

    vad, moving = SileroVad(), console.is_terminal and asks()
    judgements: tuple[Judgement, ...] = ()
    for left in reversed(range(_TRIES)):
        console.print(f'Now say: "{TEST_WORDS}"', markup=False)
        judgements = judge_take(record_sentence(duplex, vad, console, moving=moving), recognizer)
        wrong = [judgement for judgement in judgements if judgement.rating is Rating.BAD]
        if not wrong:
            break
        console.print(f"  {wrong[0].found}. {wrong[0].advice}", markup=False)
        if left:
            console.print("  Let us try again.")
    return judgements


def judge_take(take: "Take", recognizer: "Recognizer") -> "tuple[Judgement, ...]":
    """What one try of the test sentence shows of the microphone and, if that is usable, of the words."""
    from voicesim.cli.taking import recognized
    from voicesim.speech.room_check import Judgement, Rating, judge_voice

    microphone = judge_voice(take.samples, take.speech)
    if microphone.rating is Rating.BAD:
        return (microphone,)
    text = recognized(recognizer, take).text
    if words_found(text) >= _LEAST_WORDS:
        return microphone, Judgement(about="words", rating=Rating.GOOD, found="your words were recognized")
    found = f'other words were heard: "{text}"' if text else "no words were heard"
    advice = f'Say "{TEST_WORDS}" clearly and not too fast, a hand\'s width beside the microphone.'
    return microphone, Judgement(about="words", rating=Rating.BAD, found=found, advice=advice)


def words_found(text: str) -> int:
    """How many of the test words are in a text, however it writes numbers.

    >>> words_found("Testing 1-2-3."), words_found("to the three of us")
    (4, 2)
    """
    tokens = _TOKEN.findall(text.lower())
    return len({_SAME.get(token, token) for token in tokens} & set(TEST_WORDS.split()))


def show_check(check: HeadsetCheck, console: "Console") -> None:
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
