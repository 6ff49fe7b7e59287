"""How much of its sound a device owes, by made times."""

import numpy as np
import pytest

from voicesim.backends.shortfall import WINDOW_S, Shortfall

BLOCK_S = 0.02


def owed(late_s, lost=()):
    """What is owed at most in the course of blocks that came so much late; those numbered in ``lost`` never came."""
    shortfall, most = Shortfall(), 0.0
    due_s = 7.3 + np.arange(len(late_s)) * BLOCK_S
    for number, at_s in enumerate(np.maximum.accumulate(due_s + late_s)):
        if number not in lost:
            shortfall.add(BLOCK_S, at_s)
            most = max(most, shortfall.owed_s)
    return most


def test_late_blocks_owe_nothing(rng):
    """Neither jitter nor a stall that is made good: the sound is all there."""
    jitter = rng.exponential(0.03, 3_000)
    assert owed(jitter) < 0.02
    since_s = (np.arange(3_000) - 1_500) * BLOCK_S
    assert owed(jitter + np.where((since_s >= 0) & (since_s < 1.5), 1.5 - since_s, 0.0)) < 0.1


@pytest.mark.parametrize("drift", [-200e-6, 200e-6])
def test_a_clock_of_its_own_owes_nothing(drift):
    assert owed(np.arange(30_000) * BLOCK_S * drift) < 0.005


def test_lost_blocks_are_owed():
    """A hole of 0.6 s is owed as soon as a second has passed, and one block of twenty is 0.5 s of ten."""
    assert owed(np.zeros(3_000), lost=range(1_000, 1_030)) == pytest.approx(0.6, abs=0.02)
    assert owed(np.zeros(3_000), lost=range(0, 3_000, 20)) == pytest.approx(WINDOW_S / 20, abs=0.05)


def test_a_loss_is_forgotten_after_its_time():
    shortfall = Shortfall()
    for number in range(2_000):
        if not 500 <= number < 540:
            shortfall.add(BLOCK_S, number * BLOCK_S)
    assert shortfall.owed_s == pytest.approx(0.0, abs=1e-9)


def test_owes_nothing_before_anything_came():
    assert Shortfall().owed_s == 0.0
