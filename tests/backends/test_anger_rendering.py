"""Rendered anger does what it says, on made sound with a known truth and on speech that must stay understood."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numpy.typing import NDArray

from voicesim import sound
from voicesim.backends.anger_rendering import convert, limited, raise_f0, render_anger, tilt, warp
from voicesim.backends.hibari_voice import HibariVoice
from voicesim.errors import InputError
from voicesim.model import Samples
from voicesim.ports import VoiceStyle

RATE_HZ = 24_000
F0_HZ = 150.0


def vowel(f0_hz: NDArray[np.float64], *, formant_hz: float = 700.0) -> Samples:
    """A harmonic complex that follows F0 (one value a sample), with one formant, at about -20 dBFS."""
    phase = 2 * np.pi * np.cumsum(f0_hz) / RATE_HZ
    tone = np.zeros(len(f0_hz))
    for harmonic in range(1, 40):
        frequency_hz = harmonic * f0_hz
        gain = 1 / (1 + ((frequency_hz - formant_hz) / 150) ** 2) + 0.02
        tone += np.where(frequency_hz < RATE_HZ / 2.2, gain, 0) * np.sin(harmonic * phase)
    return np.asarray(0.1 * tone / np.sqrt(np.mean(tone**2)), dtype=np.float32)


def steady(seconds: float = 1.5, **options: float) -> Samples:
    return vowel(np.full(round(seconds * RATE_HZ), F0_HZ), **options)


def pitch_st(samples: Samples) -> NDArray[np.float64]:
    """F0 in semitones above 1 Hz every 10 ms in the middle of the sound: the first of the best autocorrelations."""
    lags = np.arange(RATE_HZ // 400, RATE_HZ // 65)
    found = []
    for start in range(RATE_HZ // 5, len(samples) - RATE_HZ // 5 - 2048, RATE_HZ // 100):
        frame = samples[start : start + 2048].astype(np.float64)
        likeness = np.array([np.corrcoef(frame[:-lag], frame[lag:])[0, 1] for lag in lags])
        first = int(np.argmax(likeness > likeness.max() - 0.08))
        best = first + int(np.argmax(likeness[first : first + 12]))
        found.append(RATE_HZ / lags[best])
    return np.asarray(12 * np.log2(found), dtype=np.float64)


def band_db(samples: Samples, low_hz: float, high_hz: float) -> float:
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    frequency_hz = np.fft.rfftfreq(len(samples), 1 / RATE_HZ)
    return float(10 * np.log10(power[(frequency_hz >= low_hz) & (frequency_hz < high_hz)].sum()))


@pytest.mark.parametrize("level", [0.25, 0.5, 1.0])
def test_anger_raises_pitch_by_four_semitones_times_its_level(level: float) -> None:
    moved_st = np.median(pitch_st(render_anger(steady(), RATE_HZ, level))) - np.median(pitch_st(steady()))
    assert moved_st == pytest.approx(4 * level, abs=0.3)


@pytest.mark.parametrize("level", [0.5, 1.0])
def test_anger_widens_the_range_of_pitch_by_sixty_percent_times_its_level(level: float) -> None:
    seconds = np.arange(3 * RATE_HZ) / RATE_HZ
    sung = vowel(F0_HZ * 2 ** (2.0 * np.sin(2 * np.pi * 1.0 * seconds) / 12))
    wider = np.std(pitch_st(render_anger(sung, RATE_HZ, level))) / np.std(pitch_st(sung))
    assert wider == pytest.approx(1 + 0.6 * level, abs=0.12)


@pytest.mark.parametrize("level", [0.5, 1.0])
def test_anger_shortens_speech_by_its_stated_share(level: float) -> None:
    samples = steady()
    assert len(render_anger(samples, RATE_HZ, level)) == round(len(samples) / (1 + 0.22 * level))


@pytest.mark.parametrize("level", [0.5, 1.0])
def test_anger_is_louder_by_six_decibels_times_its_level(level: float) -> None:
    samples = steady()
    gain_db = sound.level_dbfs(render_anger(samples, RATE_HZ, level)) - sound.level_dbfs(samples)
    assert gain_db == pytest.approx(6 * level, abs=0.7)


def test_anger_brightens_real_speech() -> None:
    """The power above 1 kHz over that below (alpha ratio) goes up by several decibels, as in shouted speech."""
    calm, angry = (
        HibariVoice().render("Nobody ever called me back.", VoiceStyle(persona="woman", anger=level)).samples
        for level in (0.0, 1.0)
    )
    brighter_db = [band_db(s, 1000, 5000) - band_db(s, 50, 1000) for s in (calm, angry)]
    assert 3 < brighter_db[1] - brighter_db[0] < 9


def test_tilt_leaves_low_frequencies_and_adds_nine_decibels_above() -> None:
    envelope = tilt(np.ones((3, 513)), RATE_HZ, 1.0)
    gain_db = 10 * np.log10(envelope[0])
    assert gain_db[10] == pytest.approx(0.0)
    assert gain_db[60] == pytest.approx(9.0)


def test_level_zero_gives_back_the_very_samples() -> None:
    samples = steady()
    assert np.array_equal(render_anger(samples, RATE_HZ, 0.0), samples)


@pytest.mark.parametrize("ratio", [0.5, 0.58, 1.3])
def test_a_persona_moves_pitch_by_its_ratio_and_keeps_duration_and_level(ratio: float) -> None:
    samples = steady()
    moved = convert(samples, RATE_HZ, f0_ratio=ratio)
    moved_st = np.median(pitch_st(moved)) - np.median(pitch_st(samples))
    assert moved_st == pytest.approx(12 * np.log2(ratio), abs=0.3)
    assert len(moved) == len(samples)
    assert sound.level_dbfs(moved) == pytest.approx(sound.level_dbfs(samples), abs=0.1)


def test_a_warp_moves_a_formant_by_its_ratio() -> None:
    envelope = np.exp(-(((np.arange(513) - 200) / 20.0) ** 2))[None] + 1e-6
    assert int(np.argmax(warp(envelope, 0.8))) == 160
    assert int(np.argmax(warp(envelope, 1.2))) == 240


@pytest.mark.parametrize("speed", [0.5, 0.9, 1.3, 2.0])
def test_speed_divides_the_duration_and_keeps_the_pitch(speed: float) -> None:
    samples = steady()
    faster = convert(samples, RATE_HZ, speed=speed)
    assert len(faster) == round(len(samples) / speed)
    assert np.median(pitch_st(faster)) == pytest.approx(np.median(pitch_st(samples)), abs=0.3)


def test_unvoiced_frames_stay_unvoiced_and_pitch_stays_within_its_limits() -> None:
    f0_hz = np.array([0.0, 60.0, 0.0, 650.0, 690.0])
    raised = raise_f0(f0_hz, 1.0)
    assert raised[0] == raised[2] == 0
    assert raised.max() <= 700
    assert raised[1] >= 50


def test_the_limiter_keeps_quiet_samples_and_holds_loud_ones_in_order() -> None:
    loud = np.array([-3.0, -0.5, 0.0, 0.3, 0.6, 0.8, 1.2, 3.0], dtype=np.float32)
    held = limited(loud)
    assert np.array_equal(held[1:5], loud[1:5])
    assert np.abs(held).max() < 1
    assert (np.diff(held) > 0).all()


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(100), np.zeros(RATE_HZ), np.full(10, 0.5)])
def test_silence_and_scraps_of_sound_are_converted_without_harm(samples: NDArray[np.float64]) -> None:
    converted = render_anger(samples.astype(np.float32), RATE_HZ, 1.0)
    assert converted.dtype == np.float32
    assert np.isfinite(converted).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"anger": 1.5}, "anger 1.5 of a voice is outside 0..1"),
        ({"anger": float("nan")}, "anger nan"),
        ({"speed": 0.1}, "speed 0.1 of a voice is outside 0.5..2"),
        ({"f0_ratio": 9.0}, "f0 ratio 9.0"),
    ],
)
def test_a_factor_out_of_range_is_refused_with_its_value(options: dict[str, float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        convert(steady(), RATE_HZ, **options)


def test_two_threads_render_the_same_samples_as_one() -> None:
    """Lines are made two at a time; that must not be heard."""
    voice, style = HibariVoice(), VoiceStyle(persona="man", anger=0.8)
    texts = [f"This is line number {n} and I am still waiting." for n in ("one", "two", "three", "four", "five", "six")]
    alone = [voice.render(text, style).samples for text in texts]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda text: voice.render(text, style).samples, texts))
    assert all(np.array_equal(a, b) for a, b in zip(alone, together, strict=True))
