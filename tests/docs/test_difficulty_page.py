"""What the pages tell of difficulty, complications and effects is what the code does."""

import re
from pathlib import Path

import pytest

from voicesim import effects
from voicesim.script import dial, load_lines
from voicesim.script.dial_words import ASIDES, TARGETED
from voicesim.script.model import ComplicationKind

DOCS = Path(__file__).parents[2] / "docs"
SCRIPTS = (DOCS / "scripts.md").read_text(encoding="utf-8")
VOICES = (DOCS / "voices.md").read_text(encoding="utf-8")
LEVELS = dict(re.findall(r"^\| (\d) \| (.+) \|$", SCRIPTS.partition("## Difficulty")[2], re.MULTILINE))


def test_every_level_has_its_row():
    assert [int(level) for level in LEVELS] == list(dial.LEVELS)


@pytest.mark.parametrize(
    ("level", "words"),
    [
        ("0", {1.5: "half as long again"}[dial.LONGER_WAIT]),
        ("0", {4: "gives up four replies later"}[dial.MORE_TURNS]),
        ("2", next(iter(TARGETED.values()))[0]),
        ("3", f"longer than {dial.CUTS_IN_AFTER_S[3]:g} seconds"),
        ("3", f"one complication at turn {dial.COMPLICATIONS_AT[3][0]}"),
        ("4", f"after {dial.CUTS_IN_AFTER_S[4]:g} seconds"),
        ("4", "three complications at turns {}, {} and {}".format(*dial.COMPLICATIONS_AT[4])),
    ],
)
def test_a_row_gives_the_numbers_of_the_code(level, words):
    assert words in LEVELS[level]


@pytest.mark.parametrize("kind", ComplicationKind)
def test_every_kind_of_complication_is_explained(kind):
    assert f"- `{kind}`" in SCRIPTS


def test_the_number_of_asides_is_told():
    assert len(ASIDES) == 2
    assert all(words in SCRIPTS for words in ("asking for the manager", "reading out a second problem"))
    assert f"| 1 to {load_lines._MOST_LINES} | {load_lines._USUAL_LINES} |" in SCRIPTS


@pytest.mark.parametrize(
    "words",
    [
        f"{effects.BAD_BAND_HZ[0]:g} to {effects.BAD_BAND_HZ[1]:g} Hz",
        f"noise of {effects.BAD_NOISE_DBFS:g} dBFS",
        f"holes of {effects.HOLE_S[0]:g} to {effects.HOLE_S[1]:g} s",
        f"every {effects.HOLE_EVERY_S:g} s",
        f"{effects.BABY_BELOW_DB:g} dB below her voice",
        f"{effects.BABY_BEFORE_S:g} s before the line to {effects.BABY_AFTER_S:g} s after",
    ],
)
def test_the_page_about_voices_gives_the_numbers_of_the_effects(words):
    assert words in VOICES
