from dataclasses import replace

import pytest

from voicesim.coach.advice import advice
from voicesim.coach.adviser import Adviser
from voicesim.coach.bank import Situation
from voicesim.coach.evidence import agreed, disputed
from voicesim.coach.phases import reached
from voicesim.coach.rubric import CRITICAL_TOTAL
from voicesim.coach.score import feedback
from voicesim.errors import InputError
from voicesim.model import Ending, Influence, Overlap, OverlapKind, Phase, Span
from voicesim.wiring.bank import shipped_bank
from voicesim.wiring.rubrics import default_rubric

CONTROL, ACKNOWLEDGE, REFOCUS, SOLVE = Phase
RUBRIC = default_rubric()
ADVISER = Adviser(bank=shipped_bank(), known=Situation(caller="Megan Price", you="Sam"))
STORY = "I paid that invoice once, and you took it twice."


def score(record, **more):
    return feedback(record, goals=more.pop("goals", {}), rubric=default_rubric(), adviser=ADVISER, **more)


@pytest.fixture
def good(sample):
    """Everything that the rubric asks for, in its phase."""
    r = sample.reply
    return sample.call(
        [
            (CONTROL, STORY, r("Hello, this is Sam. Please tell me.", ["greeting", "vent"]), 6),
            (ACKNOWLEDGE, STORY, r("We took it twice. I am sorry.", ["acknowledge", "empathy", "apology"]), 3),
            (REFOCUS, "And now?", r("Is it 4471? Let us fix it.", ["closed_question", "refocus"]), 3),
            (
                SOLVE,
                "When?",
                r("Refund today.", ["offer_solution", "assurance", "confirm_solution", "takeaway", "thank"]),
                1,
            ),
        ]
    )


@pytest.fixture
def mixed(sample):
    r = sample.reply
    return sample.call(
        [
            (CONTROL, STORY, r("Hello, this is Sam.", ["greeting"]), 7),
            (ACKNOWLEDGE, STORY, r("Sorry if that is so, but I apologise.", ["apology", "hedge_sorry"]), 7),
            (REFOCUS, "And now?", r("Is it 4471?", ["closed_question"]), 6),
            (SOLVE, "When?", r("I can refund it.", ["offer_solution"]), 5),
        ]
    )


@pytest.fixture
def poor(sample):
    r = sample.reply
    return sample.call(
        [
            (CONTROL, STORY, r("Calm down.", ["command_calm"]), 9),
            (CONTROL, STORY, r("You should have read it.", ["blame", "defensive"]), 10),
        ],
        ending=Ending.HUNG_UP,
    )


def test_a_good_call_scores_all_points(good):
    assert score(good).total == 100


def test_good_beats_mixed_and_mixed_beats_poor(good, mixed, poor):
    assert score(good).total > score(mixed).total > score(poor).total


def test_a_call_in_which_nothing_was_said_scores_nothing(sample):
    silent = [Influence(cause="long_silence", delta=1, rule="1st time")]
    record = sample.call([(CONTROL, STORY, None, 8)] * 3, ending=Ending.HUNG_UP, influences=[silent] * 3)
    result = score(record)
    assert (result.total, result.strengths) == (0, ())
    assert "long_silence" in [s.id for s in result.next_steps]


@pytest.mark.parametrize("name", ["good", "mixed", "poor"])
def test_the_points_of_a_phase_are_the_sum_of_its_moments(name, request):
    result = score(request.getfixturevalue(name))
    for phase, part in result.phases.items():
        points = sum(m.points or 0 for m in result.moments if m.phase is phase)
        assert part.points is None or part.points == max(0, points)


@pytest.mark.parametrize("name", ["good", "mixed", "poor"])
def test_each_moment_has_a_reason_and_each_lost_point_a_better_reply(name, request):
    for moment in score(request.getfixturevalue(name)).moments:
        assert moment.why and moment.source
        lost = moment.points is not None and (moment.points < 0 or moment.points < (moment.of or 0))
        assert not lost or moment.better


