"""Sound files as the microphone: a folder of replies takes the trainee's part in a call.

SHELL. A file starts 0.5 s after the caller's line ends; ``NAME@-1.2.wav`` starts 1.2 s before that end, so that an
interruption can be rehearsed. If turn-taking commits inside a file the rest plays on. When no file is left the caller
meets silence once, then the call is stopped.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voicesim.call.conduct import Control
from voicesim.call.watch import Watcher
from voicesim.errors import UsageError
from voicesim.files import read_sound, storage_errors
from voicesim.model import FRAME, RATE_HZ, Line, Samples, Span
from voicesim.ports import Frames
from voicesim.sound import ramped, resample

STARTS_AFTER_S = 0.5
SUFFIXES = frozenset({".wav", ".flac", ".ogg", ".aiff", ".aif", ".mp3", ".opus"})
_STARTS_AT = re.compile(r"@([+-]?\d+(?:\.\d+)?)$")
#: What is left of a file below this peak (-50 dBFS) is silence and makes way for the next file.
_SILENT_PEAK = 10 ** (-50 / 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyFile:
    """One reply: float32[n] at 16 kHz, started ``starts_s`` seconds after the end of a line (negative: before it)."""

    name: str
    samples: Samples
    starts_s: float


def read_replies(folder: Path) -> tuple[tuple[ReplyFile, ...], tuple[str, ...]]:
    """The replies of a folder in natural order, and notes about files that were changed or not used.

    Raises UsageError if the folder is missing or holds no sound file, SoundFileError for a file that cannot be used.
    """
    # A name may be too long to be looked for at all.
    with storage_errors(folder, "read"):
        if not folder.is_dir():
            what = "is a file, not a folder" if folder.exists() else "is not there"
            raise UsageError(f"the folder of replies {what}", where=str(folder), mend="Name a folder of sound files.")
        paths = sorted((p for p in folder.iterdir() if not p.name.startswith(".")), key=lambda p: _natural(p.name))
    files = [p for p in paths if p.is_file() and p.suffix.lower() in SUFFIXES]
    if not files:
        raise UsageError(
            "holds no sound files", where=str(folder), mend=f"Put replies there as {', '.join(sorted(SUFFIXES))}."
        )
    others = [p.name for p in paths if p not in files]
    notes = [f"not used: {', '.join(others)}"] if others else []
    replies: list[ReplyFile] = []
    for path in files:
        sound, remarks = read_sound(path)
        notes += [f"{path.name}: {remark}" for remark in remarks]
        replies.append(
            ReplyFile(
                name=path.name, samples=resample(sound.samples, sound.rate_hz, RATE_HZ), starts_s=_starts(path.stem)
            )
        )
    return tuple(replies), tuple(notes)


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", name.casefold())]


def _starts(stem: str) -> float:
    match = _STARTS_AT.search(stem)
    return float(match[1]) if match else STARTS_AFTER_S


class RepliesDevice(Watcher):
    """An AudioDevice and its Duplex in one: the microphone plays reply files, the caller's frames are let go.

    As a :class:`Watcher` it learns when lines begin. ``real_time`` paces the frames by the machine's clock; without
    it they come as fast as they are read, with the same samples.
    """

    latency_s = 0.0

    def __init__(self, replies: tuple[ReplyFile, ...], *, real_time: bool) -> None:
        self._waiting = list(replies)
        self._real_time = real_time
        self._began_s: float | None = None
        self._clock = 0
        self._starts_at = 0
        self._playing: Samples | None = None
        self._cued = ""
        self._played = 0
        self._lines_without_file = 0
        self._line_end = 0
        self._written = np.zeros(FRAME, np.float32)
        self._gain = 1.0

    @property
    def unused(self) -> tuple[str, ...]:
        """Names of the files of which nothing was played."""
        cued = (self._cued,) if self._playing is not None and self._played == 0 else ()
        return (*cued, *(reply.name for reply in self._waiting))

    def open(self, play_rate_hz: int) -> "RepliesDevice":
        """This device; ``play_rate_hz`` must be 16 000."""
        if play_rate_hz != RATE_HZ:
            raise UsageError(f"reply files cannot be played along at {play_rate_hz} Hz", mend="Use 16000.")
        return self

    def line_begins(self, line: Line, anger: int, span: Span | None) -> None:
        """Cue the next file for this line, unless the last one still has something to say."""
        end = self._clock + (0 if span is None else span.length)
        self._line_end = end
        if self._playing is not None and self._has_more():
            return
        self._playing = None
        if not self._waiting:
            self._lines_without_file += 1
            return
        reply = self._waiting.pop(0)
        self._playing, self._cued, self._played = reply.samples, reply.name, 0
        self._starts_at = max(self._clock, end + round(reply.starts_s * RATE_HZ))

    def retracted(self) -> None:
        """A line that was taken back did not use up the files."""
        self._lines_without_file = max(0, self._lines_without_file - 1)

    def controls(self) -> Control | None:
        """Stop once the files have run out and the caller has spoken into the silence."""
        over = self._lines_without_file >= 2 and self._clock > self._line_end
        return Control.STOP if over else None

    def read(self) -> Frames:
        """The next 20 ms: silence or a piece of a file, and what was written last."""
        self._pace()
        frame = np.zeros(FRAME, np.float32)
        if self._playing is not None and self._clock + FRAME > self._starts_at:
            into = max(0, self._starts_at - self._clock) if self._played == 0 else 0
            piece = self._playing[self._played : self._played + FRAME - into]
            frame[into : into + len(piece)] = piece
            self._played += FRAME - into
        self._clock += FRAME
        return Frames(frame, self._written)

    def write(self, frame: Samples, gain: float = 1.0) -> None:
        """Nobody listens; it is heard at once."""
        self._written, self._gain = ramped(frame, self._gain, gain), gain

    def close(self) -> None:
        """Nothing to close."""

    def _has_more(self) -> bool:
        rest = self._playing[self._played :] if self._playing is not None else np.zeros(0, np.float32)
        return self._played > 0 and bool(len(rest)) and float(np.max(np.abs(rest))) > _SILENT_PEAK

    def _pace(self) -> None:
        if not self._real_time:
            return
        now = time.monotonic()
        if self._began_s is None:
            self._began_s = now - self._clock / RATE_HZ
        time.sleep(max(0.0, self._began_s + (self._clock + FRAME) / RATE_HZ - now))


def typed_replies(text: str) -> Iterator[str]:
    r"""The replies of a text file, one a line: blank lines are silent turns, ``#`` begins a comment line.

    >>> list(typed_replies("Hello.\n# a comment\n\nGoodbye."))
    ['Hello.', '', 'Goodbye.']
    """
    for line in text.splitlines():
        if not line.lstrip().startswith("#"):
            yield line.strip()
