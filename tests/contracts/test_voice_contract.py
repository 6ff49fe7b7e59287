"""What every voice must do, the fake and the real ones alike."""

from collections.abc import Callable

import numpy as np
import pytest

from voicesim.backends.fakes import FakeVoice
from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.system_voice import SystemVoice
from voicesim.errors import InputError
from voicesim.ports import Voice, VoiceStyle
from voicesim.sound import level_dbfs

VOICES: dict[str, Callable[[], Voice]] = {"fake": FakeVoice, "hibari": HibariVoice, "system": SystemVoice}
STYLE = VoiceStyle(persona="woman")
TEXT = "You charged me twice for the same month."


@pytest.fixture(scope="module", params=VOICES)
def voice(request) -> Voice:
    return VOICES[request.param]()


def test_a_text_becomes_mono_sound_within_full_scale(voice):
    sound = voice.render(TEXT, STYLE)
    assert sound.samples.ndim == 1
    assert sound.samples.dtype == np.float32
    assert 0.05 < np.abs(sound.samples).max() <= 1.0
    assert np.isfinite(sound.samples).all()


def test_it_takes_about_as_long_as_speech_does(voice):
    assert 1.0 < voice.render(TEXT, STYLE).duration_s < 6.0


def test_a_longer_text_takes_longer(voice):
    assert voice.render(f"{TEXT} {TEXT}", STYLE).duration_s > 1.5 * voice.render(TEXT, STYLE).duration_s


def test_the_same_text_sounds_the_same(voice):
    one, other = voice.render(TEXT, STYLE), voice.render(TEXT, STYLE)
    assert np.array_equal(one.samples, other.samples)


def test_an_angry_caller_is_louder(voice):
    calm, angry = (voice.render(TEXT, VoiceStyle(persona="woman", anger=anger)) for anger in (0.0, 1.0))
    assert level_dbfs(angry.samples) > level_dbfs(calm.samples) + 2


def test_a_text_without_words_is_refused(voice):
    with pytest.raises(InputError, match="word"):
        voice.render("  ", STYLE)


def test_the_name_holds_a_version(voice):
    """It is part of the key of the cache of rendered lines."""
    assert any(character.isdigit() for character in voice.name)
