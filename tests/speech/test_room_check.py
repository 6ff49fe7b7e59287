"""Judgements on a microphone, its room and the headphones: made rooms of known echo, made noise, made voices."""

import numpy as np
import pytest

from voicesim.model import RATE_HZ, Span
from voicesim.sound import level_dbfs
from voicesim.speech.room_check import (
    PIP_DBFS,
    Echo,
    Rating,
    chime,
    find_echo,
    judge_echo,
    judge_noise,
    judge_voice,
)

ROOM_S = 3.0
SENT_AT = RATE_HZ // 2


def noise(rng, dbfs, duration_s=1.0):
    made = rng.standard_normal(round(duration_s * RATE_HZ))
    return (made * 10 ** (dbfs / 20)).astype(np.float32)


def room(rng, reverberation_s, direct_db):
    """The answer of a room to a click: a first sound and a tail that falls 60 dB, 0 dB of power in all."""
    tail = rng.standard_normal(round(reverberation_s * RATE_HZ))
    tail *= 10 ** (-3 * np.arange(len(tail)) / len(tail))
    tail[:32] = 0
    tail /= np.linalg.norm(tail)
    tail[0] = 10 ** (direct_db / 20)
    return tail / np.linalg.norm(tail)


def sent_and_heard(rng, gain_db, noise_dbfs, *, late_s=0.0, reverberation_s=0.4, direct_db=0.0):
    """What microphone and ears have while a chime is played in a made room."""
    ears = np.zeros(round(ROOM_S * RATE_HZ), np.float32)
    ears[SENT_AT : SENT_AT + len(chime())] = chime()
    answer = room(rng, reverberation_s, direct_db) * 10 ** (gain_db / 20)
    back = np.fft.irfft(np.fft.rfft(ears, 1 << 17) * np.fft.rfft(answer, 1 << 17))
    heard = np.roll(back, round(late_s * RATE_HZ))[: len(ears)] + noise(rng, noise_dbfs, ROOM_S)
    return heard.astype(np.float32), ears


def test_the_chime_is_soft_and_has_no_clicks():
    """As loud as the caller will be, and it begins and ends at zero."""
    made = chime()
    assert level_dbfs(made[500:1400]) == pytest.approx(PIP_DBFS, abs=0.3)
    assert np.abs(made).max() < 0.11
    assert np.abs(np.diff(made)).max() < 0.09
    assert made[0] == made[-1] == 0


@pytest.mark.parametrize("late_s", [-0.08, 0.0, 0.15, 0.35])
@pytest.mark.parametrize("gain_db", [0.0, -20.0, -40.0])
def test_the_gain_of_the_way_back_is_measured(rng, gain_db, late_s):
    """Without a room the figure is exact to 1 dB, however early or late the tone comes back."""
    echo = find_echo(*sent_and_heard(rng, gain_db, -70.0, late_s=late_s, reverberation_s=0.01, direct_db=40.0))
    assert echo.found
    assert echo.gain_db == pytest.approx(gain_db, abs=1.0)


@pytest.mark.parametrize("noise_dbfs", [-70.0, -50.0, -42.0])
def test_an_echo_that_matters_is_found_in_every_room(rng, noise_dbfs):
    """At 26 dB below what was played, 30 made rooms of 0.15 to 0.8 s of reverberation are all refused."""
    for _ in range(30):
        reverberation_s, direct_db = rng.uniform(0.15, 0.8), rng.uniform(-10, 6)
        echo = find_echo(*sent_and_heard(rng, -26.0, noise_dbfs, reverberation_s=reverberation_s, direct_db=direct_db))
        assert judge_echo(echo).rating is Rating.BAD


@pytest.mark.parametrize("noise_dbfs", [-70.0, -50.0, -30.0, -20.0])
def test_noise_alone_is_never_taken_for_the_tone(rng, noise_dbfs):
    """No false alarm in 50 takes of noise, however loud."""
    assert not any(find_echo(*sent_and_heard(rng, -200.0, noise_dbfs)).found for _ in range(50))


def test_somebody_talking_is_never_taken_for_the_tone(rng, made_voice):
    """Voices of all pitches over the chime are no echo of it."""
    _, ears = sent_and_heard(rng, -200.0, -60.0)
    for f0_hz in range(90, 250, 10):
        syllables = np.sin(2 * np.pi * 2.2 * np.arange(len(ears)) / RATE_HZ) > rng.uniform(-0.5, 0.5)
        talk = made_voice(ROOM_S, f0_hz=float(f0_hz), wobble_st=2.0)
        assert not find_echo((talk * syllables).astype(np.float32), ears).found