@pytest.mark.parametrize("name", ["mixed", "poor"])
def test_two_different_things_to_change_each_with_a_better_reply(name, request):
    steps = score(request.getfixturevalue(name)).next_steps
    assert len(steps) == len({s.id for s in steps}) == 2
    assert all(s.better and s.why and s.source and s.quote for s in steps)
    assert steps[0].better != steps[1].better


def test_what_was_said_and_hurt_comes_before_what_was_left_out(poor):
    assert [(s.id, s.title) for s in score(poor).next_steps] == [
        ("blame", advice("blame").do),
        ("defensive", advice("defensive").do),
    ]


def test_a_phase_that_was_not_reached_is_not_scored_and_counts_nothing_after_a_bad_end(poor):
    result = score(poor)
    assert result.phases[SOLVE].points is None
    assert result.total <= 10


def test_a_handed_over_call_reached_all_phases(sample):
    record = sample.call([(CONTROL, STORY, sample.reply("Hello.", ["greeting"]), 6)], ending=Ending.REFERRED)
    assert reached(record) == tuple(Phase)


def test_an_announced_end_is_judged_by_the_phases_it_reached(sample):
    r = sample.reply
    record = sample.call(
        [(CONTROL, STORY, r("Hello. Please stop swearing.", ["greeting", "vent", "set_limit"]), 9)],
        ending=Ending.LIMIT_ENDED,
    )
    assert score(record).total == 100


@pytest.mark.parametrize("ending", [Ending.STOPPED, Ending.INCOMPLETE])
def test_a_call_that_is_not_judged_has_no_points_anywhere_but_keeps_its_advice(mixed, ending):
    result = score(replace(mixed, ending=ending))
    assert result.total is None
    assert all(p.points is None for p in result.phases.values())
    assert all(m.points is None for m in (*result.moments, *result.next_steps, *result.strengths))
    assert len(result.next_steps) == 2


def test_a_finding_of_one_transcript_only_does_not_score(sample):
    answer = sample.reply("Calm down.", ["command_calm"], live=["vent"])
    assert agreed(answer) == ()
    assert {(d.finding.id, d.live) for d in disputed(answer)} == {("command_calm", False), ("vent", True)}
    record = sample.call([(CONTROL, STORY, answer, 7)], ending=Ending.HUNG_UP)
    assert not any(m.id == "command_calm" for m in score(record).moments)


def test_an_unsure_finding_does_not_score(sample):
    record = sample.call([(CONTROL, STORY, sample.reply("Calm down.", unsure=["command_calm"]), 7)])
    assert not any(m.id == "command_calm" for m in score(record).moments)


@pytest.mark.parametrize("doubt", [{"unsure": ["empathy"]}, {"live": ["empathy"]}])
def test_what_may_have_been_said_is_not_called_missing(sample, doubt):
    answer = sample.reply("Your right to be angry.", **doubt)
    record = sample.call([(CONTROL, STORY, answer, 7)], ending=Ending.HUNG_UP)
    told = score(record, goals={"empathy": "Name her feeling."})
    assert not any(m.id == "empathy" for m in told.next_steps)
    [open_] = [m for m in told.moments if m.id == "vent"]
    assert (open_.points, open_.of) == (None, None)
    assert "not surely enough" in open_.why


def test_an_interruption_is_read_from_the_two_channels(sample):
    cut = Overlap(span=Span(start=0, end=16000), kind=OverlapKind.INTERRUPTION)
    record = sample.call([(CONTROL, STORY, sample.reply("Yes but", overlaps=(cut,)), 9)], ending=Ending.HUNG_UP)
    moments = {m.id: m.points for m in score(record).moments}
    assert moments["interrupt"] == -RUBRIC.mistakes["interrupt"].points
    assert moments["heard_out"] == 0


