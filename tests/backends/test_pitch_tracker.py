"""SwiftF0 behind the port: frames where the port puts them, known pitch, real speech beside pyin, errors."""

import sys

import numpy as np
import pytest

from voicesim.backends.pitch_tracker import SwiftF0, every_10_ms
from voicesim.errors import MissingPart

RATE_HZ = 16_000


def glide(low_hz: float, high_hz: float, duration_s: float) -> np.ndarray:
    """A tone of 10 harmonics whose pitch runs straight in semitones."""
    time_s = np.arange(int(duration_s * RATE_HZ)) / RATE_HZ
    f0_hz = low_hz * (high_hz / low_hz) ** (time_s / duration_s)
    phase = 2 * np.pi * np.cumsum(f0_hz) / RATE_HZ
    return (0.1 * sum(np.cos(k * phase) / k for k in range(1, 11))).astype(np.float32)


@pytest.mark.parametrize("length", [0, 1, 159, 160, 400, 15_999, 16_000, 48_007])
def test_there_is_one_value_every_160_samples(length):
    f0_hz, voiced = SwiftF0().track(np.zeros(length, dtype=np.float32))
    assert len(f0_hz) == len(voiced) == (1 + length // 160 if length else 0)
    assert (f0_hz.dtype, voiced.dtype) == (np.float32, np.bool_)
    assert not voiced.any()


@pytest.mark.parametrize("f0_hz", [80.0, 120.0, 200.0, 330.0])
def test_a_steady_voice_is_right_within_a_quarter_of_a_semitone(f0_hz):
    got_hz, voiced = SwiftF0().track(glide(f0_hz, f0_hz, 1.5))
    assert voiced[10:-10].all()
    assert np.abs(12 * np.log2(got_hz[10:-10] / f0_hz)).max() < 0.25


def test_a_glide_is_followed_in_step():
    """An octave in 2 s: at every frame within 0.3 semitones, so frames lie where the port says."""
    got_hz, voiced = SwiftF0().track(glide(110.0, 220.0, 2.0))
    true_hz = 110.0 * 2 ** (np.arange(len(got_hz)) * 0.01 / 2.0)
    assert voiced[10:-10].all()
    assert np.abs(12 * np.log2(got_hz[10:-10] / true_hz[10:-10])).max() < 0.3


def test_noise_and_silence_are_not_voiced():
    hiss = (0.05 * np.random.default_rng(1).standard_normal(RATE_HZ)).astype(np.float32)
    _, voiced = SwiftF0().track(np.concatenate([hiss, np.zeros(RATE_HZ, dtype=np.float32)]))
    assert voiced.mean() < 0.05


def test_values_between_two_voiced_answers_run_straight_in_semitones():
    f0_hz, voiced = every_10_ms(np.array([100.0, 200.0, 200.0]), np.array([True, True, True]), 4)
    assert voiced.all()
    assert np.log2(f0_hz / 100.0) == pytest.approx([0.0, 0.625, 1.0, 1.0], abs=1e-5)


def test_beside_an_unvoiced_answer_the_nearest_counts():
    f0_hz, voiced = every_10_ms(np.array([100.0, 900.0, 200.0]), np.array([True, False, True]), 4)
    assert voiced.tolist() == [True, False, False, True]
    assert f0_hz == pytest.approx([100.0, 0.0, 0.0, 200.0])


def test_on_a_neural_voice_it_agrees_with_pyin():
    """Where both find a voice, over a second in all, at most 3 % of frames differ by over 3 semitones."""
    hibari = pytest.importorskip("hibari", reason="pip install hibari-tts")
    librosa = pytest.importorskip("librosa", reason="pip install librosa")
    speaker = hibari.Hibari()
    spoken = np.asarray(
        speaker("I apologise. We charged you twice, and that is our mistake.", seed=1), dtype=np.float32
    )
    samples = librosa.resample(spoken, orig_sr=speaker.sample_rate, target_sr=RATE_HZ)
    got_hz, voiced = SwiftF0().track(samples)
    true_hz, true_voiced, _ = librosa.pyin(
        samples, fmin=70, fmax=600, sr=RATE_HZ, frame_length=512, hop_length=160, center=True
    )
    frames = min(len(got_hz), len(true_hz))
    both = voiced[:frames] & true_voiced[:frames]
    off_st = np.abs(12 * np.log2(got_hz[:frames][both] / true_hz[:frames][both]))
    assert both.sum() > 100
    assert np.mean(off_st > 3.0) < 0.03


def test_without_the_package_the_message_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "swift_f0", None)
    with pytest.raises(MissingPart, match="pip install swift-f0"):
        SwiftF0().track(np.zeros(1600, dtype=np.float32))
