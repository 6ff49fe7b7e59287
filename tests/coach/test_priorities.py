"""What is told first: praise that was meant for this caller, and the steps that cost this caller most."""

from dataclasses import replace

import pytest

from voicesim.coach.adviser import Adviser
from voicesim.coach.bank import Situation
from voicesim.coach.named import AFTER_ANOTHER_END, GUESSED
from voicesim.coach.score import could_change, feedback
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


def possible(record, **goals):
    return could_change(record, goals=goals, rubric=default_rubric(), adviser=ADVISER)


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


def likely(reply, finding_id, confidence):
    """The reply with that finding as likely as that in both transcripts."""

    def heard(one):
        found = (replace(f, confidence=confidence) if f.id == finding_id else f for f in one.findings)
        return replace(one, findings=tuple(found))

    return replace(reply, live=heard(reply.live), final=heard(reply.final))


def surely(reply, finding_id):
    """The reply with that finding as sure as what is praised first."""
    return likely(reply, finding_id, 0.98)


@pytest.mark.parametrize(
    ("reply", "praised"),
    [
        ("I completely understand how upsetting this must be.", []),
        ("I am so sorry about your husband, and now you are alone with the bills.", ["empathy"]),
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


@pytest.mark.parametrize(
    ("ending", "praised"), [(Ending.RESOLVED, "acknowledge"), (Ending.ESCALATED, "offer_solution")]
)
def test_what_calmed_most_is_praised_first_but_after_a_bad_end_the_remedy(sample, ending, praised):
    record = sample.call(
        [
            (CONTROL, STORY, surely(sample.reply("So, taken twice, the invoice.", ["acknowledge"]), "acknowledge"), 5),
            (SOLVE, STORY, sample.reply("I send the invoice of yours back, taken twice.", ["offer_solution"]), 4),
        ],
        ending=ending,
        sound=False,
    )
    assert told(calmed(calmed(record, 1, acknowledge=-2), 2, offer_solution=-1)).strengths[0].id == praised


@pytest.mark.parametrize(("abuse", "first"), [(True, "set_limit"), (False, "acknowledge")])
def test_a_limit_that_was_held_is_praised_before_what_calmed_more_but_not_one_that_nobody_needed(sample, abuse, first):
    limit = surely(sample.reply("Please stop swearing, or I end the call.", ["set_limit"]), "set_limit")
    feeling = sample.reply("I would be upset as well: the same invoice twice.", ["empathy", "acknowledge"])
    record = sample.call([(CONTROL, STORY, feeling, 5), (ACKNOWLEDGE, STORY, limit, 4)], sound=False)
    line = replace(record.turns[0].line, abuse=abuse)
    record = replace(record, turns=(replace(record.turns[0], line=line), *record.turns[1:]))
    assert told(calmed(calmed(record, 1, acknowledge=-2), 2, set_limit=-1)).strengths[0].id == first


@pytest.mark.parametrize(("confidence", "praised"), [(0.93, ["acknowledge"]), (0.85, [])])
def test_after_a_bad_end_facts_said_back_are_praised_only_if_they_were_heard_clearly(sample, confidence, praised):
    facts = likely(sample.reply("So the invoice was taken twice.", ["acknowledge"]), "acknowledge", confidence)
    record = sample.call([(CONTROL, STORY, facts, 5)], ending=Ending.ESCALATED, sound=False)
    assert [m.id for m in told(calmed(record, 1, acknowledge=-2)).strengths] == praised


@pytest.mark.parametrize(("ending", "praised"), [(Ending.RESOLVED, ["takeaway"]), (Ending.ESCALATED, [])])
def test_after_a_bad_end_good_form_alone_is_no_strength(sample, ending, praised):
    reply = sample.reply("Write down: the invoice was taken twice.", ["takeaway"])
    record = sample.call([(CONTROL, STORY, reply, 5)], ending=ending, sound=False)
    assert [m.id for m in told(calmed(record, 1, takeaway=-1)).strengths] == praised


@pytest.mark.parametrize(
    ("mistake", "confidence", "named"),
    [("hedge_sorry", 0.7, True), ("defensive", 0.8, True), ("defensive", 0.7, False)],
)
def test_a_mistake_is_named_after_a_good_end_as_surely_as_coaches_name_it(fine, mistake, confidence, named):
    record = also_found(fine, 3, mistake)
    turn = record.turns[2]
    record = replace(
        record, turns=(*record.turns[:2], replace(turn, reply=likely(turn.reply, mistake, confidence)), record.turns[3])
    )
    assert (mistake in [s.id for s in told(record).next_steps]) == named


@pytest.mark.parametrize(("confidence", "first"), [(0.98, "apology"), (0.9, "empathy"), (0.7, "empathy")])
def test_after_a_good_end_a_sure_apology_is_praised_before_a_feeling_that_calmed_more(sample, confidence, first):
    sorry = likely(sample.reply("I am sorry, that was our mistake.", ["apology"]), "apology", confidence)
    feeling = sample.reply("I would be upset as well: the same invoice twice.", ["empathy"])
    record = sample.call([(CONTROL, STORY, sorry, 5), (ACKNOWLEDGE, STORY, feeling, 3)], sound=False)
    assert told(calmed(calmed(record, 1, apology=-2), 2, empathy=-3)).strengths[0].id == first


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


@pytest.mark.parametrize(
    ("stuck", "steps"), [(1, ["command_calm", "acknowledge"]), (6, ["acknowledge", "command_calm"])]
)
def test_what_was_said_and_hurt_comes_before_not_listening_but_for_one_who_never_listened(sample, stuck, steps):
    """One reply that takes up the facts would have earned what two phases ask for: it is one thing to change."""
    r = sample.reply
    record = sample.call(
        [
            (CONTROL, STORY, r("Number?"), 7),
            (ACKNOWLEDGE, STORY, r("Calm down.", ["command_calm"]), 9),
            *[(ACKNOWLEDGE, STORY, r("Just the number."), 9)] * stuck,
        ],
        ending=Ending.HUNG_UP,
    )
    record = calmed(standing_still(record, range(3, 3 + stuck)), 2, command_calm=2)
    assert [m.id for m in told(record).next_steps] == steps


@pytest.mark.parametrize(("confidence", "first"), [(0.76, "hedge_sorry"), (0.66, "acknowledge")])
def test_a_mistake_weighs_by_how_likely_it_was_heard_right(sample, confidence, first):
    said = likely(sample.reply("I am sorry you feel that way.", ["hedge_sorry"]), "hedge_sorry", confidence)
    record = sample.call([(ACKNOWLEDGE, STORY, said, 9)], ending=Ending.HUNG_UP)
    assert told(calmed(record, 1, hedge_sorry=2)).next_steps[0].id == first


@pytest.mark.parametrize(
    ("confidence", "praised"), [(0.98, "acknowledge"), (0.8, "offer_solution"), (0.4, "offer_solution")]
)
def test_what_may_well_be_chance_is_not_praised_first(sample, confidence, praised):
    r = sample.reply
    heard = likely(r("Taken twice, on Monday, the invoice.", ["acknowledge"]), "acknowledge", confidence)
    record = sample.call(
        [
            (ACKNOWLEDGE, STORY, heard, 5),
            (SOLVE, "And?", r("I send the invoice of Monday back to you.", ["offer_solution"]), 3),
        ]
    )
    record = calmed(calmed(record, 1, acknowledge=-2), 2, offer_solution=-2)
    assert told(record).strengths[0].id == praised
    alone = replace(record, turns=record.turns[:1], ending=Ending.ESCALATED)
    assert [m.id for m in told(alone).strengths] == (["acknowledge"] if praised == "acknowledge" else [])


@pytest.mark.parametrize(("moved", "praised"), [(-1, []), (-2, ["apology"])])
def test_an_apology_is_praised_where_this_caller_waited_for_one(sample, moved, praised):
    record = sample.call(
        [(ACKNOWLEDGE, STORY, sample.reply("I apologise. That was wrong.", ["apology"]), 7 + moved)],
        ending=Ending.ESCALATED,
    )
    assert [m.id for m in told(calmed(record, 1, apology=moved)).strengths] == praised


@pytest.mark.parametrize(("asked", "late"), [(1, False), (2, True)])
def test_facts_that_come_only_when_the_caller_has_asked_for_them_are_no_praise_but_a_step(sample, asked, late):
    r = sample.reply
    told_back = r("Taken twice, on Monday. I am sorry.", ["acknowledge", "empathy", "apology"])
    record = sample.call(
        [
            (CONTROL, "Hello?", r("Hello, this is Sam. Please tell me.", ["greeting", "vent"]), 6),
            *[(ACKNOWLEDGE, STORY, r("And what is it about?"), 6)] * asked,
            (ACKNOWLEDGE, STORY, surely(told_back, "acknowledge"), 4),
            (REFOCUS, "And now?", r("I send the invoice back on Monday.", ["offer_solution", "refocus"]), 2),
        ]
    )
    record = calmed(calmed(record, asked + 2, acknowledge=-2), asked + 3, offer_solution=-2)
    feedback = told(record)
    assert feedback.strengths[0].id == ("offer_solution" if late else "acknowledge")
    steps = [step for step in feedback.next_steps if step.id == "acknowledge"]
    assert [(step.turn, step.points) for step in steps] == ([(2, None)] if late else [])
    assert all("only in turn 4" in step.looked_for for step in steps)


def test_what_a_call_stood_still_for_weighs_more_with_each_reply_and_is_likelier_named(sample):
    r = sample.reply
    turns = [
        (CONTROL, STORY, r("Hello, tell me. It was the other team.", ["greeting", "vent", "blame"]), 7),
        (ACKNOWLEDGE, STORY, r("Taken twice, that is hard.", ["acknowledge", "empathy", "apology"]), 5),
        *[(REFOCUS, "What can you do?", r("That is hard."), 4)] * 4,
    ]
    record = sample.call(turns, ending=Ending.ESCALATED)
    goal = {"offer_solution": "Offer the refund."}
    assert [step.id for step in told(record, **goal).next_steps] == ["blame", "offer_solution"]
    moved, stuck = (
        next(step for step in possible(one, **goal) if step.moment.id == "offer_solution")
        for one in (record, standing_still(record, (3, 4, 5, 6)))
    )
    assert (moved.again, stuck.again) == (0, 4)
    assert stuck.weight > moved.weight
    chances = [AFTER_ANOTHER_END.first.of(step) for step in (moved, stuck)]
    assert chances == sorted(chances)


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


def verified_in_turn_2(sample, first, found):
    """A call that went well: what the first reply told, with these findings, and in the second the caller verified."""
    r = sample.reply
    return sample.call(
        [
            (CONTROL, STORY, r("Sam here. Taken twice, I am sorry.", ["greeting", "acknowledge", "apology"]), 4),
            (REFOCUS, "And?", r(first, found), 3),
            (REFOCUS, "Yes.", r("Your number, so that I tell nobody else?", ["verify_identity", "empathy"]), 2),
            (
                SOLVE,
                "So?",
                r("I send it back today.", ["offer_solution", "assurance", "takeaway", "confirm_solution"]),
                1,
            ),
        ],
        ending=Ending.RESOLVED,
        sound=False,
    )


@pytest.mark.parametrize(
    ("confidence", "sure", "steps"),
    [(0.6, False, ["verify_identity"]), (0.9, True, ["disclosure"])],
)
def test_what_may_have_been_told_before_the_caller_was_verified_is_a_step_to_ask_first(sample, confidence, sure, steps):
    record = verified_in_turn_2(sample, "The run was started twice.", ["disclosure"])
    turn = record.turns[1]
    found = (replace(turn.reply.final.findings[0], confidence=confidence, sure=sure),)
    heard = replace(turn.reply.final, findings=found)
    turns = (record.turns[0], replace(turn, reply=replace(turn.reply, live=heard, final=heard)), *record.turns[2:])
    told_so = feedback(replace(record, turns=turns), goals={}, rubric=default_rubric(), adviser=VERIFYING)
    ids = [s.id for s in told_so.next_steps]
    assert [one for one in ids if one in ("verify_identity", "disclosure")] == steps
    assert told_so.next_steps[ids.index(steps[0])].turn == 2


def test_who_was_verified_before_anything_was_told_has_no_such_step(sample):
    record = verified_in_turn_2(sample, "Let us see.", ["refocus"])
    told_so = feedback(record, goals={}, rubric=default_rubric(), adviser=VERIFYING)
    assert "verify_identity" not in [s.id for s in told_so.next_steps]


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
    """A call that went well, with gaps that nobody missed: no feeling named, no word of an open end, no farewell."""
    r = sample.reply
    return sample.call(
        [
            (CONTROL, STORY, r("Hello, this is Sam. Please tell me.", ["greeting", "vent"]), 6),
            (ACKNOWLEDGE, STORY, r("We took it twice. I am sorry.", ["acknowledge", "apology"]), 3),
            (REFOCUS, "And now?", r("Let us fix it.", ["refocus"]), 2),
            (SOLVE, "When?", r("Today.", ["offer_solution", "assurance", "confirm_solution", "takeaway"]), 1),
        ],
        ending=Ending.RESOLVED,
    )


def with_findings(record, number, change):
    """The record with other findings in a turn (from 1)."""
    turn = record.turns[number - 1]
    heard = replace(turn.reply.final, findings=tuple(change(turn.reply.final.findings)))
    whole = replace(turn, reply=replace(turn.reply, live=heard, final=heard))
    return replace(record, turns=(*record.turns[: number - 1], whole, *record.turns[number:]))


def also_found(record, number, *ids):
    """The record with further findings in a turn (from 1)."""
    return with_findings(record, number, lambda found: (*found, *(replace(found[0], id=name) for name in ids)))


def without(record, number, *ids):
    """The record without some findings of a turn (from 1)."""
    return with_findings(record, number, lambda found: (one for one in found if one.id not in ids))


def test_after_a_good_call_a_gap_that_nobody_missed_is_named_as_fine_tuning(fine):
    [step] = told(without(fine, 2, "acknowledge")).next_steps
    assert (step.id, step.title[:13]) == ("acknowledge", "Fine tuning: ")
    assert step.better


def test_a_good_call_in_which_only_good_form_or_a_feeling_was_left_out_has_no_next_step(fine):
    assert told(fine).next_steps == told(also_found(fine, 2, "empathy")).next_steps == ()


def test_what_the_script_asks_for_is_never_fine_tuning(fine):
    steps = told(without(fine, 2, "acknowledge"), acknowledge="Say what was taken, and when.").next_steps
    assert steps[0].title == "Say what was taken, and when."


@pytest.mark.parametrize(("ours", "steps"), [(True, ["apology"]), (False, [])])
def test_an_apology_is_asked_for_where_by_the_briefing_there_is_a_mistake_to_own(sample, ours, steps):
    r = sample.reply
    record = sample.call(
        [
            (CONTROL, STORY, r("Hello, this is Sam.", ["greeting", "vent", "acknowledge", "empathy"]), 3),
            (REFOCUS, "And now?", r("I send it back today.", ["refocus", "offer_solution", "closed_question"]), 2),
            (SOLVE, "Good.", r("Is that all right?", ["confirm_solution", "takeaway", "assurance", "close"]), 1),
        ],
        ending=Ending.RESOLVED,
        sound=False,
    )
    adviser = Adviser(bank=shipped_bank(), known=replace(ADVISER.known, ours=ours))
    told_so = feedback(record, goals={}, rubric=default_rubric(), adviser=adviser)
    assert [step.id for step in told_so.next_steps] == steps


@pytest.mark.parametrize(("said", "kind"), [("false_promise", GUESSED), ("jargon", "dont_know")])
def test_not_knowing_is_likelier_named_where_the_script_wants_it_said_and_a_guess_was_promised(sample, said, kind):
    r = sample.reply
    record = sample.call(
        [
            (CONTROL, STORY, r("Hello, taken twice.", ["greeting", "vent", "acknowledge", "apology"]), 6),
            (REFOCUS, "And now?", r("It is there on Monday.", ["refocus", "offer_solution", said]), 7),
        ],
        ending=Ending.ESCALATED,
        sound=False,
    )
    steps = possible(record, dont_know="Say that nobody knows the day.")
    assert [step.kind for step in steps if step.moment.id == "dont_know"] == [kind]
    chances = AFTER_ANOTHER_END.named.chances
    assert chances[GUESSED] > chances["dont_know"]


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


def perhaps(reply, finding_id, confidence=0.4):
    """The reply with that finding below its line in both transcripts."""

    def doubted(one):
        found = (replace(f, confidence=confidence, sure=f.id != finding_id) for f in one.findings)
        return replace(one, findings=tuple(found))

    return replace(reply, live=doubted(reply.live), final=doubted(reply.final))


def half_heard(sample, ending, *said):
    """A call in which nothing but a feeling was left out, and these may have been said in each reply."""
    reply = sample.reply("Hello, taken twice, the invoice.", ["greeting", "vent", "acknowledge", "apology", *said])
    for mistake in said:
        reply = perhaps(reply, mistake)
    return sample.call([(CONTROL, STORY, reply, 6), (ACKNOWLEDGE, STORY, reply, 7)], ending=ending, sound=False)


def test_a_mistake_that_was_perhaps_said_is_told_after_a_bad_end_without_points(sample):
    given = told(half_heard(sample, Ending.ESCALATED, "dismiss"))
    first = given.next_steps[0]
    assert (first.id, first.points, first.turn) == ("dismiss", None, 1)
    assert first.title.startswith("Perhaps: take it")
    assert first.quote
    assert not [moment for moment in given.moments if moment.id == "dismiss"]
    assert given.total == told(half_heard(sample, Ending.ESCALATED)).total


def test_what_was_perhaps_said_is_no_step_after_a_good_end(sample):
    record = half_heard(sample, Ending.RESOLVED, "dismiss")
    assert "dismiss" not in {step.moment.id for step in possible(record)}


def test_a_mistake_that_was_said_surely_once_is_not_told_as_perhaps_and_quotes_that_reply(sample):
    r = sample.reply
    record = sample.call(
        [
            (CONTROL, STORY, perhaps(r("It is nothing much.", ["dismiss"]), "dismiss"), 6),
            (ACKNOWLEDGE, STORY, r("Nobody minds that.", ["dismiss"]), 8),
        ],
        ending=Ending.ESCALATED,
        sound=False,
    )
    [step] = [step for step in possible(record) if step.moment.id == "dismiss"]
    assert (step.sure, step.moment.turn) == (True, 2)
    assert step.likely > 0.9
    assert not [given.title for given in told(record).next_steps if given.title.startswith("Perhaps")]


def test_two_replies_that_may_hold_a_mistake_make_it_likelier(sample):
    record = half_heard(sample, Ending.ESCALATED, "dismiss")
    [step] = [step for step in possible(record) if step.moment.id == "dismiss"]
    assert step.likely == pytest.approx(1 - 0.6**2)
    assert step.weight == 0
