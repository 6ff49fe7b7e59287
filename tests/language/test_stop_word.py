"""The word that ends an exercise is heard when it is said, and only then."""

import pytest

from voicesim.language.stop_word import says_stop

WORD = "stop the exercise"


@pytest.mark.parametrize(
    "text",
    [
        "stop the exercise",
        "Okay, that is enough. Stop the exercise, please.",
        "Stop the exercises.",
        "stop this exercise",
        "um stop, the exercise",
        "I said do not go on stop the excercise now",
    ],
)
def test_it_is_heard(text):
    assert says_stop(text, WORD)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "stop",
        "I will stop the payment today",
        "the exercise of your rights is free",
        "we stop the extra charges at once",
        "please stop shouting at me or I have to end the call",
    ],
)
def test_other_talk_is_not_taken_for_it(text):
    assert not says_stop(text, WORD)


def test_of_a_short_word_every_letter_must_be_there():
    assert says_stop("Red!", "red")
    assert not says_stop("I have read your letter", "red")


def test_numbers_and_case_do_not_matter():
    assert says_stop("code twelve", "Code 12")


def test_a_stop_word_without_words_is_never_heard():
    assert not says_stop("anything", "..")
