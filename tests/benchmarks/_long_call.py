"""A five-minute call on the demo's reply files, with a stopwatch at the frames that go to the ears."""

import io
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from voicesim.call.conduct import End
from voicesim.call.replies import RepliesDevice, ReplyFile
from voicesim.cli import holding
from voicesim.cli.screen import Screen
from voicesim.files import read_sound, shipped
from voicesim.model import CallRecord, Line, Samples, Span
from voicesim.ports import Frames
from voicesim.wiring.library import read_script

SCRIPT = Path(__file__).parent / "long-call.yaml"
#: The script's caller asks for this many replies.
REPLIES = 27


@dataclass(slots=True, kw_only=True)
class Timed:
    """Seconds of one call: ``answers`` from the frame that ended a reply to the answer's first sample written,
    ``heard`` from the last speech of a reply to that sample, ``feedback`` from the end of the call to the report;
    ``length`` of the call. Both lists are empty for a call that was not held in real time.
    """

    answers: list[float] = field(default_factory=list)
    heard: list[float] = field(default_factory=list)
    feedback: float = 0.0
    report: float = 0.0
    length: float = 0.0


class Stopwatch(RepliesDevice):
    """Reply files that note when the caller begins to sound, on the wall clock and on the call's own.

    A call that is not in real time becomes so as the last line begins, so that its end is what a person meets.
    """

    held: "Stopwatch"

    def __init__(self, replies: tuple[ReplyFile, ...], *, real_time: bool) -> None:
        super().__init__(replies, real_time=real_time)
        self.answers: list[float] = []
        self.began: list[float] = []
        self._first_read_s = self._last_read_s = 0.0
        self._sounding = False
        Stopwatch.held = self

    def read(self) -> Frames:
        """The next frames; their arrival is noted."""
        frame = super().read()
        self._last_read_s = time.monotonic()
        self._first_read_s = self._first_read_s or self._last_read_s
        return frame

    def write(self, frame: Samples, gain: float = 1.0) -> None:
        """The first frame of a line is when the caller begins to sound."""
        super().write(frame, gain)
        sounding = bool(frame.any())
        if sounding and not self._sounding:
            now = time.monotonic()
            self.answers.append(now - self._last_read_s)
            self.began.append(now - self._first_read_s)
        self._sounding = sounding

    def line_begins(self, line: Line, anger: int, span: Span | None) -> None:
        """Cue the next file; the last line is held in real time."""
        super().line_begins(line, anger, span)
        self._real_time = self._real_time or line.step == "over"


def long_call(folder: Path, *, real_time: bool) -> Timed:
    """Hold the call, the demo's replies over and over, its files in ``folder``; nothing is printed."""
    times: list[float] = []

    def ends(_screen: Screen, _end: End) -> None:
        times.append(time.monotonic())

    def feedback(screen: Screen, record: CallRecord) -> None:
        shown(screen, record)
        times.append(time.monotonic())

    shown = Screen.feedback
    plan = holding.Plan(script=read_script(SCRIPT), out=folder / "call", seed=1)
    screen, device = (
        patch.multiple(Screen, ends=ends, feedback=feedback),
        patch.object(holding, "RepliesDevice", Stopwatch),
    )
    with _quiet(), screen, device:
        holding.hold_files(plan, _replies(folder / "replies"), fast=not real_time)
    ended, told = times
    done = time.monotonic()
    length_s = read_sound(folder / "call" / "trainee.flac")[0].duration_s
    timed = Timed(feedback=told - ended, report=done - ended, length=length_s)
    if real_time:
        watch = Stopwatch.held
        timed.answers = watch.answers[1:]
        timed.heard = [wall - end for wall, end in zip(watch.began[1:], _ends(folder / "call"), strict=True)]
    return timed


def _replies(folder: Path) -> Path:
    folder.mkdir(parents=True)
    files = sorted((shipped("audio") / "demo").glob("*.flac"))
    for number in range(REPLIES):
        (folder / f"{number:02d}.flac").symlink_to(files[number % len(files)].resolve())
    return folder


def _ends(call: Path) -> Iterator[float]:
    """Where each reply ended, in seconds of the call."""
    for turn in json.loads((call / "call.json").read_text(encoding="utf-8"))["turns"]:
        if turn["reply"] is not None:
            yield turn["reply"]["end_s"]


@contextmanager
def _quiet() -> Iterator[None]:
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        yield
