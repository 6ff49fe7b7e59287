"""The booth: a trainer speaks line after line into the browser; every take is kept at once."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from voicesim.errors import UsageError
from voicesim.model import Baseline, Line, Samples
from voicesim.script.model import Script
from voicesim.store.baselines import baseline_for
from voicesim.store.browser_headsets import headset_name
from voicesim.studio.session import Prompt
from voicesim.studio.shelf import KeptTake, Shelf
from voicesim.web.answers import ERRORS
from voicesim.web.desk import OurDesk
from voicesim.web.dialogue import Begun, Dialogue, PageGuide
from voicesim.web.link import SoundLink
from voicesim.web.messages import BoothCheck, BoothPrompt, BoothStage, BoothTake, ToPage
from voicesim.web.studio_scripts import HEIGHT, WIDTH, script_of, shown
from voicesim.wiring.booth import STAGES, Booth, guide_lines, known_speaker, rendered, to_record
from voicesim.wiring.calibration import calibrate_with
from voicesim.wiring.listening import Listener
from voicesim.wiring.takes import Keeping
from voicesim.wiring.taking import Microphone

router = APIRouter(responses=ERRORS)
Name = Annotated[str, Field(max_length=200)]
_NEUTRAL = "Moods are heard against your own neutral voice, which this microphone does not know yet."
_READ, _WITHOUT = "", "n"


class Wanted(BaseModel):
    """What is to be recorded: all lines without a take, or one ``line``; ``everything``: also lines that have one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    speaker: Name
    line: Name = ""
    everything: bool = False
    moods: tuple[Name, ...] = Field(default=(), max_length=10)
    guide: bool = True
    play_back: bool = True


class BoothGuide(PageGuide):
    """A guide that shows lines and takes as well, and again to a page that comes back."""

    def __init__(self, link: SoundLink, script: Script, shelf: Shelf) -> None:
        super().__init__(link)
        self._page, self._script, self._shelf = link, script, shelf
        self._lines = {line.id for line in script.lines()}
        self._shown: dict[str, ToPage] = {}

    def prompt(self, prompt: Prompt, number: int, of: int) -> None:
        """Show a line, and its take if one is chosen."""
        every = [take for take in self._shelf.every() if take.chosen and take.line_id in self._lines]
        chosen = next((take for take in every if take.line_id == prompt.line.id), None)
        self._shown.clear()
        self._show(
            BoothPrompt(
                line=prompt.line.id,
                step=prompt.of_step,
                mood=prompt.line.mood,
                text=prompt.line.text,
                coaching=prompt.coaching,
                number=number,
                of=of,
                taken=len(every),
                lines=len(self._lines),
                take=None if chosen is None else self._as_message(chosen),
            )
        )

    def stage(self, stage: str) -> None:
        """Show what begins."""
        self._show(BoothStage(stage=stage, told=STAGES[stage]))

    def take(self, take: KeptTake) -> None:
        """Show a take with its waveform and checks."""
        self._show(self._as_message(take))

    def state(self) -> tuple[ToPage, ...]:
        """What a page that comes or comes back shows."""
        return (*self._shown.values(), *super().state())

    def _show(self, message: ToPage) -> None:
        self._shown = {**self._shown, message.type: message}
        self._page.send(message)

    def _as_message(self, take: KeptTake) -> BoothTake:
        wave = shown(take).waveform
        checks = tuple(
            BoothCheck(what=one.what, advice=one.advice, measure=one.measure, value=one.value, fault=one.fault)
            for one in take.checks
        )
        return BoothTake(
            line=take.line_id,
            n=take.n,
            speaker=take.speaker,
            address=f"/studio/{self._script.id}/takes/{take.line_id}/{take.n}",
            duration_s=round(wave.duration_s, 2) if wave else 0.0,
            path=wave.path if wave else "",
            width=WIDTH,
            height=HEIGHT,
            checks=checks,
        )


class BoothDialogue(Dialogue):
    """A dialogue in which takes are recorded; ``run`` is given its guide."""

    def __init__(self, script: Script, shelf: Shelf, run: Callable[[BoothGuide, SoundLink], str]) -> None:
        super().__init__(lambda _, link: run(booth_guide, link))
        booth_guide = self.guide = BoothGuide(self.link, script, shelf)


@router.post("/studio/{script_id}/sessions")
def begin(desk: OurDesk, script_id: str, wanted: Wanted) -> Begun:
    """Begin a session in the booth: the page opens its sound under the key."""
    script = script_of(script_id)
    shelf = Shelf.own(script.id)
    speaker = known_speaker(shelf, wanted.speaker)
    todo = _todo(script, shelf, wanted)

    def run(guide: BoothGuide, link: SoundLink) -> str:
        guide.tell("One moment, what hears you is being loaded.")
        heard = Listener(recognizer=desk.recognizer(script.language))
        neutral = _neutral(guide, link, heard, speaker)
        booth = Booth(
            keeping=Keeping(shelf=shelf, speaker=speaker, heard=heard, neutral=neutral),
            headset=link,
            guide=guide,
            showing=guide,
            guide_of=_guide_of(script) if wanted.guide else None,
            play_back=wanted.play_back,
        )
        booth.record(todo)
        return f"/studio/{script.id}{f'#{wanted.line}' if wanted.line else ''}"

    return BoothDialogue(script, shelf, run).begin(desk)


def _todo(script: Script, shelf: Shelf, wanted: Wanted) -> tuple[Prompt, ...]:
    """The lines that are wanted, the most needed first. Raises UsageError if there are none."""
    moods = frozenset(wanted.moods) or frozenset(script.anger.moods)
    if wanted.line:
        todo = tuple(
            prompt for prompt in to_record(script, shelf, moods=moods, everything=True) if prompt.line.id == wanted.line
        )
    else:
        todo = to_record(script, shelf, moods=moods, everything=wanted.everything)
    if not todo:
        raise UsageError("every line that you chose has a take", mend="Tick that lines with a take are wanted as well.")
    return todo


def _neutral(guide: BoothGuide, link: SoundLink, heard: Listener, speaker: str) -> Baseline | None:
    """The speaker's neutral voice through this microphone, read now if they like; None: moods are not judged."""
    name = headset_name(link.label)
    neutral = baseline_for(speaker, name)
    if neutral is not None:
        return neutral
    ways = {_READ: "read three sentences first", _WITHOUT: "record without"}
    if guide.key(_NEUTRAL, ways) == _WITHOUT:
        return None
    return calibrate_with(Microphone(link, name, guide), heard.recognizer, guide, trainee=speaker).neutral


def _guide_of(script: Script) -> Callable[[Line], Samples]:
    made = guide_lines(script)
    return lambda line: rendered(made, line)
