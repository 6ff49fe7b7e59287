"""Tension: the score is what its coefficients say, free of gain, and told only where it may be."""

from dataclasses import replace

import numpy as np
import pytest

from voicesim.backends.pitch_tracker import SwiftF0
from voicesim.model import Span
from voicesim.speech import tension, tension_fit
from voicesim.speech.tension import VoiceMeasures, another_voice, band, believed, measure_voice, refusal, score


def whole(samples: np.ndarray) -> list[Span]:
    return [Span(start=0, end=len(samples))]


def test_at_the_baseline_a_voice_is_calm(baseline):
    """A long baseline is taken at its word; then the score is the intercept."""
    long = replace(baseline, speech_s=1e9)
    own = (long.f0_median_st, long.centroid_st, long.f0_velocity_stps)
    assert score(*own, baseline=long) == pytest.approx(tension_fit.CALIBRATED[0], abs=1e-3)
    assert band(tension_fit.CALIBRATED[0]) == "calm"
    assert band(score(*own, baseline=baseline)) == "calm"


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_baseline_counts_half_at_its_seconds_of_doubt(baseline, number):
    half = believed(replace(baseline, speech_s=tension_fit.DOUBT_S[number]))[number]
    own = (baseline.f0_median_st, baseline.centroid_st, baseline.f0_velocity_stps)[number]
    assert half == pytest.approx((own + tension_fit.NEUTRAL[number]) / 2)


def test_pitch_is_known_sooner_than_brightness_and_brightness_sooner_than_movement():
    assert sorted(tension_fit.DOUBT_S) == list(tension_fit.DOUBT_S)
    assert tension_fit.DOUBT_S[0] < 0.5


@pytest.mark.parametrize("weights", [tension_fit.CALIBRATED, tension_fit.UNCALIBRATED])
def test_higher_brighter_and_livelier_are_all_more_tense(weights):
    assert all(weight > 0 for weight in weights[1:])


@pytest.mark.parametrize(
    ("value", "expected"), [(-1.01, "calm"), (-1.0, "calm"), (-0.99, "raised"), (1.0, "raised"), (1.01, "tense")]
)
def test_the_edges_of_the_bands_are_minus_one_and_one(value, expected):
    assert band(value) == expected


@pytest.mark.parametrize(("up_st", "up_db"), [(0.0, 0.0), (5.0, 0.0), (0.0, 6.0), (5.0, 6.0), (-5.0, -6.0)])
def test_a_voice_5_st_higher_and_6_db_brighter_scores_what_the_coefficients_say(made_voice, baseline, up_st, up_db):
    """Measured on sound by the real tracker: within 0.3 points of the weights times what was put in."""
    tracker, high_hz = SwiftF0(), 120.0 * 2 ** (up_st / 12)
    sounds = (
        made_voice(3.0, f0_hz=120.0, wobble_st=1.0, tilt_db=-12.0),
        made_voice(3.0, f0_hz=high_hz, wobble_st=1.0, tilt_db=-12.0),
        made_voice(3.0, f0_hz=high_hz, wobble_st=1.0, tilt_db=-12.0 + up_db),
    )
    plain, higher, both = (measure_voice(sound, whole(sound), tracker) for sound in sounds)
    assert both.f0_median_st - plain.f0_median_st == pytest.approx(up_st, abs=0.15)
    assert both.alpha_db - higher.alpha_db == pytest.approx(up_db, abs=0.2)
    before, after = (
        score(one.f0_median_st, one.centroid_st, one.f0_velocity_stps, baseline=baseline) for one in (plain, both)
    )
    # What 6 dB more above 800 Hz are in semitones is known from the recipe (test_known_truth.py).
    put_in_st = both.centroid_st - plain.centroid_st
    assert np.sign(both.centroid_st - higher.centroid_st) == np.sign(up_db)
    expected = tension_fit.CALIBRATED[1] * up_st + tension_fit.CALIBRATED[2] * put_in_st
    assert after - before == pytest.approx(expected, abs=0.3)


@pytest.mark.parametrize("gain", [0.1, 0.5, 2.0])
def test_gain_moves_no_measure(made_voice, gain):
    tracker = SwiftF0()
    plain = made_voice(2.5, f0_hz=150.0, wobble_st=1.0)
    loud = (plain * gain).astype(np.float32)
    one, other = (measure_voice(sound, whole(sound), tracker) for sound in (plain, loud))
    assert other.f0_median_st == pytest.approx(one.f0_median_st, abs=1e-3)
    assert other.alpha_db == pytest.approx(one.alpha_db, abs=1e-3)
    assert other.centroid_st == pytest.approx(one.centroid_st, abs=1e-3)
    assert other.f0_velocity_stps == pytest.approx(one.f0_velocity_stps, abs=1e-2)


def test_what_sounds_outside_the_speech_does_not_count(made_voice):
    low, high = made_voice(2.0, f0_hz=110.0), made_voice(2.0, f0_hz=220.0)
    samples = np.concatenate([low, high])
    voice = measure_voice(samples, [Span(start=0, end=len(low))], SwiftF0())
    assert voice.f0_median_st == pytest.approx(12 * np.log2(110.0), abs=0.1)
    assert voice.voiced_s == pytest.approx(2.0, abs=0.1)


def test_whispering_has_no_voice_measures(rng):
    hiss = (0.05 * rng.standard_normal(32_000)).astype(np.float32)
    assert measure_voice(hiss, whole(hiss), SwiftF0()) is None
    assert measure_voice(hiss, [], SwiftF0()) is None


@pytest.mark.parametrize(
    ("speech_s", "snr_db", "clipped", "reason"),
    [
        (1.49, 40.0, 0.0, "under 1.5 s of speech"),
        (1.5, 40.0, 0.0, None),
        (3.0, 7.9, 0.0, "under 8 dB of signal to noise"),
        (3.0, None, 0.0, "under 8 dB of signal to noise"),
        (3.0, 8.0, 0.0, None),
        (3.0, 40.0, 0.011, "over 1 % of the samples are clipped"),
        (3.0, 40.0, 0.01, None),
    ],
)
def test_the_one_rule_of_abstaining(speech_s, snr_db, clipped, reason):
    assert refusal(speech_s, snr_db, clipped) == reason


@pytest.mark.parametrize(
    ("up_st", "brighter_st", "reason"),
    [
        (0.0, 0.0, None),
        (-4.9, 0.0, None),
        (-5.1, 0.0, "may be another voice: pitch is 5 semitones below the baseline's"),
        (-9.0, 12.0, "may be another voice: pitch is 9 semitones below the baseline's"),
        (7.9, 0.0, None),
        (10.0, 0.0, "may be another voice: pitch is 10 semitones above the baseline's"),
        (10.0, 6.0, None),
    ],
)
def test_a_pitch_that_nobody_has_unless_raised_may_be_another_voice(baseline, up_st, brighter_st, reason):
    voice = VoiceMeasures(
        f0_median_st=baseline.f0_median_st + up_st,
        centroid_st=baseline.centroid_st + brighter_st,
        f0_velocity_stps=baseline.f0_velocity_stps,
        alpha_db=baseline.alpha_db,
        f0_spread_st=4.0,
        voiced_s=2.0,
    )
    assert another_voice(voice, baseline) == reason


def test_the_lines_are_those_the_documents_give():
    assert (tension.CALM_TO, tension.TENSE_FROM) == (-1.0, 1.0)
