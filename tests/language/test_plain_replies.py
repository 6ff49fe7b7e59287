"""Plain, correct replies with the words that mistakes are made of."""

from dataclasses import replace

import pytest

from voicesim.language.techniques import find
from voicesim.model import Context, Kind, Transcript
from voicesim.wiring.learned import load_learned

CALL = Context(verify=("date of birth",), screen=("note of 14 March: our payment run was started twice",))


def sure(text, context=None):
    found = find(Transcript(words=(), text=text, engine="typed"), context or Context(), load_learned())
    return [finding for finding in found if finding.sure]


@pytest.mark.parametrize(
    "reply",
    [
        "I'm sorry.",
        "I'm really sorry, that was our mistake.",
        "That's our mistake and I'm sorry.",
        "I am sorry about that, Megan. The fault is ours, not yours.",
        "Sorry about the wait.",
        "I can't promise you that because it isn't decided yet",
        "It won't cost you anything.",
        "Please accept my apologies, we let you down there.",
        "Well, I see.",
        "Well.",
        "No.",
        "Please.",
        "Please, Megan.",
        "Well, well.",
    ],
)
def test_an_obvious_word_alone_accuses_nobody(reply):
    assert [finding.id for finding in sure(reply) if finding.kind is Kind.MISTAKE] == []


@pytest.mark.parametrize("reply", ["So.", "And.", "What."])
def test_one_word_alone_earns_nothing(reply):
    assert sure(reply) == []


@pytest.mark.parametrize(
    "reply",
    [
        "You have to understand.",
        "You have to understand that these things happen.",
        "You have to understand that these things happen, calm down please.",
        "You need to understand this.",
        "You must really understand how frustrating this is for me.",
        "You should understand that.",
        "I need you to understand.",
    ],
)
def test_understanding_that_is_asked_of_the_caller_is_no_empathy(reply):
    assert "empathy" not in {finding.id for finding in sure(reply)}


def test_understanding_that_is_shown_beside_it_is_still_empathy():
    reply = "I understand how upset you are, but you have to understand that we are busy."
    assert "empathy" in {finding.id for finding in sure(reply)}


@pytest.mark.parametrize("reply", ["I'm sorry if you feel that way.", "Sorry, but you should have read it."])
def test_a_sorry_that_is_turned_against_the_caller_is_still_none(reply):
    assert "hedge_sorry" in {finding.id for finding in sure(reply)}


def test_a_bare_date_said_back_is_no_disclosure():
    assert "disclosure" not in {f.id for f in sure("Let me make sure I've got this right: 14 March.", CALL)}
    assert "disclosure" in {f.id for f in sure("Our payment run was started twice on 14 March.", CALL)}


def test_a_date_that_she_named_without_its_month_is_no_disclosure():
    told = replace(CALL, caller_line="You took sixty-two pounds on the twelfth of March and again on the fourteenth.")
    reply = "So 62 pounds on the 12th and again on the 14th of March."
    assert "disclosure" not in {f.id for f in sure(reply, told)}


def test_go_on_is_no_command_to_calm_down():
    assert "command_calm" not in {finding.id for finding in sure("Yes. Go on, please, I'm listening.")}


def test_bear_with_me_is_no_command_to_calm_down():
    assert "command_calm" not in {finding.id for finding in sure("Bear with me a moment, please.")}


@pytest.mark.parametrize("announced", ["If it goes on, I will have to end the call.", "Or I'll end the call."])
def test_a_limit_is_no_command_to_calm_down(announced):
    found = {finding.id for finding in sure(f"Please stop swearing. {announced}")}
    assert "set_limit" in found
    assert "command_calm" not in found


@pytest.mark.parametrize("reply", ["I can't comment on reviews.", "We don't comment on reviews, madam."])
def test_who_declines_to_comment_refuses_no_help(reply):
    assert "policy_wall" not in {finding.id for finding in sure(reply)}


BUS = Context(caller_line="I drove a bus in this town for thirty years.")
POLITE = Context(caller_line="The other four were at least polite before they got rid of me.")


@pytest.mark.parametrize(
    ("reply", "call"),
    [
        ("I have noted that you drove a bus in this town for thirty years. Please go on, I am listening.", BUS),
        (
            "The other four were at least polite before they got rid of you. That must have been upsetting for you.",
            POLITE,
        ),
    ],
)
def test_her_own_words_said_back_are_neither_arguing_nor_a_joke(reply, call):
    assert not {"defensive", "risky_humour"} & {finding.id for finding in sure(reply, call)}


def test_her_own_words_turned_against_her_are_arguing():
    said = "You said thirty years, and it was not thirty years, so don't tell me what I did."
    assert "defensive" in {finding.id for finding in sure(said, BUS)}
