"""Alpha ratio and centroid of sound whose spectrum is known."""

from pathlib import Path

import numpy as np
import pytest

from voicesim.files import read_sound
from voicesim.speech.spectrum import VOICE_HZ, Brightness, band_powers, brightness

RATE_HZ = 16_000
REPLY = Path(__file__).parents[2] / "audio" / "demo" / "01.flac"


def alpha_db(*heard: np.ndarray) -> float | None:
    return brightness(*heard).alpha_db


def centroid_st(*heard: np.ndarray) -> float | None:
    return brightness(*heard).centroid_st


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


def test_what_lies_outside_the_telephone_band_does_not_count():
    """A deep fundamental, hum, an offset and hiss leave alpha as it is."""
    samples = tones((500.0, 0.1), (2500.0, 0.05))
    dirty = samples + tones((50.0, 0.3), (125.0, 0.2), (4000.0, 0.2), (6500.0, 0.2)) + np.float32(0.2)
    assert alpha_db(dirty, inner_frames(dirty)) == pytest.approx(alpha_db(samples, inner_frames(samples)), abs=0.05)


@pytest.mark.parametrize("gain", [0.001, 0.1, 3.0])
def test_gain_changes_nothing(gain):
    samples = tones((400.0, 0.1), (1800.0, 0.03))
    loud = (samples * gain).astype(np.float32)
    assert alpha_db(loud, inner_frames(loud)) == pytest.approx(alpha_db(samples, inner_frames(samples)), abs=1e-3)


