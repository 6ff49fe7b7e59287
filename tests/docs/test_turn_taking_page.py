"""The page about turn-taking gives the numbers that the code uses."""

import re
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from voicesim.call.exchange import ARRIVES_AFTER
from voicesim.call.patience import Patience
from voicesim.call.playing import TURNED_DOWN
from voicesim.call.turn_taking import WINDOW
from voicesim.call.turn_words import BACKCHANNELS, is_backchannel
from voicesim.model import RATE_HZ

PAGE = (Path(__file__).parents[2] / "docs" / "turn-taking.md").read_text(encoding="utf-8")
ROWS = {name: float(value) for name, value in re.findall(r"^\| `(\w+)` \| ([\d.]+) \|", PAGE, re.MULTILINE)}


def test_the_table_holds_every_wait_with_its_default():
    defaults = {field.name: getattr(Patience(), field.name) for field in fields(Patience)}
    assert {name: value for name, value in defaults.items() if value is not None} == ROWS
    assert all(f"`{name}`" in PAGE for name in defaults)


@pytest.mark.parametrize(
    "words",
    [
        f"{WINDOW} samples ({WINDOW / RATE_HZ:g} s)",
        f"{ARRIVES_AFTER / RATE_HZ:g} s of samples after",
        f"{-20 * np.log10(TURNED_DOWN):.0f} dB quieter",
        f"{Patience().look_s:g} s of silence the reply so far is decoded",
    ],
)
def test_the_text_gives_the_numbers_of_the_code(words):
    assert words in PAGE


def test_the_words_named_as_backchannels_are_some():
    named = re.search(r"Words that only show that one listens: (.+?) and their kin", PAGE.replace("\n", " "))[1]
    words = [quoted.lower().replace("-", " ") for quoted in re.findall(r"`([^`]+)`", named)]
    assert set(words) <= set(BACKCHANNELS)
    assert all(is_backchannel(word) for word in words)
