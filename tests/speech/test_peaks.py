"""Syllables counted by ear: bursts of a known number, in noise and at any gain."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicesim.model import RATE_HZ, Samples, Span
from voicesim.speech.peaks import SYLLABLES_A_PEAK, heard_syllables, peaks_over_dips, syllable_peaks


def bursts(count: int, *, every_s: float = 0.2, dip_db: float = 20.0) -> Samples:
    """A tone of 800 Hz whose loudness rises and falls ``count`` times, by so much."""
    at_s = np.arange(int(count * every_s * RATE_HZ)) / RATE_HZ
    loudness_db = -20.0 - dip_db / 2 * (1 + np.cos(2 * np.pi * at_s / every_s))
    return (10 ** (loudness_db / 20) * np.sin(2 * np.pi * 800 * at_s)).astype(np.float32)


def all_of(samples: Samples) -> tuple[list[Span], np.ndarray]:
    return [Span(start=0, end=len(samples))], np.ones(1 + len(samples) // 160, dtype=bool)


@pytest.mark.parametrize("count", [1, 4, 25])
@pytest.mark.parametrize("gain", [0.01, 0.1, 1.0])
def test_each_burst_is_one_peak_at_any_gain(count, gain):
    samples = bursts(count) * np.float32(gain)
    assert len(syllable_peaks(samples, *all_of(samples))) == count
    assert heard_syllables(samples, *all_of(samples)) == pytest.approx(count * SYLLABLES_A_PEAK)


def test_peaks_lie_in_the_middle_of_the_bursts():
    samples = bursts(5, every_s=0.24)
    assert syllable_peaks(samples, *all_of(samples)) == pytest.approx(12 + 24 * np.arange(5), abs=1)


@pytest.mark.parametrize(("dip_db", "count"), [(0.4, 1), (3.0, 10)])
def test_a_dip_of_half_a_decibel_parts_two_syllables(dip_db, count):
    samples = bursts(10, dip_db=dip_db)
    assert len(syllable_peaks(samples, *all_of(samples))) == count


def test_only_voiced_peaks_in_speech_count():
    samples = bursts(10)
    speech, voiced = all_of(samples)
    voiced[100:] = False
    assert len(syllable_peaks(samples, speech, voiced)) == 5
    assert len(syllable_peaks(samples, [Span(start=0, end=3 * 3200)], np.ones_like(voiced))) == 3
    assert heard_syllables(samples, [], voiced) == 0


def test_hiss_and_hum_are_no_syllables():
    """Outside 400-3300 Hz nothing counts, however loud."""
    at_s = np.arange(2 * RATE_HZ) / RATE_HZ
    swell = 0.5 * (1 + np.cos(2 * np.pi * 5 * at_s))
    outside = swell * (np.sin(2 * np.pi * 100 * at_s) + np.sin(2 * np.pi * 6000 * at_s))
    samples = (0.3 * outside).astype(np.float32) + bursts(1, every_s=2.0)
    assert len(syllable_peaks(samples, *all_of(samples))) == 1


@given(course=st.lists(st.floats(-60, 0), max_size=60), dip=st.floats(0.5, 6))
def test_between_two_peaks_there_is_always_a_dip(course, dip):
    values = np.array(course)
    peaks = peaks_over_dips(values, dip)
    for left, right in pairwise(peaks):
        lowest = values[left : right + 1].min()
        assert min(values[left], values[right]) - lowest >= dip
