"""``voicesim record``: a trainer speaks the lines of a script; every take is kept as soon as it is spoken."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicesim.cli.frame import examples, new_app, note, without_chatter
from voicesim.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

    from voicesim.model import Line, Samples
    from voicesim.script.model import Script
    from voicesim.studio.session import Prompt
    from voicesim.studio.shelf import Shelf
    from voicesim.wiring.listening import Listener

app = new_app()

_SHORT = 60


@app.command(
    "record",
    epilog=examples(
        "voicesim record billed-twice --speaker Anna",
        "voicesim record billed-twice --speaker Anna --moods angry,furious",
        "voicesim record billed-twice --speaker Anna --from session.wav",
    ),
)
def record(
    script: Annotated[str, typer.Argument(help="Id of a script (see `voicesim script list`), or a path.")],
    speaker: Annotated[str, typer.Option("--speaker", help="Who speaks: a name that stands in the pack.")] = "",
    recording: Annotated[
        Path | None, typer.Option("--from", help="One long recording, split into takes by the script's lines.")
    ] = None,
    moods: Annotated[str, typer.Option("--moods", help="Only lines of these moods, with commas between.")] = "",
    guide: Annotated[bool, typer.Option("--guide/--no-guide", help="Hear each line rendered before you speak.")] = True,
    everything: Annotated[bool, typer.Option("--all", help="Lines that have a take as well.")] = False,
    agreed: Annotated[bool, typer.Option("--agree", help="The speaker agrees to the terms; nobody is asked.")] = False,
    input_device: Annotated[str | None, typer.Option("--input", help="Microphone, by a part of its name.")] = None,
    output_device: Annotated[str | None, typer.Option("--output", help="Headphones, by a part of their name.")] = None,
    recognizer: Annotated[str | None, typer.Option("--recognizer", help="auto, vosk or whisper.")] = None,
) -> None:
    """Speak the lines of a script yourself, one after the other: callers then sound like people."""
    from rich.console import Console

    from voicesim.cli.taking import asks
    from voicesim.settings import load_settings
    from voicesim.studio.shelf import Shelf
    from voicesim.wiring.booth import to_record
    from voicesim.wiring.library import find_script

    found, settings, console = find_script(script), load_settings(), Console(highlight=False)
    wanted = _wanted_moods(moods, found)
    shelf = Shelf.own(found.id)
    who = _agree(shelf, found, speaker or settings.trainee, console, yes=agreed)
    todo = to_record(found, shelf, moods=wanted, everything=everything)
    if recording is None and not asks():
        raise UsageError("recording needs a terminal", mend="Run it in one, or add --from FILE.")
    if not todo:
        console.print("Every line has a take. To record some again, add --all.")
        return
    with without_chatter():
        heard = _listener(recognizer or settings.recognizer, found)
        if recording is not None:
            _split(recording, [p.line for p in todo], shelf, who, heard, console)
        else:
            _at_microphone(found, todo, shelf, who, heard, console, guide=guide, wanted=(input_device, output_device))
    _where_next(found, shelf, console)


def _wanted_moods(moods: str, script: "Script") -> frozenset[str]:
    from voicesim.reading.reader import closest

    wanted = [mood.strip() for mood in moods.split(",") if mood.strip()]
    for mood in wanted:
        if mood not in script.anger.moods:
            raise UsageError(f"--moods: '{mood}' is no mood of {script.id}", mend=closest(mood, script.anger.moods))
    return frozenset(wanted or script.anger.moods)


def _agree(shelf: "Shelf", script: "Script", speaker: str, console: "Console", *, yes: bool) -> str:
    """The speaker's name, who agreed to the terms, now or earlier. Raises UsageError for who does not."""
    from voicesim.cli.taking import asks
    from voicesim.studio.consent import speaker_name, terms_for
    from voicesim.wiring.booth import agree

    name = speaker_name(speaker)
    if name in shelf.speakers():
        return name
    console.print(f"{name}, this is what recording means:", markup=False)
    console.print(terms_for(script.title), markup=False)
    if not yes and asks():
        yes = console.input("Do you agree? Type yes: ").strip().lower() in ("y", "yes")
    if not yes:
        raise UsageError("nothing is recorded without the speaker's consent", mend="Add --agree if they agree.")
    return agree(shelf, script, name)


