"""The normal form: what is the same must come out the same, and coming out twice changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicesim.language.normal import mentions, normal, stem

WORDS = st.sampled_from(
    "one two three four twenty ninety hundred thousand first third may march june the of and at by past half to "
    "euros pounds cents € £ 4 89 16:00 4.30 1,200 pm am a.m. o'clock noon oh double it's we're cannot I'm ill "
    "quarter 3rd lets apologize per cent % um okay all right , . - ' 1 01 07 0 é ß".split()
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("eighty nine euros", "€89"),
        ("eighty-nine euros", "89 EUR"),
        ("four four seven one", "4471"),
        ("4-4-7-1", "44 71"),
        ("double four seven one", "4471"),
        ("third of may", "3 May"),
        ("May 3rd", "the 3rd of May"),
        ("twenty-first of June", "June 21"),
        ("four o'clock", "4 pm"),
        ("16:00", "4 p.m."),
        ("half past four", "4:30"),
        ("quarter to five", "16:45"),
        ("a hundred percent", "100 %"),
        ("one thousand two hundred pounds", "£1,200"),
        ("eighty nine euros fifty", "€89.50"),
        ("two thousand sixteen", "twenty sixteen"),
        ("on the third", "on the 3rd"),
        ("1 minute", "one minute"),
        ("I can't", "i can not"),
        ("We’re sorry", "we are sorry"),
        ("apologize", "apologise"),
        ("um so okay", "so ok"),
        ("Let's", "let us"),
        ("ill call you", "I'll call you"),
        ("e-mail", "email"),
    ],
)
def test_two_ways_to_write_the_same_are_the_same(one, other):
    assert normal(one) == normal(other)


@pytest.mark.parametrize("text", ["you may first need it", "one moment", "no one came", "the second payment"])
def test_words_that_look_like_numbers_or_months_stay_words(text):
    assert normal(text) == text


@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_the_normal_form_of_number_words_is_its_own_normal_form(text):
    assert normal(normal(text)) == normal(text)


@given(st.text(max_size=60))
def test_the_normal_form_of_any_text_is_its_own_normal_form(text):
    assert normal(normal(text)) == normal(text)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("I'll be refunding that today.", "refund"),
        ("we refunded you", "refund"),
        ("You get your money back.", "money back"),
        ("I will pay the whole of it back", "pay whole back"),
        ("on the twelfth of march", "12 March"),
        ("I cannot do that, but I can refund you.", "refund"),
        ("We never entered your move.", "your move"),
        ("I'll send it back.", "send that back"),
        ("I have noted that.", "noted"),
        ("I'll pass you on to a colleague.", "pass you on"),
        ("that is all done now", "all done"),
        ("No. It shouldn't have happened.", "should not have happened"),
        ("Oh no, with four year olds in the car.", "four year olds"),
    ],
)
def test_a_phrase_is_mentioned(text, phrase):
    assert mentions(text, phrase)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("I will not refund that.", "refund"),
        ("i can not give you your money back", "money back"),
        ("A refund is not possible.", "refund"),
        ("There is no refund.", "refund"),
        ("I would refund it if I could.", "refund"),
        ("the fund is empty", "refund"),
        ("620 pounds", "62 pounds"),
        ("Not at all.", "noted"),
        ("Is it about your bus pass?", "pass you on"),
        ("It is done.", "all done"),
        ("", "refund"),
        ("refund", ""),
    ],
)
def test_a_phrase_that_is_denied_or_part_of_a_word_is_not_mentioned(text, phrase):
    assert not mentions(text, phrase)


@pytest.mark.parametrize(
    ("word", "other"), [("refunding", "refund"), ("cancelled", "cancel"), ("waived", "waive"), ("sent", "send")]
)
def test_inflection_is_left_out(word, other):
    assert stem(word) == stem(other)


@pytest.mark.parametrize("word", ["thing", "bring", "this", "bus"])
def test_short_words_are_not_cut(word):
    assert stem(word) == word
