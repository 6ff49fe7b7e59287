"""Real words over a line, heard by real voice activity and the embedded recognizer: who listens, who interrupts."""

import numpy as np
import pytest

from voicesim.backends.fakes import FakeDuplex
from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.replies_voice import room_noise
from voicesim.backends.vad import SileroVad
from voicesim.backends.whisper_recognizer import WhisperRecognizer
from voicesim.call.ear import Ear
from voicesim.call.exchange import SILENT_FRAME, Exchange
from voicesim.call.turn_taking import Signal, TurnTaking
from voicesim.call.watch import Watcher
from voicesim.model import FRAME, RATE_HZ
from voicesim.ports import VoiceStyle
from voicesim.sound import resample


@pytest.fixture(scope="module")
def heard():
    """What is noted of a text that a woman speaks over a line, and the seconds from its onset to an interruption."""
    voice, vad, recognizer = HibariVoice(), SileroVad(), WhisperRecognizer()

    def over_a_line(text):
        spoken = voice.render(text, VoiceStyle(persona="woman"))
        speech = np.pad(resample(spoken.samples, spoken.rate_hz, RATE_HZ), (RATE_HZ // 2, RATE_HZ))
        sound = (speech + room_noise(len(speech), (1,))).astype(np.float32)
        vad.reset()
        turns, ear = TurnTaking(punctuated=True), Ear(recognizer, None, None)
        exchange = Exchange(
            FakeDuplex(sound),
            keep=lambda frames: None,
            activity=vad,
            turns=turns,
            ear=ear,
            is_stop_word=lambda text: False,
            watcher=Watcher(),
            waits=True,
        )
        turns.line_begins(answers_reply=False)
        at_s = [
            exchange.clock / RATE_HZ
            for _ in range(len(sound) // FRAME)
            if Signal.INTERRUPTED in exchange.step(SILENT_FRAME)
        ]
        ear.close()
        [overlap] = turns.overlaps
        return str(overlap.kind), at_s[0] - overlap.span.start_s if at_s else None

    return over_a_line


@pytest.mark.parametrize("text", ["Yes, I see.", "Okay, right.", "Sure, of course."])
def test_who_says_more_than_one_word_to_show_that_they_listen_interrupts_nobody(heard, text):
    assert heard(text) == ("backchannel", None)


def test_who_begins_to_speak_interrupts_within_0_65_s(heard):
    kind, after_s = heard("Let me stop you there for a second.")
    assert kind == "interruption"
    assert 0.5 < after_s < 0.65


def test_who_agrees_first_interrupts_by_what_follows(heard):
    kind, after_s = heard("Yes, but you have to pay it first.")
    assert kind == "interruption"
    assert 0.65 < after_s < 1.2
