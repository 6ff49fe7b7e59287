"""Callers who are asked for what the briefing says to verify give it once, and say so when they are asked again."""

import re

import pytest

from voicesim.call.replies import typed_replies
from voicesim.call.text import hold_typed
from voicesim.call.watch import Watcher
from voicesim.files import shipped
from voicesim.wiring.engines import understood
from voicesim.wiring.library import find_script

SEEDS = (1, 2, 3)
#: Of each script: what she gives, two ways to ask for it, and a reply that takes up what she has told.
ASKED = {
    "benefit-stopped": (
        "six one five eight",
        "Can I take your claim number, please?",
        "And your date of birth?",
        "You handed the form in, in January, and we still wrote to Station Road. I'm sorry.",
    ),
    "billed-twice": (
        "five zero eight three",
        "May I have your account number or your date of birth?",
        "And what's the account number?",
        "So 62 pounds went out on the 12th and again on the 14th, and your card was refused. I'm sorry.",
    ),
    "boiler-cold": (
        "fourteen",
        "Which flat are you in? What's the flat number?",
        "And what is the address?",
        "Please stop swearing at me, or I have to end the call. No heating since Friday, and Maisie in her coat.",
    ),
    "cuts-in": (
        "four four one seven",
        "Can I take your policy number?",
        "And your postcode?",
        "From 412 to 836 pounds after eleven years without a claim. I'm sorry.",
    ),
    "fourth-transfer": (
        "fourteenth of july",
        "May I have your date of birth?",
        "And the memorable word?",
        "You handed in the form for Kirk Wynd in March, and now your card is cancelled. I'm sorry.",
    ),
    "funeral-flight": (
        "k, seven, r, two",
        "Could you give me the booking reference?",
        "And the booking reference, please?",
        "Your mother's funeral is at eleven, and we would have you there at two. I'll find you a way to be there.",
    ),
    "line-dead": (
        "seven three one four",
        "Could I have your line number or the eircode?",
        "What's your account number?",
        "Dead since Monday, and the museum took away the job. I'm sorry, that's nine hundred euros.",
    ),
    "no-receipt": (
        "bz nine",
        "Could you give me your postcode?",
        "And a telephone number?",
        "A hundred and eighty pounds, and the lining is torn after five months. I'm sorry.",
    ),
    "parcel-third-time": (
        "seven seven two six",
        "What's the parcel number?",
        "And your postcode?",
        "Three days off work, and the bike is for her birthday on Saturday. I'm so sorry.",
    ),
    "payslip-wrong": (
        "two oh nine three",
        "What's your staff number?",
        "And your date of birth?",
        "Thirty-four hours, 612 pounds, and both tickets closed. I'm sorry.",
    ),
    "pension-date": (
        "eight three four oh",
        "Can I take the file number?",
        "And your date of birth, please?",
        "Frank died in September, and the rent of 520 pounds is due on Monday. That must be frightening.",
    ),
}
_GIVEN = re.compile(
    r"\b(?:just|already|had that|have (?:that|it)|got (?:that|it|all)|got the (?:address|lot)|all that)\b"
)
#: Here the caller tells what it is about only when he is asked.
_FIRST = {"funeral-flight": ("What is on Thursday, that you have to be there?",)}


def lines(script, replies, seed):
    """What she says after each reply, as far as the call went."""
    held = hold_typed(find_script(script), typed_replies("\n".join(replies)), understood, seed=seed, watcher=Watcher())
    turns = held.recorder.record(held.ending, seed=seed, engines={}).turns
    return [turn.line.text.lower() for turn in turns][1 : len(replies) + 1]


def test_every_script_that_has_something_to_verify_is_met():
    shipped_ids = {path.stem for path in shipped("scripts").glob("*.yaml")}
    assert {name for name in shipped_ids if find_script(name).briefing.verify} == set(ASKED)


def says_it_once(script, first):
    """After the replies ``first`` she is asked, says it, is asked again at once, and says that it was said."""
    fact, asks, again, _heard = ASKED[script]
    for seed in SEEDS:
        said, after = lines(script, (*first, asks, again), seed)[len(first) :][:2]
        assert fact in said, f"seed {seed}: {said}"
        assert fact not in after, f"seed {seed}"
        assert _GIVEN.search(after), f"seed {seed}: {after}"


@pytest.mark.parametrize("script", ASKED)
def test_who_is_asked_at_once_says_it_and_asked_again_says_that_it_was_said(script):
    says_it_once(script, ())


@pytest.mark.parametrize("script", ASKED)
def test_who_was_heard_and_is_asked_then_says_it_once(script):
    says_it_once(script, ("Please tell me what happened.", *_FIRST.get(script, ()), ASKED[script][-1]))


@pytest.mark.parametrize("script", ASKED)
def test_who_has_said_it_goes_on_with_what_matters(script):
    fact, asks, _again, heard = ASKED[script]
    first = (asks, *_FIRST.get(script, ()), heard)
    for seed in SEEDS:
        after = lines(script, first, seed)[len(first) - 1]
        assert fact not in after, f"seed {seed}: {after}"
        assert not re.search(r"just (?:given|told|said)|had that", after), f"seed {seed}: {after}"


#: Replies that ask for nothing: what stands between two questions for the number.
BETWEEN = ("Please go on, I'm listening.", "I'm so sorry about that.", "I'll look at it at once.")


@pytest.mark.parametrize("script", ASKED)
@pytest.mark.parametrize("between", BETWEEN)
def test_who_has_said_it_does_not_say_it_again_after_another_reply(script, between):
    fact, asks, again, heard = ASKED[script]
    for first in ((), (heard,)):
        said = lines(script, (*first, asks, between, again), SEEDS[0])
        assert sum(fact in line for line in said) == 1, said


#: Statements that name what the briefing has asked for, and promises that only sound like "can I have".
STATED = (
    "I have your {} here.",
    "Thank you, I've got your {} in front of me now.",
    "You've given us your {} already.",
    "Your {} is on my screen, so I know who you are.",
    "I can have that put right for you.",
    "We could have your answer by Thursday.",
)


@pytest.mark.parametrize("script", ASKED)
@pytest.mark.parametrize("stated", STATED)
def test_a_statement_about_the_number_asks_for_nothing(script, stated):
    fact = ASKED[script][0]
    [wanted] = find_script(script).briefing.verify
    said = lines(script, (stated.format(wanted.split(" or ")[0]),), SEEDS[0])
    given = re.compile(r"just (?:given|told|said)|had that")
    assert not any(fact in line or given.search(line) for line in said), said
