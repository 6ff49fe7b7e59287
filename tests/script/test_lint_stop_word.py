"""A stop word that trainees say in ordinary replies is told; one that nobody says by chance is not."""

from pathlib import Path

import pytest

from voicesim.script.lint_stop_word import ordinary_stop_word
from voicesim.script.load import load_script

SMALL = (Path(__file__).parents[1] / "data" / "small.yaml").read_text()


def told(word):
    script = load_script(f"{SMALL}\nstop_word: {word!r}\n".encode(), "small.yaml")
    return [p.what for p in ordinary_stop_word(script)]


@pytest.mark.parametrize(
    "word", ["sorry", "stop", "please hold", "Please stop!", "one moment", "I'll end the call", "thank you", "hello"]
)
def test_a_phrase_of_ordinary_replies_is_told(word):
    assert "trainees say it in ordinary replies" in told(word)[0]


@pytest.mark.parametrize("word", ["20 euros", "money back", "free holiday", "Pat Doe", "refund", "Help Desk"])
def test_what_the_script_itself_waits_for_is_told(word):
    assert "the script itself waits for" in told(word)[0]


@pytest.mark.parametrize("word", ["stop the exercise", "red pineapple", "timeout", "Pause Übung", "giraffe"])
def test_a_word_that_belongs_into_no_call_is_left_alone(word):
    assert told(word) == []
