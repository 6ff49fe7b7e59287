"""The demo's recordings say what the demo's text says."""

from pathlib import Path

import pytest

from voicesim.backends.replies_voice import read_replies
from voicesim.backends.whisper_recognizer import WhisperRecognizer
from voicesim.files import read_sound
from voicesim.language.normal import normal
from voicesim.model import RATE_HZ
from voicesim.wiring.inputs import read_baseline

DEMO = Path(__file__).parents[1] / "audio" / "demo"
REPLIES = read_replies(DEMO / "replies.txt")


def test_there_is_a_recording_for_each_reply():
    assert [path.stem for path in sorted(DEMO.glob("*.flac"))] == [f"{n:02}" for n in range(1, len(REPLIES) + 1)]


@pytest.mark.parametrize("number", range(len(REPLIES)))
def test_a_recording_says_its_reply(number):
    sound, notes = read_sound(DEMO / f"{number + 1:02}.flac")
    assert (sound.rate_hz, notes) == (RATE_HZ, ())
    hearing = WhisperRecognizer().start(RATE_HZ)
    hearing.feed(sound.samples)
    heard, written = (set(normal(text).split()) for text in (hearing.finish().text, REPLIES[number]))
    assert len(heard ^ written) <= len(written) / 4, "Run: .venv/bin/python .ci/demo_recordings.py"


def test_the_demos_trainee_has_a_baseline():
    assert read_baseline(DEMO / "baseline.json").trainee == "Sam"
