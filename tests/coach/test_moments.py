"""The three moments that mattered, on made-up calls whose course is known."""

from dataclasses import replace

import pytest

from voicesim.coach.adviser import Adviser
from voicesim.coach.bank import Situation
from voicesim.coach.evidence import agreed
from voicesim.coach.moments import FIRST_WORDS, key_moments
from voicesim.coach.rubric import SOURCES
from voicesim.model import Ending, Influence, Kind, Moment, Phase, Span
from voicesim.wiring.bank import shipped_bank

CONTROL, ACKNOWLEDGE, REFOCUS, SOLVE = Phase
STORY = "You took it twice."
ADVISER = Adviser(bank=shipped_bank(), known=Situation(caller="Megan Price", you="Sam"))


def influence(cause, delta, quote=None):
    return (Influence(cause=cause, delta=delta, rule="the first time in this call", quote=quote),)


@pytest.fixture
def held(sample):
    """A call of five replies: anger 7, 7, 9, 4, 4, 2."""
    r = sample.reply
    return sample.call(
        [
            (CONTROL, STORY, r("Hello, this is Sam. Tell me.", [("greeting", "Hello, this is Sam")]), 7),
            (CONTROL, STORY, r("Calm down please.", [("command_calm", "Calm down")]), 9),
            (ACKNOWLEDGE, STORY, r("So we took it twice.", [("acknowledge", "So we took it twice")]), 4),
            (SOLVE, STORY, r("I will refund it. Your reference is 4471.", [("takeaway", "4471")]), 4),
            (SOLVE, STORY, r("Thank you for ringing.", [("thank", "Thank you for ringing")]), 2),
            (SOLVE, "Goodbye.", None, 2),
        ],
        influences=[
            (),
            influence("command_calm", 2, "Calm down"),
            influence("acknowledge", -5, "So we took it twice"),
            (),
            influence("thank", -2, "Thank you for ringing"),
        ],
    )


def matter(record, moments=()):
    return key_moments(record, moments, adviser=ADVISER)


def by_id(record, moments=()):
    return {m.id: m for m in matter(record, moments)}


def test_they_are_the_first_words_the_largest_change_and_the_close(held):
    assert [(m.id, m.turn) for m in matter(held)] == [("first_words", 1), ("temper", 3), ("close", 5)]


def test_of_equal_changes_the_one_that_raised_anger_counts(held):
    """A fall by 2 in the third turn is as large as the rise in the second."""
    turns = list(held.turns)
    turns[2] = replace(turns[2], after=replace(turns[2].after, anger=7))
    assert by_id(replace(held, turns=tuple(turns)))["temper"].turn == 2


def test_the_change_is_told_with_its_cause_quote_and_reason(held):
    moment = by_id(held)["temper"]
    assert moment.title == "Anger fell from 9 to 4: you took up the caller's own facts"
    assert (moment.quote, moment.effect, moment.source) == ("So we took it twice", -5, "clark2013")
    assert moment.better is None


def test_what_raised_anger_comes_with_a_better_reply(held, sample):
    record = sample.call([*rows(held)[:2], (SOLVE, "And now?", sample.reply("Well."), 9)], influences=reasons(held)[:2])
    moment = by_id(record)["temper"]
    assert (moment.turn, moment.effect) == (2, 2)
    assert moment.better
    own = Moment(id="command_calm", turn=2, title="", quote=None, why="", better="I see that you are upset.")
    assert by_id(record, [own])["temper"].better == "I see that you are upset."


def rows(record):
    return [(t.phase, t.line.text, t.reply, t.after.anger) for t in record.turns]


def reasons(record):
    return [t.influences for t in record.turns]


def test_what_one_transcript_alone_heard_is_not_named(sample):
    reply = sample.reply("Come along.", [], live=[("command_calm", "Calm down")])
    record = sample.call(
        [
            (CONTROL, STORY, sample.reply("Hello."), 7),
            (CONTROL, STORY, reply, 9),
            (SOLVE, STORY, sample.reply("So."), 9),
        ],
        influences=[(), influence("command_calm", 2, "Calm down")],
    )
    moment = by_id(record)["temper"]
    assert moment.title == "Anger rose from 7 to 9"
    assert (moment.better, moment.quote) == (None, "Come along.")


