"""What every pitch tracker must do, the fake and the real one alike; the truth is made."""

from collections.abc import Callable

import numpy as np
import pytest

from voicesim.backends.fakes import FakePitch
from voicesim.backends.pitch_tracker import SwiftF0
from voicesim.model import RATE_HZ, Samples
from voicesim.ports import PitchTracker

TRACKERS: dict[str, Callable[[], PitchTracker]] = {"fake": FakePitch, "swift-f0": SwiftF0}


@pytest.fixture(scope="module", params=TRACKERS)
def pitch(request) -> PitchTracker:
    return TRACKERS[request.param]()


def voice_like(f0_hz: float, seconds: float = 1.0) -> Samples:
    """Ten harmonics, falling as those of a voice do."""
    at_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    parts = [np.sin(2 * np.pi * f0_hz * k * at_s) / k for k in range(1, 11)]
    return (0.2 * np.sum(parts, axis=0)).astype(np.float32)


@pytest.mark.parametrize("f0_hz", [90, 120, 200, 320])
def test_a_tone_is_tracked_to_a_third_of_a_semitone(pitch, f0_hz):
    f0, voiced = pitch.track(voice_like(f0_hz))
    assert voiced[10:-10].mean() > 0.9
    assert abs(12 * np.log2(np.median(f0[voiced]) / f0_hz)) < 0.33


def test_silence_is_not_voiced(pitch):
    assert not pitch.track(np.zeros(RATE_HZ, dtype=np.float32))[1].any()


@pytest.mark.parametrize("length", [1_600, 8_000, 8_100, 16_000])
def test_there_is_one_value_for_each_10th_of_a_tenth_of_a_second(pitch, length):
    f0, voiced = pitch.track(voice_like(150)[:length])
    assert len(f0) == len(voiced) == 1 + length // 160


def test_the_same_sound_gives_the_same_track(pitch):
    one, other = pitch.track(voice_like(150)), pitch.track(voice_like(150))
    assert (one[0] == other[0]).all()
    assert (one[1] == other[1]).all()