def _listener(recognizer: str, script: "Script") -> "Listener":
    from voicesim.cli.loading import ready
    from voicesim.wiring.listening import Listener

    return Listener(recognizer=ready(recognizer, script.language))


def _where_next(script: "Script", shelf: "Shelf", console: "Console") -> None:
    missing, every = len(shelf.missing(script)), len({line.id for line in script.lines()})
    console.print(f"{every - missing} of {every} lines of {script.id} have a take.", markup=False)
    if missing < every:
        console.print(f"Hear them in a call: voicesim practice {script.id}", markup=False)
        console.print(f"Hand them out: voicesim script pack {script.id}", markup=False)


# -- one long recording -----------------------------------------------------------------------------------------------


def _split(
    path: Path, lines: "Sequence[Line]", shelf: "Shelf", speaker: str, heard: "Listener", console: "Console"
) -> None:
    """Cut a recording into takes by the lines, keep them with their checks, and say what could not be placed."""
    from voicesim.cli.frame import progress_bar, working
    from voicesim.wiring.long_recording import heard_recording, keep_recording
    from voicesim.wiring.takes import Keeping

    with working("Listening to the recording"):
        recording = heard_recording(path, lines, heard, lambda done, of: None)
    for remark in recording.notes:
        note(remark)
    with progress_bar("Checking the takes") as tell:
        kept = keep_recording(recording, Keeping(shelf=shelf, speaker=speaker, heard=heard), tell)
    for one in kept:
        found = "; ".join(problem.what for problem in one.take.checks) or "good"
        where = f"{_clock(one.span.start)}  {one.line.mood}: {_short(one.line.text)}"
        console.print(f"  {where}  ({found})", markup=False)
    placed = recording.placed
    console.print(f"{len(kept)} takes were found in {_clock(len(recording.samples))} of sound.")
    if placed.earlier:
        console.print(f"{len(placed.earlier)} earlier tries of the same lines are kept aside.")
    for line in placed.unplaced_lines:
        console.print(f"  not found: {line.mood}: {_short(line.text)}", markup=False)
    for span in placed.unplaced_spans:
        console.print(f"  no line of the script: {_clock(span.start)} to {_clock(span.end)}")


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else text[:_SHORT].rsplit(" ", 1)[0] + " …"


def _clock(samples: int) -> str:
    from voicesim.model import RATE_HZ

    minutes, seconds = divmod(samples / RATE_HZ, 60)
    return f"{int(minutes)}:{seconds:04.1f}"


# -- at the microphone ------------------------------------------------------------------------------------------------


def _at_microphone(
    script: "Script",
    todo: "Sequence[Prompt]",
    shelf: "Shelf",
    speaker: str,
    heard: "Listener",
    console: "Console",
    *,
    guide: bool,
    wanted: "tuple[str | None, str | None]",
) -> None:
    from voicesim.cli.booth import Keys, Shown
    from voicesim.cli.calibrate import calibrate_with
    from voicesim.cli.headset import choose_devices
    from voicesim.cli.taking import Microphone
    from voicesim.store.baselines import baseline_for
    from voicesim.wiring.booth import Booth
    from voicesim.wiring.takes import Keeping

    chosen = choose_devices(*wanted, console)
    headset = chosen.headset()
    neutral = baseline_for(speaker, chosen.input.name)
    if neutral is None:
        console.print("First your neutral voice: moods are heard against it.")
        taker = Microphone(headset, chosen.input.name, console, moving=console.is_terminal)
        neutral = calibrate_with(taker, heard.recognizer, console, trainee=speaker)
    booth = Booth(
        keeping=Keeping(shelf=shelf, speaker=speaker, heard=heard, neutral=neutral),
        headset=headset,
        guide=Keys(console),
        showing=Shown(console),
        guide_of=_guide(script, [prompt.line for prompt in todo]) if guide else None,
    )
    booth.record(todo)


def _guide(script: "Script", lines: "Sequence[Line]") -> "Callable[[Line], Samples]":
    """The rendered sound of each line without the telephone line, as a guide."""
    from voicesim.cli.loading import prepare
    from voicesim.wiring.booth import guide_lines, rendered

    made = guide_lines(script)
    prepare(made, [replace(line, take=None) for line in lines])
    return lambda line: rendered(made, line)
