"""What is said of a take: nothing of a good one, and of a spoiled one what it is, in words with the figure."""

from dataclasses import replace

import numpy as np
import pytest

from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.models import choose_recognizer
from voicesim.backends.replies_voice import room_noise
from voicesim.backends.vad import SileroVad, speech_spans
from voicesim.model import RATE_HZ, Baseline, Delivery, Span, Transcript, Word
from voicesim.ports import VoiceStyle
from voicesim.sound import level_dbfs, resample
from voicesim.studio.checks import CODES, check_take, faults
from voicesim.studio.trim import trimmed

LINE = "You took sixty-two pounds from my account, and then you took it again on Friday."
NEUTRAL = Baseline(
    trainee="ann",
    headset="studio",
    f0_median_st=90.0,
    alpha_db=-14.0,
    centroid_st=107.0,
    f0_velocity_stps=12.0,
    level_dbfs=-26.0,
    articulation_rate_sps=4.5,
    speech_s=5.0,
    snr_db=40.0,
    made_utc="",
)


def heard_as(text, confidence=None, engine="made"):
    nowhere = Span(start=0, end=0)
    words = tuple(Word(text=word, span=nowhere, confidence=confidence) for word in text.split())
    return Transcript(words=words, text=text, engine=engine)


@pytest.fixture(scope="module")
def take():
    """The line by the neural voice in a quiet room, half a second of it before and after."""
    spoken = HibariVoice().render(LINE, VoiceStyle(persona="man", anger=0.5))
    speech = resample(spoken.samples, spoken.rate_hz, RATE_HZ)
    speech = speech * np.float32(10 ** ((-24 - level_dbfs(speech)) / 20))
    samples = np.pad(speech, RATE_HZ // 2)
    return (samples + room_noise(len(samples), (1,), -65.0)).astype(np.float32)


@pytest.fixture(scope="module")
def vad():
    return SileroVad()


def codes(samples, vad, heard=LINE, **more):
    problems = check_take(
        samples, speech_spans(samples, vad), text=LINE, mood="angry", heard=heard and heard_as(heard), **more
    )
    return [problem.code for problem in problems]


def test_a_good_take_is_good_to_the_real_recognizer(take, vad):
    hearing = choose_recognizer("auto", "en").start(RATE_HZ)
    hearing.feed(take)
    problems = check_take(take, speech_spans(take, vad), text=LINE, mood="angry", heard=hearing.finish())
    assert problems == ()


def test_a_good_take_stays_good_when_it_is_trimmed(take, vad):
    assert codes(trimmed(take, speech_spans(take, vad)), vad) == []


@pytest.mark.parametrize("gain", [0.5, 1.0])
def test_clipping_is_told_even_if_it_was_turned_down_later(take, vad, gain):
    ceiling = np.quantile(np.abs(take), 0.97)
    assert "clipped" in codes((np.clip(take, -ceiling, ceiling) / ceiling * gain).astype(np.float32), vad)


def test_noise_is_told_with_its_figure(take, vad):
    noisy = take + room_noise(len(take), (2,), -34.0)
    (problem,) = check_take(noisy, speech_spans(noisy, vad), text=LINE, mood="angry", heard=heard_as(LINE))
    assert problem.code == "noisy"
    assert problem.value == pytest.approx(10, abs=3)
    assert f"{problem.value:.0f} dB" in problem.what
    assert problem.measure
    assert problem.advice


def test_too_quiet_and_too_loud_are_told(take, vad):
    assert "quiet" in codes((take * 0.05).astype(np.float32), vad)
    assert "loud" in codes(np.clip(take * 8, -1, 1).astype(np.float32), vad)


def test_the_echo_of_a_room_is_told(take, vad, rng):
    """A room that takes 0.8 s to die by 60 dB, as loud as the voice itself."""
    answer = rng.standard_normal(RATE_HZ) * 10 ** (-3 * np.arange(RATE_HZ) / RATE_HZ / 0.8)
    answer /= np.sqrt(np.sum(answer**2))
    answer[0] += 1.0
    size = len(take) + len(answer)
    echoed = np.fft.irfft(np.fft.rfft(take, size) * np.fft.rfft(answer, size), size).astype(np.float32)
    assert "echo" in codes(echoed * np.float32(0.7), vad)


def test_a_start_and_an_end_inside_a_word_are_told(take, vad):
    speech = speech_spans(take, vad)
    loud = [at for at in range(0, len(take), 160) if level_dbfs(take[at : at + 480]) > -26]
    assert "cut_start" in codes(take[loud[20] :], vad)
    assert "cut_end" in codes(take[: loud[-20]], vad)
    assert speech


def test_a_missing_end_is_told_by_its_words(take, vad):
    (problem,) = check_take(
        take, speech_spans(take, vad), text=LINE, mood="angry", heard=heard_as(LINE.removesuffix("again on Friday."))
    )
    assert problem.code == "cut_end"
    assert '"again friday"' in problem.what


@pytest.mark.parametrize(
    "heard",
    [
        "Have you any idea how long I was on hold?",
        "You took ninety pounds from my mother, and then you took it on Sunday",
    ],
)
def test_other_words_are_told_and_named(take, vad, heard):
    problems = check_take(take, speech_spans(take, vad), text=LINE, mood="angry", heard=heard_as(heard))
    assert problems[0].code == "wrong_words"
    assert " for " in problems[0].what or "missing" in problems[0].what


def test_one_word_misheard_is_forgiven(take, vad):
    assert codes(take, vad, heard=LINE.replace("account", "amount")) == []


@pytest.mark.parametrize(
    ("confidence", "engine", "told"),
    [(0.95, "whisper base.en", True), (0.6, "whisper base.en", False), (1.0, "vosk small", False)],
)
def test_one_other_word_is_told_if_a_recognizer_of_known_certainty_is_certain(take, vad, confidence, engine, told):
    heard = heard_as(LINE.replace("account", "pyjamas"), confidence, engine)
    problems = check_take(take, speech_spans(take, vad), text=LINE, mood="angry", heard=heard)
    assert [problem.code for problem in problems] == (["wrong_words"] if told else [])
    assert all('"pyjamas" for "account"' in problem.what for problem in problems)


def test_silence_is_told_and_nothing_else(vad):
    silent = np.zeros(RATE_HZ, dtype=np.float32)
    (problem,) = check_take(silent, (), text=LINE, mood="angry", heard=None)
    assert (problem.code, problem.value) == ("silent", None)
    assert codes(room_noise(RATE_HZ, (3,)), vad, heard=None) == ["silent"]


def test_what_matters_most_comes_first(take, vad):
    spoiled = (take * 0.05 + room_noise(len(take), (4,), -55.0)).astype(np.float32)
    found = codes(spoiled, vad, heard="Is there a mouse in the kitchen tonight")
    assert found == sorted(found, key=CODES.index)
    assert found[0] == "wrong_words"
    assert len(found) >= 3


def sounding(tension, louder_db=0.0, rate_sps=4.5):
    return Delivery(
        speech_s=4.0,
        tension=tension,
        tension_band="calm" if tension <= -1 else "tense",
        level_db_re_baseline=louder_db,
        articulation_rate_sps=rate_sps,
        calibrated=True,
    )


@pytest.mark.parametrize(
    ("mood", "delivery", "told"),
    [
        ("furious", sounding(-4.0), True),
        ("angry", sounding(-4.0), True),
        ("angry", sounding(2.0), False),
        ("angry", sounding(-4.0, louder_db=6.0), False),
        ("angry", sounding(-4.0, rate_sps=6.0), False),
        ("annoyed", sounding(-4.0), False),
        ("calm", sounding(-4.0), False),
        ("calm", sounding(2.5), True),
        ("angry", replace(sounding(0.0), tension=None), False),
    ],
)
def test_a_take_that_does_not_sound_like_its_mood_gets_advice_and_no_fault(take, vad, mood, delivery, told):
    problems = check_take(
        take, speech_spans(take, vad), text=LINE, mood=mood, heard=None, delivery=delivery, neutral=NEUTRAL
    )
    assert [problem.code for problem in problems] == (["mood"] if told else [])
    assert faults(problems) == ()
    for problem in problems:
        assert f"tension {delivery.tension:.1f}" in problem.what


def test_without_a_neutral_line_nothing_is_said_of_mood(take, vad):
    assert codes(take, vad, delivery=sounding(-4.0), neutral=None) == []
