"""Baseline: the means of good sentences; a poor one is refused with the figure that is bad."""

import numpy as np
import pytest

from voicesim.backends.pitch_tracker import SwiftF0
from voicesim.errors import InputError
from voicesim.model import RATE_HZ, Span
from voicesim.speech.baseline import make_baseline

WORDS = "The parcel will be with you on Monday before ten"


@pytest.fixture
def sentence(made_voice, rng, typed):
    """A maker of one neutral sentence with half a second of room before it."""

    def make(duration_s=2.5, *, f0_hz=120.0, level_dbfs=-24.0, noise_dbfs=-70.0, gain=1.0, words=WORDS):
        voice = made_voice(duration_s, f0_hz=f0_hz, wobble_st=1.0, level_dbfs=level_dbfs)
        samples = np.concatenate([np.zeros(RATE_HZ // 2), voice]) * gain
        samples = samples + 10 ** (noise_dbfs / 20) * rng.standard_normal(len(samples))
        speech = [Span(start=RATE_HZ // 2, end=len(samples))]
        return np.clip(samples, -1, 1).astype(np.float32), speech, typed(words) if words else None

    return make


def make(sounds):
    return make_baseline(sounds, pitch=SwiftF0(), trainee="sam", headset="desk", made_utc="2030-01-01T00:00:00Z")


def test_it_is_the_mean_of_the_sentences(sentence):
    got = make([sentence(f0_hz=110.0), sentence(f0_hz=120.0), sentence(f0_hz=130.0)])
    assert got.f0_median_st == pytest.approx(12 * np.mean(np.log2([110, 120, 130])), abs=0.1)
    assert got.level_dbfs == pytest.approx(-24, abs=0.3)
    assert got.articulation_rate_sps == pytest.approx(13 / 2.5, abs=0.01)
    assert got.speech_s == pytest.approx(7.5)
    assert got.snr_db == pytest.approx(46, abs=1.5)
    assert (got.trainee, got.headset, got.made_utc) == ("sam", "desk", "2030-01-01T00:00:00Z")


def test_without_words_it_has_no_pace(sentence):
    assert make([sentence(words=None) for _ in range(3)]).articulation_rate_sps is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ([{"duration_s": 1.5}] * 3, r"only 4\.5 s of speech, 6 s are needed"),
        ([{}, {"noise_dbfs": -34.0}, {}], r"sentence 2 has \d+ dB of signal to noise, 15 are needed"),
        ([{}, {}, {"gain": 30.0}], r"sentence 3 is clipped in \d+\.\d % of its samples, at most 1 %"),
        ([{"f0_hz": 110.0}, {"f0_hz": 150.0}, {}], r"5\.\d semitones apart, at most 4"),
        ([{"level_dbfs": -30.0}, {"level_dbfs": -22.0}, {}], r"8\.\d dB apart, at most 6"),
        ([{"f0_hz": 0.0}, {}, {}], "sentence 1 holds no voiced speech"),
    ],
)
def test_a_poor_one_is_refused_with_its_figure_and_what_to_do(sentence, changes, message):
    sounds = [sentence(**change) if change.get("f0_hz") != 0.0 else _hiss() for change in changes]
    with pytest.raises(InputError, match=message) as refused:
        make(sounds)
    assert refused.value.mend


def _hiss():
    hiss = (0.05 * np.random.default_rng(3).standard_normal(40_000)).astype(np.float32)
    return hiss, [Span(start=0, end=len(hiss))], None


def test_no_sentences_are_refused():
    with pytest.raises(InputError, match=r"only 0\.0 s of speech"):
        make([])