def test_a_hum_at_a_pips_frequency_is_no_echo(rng):
    """A steady tone is as loud between the pips as in them."""
    heard, ears = sent_and_heard(rng, -200.0, -60.0)
    steady = 0.1 * np.sin(2 * np.pi * 1_000.0 * np.arange(len(heard)) / RATE_HZ)
    assert not find_echo((heard + steady).astype(np.float32), ears).found


def test_nothing_is_said_where_nothing_was_played(rng):
    heard, ears = sent_and_heard(rng, 0.0, -60.0)
    for echo in (find_echo(heard, np.zeros_like(ears)), find_echo(heard[:RATE_HZ], ears[:RATE_HZ])):
        assert echo is None
        assert judge_echo(echo).rating is Rating.FAIR


@pytest.mark.parametrize(
    ("gain_db", "contrast_db", "rating", "said"),
    [
        (-10.0, 20.0, Rating.BAD, "10 dB below what was played"),
        (6.4, 20.0, Rating.BAD, "6 dB above what was played"),
        (-40.0, 20.0, Rating.FAIR, "faintly"),
        (-50.0, 20.0, Rating.GOOD, "stays in your ears"),
        (-10.0, 2.0, Rating.GOOD, "stays in your ears"),
    ],
)
def test_echo_is_judged_by_how_much_comes_back(gain_db, contrast_db, rating, said):
    judgement = judge_echo(Echo(gain_db=gain_db, contrast_db=contrast_db))
    assert judgement.rating is rating
    assert said in judgement.found
    assert (judgement.advice is None) == (rating is Rating.GOOD)


def voice_in_room(rng, made_voice, voice_dbfs, noise_dbfs):
    """A second of voice between two seconds of the room."""
    voice = made_voice(1.0)
    samples = np.pad(voice * 10 ** ((voice_dbfs - level_dbfs(voice)) / 20), RATE_HZ)
    samples = np.clip(samples + noise(rng, noise_dbfs, len(samples) / RATE_HZ), -1, 1).astype(np.float32)
    return samples, [Span(start=RATE_HZ, end=RATE_HZ + len(voice))]


@pytest.mark.parametrize(
    ("voice_dbfs", "noise_dbfs", "rating", "said"),
    [
        (-24.0, -65.0, Rating.GOOD, "your voice -24 dBFS"),
        (-43.0, -75.0, Rating.FAIR, "rather quiet"),
        (-52.0, -80.0, Rating.BAD, "too quiet"),
        (-24.0, -44.0, Rating.FAIR, "some noise"),
        (-24.0, -36.0, Rating.BAD, "too noisy"),
        (3.0, -60.0, Rating.BAD, "clipped"),
    ],
)
def test_a_voice_is_judged_by_level_clipping_and_noise(rng, made_voice, voice_dbfs, noise_dbfs, rating, said):
    """Each with its figure, and with advice where it is not good."""
    judgement = judge_voice(*voice_in_room(rng, made_voice, voice_dbfs, noise_dbfs))
    assert judgement.rating is rating
    assert said in judgement.found
    assert (judgement.advice is None) == (rating is Rating.GOOD)


@pytest.mark.parametrize(
    ("dbfs", "said"), [(None, "no sound at all"), (-70.0, "nothing heard"), (-30.0, "no voice stands out of the noise")]
)
def test_no_voice_at_all_is_told_apart(rng, dbfs, said):
    """Muted, silent and drowned out need different cures."""
    samples = np.zeros(RATE_HZ, np.float32) if dbfs is None else noise(rng, dbfs)
    judgement = judge_voice(samples, [])
    assert judgement.rating is Rating.BAD
    assert said in judgement.found


@pytest.mark.parametrize(
    ("dbfs", "rating", "said"),
    [
        (-70.0, Rating.GOOD, "a quiet room, -70 dBFS"),
        (-50.0, Rating.FAIR, "some noise, -50 dBFS"),
        (-35.0, Rating.FAIR, "a loud room, -35 dBFS"),
    ],
)
def test_noise_is_told_in_words_and_dbfs(rng, dbfs, rating, said):
    judgement = judge_noise(noise(rng, dbfs))
    assert (judgement.rating, judgement.found) == (rating, said)


def test_digital_silence_is_a_quiet_room():
    assert judge_noise(np.zeros(RATE_HZ, np.float32)).found == "a quiet room, complete silence"


@pytest.mark.parametrize("mains_hz", [50, 60])
def test_hum_of_the_mains_is_named(rng, mains_hz):
    """Its lines make up most of the noise; a loud room without them has no hum."""
    at_s = np.arange(RATE_HZ) / RATE_HZ
    hum = sum(0.01 / n * np.sin(2 * np.pi * mains_hz * n * at_s) for n in (1, 2, 3))
    judgement = judge_noise((hum + noise(rng, -65.0)).astype(np.float32))
    assert judgement.rating is Rating.FAIR
    assert f"a hum of {mains_hz} Hz" in judgement.found
