"""What the studio knows of scripts and their takes, as its pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from voicesim.errors import VoicesimError
from voicesim.files import read_sound
from voicesim.report.peaks import peaks
from voicesim.script.model import Script
from voicesim.studio.consent import Speaker
from voicesim.studio.session import Prompt, prompts
from voicesim.studio.shelf import KeptTake, Shelf
from voicesim.web.sessions import NotThere
from voicesim.wiring.library import script_files, script_of_id

#: A waveform as it is drawn: so many strokes, in a box of this width and height.
STROKES, WIDTH, HEIGHT = 96, 288, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Waveform:
    """``path`` draws it in a box of :data:`WIDTH` x :data:`HEIGHT`."""

    path: str
    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTake:
    """A take and how it looks; ``waveform`` None: it cannot be read."""

    take: KeptTake
    waveform: Waveform | None

    @property
    def made(self) -> str:
        """The day and time at which it was made, as UTC; "" if that is not known."""
        return self.take.made_utc[:16].replace("T", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    """A line with how to say it, its chosen take and the others."""

    prompt: Prompt
    chosen: ShownTake | None
    others: tuple[ShownTake, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStep:
    """The lines of a step, the most needed first."""

    name: str
    lines: tuple[ShownLine, ...]

    @property
    def taken(self) -> int:
        """How many of its lines have a chosen take."""
        return sum(line.chosen is not None for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a script is recorded, and by whom; ``unreadable`` says why it cannot be."""

    script_id: str
    title: str = ""
    caller: str = ""
    lines: int = 0
    taken: int = 0
    speakers: tuple[Speaker, ...] = ()
    unreadable: str = ""


def script_of(script_id: str) -> Script:
    """The script of that id, own or shipped. Raises NotThere, ScriptError for one that cannot be used."""
    script = script_of_id(script_id)
    if script is None:
        raise NotThere("there is no such script", mend="Choose one in the studio; its file is named like its id.")
    return script


def all_progress() -> tuple[Progress, ...]:
    """Every script, those begun first, then by title."""
    every = {path.stem: None for path in script_files()}
    told = [_progress(script_id) for script_id in every]
    return tuple(sorted(told, key=lambda one: (not one.taken, one.title.casefold(), one.script_id)))


def progress_of(script: Script, shelf: Shelf) -> Progress:
    """How far a script is recorded."""
    ids = {line.id for line in script.lines()}
    return Progress(
        script_id=script.id,
        title=script.title,
        caller=script.caller.name,
        lines=len(ids),
        taken=len(ids & set(shelf.chosen())),
        speakers=tuple(shelf.speakers().values()),
    )


def _progress(script_id: str) -> Progress:
    try:
        script = script_of(script_id)
        return progress_of(script, Shelf.own(script.id))
    except VoicesimError as error:
        return Progress(script_id=script_id, title=script_id, unreadable=error.what)


def shown_steps(script: Script, takes: Sequence[KeptTake]) -> tuple[ShownStep, ...]:
    """Every line with its takes, by step, the most needed first."""
    steps: dict[str, list[ShownLine]] = {}
    for prompt in prompts(script):
        own = [shown(take) for take in takes if take.line_id == prompt.line.id]
        chosen = next((one for one in own if one.take.chosen), None)
        others = tuple(one for one in reversed(own) if not one.take.chosen)
        steps.setdefault(prompt.of_step, []).append(ShownLine(prompt=prompt, chosen=chosen, others=others))
    return tuple(ShownStep(name=name, lines=tuple(lines)) for name, lines in steps.items())


def shown(take: KeptTake) -> ShownTake:
    """A take with its waveform."""
    try:
        stamp = take.path.stat().st_mtime_ns
        return ShownTake(take=take, waveform=_waveform(take, stamp))
    except (OSError, VoicesimError):
        return ShownTake(take=take, waveform=None)


def take_of(shelf: Shelf, line_id: str, n: int) -> KeptTake:
    """The take of that line and number. Raises NotThere."""
    found = [take for take in shelf.every() if take.line_id == line_id and take.n == n]
    if not found:
        raise NotThere("there is no such take", mend="Load the page again: it may have been deleted.")
    return found[0]


@lru_cache(maxsize=2_000)
def _waveform(take: KeptTake, stamp: int) -> Waveform:
    """Drawn once for each state of its file, whose time is ``stamp``."""
    sound, _ = read_sound(take.path)
    every = WIDTH / STROKES
    middle = HEIGHT / 2
    strokes = [
        f"M{round((at + 0.5) * every, 1)} {round(middle - high, 1)}v{round(2 * high, 1)}"
        for at, value in enumerate(peaks(sound.samples, len(sound.samples), STROKES))
        for high in [max(0.5, value * (middle - 2))]
    ]
    return Waveform(path="".join(strokes), duration_s=sound.duration_s)
