"""Agreement: what counts as judged, what chance leaves of it, and who is not named."""

from dataclasses import replace

import pytest

from voicesim.backends.agreement import NltkAlpha
from voicesim.coach.agreement import ReviewedCall, Verdict, Who, agreement, gathered
from voicesim.coach.review import EntryKind, ReviewEntry, Role
from voicesim.model import Feedback, Phase, ScorePart

ALPHA = NltkAlpha()


@pytest.fixture(scope="module")
def record(sample):
    phases = {phase: ScorePart(points=10, of=20) for phase in Phase}
    return replace(sample.sample_record(), feedback=Feedback(total=60, phases=phases))


def entry(kind, by, **values):
    return ReviewEntry(kind=EntryKind(kind), by=by, role=Role.TRAINER, at_utc="2026-03-01T10:00:00+00:00", **values)


def judged(by, turn, *present, blind=True):
    """One whole turn by one person, who names what is there."""
    said = [entry("override", by, turn=turn, finding=finding, verdict=True, blind=blind) for finding in present]
    return [*said, entry("judged", by, turn=turn, blind=blind)]


def reviewed(record, *entries, key="a"):
    return ReviewedCall(key=key, record=record, entries=tuple(entries))


def row(found, item, who):
    return next((r for r in found.rows if (r.item, r.who) == (item, who)), None)


def test_in_a_blind_turn_what_is_not_named_is_not_there(record):
    calls = [reviewed(record, *judged("Anna", 2), *judged("Anna", 3, "apology"))]
    found = agreement(calls, ALPHA)
    # The machine has command_calm in turn 2, Anna does not; both have the apology of turn 3.
    assert row(found, "command_calm", Who.MACHINE).same == 0.5
    assert row(found, "apology", Who.MACHINE).same == 1.0
    assert [d.values for d in found.differences if d.item == "command_calm"] == [{"machine": 1.0, "rater A": 0.0}]


def test_who_saw_a_finding_and_passed_it_over_said_nothing_of_it(record):
    found = agreement([reviewed(record, *judged("Anna", 2, blind=False))], ALPHA)
    assert row(found, "command_calm", Who.MACHINE) is None


def test_what_is_said_after_a_blind_look_does_not_count(record):
    later = entry("agree", "Anna", turn=2, finding="command_calm")
    found = agreement([reviewed(record, *judged("Anna", 2), later)], ALPHA)
    assert row(found, "command_calm", Who.MACHINE).same == 0.0


def test_what_the_machine_is_unsure_of_is_no_word_of_its(record):
    found = agreement([reviewed(record, *judged("Anna", 3, "hedge_sorry"))], ALPHA)
    assert row(found, "hedge_sorry", Who.MACHINE) is None


def test_trainees_and_delivery_are_not_counted(record):
    contest = replace(entry("contest", "Sam", turn=2, finding="command_calm", note="No."), role=Role.TRAINEE)
    tense = entry("override", "Anna", turn=2, finding="tense_delivery", verdict=True)
    found = agreement([reviewed(record, contest, tense)], ALPHA)
    assert [judge.label for judge in found.judges] == ["rater A"]
    assert found.rows == ()


def test_points_are_compared_as_shares_of_what_could_be_had(record):
    said = [
        entry("score", "Anna", points=10, phase=Phase.CONTROL),
        entry("score", "Ben", points=5, phase=Phase.CONTROL),
    ]
    found = agreement([reviewed(record, *said, entry("score", "Ben", points=60))], ALPHA)
    assert [sorted(d.values.values()) for d in found.differences] == [[0.25, 0.5, 0.5]]
    assert row(found, "points:control", Who.PEOPLE).level == "interval"
    total = row(found, "points:total", Who.MACHINE)
    assert (total.same, total.alpha, total.verdict) == (1.0, None, Verdict.NOT_PROVEN)


def many(record, calls, wrong=()):
    """Calls in which two people judge turns 2 and 3 alike, but for the ``wrong`` ones, where Ben is the other way."""
    made = []
    for number in range(calls):
        ben = judged("Ben", 2, "apology"), judged("Ben", 3)
        alike = judged("Ben", 2), judged("Ben", 3, "apology")
        anna = [*judged("Anna", 2), *judged("Anna", 3, "apology")]
        said = ben if number in wrong else alike
        made.append(reviewed(record, *anna, *said[0], *said[1], key=str(number)))
    return made


def test_full_agreement_over_enough_calls_is_trustworthy(record):
    people = row(agreement(many(record, 12), ALPHA), "apology", Who.PEOPLE)
    assert (people.alpha, people.low, people.high) == (pytest.approx(1), pytest.approx(1), pytest.approx(1))
    assert (people.units, people.calls, people.verdict) == (24, 12, Verdict.TRUSTWORTHY)


def test_full_agreement_over_few_calls_is_not_proven_and_says_why(record):
    people = row(agreement(many(record, 3), ALPHA), "apology", Who.PEOPLE)
    assert (people.alpha, people.verdict, people.why) == (pytest.approx(1), Verdict.NOT_PROVEN, "only 3 calls")


def test_an_item_below_the_bar_is_not_trustworthy(record):
    people = row(agreement(many(record, 12, wrong=range(4)), ALPHA), "apology", Who.PEOPLE)
    assert people.alpha < 0.667
    assert people.verdict is Verdict.NOT_TRUSTWORTHY


def test_a_bar_inside_the_interval_is_not_proven(record):
    people = row(agreement(many(record, 12, wrong=[0]), ALPHA), "apology", Who.PEOPLE)
    assert people.low < 0.667 < people.alpha
    assert people.verdict is Verdict.NOT_PROVEN


def test_one_seed_gives_one_interval(record):
    calls = many(record, 12, wrong=[0, 1])
    assert agreement(calls, ALPHA, seed=3) == agreement(calls, ALPHA, seed=3)


def test_nobody_is_named_unless_that_is_wanted(record):
    calls = many(record, 2, wrong=[0])
    assert "Anna" not in str(agreement(calls, ALPHA)) and "Ben" not in str(agreement(calls, ALPHA))
    assert [judge.label for judge in agreement(calls, ALPHA, names=True).judges] == ["Anna", "Ben"]


def test_copies_of_a_call_are_one_call(record):
    other = replace(record, clock={"began_utc": "2026-03-02T10:00:00+00:00"})
    mine, theirs = entry("comment", "Anna", note="a"), entry("comment", "Ben", note="b")
    known = replace(record, clock={"began_utc": "2026-03-01T10:00:00+00:00"})
    copies = [reviewed(known, mine), reviewed(known, theirs, mine, key="b"), reviewed(other, key="c")]
    assert [(call.key, len(call.entries)) for call in gathered(copies)] == [("a", 2), ("c", 0)]
    nameless = replace(record, clock={})
    assert len(gathered([reviewed(nameless), reviewed(nameless)])) == 2
