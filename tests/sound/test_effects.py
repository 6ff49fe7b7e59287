"""What gets in the way of a line: made from a seed, as loud as it should be, and she is understood through it."""

import re

import numpy as np
import pytest

from voicesim import sound as sounds
from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.models import choose_recognizer
from voicesim.backends.voicebank import LineRequest, VoiceBank
from voicesim.effects import (
    BABY_AFTER_S,
    BABY_BEFORE_S,
    BABY_BELOW_DB,
    BAD_BAND_HZ,
    EFFECTS,
    baby_crying,
    bad_line,
)
from voicesim.errors import InputError
from voicesim.model import RATE_HZ
from voicesim.script.model import ComplicationKind

SENTENCES = (
    "I have sent you the form and all the papers that you asked for.",
    "The driver never came to my door, he just left a card and drove away.",
)


@pytest.fixture
def noise(rng):
    """Three seconds of even noise at -23 dBFS."""
    return (rng.standard_normal(3 * RATE_HZ) * 10 ** (-23 / 20)).astype(np.float32)


def band_dbfs(samples, low_hz, high_hz):
    power = np.abs(np.fft.rfft(samples)) ** 2
    frequency_hz = np.fft.rfftfreq(len(samples), 1 / RATE_HZ)
    inside = (frequency_hz >= low_hz) & (frequency_hz < high_hz)
    return 10 * np.log10(2 * power[inside].sum() / len(samples) ** 2 + 1e-20)


@pytest.mark.parametrize("name", EFFECTS)
def test_a_seed_is_a_sound_and_another_seed_is_another(noise, name):
    made = EFFECTS[name](noise, RATE_HZ, 1)
    assert made.dtype == np.float32
    assert np.array_equal(made, EFFECTS[name](noise, RATE_HZ, 1))
    assert not np.array_equal(made, EFFECTS[name](noise, RATE_HZ, 2))


@pytest.mark.parametrize("name", EFFECTS)
@pytest.mark.parametrize("length", [0, 1, 200, RATE_HZ])
def test_short_sounds_and_silence_pass(name, length):
    made = EFFECTS[name](np.zeros(length, np.float32), RATE_HZ, 0)
    assert np.isfinite(made).all()
    assert len(made) >= length


@pytest.mark.parametrize("name", EFFECTS)
def test_no_sample_goes_beyond_full_scale(noise, name):
    loud = np.clip(noise * 4, -0.89, 0.89)
    assert np.abs(EFFECTS[name](loud, RATE_HZ, 3)).max() <= 1.0


@pytest.mark.parametrize("name", EFFECTS)
def test_a_rate_out_of_range_is_refused(noise, name):
    with pytest.raises(InputError, match="sample rate"):
        EFFECTS[name](noise, 4_000, 0)


def test_every_sound_that_a_script_can_name_is_there():
    assert set(EFFECTS) == {kind.value for kind in ComplicationKind if kind is not ComplicationKind.SAYS}


def test_a_bad_line_has_a_narrower_band_and_holes_after_its_start(noise):
    made = bad_line(noise, RATE_HZ, 5)
    low, high = BAD_BAND_HZ
    assert len(made) == len(noise)
    for outside in ((50.0, low - 200.0), (high + 200.0, 8_000.0)):
        assert band_dbfs(made, *outside) < band_dbfs(noise, *outside) - 25
    frames = [sounds.level_dbfs(made[at : at + 320]) for at in range(0, len(made) - 320, 320)]
    holes = [number for number, level in enumerate(frames) if level < np.median(frames) - 10]
    assert 2 <= len(holes) <= 20
    assert min(holes) >= 25


def test_a_bad_line_is_as_loud_as_a_good_one(noise):
    assert sounds.loudness_lufs(bad_line(noise, RATE_HZ), RATE_HZ) == pytest.approx(
        sounds.loudness_lufs(noise, RATE_HZ), abs=1.0
    )


def test_a_baby_cries_around_the_line_well_below_her_voice(noise):
    made = baby_crying(noise, RATE_HZ, 5)
    before, after = round(BABY_BEFORE_S * RATE_HZ), round(BABY_AFTER_S * RATE_HZ)
    assert len(made) == before + len(noise) + after
    cry = made.copy()
    cry[before : before + len(noise)] -= noise
    assert sounds.level_dbfs(cry) == pytest.approx(sounds.level_dbfs(noise) - BABY_BELOW_DB, abs=0.5)
    assert sounds.level_dbfs(cry[:before]) > sounds.level_dbfs(cry) - 12
    # A pitch between 300 and 650 Hz with overtones, all within the telephone's band.
    assert band_dbfs(cry, 300, 3_400) > sounds.level_dbfs(cry) - 0.3
    assert band_dbfs(cry, 300, 650) > band_dbfs(cry, 20, 300) + 15


def words(text):
    return re.findall(r"[a-z]+", text.lower())


def wrong(said, heard):
    """How many words must be changed, added or left out."""
    row = list(range(len(heard) + 1))
    for number, word in enumerate(said, start=1):
        above, row = row, [number]
        for at, other in enumerate(heard, start=1):
            row.append(min(row[-1] + 1, above[at] + 1, above[at - 1] + (word != other)))
    return row[-1]


@pytest.mark.parametrize(("name", "most"), [("bad_line", 0.35), ("baby_crying", 0.12)])
def test_her_words_are_understood_through_it(tmp_path, name, most):
    """By the real recognizer, in two voices, calm and furious."""
    bank = VoiceBank(cache=tmp_path, voices={"hibari": HibariVoice()})
    recognizer = choose_recognizer("auto", "en")
    errors = of = 0
    for text in SENTENCES:
        for persona, anger in (("woman", 1.0), ("deep_man", 0.0)):
            hearing = recognizer.start(RATE_HZ)
            hearing.feed(bank.sound(LineRequest(text=text, persona=persona, anger=anger, effect=name)))
            errors += wrong(words(text), words(hearing.finish().text))
            of += len(words(text))
    assert errors / of <= most, f"{errors} of {of} words"