def test_how_the_trainee_sounded_is_never_the_cause(sample):
    tense = influence("tense_delivery", 1)
    record = sample.call(
        [(CONTROL, STORY, sample.reply("Hello."), 7), (CONTROL, STORY, sample.reply("Yes."), 8)],
        influences=[(), tense],
        ending=Ending.STOPPED,
    )
    assert by_id(record)["temper"].title == "Anger rose from 7 to 8"


# -- the first 45 words -----------------------------------------------------------------------------------------------


def opening(sample, text, found=(), unsure=(), **more):
    turns = [(CONTROL, STORY, sample.reply(text, found, unsure=unsure), 7), (SOLVE, "And?", sample.reply("Well."), 7)]
    return by_id(sample.call(turns, **more))["first_words"]


def test_the_first_words_are_forty_five_over_as_many_replies_as_it_takes(sample):
    """The 45th is the fifth word of the second reply."""
    long = " ".join(["Word."] * 40)
    replies = [sample.reply(long, start=16_000 * 20 * n) for n in range(3)]
    moment = by_id(sample.call([(CONTROL, STORY, reply, 7) for reply in replies]))["first_words"]
    assert moment.title.startswith("Your first 45 words")
    assert moment.span == Span(start=0, end=replies[1].final.transcript.words[4].span.end)
    assert moment.quote.startswith("Word. Word.")
    assert (len(moment.quote) <= 162, moment.quote[-1]) == (True, "…")


def test_a_greeting_and_a_name_are_named(sample):
    assert opening(sample, "Hello, this is Sam.", [("greeting", "Hello, this is Sam")]).title == (
        "Your first 5 words: a greeting and your name"
    )


def test_what_is_missing_is_said_with_a_reply_to_try(sample):
    moment = opening(sample, "Yes?")
    assert moment.title == "Your first 2 words: no greeting"
    assert "Sam" in moment.better


def test_what_may_have_been_there_is_not_called_missing(sample):
    moment = opening(sample, "Ello this", unsure=["greeting"])
    assert "perhaps a greeting" in moment.title
    assert moment.better is None


@pytest.mark.parametrize(
    ("text", "quote", "reasoned"),
    [
        ("What is your account number?", "What is your account number", False),
        ("So that I can open it, what is your account number?", "what is your account number", True),
        ("What is your account number, so that I can open it?", "What is your account number", True),
        ("What is your account number? I ask so that I can open it.", "What is your account number", False),
    ],
)
def test_a_demand_wants_its_reason_first(sample, text, quote, reasoned):
    moment = opening(sample, text, ["greeting", ("fact_finding", quote)])
    assert ("a reason before you asked" in moment.title) is reasoned
    assert ("no reason before you asked" in moment.title) is not reasoned
    assert moment.source == "rho2023"
    assert moment.quote == (f"{text} …" if reasoned else quote)


def test_a_reason_is_not_asked_for_where_nothing_was_asked(sample):
    assert "reason" not in opening(sample, "Hello, tell me.", ["greeting"]).title


def test_a_mistake_in_the_first_reply_comes_before_what_was_left_out(sample):
    moment = opening(sample, "You did that yourself.", [("blame", "You did that yourself")])
    assert moment.title.endswith("and you blamed the caller, a colleague or somebody else")
    assert moment.source == "lewicki2016"


def test_what_comes_after_the_first_words_is_no_part_of_them(sample):
    text = " ".join(["word"] * FIRST_WORDS) + " calm down"
    assert "calm" not in opening(sample, text, [("command_calm", "calm down")]).title


# -- the close --------------------------------------------------------------------------------------------------------


def test_a_close_is_judged_by_its_last_two_replies(held):
    moment = by_id(held)["close"]
    assert moment.title == (
        "The caller left with a fix (anger 2): something to hold on to and thanking; without checking that it suits"
    )
    assert moment.better
    assert moment.effect == -2


