"""What every room's tests may use: seeded chance, made-up calls, a small disk and a headset made of software."""

import importlib.util
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import numpy as np
import pytest

TAKES = 3


def pytest_configure(config: pytest.Config) -> None:
    """Make the project's own marks known, and let programs that tests start hear Ctrl-C.

    What a shell started in the background ignores it, and so would whatever is started from there.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config.addinivalue_line("markers", "three_takes: real-time sound; run again, twice at most, if it fails")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run a marked test again if it fails: a busy machine may tear a hole into one take of its sound, not into three.

    A test without the mark has one take. Each take has a folder, a headset and a server of its own; the summary names
    the tests that needed another.
    """
    for item in items:
        if item.get_closest_marker("three_takes"):
            item.add_marker(pytest.mark.flaky(reruns=TAKES - 1))


HEADSET = Path(__file__).parent / "headset.sh"
INSTALL = "apt-get install pulseaudio pulseaudio-utils libportaudio2 libasound2-plugins"


@pytest.fixture
def rng() -> np.random.Generator:
    """Chance that is the same in every run."""
    return np.random.default_rng(20_240)


@pytest.fixture(scope="session")
def beside() -> Callable[[str], ModuleType]:
    """Gives a module that several tests use and that holds no test, by its path below this folder."""

    def load(path: str) -> ModuleType:
        name = f"beside_{path.removesuffix('.py').replace('/', '_')}"
        if name not in sys.modules:
            spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / path)
            assert spec and spec.loader
            sys.modules[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(sys.modules[name])
        return sys.modules[name]

    return load


@pytest.fixture(scope="session")
def sample(beside: Callable[[str], ModuleType]) -> ModuleType:
    """The builders of made-up calls."""
    return beside("report/sample.py")


@pytest.fixture
def disk_of(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Makes a disk of a size, such as ``64k``; the test is skipped for whoever may not."""
    disk = tmp_path / "disk"

    def made(size: str) -> Path:
        disk.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)]
        if sys.platform != "linux" or subprocess.run(mount, capture_output=True, check=False).returncode:
            pytest.skip("a small disk can be made by root only. Run: sudo make test")
        return disk

    yield made
    if disk.is_mount():
        subprocess.run(["umount", str(disk)], check=True)


@pytest.fixture
def small_disk(disk_of: Callable[[str], Path]) -> Path:
    """A disk of 64 kB."""
    return disk_of("64k")


@dataclass(frozen=True, kw_only=True)
class VirtualHeadset:
    """A private sound server: speak into ``trainee_in``, listen at ``caller_out.monitor``.

    ``variables`` point a program at it; in the test's own process they are set already. ``programs`` run in it.
    """

    folder: Path
    variables: dict[str, str]
    programs: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def pid(self) -> int:
        """The id of the server that runs now."""
        return int((self.folder / "pid").read_text())

    def restart(self) -> None:
        """End the server if it lives, and start another on the same socket."""
        self._script("stop")
        self._script("start")

    def unplug(self) -> None:
        """Take microphone and headphones away; the server stays."""
        self._script("unplug")

    def plug(self) -> None:
        """Bring them back."""
        self._script("plug")

    def loopback(self, *, on: bool = True) -> None:
        """Let the microphone hear what the ears get, as loudspeakers do, or no longer."""
        self._script("loopback", "on" if on else "off")

    def _script(self, command: str, *more: str) -> None:
        subprocess.run(["bash", HEADSET, command, self.folder, *more], check=True, stdout=subprocess.DEVNULL)

    def speak(self, path: Path) -> None:
        """Begin to play a sound file into the microphone, once."""
        self._begin("paplay", "--device=trainee_in", str(path))

    def listen(self, rate_hz: int = 16_000) -> Path:
        """The file into which what the ears get is written from now on: 16-bit PCM, mono."""
        path = self.folder / f"ears-{len(self.programs)}.pcm"
        path.touch()
        form = ("--raw", "--format=s16le", "--channels=1", f"--rate={rate_hz}", "--latency-msec=20")
        self._begin("parec", "--device=caller_out.monitor", *form, str(path))
        return path

    def _begin(self, *command: str) -> None:
        self.programs.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    def hush(self) -> None:
        """End every program that speaks or listens, so that their files are whole."""
        for program in self.programs:
            program.terminate()
            program.wait(10)


@pytest.fixture
def virtual_headset(monkeypatch: pytest.MonkeyPatch) -> Iterator[VirtualHeadset]:
    """A running virtual headset as this process's only sound device; skips where its packages are missing."""
    try:
        import sounddevice  # noqa: F401
    except OSError:
        pytest.skip(f"no PortAudio library. Run: {INSTALL}")
    # Not pytest's own folder: the path of a UNIX socket must be short.
    with TemporaryDirectory(prefix="headset-") as name:
        folder = Path(name)
        begun = subprocess.run(["bash", HEADSET, "start", name], capture_output=True, text=True, check=False)
        if begun.returncode == 3:
            pytest.skip(f"no PulseAudio. Run: {INSTALL}")
        assert begun.returncode == 0, begun.stderr
        variables = dict(line.split("=", 1) for line in (folder / "env").read_text().splitlines())
        for key, value in variables.items():
            monkeypatch.setenv(key, value)
        headset = VirtualHeadset(folder=folder, variables=variables)
        try:
            yield headset
        finally:
            headset.hush()
            subprocess.run(["bash", HEADSET, "stop", name], check=False)
