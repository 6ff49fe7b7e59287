"""Syllables of a text, and pace and pauses from spans of speech."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicesim.model import RATE_HZ, Span
from voicesim.speech.pace import (
    articulation_rate_sps,
    extent_s,
    pauses_s,
    speech_rate_sps,
    speech_s,
    syllables,
    word_count,
    words_per_minute,
)
from voicesim.speech.syllables import spoken_words

ONE_SENTENCE = "So eighty nine euros left your account twice on the third"


def spans(*edges_s: tuple[float, float]) -> list[Span]:
    return [Span(start=round(a * RATE_HZ), end=round(b * RATE_HZ)) for a, b in edges_s]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("like", 1),
        ("table", 2),
        ("called", 1),
        ("waited", 2),
        ("handled", 2),
        ("boxes", 2),
        ("changes", 2),
        ("statement", 2),
        ("surely", 2),
        ("media", 3),
        ("nation", 2),
        ("various", 3),
        ("spacious", 2),
        ("creating", 3),
        ("quiet", 2),
        ("going", 2),
        ("situation", 4),
        ("immediately", 5),
        ("apologise", 4),
        ("I'll", 1),
        ("didn't", 2),
        ("don't", 1),
        ("isn't", 2),
        ("that'll", 2),
        ("boss's", 2),
        ("Sam’s", 1),
        ("business", 2),
        ("", 0),
        ("... ?!", 0),
        ("Thanks for calling Northgate, this is Sam, how can I help?", 13),
    ],
)
def test_syllables_of_common_words(text, count):
    assert syllables(text) == count


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("89", "eighty nine"),
        ("1,250", "one thousand two hundred fifty"),
        ("2024", "twenty twenty four"),
        ("2000", "two thousand"),
        ("1900", "nineteen hundred"),
        ("0441", "zero four four one"),
        ("44712", "four four seven one two"),
        ("3rd", "three"),
        ("100%", "one hundred percent"),
        ("€5", "euros five"),
        ("14:30", "fourteen thirty"),
        ("89.50", "eighty nine fifty"),
    ],
)
def test_numbers_count_as_they_are_spoken(written, spoken):
    assert spoken_words(written) == spoken.split()


@given(text=st.text(max_size=60), more=st.text(max_size=60))
def test_syllables_add_up_over_sentences(text, more):
    assert syllables(f"{text} . {more}") == syllables(text) + syllables(more)
    assert syllables(text) >= word_count(text)


def test_a_gap_under_a_quarter_of_a_second_belongs_to_the_speech():
    speech = spans((0.0, 1.0), (1.2, 2.0), (2.25, 3.0), (4.0, 5.0))
    assert pauses_s(speech) == pytest.approx((0.25, 1.0))
    assert speech_s(speech) == pytest.approx(3.75)
    assert extent_s(speech) == pytest.approx(5.0)


def test_rates_are_counts_over_speech_and_over_all():
    speech = spans((0.5, 2.5), (3.5, 4.5))
    assert syllables(ONE_SENTENCE) == 14
    assert articulation_rate_sps(ONE_SENTENCE, speech) == pytest.approx(14 / 3)
    assert speech_rate_sps(ONE_SENTENCE, speech) == pytest.approx(14 / 4)
    assert words_per_minute(ONE_SENTENCE, speech) == pytest.approx(60 * 11 / 4)


def test_without_speech_there_is_no_pace():
    assert [m(ONE_SENTENCE, []) for m in (articulation_rate_sps, speech_rate_sps, words_per_minute)] == [None] * 3
    assert speech_s([]) == extent_s([]) == 0.0
