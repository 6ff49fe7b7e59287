"""The answers of a drill: typed, from sound files, or spoken into the headset; each as what was heard in it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from voicesim.call.text import typed
from voicesim.cli.frame import without_chatter
from voicesim.cli.headset import choose_devices
from voicesim.cli.loading import ready
from voicesim.cli.saying import play
from voicesim.cli.taking import Microphone
from voicesim.errors import UsageError
from voicesim.model import Baseline, Heard
from voicesim.script.model import Script
from voicesim.store.baselines import baseline_for, stored_baselines
from voicesim.wiring.bank_check import Place
from voicesim.wiring.drilling import spoken_answer
from voicesim.wiring.engines import Lines, understood, with_takes
from voicesim.wiring.inputs import read_lines
from voicesim.wiring.taking import Recordings, Taker

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer: what was heard in it, and how fast it was (syllables a second) if that was asked for."""

    heard: Heard
    rate_sps: float | None = None


class Answers(Protocol):
    """What gives the answers of a drill."""

    @property
    def more(self) -> bool:
        """Whether there may be a further answer."""
        ...

    def next(self, script: Script, place: Place) -> Answer | None:
        """The answer to the line at ``place`` of ``script``; None when there is no further one."""
        ...


class TypedAnswers:
    """Answers from a text file, one a line, or from a person at a keyboard; ``q`` ends them."""

    def __init__(self, path: Path) -> None:
        self._asks = str(path) == "-"
        self._lines = [] if self._asks else [row for row in read_lines(path) if not row.startswith("#")]

    @property
    def more(self) -> bool:
        """Whether the file has another line; a person may always have one."""
        return self._asks or bool(self._lines)

    def next(self, script: Script, place: Place) -> Answer | None:
        """The next line; an empty one is an answer without words."""
        line = _asked() if self._asks else self._lines.pop(0).strip()
        if line is None or line == "q":
            return None
        if not self._asks:
            print(f"you> {line}")
        return Answer(heard=understood(typed(line), place.context).heard)


def _asked() -> str | None:
    """What a person types, None at the end of the input."""
    try:
        return input("you> ").strip()
    except EOFError:
        return None


class SpokenAnswers:
    """Answers from sound files or the headset, on which the caller's line is heard before."""

    def __init__(self, taker: Taker, recognizer: str, console: "Console", own: Baseline | None) -> None:
        """With ``own`` the articulation rate is measured, to be compared with that baseline's."""
        self._taker, self._console, self._own = taker, console, own
        self._recognizer = ready(recognizer)
        self._voices: dict[str, Lines] = {}

    @property
    def more(self) -> bool:
        """Whether there is another sentence to be had."""
        return self._taker.more

    def next(self, script: Script, place: Place) -> Answer | None:
        """The next sentence."""
        if self._taker.spoken:
            self._say(script, place)
        take = self._taker.take()
        transcript, heard, rate_sps = spoken_answer(take, place, self._recognizer, self._own)
        self._console.print(f"you> {transcript.text or '(nothing was recognized)'}", markup=False)
        return Answer(heard=heard, rate_sps=rate_sps)

    def _say(self, script: Script, place: Place) -> None:
        voice = self._voices.setdefault(script.id, Lines(with_takes(script)))
        play(voice.sound(place.line), self._console)


def spoken_answers(
    replies: Path | None, baseline: Baseline | None, *, trainee: str, recognizer: str, pace: bool, console: "Console"
) -> tuple[SpokenAnswers, float | None]:
    """The answers, and for ``pace`` the trainee's own articulation rate: of ``baseline``, else of the stored one.

    Raises UsageError for pace without a baseline, DeviceError without a headset.
    """
    taker: Taker
    if replies is not None:
        taker = Recordings(replies)
    else:
        with without_chatter():
            chosen = choose_devices(None, None, console)
        taker = Microphone(chosen.headset(), chosen.input.name, console, moving=console.is_terminal)
    own = (baseline or _stored(trainee, taker)) if pace else None
    rate = own.articulation_rate_sps if own else None
    if pace and not rate:
        raise UsageError(
            "pace is compared with your own neutral voice, which is not known", mend="Run: voicesim calibrate"
        )
    return SpokenAnswers(taker, recognizer, console, own), rate


def _stored(trainee: str, taker: Taker) -> Baseline | None:
    """The baseline through this headset; for files the newest one."""
    if taker.spoken:
        return baseline_for(trainee, taker.name)
    kept = stored_baselines(trainee)
    return kept[0].neutral if kept else None
