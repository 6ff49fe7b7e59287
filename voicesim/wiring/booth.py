"""A session at the microphone: a line is shown, played as a guide, counted in, taken, kept, checked, played back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

import numpy as np

from voicesim.backends.vad import SileroVad
from voicesim.errors import DeviceError, UsageError
from voicesim.files import read_sound
from voicesim.model import RATE_HZ, Line, Samples
from voicesim.ports import AudioDevice
from voicesim.script.model import Script
from voicesim.sound import fade, resample
from voicesim.studio.consent import agreed, speaker_name
from voicesim.studio.session import Prompt, prompts
from voicesim.studio.shelf import KeptTake, Shelf
from voicesim.wiring.engines import Lines
from voicesim.wiring.guide import Guide, Left
from voicesim.wiring.takes import Keeping
from voicesim.wiring.taking import converse, opened, record_sentence, silence

#: What goes on, and how a person is told.
STAGES = {
    "guide": "Like this, or better:",
    "count": "Three pips, then speak.",
    "speak": "Speak now.",
    "checking": "Kept. Listening to it ..",
    "back": "You sounded like this:",
}
#: What a person can do before a line and after it; leaving is always possible.
BEFORE = {"": "when you are ready", "s": "skip", "u": "undo"}
AFTER = {"": "keeps it", "a": "again", "p": "play it", "s": "skip", "u": "undo"}
#: Three pips of so many seconds, one a beat, then it is the speaker's turn.
PIPS, BEAT_S = 3, 0.5
_PIP_S, _PIP_HZ, _PIP_AMPLITUDE = 0.08, 880.0, 0.1


class Showing(Protocol):
    """What shows a session to a person, beside its guide."""

    def prompt(self, prompt: Prompt, number: int, of: int) -> None:
        """The line that is to be spoken next."""
        ...

    def stage(self, stage: str) -> None:
        """What begins now, a key of :data:`STAGES`."""
        ...

    def take(self, take: KeptTake) -> None:
        """A take that was kept, with what its checks found."""
        ...


@dataclass(slots=True, kw_only=True)
class Booth:
    """One session; ``guide_of`` gives the sound of a rendered line, None where nobody wants to hear one.

    ``play_back``: each take is heard before the next question.
    """

    keeping: Keeping
    headset: AudioDevice
    guide: Guide
    showing: Showing
    guide_of: Callable[[Line], Samples] | None
    play_back: bool = True
    _vad: SileroVad = field(default_factory=SileroVad)

    def record(self, todo: Sequence[Prompt]) -> None:
        """Walk through the prompts until they are done or the speaker leaves; everything spoken by then is kept."""
        at = 0
        try:
            while at < len(todo):
                self.showing.prompt(todo[at], at + 1, len(todo))
                at = max(0, at + self._one(todo[at]))
        except Left:
            self.guide.tell("Stopped here. The next session goes on where this one ended.")
            return
        self.guide.tell("That was the last line.")

    def _one(self, prompt: Prompt) -> int:
        """How many prompts to go on: 1, -1 for one back. Raises Left."""
        answer = self.guide.key("", BEFORE)
        if answer:
            return self._moved(answer)
        while True:
            take = self._take(prompt.line)
            if take is None:
                return 0
            while (answer := self.guide.key("", AFTER)) == "p":
                self._play(take)
            if answer == "s":
                self.keeping.shelf.undo()
            if answer != "a":
                return self._moved(answer, taken=True)

    def _moved(self, answer: str, *, taken: bool = False) -> int:
        if answer != "u":
            return 1
        undone = self.keeping.shelf.undo()
        self.guide.tell("Nothing to undo." if undone is None else "The last take is taken back (and kept aside).")
        return 0 if taken else -1

    def _take(self, line: Line) -> KeptTake | None:
        """The take of a line, on the shelf; None if the headset went away, of which the person was told."""
        # Rendered before the headset is open: sound that waits to be read would put the pips behind the words on them.
        guide = None if self.guide_of is None else self.guide_of(line)
        try:
            with opened(self.headset) as duplex:
                if guide is not None:
                    self.showing.stage("guide")
                    converse(duplex, guide)
                self.showing.stage("count")
                converse(duplex, _pips())
                self.showing.stage("speak")
                spoken = record_sentence(duplex, self._vad, self.guide).samples
        except DeviceError as error:
            self.guide.tell(str(error))
            return None
        self.showing.stage("checking")
        take = self.keeping.keep(line, spoken)
        self.showing.take(take)
        if self.play_back:
            self._play(take)
        return take

    def _play(self, take: KeptTake) -> None:
        self.showing.stage("back")
        sound, _ = read_sound(take.path)
        try:
            with opened(self.headset) as duplex:
                converse(duplex, np.concatenate((resample(sound.samples, sound.rate_hz, RATE_HZ), silence(0.3))))
        except DeviceError as error:
            self.guide.tell(str(error))


def agree(shelf: Shelf, script: Script, name: str) -> str:
    """The name of a speaker who was shown the terms for the script and said yes, as it is now kept.

    Raises InputError for a name that is none, StorageError.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    shelf.agree(agreed(name, title=script.title, agreed_utc=now))
    return speaker_name(name)


def guide_lines(script: Script) -> Lines:
    """The rendered lines of a script without the telephone line and without takes, as a guide; render with them."""
    return Lines(replace(script, caller=replace(script.caller, phone="clear"), takes={}))


def rendered(lines: Lines, line: Line) -> Samples:
    """The sound of a line as it is rendered, whether it has a take or not."""
    return lines.sound(replace(line, take=None))


def to_record(script: Script, shelf: Shelf, *, moods: frozenset[str], everything: bool) -> tuple[Prompt, ...]:
    """The lines of these moods that have no take (or have one, if ``everything``), the most needed first."""
    chosen = shelf.chosen()
    return tuple(p for p in prompts(script) if p.line.mood in moods and (everything or p.line.id not in chosen))


def known_speaker(shelf: Shelf, name: str) -> str:
    """The name of somebody who agreed. Raises UsageError for anybody else."""
    tidy = speaker_name(name)
    if tidy not in shelf.speakers():
        raise UsageError("nothing is recorded without the speaker's consent", mend="Agree to the terms first.")
    return tidy


def _pips() -> Samples:
    """Three soft pips, a beat apart, float32[n] at 16 kHz."""
    at_s = np.arange(round(_PIP_S * RATE_HZ)) / RATE_HZ
    pip = fade((_PIP_AMPLITUDE * np.sin(2 * np.pi * _PIP_HZ * at_s)).astype(np.float32), RATE_HZ)
    beat = np.pad(pip, (0, round(BEAT_S * RATE_HZ) - len(pip)))
    return np.tile(beat, PIPS)
