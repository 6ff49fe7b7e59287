"""What several tests of the command line use: a baseline, spoken replies, and the real command under way."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from voicesim.backends.replies_voice import render_replies
from voicesim.files import read_sound
from voicesim.model import RATE_HZ, Baseline
from voicesim.store.baselines import save_baseline
from voicesim.store.devices import Devices, remember_devices

SHORT = Path(__file__).parents[1] / "data" / "short.yaml"
#: Longer than anything that is waited for, so that a test ends that waits in vain.
LIMIT_S = 120
# What makes colours and moves the cursor.
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


@pytest.fixture
def baseline():
    """A baseline with every kind of value: text, numbers, and one that is unknown."""
    return Baseline(
        trainee="you",
        headset="test",
        f0_median_st=85.2,
        alpha_db=-8.1,
        centroid_st=107.2,
        f0_velocity_stps=20.5,
        level_dbfs=-23.0,
        articulation_rate_sps=None,
        speech_s=12.5,
        snr_db=31.0,
        made_utc="2026-01-31T12:00:00+00:00",
    )


@pytest.fixture(scope="session")
def spoken(tmp_path_factory):
    """Gives the sound file of a sentence, said by the voice that stands in for a trainee."""
    made = {}

    def say(sentence):
        if sentence not in made:
            [made[sentence]] = render_replies([sentence], tmp_path_factory.mktemp("spoken"))
        return made[sentence]

    return say


@pytest.fixture(scope="session")
def rendered(tmp_path_factory):
    """A folder for rendered lines, shared by all calls of a test run."""
    return tmp_path_factory.mktemp("rendered")


@dataclass(kw_only=True)
class Practice:
    """A command under way, above all ``voicesim practice``: its output can be waited for, what it leaves be read.

    With a ``terminal`` (the command's end of one) keys can be pressed, and what it says on stderr is in ``shown`` too.
    """

    process: subprocess.Popen[bytes]
    data: Path
    earlier: frozenset[Path]
    errors: Path
    output: int
    terminal: int | None = None
    shown: str = ""
    #: How the terminal was set before the command, and after it.
    settings: list[object] = field(default_factory=list)
    _read: int = 0
    _heard: int = 0
    _news: threading.Condition = field(default_factory=threading.Condition)
    _over: bool = False

    def __post_init__(self):
        self._set()
        self._reader = threading.Thread(target=self._follow, daemon=True)
        self._reader.start()

    def _follow(self):
        # The end of a terminal is an error, that of a pipe an empty read.
        with contextlib.suppress(OSError):
            while piece := os.read(self.output, 65_536):
                with self._news:
                    self.shown += _CONTROL.sub("", piece.decode("utf-8", "replace"))
                    self._news.notify_all()
        with self._news:
            self._over = True
            self._news.notify_all()

    def until(self, pattern):
        """Wait for text that was not waited for before; gives its match."""

        def found():
            return re.compile(pattern).search(self.shown, self._read)

        with self._news:
            self._news.wait_for(lambda: found() or self._over, LIMIT_S)
            match = found()
            assert match, f"{pattern!r} was not shown:\n{self.shown[self._read :]}\n{self.complaints}"
            self._read = match.end()
        return match

    def next_line(self):
        """Wait until the caller begins a line; gives the anger it begins with."""
        return int(self.until(r"\d  Pat\s+anger (\d+)")[1])

    def line_over(self):
        """Wait until a further line was heard to its end, which is a moment after its last sample was sent."""
        self.wait_for(lambda: len(self.entries("sounded")) > self._heard)
        sounded = self.entries("sounded")
        self._heard = len(sounded)
        self.wait_for(lambda: self.kept_s() > sounded[-1]["span"]["end_s"])

    def kept_s(self):
        """How much of the microphone is on the disk, in seconds."""
        return (self.folder / "trainee.pcm.part").stat().st_size / 2 / RATE_HZ if self._journals() else 0.0

    def wait_for(self, true):
        """Wait until something outside this process is so."""
        given_up_s = time.monotonic() + LIMIT_S
        while not true():
            assert time.monotonic() < given_up_s and self.process.poll() is None, f"{self.shown}\n{self.complaints}"
            time.sleep(0.02)

    def press(self, keys):
        """Press keys at the terminal."""
        os.write(self.output, keys.encode())

    def interrupt(self):
        """Ctrl-C."""
        self.process.send_signal(signal.SIGINT)

    def kill(self):
        """Take the process away at once, as ``kill -9`` does."""
        self.process.kill()
        self.process.wait(LIMIT_S)

    def ends(self):
        """The exit code, once the command has ended and all that it said was read."""
        code = self.process.wait(LIMIT_S)
        if self.terminal is not None:
            self._set()
            os.close(self.terminal)
            self.terminal = None
        self._reader.join(LIMIT_S)
        return code

    def _set(self):
        if self.terminal is not None:
            import termios

            self.settings.append(termios.tcgetattr(self.terminal))

    def _journals(self):
        return [path for path in self.data.rglob("journal.jsonl") if path not in self.earlier]

    def entries(self, what):
        """The entries of one kind in the journal so far."""
        found = [path.read_text(encoding="utf-8") for path in self._journals()]
        lines = [line for text in found for line in text.splitlines(keepends=True) if line.endswith("\n")]
        return [entry for entry in map(json.loads, lines) if entry["what"] == what]

    @property
    def folder(self):
        """Where the call is kept."""
        [journal] = self._journals()
        return journal.parent

    @property
    def record(self):
        return json.loads((self.folder / "call.json").read_text(encoding="utf-8"))

    @property
    def complaints(self):
        """What stands on stderr beside progress and what is worth knowing."""
        rows = self.errors.read_text(encoding="utf-8").splitlines() if self.errors.exists() else []
        return [row for row in rows if row.startswith("voicesim: ") or "Traceback" in row]

    def channel(self, name):
        """float32[n], what the closed call keeps of ``caller`` or ``trainee``."""
        return read_sound(self.folder / f"{name}.flac")[0].samples


@pytest.fixture
def own_data(tmp_path, rendered, monkeypatch):
    """A data folder for this test alone, with the lines of all others; every command that the test runs uses it."""
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("VOICESIM_DATA", str(folder))
    monkeypatch.setenv("VOICESIM_SITE_SETTINGS", str(tmp_path / "none.toml"))
    monkeypatch.setenv("VOICESIM_CACHE", str(rendered))
    monkeypatch.setenv("COLUMNS", "200")
    return folder


@pytest.fixture
def voicesim(own_data):
    """Runs a command to its end."""

    def run(*arguments):
        command = [sys.executable, "-m", "voicesim", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False)

    return run


@pytest.fixture
def practise(own_data, tmp_path):
    """Begins ``voicesim practice`` with the short script or another one; ``terminal``: somebody sits there.

    ``command`` is another command that takes a script.
    """
    with contextlib.ExitStack() as begun:

        def start(*options, script=SHORT, terminal=False, command="practice", **variables):
            command = [sys.executable, "-m", "voicesim", command, str(script), *map(str, options)]
            errors = tmp_path / f"errors-{os.urandom(4).hex()}.txt"
            earlier = frozenset(own_data.rglob("journal.jsonl"))
            surroundings = {**os.environ, **{name: str(value) for name, value in variables.items()}}
            if terminal:
                ours, theirs, settings = *_terminal(), {"TERM": "xterm"}
                process = subprocess.Popen(
                    command,
                    env=surroundings | settings,
                    stdin=theirs,
                    stdout=theirs,
                    stderr=theirs,
                    start_new_session=True,
                    preexec_fn=_be_its_terminal,  # noqa: PLW1509 - nothing else makes it the one whose Ctrl-C counts
                )
            else:
                theirs = None
                with errors.open("w") as stderr:
                    process = subprocess.Popen(
                        command, env=surroundings, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr
                    )
                ours = process.stdout.fileno()
            call = Practice(
                process=process, data=own_data, earlier=earlier, errors=errors, output=ours, terminal=theirs
            )
            if terminal:
                begun.callback(os.close, ours)
            begun.callback(call.ends)
            begun.callback(process.kill)
            return call

        yield start


def _terminal():
    """Our end and the command's end of a terminal."""
    import pty

    return pty.openpty()


def _be_its_terminal():
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.fixture
def short_script(tmp_path):
    """Makes the short script with more keys."""

    def write(*more):
        path = tmp_path / "short.yaml"
        path.write_text("\n".join((SHORT.read_text(encoding="utf-8"), *more)), encoding="utf-8")
        return path

    return write


@pytest.fixture
def calibrated(own_data, baseline):
    """The baseline of a trainee who checked the virtual headset and read the sentences through it."""
    known = replace(baseline, headset="default", articulation_rate_sps=4.5)
    save_baseline(known)
    remember_devices(Devices(input="default", output="default", checked_utc=known.made_utc))
    return known
