"""What is told first: praise that was meant for this caller, and the steps that cost this caller most."""

from dataclasses import replace

import pytest

from voicesim.coach.adviser import Adviser
from voicesim.coach.bank import Situation
from voicesim.coach.score import feedback
from voicesim.model import Ending, Influence, Phase
from voicesim.wiring.bank import shipped_bank
from voicesim.wiring.rubrics import default_rubric

CONTROL, ACKNOWLEDGE, REFOCUS, SOLVE = Phase
STORY = "I paid the invoice once, on Monday, and you took it twice."
CHARGED = "I paid the invoice on Monday, and the bank charged me for it."
ADVISER = Adviser(
    bank=shipped_bank(), known=Situation(caller="Megan Price", you="Sam", offers={"refund": "pay it back"})
)


def told(record, **goals):
    return feedback(record, goals=goals, rubric=default_rubric(), adviser=ADVISER)


def standing_still(record, turns):
    """The record with a caller who comes no further in those turns (from 1)."""
    moved = [
        replace(turn, after=replace(turn.after, step=turn.before.step)) if number in turns else turn
        for number, turn in enumerate(record.turns, 1)
    ]
    return replace(record, turns=tuple(moved))


def calmed(record, number, **by):
    """The record with influences in a turn (from 1)."""
    turns = list(record.turns)
    moved = tuple(Influence(cause=cause, delta=delta, rule="1st time") for cause, delta in by.items())
    turns[number - 1] = replace(turns[number - 1], influences=moved)
    return replace(record, turns=tuple(turns))


@pytest.mark.parametrize(
    ("reply", "praised"),
    [
        ("I completely understand how upsetting this must be.", []),
        ("I would be upset as well: the same invoice twice.", ["empathy"]),
    ],
)
def test_a_kind_sentence_is_a_strength_only_if_it_was_meant_for_this_caller(sample, reply, praised):
    record = sample.call(
        [(CONTROL, STORY, sample.reply(reply, ["empathy"]), 5), (ACKNOWLEDGE, STORY, sample.reply("Yes."), 5)],
        ending=Ending.ESCALATED,
        sound=False,
    )
    assert [m.id for m in told(calmed(record, 1, empathy=-2)).strengths] == praised


def test_a_greeting_is_no_strength_of_a_call_in_which_nobody_listened(sample):
    record = sample.call(
        [(CONTROL, STORY, sample.reply("Good morning, Sam speaking.", ["greeting"]), 7)], ending=Ending.HUNG_UP
    )
    assert told(record).strengths == ()


def test_what_took_up_the_callers_words_comes_before_what_moved_as_much_and_did_not(sample):
    r = sample.reply
    record = sample.call(
        [
            (CONTROL, STORY, r("Oh no, how awful.", ["empathy"]), 5),
            (ACKNOWLEDGE, STORY, r("So the invoice was paid on Monday and taken twice.", ["acknowledge"]), 3),
            (SOLVE, "And?", r("Yes.", []), 3),
        ],
        ending=Ending.RESOLVED,
        sound=False,
    )
    record = calmed(calmed(record, 1, empathy=-2), 2, acknowledge=-2)
    assert [m.id for m in told(record).strengths] == ["acknowledge", "empathy"]


def test_not_listening_comes_before_one_wrong_sentence(sample):
    """One reply that takes up the facts would have earned what two phases ask for: it is one thing to change."""
    r = sample.reply
    record = sample.call(
        [
            (CONTROL, STORY, r("Number?"), 7),
            (ACKNOWLEDGE, STORY, r("Calm down.", ["command_calm"]), 7),
            (ACKNOWLEDGE, STORY, r("Just the number."), 8),
        ],
        ending=Ending.HUNG_UP,
    )
    assert [m.id for m in told(record).next_steps] == ["acknowledge", "command_calm"]


def test_what_a_call_stood_still_for_weighs_more_with_each_reply(sample):
    r = sample.reply
    turns = [
        (CONTROL, STORY, r("Hello, tell me. It was the other team.", ["greeting", "vent", "blame"]), 7),
        (ACKNOWLEDGE, STORY, r("Taken twice. They never learn.", ["acknowledge", "empathy", "apology", "blame"]), 5),
        *[(REFOCUS, "What can you do?", r("That is hard."), 4)] * 4,
    ]
    record = sample.call(turns, ending=Ending.ESCALATED)
    goal = {"offer_solution": "Offer the refund."}
    assert [step.id for step in told(record, **goal).next_steps] == ["blame", "offer_solution"]
    stuck = told(standing_still(record, (3, 4, 5, 6)), **goal).next_steps
    assert [step.id for step in stuck] == ["offer_solution", "blame"]


