"""Takes and rendered lines of one call sit side by side, and what gets in the way of a line is part of its sound."""

import os
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from voicesim import sound as sounds
from voicesim.backends import voicebank
from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.voicebank import LineRequest, VoiceBank
from voicesim.errors import InputError
from voicesim.files import write_flac
from voicesim.model import RATE_HZ
from voicesim.ports import VoiceStyle

TEXTS = (
    "I have been waiting for an answer since the beginning of the month.",
    "And what are you going to do about it?",
)
#: Where and by whom takes are made: persona, how loud, how far away from the wall, and their rate.
ROOMS = [("deep_man", -38.0, 0.35, 48_000), ("young_woman", -14.0, 0.05, 44_100), ("older_woman", -29.0, 0.6, 16_000)]


@pytest.fixture(scope="module")
def voice():
    return HibariVoice()


@pytest.fixture(scope="module")
def bank(voice, tmp_path_factory):
    return VoiceBank(cache=tmp_path_factory.mktemp("lines"), voices={"hibari": voice})


def take(voice, path, text, persona, level_dbfs, reverb_s, rate_hz):
    """A recording of another person in another room: its own level, echo, noise and rate."""
    spoken = voice.render(text, VoiceStyle(persona=persona, anger=0.3, speed=0.95))
    dry = sounds.resample(spoken.samples, spoken.rate_hz, rate_hz)
    rng = np.random.default_rng(7)
    tail = rng.standard_normal(round(reverb_s * rate_hz)) * np.exp(-6.9 * np.linspace(0, 1, round(reverb_s * rate_hz)))
    tail[0] = 0.0
    room, size = np.concatenate(([1.0], 0.04 * tail)), len(dry) + len(tail)
    wet = np.fft.irfft(np.fft.rfft(dry, size) * np.fft.rfft(room, size), size)[: len(dry)]
    loud = wet * 10 ** ((level_dbfs - sounds.level_dbfs(wet.astype(np.float32))) / 20)
    loud = np.clip(loud + rng.standard_normal(len(loud)) * 10 ** ((level_dbfs - 45) / 20), -0.99, 0.99)
    write_flac(path, loud.astype(np.float32), rate_hz)
    return path


@pytest.mark.parametrize(
    ("room", "anger"), [(ROOMS[0], 0.0), (ROOMS[1], 0.7), (ROOMS[2], 1.0)], ids=["calm", "angry", "furious"]
)
def test_between_takes_and_rendered_lines_loudness_steps_by_less_than_1_db(bank, voice, tmp_path, room, anger):
    """As it is heard, on the telephone line; takes of another voice, room and level each."""
    heard = []
    for number, text in enumerate((*TEXTS, *TEXTS)):
        line = LineRequest(text=text, persona="woman", anger=anger)
        if number % 2:
            line = replace(line, take=take(voice, tmp_path / f"{number}.flac", text, *room))
        heard.append(sounds.loudness_lufs(bank.sound(line), RATE_HZ))
    assert max(abs(one - other) for one, other in pairwise(heard)) < 1.0


def test_takes_and_rendered_lines_pass_the_same_telephone_band(bank, voice, tmp_path):
    """Outside of 300 to 3400 Hz both have next to nothing, and in their pauses both have the same noise."""
    path = take(voice, tmp_path / "take.flac", TEXTS[0], *ROOMS[0])
    for request in (
        LineRequest(text=TEXTS[0], persona="woman", take=path),
        LineRequest(text=TEXTS[0], persona="woman"),
    ):
        samples = bank.sound(request)
        power = np.abs(np.fft.rfft(samples)) ** 2
        frequency_hz = np.fft.rfftfreq(len(samples), 1 / RATE_HZ)
        outside = (frequency_hz < 150) | (frequency_hz > 3_550)
        assert 10 * np.log10(power[outside].sum() / power.sum()) < -45


def test_the_lines_noise_is_the_same_however_much_a_voice_was_raised(bank):
    """It is added after the loudness is matched."""
    quietest = []
    for persona in ("deep_man", "woman"):
        samples = bank.sound(LineRequest(text=f"{TEXTS[1]} {TEXTS[0]}", persona=persona))
        frames = [sounds.level_dbfs(samples[at : at + 320]) for at in range(640, len(samples) - 960, 320)]
        quietest.append(min(frames))
    assert all(level == pytest.approx(-55, abs=3) for level in quietest)


def test_a_line_under_an_effect_is_the_plain_line_with_what_is_around_it(bank):
    line = LineRequest(text=TEXTS[1], persona="woman", anger=0.7)
    plain, crying = bank.sound(line), bank.sound(replace(line, effect="baby_crying"))
    start = round(0.5 * RATE_HZ)
    inside = crying[start : start + len(plain)]
    assert np.corrcoef(inside, plain)[0, 1] > 0.9
    assert not np.array_equal(bank.sound(replace(line, effect="bad_line")), plain)
    assert np.array_equal(bank.sound(replace(line, effect="bad_line")), bank.sound(replace(line, effect="bad_line")))


def test_effects_lie_on_takes_as_well(bank, voice, tmp_path):
    path = take(voice, tmp_path / "take.flac", TEXTS[1], *ROOMS[1])
    line = LineRequest(text=TEXTS[1], persona="woman", take=path)
    assert len(bank.sound(replace(line, effect="baby_crying"))) > len(bank.sound(line)) + RATE_HZ


def test_an_unknown_effect_is_refused(bank):
    with pytest.raises(InputError, match=r"effect 'thunder'.*bad_line, baby_crying"):
        bank.sound(LineRequest(text=TEXTS[0], persona="woman", effect="thunder"))


def test_lines_are_made_on_every_core():
    assert os.cpu_count() == voicebank.WORKERS


def test_preparing_makes_plain_lines_first_and_each_once(tmp_path):
    """A line under two effects is rendered once."""

    class Counting:
        name = "counting 1"
        rendered: list[str] = []  # noqa: RUF012 - one object only

        def render(self, text, style):
            self.rendered.append(text)
            return voice_sound

    voice_sound = HibariVoice().render("Well?", VoiceStyle(persona="woman", anger=0.0, speed=1.0))
    counting = Counting()
    bank = VoiceBank(cache=tmp_path, voices={"hibari": counting}, workers=1)
    line = LineRequest(text="Well?", persona="woman")
    bank.prepare([replace(line, effect="bad_line"), line, replace(line, effect="baby_crying")])
    assert counting.rendered == ["Well?"]
    assert len(list(tmp_path.rglob("*.flac"))) == 3
