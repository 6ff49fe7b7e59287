"""A practice call on a virtual headset with a made trainee: what is played, heard and written down, on one clock.

Microphone and ears are recorded by one process and stamped with its clock. A null sink hands out its sound in blocks
as soon as it has them, so the earliest block of a recording tells when its first sample was: good to 0.01 s.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from _turn_sounds import Clip

from voicesim.files import read_sound, write_flac
from voicesim.model import RATE_HZ, Samples, Span

HEADSET = Path(__file__).resolve().parents[1] / "headset.sh"
SCRIPT = Path(__file__).with_name("long-call.yaml")
BASELINE = Path(__file__).resolve().parents[2] / "audio" / "demo" / "baseline.json"
#: Sound above this peak is heard (-60 dBFS); silence of the virtual headset is zero.
AUDIBLE = 1e-3
#: How long a call may take to begin and to write its report.
PATIENCE_S = 90.0
_LOOK_S = 0.01
_BYTES = 4
#: The two halves of a recording must agree on when it began.
_AGREED_S = 0.03


class NotThere(Exception):
    """A sound is not in a recording as it was played."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """Sound at 16 kHz, float32[n]; its first sample was at ``start_s`` of this process's clock."""

    samples: Samples
    start_s: float

    def cut(self, start_s: float, end_s: float) -> "Recorded":
        """What was recorded between two times."""
        first, last = (max(0, round((at_s - self.start_s) * RATE_HZ)) for at_s in (start_s, end_s))
        return Recorded(samples=self.samples[first:last], start_s=self.start_s + first / RATE_HZ)

    def audible_s(self) -> list[float]:
        """The times of the first and the last audible sample; empty if there is none."""
        heard = np.flatnonzero(np.abs(self.samples) > AUDIBLE)
        return [self.start_s + int(at) / RATE_HZ for at in heard[[0, -1]]] if len(heard) else []


class Monitor:
    """Records a monitor of the virtual headset from now on."""

    def __init__(self, device: str) -> None:
        form = ("--raw", "--format=float32le", "--channels=1", f"--rate={RATE_HZ}", "--latency-msec=10")
        self._blocks: list[tuple[float, bytes]] = []
        self._parec = subprocess.Popen(["parec", f"--device={device}", *form], stdout=subprocess.PIPE)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._parec.stdout is not None
        while block := os.read(self._parec.stdout.fileno(), 1 << 16):
            self._blocks.append((time.monotonic(), block))

    def stop(self) -> Recorded:
        """What was recorded. Raises RuntimeError if its clock was not steady."""
        self._parec.terminate()
        self._parec.wait()
        self._reader.join()
        ends = np.cumsum([len(block) for _, block in self._blocks]) / (_BYTES * RATE_HZ)
        starts = np.array([at_s for at_s, _ in self._blocks]) - ends
        # The first blocks hold what was there before the recording began.
        early, late = (float(part.min()) for part in np.array_split(starts[20:], 2))
        if abs(early - late) > _AGREED_S:
            raise RuntimeError(f"the recording slipped by {late - early:.3f} s")
        samples = np.frombuffer(b"".join(block for _, block in self._blocks), dtype="<f4")
        return Recorded(samples=samples, start_s=min(early, late))


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Both ends of the headset over the same time."""

    trainee: Recorded
    caller: Recorded


@contextlib.contextmanager
def virtual_headset() -> Iterator[None]:
    """A headset of its own as this process's only sound device, and folders of its own for lines and calls."""
    with TemporaryDirectory(prefix="headset-") as name:
        folder = Path(name)
        subprocess.run(["bash", HEADSET, "start", folder], check=True)
        variables = dict(line.split("=", 1) for line in (folder / "env").read_text().splitlines())
        os.environ.update(variables | {"VOICESIM_DATA": f"{name}/data", "VOICESIM_SITE_SETTINGS": f"{name}/none.toml"})
        try:
            yield
        finally:
            subprocess.run(["bash", HEADSET, "stop", folder], check=False)


@contextlib.contextmanager
def recorded() -> Iterator[list[Heard]]:
    """Records both ends; the list holds what was heard once the block is left."""
    monitors = Monitor("trainee_in.monitor"), Monitor("caller_out.monitor")
    heard: list[Heard] = []
    try:
        yield heard
    finally:
        trainee, caller = (monitor.stop() for monitor in monitors)
        heard.append(Heard(trainee=trainee, caller=caller))


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A line of the call's journal and when it was there."""

    what: str
    at: int
    seen_s: float
    values: Mapping[str, Any]


