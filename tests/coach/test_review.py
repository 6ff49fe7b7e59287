"""What is said about a call: checked against the call, the last word of each person counts."""

from dataclasses import replace

import pytest

from voicesim.coach.review import (
    EntryKind,
    ReviewEntry,
    Role,
    by_trainer,
    checked_entry,
    contested,
    judged_turns,
    machine_says,
    merged,
    named,
    overrides,
    points_given,
    trainers,
    turn_at,
    verdicts,
)
from voicesim.errors import UsageError
from voicesim.model import Feedback, Phase, ScorePart


@pytest.fixture(scope="module")
def record(sample):
    phases = {phase: ScorePart(points=10, of=18) for phase in Phase}
    return replace(sample.sample_record(), feedback=Feedback(total=60, phases=phases))


def entry(kind, by="Anna", role=Role.TRAINER, at=0, **values):
    return ReviewEntry(kind=EntryKind(kind), by=by, role=role, at_utc=f"2026-03-01T10:00:{at:02}+00:00", **values)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (entry("comment", note=" "), "'comment' needs a text. Write what you want to say"),
        (entry("comment", by=" ", note="Good."), "is signed.* --by NAME"),
        (entry("comment", note="x" * 5_000), "5000 letters is too long"),
        (entry("comment", note="Good.", at_s=-1.0), "no such time"),
        (entry("comment", note="Good.", at_s=float("inf")), "no such time"),
        (entry("agree", finding="apology"), "needs a turn.* --turn N"),
        (entry("agree", turn=2), "needs a finding"),
        (entry("agree", turn=2, finding="apology"), "turn 2 has no finding 'apology'.*--override apology --turn 2"),
        (entry("disagree", turn=2, finding="thank"), "there: command_calm, interrupt"),
        (entry("agree", turn=99, finding="apology"), "no turn 99.* 1 to 8"),
        (entry("override", turn=2, finding="apology"), "--present or --absent"),
        (entry("override", turn=2, finding="apologie", verdict=True), "Did you mean 'apology'"),
        (entry("contest", turn=2, finding="command_calm"), "'contest' needs a text"),
        (entry("score", points=19, phase=Phase.CONTROL), "19 points are out of range.* 0 to 18"),
        (entry("score", points=101), "0 to 100"),
        (entry("judged"), "needs a turn"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_way_out(record, said, told):
    with pytest.raises(UsageError, match=told):
        checked_entry(said, record)


@pytest.mark.parametrize(
    "said",
    [
        entry("comment", note="On all of it."),
        entry("agree", turn=2, finding="command_calm"),
        entry("disagree", turn=3, finding="hedge_sorry", note="It is owned."),
        entry("override", turn=1, finding="empathy", verdict=True),
        entry("score", points=18, phase=Phase.CONTROL),
        entry("score", points=100),
        entry("judged", turn=8),
    ],
)
def test_what_fits_the_call_is_kept_as_it_is(record, said):
    assert checked_entry(said, record) == said


def test_names_and_notes_lose_their_spaces(record):
    kept = checked_entry(entry("comment", by="  Anna \n Lee ", note=" Good. "), record)
    assert (kept.by, kept.note) == ("Anna Lee", "Good.")


def test_a_time_names_its_turn(record):
    start_s = record.turns[2].line_span.start_s
    assert checked_entry(entry("comment", note="Here.", at_s=start_s + 0.5), record).turn == 3
    assert turn_at(replace(record, turns=tuple(replace(t, line_span=None) for t in record.turns)), start_s) is None


def test_a_contest_says_of_a_finding_that_it_is_not_there_and_of_a_missing_one_that_it_is(record):
    def claim(finding):
        return checked_entry(entry("contest", role=Role.TRAINEE, turn=2, finding=finding, note="No."), record).verdict

    assert (claim("command_calm"), claim("empathy")) == (False, True)


def test_the_machine_says_yes_no_or_does_not_know(record):
    found = named(record)
    assert machine_says(found[2], "command_calm") is True
    assert machine_says(found[2], "apology") is False
    assert machine_says(found[3], "hedge_sorry") is None  # unsure
    assert machine_says(found[6], "false_promise") is None  # in one transcript only


def test_the_last_word_of_a_trainer_counts():
    entries = [
        entry("agree", turn=2, finding="apology"),
        entry("disagree", by="Ben", turn=2, finding="apology"),
        entry("override", by=" anna", turn=2, finding="apology", verdict=False),
        entry("contest", by="Sam", role=Role.TRAINEE, turn=2, finding="apology", verdict=True, note="I did."),
        entry("score", points=3),
        entry("score", points=4),
    ]
    assert trainers(entries) == ("Anna", "Ben")
    assert verdicts(by_trainer(entries, "ANNA")) == {(2, "apology"): False}
    assert verdicts(by_trainer(entries, "Sam")) == {}
    assert overrides(entries) == {(2, "apology"): entries[2]}
    assert contested(entries) == {(2, "apology"): entries[3]}
    assert points_given(by_trainer(entries, "Anna")) == {None: 4}


def test_who_agrees_says_that_it_is_there_and_a_remark_says_neither():
    said = [
        entry("agree", turn=1, finding="thank"),
        entry("disagree", turn=2, finding="thank"),
        entry("comment", turn=3, finding="thank", note="See here."),
    ]
    assert verdicts(said) == {(1, "thank"): True, (2, "thank"): False}


def test_only_the_first_look_at_a_turn_can_be_blind():
    looks = [entry("judged", turn=1, blind=True), entry("judged", turn=2), entry("judged", turn=2, blind=True)]
    assert judged_turns([*looks, entry("judged", turn=1)]) == {1: True, 2: False}


def test_copies_of_a_review_are_put_together_in_the_order_of_time():
    first, second, third = (entry("comment", note=str(at), at=at) for at in range(3))
    assert merged([first, third], [second, first]) == (first, second, third)
