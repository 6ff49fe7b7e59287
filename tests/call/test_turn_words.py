"""What recognized words say about turns."""

import pytest

from voicesim.call.turn_words import (
    Listening,
    TextEnding,
    ending_of,
    is_backchannel,
    is_punctuated,
    listening_of,
    looks_complete,
)


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("I am sorry about that.", True),
        ("let me", False),
        ("I can help you.", True),
        ("I can refund it, and", False),
        ("so what I can do is um", False),
        ("it is in the", False),
        ("", False),
        ("Right.", False),
        ("Thank you.", False),
        ("ring you at four", True),
    ],
)
def test_a_text_looks_complete_by_its_last_word(text, complete):
    assert looks_complete(text) is complete


@pytest.mark.parametrize(
    ("text", "only_listening"),
    [("mm-hm", True), ("Yes, of course.", True), ("right, I see, okay", True), ("no that is wrong", False)],
)
def test_a_backchannel_has_no_two_words_of_its_own(text, only_listening):
    assert is_backchannel(text) is only_listening


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("Does that work for you?", TextEnding.SURE),
        ("I am sorry. I will send your money back today.", TextEnding.COMPLETE),
        ("I am sorry that you had to wait.", TextEnding.COMPLETE),
        ("I have found the payment.", TextEnding.COMPLETE),
        ("Thank you. That is done.", TextEnding.COMPLETE),
        ("When I look at your bill.", TextEnding.INCOMPLETE),
        ("When I look at your bill, I see two.", TextEnding.COMPLETE),
        ("When did you call?", TextEnding.SURE),
        ("So what I can do is...", TextEnding.INCOMPLETE),
        ("The parcel was sent,", TextEnding.INCOMPLETE),
        ("Okay. Okay. Okay.", TextEnding.INCOMPLETE),
        ("", TextEnding.INCOMPLETE),
    ],
)
def test_full_stops_and_words_tell_how_sure_an_end_is(text, ending):
    assert ending_of(text) is ending


@pytest.mark.parametrize(("punctuated", "ending"), [(False, TextEnding.COMPLETE), (True, TextEnding.INCOMPLETE)])
def test_a_text_without_a_full_stop_means_something_only_if_they_are_set(punctuated, ending):
    assert ending_of("i will ring you by five", punctuated=punctuated) is ending


@pytest.mark.parametrize(
    ("text", "punctuated"),
    [("i will ring", False), ("I will and I'll", False), ("I will.", True), ("Then said the man", True), ("", False)],
)
def test_full_stops_and_capitals_show_a_recognizer_that_sets_them(text, punctuated):
    assert is_punctuated(text) is punctuated


@pytest.mark.parametrize(
    ("text", "listening"),
    [
        ("Okay... Okay...", Listening.LISTENS),
        ("mm-hm", Listening.LISTENS),
        ("Yes, I see.", Listening.LISTENS),
        ("Oh dear, of course", Listening.LISTENS),
        ("of", Listening.MAYBE_MORE),
        ("I hear... I hear...", Listening.LISTENS),
        ("Yes sir. Yes sir.", Listening.LISTENS),
        ("Mom, I", Listening.LISTENS),
        ("Sure F F F F F F", Listening.LISTENS),
        ("I need", Listening.SAYS_MORE),
        ("I", Listening.MAYBE_MORE),
        ("no", Listening.MAYBE_MORE),
        ("No. No. No.", Listening.MAYBE_MORE),
        ("That is... That is...", Listening.SAYS_MORE),
        ("yes but not", Listening.SAYS_MORE),
        ("M-M-M", Listening.UNKNOWN),
        ("... ...", Listening.UNKNOWN),
        ("", Listening.UNKNOWN),
    ],
)
def test_a_glance_tells_whether_somebody_only_listens(text, listening):
    assert listening_of(text) is listening