def test_a_phase_that_was_never_reached_is_missed_without_costing_points(sample):
    record = sample.call(
        [
            (
                ACKNOWLEDGE,
                STORY,
                sample.reply("So, taken twice, the invoice.", ["greeting", "acknowledge", "apology"]),
                6,
            )
        ],
        ending=Ending.GAVE_UP,
    )
    steps = told(record, offer_solution="Offer the refund.").next_steps
    step = next(s for s in steps if s.id == "offer_solution")
    assert (step.title, step.points) == ("Offer the refund.", None)
    assert step.better


VERIFYING = Adviser(bank=shipped_bank(), known=replace(ADVISER.known, verify=("account number", "date of birth")))


@pytest.mark.parametrize(("asked", "wanted"), [(["verify_identity"], []), ([], ["verify_identity"])])
def test_who_never_asked_who_is_calling_is_told_so_where_the_briefing_wants_it(sample, asked, wanted):
    r = sample.reply
    record = sample.call(
        [
            (
                CONTROL,
                STORY,
                r("Sam here. Taken twice, I am sorry.", ["greeting", "acknowledge", "apology", *asked]),
                4,
            ),
            (REFOCUS, "And?", r("I send it back today.", ["offer_solution", "assurance", "empathy", "takeaway"]), 2),
            (SOLVE, "Good.", r("Is that all right? Thank you.", ["confirm_solution", "thank"]), 1),
        ],
        ending=Ending.RESOLVED,
        sound=False,
    )
    told_so = feedback(record, goals={}, rubric=default_rubric(), adviser=VERIFYING)
    assert [s.id for s in told_so.next_steps if s.id == "verify_identity"] == wanted
    assert all("account number or date of birth" in s.title for s in told_so.next_steps if s.id in wanted)
    assert told_so.total == told(record).total


def test_the_silence_of_who_has_left_the_call_is_nothing_to_change(sample):
    turns = [
        (CONTROL, STORY, sample.reply("Hello. Taken twice, on Monday.", ["greeting", "acknowledge"]), 5),
        (ACKNOWLEDGE, STORY, None, 6),
    ]
    record = calmed(sample.call(turns, ending=Ending.STOPPED, sound=False), 2, long_silence=1)
    assert "long_silence" not in [step.id for step in told(record).next_steps]
    in_between = calmed(sample.call([*turns[::-1]], ending=Ending.STOPPED, sound=False), 1, long_silence=1)
    assert "long_silence" in [m.id for m in told(in_between).moments]


@pytest.fixture
def fine(sample):
    """A call that went well, with two small gaps that nobody missed: no leading question, no thanks."""
    r = sample.reply
    return sample.call(
        [
            (CONTROL, STORY, r("Hello, this is Sam. Please tell me.", ["greeting", "vent"]), 6),
            (ACKNOWLEDGE, STORY, r("We took it twice. I am sorry.", ["acknowledge", "empathy", "apology"]), 3),
            (REFOCUS, "And now?", r("Let us fix it.", ["refocus"]), 2),
            (SOLVE, "When?", r("Today.", ["offer_solution", "assurance", "confirm_solution", "takeaway"]), 1),
        ],
        ending=Ending.RESOLVED,
    )


def test_after_a_good_call_one_gap_that_nobody_missed_is_named_as_fine_tuning(fine):
    [step] = told(fine).next_steps
    assert (step.id, step.title) == ("close", "Fine tuning: ask whether anything is left, and end warmly")
    assert step.better


def test_what_the_script_asks_for_is_never_fine_tuning(fine):
    [step] = told(fine, close="Ask whether anything is left.").next_steps
    assert step.title == "Ask whether anything is left."


def test_saying_sorry_again_and_again_is_something_to_change(sample):
    turns = [(ACKNOWLEDGE, STORY, sample.reply("I am sorry.", ["apology"]), 5)] * 8
    steps = told(sample.call(turns, ending=Ending.RESOLVED)).next_steps
    assert "apology" in [step.id for step in steps]


def test_a_feeling_is_missed_where_the_caller_said_what_it_is_about(sample):
    record = sample.call(
        [
            (CONTROL, "Who are you?", sample.reply("Hello, please tell me.", ["greeting", "vent"]), 7),
            (ACKNOWLEDGE, CHARGED, sample.reply("Taken twice.", ["acknowledge", "apology"]), 7),
        ],
        ending=Ending.ESCALATED,
    )
    [step] = [s for s in told(record).next_steps if s.id == "empathy"]
    assert step.turn == 2
    assert "the bank charged you" in step.better
