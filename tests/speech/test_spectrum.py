"""Alpha ratio of sound whose spectrum is known."""

import numpy as np
import pytest

from voicesim.speech.spectrum import alpha_db, mean_power

RATE_HZ = 16_000


def tones(*parts: tuple[float, float], duration_s: float = 1.0) -> np.ndarray:
    time_s = np.arange(int(duration_s * RATE_HZ)) / RATE_HZ
    return sum(a * np.sin(2 * np.pi * hz * time_s) for hz, a in parts).astype(np.float32)


def inner_frames(samples: np.ndarray) -> np.ndarray:
    voiced = np.zeros(1 + len(samples) // 160, dtype=bool)
    voiced[5:-5] = True
    return voiced


@pytest.mark.parametrize(("high", "expected_db"), [(0.1, 0.0), (0.05, -6.02), (0.01, -20.0)])
def test_alpha_is_the_power_of_the_high_part_over_the_low_one(high, expected_db):
    samples = tones((500.0, 0.1), (2500.0, high))
    assert alpha_db(samples, inner_frames(samples)) == pytest.approx(expected_db, abs=0.05)


def test_what_lies_below_50_hz_or_above_5_khz_does_not_count():
    """Mains hum of the lowest bin, an offset and hiss leave alpha as it is."""
    samples = tones((500.0, 0.1), (2500.0, 0.05))
    dirty = samples + tones((6500.0, 0.2)) + np.float32(0.2)
    assert alpha_db(dirty, inner_frames(dirty)) == pytest.approx(alpha_db(samples, inner_frames(samples)), abs=0.05)


@pytest.mark.parametrize("gain", [0.001, 0.1, 3.0])
def test_gain_changes_nothing(gain):
    samples = tones((200.0, 0.1), (1800.0, 0.03))
    loud = (samples * gain).astype(np.float32)
    assert alpha_db(loud, inner_frames(loud)) == pytest.approx(alpha_db(samples, inner_frames(samples)), abs=1e-3)


def test_only_voiced_frames_count():
    samples = np.concatenate([tones((500.0, 0.1), (2500.0, 0.05)), tones((3000.0, 0.5))])
    voiced = np.zeros(1 + len(samples) // 160, dtype=bool)
    voiced[5:90] = True
    assert alpha_db(samples, voiced) == pytest.approx(-6.02, abs=0.05)


def test_frames_are_centred_every_160_samples():
    """A click at sample 1600 is in the middle of frame 10: its power there is the largest of all frames."""
    samples = np.zeros(4000, dtype=np.float32)
    samples[1600] = 1.0
    powers = [mean_power(samples, np.array([i])).sum() for i in range(25)]
    assert int(np.argmax(powers)) == 10


def test_no_voice_and_silence_have_no_alpha():
    assert alpha_db(np.zeros(1600, dtype=np.float32), np.zeros(11, dtype=bool)) is None
    assert alpha_db(np.zeros(1600, dtype=np.float32), np.ones(11, dtype=bool)) is None


def test_a_long_reply_gives_the_same_as_its_parts():
    """Batches of frames are a matter of memory, not of the result."""
    samples = np.tile(tones((300.0, 0.1), (2100.0, 0.04)), 25)
    assert alpha_db(samples, inner_frames(samples)) == pytest.approx(-7.96, abs=0.05)
