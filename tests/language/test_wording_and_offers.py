"""Wording counts what it says it counts; offers are keys whose phrases are said and not denied."""

import pytest

from voicesim.language.offers import offers
from voicesim.language.wording import wording
from voicesim.model import Context, Span, Transcript, Word

BRIEFING = Context(may_offer={"refund today": ("refund", "money back"), "call back": ("ring you", "call you back")})


def typed(text):
    return Transcript(words=(), text=text, engine="typed")


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("I'll refund it and ring you at four.", ("refund today", "call back")),
        ("you will have the money back on friday", ("refund today",)),
        ("I can't refund it, but I can call you back.", ("call back",)),
        ("We did not refund it.", ()),
        ("My colleague said “refund” to you.", ()),
        ("Good morning.", ()),
    ],
)
def test_offers_are_the_keys_that_are_said_and_not_denied(text, keys):
    assert offers(text, BRIEFING) == keys


def test_shares_are_of_all_words():
    found = wording(typed("I will ring you, and we send your card to you."))
    assert found.words == 11
    assert found.i_share == pytest.approx(1 / 11)
    assert found.we_share == pytest.approx(1 / 11)
    assert found.you_share == pytest.approx(3 / 11)


def test_fillers_hedges_and_figures_are_counted():
    found = wording(typed("Um, maybe 62 pounds, you know, on 12 March, I think."), Context(facts={"a": "62 pounds"}))
    assert found.filler_share == pytest.approx(3 / 11)
    assert found.hedges == 2
    assert found.figures == 2
    assert found.figures_taken_up == 1


def test_an_empty_reply_has_no_shares():
    found = wording(typed(""))
    assert (found.words, found.i_share, found.filler_share, found.longest_run_words) == (0, None, None, 0)


def test_the_length_of_an_apology_is_that_of_its_words():
    text = "i am very sorry for that let me check"
    words = tuple(Word(text=w, span=Span(start=i * 8000, end=(i + 1) * 8000)) for i, w in enumerate(text.split()))
    assert wording(Transcript(words=words, text=text, engine="fake")).apology_s == pytest.approx(3.0)
    assert wording(typed(text)).apology_s is None


def test_a_question_ends_a_run_of_words():
    assert wording(typed("That is how it goes here. Is it red?")).longest_run_words == 6