def test_a_backchannel_is_no_interruption(sample):
    mm = Overlap(span=Span(start=0, end=4000), kind=OverlapKind.BACKCHANNEL)
    record = sample.call([(CONTROL, STORY, sample.reply("Yes I see", overlaps=(mm,)), 7)])
    assert not any(m.id == "interrupt" for m in score(record).moments)
    [credit] = [m for m in score(record).moments if m.id == "backchannel"]
    assert (credit.title, credit.points) == (
        "You let the caller hear that you were listening once while the line went on",
        None,
    )


def test_letting_the_caller_finish_is_not_judged_in_a_typed_call(sample):
    record = sample.call([(CONTROL, STORY, sample.reply("Hello."), 7)], sound=False)
    result = score(record)
    [open_] = [m for m in result.moments if m.id == "heard_out"]
    assert (open_.points, open_.of) == (None, None)
    assert "typed" in open_.why
    assert result.phases[CONTROL].of == RUBRIC.phase_points(CONTROL) - 6


def test_naming_the_feeling_is_not_asked_for_while_anger_is_low(sample):
    record = sample.call([(ACKNOWLEDGE, STORY, sample.reply("Hello."), 3)], start_anger=3)
    [open_] = [m for m in score(record).moments if m.id == "empathy"]
    assert (open_.points, open_.of) == (None, None)
    assert "below 5" in open_.why


def test_a_limit_is_asked_for_only_where_there_was_abuse(sample):
    record = sample.call([(CONTROL, STORY, sample.reply("Hello."), 7)])
    assert all(m.of is None for m in score(record).moments if m.id == "set_limit")
    turn = record.turns[0]
    abusive = replace(record, turns=(replace(turn, line=replace(turn.line, abuse=True)),))
    assert [m.of for m in score(abusive).moments if m.id == "set_limit"] == [8]


def test_what_comes_late_earns_half(sample):
    record = sample.call(
        [
            (CONTROL, STORY, sample.reply("Yes."), 7),
            (REFOCUS, "And now?", sample.reply("You paid twice.", ["acknowledge"]), 6),
        ]
    )
    late = next(m for m in score(record).moments if m.phase is ACKNOWLEDGE and m.id == "acknowledge")
    assert (late.points, late.of) == (4, 9)
    assert "late" in late.title


def test_an_apology_in_every_reply_earns_half(sample):
    record = sample.call([(ACKNOWLEDGE, STORY, sample.reply("I am sorry.", ["apology"]), 7)] * 5)
    apology = next(m for m in score(record).moments if m.id == "apology")
    assert (apology.points, apology.of) == (2, 5)


def test_one_mistake_costs_points_twice_a_phase_at_most(sample):
    record = sample.call([(CONTROL, STORY, sample.reply("Calm down.", ["command_calm"]), 9)] * 4)
    assert [m.points for m in score(record).moments if m.id == "command_calm"] == [-6, -6, 0, 0]


@pytest.mark.parametrize("critical", ["disclosure", "hang_up_unannounced"])
def test_a_critical_mistake_holds_the_total(good, sample, critical):
    last = good.turns[-1]
    answer = sample.reply("..", ["offer_solution", critical])
    record = replace(good, turns=(*good.turns, replace(last, reply=answer)))
    assert score(record).total <= CRITICAL_TOTAL


def test_ringing_off_without_a_limit_is_a_mistake(mixed):
    ids = [m.id for m in score(replace(mixed, ending=Ending.ABANDONED)).moments]
    assert "hang_up_unannounced" in ids


def test_a_missed_goal_costs_points_and_says_the_scripts_sentence(mixed):
    goals = {"takeaway": "Give her the reference.", "greeting": "Say your name."}
    without, result = score(mixed), score(mixed, goals=goals)
    missed = [m for m in result.moments if m.title == "Give her the reference."]
    assert [m.points for m in missed] == [-RUBRIC.goal_points]
    assert not any(m.title == "Say your name." for m in result.moments)
    assert result.phases[SOLVE].points == without.phases[SOLVE].points - RUBRIC.goal_points