def test_only_voiced_frames_count():
    samples = np.concatenate([tones((500.0, 0.1), (2500.0, 0.05)), tones((3000.0, 0.5))])
    voiced = np.zeros(1 + len(samples) // 160, dtype=bool)
    voiced[5:90] = True
    assert alpha_db(samples, voiced) == pytest.approx(-6.02, abs=0.05)


def test_loud_and_soft_frames_weigh_the_same():
    """Half a second of dark sound and half a second of bright sound, whichever is the louder."""
    dark, bright = tones((500.0, 0.1), duration_s=0.5), tones((2500.0, 0.1), duration_s=0.5)
    voiced = np.ones(101, dtype=bool)
    voiced[:5] = voiced[45:56] = voiced[96:] = False
    for gain in (0.1, 1.0, 10.0):
        assert alpha_db(np.concatenate([dark, np.float32(gain) * bright]), voiced) == pytest.approx(0.0, abs=0.05)


@pytest.mark.parametrize("colour", [0.0, 1.0])
def test_steady_noise_is_taken_off(colour, rng):
    """Noise that moves alpha by decibels moves it by less than one when the second before is known."""
    noise = rng.standard_normal(32_000)
    spectrum = np.fft.rfft(noise) / np.maximum(np.fft.rfftfreq(32_000, 1 / RATE_HZ), 50.0) ** (colour / 2)
    noise = np.fft.irfft(spectrum)
    noise = (0.02 * noise / noise.std()).astype(np.float32)
    clean = tones((500.0, 0.1), (2500.0, 0.01))
    noisy = clean + noise[RATE_HZ:]
    voiced, true_db = inner_frames(clean), alpha_db(clean, inner_frames(clean))
    assert alpha_db(noisy, voiced) - true_db > 3.0
    assert alpha_db(noisy, voiced, noise[:RATE_HZ]) == pytest.approx(true_db, abs=1.0)


@pytest.mark.parametrize("length", [0, 511, 1023, 1024])
def test_noise_of_any_length_is_heard_or_left_alone(length):
    samples = tones((500.0, 0.1), (2500.0, 0.05))
    quiet = np.zeros(length, dtype=np.float32)
    assert alpha_db(samples, inner_frames(samples), quiet) == pytest.approx(-6.02, abs=0.05)


def test_frames_are_centred_every_160_samples():
    """A click at sample 1600 is in the middle of frame 10: its power there is the largest of all frames."""
    samples = np.zeros(4000, dtype=np.float32)
    samples[1600] = 1.0
    assert int(np.argmax(band_powers(samples, (0.0, 8001.0)))) == 10


def test_the_bands_of_a_sound_have_its_power():
    """A tone of amplitude 0.2 has the mean square 0.02, in its band and in no other."""
    powers = band_powers(tones((1000.0, 0.2)), (0.0, 500.0, 1500.0, 8001.0))[5:-5]
    assert powers.mean(axis=0) == pytest.approx([0.0, 0.02, 0.0], abs=1e-4)


def test_no_voice_and_silence_have_no_alpha():
    assert alpha_db(np.zeros(1600, dtype=np.float32), np.zeros(11, dtype=bool)) is None
    assert alpha_db(np.zeros(1600, dtype=np.float32), np.ones(11, dtype=bool)) is None


def test_a_long_reply_gives_the_same_as_its_parts():
    """Batches of frames are a matter of memory, not of the result."""
    samples = np.tile(tones((450.0, 0.1), (2100.0, 0.04)), 25)
    assert alpha_db(samples, inner_frames(samples)) == pytest.approx(-7.96, abs=0.05)


def st(hz):
    return 12 * np.log2(hz)


@pytest.mark.parametrize(("high", "expected_hz"), [(0.1, 1500.0), (0.05, 900.0), (0.0, 500.0)])
def test_the_centroid_is_the_mean_frequency_by_power(high, expected_hz):
    samples = tones((500.0, 0.1), (2500.0, high))
    assert centroid_st(samples, inner_frames(samples)) == pytest.approx(st(expected_hz), abs=0.02)


def test_six_decibels_more_of_the_high_part_move_the_centroid_as_the_recipe_says():
    """Powers of 4 and 1 become 1 and 1: from 900 Hz to 1500 Hz."""
    plain, tilted = tones((500.0, 0.1), (2500.0, 0.05)), tones((500.0, 0.1), (2500.0, 0.1))
    moved = centroid_st(tilted, inner_frames(tilted)) - centroid_st(plain, inner_frames(plain))
    assert moved == pytest.approx(st(1500 / 900), abs=0.02)


def test_what_lies_outside_its_band_moves_no_centroid():
    samples = tones((500.0, 0.1), (2500.0, 0.05))
    dirty = samples + tones((50.0, 0.3), (100.0, 0.2), (4000.0, 0.2), (6500.0, 0.2)) + np.float32(0.2)
    assert centroid_st(dirty, inner_frames(dirty)) == pytest.approx(st(900), abs=0.05)


@pytest.mark.parametrize("gain", [0.001, 0.1, 3.0])
def test_gain_moves_no_centroid(gain):
    samples = tones((400.0, 0.1), (1800.0, 0.03))
    loud = (samples * gain).astype(np.float32)
    assert centroid_st(loud, inner_frames(loud)) == pytest.approx(centroid_st(samples, inner_frames(samples)), abs=1e-3)


def test_loud_and_soft_frames_weigh_the_same_in_the_centroid():
    dark, bright = tones((500.0, 0.1), duration_s=0.5), tones((2500.0, 0.1), duration_s=0.5)
    voiced = np.ones(101, dtype=bool)
    voiced[:5] = voiced[45:56] = voiced[96:] = False
    for gain in (0.1, 1.0, 10.0):
        both = np.concatenate([dark, np.float32(gain) * bright])
        assert centroid_st(both, voiced) == pytest.approx(st(1500), abs=0.05)


@pytest.mark.parametrize("colour", [0.0, 1.0])
def test_noise_ten_decibels_below_moves_the_centroid_by_little(colour, rng, made_voice):
    """By under half a semitone, about a fifth of a neutral clip's own spread, when the second before is known."""
    clean = made_voice(3.0, f0_hz=120.0, wobble_st=1.0, rng=rng)
    noise = rng.standard_normal(len(clean) + RATE_HZ)
    spectrum = np.fft.rfft(noise) / np.maximum(np.fft.rfftfreq(len(noise), 1 / RATE_HZ), 50.0) ** (colour / 2)
    noise = np.fft.irfft(spectrum, len(noise))
    noise = (noise * clean.std() * 10 ** (-10 / 20) / noise.std()).astype(np.float32)
    noisy, voiced = clean + noise[RATE_HZ:], inner_frames(clean)
    true_st = centroid_st(clean, voiced)
    assert centroid_st(noisy, voiced) - true_st > 1.0
    assert centroid_st(noisy, voiced, noise[:RATE_HZ]) == pytest.approx(true_st, abs=0.5)


def test_no_voice_and_silence_have_no_centroid():
    assert centroid_st(np.zeros(1600, dtype=np.float32), np.zeros(11, dtype=bool)) is None
    assert centroid_st(np.zeros(1600, dtype=np.float32), np.ones(11, dtype=bool)) is None


@pytest.mark.parametrize(
    ("noise_s", "alpha", "centroid"),
    [(None, -2.256202437563291, 115.19264947357627), (0.3, -2.1938435466798882, 115.30686435495323)],
)
def test_a_stored_reply_measures_what_it_measured_when_each_had_spectra_of_its_own(noise_s, alpha, centroid):
    samples = read_sound(REPLY)[0].samples
    voiced = band_powers(samples, VOICE_HZ)[:, 0] > 1e-5
    noise = None if noise_s is None else samples[: round(noise_s * RATE_HZ)]
    measured = brightness(samples, voiced, noise)
    assert (measured.alpha_db, measured.centroid_st) == pytest.approx((alpha, centroid), rel=0, abs=1e-9)


def test_nothing_voiced_has_no_brightness():
    samples = tones((500.0, 0.1))
    assert brightness(samples, np.zeros(101, dtype=bool)) == Brightness(alpha_db=None, centroid_st=None)
