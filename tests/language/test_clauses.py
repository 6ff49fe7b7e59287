"""Clauses: found by punctuation where there is some, by the words themselves where there is none."""

import pytest

from voicesim.language.clauses import Places, split
from voicesim.model import Span, Transcript, Word


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("I'm sorry, could you repeat that?", ["i am sorry", "could you repeat that"]),
        ("i am sorry could you repeat that", ["i am sorry", "could you repeat that"]),
        ("i know that you are waiting", ["i know that you are waiting"]),
        ("thank you for waiting your reference is 4471", ["thank you for waiting", "your reference is 4471"]),
        ("It costs 4.50, or 5 at 16:00.", ["it costs 4.5 or 5 at 4:00"]),
        ("could you tell me your number", ["could you tell me your number"]),
        ("i can not do that but my manager can", ["i can not do that", "but my manager can"]),
        ("", []),
    ],
)
def test_a_reply_falls_into_its_clauses(text, clauses):
    assert [c.norm for c in split(text)] == clauses


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("could you hold the line", True),
        ("what is your name", True),
        ("how many were there", True),
        ("You paid twice?", True),
        ("what i can do is send it", False),
        ("when i called you", False),
        ("this is what happened", False),
    ],
)
def test_a_question_is_known_by_its_form(text, asks):
    assert split(text)[-1].asks is asks


def test_quoted_words_are_marked():
    said = split("You were told “just calm down” yesterday.")
    assert [c.quoted for c in said] == [False, True, False]


def test_clauses_stand_where_they_say():
    text = "Well, I see. I will ring you; is four all right?"
    for clause in split(text):
        assert text[clause.start : clause.end].strip() == text[clause.start : clause.end]
    assert "".join(text[c.start : c.end] for c in split(text)).replace(" ", "") == text.replace(" ", "")


def test_the_place_of_a_word_survives_a_word_that_the_text_does_not_hold():
    words = tuple(
        Word(text=t, span=Span(start=n * 100, end=n * 100 + 90), confidence=c)
        for n, (t, c) in enumerate([("so", 0.5), ("[noise]", 0.1), ("thanks", 0.9)])
    )
    places = Places(Transcript(words=words, text="so thanks", engine="fake"))
    assert places.span(3, 9) == Span(start=200, end=290)
    assert places.confidence(3, 9) == 0.9
