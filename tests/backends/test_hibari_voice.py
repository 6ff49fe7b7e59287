"""The real hibari voice: each persona speaks, understandably, the same each time, and nothing goes to the network."""

import socket
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.personas import PERSONAS, Persona, find_persona, trimmed
from voicesim.errors import InputError, MissingPart, UsageError
from voicesim.model import Samples
from voicesim.ports import VoiceStyle

TEXT = "My parcel has been missing for three weeks and nobody called me back."
SPOKEN_BY_HIBARI = [persona for persona in PERSONAS.values() if persona.engine == "hibari"]


@pytest.fixture(scope="module")
def voice() -> HibariVoice:
    return HibariVoice()


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    yield


def median_f0_hz(samples: Samples, rate_hz: int) -> float:
    import pyworld

    f0_hz, _ = pyworld.harvest(samples.astype(np.float64), rate_hz)
    return float(np.median(f0_hz[f0_hz > 0]))


@pytest.mark.parametrize("persona", SPOKEN_BY_HIBARI, ids=lambda p: p.name)
def test_each_persona_speaks_at_its_pitch(voice: HibariVoice, persona: Persona, no_network: None) -> None:
    """Within two semitones of the woman's pitch times the persona's ratio."""
    woman = voice.render(TEXT, VoiceStyle(persona="woman"))
    spoken = voice.render(TEXT, VoiceStyle(persona=persona.name))
    ratio = median_f0_hz(spoken.samples, spoken.rate_hz) / median_f0_hz(woman.samples, woman.rate_hz)
    assert 12 * np.log2(ratio / persona.f0_ratio) == pytest.approx(0, abs=2)
    assert 2.5 < spoken.duration_s < 6


@pytest.mark.parametrize("persona", ["woman", "man"])
def test_the_same_text_and_style_give_the_same_samples(voice: HibariVoice, persona: str) -> None:
    style = VoiceStyle(persona=persona, anger=0.4)
    assert np.array_equal(voice.render(TEXT, style).samples, HibariVoice().render(TEXT, style).samples)


def test_speech_begins_and_ends_without_a_wait(voice: HibariVoice) -> None:
    spoken = voice.render(TEXT, VoiceStyle(persona="woman"))
    loud = np.flatnonzero(np.abs(spoken.samples) > 0.02)
    assert loud[0] / spoken.rate_hz < 0.2
    assert (len(spoken.samples) - loud[-1]) / spoken.rate_hz < 0.4


def test_speed_divides_the_duration(voice: HibariVoice) -> None:
    normal, fast = (voice.render(TEXT, VoiceStyle(persona="woman", speed=speed)).duration_s for speed in (1.0, 1.25))
    assert fast == pytest.approx(normal / 1.25, abs=0.01)


@pytest.mark.parametrize("text", ["", "   ", "...", "?!"])
def test_a_line_without_a_word_is_refused(voice: HibariVoice, text: str) -> None:
    with pytest.raises(InputError, match="without a word"):
        voice.render(text, VoiceStyle(persona="woman"))


def test_an_unknown_persona_is_refused_with_those_that_exist(voice: HibariVoice) -> None:
    with pytest.raises(UsageError, match=r"unknown persona 'pirate'.*young_man"):
        voice.render(TEXT, VoiceStyle(persona="pirate"))


def test_a_missing_package_is_told_with_the_command_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hibari", None)
    with pytest.raises(MissingPart, match=r"pip install .*hibari-tts==0\.2\.1"):
        HibariVoice().render(TEXT, VoiceStyle(persona="woman"))


def test_a_failing_engine_is_translated_without_the_text(voice: HibariVoice, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(TEXT)

    speaker = voice._loaded()
    monkeypatch.setattr(type(speaker), "__call__", fail)
    with pytest.raises(MissingPart, match="RuntimeError") as caught:
        voice.render(TEXT, VoiceStyle(persona="woman"))
    assert "parcel" not in str(caught.value)


def test_personas_are_named_by_their_key_and_described_for_people() -> None:
    assert all(find_persona(name).name == name and persona.sentence for name, persona in PERSONAS.items())
    assert {"woman", "older_woman", "man", "deep_man", "young_man"} <= set(PERSONAS)


def test_the_name_carries_package_version_and_speaker() -> None:
    assert HibariVoice().name == "hibari 0.2.1 heart"


def test_silence_from_an_engine_is_an_error_and_not_an_empty_line() -> None:
    with pytest.raises(InputError, match="no sound"):
        trimmed(np.zeros(24_000, dtype=np.float32), 24_000)
