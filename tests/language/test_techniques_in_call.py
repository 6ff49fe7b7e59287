"""Detection with the call around a reply: the caller's facts, the briefing, abuse that went by."""

from dataclasses import replace

import pytest

from voicesim.language.techniques import find
from voicesim.model import Context, Transcript

CALL = Context(
    turn=4,
    caller_name="Ruth Ames",
    caller_line="And then my gas was cut off, with the baby in the house.",
    caller_lines=(
        "I paid you a hundred and twenty pounds on the fifth of June.",
        "And then my gas was cut off, with the baby in the house.",
    ),
    facts={"amount": "120 pounds", "paid on": "5 June", "account": "7302", "harm": "gas cut off"},
    may_offer={"reconnect": ("reconnect", "switch your gas back on"), "goodwill": ("goodwill credit", "30 pounds")},
    may_not={"damages": ("compensation", "pay your hotel")},
    verify=("account number or date of birth",),
    screen=("payment of 120 pounds booked to account 7320", "customer since 2011", "warning sent on 28 May"),
)


def ids(text, context=CALL):
    return {f.id for f in find(heard(text), context) if f.sure}


def heard(text):
    return Transcript(words=(), text=text, engine="typed")


@pytest.mark.parametrize(
    "reply",
    [
        "You paid the 120 pounds on June 5th, and still nobody stopped it.",
        "so you paid a hundred and twenty pounds and we cut you off",
        "Your gas was cut off with a baby in the house.",
        "It went out on the fifth of June.",
    ],
)
def test_taking_up_the_callers_facts_is_acknowledging(reply):
    assert "acknowledge" in ids(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "I hear you.",
        "I will check the gas.",
        "You should have paid it on the fifth of June.",
        "Thank you for the call.",
    ],
)
def test_general_words_and_reproaches_are_not_acknowledging(reply):
    assert "acknowledge" not in ids(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "People pay for the gas with the baby in the house all the time.",
        "It isn't us, it's your gas company that cut the baby off.",
        "it isn't us it's the gas people who cut the house off",
        "You can't have paid for the gas in June, or the house would be on.",
        "Ring the gas people about the baby and the house.",
        "Customers with a baby in the house always say that.",
    ],
)
def test_the_callers_words_in_blame_denial_generalities_and_commands_are_not_acknowledging(reply):
    assert "acknowledge" not in ids(reply)
    assert "acknowledge" not in ids(reply.lower().replace(",", "").replace(".", ""))


def test_two_common_words_of_the_caller_are_an_unsure_acknowledging():
    call = Context(caller_line="My bank never sent the payment.", caller_lines=("My bank never sent the payment.",))
    found = find(heard("The payment belongs to your bank."), call)
    assert [f.sure for f in found if f.id == "acknowledge"] == [False]


def test_asking_what_the_briefing_wants_is_verifying_only_in_a_call():
    asked = "So that I open nobody else's file: what is your date of birth, please?"
    assert "verify_identity" in ids(asked)
    assert "verify_identity" in ids("could you give me your account number")
    assert "verify_identity" not in ids(asked, Context())
    assert "verify_identity" not in ids("What is the colour of the light?")


@pytest.mark.parametrize(
    "reply", ["So we took 210 pounds from you.", "I see you paid 102 pounds in June.", "Your account 7203 was charged."]
)
def test_a_figure_that_nobody_named_is_a_wrong_fact(reply):
    assert "wrong_fact" in ids(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "You paid 120 pounds in June.",
        "Was it 210 pounds?",
        "I can add a goodwill credit of 30 pounds.",
        "I will refund 60 pounds by the tenth.",
        "You paid 240 pounds together.",
        "Your reference is 99812.",
    ],
)
def test_known_figures_questions_and_offers_are_no_wrong_facts(reply):
    assert "wrong_fact" not in ids(reply)


def test_telling_the_screen_before_verification_is_disclosure():
    told = "I can see a warning was sent to you on the 28th of May."
    verified = Context(verify=CALL.verify, screen=CALL.screen, facts=CALL.facts, asked_who=True)
    assert "disclosure" in ids(told)
    assert "disclosure" not in ids(told, verified)
    assert "disclosure" not in ids("You paid 120 pounds on 5 June.")
    assert "disclosure" not in ids("I can offer you a customer credit until 28 May.")


@pytest.mark.parametrize(
    "offer", ["There is a goodwill credit of 30 pounds on 28 May.", "I reconnect it, warning of 28 May or not."]
)
def test_what_the_briefing_allows_is_no_account_data(offer):
    assert "disclosure" not in ids(offer)


