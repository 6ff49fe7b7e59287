"""Progress: figures of one trainee's own calls, in order, with what they cannot tell."""

from dataclasses import replace

import pytest

from voicesim.coach.progress import Better, Group, Series, progress, trend, weak_spots
from voicesim.model import Dial, Ending, Feedback, Moment, Phase, ScorePart
from voicesim.report.wording import name_of


def series(*values, group=Group.MEASURE, better=Better.MORE, least=5.0):
    return Series(id="score", name="Score", group=group, unit="of 100", values=values, better=better, least=least)


@pytest.fixture
def call(sample):
    """Makes one judged call with a total and moments that lost points."""
    record = sample.sample_record()

    def made(total=50, *, lost=(), ending=Ending.RESOLVED, **values):
        moments = tuple(
            Moment(id=one, turn=1, title=one, quote=None, why="", points=points, of=of) for one, points, of in lost
        )
        phases = {phase: ScorePart(points=5, of=20) for phase in Phase}
        given = Feedback(total=total, phases=phases, moments=moments)
        return replace(record, feedback=given, ending=ending, **values)

    return made


def values(found, name):
    return next(s.values for s in found.series if s.id == name)


@pytest.mark.parametrize(
    ("better", "best"), [(Better.MORE, 7), (Better.LESS, -2), (Better.NEAR, 1), (Better.NEITHER, None)]
)
def test_first_best_and_last_are_of_the_measured_calls(better, best):
    found = series(None, 7, -2, None, 1, None, better=better)
    assert (found.first, found.best, found.last) == (7, best, 1)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (series(40), "one call: nothing to compare yet"),
        (series(40, None, 90, 95), "3 calls: too few for a trend"),
        (series(40, 44, 70, 74), "rose from 42 to 72 (the first 2 and the last 2 of 4 calls)"),
        (series(74, 70, 10, 44, 40), "fell from 72 to 42 (the first 2 and the last 2 of 5 calls)"),
        (series(40, 44, 45, 47), "about the same: 42 and 46 (the first 2 and the last 2 of 4 calls)"),
        (series(0, 0, 1, group=Group.TECHNIQUE), "in 1 of 3 calls"),
        (
            series(0, 1, 0, 0, 2, 1, 0, 1, group=Group.TECHNIQUE),
            "in 4 of 8 calls: 1 of the first 4, 3 of the last 4",
        ),
        (series(1, 0, 1, 0, 0, group=Group.MISTAKE), "in 2 of 5 calls: 1 of the first 2, 0 of the last 2"),
    ],
    ids=["one", "few", "rose", "fell", "same", "few counts", "counts", "counts of an odd number"],
)
def test_a_trend_is_told_with_its_number_of_calls(found, told):
    assert trend(found) == told


def test_private_and_official_calls_stand_apart(call):
    records = [call(40), call(50, official=True), call(60)]
    private, official = (progress(records, official=kind) for kind in (False, True))
    assert (values(private, "score"), values(official, "score")) == ((40, 60), (50,))
    assert len(private.calls) == 2


@pytest.mark.parametrize("ending", [Ending.STOPPED, Ending.INCOMPLETE])
def test_calls_that_are_not_judged_are_left_out_and_counted(call, ending):
    found = progress([call(40), call(None, ending=ending)], official=False)
    assert (values(found, "score"), found.left_out) == ((40,), 1)


def test_techniques_and_mistakes_are_counted_where_they_are_sure_and_only_if_they_occur(call, sample):
    record = call(50)
    doubtful = [
        replace(turn, reply=turn.reply and replace(turn.reply, final=replace(turn.reply.final, findings=())))
        for turn in record.turns
    ]
    found = progress([record, replace(record, turns=tuple(doubtful))], official=False)
    counted = {s.id: s.values for s in found.series if s.group is not Group.MEASURE}
    assert counted
    assert all(one[0] > 0 and one[1] == 0 for name, one in counted.items() if name not in ("interrupt", "long_silence"))


def test_techniques_and_mistakes_have_the_names_that_other_screens_give_them(call):
    found = progress([call(50)], official=False)
    named = {s.id: s.name.lower() for s in found.series if s.group is not Group.MEASURE}
    assert named and named == {one: name_of(one) for one in named}


def test_how_a_trainee_sounded_is_marked_as_their_own(call):
    found = progress([call(50)], official=False)
    sounded = {"pace", "level", "reply_gap", "pauses", "tension", "talk_share"}
    assert {s.id for s in found.series if s.delivery} == sounded


def test_pace_is_compared_with_the_own_baseline(call):
    own = call(50).baseline.articulation_rate_sps
    slower = replace(call(50), baseline=replace(call(50).baseline, articulation_rate_sps=own * 2))
    [faster, slow] = values(progress([call(50), slower], official=False), "pace")
    assert slow == pytest.approx((faster + 100) / 2 - 100)


def test_the_points_of_each_phase_and_the_last_anger_are_figures_of_a_call(call):
    found = progress([call(50), replace(call(50), feedback=None)], official=False)
    assert {s.id: s.values for s in found.series if s.id.startswith("phase_")} == {
        f"phase_{phase.value}": (25, None) for phase in Phase
    }
    assert set(values(found, "anger_end")) == {call(50).turns[-1].after.anger}


def test_a_call_without_a_baseline_has_no_figures_against_it(call):
    found = progress([replace(call(50), baseline=None)], official=False)
    assert "pace" not in {s.id for s in found.series}


def test_what_may_not_be_compared_is_named(call):
    other = call(50).script
    records = [
        call(40),
        call(50, script=replace(other, id="another")),
        call(60, dial=Dial(level=3)),
        replace(call(70), feedback=replace(call(70).feedback, rubric="own 2")),
    ]
    notes = " ".join(progress(records, official=False).notes)
    assert "4 calls are few" in notes
    assert "2 different scripts" in notes
    assert "levels of difficulty" in notes
    assert "2 rubrics" in notes
    assert progress([call(40)] * 8, official=False).notes == ()


def test_the_weak_spot_is_what_cost_most_and_a_mistake_counts_twice(call):
    lost = (("blame", -5, None), ("empathy", 0, 7), ("apology", 3, 7), ("outcome", 0, 20))
    [first, second, third] = weak_spots([call(lost=lost)])
    assert (first.id, first.cost, first.drill) == ("blame", 10, "apology")
    assert (second.id, second.cost, second.drill) == ("empathy", 7, "empathy")
    assert (third.id, third.cost) == ("apology", 4)
    assert "blaming” cost you most in" in first.why
    assert "naming the feeling” cost you next most in" in second.why


def test_only_the_last_calls_tell_the_weak_spot(call):
    old = [call(lost=(("blame", -5, None),))] * 5
    new = [call(lost=(("jargon", -2, None),))] * 5
    [spot] = weak_spots([*old, call(None, ending=Ending.STOPPED), *new])
    assert (spot.id, spot.cost, spot.calls, spot.of) == ("jargon", 20, 5, 5)
    assert "in 5 of the last 5" in spot.why


def test_without_calls_there_is_nothing():
    found = progress([], official=False)
    assert (found.series, found.calls, found.notes, weak_spots([])) == ((), (), (), ())
