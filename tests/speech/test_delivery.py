"""Delivery: every measure is filled, or its reason is told in words."""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicesim.backends.pitch_tracker import SwiftF0
from voicesim.model import RATE_HZ, Delivery, Span
from voicesim.speech import tension_fit
from voicesim.speech.delivery import measure_delivery
from voicesim.speech.pitch import semitones
from voicesim.speech.tension import believed

TEXT = "So eighty nine euros left your account twice on the third"
SHORT = Span(start=0, end=20_000)
ALWAYS = {"speech_s", "calibrated", "abstained"}
MEASURES = {field.name for field in fields(Delivery)} - ALWAYS


@pytest.fixture
def reply(made_voice, rng):
    """Seven seconds, 40 dB over its noise, with one pause of 0.5 s; and its speech."""
    first = made_voice(3.0, f0_hz=120.0, wobble_st=1.0, level_dbfs=-24)
    second = made_voice(3.5, f0_hz=120.0, wobble_st=1.0, level_dbfs=-24)
    samples = np.concatenate([first, np.zeros(RATE_HZ // 2), second])
    samples = (samples + 10 ** (-64 / 20) * rng.standard_normal(len(samples))).astype(np.float32)
    return samples, [Span(start=0, end=48_000), Span(start=56_000, end=112_000)]


def told(delivery: Delivery) -> set[str]:
    return {name for name in MEASURES if getattr(delivery, name) is not None}


def test_a_good_reply_fills_every_measure(reply, typed, baseline):
    samples, speech = reply
    got = measure_delivery(samples, speech, pitch=SwiftF0(), transcript=typed(TEXT), baseline=baseline, reply_gap_s=0.7)
    assert told(got) == MEASURES
    assert got.abstained == {}
    assert got.calibrated
    assert got.speech_s == pytest.approx(6.5)
    assert got.longest_pause_s == pytest.approx(0.5)
    assert got.pause_share == pytest.approx(0.5 / 7)
    assert got.articulation_rate_sps == pytest.approx(14 / 6.5)
    assert got.level_db_re_baseline == pytest.approx(2.0, abs=0.2)
    assert got.level_slope_db_per_min == pytest.approx(0.0, abs=1.5)
    assert got.snr_db == pytest.approx(40, abs=1)
    assert got.f0_median_st == pytest.approx(semitones(np.array([120.0]))[0], abs=0.1)
    # A vibrato of 3 Hz and 1 semitone moves 12 semitones a second.
    assert got.f0_velocity_stps == pytest.approx(12.0, abs=1.0)
    differences = np.array([got.f0_median_st, got.centroid_st, got.f0_velocity_stps]) - believed(baseline)
    expected = tension_fit.CALIBRATED[0] + differences @ tension_fit.CALIBRATED[1:]
    assert got.tension == pytest.approx(expected)


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        (
            {"transcript": None, "cut": 40_000, "noise_dbfs": -70},
            {"articulation_rate_sps": "no transcript, and under 3 s of speech"},
        ),
        ({"transcript": None}, {"words_per_minute": "no transcript: the rates are counted from the sound"}),
        ({"transcript": "I see"}, {"words_per_minute": "under 8 words"}),
        ({"baseline": None}, {"f0_median_st_re_baseline": "no baseline", "level_db_re_baseline": "no baseline"}),
        ({"reply_gap_s": None}, {"reply_gap_s": "the gap was not timed"}),
        (
            {"speech": [SHORT]},
            {"tension": "under 1.5 s of speech", "tension_band": "under 1.5 s of speech"},
        ),
        ({"speech": []}, {"tension": "under 1.5 s of speech", "level_dbfs": "no speech", "pause_share": "no speech"}),
        ({"noise_dbfs": -30}, {"tension": "under 8 dB of signal to noise"}),
        ({"noise_dbfs": -36}, {"level_dbfs": "under 15 dB of signal to noise"}),
        ({"gain": 200.0}, {"tension": "over 1 % of the samples are clipped"}),
        ({"cut": 80_000}, {"level_slope_db_per_min": "under 6 s of reply"}),
    ],
)
def test_each_measure_that_is_missing_has_its_reason(reply, typed, baseline, rng, known_pitch, change, missing):
    samples, speech = reply
    samples = np.clip(samples[: change.get("cut")] * change.get("gain", 1.0), -1, 1).astype(np.float32)
    noise = None
    if "noise_dbfs" in change:
        noise = (10 ** (change["noise_dbfs"] / 20) * rng.standard_normal(RATE_HZ)).astype(np.float32)
    words = change.get("transcript", TEXT)
    got = measure_delivery(
        samples,
        change.get("speech", speech),
        pitch=known_pitch(),
        transcript=typed(words) if words else None,
        baseline=change.get("baseline", baseline),
        reply_gap_s=change.get("reply_gap_s", 0.4),
        noise=noise,
    )
    assert {name: got.abstained.get(name) for name in missing} == missing
    assert set(got.abstained) == MEASURES - told(got)


def test_without_a_baseline_tension_is_told_and_marked(reply, known_pitch):
    samples, speech = reply
    got = measure_delivery(samples, speech, pitch=known_pitch(), transcript=None, baseline=None)
    assert got.tension is not None
    assert got.tension_band in ("calm", "raised", "tense")
    assert not got.calibrated


def test_a_baseline_without_a_centroid_counts_as_none(reply, baseline, known_pitch):
    """It was measured in an earlier way, as one inside an old record: nothing is compared with it."""
    samples, speech = reply
    got, without = (
        measure_delivery(samples, speech, pitch=known_pitch(), transcript=None, baseline=own)
        for own in (replace(baseline, centroid_st=None), None)
    )
    assert got == without


def test_a_tenth_of_the_gain_changes_level_and_nothing_of_tension(reply, typed, baseline):
    samples, speech = reply
    one, other = (
        measure_delivery(sound, speech, pitch=SwiftF0(), transcript=typed(TEXT), baseline=baseline)
        for sound in (samples, (samples * 0.1).astype(np.float32))
    )
    assert other.level_dbfs - one.level_dbfs == pytest.approx(-20, abs=0.01)
    assert other.tension == pytest.approx(one.tension, abs=0.1)
    assert other.tension_band == one.tension_band


def test_the_caller_in_the_microphone_is_told_and_no_tension_is(reply, baseline, known_pitch):
    """What sounded in the ears is in the microphone: no measure of the voice, and the reason in words."""
    samples, speech = reply
    rng = np.random.default_rng(6)
    # Bursts of noise stand for the caller: known, and unlike the steady voice of the reply.
    course = np.repeat(rng.uniform(0.0, 1.0, len(samples) // 1600 + 1), 1600)[: len(samples)]
    ears = (0.2 * course * rng.standard_normal(len(samples))).astype(np.float32)
    got = measure_delivery(
        samples * np.float32(0.01) + ears, speech, pitch=known_pitch(), transcript=None, baseline=baseline, ears=ears
    )
    alone = measure_delivery(samples, speech, pitch=known_pitch(), transcript=None, baseline=baseline, ears=ears)
    assert got.abstained["tension"] == "the caller's voice leaks into the microphone"
    assert got.level_dbfs is not None
    assert alone.tension is not None


def test_somebody_else_than_the_person_of_the_baseline_may_be_speaking(reply, baseline, known_pitch):
    samples, speech = reply
    got = measure_delivery(samples, speech, pitch=known_pitch(60.0), transcript=None, baseline=baseline)
    assert got.abstained["tension"] == "may be another voice: pitch is 11 semitones below the baseline's"


def test_without_a_transcript_the_rates_are_counted_from_the_sound_unless_the_voice_is_raised(
    reply, baseline, known_pitch
):
    """The same reply beside the own baseline, and beside a far darker one, against which it is raised."""
    samples, speech = reply
    calm, raised = (
        measure_delivery(samples, speech, pitch=known_pitch(), transcript=None, baseline=own)
        for own in (baseline, replace(baseline, centroid_st=87.0))
    )
    assert calm.speech_rate_sps < calm.articulation_rate_sps
    assert calm.abstained["words_per_minute"] == "no transcript: the rates are counted from the sound"
    assert "in a raised voice syllables cannot be counted" in raised.abstained["articulation_rate_sps"]


@settings(max_examples=40, deadline=None)
@given(
    edges=st.lists(st.integers(-2_000, 40_000), max_size=6),
    length=st.integers(0, 30_000),
    f0_hz=st.sampled_from([0.0, 90.0, 210.0]),
)
def test_any_spans_and_any_length_are_told_or_refused_with_finite_numbers(known_pitch, edges, length, f0_hz):
    """Spans beyond the sound, empty sound, no voice: numbers are finite and every missing one has a reason."""
    samples = (0.1 * np.random.default_rng(0).standard_normal(length)).astype(np.float32)
    pairs = sorted(edges)[: len(edges) // 2 * 2]
    speech = [Span(start=a, end=b) for a, b in zip(pairs[::2], pairs[1::2], strict=True)]
    got = measure_delivery(samples, speech, pitch=known_pitch(f0_hz), transcript=None, baseline=None)
    assert set(got.abstained) == MEASURES - told(got)
    numbers = [getattr(got, name) for name in told(got) - {"tension_band"}]
    assert np.isfinite(numbers).all()


def test_every_measure_has_its_line_in_the_documents():
    page = (Path(__file__).parents[2] / "docs" / "delivery.md").read_text(encoding="utf-8")
    assert [name for name in sorted(MEASURES | ALWAYS) if f"`{name}`" not in page] == []
