"""What a call measures of a reply does not depend on the level of the microphone."""

import numpy as np
import pytest

from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.vad import WINDOW, SileroVad, spans_from
from voicesim.call.understood import SpokenReply
from voicesim.model import RATE_HZ, Span
from voicesim.ports import VoiceStyle
from voicesim.sound import level_dbfs, resample
from voicesim.wiring.engines import measuring

TEXT = "I have opened your file, and I can see that both payments went out on the third."


def spoken(samples, speech):
    nothing = np.zeros(0, dtype=np.float32)
    return SpokenReply(samples=samples, ears=nothing, speech=speech, noise=nothing, gap_s=0.5)


def heard_as_it_comes(samples, vad):
    """The speech as a call hears it, window by window at the level of the microphone."""
    vad.reset()
    whole = np.pad(samples, (0, -len(samples) % WINDOW)).reshape(-1, WINDOW)
    return spans_from([vad.probability(window) for window in whole], len(samples))


@pytest.fixture(scope="module")
def reply():
    sound = HibariVoice().render(TEXT, VoiceStyle(persona="woman"))
    samples = resample(sound.samples, sound.rate_hz, RATE_HZ)
    samples = np.pad(samples * 10 ** ((-26.0 - level_dbfs(samples)) / 20), 4_800)
    return (samples + 1e-4 * np.random.default_rng(3).standard_normal(len(samples))).astype(np.float32)


def test_gain_moves_no_measure_of_a_call_but_level(reply, typed):
    vad, measure = SileroVad(), measuring(None)
    got = {}
    for gain_db in (-20.0, 0.0, 12.0):
        sound = (reply * 10 ** (gain_db / 20)).astype(np.float32)
        got[gain_db] = measure(spoken(sound, heard_as_it_comes(sound, vad)), typed(TEXT))
    for moved in (got[-20.0], got[12.0]):
        assert moved.tension == pytest.approx(got[0.0].tension, abs=0.01)
        assert moved.articulation_rate_sps == pytest.approx(got[0.0].articulation_rate_sps, abs=0.01)


def test_where_the_whole_holds_no_speech_the_stretches_of_the_call_count(typed):
    """A made voice is no speech for the detector."""
    quiet = np.zeros(2 * RATE_HZ, dtype=np.float32)
    assert measuring(None)(spoken(quiet, (Span(start=0, end=RATE_HZ),)), typed(TEXT)).speech_s == pytest.approx(1.0)
