"""The fakes among themselves: one list of speech that device, voice activity and recognizer agree on."""

import doctest

import numpy as np
import pytest

from voicesim.backends import fakes
from voicesim.backends.fakes import FakeDevice, FakeRecognizer, FakeVad, speech_sound
from voicesim.backends.vad import speech_spans
from voicesim.errors import DeviceError, InputError, UsageError
from voicesim.files import read_sound, write_flac
from voicesim.model import FRAME, RATE_HZ

SPEECH = [(0.5, 1.5, "hello there"), (3.0, 4.2, "I am sorry about that")]


def microphone(device: FakeDevice) -> np.ndarray:
    """All that a device's microphone gives."""
    duplex = device.open(RATE_HZ)
    frames = []
    while (frame := duplex.read()) is not None:
        assert frame.microphone.shape == frame.ears.shape == (FRAME,)
        frames.append(frame.microphone)
    return np.concatenate(frames)


def heard(sound: np.ndarray, recognizer: FakeRecognizer | None = None) -> str:
    hearing = (recognizer or FakeRecognizer(SPEECH)).start(RATE_HZ)
    hearing.feed(sound.astype(np.float32))
    return hearing.finish().text


def test_the_recognizer_hears_what_the_device_says():
    assert heard(microphone(FakeDevice(SPEECH))) == "hello there I am sorry about that"


def test_voice_activity_is_where_the_device_speaks():
    spans = speech_spans(microphone(FakeDevice(SPEECH)), FakeVad())
    assert [(s.start_s, s.end_s) for s in spans] == [pytest.approx(pair[:2], abs=0.04) for pair in SPEECH]


@pytest.mark.parametrize(("from_s", "to_s", "text"), [(2.0, 5.0, "I am sorry about that"), (0.2, 1.1, "hello")])
def test_any_part_of_the_microphone_is_understood(from_s, to_s, text):
    """A reply's hearing begins somewhere in the call."""
    sound = speech_sound(SPEECH)
    assert heard(sound[round(from_s * RATE_HZ) : round(to_s * RATE_HZ)]) == text


def test_made_speech_survives_a_sound_file(tmp_path):
    write_flac(tmp_path / "reply.flac", speech_sound(SPEECH))
    assert heard(read_sound(tmp_path / "reply.flac")[0].samples) == "hello there I am sorry about that"


def test_words_share_their_stretch():
    hearing = FakeRecognizer(SPEECH).start(RATE_HZ)
    hearing.feed(speech_sound(SPEECH))
    words = hearing.finish().words
    assert (words[0].span.start_s, words[1].span.end_s) == (0.5, 1.5)
    assert (words[2].span.start_s, words[-1].span.end_s) == (3.0, 4.2)


def test_live_and_final_transcript_can_differ():
    hearing = FakeRecognizer(SPEECH, misheard={"sorry": "salty"}).start(RATE_HZ)
    hearing.feed(speech_sound(SPEECH))
    assert "salty" in hearing.so_far().text
    assert "sorry" in hearing.finish().text


def test_confidence_can_be_left_out():
    recognizer = FakeRecognizer(SPEECH, confidence=None)
    hearing = recognizer.start(RATE_HZ)
    hearing.feed(speech_sound(SPEECH))
    assert {word.confidence for word in hearing.finish().words} == {None}
    assert not recognizer.capabilities.confidence


@pytest.mark.parametrize(
    "speech",
    [
        [(1.0, 1.0, "nothing")],
        [(2.0, 3.0, "one"), (1.0, 1.5, "two")],
        [(1.0, 3.0, "one"), (2.0, 4.0, "two")],
        [(1.0, 2.0, " ")],
    ],
    ids=["no time", "out of order", "overlap", "no words"],
)
def test_stretches_that_cannot_be_are_refused(speech):
    with pytest.raises(InputError, match="follow each other"):
        FakeRecognizer(speech)


def test_up_to_400_stretches_are_told_apart():
    speech = [(number / 10, number / 10 + 0.05, f"word{number}") for number in range(400)]
    assert heard(speech_sound(speech), FakeRecognizer(speech)).split() == [text for _, _, text in speech]
    with pytest.raises(InputError, match="400"):
        speech_sound([*speech, (50.0, 51.0, "more")])


def test_a_device_keeps_what_was_played():
    device = FakeDevice(SPEECH)
    duplex = device.open(RATE_HZ)
    for value in (0.1, 0.2):
        duplex.write(np.full(FRAME, value, dtype=np.float32))
    assert device.heard.tolist() == pytest.approx([0.1] * FRAME + [0.2] * FRAME)


def test_a_device_can_go_away():
    """At the same sample each time, for reading and writing alike."""
    duplex = FakeDevice(SPEECH, breaks_after_s=0.04).open(RATE_HZ)
    duplex.read()
    duplex.read()
    with pytest.raises(DeviceError, match="went away"):
        duplex.read()
    with pytest.raises(DeviceError, match="went away"):
        duplex.write(np.zeros(FRAME, dtype=np.float32))


def test_a_closed_device_says_no_more():
    duplex = FakeDevice(SPEECH).open(RATE_HZ)
    duplex.close()
    duplex.close()
    assert duplex.read() is None


def test_a_device_refuses_another_rate_and_other_frames():
    with pytest.raises(UsageError, match="16000 Hz"):
        FakeDevice(SPEECH).open(48_000)
    with pytest.raises(InputError, match="320"):
        FakeDevice(SPEECH).open(RATE_HZ).write(np.zeros(480, dtype=np.float32))


def test_the_example_holds():
    assert doctest.testmod(fakes).failed == 0
