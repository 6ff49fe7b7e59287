"""What a trainer overrides counts for the score; the machine's word stays beside it."""

from dataclasses import replace

import pytest

from voicesim.coach.adviser import Adviser
from voicesim.coach.bank import Situation
from voicesim.coach.compared import by_qa, compared
from voicesim.coach.evidence import seen
from voicesim.coach.overrides import overridden, superseded, with_overrides
from voicesim.coach.review import EntryKind, ReviewEntry, Role
from voicesim.coach.score import feedback
from voicesim.model import Ending, Influence, Overlap, OverlapKind, Phase, Span
from voicesim.wiring.bank import shipped_bank
from voicesim.wiring.rubrics import default_rubric

RUBRIC = default_rubric()
ADVISER = Adviser(bank=shipped_bank(), known=Situation(caller="Megan Price", you="Sam"))
STORY = "I paid that invoice once, and you took it twice."


def said(finding, *, turn=1, verdict=True, kind=EntryKind.OVERRIDE, role=Role.TRAINER, **more):
    return ReviewEntry(
        kind=kind,
        by="Ann",
        role=role,
        at_utc="2026-01-02T10:00:00+00:00",
        turn=turn,
        finding=finding,
        verdict=verdict,
        **more,
    )


def score(record):
    return feedback(record, goals={}, rubric=RUBRIC, adviser=ADVISER)


def ids(record, turn=1):
    return {s.finding.id for s in seen(record) if s.turn == turn}


@pytest.fixture
def call(sample):
    r = sample.reply
    return sample.call(
        [
            (Phase.CONTROL, STORY, r("Hello. Calm down.", ["greeting", "command_calm"], unsure=["empathy"]), 7),
            (Phase.SOLVE, "When?", r("Today.", ["offer_solution"]), 4),
        ]
    )


def test_a_finding_that_a_trainer_takes_away_costs_nothing_more(call):
    judged = with_overrides(call, [said("command_calm", verdict=False, note="said to a colleague")])
    assert ids(judged) == {"greeting"}
    assert score(judged).total > score(call).total
    assert "command_calm" in ids(call)


def test_a_finding_that_a_trainer_adds_earns_its_points(call):
    judged = with_overrides(call, [said("vent")])
    assert "vent" in ids(judged)
    row = next(r for r in compared(score(call), score(judged), RUBRIC).rows if r.id == "vent")
    assert row.differs
    assert row.new.points == row.new.of == 8


def test_a_doubtful_finding_becomes_a_sure_one(call):
    assert "empathy" not in ids(call)
    judged = with_overrides(call, [said("empathy")])
    [own] = [s.finding for s in seen(judged) if s.finding.id == "empathy"]
    assert (own.sure, own.confidence) == (True, 1.0)


def test_each_override_says_who_and_why_and_what_the_machine_says(call):
    [one] = overridden(call, [said("command_calm", verdict=False, note="said to a colleague")])
    assert (one.turn, one.present, one.machine, one.changes) == (1, False, True, True)
    assert (one.by, one.note) == ("Ann", "said to a colleague")


def test_the_last_override_of_a_finding_counts(call):
    entries = [said("vent"), said("vent", verdict=False)]
    assert with_overrides(call, entries) == call
    assert [one.present for one in overridden(call, entries)] == [False]


@pytest.mark.parametrize(
    "entry",
    [
        said("vent", kind=EntryKind.CONTEST, role=Role.TRAINEE),
        said("vent", role=Role.TRAINEE),
        said("vent", kind=EntryKind.AGREE),
        said(None, kind=EntryKind.COMMENT, note="Good."),
    ],
)
def test_only_an_override_by_a_trainer_changes_a_score(call, entry):
    assert with_overrides(call, [entry]) == call


@pytest.mark.parametrize(
    ("entry", "why"),
    [(said("vent", turn=9), "no turn 9"), (said("charm"), "no finding"), (said("vent", turn=3), "no reply")],
)
def test_what_the_score_cannot_follow_is_said(sample, call, entry, why):
    silent = replace(call.turns[1], reply=None)
    longer = replace(call, turns=(*call.turns, silent))
    [one] = overridden(longer, [entry])
    assert why in one.left
    assert with_overrides(longer, [entry]) == longer


def test_an_interruption_and_a_silence_can_be_taken_away(sample):
    cut = Overlap(span=Span(start=0, end=16000), kind=OverlapKind.INTERRUPTION)
    quiet = [Influence(cause="long_silence", delta=1, rule="1st time")]
    record = sample.call(
        [(Phase.CONTROL, STORY, sample.reply("Yes but", overlaps=(cut,)), 7), (Phase.CONTROL, STORY, None, 8)],
        ending=Ending.HUNG_UP,
        influences=[[], quiet],
    )
    assert (ids(record), ids(record, 2)) == ({"interrupt"}, {"long_silence"})
    entries = [said("interrupt", verdict=False), said("long_silence", turn=2, verdict=False)]
    assert seen(with_overrides(record, entries)) == ()


@pytest.mark.parametrize("entry", [said("blame", verdict=False), said("thank"), said("interrupt")])
def test_an_interruption_stays_where_it_is_not_taken_away(sample, entry):
    cut = Overlap(span=Span(start=0, end=16000), kind=OverlapKind.INTERRUPTION)
    record = sample.call([(Phase.CONTROL, STORY, sample.reply("Yes but", ["blame"], overlaps=(cut,)), 7)])
    assert with_overrides(record, [entry]).turns[0].reply.overlaps == (cut,)


def test_the_terms_of_quality_assurance_add_up_to_the_points(sample):
    given = score(sample.sample_record())
    terms = by_qa(given, RUBRIC)
    assert sum(points for points, _, _ in terms.values()) == sum(m.points for m in given.moments if m.of)
    assert sum(lost for _, _, lost in terms.values()) == -sum(m.points for m in given.moments if (m.points or 0) < 0)


def test_only_the_last_word_of_another_trainer_is_superseded(call):
    first = said("greeting", verdict=True)
    bo = [replace(said("greeting", verdict=verdict), by="Bo") for verdict in (True, False)]
    found = superseded(call, [first, *bo, replace(first, by="ANN")])
    assert [(one.by, one.present, one.left) for one in found] == [("Bo", False, "ANN decided later")]
    assert superseded(call, [first, said("greeting", verdict=False)]) == ()


def test_a_score_of_before_rubrics_were_files_stands_beside_the_new_one(call):
    given = score(call)
    bare = replace(given, rubric="1", moments=tuple(replace(m, criterion=None, looked_for=None) for m in given.moments))
    told = compared(bare, given, RUBRIC)
    assert not any(row.differs for row in told.rows)
    assert compared(None, given, RUBRIC).rows[0].old is None
