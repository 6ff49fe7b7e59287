"""The system's voices by the real pyttsx3 in a child process, and what happens when they are not there."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from voicesim.backends import system_voice
from voicesim.backends.system_voice import SystemVoice, plausible
from voicesim.backends.system_voice_child import choose_voice
from voicesim.errors import InputError, MissingPart
from voicesim.model import Sound
from voicesim.ports import VoiceStyle

TEXT = "I have been waiting for three weeks and nobody called me back."
HAS_ENGINE = sys.platform in ("win32", "darwin") or find_spec("espeakng_loader") or which("espeak-ng")
only_espeak = pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="other systems speak at the pace that is set there"
)
needs_engine = pytest.mark.skipif(not HAS_ENGINE, reason="no engine: pip install 'voicesim[system-voice]'")


@needs_engine
@pytest.mark.parametrize("persona", ["system_man", "system_woman"])
def test_the_system_speaks_and_says_the_same_each_time(persona: str) -> None:
    """Two child processes must agree; some voices of eSpeak NG would not."""
    first, again = (SystemVoice().render(TEXT, VoiceStyle(persona=persona)) for _ in range(2))
    assert 2.0 < first.duration_s < 6.0
    assert np.array_equal(first.samples, again.samples)


@needs_engine
@only_espeak
@pytest.mark.parametrize("persona", ["system_man", "system_woman"])
def test_espeak_speaks_at_the_pace_of_the_other_voices(persona: str) -> None:
    """Twelve words in 3.4 to 4.4 s are 165 to 210 a minute; at the pace that pyttsx3 sets it would be 2.9 s."""
    assert 3.4 < SystemVoice().render(TEXT, VoiceStyle(persona=persona)).duration_s < 4.4


@needs_engine
@only_espeak
def test_a_pace_that_was_lost_is_noticed_and_spoken_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The real child, with a pyttsx3 that never takes the pace: it says so, and nothing it wrote is believed."""
    lost = "import pyttsx3.drivers.espeak as e; own = e.EspeakDriver.setProperty; "
    lost += "e.EspeakDriver.setProperty = staticmethod(lambda n, v: None if n == 'rate' else own(n, v)); "
    child = Path(system_voice.__file__).with_name("system_voice_child.py")
    start = "import runpy, sys; "
    ready = f"child = runpy.run_path({str(child)!r}); child['preload_espeak'](); "
    run_instead(monkeypatch, start + ready + lost + "child['main']()")
    with pytest.raises(MissingPart, match=r"failed 2 times .*: the library lost its speed"):
        SystemVoice(tries=2).render(TEXT, VoiceStyle(persona="system_man"))


@needs_engine
def test_man_and_woman_do_not_sound_alike() -> None:
    import pyworld

    medians = []
    for persona in ("system_man", "system_woman"):
        spoken = SystemVoice().render(TEXT, VoiceStyle(persona=persona))
        f0_hz, _ = pyworld.harvest(spoken.samples.astype(np.float64), spoken.rate_hz)
        medians.append(float(np.median(f0_hz[f0_hz > 0])))
    assert medians[1] > 1.3 * medians[0]


@needs_engine
@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="other systems need not have a Korean voice")
def test_another_language_is_spoken_by_its_own_voice() -> None:
    korean = SystemVoice(language="ko").render("안녕하세요 반갑습니다", VoiceStyle(persona="system_woman"))
    assert korean.duration_s > 0.8


@needs_engine
def test_anger_and_speed_shorten_what_the_system_says() -> None:
    calm, angry = (
        SystemVoice().render(TEXT, VoiceStyle(persona="system_man", anger=a, speed=s)).duration_s
        for a, s in ((0.0, 1.0), (1.0, 1.1))
    )
    assert angry == pytest.approx(calm / (1.22 * 1.1), abs=0.02)


@needs_engine
def test_a_language_nobody_speaks_is_a_missing_part() -> None:
    with pytest.raises(MissingPart, match="no voice of this system speaks xx"):
        SystemVoice(language="xx").render(TEXT, VoiceStyle(persona="system_man"))


def test_a_line_without_a_word_is_refused() -> None:
    with pytest.raises(InputError, match="without a word"):
        SystemVoice().render(" - ", VoiceStyle(persona="system_man"))


