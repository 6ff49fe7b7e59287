"""A session at the microphone: a line is shown, played as a guide, counted in, taken, checked, played back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
from rich.console import Console

from voicesim.backends.headset import Headset
from voicesim.backends.vad import SileroVad
from voicesim.cli.taking import converse, opened, record_sentence, silence
from voicesim.model import RATE_HZ, Baseline, Line, Samples, Sound
from voicesim.script.model import Script
from voicesim.sound import fade
from voicesim.studio.checks import TakeProblem, check_take
from voicesim.studio.session import Prompt
from voicesim.studio.shelf import Shelf
from voicesim.studio.trim import trimmed
from voicesim.wiring.listening import Listener

_KEYS = "Enter keeps it · a again · p play it · s skip · u undo · q stop here"
#: Three pips of so many seconds, one a beat, then it is the speaker's turn.
_PIP_S, _BEAT_S, _PIPS, _PIP_HZ, _PIP_AMPLITUDE = 0.08, 0.5, 3, 880.0, 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """What keeps takes of one speaker: trimmed, checked against the line, and on the shelf before anybody is asked."""

    shelf: Shelf
    speaker: str
    heard: Listener
    neutral: Baseline | None = None

    def keep(self, line: Line, samples: Samples) -> tuple[TakeProblem, ...]:
        """What is to be said of a take, float32[n] at 16 kHz, which is kept as the chosen one whatever that is."""
        listened = self.heard.listen(Sound(samples=samples, rate_hz=RATE_HZ), baseline=self.neutral)
        problems = check_take(
            samples,
            listened.speech,
            text=line.text,
            mood=line.mood,
            heard=listened.transcript,
            delivery=listened.delivery,
            neutral=self.neutral,
        )
        short = trimmed(samples, listened.speech) if listened.speech else samples
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self.shelf.add(line, short, RATE_HZ, speaker=self.speaker, made_utc=now, checks=problems)
        return problems


@dataclass(slots=True, kw_only=True)
class Booth:
    """One session; ``guide_of`` gives the sound of a rendered line, None where nobody wants to hear one."""

    script: Script
    keeping: Keeping
    headset: Headset
    console: Console
    guide_of: Callable[[Line], Samples] | None
    _vad: SileroVad = field(default_factory=SileroVad)

    def record(self, prompts: Sequence[Prompt]) -> None:
        """Walk through the prompts until they are done or the speaker stops; everything spoken by then is kept."""
        at = 0
        while at < len(prompts):
            self._show(prompts[at], at + 1, len(prompts))
            move = self._one(prompts[at])
            if move is None:
                self.console.print("Stopped here. The next session goes on where this one ended.")
                return
            at = max(0, at + move)
        self.console.print("That was the last line.")

    def _show(self, prompt: Prompt, number: int, of: int) -> None:
        self.console.print(f"\n[{number} of {of}] {prompt.of_step}, {prompt.line.mood}", style="dim", markup=False)
        self.console.print(f"  {prompt.line.text}", style="bold", markup=False)
        self.console.print(f"  {prompt.coaching}", markup=False)

    def _one(self, prompt: Prompt) -> int | None:
        """How many prompts to go on: 1, -1 for one back; None to stop."""
        answer = self._ask("Enter when you are ready · s skip · u undo · q stop here", "suq")
        if answer:
            return self._moved(answer)
        while True:
            spoken = self._take(prompt.line)
            self._told(self.keeping.keep(prompt.line, spoken))
            while (answer := self._ask(_KEYS, "apsuq")) == "p":
                self._play(spoken)
            if answer == "s":
                self.keeping.shelf.undo()
            if answer != "a":
                return self._moved(answer, taken=True)

    def _moved(self, answer: str, *, taken: bool = False) -> int | None:
        if answer == "q":
            return None
        if answer != "u":
            return 1
        undone = self.keeping.shelf.undo()
        self.console.print(
            "  Nothing to undo." if undone is None else "  The last take is taken back (and kept aside)."
        )
        return 0 if taken else -1

    def _take(self, line: Line) -> Samples:
        with opened(self.headset) as duplex:
            if self.guide_of is not None:
                self.console.print("  Like this, or better:")
                converse(duplex, self.guide_of(line))
            self.console.print("  Three pips, then speak.")
            converse(duplex, _pips())
            self.console.print("  Speak now.")
            moving = self.console.is_terminal
            taken = record_sentence(duplex, self._vad, self.console, moving=moving).samples
        self._play(taken)
        return taken

    def _play(self, samples: Samples) -> None:
        self.console.print("  You sounded like this:")
        with opened(self.headset) as duplex:
            converse(duplex, np.concatenate((samples, silence(0.3))))

    def _told(self, problems: Sequence[TakeProblem]) -> None:
        if not problems:
            self.console.print("  Good.", style="green")
        for problem in problems:
            self.console.print(f"  {problem.what} {problem.advice}", style="yellow", markup=False)

    def _ask(self, question: str, letters: str) -> str:
        """One of ``letters``, or "" for Enter; the end of the input stops."""
        while True:
            try:
                answer = self.console.input(f"  {question}: ", markup=False).strip().lower()[:1]
            except EOFError:
                return "q"
            if not answer or answer in letters:
                return answer


def _pips() -> Samples:
    """Three soft pips, a beat apart, float32[n] at 16 kHz."""
    at_s = np.arange(round(_PIP_S * RATE_HZ)) / RATE_HZ
    pip = fade((_PIP_AMPLITUDE * np.sin(2 * np.pi * _PIP_HZ * at_s)).astype(np.float32), RATE_HZ)
    beat = np.pad(pip, (0, round(_BEAT_S * RATE_HZ) - len(pip)))
    return np.tile(beat, _PIPS)
