"""What every recognizer must do, the fake and the real ones alike."""

from itertools import pairwise

import numpy as np
import pytest

from voicesim.errors import InputError, UsageError
from voicesim.model import RATE_HZ, Samples, Transcript
from voicesim.ports import Hearing


def fed(hearing: Hearing, sound: Samples, piece: int = 320) -> list[str]:
    """The partial texts while a sound is fed in pieces."""
    return [hearing.feed(sound[at : at + piece]) for at in range(0, len(sound), piece)]


def final(hearer, sound: Samples, piece: int = 320) -> Transcript:
    hearing = hearer.recognizer.start(RATE_HZ)
    fed(hearing, sound, piece)
    return hearing.finish()


@pytest.fixture(scope="module")
def heard(hearer) -> Transcript:
    """The final transcript of the sound, fed frame by frame."""
    return final(hearer, hearer.sound)


@pytest.mark.parametrize("rate_hz", [0, 1, -16_000, 8_000, 44_100, 16_000.5])
def test_another_rate_is_refused(hearer, rate_hz):
    """Refused before it reaches a library that hangs or aborts on it."""
    with pytest.raises(UsageError, match="at 16000 Hz"):
        hearer.recognizer.start(rate_hz)


@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.3, 3.0])
def test_silence_gives_no_words(hearer, seconds):
    silence = final(hearer, np.zeros(round(seconds * RATE_HZ), dtype=np.float32))
    assert (silence.words, silence.text) == ((), "")


def test_a_hearing_that_was_fed_nothing_has_heard_nothing(hearer):
    hearing = hearer.recognizer.start(RATE_HZ)
    assert hearing.so_far().text == "" == hearing.finish().text


def test_words_are_in_order_within_the_sound(hearer, heard):
    words = heard.words
    assert len(words) >= 3
    assert all(a.span.end <= b.span.start for a, b in pairwise(words))
    assert all(0 <= w.span.start <= w.span.end <= len(hearer.sound) for w in words)


def test_the_text_is_its_words(heard):
    assert heard.text == " ".join(word.text for word in heard.words)


def test_the_transcript_names_the_engine_and_its_version(hearer, heard):
    assert heard.engine == hearer.recognizer.capabilities.engine


def test_the_same_samples_give_the_same_transcript(hearer, heard):
    assert final(hearer, hearer.sound) == heard


@pytest.mark.parametrize("piece", [777, 1_000_000])
def test_the_size_of_the_pieces_does_not_matter(hearer, heard, piece):
    assert final(hearer, hearer.sound, piece) == heard


def test_the_live_transcript_at_the_end_has_words(hearer):
    hearing = hearer.recognizer.start(RATE_HZ)
    fed(hearing, hearer.sound)
    assert len(hearing.so_far().words) >= 3


def test_a_glance_has_the_words_of_speech_and_none_of_silence(hearer):
    assert len(hearer.recognizer.glance(hearer.sound).split()) >= 3
    assert hearer.recognizer.glance(np.zeros(RATE_HZ, dtype=np.float32)) == ""


def test_a_glance_that_listens_for_words_hears_the_others_too_and_makes_none_up(hearer, rng):
    assert len(hearer.recognizer.glance(hearer.sound, ("stop the exercise", "red card")).split()) >= 3
    for seconds in (0.5, 1.2, 3.5):
        noise = (0.03 * rng.standard_normal(round(seconds * RATE_HZ))).astype(np.float32)
        assert "exercise" not in hearer.recognizer.glance(noise, ("stop the exercise",)).lower()


def test_feeding_goes_on_after_the_live_transcript(hearer):
    """What is said after it is heard as well, later in the sound."""
    hearing = hearer.recognizer.start(RATE_HZ)
    fed(hearing, hearer.sound)
    before = hearing.so_far()
    fed(hearing, np.concatenate([np.zeros(RATE_HZ, dtype=np.float32), hearer.sound]))
    after = hearing.finish()
    assert len(after.words) > len(before.words)
    assert after.words[-1].span.start > len(hearer.sound) + RATE_HZ


def test_two_hearings_at_once_do_not_mix(hearer, heard):
    one, other = hearer.recognizer.start(RATE_HZ), hearer.recognizer.start(RATE_HZ)
    for at in range(0, len(hearer.sound), 1_600):
        one.feed(hearer.sound[at : at + 1_600])
        other.feed(np.zeros(1_600, dtype=np.float32))
    assert (one.finish(), other.finish().text) == (heard, "")


def test_partial_text_comes_as_promised(hearer):
    partials = fed(hearer.recognizer.start(RATE_HZ), hearer.sound)
    assert any(partials) == hearer.recognizer.capabilities.partials


def test_confidence_comes_as_promised(hearer, heard):
    given = [word.confidence for word in heard.words]
    if hearer.recognizer.capabilities.confidence:
        assert all(confidence is not None and 0 <= confidence <= 1 for confidence in given)
    else:
        assert given == [None] * len(given)


def test_a_finished_hearing_cannot_be_fed(hearer):
    hearing = hearer.recognizer.start(RATE_HZ)
    hearing.finish()
    with pytest.raises(UsageError, match="finished"):
        hearing.feed(np.zeros(320, dtype=np.float32))


def test_finishing_again_gives_the_same(hearer):
    hearing = hearer.recognizer.start(RATE_HZ)
    fed(hearing, hearer.sound)
    assert hearing.finish() == hearing.finish()


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_sound_that_is_not_finite_is_refused(hearer, bad):
    with pytest.raises(InputError, match="finite"):
        hearer.recognizer.start(RATE_HZ).feed(np.full(320, bad, dtype=np.float32))