def test_a_goal_that_is_no_known_id_is_refused(mixed):
    with pytest.raises(InputError, match="no advice on 'charm'"):
        score(mixed, goals={"charm": "Be charming."})


def test_the_top_strength_is_what_lowered_anger_most(sample):
    record = sample.sample_record()
    replies = [turn.reply and surely_heard(turn.reply) for turn in record.turns]
    turns = tuple(replace(turn, reply=reply) for turn, reply in zip(record.turns, replies, strict=True))
    assert score(replace(record, turns=turns)).strengths[0].id == "acknowledge"


def surely_heard(reply):
    """The reply with sure findings as sure as what is praised first."""

    def heard(one):
        return replace(one, findings=tuple(replace(f, confidence=0.98) if f.sure else f for f in one.findings))

    return replace(reply, live=heard(reply.live), final=heard(reply.final))


def test_two_strengths_point_at_two_places(sample):
    both = "You're right to be angry about the two payments."
    found = [("empathy", both), ("acknowledge", both)]
    second = sample.reply("I will refund it today.", [("offer_solution", "I will refund it today.")])
    record = sample.call(
        [(ACKNOWLEDGE, STORY, sample.reply(both, found), 5), (SOLVE, STORY, second, 4)], ending=Ending.RESOLVED
    )
    quotes = [m.quote for m in score(record).strengths]
    assert len(quotes) == len(set(quotes))


def test_delivery_is_told_in_units_and_does_not_score(sample):
    with_delivery = score(sample.sample_record())
    observed = {m.id: m for m in with_delivery.moments if m.phase is None}
    assert set(observed) == {"pace", "level", "reply_gap", "tension", "cross_talk"}
    assert "% faster than your own baseline of 4.6" in observed["pace"].title
    assert all(m.points is None for m in observed.values())


def test_without_a_baseline_nothing_is_compared(sample):
    record = sample.sample_record(baseline=None)
    pace = next(m for m in score(record).moments if m.id == "pace")
    assert "baseline" not in pace.title


def test_an_empty_call_gives_empty_feedback(sample):
    result = score(sample.call([], ending=Ending.HUNG_UP))
    assert (result.total, result.moments, result.next_steps) == (0, (), ())


@pytest.mark.parametrize("name", ["good", "mixed", "poor"])
def test_each_point_has_its_evidence_or_says_what_was_looked_for_and_where(name, request):
    for moment in score(request.getfixturevalue(name)).moments:
        if moment.phase is None or (moment.points or 0) < 0:
            continue
        assert moment.criterion
        if moment.points is None:
            assert moment.title.startswith("Not judged: ")
        else:
            assert (moment.turn and moment.quote) or moment.looked_for


def test_what_was_missed_names_what_was_looked_for_and_in_which_turns(mixed):
    missed = {m.criterion: m for m in score(mixed).moments if m.points == 0 and m.of}
    assert missed["acknowledge"].looked_for == (
        "Not observed in turns 1 and 2 (control and acknowledge): saying the facts back"
    )
    assert missed["takeaway"].looked_for.startswith("Not observed in turns 1, 2, 3 and 4: ")


def test_replies_that_help_earn_by_their_share(sample):
    r = sample.reply
    turns = [
        r("Yes.", ["vent"]),
        r("Calm down, tell me.", ["vent", "command_calm"]),
        r("Hm."),
        r("Well.", unsure=["vent"]),
    ]
    record = sample.call([(CONTROL, STORY, one, 7) for one in turns], ending=Ending.HUNG_UP)
    [helped] = [m for m in score(record).moments if m.criterion == "helped"]
    assert (helped.points, helped.of, helped.turn) == (2, 6, 2)
    assert helped.title == "1 of 3 replies in control helped and did not hurt"
    assert helped.looked_for.endswith("not observed in turns 2 and 3")


def test_the_feedback_names_the_rubric_it_is_made_with(mixed):
    assert score(mixed).rubric == RUBRIC.label
