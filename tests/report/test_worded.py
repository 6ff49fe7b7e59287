"""Each measure of a reply's wording is told in words, and none that is not known."""

from dataclasses import fields, replace

import pytest

from voicesim.language.wording import Wording
from voicesim.report.wording import worded

FOUND = Wording(
    words=900,
    i_share=0.11,
    we_share=0.12,
    you_share=0.13,
    i_against_we_share=0.48,
    fillers_heard=21,
    fillers_heard_share=0.22,
    fillers_dropped=23,
    fillers_dropped_share=0.24,
    hedges=31,
    content_words=41,
    content_words_taken_up=42,
    figures=51,
    figures_taken_up=52,
    concreteness=0.61,
    apology_s=7.1,
    longest_run_words=81,
)
UNKNOWN = (
    "i_against_we_share",
    "fillers_dropped",
    "content_words_taken_up",
    "figures_taken_up",
    "concreteness",
    "apology_s",
)


def told(found):
    return "\n".join(f"{label}: {value}" for label, value in worded(found))


@pytest.mark.parametrize("name", [field.name for field in fields(Wording)])
def test_every_measure_is_told(name):
    value = getattr(FOUND, name)
    assert (f"{value:.0%}" if isinstance(value, float) and name != "apology_s" else str(value)) in told(FOUND)


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_is_not_known_is_not_told(name):
    value = getattr(FOUND, name)
    rows = told(replace(FOUND, **{name: None}))
    assert "None" not in rows
    assert (f"{value:.0%}" if isinstance(value, float) and name != "apology_s" else str(value)) not in rows


def test_one_word_is_a_word():
    assert dict(worded(replace(FOUND, words=1)))["wording"].startswith("1 word,")


def test_a_reply_without_words_has_nothing_to_tell():
    assert list(worded(replace(FOUND, words=0))) == []
