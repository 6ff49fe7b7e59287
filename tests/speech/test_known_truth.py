"""Every measure of delivery on made sound whose truth is put in: one reply, one known change, one known number."""

from dataclasses import fields

import numpy as np
import pytest

from voicesim.backends.pitch_tracker import SwiftF0
from voicesim.model import RATE_HZ, Delivery, Span
from voicesim.speech import tension_fit
from voicesim.speech.delivery import measure_delivery

#: 11 words of 14 syllables.
TEXT = "So eighty nine euros left your account twice on the third"
NOT_MEASURED = {"calibrated", "abstained"}
PLAIN = {"f0_hz": 120.0, "wobble_st": 1.0, "tilt_db": -12.0, "level_dbfs": -24.0}
SPAN_A, SPAN_B = Span(start=8_000, end=56_000), Span(start=72_000, end=128_000)
#: Seconds of the two stretches together, and with the pause of 1 s between.
SPEECH_S, EXTENT_S = 6.5, 7.5


@pytest.fixture(scope="module")
def measured(made_voice, typed):
    """A maker of the delivery of 3 s and 3.5 s of voice with a pause of 1 s, after half a second of the room."""
    tracker = SwiftF0()

    def make(*, gain=1.0, noise_dbfs=-70.0, slope_db=0.0, baseline=None, gap_s=0.8, **voice):
        first, second = (made_voice(s, **(PLAIN | voice)) for s in (3.0, 3.5))
        sound = np.concatenate([np.zeros(RATE_HZ // 2), first, np.zeros(RATE_HZ), second])
        sound = sound * 10 ** (slope_db * np.arange(len(sound)) / RATE_HZ / 60 / 20)
        sound = sound + 10 ** (noise_dbfs / 20) * np.random.default_rng(4).standard_normal(len(sound))
        return measure_delivery(
            np.clip(sound * gain, -1, 1).astype(np.float32),
            [SPAN_A, SPAN_B],
            pitch=tracker,
            transcript=typed(TEXT),
            baseline=baseline,
            reply_gap_s=gap_s,
        )

    return make


@pytest.fixture(scope="module")
def plain(measured):
    """The reply without any change."""
    return measured()


def st(f0_hz):
    return 12 * np.log2(f0_hz)


def alpha_of(f0_hz, tilt_db, wobble_st=1.0):
    """Alpha of the made voice from its recipe: harmonics fall by 6 dB an octave, those over 800 Hz by the tilt more."""
    harmonic_hz = f0_hz * np.arange(1, int(5000 / f0_hz) + 1)
    power = (f0_hz / harmonic_hz) ** 2
    clear = (np.abs(st(harmonic_hz / 800.0)) >= wobble_st + 1) & (harmonic_hz > 300) & (harmonic_hz < 3400)
    high = harmonic_hz > 800
    return tilt_db + 10 * np.log10(power[high & clear].sum() / power[~high & clear].sum())


def centroid_of(f0_hz, tilt_db, wobble_st=1.0):
    """Centroid of the made voice from its recipe, in semitones above 1 Hz."""
    harmonic_hz = f0_hz * np.arange(1, int(5000 / f0_hz) + 1)
    power = (f0_hz / harmonic_hz) ** 2 * 10 ** (np.where(harmonic_hz > 800, tilt_db, 0.0) / 10)
    inside = (np.abs(st(harmonic_hz / 800.0)) >= wobble_st + 1) & (harmonic_hz > 200) & (harmonic_hz < 3400)
    return st((power * harmonic_hz)[inside].sum() / power[inside].sum())


def clipped_of(peak):
    """Share of a sine with that peak which full scale cuts off."""
    return 1 - 2 / np.pi * np.arcsin(1 / peak)


#: How far 6 dB more above 800 Hz move the centroid of the plain reply.
BRIGHTER_ST = centroid_of(120.0, -6.0) - centroid_of(120.0, -12.0)
#: Measure: what is changed, its true value, and how far off it may be in its own unit.
TRUTH = {
    "speech_s": ({}, SPEECH_S, 1e-6),
    "articulation_rate_sps": ({}, 14 / SPEECH_S, 1e-6),
    "speech_rate_sps": ({}, 14 / EXTENT_S, 1e-6),
    "words_per_minute": ({}, 60 * 11 / EXTENT_S, 1e-6),
    "pause_share": ({}, 1.0 / EXTENT_S, 1e-6),
    "longest_pause_s": ({}, 1.0, 1e-6),
    "reply_gap_s": ({"gap_s": 1.4}, 1.4, 1e-9),
    "level_dbfs": ({"level_dbfs": -31.0}, -31.0, 0.1),
    "level_slope_db_per_min": ({"slope_db": 40.0}, 40.0, 2.0),
    "f0_median_st": ({"f0_hz": 210.0}, st(210.0), 0.1),
    # A sine of amplitude a lies between its 10th and 90th percentile over 2 a sin(0.4 pi).
    "f0_spread_st": ({"wobble_st": 2.0}, 4 * np.sin(0.4 * np.pi), 0.2),
    # A sine of amplitude a and 3 Hz moves 12 a a second.
    "f0_velocity_stps": ({"wobble_st": 1.5}, 18.0, 1.0),
    "alpha_db": ({"tilt_db": -8.0}, alpha_of(120.0, -8.0), 0.3),
    "centroid_st": ({"tilt_db": -8.0}, centroid_of(120.0, -8.0), 0.2),
    "snr_db": ({"noise_dbfs": -44.0}, 20.0, 0.5),
}


@pytest.mark.parametrize("measure", TRUTH)
def test_it_tells_what_was_put_in(measured, measure):
    change, truth, tolerance = TRUTH[measure]
    assert getattr(measured(**change), measure) == pytest.approx(truth, abs=tolerance)


def test_the_clipped_share_is_what_full_scale_cuts_off_a_tone(known_pitch):
    tone = 1.5 * np.sin(2 * np.pi * 220 * np.arange(3 * RATE_HZ) / RATE_HZ)
    sound = np.clip(tone, -1, 1).astype(np.float32)
    got = measure_delivery(sound, [Span(start=0, end=len(sound))], pitch=known_pitch(), transcript=None, baseline=None)
    assert got.clipped_share == pytest.approx(clipped_of(1.5), abs=0.005)


@pytest.mark.parametrize(
    ("measure", "change", "truth", "tolerance"),
    [
        ("level_db_re_baseline", {"level_dbfs": -18.0}, 6.0, 0.1),
        ("f0_median_st_re_baseline", {"f0_hz": 120.0 * 2 ** (5 / 12)}, 5.0, 0.15),
        ("f0_velocity_sps_re_baseline", {"wobble_st": 1.5}, 6.0, 1.0),
        ("alpha_db_re_baseline", {"tilt_db": -6.0}, 6.0, 0.2),
        ("centroid_st_re_baseline", {"tilt_db": -6.0}, BRIGHTER_ST, 0.2),
    ],
)
def test_a_difference_is_told_against_the_baseline(measured, own, measure, change, truth, tolerance):
    assert getattr(measured(baseline=own, **change), measure) == pytest.approx(truth, abs=tolerance)


@pytest.fixture(scope="module")
def own(plain, baseline_like):
    """A baseline that is the plain reply itself."""
    return baseline_like(plain)


@pytest.mark.parametrize(
    ("change", "points"),
    [
        ({}, 0.0),
        ({"tilt_db": -6.0}, BRIGHTER_ST * tension_fit.CALIBRATED[2]),
        ({"wobble_st": 1.5}, 6.0 * tension_fit.CALIBRATED[3]),
    ],
)
def test_tension_moves_by_what_the_coefficients_say(measured, own, change, points):
    """Within 0.25 points; at the baseline itself it is the intercept."""
    assert measured(baseline=own, **change).tension == pytest.approx(tension_fit.CALIBRATED[0] + points, abs=0.25)


@pytest.mark.parametrize(("tilt_db", "band"), [(-12.0, "calm"), (12.0, "tense")])
def test_the_band_follows_from_the_tension(measured, own, tilt_db, band):
    assert measured(baseline=own, tilt_db=tilt_db).tension_band == band


def test_five_semitones_up_and_six_decibels_brighter_score_as_the_coefficients_say(measured, own):
    """Within 0.3 points. A higher voice has other harmonics; that part of its centroid is in the recipe."""
    up_hz = 120.0 * 2 ** (5 / 12)
    brighter_st = centroid_of(up_hz, -6.0) - centroid_of(120.0, -12.0)
    _, of_pitch, of_centroid, _ = tension_fit.CALIBRATED
    expected = tension_fit.CALIBRATED[0] + 5.0 * of_pitch + brighter_st * of_centroid
    assert measured(baseline=own, f0_hz=up_hz, tilt_db=-6.0).tension == pytest.approx(expected, abs=0.3)


@pytest.mark.parametrize("gain", [0.1, 0.3, 3.0])
def test_gain_changes_level_and_nothing_else(measured, own, gain):
    """Level by the gain; all else within 0.1 of its unit."""
    one, other = measured(baseline=own), measured(baseline=own, gain=gain)
    told = {field.name for field in fields(Delivery)} - NOT_MEASURED - {"tension_band"}
    moved = {name: getattr(other, name) - getattr(one, name) for name in told}
    for level in ("level_dbfs", "level_db_re_baseline"):
        assert moved.pop(level) == pytest.approx(20 * np.log10(gain), abs=0.01)
    assert {name: by for name, by in moved.items() if abs(by) > 0.1} == {}
    assert other.tension_band == one.tension_band


def test_no_measure_is_without_its_truth():
    """A new measure must come with a sound of which it is known."""
    against = {
        "level_db_re_baseline",
        "f0_median_st_re_baseline",
        "f0_velocity_sps_re_baseline",
        "alpha_db_re_baseline",
        "centroid_st_re_baseline",
    }
    told = {*TRUTH, *against, "clipped_share", "tension", "tension_band"}
    assert {field.name for field in fields(Delivery)} - NOT_MEASURED == told