@pytest.mark.parametrize(
    ("asked", "line", "confidence"),
    [
        (False, "You took 120 pounds!", 0.85),
        (True, "I only want to know why.", 0.6),
        (True, "Account five zero eight three.", None),
        (True, "Doyle. And now?", None),
    ],
)
def test_who_was_asked_is_verified_once_she_has_told_it(asked, line, confidence):
    """Until then it is unsure, and never scores."""
    seen = Context(
        verify=("account number or date of birth",),
        screen=("last payment 5 June, 120 pounds",),
        facts={"account": "5083", "amount": "62 pounds"},
        caller_name="Mary Doyle",
        caller_lines=("What is this?", line),
        asked_who=asked,
    )
    found = [f for f in find(heard("Your last payment was on 5 June."), seen) if f.id == "disclosure"]
    assert [f.confidence for f in found] == ([confidence] if confidence else [])
    assert not any(f.sure for f in found if asked)


def test_events_of_the_screen_told_before_verification_are_an_unsure_disclosure():
    seen = replace(
        CALL, screen=("the meter reader was sent to Mill Lane: our mistake", "a meter reader can come today")
    )
    [told] = [f for f in find(heard("The reader was sent to Mill Lane."), seen) if f.id == "disclosure"]
    assert not told.sure
    for other in ("The reader can come to you today.", "I will look where he was sent."):
        assert not [f for f in find(heard(other), seen) if f.id == "disclosure"]
    own = replace(seen, caller_lines=("Your meter reader was sent to Mill Lane!",))
    assert not [f for f in find(heard("The reader was sent to Mill Lane."), own) if f.id == "disclosure"]


def test_the_second_abusive_line_without_a_limit_is_let_pass():
    twice = Context(abuse_passed=2)
    assert "accept_abuse" in ids("Let me look at your bill.", twice)
    assert "accept_abuse" not in ids("Let me look at your bill.", Context(abuse_passed=1))
    assert "accept_abuse" not in ids("Please stop swearing at me or I will have to end this call.", twice)


def test_what_the_briefing_rules_out_is_a_false_promise_unless_denied():
    assert "false_promise" in ids("I will get you compensation for that.")
    assert "false_promise" in ids("we can pay your hotel")
    assert "false_promise" not in ids("I can't pay your hotel.")
    assert "false_promise" not in ids("I will get you compensation for that.", Context())


def test_what_the_briefing_rules_out_is_an_offer_in_a_question_and_as_the_second_of_two_things():
    assert "false_promise" in ids("I could look at the bill, and maybe some compensation for you?")
    assert "false_promise" not in ids("Do you want compensation?")
    assert "false_promise" not in ids("I can look at the bill. You asked for compensation.")


OPEN = replace(CALL, screen=("the panel decides on Thursday", "the fitter comes on Monday, or he may not"))


@pytest.mark.parametrize(
    ("reply", "guess"),
    [
        ("I should think the panel will say yes.", True),
        ("The panel sits on Thursday. They hardly ever say no.", True),
        ("Monday is fine.", True),
        ("It should be grand for Monday.", True),
        ("I should think so.", False),
        ("I do not know what the panel will say, and I would be guessing.", False),
        ("I can not promise you that Monday will be fine.", False),
        ("I hope the panel should be fine with it.", False),
        ("I am sure that was hard.", False),
    ],
)
def test_a_guess_at_what_the_briefing_says_is_open_is_a_false_promise(reply, guess):
    assert ("false_promise" in ids(reply, OPEN)) == guess
    assert "false_promise" not in ids(reply)


def test_a_company_word_that_the_caller_used_herself_is_no_jargon():
    said = "The ledger is still open."
    assert "jargon" in ids(said, Context())
    assert "jargon" not in ids(said, Context(caller_lines=("What does your ledger say?",)))


@pytest.mark.parametrize(
    ("reply", "asked"),
    [
        ("Which flat is it?", True),
        ("And what is your flat, please?", True),
        ("What date was it reported?", False),
        ("What number can I ring you on?", False),
        ("Is the flat warm enough?", False),
        ("Flat number, please, so that I open the right file.", True),
        ("I'll need your flat number before I can look.", True),
        ("Let me have the flat number.", True),
        ("Give us the flat number there.", True),
        ("I'll still need the flat number off you.", True),
        ("Your flat, sir.", False),
    ],
)
def test_what_the_briefing_wants_asked_may_be_asked_for_by_its_noun_alone(reply, asked):
    flat = replace(CALL, verify=("flat number or date of birth",))
    assert ("verify_identity" in ids(reply, flat)) == asked
