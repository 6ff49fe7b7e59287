"""Pitch: what is trusted of a track, and the three numbers made of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicesim.speech.pitch import median_st, semitones, spread_st, trusted, velocity_stps


def track(*hz: float) -> tuple[np.ndarray, np.ndarray]:
    f0_hz = np.array(hz, dtype=np.float32)
    return f0_hz, f0_hz > 0


@pytest.mark.parametrize(("run", "kept"), [(1, False), (3, False), (4, True), (30, True)])
def test_a_voiced_run_under_40_ms_is_dropped(run, kept):
    f0_hz, voiced = track(*[0.0] * 5, *[120.0] * run, *[0.0] * 5)
    assert trusted(f0_hz, voiced).sum() == (run if kept else 0)


def test_values_over_14_semitones_from_the_median_are_dropped():
    f0_hz, voiced = track(*[120.0] * 20, *[120.0 * 2 ** (15 / 12)] * 6, *[120.0 * 2 ** (13 / 12)] * 6)
    assert trusted(f0_hz, voiced).tolist() == [True] * 20 + [False] * 6 + [True] * 6


def test_nothing_voiced_gives_no_numbers():
    f0_hz, voiced = track(0.0, 0.0, 0.0)
    assert not trusted(f0_hz, voiced).any()
    assert [measure(f0_hz, voiced) for measure in (median_st, spread_st, velocity_stps)] == [None, None, None]


def test_a_steady_rise_of_24_semitones_a_second_is_told_as_such():
    hz = 100.0 * 2 ** (np.arange(100) * 0.24 / 12)
    f0_hz, voiced = track(*hz)
    assert velocity_stps(f0_hz, voiced) == pytest.approx(24.0, rel=1e-3)
    assert median_st(f0_hz, voiced) == pytest.approx(semitones(np.array([100.0]))[0] + 11.88, abs=0.01)
    assert spread_st(f0_hz, voiced) == pytest.approx(0.8 * 99 * 0.24, abs=0.01)


def test_octave_jumps_and_gaps_do_not_count_as_movement():
    f0_hz, voiced = track(*[100.0] * 10, *[200.0] * 10, 0.0, *[150.0] * 10)
    assert velocity_stps(f0_hz, voiced) == 0.0


@given(
    hz=st.lists(st.floats(60, 500), min_size=8, max_size=60),
    up_st=st.floats(-6, 6),
)
def test_transposing_moves_the_median_and_nothing_else(hz, up_st):
    """Median goes up by the interval; spread and velocity stay."""
    low = np.array(hz)
    voiced = np.ones(len(low), dtype=bool)
    high = low * 2 ** (up_st / 12)
    assert median_st(high, voiced) - median_st(low, voiced) == pytest.approx(up_st, abs=1e-6)
    assert spread_st(high, voiced) == pytest.approx(spread_st(low, voiced), abs=1e-6)


@given(voiced=st.lists(st.booleans(), max_size=80))
def test_only_voiced_frames_are_ever_trusted(voiced):
    mask = np.array(voiced, dtype=bool)
    kept = trusted(np.full(len(mask), 140.0, dtype=np.float32), mask)
    assert not (kept & ~mask).any()
