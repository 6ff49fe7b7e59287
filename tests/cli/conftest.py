"""What several tests of the command line use."""

import pytest

from voicesim.model import Baseline


@pytest.fixture
def baseline():
    """A baseline with every kind of value: text, numbers, and one that is unknown."""
    return Baseline(
        trainee="you",
        headset="test",
        f0_median_st=85.2,
        alpha_db=-8.1,
        f0_velocity_stps=20.5,
        level_dbfs=-23.0,
        articulation_rate_sps=None,
        speech_s=12.5,
        snr_db=31.0,
        made_utc="2026-01-31T12:00:00+00:00",
    )
