"""What every voice activity detector must do, the fake and the real one alike."""

from collections.abc import Callable

import numpy as np
import pytest

from voicesim.backends.fakes import FakeVad, speech_sound
from voicesim.backends.vad import WINDOW, SileroVad, speech_spans
from voicesim.errors import InputError
from voicesim.model import RATE_HZ, Samples
from voicesim.ports import VoiceActivity

DETECTORS: dict[str, Callable[[], VoiceActivity]] = {"fake": FakeVad, "silero": SileroVad}


@pytest.fixture(params=DETECTORS)
def vad(request) -> VoiceActivity:
    return DETECTORS[request.param]()


@pytest.fixture
def speech(vad, spoken_english) -> Samples:
    """Sound that the detector must take for speech."""
    return speech_sound([(0.0, 2.0, "hello")], 2.0) if isinstance(vad, FakeVad) else spoken_english


def probabilities(vad: VoiceActivity, sound: Samples) -> list[float]:
    whole = sound[: len(sound) // WINDOW * WINDOW]
    return [vad.probability(window) for window in whole.reshape(-1, WINDOW)]


def test_speech_is_likely_and_silence_is_not(vad, speech):
    assert np.median(probabilities(vad, speech)) > 0.8
    assert max(probabilities(vad, np.zeros(RATE_HZ, dtype=np.float32))[8:]) < 0.3


def test_a_probability_lies_within_0_and_1(vad, speech):
    assert all(0 <= p <= 1 for p in probabilities(vad, speech))


def test_after_a_reset_the_same_windows_get_the_same_answers(vad, speech):
    first = probabilities(vad, speech)
    vad.reset()
    assert probabilities(vad, speech) == first


@pytest.mark.parametrize("length", [0, 320, 511, 513])
def test_another_length_is_refused(vad, length):
    with pytest.raises(InputError, match="512"):
        vad.probability(np.zeros(length, dtype=np.float32))


def test_spans_find_speech_between_silences(vad, speech):
    """To a tenth of a second, which is three windows, of what can be heard: a voice begins a moment into its sound."""
    onset = int(np.flatnonzero(np.abs(speech) > np.abs(speech).max() / 100)[0])
    silence = np.zeros(RATE_HZ, dtype=np.float32)
    spans = speech_spans(np.concatenate([silence, speech, silence]), vad)
    assert spans[0].start == pytest.approx(RATE_HZ + onset, abs=0.1 * RATE_HZ)
    assert spans[-1].end == pytest.approx(RATE_HZ + len(speech), abs=0.25 * RATE_HZ)