@dataclass(slots=True)
class Practice:
    """A ``voicesim practice`` on the headset; ``events`` is its journal so far."""

    process: subprocess.Popen[bytes]
    folder: Path
    events: list[Event] = field(default_factory=list)
    spoken: list[tuple[float, Clip]] = field(default_factory=list)
    _place: int = 0
    _playing: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def look(self) -> list[Event]:
        """What is new in the journal, after a moment's wait."""
        time.sleep(_LOOK_S)
        with contextlib.suppress(FileNotFoundError), (self.folder / "journal.jsonl").open("rb") as journal:
            journal.seek(self._place)
            rows = journal.read().split(b"\n")[:-1]
            self._place += sum(len(row) + 1 for row in rows)
            new = [_event(row) for row in rows]
            self.events += new
            return new
        return []

    def follow(self, limit_s: float = PATIENCE_S) -> Iterator[Event]:
        """Events as they come, to the end of the call or until nothing came for ``limit_s``."""
        last_s = time.monotonic()
        while self.process.poll() is None and time.monotonic() - last_s < limit_s:
            for event in self.look():
                last_s = time.monotonic()
                yield event
                if event.what == "ended":
                    return

    def speak(self, clip: Clip) -> None:
        """Begin to play a clip into the microphone."""
        path = self.folder.with_name(f"{self.folder.name}-{len(self.spoken)}.flac")
        write_flac(path, clip.samples, RATE_HZ)
        self.spoken.append((time.monotonic(), clip))
        self._playing.append(subprocess.Popen(["paplay", "--device=trainee_in", str(path)]))

    def stop(self) -> None:
        """End the call if it goes on, and wait until everything is written."""
        if self.process.poll() is None and not any(event.what == "ended" for event in self.events):
            self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.look()
        for playing in self._playing:
            playing.wait()

    def channel(self, name: str) -> Samples:
        """The call's own sound of one side."""
        return read_sound(self.folder / f"{name}.flac")[0].samples

    def of(self, what: str) -> list[Event]:
        """All events of a kind."""
        return [event for event in self.events if event.what == what]


def _event(row: bytes) -> Event:
    values = json.loads(row)
    return Event(what=values.pop("what"), at=values.pop("at"), seen_s=time.monotonic(), values=values)


@contextlib.contextmanager
def practice(folder: Path, *, stops: bool = False) -> Iterator[Practice]:
    """The command with a caller whom nothing moves; she falls silent when interrupted if she ``stops``."""
    folder.mkdir(parents=True, exist_ok=True)
    script, out = folder.with_suffix(".yaml"), folder / "call"
    text = SCRIPT.read_text(encoding="utf-8").replace("tries: 27, then: over", "tries: 100, then: over")
    script.write_text(text.replace("talk_over", "stop") if stops else text, encoding="utf-8")
    command = [sys.executable, "-m", "voicesim", "practice", str(script), "--out", str(out), "--recognizer", "whisper"]
    with (folder / "screen.txt").open("wb") as screen:
        process = subprocess.Popen(
            [*command, "--baseline", str(BASELINE)], stdin=subprocess.DEVNULL, stdout=screen, stderr=screen
        )
    call = Practice(process, out)
    try:
        yield call
    finally:
        call.stop()
    if process.returncode not in (0, 130):
        raise RuntimeError(f"the call ended with {process.returncode}: {(folder / 'screen.txt').read_text()[-500:]}")


def found(clip: Samples, within: Samples) -> int:
    """The sample of ``within`` at which a ``clip`` begins, by cross-correlation; NotThere if it does not."""
    size = 1 << (len(clip) + len(within)).bit_length()
    product = np.fft.irfft(np.fft.rfft(within, size) * np.conj(np.fft.rfft(clip, size)), size)
    place = int(np.argmax(product[: max(1, len(within) - len(clip) // 2)]))
    there = within[place : place + len(clip)]
    alike = np.dot(there, clip[: len(there)]) / max(1e-9, np.linalg.norm(there) * np.linalg.norm(clip))
    if alike < 0.8:
        raise NotThere(f"what was played was not found (alike {alike:.2f})")
    return place


def voiced_s(spoken: tuple[float, Clip], heard: Recorded) -> tuple[float, float] | None:
    """When the first and the last voiced sample of a clip were at the microphone; None if it was torn on the way."""
    played_s, clip = spoken
    around = heard.cut(played_s - 0.2, played_s + len(clip.samples) / RATE_HZ + 3)
    try:
        start_s = around.start_s + found(_voiced(clip), around.samples) / RATE_HZ
    except NotThere:
        return None
    return start_s, start_s + clip.voiced.length / RATE_HZ


def voiced_in(clip: Clip, channel: Samples, around: int) -> Span:
    """Where a clip's voiced samples lie in the call's own sound, looked for near a sample of it."""
    first = max(0, around - 20 * RATE_HZ)
    start = first + found(_voiced(clip), channel[first : around + 20 * RATE_HZ])
    return Span(start=start, end=start + clip.voiced.length)


def _voiced(clip: Clip) -> Samples:
    return clip.samples[clip.voiced.start : clip.voiced.end]
