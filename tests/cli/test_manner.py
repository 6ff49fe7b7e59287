"""How a trainee's settings become the manner of a call."""

import pytest

from voicesim.settings import Settings
from voicesim.wiring.library import find_script
from voicesim.wiring.manner import manner_of


@pytest.mark.parametrize(
    ("stop_word", "listens_for"),
    [
        ("stop the exercise", ("stop the exercise",)),
        ("end this training call", ("end this training call", "stop the exercise")),
        ("red card", ("stop the exercise",)),
    ],
)
def test_every_stop_word_counts_and_only_long_ones_are_listened_for(stop_word, listens_for):
    """A recognizer that is told of a short one hears it where nobody said it; the script's own is long."""
    manner = manner_of(find_script("billed-twice"), Settings(stop_word=stop_word))
    assert manner.listens_for == listens_for
    assert manner.is_stop_word(f"Okay, {stop_word}, please.")
    assert manner.is_stop_word("Stop the exercise.")
    assert not manner.is_stop_word("I stop the charges.")
