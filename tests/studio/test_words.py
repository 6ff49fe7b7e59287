"""The words of a line against what was heard: small, misheard and differently written ones are forgiven."""

import pytest

from voicesim.studio.words import compare, likeness, same, tokens


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        ("Sixty-two pounds, and you took it two times!", "62 pounds and you took it 2 times"),
        ("My account is five oh eight three.", "My account is 5083."),
        ("It is one hundred and five pounds.", "It's £105."),
        ("A hundred and eighty pounds.", "180 pounds"),
        ("Ask Mr Whitlock.", "Ask Mister Whitlock"),
        ("I have one broadband line.", "I have one broad band line."),
        ("I've told you, they're not coming.", "I have told you there not coming"),
        ("You colour everything with apologies.", "You color everything with apologise"),
        ("So where is the money?", "Where's the money"),
        ("Where is my money?", "Where is my honey?"),
    ],
)
def test_what_was_said_counts_however_it_is_written(line, heard):
    assert compare(line, heard.split()).wrong == 0


@pytest.mark.parametrize(
    ("line", "heard", "wrong"),
    [
        ("I paid the bill on the twelfth of March.", "I paid the bill on the twelfth of September.", 1),
        ("I paid the bill twice.", "I paid.", 2),
        ("I want a refund today.", "I want a refund today, you useless parrots.", 2),
        ("Sixty-two pounds.", "Forty-two pounds.", 1),
        ("Where is my parcel?", "Have you gone to lunch again?", 3),
    ],
)
def test_other_words_are_counted(line, heard, wrong):
    assert compare(line, heard.split()).wrong == wrong


def test_words_that_were_heard_unsurely_are_not_too_many():
    heard = "And that is your answer naps".split()
    assert compare("And that is your answer?", heard, [0.9] * 6).wrong == 1
    assert compare("And that is your answer?", heard, [0.9] * 5 + [0.2]).wrong == 0


@pytest.mark.parametrize(
    ("heard", "confidence", "exchanged"),
    [
        ("That's a reading, that.", 0.95, True),
        ("That's a reading, that.", 0.7, False),
        ("That's a reading, that.", None, False),
        ("That's a shape, that.", 0.95, False),
        ("That's a big reading, that.", 0.95, False),
        ("That's that.", 0.95, False),
    ],
)
def test_a_word_is_exchanged_if_another_one_was_heard_with_certainty(heard, confidence, exchanged):
    """What sounds alike, is added or is missing, and what the recognizer is not certain of, may be its own mistake."""
    words = heard.split()
    found = compare("That's a shame, that.", words, [confidence] * len(words))
    assert any(difference.exchanged for difference in found.differences) is exchanged


def test_a_difference_says_whether_the_line_ends_in_it():
    *_, last = compare("You took my money on Friday.", "You took my".split()).differences
    assert last.last
    assert last.said == ("money", "friday")
    assert last.heard == ()


def test_tokens_know_the_word_they_come_from():
    assert [(t.text, t.word) for t in tokens(["I've", "62", "pounds"])] == [
        ("i", 0),
        ("have", 0),
        ("6", 1),
        ("2", 1),
        ("pounds", 2),
    ]


def test_numbers_are_never_alike_in_sound():
    assert not same("6", "7")
    assert likeness("refund", "invoice") < 0.6 < likeness("manager", "manger")