def test_what_came_earlier_in_the_call_is_not_missing_at_the_end(held, sample):
    early = sample.reply("Does that suit you?", [("confirm_solution", "Does that suit you")])
    turns = [(CONTROL, STORY, early, 7), *rows(held)]
    moment = by_id(sample.call(turns))["close"]
    assert "without" not in moment.title
    assert moment.better is None


def test_what_drove_the_caller_away_is_the_close(sample):
    turns = [
        (CONTROL, STORY, sample.reply("Hello."), 7),
        (CONTROL, STORY, sample.reply("Yes."), 7),
        (CONTROL, STORY, sample.reply("Calm down.", [("command_calm", "Calm down")]), 10),
        (SOLVE, "Goodbye!", None, 10),
    ]
    moment = by_id(sample.call(turns, ending=Ending.HUNG_UP))["close"]
    assert moment.title == "The caller hung up (anger 10) after you told the caller to calm down"
    assert (moment.quote, moment.turn) == ("Calm down", 3)
    assert moment.better


@pytest.mark.parametrize("ending", [e for e in Ending if e.good is not None])
def test_every_end_that_is_judged_has_a_close(held, ending):
    moment = by_id(replace(held, ending=ending))["close"]
    assert moment.title
    assert moment.source in SOURCES


@pytest.mark.parametrize("ending", [Ending.STOPPED, Ending.INCOMPLETE])
def test_a_call_that_was_not_held_to_its_end_has_no_close(held, ending):
    """The next largest change of temper stands in."""
    moments = matter(replace(held, ending=ending))
    assert [(m.id, m.turn) for m in moments] == [("first_words", 1), ("temper", 2), ("temper", 3)]


# -- all of them ------------------------------------------------------------------------------------------------------


def test_no_two_are_one_turn_and_no_advice_comes_twice(sample, held):
    for record in (held, sample.sample_record(), replace(held, turns=held.turns[:2])):
        moments = matter(record)
        assert len({m.turn for m in moments}) == len(moments) <= 3
        tried = [m.better for m in moments if m.better]
        assert len(set(tried)) == len(tried)
        assert [m.turn for m in moments] == sorted(m.turn for m in moments)


def test_a_call_of_one_reply_has_one_moment(held):
    record = replace(held, turns=held.turns[:1])
    assert [m.id for m in matter(record)] == ["first_words"]


def test_a_call_of_silences_has_the_silences(sample):
    turns = [(CONTROL, STORY, None, 8), (CONTROL, "Hello?", None, 9)]
    record = sample.call(turns, ending=Ending.HUNG_UP, influences=[influence("long_silence", 1)] * 2)
    moments = matter(record)
    assert [(m.id, m.turn, m.quote) for m in moments] == [("temper", 1, None), ("temper", 2, None)]
    assert all(m.better for m in moments)


def test_a_call_in_which_nothing_was_said_has_none(held):
    assert matter(replace(held, turns=())) == ()
    assert matter(replace(held, turns=held.turns[-1:])) == ()


def test_a_typed_reply_has_nothing_to_play(sample, held):
    def typed(reply):
        nowhere = Span(start=0, end=0)
        words = tuple(replace(word, span=nowhere) for word in reply.final.transcript.words)
        final = replace(reply.final, transcript=replace(reply.final.transcript, words=words))
        return replace(reply, span=nowhere, final=final)

    turns = tuple(replace(t, reply=t.reply and typed(t.reply)) for t in held.turns)
    assert all(m.span is None for m in matter(replace(held, turns=turns)))
    assert all(m.span is not None for m in matter(held))


def test_each_has_a_reason_with_a_source_and_no_points(sample, held):
    for record in (held, sample.sample_record()):
        for moment in matter(record):
            assert moment.why
            assert moment.source in SOURCES
            assert (moment.points, moment.of) == (None, None)
            assert "[" not in (moment.better or "")


def test_a_mistake_that_is_named_was_agreed_on(sample):
    """By both transcripts."""
    record = sample.sample_record()
    known = {f.id for t in record.turns if t.reply for f in agreed(t.reply) if f.kind is Kind.MISTAKE}
    assert known
    assert any("calm down" in m.title for m in matter(record)) is ("command_calm" in known)