def run_instead(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Let the child process be this program."""
    real = subprocess.run

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        return real([command[0], "-c", program], **options)

    monkeypatch.setattr(subprocess, "run", run)


def test_a_child_that_hangs_is_ended_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    run_instead(monkeypatch, "import sys; sys.stdin.read(); import threading; threading.Event().wait()")
    with pytest.raises(MissingPart, match=r"failed 2 times on a line of 62 characters: no answer within 0\.2 s"):
        SystemVoice(timeout_s=0.2, tries=2).render(TEXT, VoiceStyle(persona="system_man"))


def test_a_child_that_crashes_is_told_with_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    run_instead(monkeypatch, "import os; os._exit(7)")
    with pytest.raises(MissingPart, match="ended with code 7"):
        SystemVoice(tries=1).render(TEXT, VoiceStyle(persona="system_man"))


def test_a_child_that_writes_nothing_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    run_instead(monkeypatch, 'print(\'{"voice": "gmw/en"}\')')
    with pytest.raises(MissingPart, match="no usable sound"):
        SystemVoice(tries=2).render(TEXT, VoiceStyle(persona="system_man"))


def test_a_system_without_an_engine_names_the_commands_that_bring_one(tmp_path: Path) -> None:
    """The real child, with a pyttsx3 that finds no engine as it does on a bare Linux."""
    (tmp_path / "pyttsx3.py").write_text("def init():\n    raise RuntimeError('no eSpeak')\n")
    child = Path(system_voice.__file__).with_name("system_voice_child.py")
    program = (
        f"import sys, runpy; sys.path.insert(0, {str(tmp_path)!r}); runpy.run_path({str(child)!r}, run_name='__main__')"
    )
    job = json.dumps({"text": TEXT, "path": str(tmp_path / "line.wav"), "language": "en-us", "sex": "male"})
    done = subprocess.run([sys.executable, "-c", program], input=job, capture_output=True, text=True, check=True)
    assert "no engine here" in json.loads(done.stdout)["missing"]


def test_a_missing_engine_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    run_instead(monkeypatch, 'print(\'{"missing": "pyttsx3 has no engine here"}\')')
    with pytest.raises(MissingPart, match=r"voicesim\[system-voice\].*apt-get install espeak-ng"):
        SystemVoice().render(TEXT, VoiceStyle(persona="system_man"))


@pytest.mark.parametrize(
    ("seconds", "peak", "believed"),
    [(3.5, 0.5, True), (0.4, 0.5, False), (40.0, 0.5, False), (3.5, 0.0, False)],
    ids=["usual", "cut off", "endless", "silent"],
)
def test_only_sound_that_can_be_the_text_is_believed(seconds: float, peak: float, believed: bool) -> None:
    samples = np.full(round(seconds * 22_050), peak, dtype=np.float32)
    assert plausible(Sound(samples=samples, rate_hz=22_050), TEXT) is believed


def described(identity: str, languages: list[Any], gender: str | None) -> SimpleNamespace:
    return SimpleNamespace(id=identity, languages=languages, gender=gender)


@pytest.mark.parametrize(
    ("language", "sex", "chosen"),
    [
        ("en-us", "female", "com.apple.voice.samantha"),
        ("en-us", "male", "com.apple.voice.alex"),
        ("en-gb", "female", "com.apple.voice.daniel"),
        ("de", "female", "TTS_MS_DE-DE_HEDDA_11.0"),
        ("fr", "male", None),
    ],
)
def test_voices_of_other_systems_are_chosen_by_language_then_sex(language: str, sex: str, chosen: str | None) -> None:
    """Descriptions as NSSpeech, SAPI5 and eSpeak give them."""
    voices = [
        described("ko", ["ko"], "Male"),
        described("com.apple.voice.daniel", ["en_GB"], "VoiceGenderMale"),
        described("com.apple.voice.alex", ["en_US"], "VoiceGenderMale"),
        described("com.apple.voice.samantha", ["en_US"], "VoiceGenderFemale"),
        described("HKEY\\Tokens\\TTS_MS_DE-DE_HEDDA_11.0", [], None),
    ]
    found = choose_voice(voices, language, sex)
    assert (found or "").rsplit("\\", maxsplit=1)[-1] == (chosen or "")
