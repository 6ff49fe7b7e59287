"""Level, its slope and signal to noise, on sound whose levels are known."""

import numpy as np
import pytest

from voicesim.model import RATE_HZ, Span
from voicesim.speech.level import slope_db_per_min, snr_db, speech_level_dbfs, spoken, within


def noise(duration_s: float, dbfs: float, seed: int = 1) -> np.ndarray:
    made = np.random.default_rng(seed).standard_normal(int(duration_s * RATE_HZ))
    return (made * 10 ** (dbfs / 20)).astype(np.float32)


def seconds(start_s: float, end_s: float) -> Span:
    return Span(start=int(start_s * RATE_HZ), end=int(end_s * RATE_HZ))


def test_spans_are_cut_to_the_samples_and_sorted():
    spans = [Span(start=90, end=200), Span(start=-5, end=20), Span(start=300, end=310)]
    assert within(spans, 100) == (Span(start=0, end=20), Span(start=90, end=100))


def test_level_is_of_the_speech_only():
    samples = np.concatenate([noise(1, -20), noise(3, -60)])
    assert speech_level_dbfs(samples, [seconds(0, 1)]) == pytest.approx(-20, abs=0.2)
    assert speech_level_dbfs(samples, []) == -np.inf
    assert len(spoken(samples, [])) == 0


@pytest.mark.parametrize("rise", [-30.0, 0.0, 30.0])
def test_slope_is_told_in_db_a_minute(rise):
    duration_s = 12.0
    minutes = np.arange(int(duration_s * RATE_HZ)) / RATE_HZ / 60
    samples = (noise(duration_s, -30) * 10 ** (rise * minutes / 20)).astype(np.float32)
    speech = [seconds(0, 4), seconds(4.5, 9), seconds(9.6, 12)]
    assert slope_db_per_min(samples, speech) == pytest.approx(rise, abs=1.5)


def test_a_short_reply_has_no_slope():
    assert slope_db_per_min(noise(5, -20), [seconds(0, 5)]) is None
    assert slope_db_per_min(noise(5, -20), []) is None


@pytest.mark.parametrize("expected_db", [5.0, 12.0, 30.0])
def test_signal_to_noise_is_right_within_1_db_by_the_second_before_and_by_the_gaps(expected_db):
    floor = noise(6, -50)
    samples = floor.copy()
    samples[RATE_HZ : 4 * RATE_HZ] += noise(3, -50 + expected_db, seed=2)
    speech = [seconds(1, 4)]
    assert snr_db(samples, speech, noise(1, -50, seed=3)) == pytest.approx(expected_db, abs=1)
    assert snr_db(samples, speech) == pytest.approx(expected_db, abs=1)


def test_without_a_pause_the_quietest_speech_gives_a_lower_bound():
    syllables = np.repeat(np.tile([1.0, 1.0, 1.0, 0.0], 10), 1600)
    samples = (noise(4, -20) * syllables + noise(4, -50, seed=2)).astype(np.float32)
    assert snr_db(samples, [seconds(0, 4)]) == pytest.approx(28.8, abs=1.5)


def test_speech_that_voice_activity_missed_is_not_taken_for_noise():
    syllables = np.repeat(np.tile([1.0, 1.0, 1.0, 0.0], 10), 1600)
    samples = (noise(4, -20) * syllables + noise(4, -55, seed=2)).astype(np.float32)
    assert snr_db(samples, [seconds(1, 4)]) > 25


@pytest.mark.parametrize("speech", [[], [seconds(0, 1)]])
def test_silence_has_no_signal_to_noise(speech):
    assert snr_db(np.zeros(RATE_HZ, dtype=np.float32), speech) is None


def test_digital_silence_around_speech_stays_a_finite_number():
    samples = np.concatenate([np.zeros(RATE_HZ), noise(2, -20), np.zeros(RATE_HZ)]).astype(np.float32)
    assert snr_db(samples, [seconds(1, 3)]) == pytest.approx(76, abs=1)
