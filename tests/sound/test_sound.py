"""The functions over sound, held against made tones, bursts and noise."""

import math

import numpy as np
import pytest

from voicesim import sound
from voicesim.errors import InputError

RATES_HZ = [8_000, 16_000, 22_050, 24_000, 44_100, 48_000]
NONE = np.zeros(0, dtype=np.float32)


def tone(frequency_hz, rate_hz=16_000, duration_s=1.0, amplitude=0.5):
    t = np.arange(round(duration_s * rate_hz)) / rate_hz
    return (amplitude * np.sin(2 * np.pi * frequency_hz * t)).astype(np.float32)


def middle(samples):
    """Without the first and last quarter, where filters settle."""
    return samples[len(samples) // 4 : -len(samples) // 4]


@pytest.mark.parametrize("given", [[0.0, 0.5], (0.25,), np.zeros(3), np.zeros(3, dtype=np.float16), NONE, []])
def test_checked_gives_float32(given):
    mono = sound.checked(given, 16_000)
    assert mono.dtype == np.float32
    assert mono == pytest.approx(np.asarray(given, dtype=np.float32))


def test_checked_does_not_copy_what_is_right():
    samples = tone(440)
    assert sound.checked(samples, 16_000) is samples


@pytest.mark.parametrize(
    ("samples", "rate_hz", "message"),
    [
        (np.zeros((4, 2)), 16_000, r"mono.*\(4, 2\)"),
        (0.5, 16_000, r"mono.*\(\)"),
        (np.zeros(4, dtype=np.int16), 16_000, "floating point.*int16"),
        (["loud"], 16_000, "floating point"),
        ([0.0, math.nan], 16_000, "sample 1 of 2 is nan"),
        ([0.0, 0.0, -math.inf], 16_000, "sample 2 of 3 is -inf"),
        ([1e300], 16_000, r"sample 0 of 1 is 1e\+300"),
        ([0.0], 7_999, "8000..192000 Hz, not 7999"),
        ([0.0], 192_001, "not 192001"),
        ([0.0], 0, "not 0"),
        ([0.0], -16_000, "not -16000"),
        ([0.0], 16_000.5, "not 16000.5"),
        ([0.0], math.nan, "not nan"),
        ([0.0], math.inf, "not inf"),
    ],
)
def test_checked_refuses_with_the_bad_value(samples, rate_hz, message):
    with pytest.raises(InputError, match=message):
        sound.checked(samples, rate_hz)


@pytest.mark.parametrize(
    ("samples", "expected_dbfs"),
    [
        (tone(1_000, amplitude=1.0), -3.01),
        (tone(1_000, amplitude=0.1), -23.01),
        (np.ones(100, dtype=np.float32), 0.0),
        (np.zeros(100, dtype=np.float32), -math.inf),
        (NONE, -math.inf),
    ],
)
def test_level(samples, expected_dbfs):
    assert sound.level_dbfs(samples) == pytest.approx(expected_dbfs, abs=0.01)


@pytest.mark.parametrize("count", [0, 1, 37, 1_000])
def test_clipped_share_counts_full_scale(count):
    samples = np.full(1_000, 0.9, dtype=np.float32)
    samples[:count] = np.where(np.arange(count) % 2, 32_767 / 32_768, -1.0)
    assert sound.clipped_share(samples) == pytest.approx(count / 1_000)


def test_a_full_tone_is_hardly_clipped():
    """A sound that only touches full scale stays under the 1 % from which measures abstain."""
    assert sound.clipped_share(tone(440, amplitude=1.0)) < 0.01
    assert sound.clipped_share(np.clip(tone(440, amplitude=1.5), -1, 1)) > 0.4
    assert sound.clipped_share(NONE) == 0.0


@pytest.mark.parametrize("from_hz", RATES_HZ)
@pytest.mark.parametrize("to_hz", RATES_HZ)
def test_resample_keeps_length_pitch_level_and_time(from_hz, to_hz):
    """A tone burst is the same burst at another rate: as long, as loud (0.1 dB), at the same place (1 sample)."""
    silence = np.zeros(from_hz // 2, dtype=np.float32)
    burst = np.concatenate((silence, tone(1_000, from_hz), silence))
    made = sound.resample(burst, from_hz, to_hz)
    assert made.dtype == np.float32
    assert len(made) == round(len(burst) * to_hz / from_hz)
    expected = np.concatenate((np.zeros(to_hz // 2), tone(1_000, to_hz)[: to_hz // 2]))
    body = slice(to_hz // 2 + to_hz // 10, to_hz)
    assert made[body] == pytest.approx(expected[body], abs=0.01)


def test_resample_of_nothing_is_nothing():
    assert sound.resample(NONE, 48_000, 16_000).size == 0


def test_resample_leaves_no_alias():
    """A tone that the lower rate cannot hold is gone (-80 dB), not folded down."""
    assert sound.level_dbfs(middle(sound.resample(tone(9_000, 48_000), 48_000, 16_000))) < -80


def test_fade_touches_only_the_ends():
    faded = sound.fade(np.ones(1_600, dtype=np.float32), 16_000, fade_s=0.01)
    assert faded[0] == faded[-1] == 0.0
    assert (faded[160:-160] == 1.0).all()
    assert (np.diff(faded[:160]) > 0).all()
    assert faded == pytest.approx(faded[::-1])


@pytest.mark.parametrize("length", [0, 1, 2, 5])
def test_fade_bears_short_sounds(length):
    assert len(sound.fade(np.ones(length, dtype=np.float32), 16_000)) == length


def test_fade_leaves_its_argument_alone():
    samples = np.ones(1_600, dtype=np.float32)
    sound.fade(samples, 16_000)
    assert (samples == 1.0).all()


@pytest.mark.parametrize(
    ("base", "other", "at", "expected"),
    [
        ([1, 1, 1], [2], 1, [1, 3, 1]),
        ([1], [2, 2], 0, [3, 2]),
        ([1], [2], 3, [1, 0, 0, 2]),
        ([], [2], 1, [0, 2]),
        ([1], [], 5, [1, 0, 0, 0, 0]),
    ],
)
def test_mix(base, other, at, expected):
    mixed = sound.mix(np.array(base, dtype=np.float32), np.array(other, dtype=np.float32), at)
    assert mixed.tolist() == expected


def test_mix_refuses_a_place_before_the_start():
    with pytest.raises(InputError, match="sample -1"):
        sound.mix(NONE, NONE, -1)


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("frequency_hz", [300, 1_000, 3_400])
def test_telephone_passes_its_band(rate_hz, frequency_hz):
    """Inside 300..3400 Hz a tone comes out as it went in, within 0.1 dB and without delay."""
    given = tone(frequency_hz, rate_hz)
    heard = sound.telephone(given, rate_hz, noise_dbfs=-math.inf)
    assert heard.dtype == np.float32
    assert middle(heard) == pytest.approx(middle(given), abs=0.01)


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("frequency_hz", [50, 150, 3_600, 3_900])
def test_telephone_stops_the_rest(rate_hz, frequency_hz):
    """Mains hum, chest and brilliance are at least 40 dB down."""
    given = tone(frequency_hz, rate_hz)
    heard = sound.telephone(given, rate_hz, noise_dbfs=-math.inf)
    assert sound.level_dbfs(middle(heard)) - sound.level_dbfs(given) < -40


def test_telephone_noise_is_steady_banded_and_seeded():
    """A silent line has its level at every moment (each fifth of a second within 1.5 dB), in band, by seed alone."""
    silence = np.zeros(32_000, dtype=np.float32)
    line = sound.telephone(silence, 16_000)
    assert sound.level_dbfs(line) == pytest.approx(-55.0, abs=0.01)
    assert [sound.level_dbfs(part) for part in np.split(line, 10)] == pytest.approx([-55.0] * 10, abs=1.5)
    power = np.abs(np.fft.rfft(line)) ** 2
    outside = power[: 2 * 150].sum() + power[2 * 3_600 :].sum()
    assert 10 * np.log10(outside / power.sum()) < -40
    assert (line == sound.telephone(silence, 16_000)).all()
    assert not (line == sound.telephone(silence, 16_000, seed=1)).all()


@pytest.mark.parametrize("length", [0, 1, 10])
def test_telephone_bears_short_sounds(length):
    heard = sound.telephone(np.zeros(length, dtype=np.float32), 16_000)
    assert len(heard) == length
    assert np.isfinite(heard).all()


@pytest.mark.parametrize("rate_hz", RATES_HZ)
def test_a_voice_without_words_keeps_its_melody_and_its_level(rate_hz):
    """What lies below 400 Hz stays, what lies above 550 Hz is 50 dB down; the whole is as loud as before."""
    low, high = tone(220, rate_hz, amplitude=0.1), tone(1_200, rate_hz, amplitude=0.1)
    made = sound.without_words(low + high, rate_hz)
    spectrum = np.abs(np.fft.rfft(middle(made) * np.hanning(len(middle(made)))))
    frequency_hz = np.fft.rfftfreq(len(middle(made)), 1 / rate_hz)
    loudest = spectrum[(frequency_hz > 200) & (frequency_hz < 240)].max()
    assert spectrum[frequency_hz > 600].max() < loudest * 10 ** (-50 / 20)
    assert sound.level_dbfs(made) == pytest.approx(sound.level_dbfs(low + high), abs=0.1)
    assert len(made) == len(low)


def test_a_voice_without_words_stays_where_it_was_and_never_clips(rng):
    burst = np.zeros(16_000, np.float32)
    burst[6_000:10_000] = sound.fade(tone(200, duration_s=0.25, amplitude=0.9), 16_000)
    noisy = burst + (0.9 * rng.uniform(-1, 1, 16_000)).astype(np.float32)
    assert np.abs(sound.without_words(noisy, 16_000)).max() <= 10 ** (sound.PEAK_DBFS / 20)
    made = sound.without_words(burst, 16_000)
    assert np.sqrt(np.mean(made[:5_500] ** 2)) < 0.02
    assert np.sum(burst * made) / np.sqrt(np.sum(burst**2) * np.sum(made**2)) > 0.99


@pytest.mark.parametrize("samples", [NONE, np.zeros(1_000, np.float32)])
def test_silence_has_no_words_to_take_away(samples):
    assert np.array_equal(sound.without_words(samples, 16_000), samples)


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 24_000, 48_000])
def test_loudness_of_the_reference_tone(rate_hz):
    """A 997 Hz sine of amplitude 1 in one channel has -3.01 LUFS (ITU-R BS.1770-4), within 0.2 LU."""
    assert sound.loudness_lufs(tone(997, rate_hz, 5.0, amplitude=1.0), rate_hz) == pytest.approx(-3.01, abs=0.2)


@pytest.mark.parametrize("target_lufs", [-30.0, -23.0, -16.0])
@pytest.mark.parametrize("amplitude", [0.001, 0.05, 0.9])
@pytest.mark.parametrize("duration_s", [0.05, 0.39, 0.4, 0.41, 3.0])
def test_match_loudness_reaches_its_target(target_lufs, amplitude, duration_s):
    matched = sound.match_loudness(tone(440, 16_000, duration_s, amplitude), 16_000, target_lufs)
    assert matched.dtype == np.float32
    assert sound.loudness_lufs(matched, 16_000) == pytest.approx(target_lufs, abs=0.1)


def test_match_loudness_ignores_pauses():
    """Speech with long pauses is as loud as without: the gate of the standard leaves them out."""
    silence = np.zeros(48_000, dtype=np.float32)
    burst = tone(440, duration_s=2.0)
    paused = sound.match_loudness(np.concatenate((burst, silence, burst)), 16_000)
    assert sound.level_dbfs(paused[:32_000]) == pytest.approx(
        sound.level_dbfs(sound.match_loudness(burst, 16_000)), abs=0.5
    )


@pytest.mark.parametrize("samples", [NONE, np.zeros(100, dtype=np.float32), np.zeros(16_000, dtype=np.float32)])
def test_match_loudness_leaves_silence(samples):
    assert sound.match_loudness(samples, 16_000) is samples


def test_match_loudness_limits_peaks_smoothly():
    """Clicks over a tone are turned down to -1 dBFS with their surroundings; the tone elsewhere is untouched."""
    samples = tone(440, duration_s=2.0, amplitude=0.05)
    samples[4_000::8_000] = 1.0
    matched = sound.match_loudness(samples, 16_000, target_lufs=-14.0)
    assert 20 * np.log10(np.abs(matched).max()) == pytest.approx(-1.0, abs=0.01)
    gain = matched[1] / samples[1]
    calm = slice(4_200, 11_800)
    assert matched[calm] == pytest.approx(samples[calm] * gain, rel=1e-4)
    # The gain glides: no step between neighbours beyond a tenth of the way.
    used = np.divide(matched, samples * gain, out=np.ones_like(samples), where=np.abs(samples) > 0.01)
    near = used[3_800:4_200]
    assert np.abs(np.diff(near[near != 1.0])).max() < 0.1


def test_match_loudness_never_clips(rng):
    """Whatever comes in and is asked for, no sample goes beyond -1 dBFS."""
    samples = rng.standard_normal(16_000).astype(np.float32) ** 3
    matched = sound.match_loudness(samples, 16_000, target_lufs=-3.0)
    assert np.abs(matched).max() <= 10 ** (-1 / 20) + 1e-6


@pytest.mark.parametrize("times", [1, 3])
def test_a_ring_is_two_bursts_and_a_pause(times):
    """0.4 s, 0.2 s of silence, 0.4 s, then nothing to the end of 3 s; soft, and over again."""
    samples = sound.ring(16_000, times)
    assert len(samples) == times * 48_000
    assert sound.level_dbfs(samples[:6_400]) == pytest.approx(-26.0, abs=0.5)
    assert not samples[6_400:9_600].any()
    assert not samples[16_000:48_000].any()
    assert np.array_equal(samples[:48_000], samples[-48_000:])
