"""Leads a person at a terminal through what comes before a call: what is told, a level meter, and three keys.

Everything before a call answers to the same keys, and to none where there is no terminal.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import numpy as np
import typer
from rich.console import Console
from rich.live import Live
from rich.text import Text

from voicesim.errors import UsageError
from voicesim.model import Samples
from voicesim.ports import AudioDevice
from voicesim.sound import clipped_share, level_dbfs
from voicesim.wiring import taking
from voicesim.wiring.guide import Left

# The meter moves ten times a second, or tells a line a second.
_METER_FRAMES, _LINE_FRAMES = 5, 50
_METER_DBFS = (-60.0, 0.0)
_METER_COLUMNS = 30


class Meter:
    """The level of the microphone while somebody speaks: a moving bar in a terminal, a line a second elsewhere."""

    def __init__(self, console: Console, *, moving: bool) -> None:
        self._console = console
        self._live = Live(Text(""), console=console, auto_refresh=False, transient=True) if moving else None
        self._frames: list[Samples] = []
        if self._live:
            self._live.start()

    def show(self, frame: Samples) -> None:
        """Take 20 ms in, and show the level when it is time."""
        self._frames.append(frame)
        if len(self._frames) < (_METER_FRAMES if self._live else _LINE_FRAMES):
            return
        text = meter_text(np.concatenate(self._frames))
        self._frames.clear()
        if self._live:
            self._live.update(text, refresh=True)
        else:
            self._console.print(text)

    def stop(self) -> None:
        """Take the bar away."""
        if self._live:
            self._live.stop()


def meter_text(samples: Samples) -> Text:
    """A level as a bar with its figure, and with a word where it is too loud."""
    level = level_dbfs(samples)
    low, high = _METER_DBFS
    filled = round(_METER_COLUMNS * min(1.0, max(0.0, (level - low) / (high - low))))
    loud = clipped_share(samples) > 0
    bar = "#" * filled + "." * (_METER_COLUMNS - filled)
    figure = "silence" if level <= -96.0 else f"{level:.0f} dBFS"
    return Text(f"  level [{bar}] {figure}{'  too loud' if loud else ''}", "red" if loud else "")


def asks() -> bool:
    """Whether there is somebody at a keyboard."""
    return sys.stdin.isatty()


class TerminalGuide:
    """A guide on a console: lines, a meter that moves where ``moving``, and keys where somebody is at a keyboard."""

    def __init__(self, console: Console, *, moving: bool, ask: Callable[[], bool] = asks) -> None:
        self._console, self._moving, self._ask = console, moving, ask
        self._meter: Meter | None = None

    def tell(self, text: str, *, say: str = "") -> None:
        """Print a line."""
        self._console.print(f"{text}{say}", markup=False)

    def level(self, heard: Samples | None) -> None:
        """Move the meter, or take it away."""
        if heard is None:
            if self._meter:
                self._meter.stop()
            self._meter = None
            return
        if self._meter is None:
            self._meter = Meter(self._console, moving=self._moving)
        self._meter.show(heard)

    def key(self, question: str, choices: Mapping[str, str]) -> str:
        """The key that the person typed; without a keyboard the first. ``q`` and the end of the input raise Left."""
        if not self._ask():
            return next(iter(choices))
        while True:
            try:
                answer = self._console.input(f"{_asked(question, choices)} ", markup=False).strip().lower()
            except EOFError:
                answer = "q"
            if answer.startswith("q"):
                raise Left
            if answer in choices:
                return answer
            ways = ", ".join(_named(key, does) for key, does in choices.items())
            self._console.print(f"{ways}, q: leave.", markup=False)


def _asked(question: str, choices: Mapping[str, str]) -> str:
    """A question with its keys in words.

    >>> _asked("Put it on.", {"": "begin"}), _asked("Heard?", {"": "yes", "r": "again"})
    ('Put it on. Press Enter to begin, q to leave.', 'Heard? Enter: yes, r: again, q: leave.')
    """
    if tuple(choices) == ("",):
        keys = f"Press Enter to {choices['']}, q to leave."
    else:
        keys = ", ".join(_named(key, does) for key, does in choices.items()) + ", q: leave."
    return f"{question} {keys}".strip()


def _named(key: str, does: str) -> str:
    return f"{key or 'Enter'}: {does}"


@contextmanager
def leaving(console: Console) -> Iterator[None]:
    """End the command with code 2, and say so, when the person leaves."""
    try:
        yield
    except Left:
        console.print("Left before the end; nothing was kept.")
        raise typer.Exit(UsageError.exit_code) from None


class Microphone(taking.Microphone):
    """Sentences from a device, with a meter on a console."""

    def __init__(self, device: AudioDevice, name: str, console: Console, *, moving: bool) -> None:
        super().__init__(device, name, TerminalGuide(console, moving=moving))
