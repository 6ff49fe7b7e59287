"""What-ifs against the call that was held: made-up scripts and replies, and a small script whose ways are known."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicesim.call.conduct import Control, End, Replied, Said, Say, Silence, conduct
from voicesim.call.record import Recorder
from voicesim.call.what_if import TURNING_POINTS, what_if
from voicesim.catalogue import CATALOGUE
from voicesim.model import Change, Ending, Kind
from voicesim.script.dial import LEVELS, dialled


def _made():
    """The generators of the property tests."""
    path = Path(__file__).with_name("test_properties.py")
    spec = importlib.util.spec_from_file_location("made_calls", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


made = _made()
#: A reply, or None for a silence; and a first attempt at it that went on and was taken back.
happenings = st.lists(
    st.tuples(st.one_of(made.replies(), made.replies(), st.none()), st.one_of(st.none(), st.none(), made.replies())),
    max_size=12,
)
leavings = st.sampled_from([None, Control.STOP, Control.HANG_UP])


def held(script, seed, happens, leaves=Control.STOP, moves=True):
    """The record of a call with these replies, silences (None) and retractions, left by ``leaves`` (None: cut off)."""
    recorder, call, waiting = Recorder(script), conduct(script, seed), list(happens)
    step = next(call)
    while not isinstance(step, End):
        happened = Said()
        if isinstance(step, Say):
            recorder.says(step)
        elif waiting:
            reply, wrong = waiting.pop(0)
            if wrong is not None:
                recorder.says(call.send(Replied(reply=wrong)))
                recorder.retract()
                call.send(Said(went_on=True))
            happened = Silence() if reply is None else Replied(reply=reply)
        elif leaves is None:
            return replace(recorder.record(Ending.INCOMPLETE, seed=seed, engines={}), delivery_moves_caller=moves)
        else:
            happened = leaves
        step = call.send(happened)
    recorder.ends(step)
    return replace(recorder.record(step.ending, seed=seed, engines={}), delivery_moves_caller=moves)


def course_of(record, number):
    """The steps and the anger that a record holds from a turn on."""
    turns = [t for t in record.turns[number - 1 :] if t.reply or t.after.silences > t.before.silences]
    path = (turns[0].before.step, *(t.after.step for t in turns))
    return path, (turns[0].before.anger, *(t.after.anger for t in turns))


def mistaken(record):
    """The turns (from 1) in whose reply a mistake was heard."""
    return {
        number
        for number, turn in enumerate(record.turns, 1)
        if turn.reply and any(f.sure and f.kind is Kind.MISTAKE for f in turn.reply.live.findings)
    }


@made.quick
@given(
    script=made.scripts(), seed=made.seeds, happens=happenings, leaves=leavings, level=st.sampled_from([None, *LEVELS])
)
def test_the_branch_as_given_is_what_happened(script, seed, happens, leaves, level):
    """With asides, sounds, silences, tension, retractions and difficulty; however the call ended."""
    played = script if level is None else dialled(script, level, seed).script
    record = held(played, seed, happens, leaves)
    for point in what_if(played, record):
        as_given = point.branches[0]
        assert (as_given.change, as_given.ids, as_given.ending) == (Change.AS_GIVEN, (), record.ending)
        assert (as_given.path, as_given.anger) == course_of(record, point.turn)


@made.quick
@given(script=made.scripts(), seed=made.seeds, happens=happenings, leaves=leavings)
def test_no_mistake_is_left_out_while_there_is_room(script, seed, happens, leaves):
    record = held(script, seed, happens, leaves)
    points = what_if(script, record)
    assert len(points) <= TURNING_POINTS
    assert len(points) == TURNING_POINTS or mistaken(record) <= {point.turn for point in points}


@made.quick
@given(script=made.scripts(), seed=made.seeds, happens=happenings, leaves=leavings)
def test_every_branch_is_a_way_through_the_script(script, seed, happens, leaves):
    record = held(script, seed, happens, leaves)
    for point in what_if(script, record):
        changes = [branch.change for branch in point.branches]
        assert changes in ([*Change], [Change.AS_GIVEN, Change.WITHOUT], [Change.AS_GIVEN, Change.WITH])
        for branch in point.branches:
            assert len(branch.path) == len(branch.anger) <= 1 + len(record.turns)
            assert all(0 <= anger <= 10 for anger in branch.anger)
            assert set(branch.path) <= set(script.steps)
            over = branch.ending is not None and branch.ending.good is not None
            if over:
                assert branch.goes_on_at is None
            elif script.steps[branch.path[-1]].end is None:
                assert branch.goes_on_at == branch.path[-1]
        assert all(branch.ids for branch in point.branches[1:])


@made.quick
@given(script=made.scripts(), seed=made.seeds, happens=happenings)
def test_a_reply_that_was_taken_back_changes_nothing(script, seed, happens):
    plain = [(reply, None) for reply, _ in happens]
    assert what_if(script, held(script, seed, happens)) == what_if(script, held(script, seed, plain))


@made.quick
@given(script=made.scripts(), seed=made.seeds, happens=happenings)
def test_delivery_that_did_not_move_the_caller_does_not_move_a_branch(script, seed, happens):
    """Its measures are in the record all the same."""
    quiet = [(reply and replace(reply, delivery=None), None) for reply, _ in happens]
    record = held(script, seed, quiet, moves=False)
    turns = iter([reply for reply, _ in happens])
    measured = tuple(
        replace(turn, reply=replace(turn.reply, delivery=reply.delivery)) if turn.reply and reply else turn
        for turn, reply in zip(record.turns, [*turns, *[None] * len(record.turns)], strict=False)
    )
    assert what_if(script, replace(record, turns=measured)) == what_if(script, record)


# -- a script whose ways are known ------------------------------------------------------------------------------------


def branches(script, happens, turn, **more):
    """The branches of a turn by what changes."""
    record = held(script, 1, [(reply, None) for reply in happens], **more)
    return {b.change: b for point in what_if(script, record) if point.turn == turn for b in point.branches}


def test_without_its_mistake_a_reply_leads_elsewhere(script, replied):
    """Anger 6: blame adds 4, and at 10 she hangs up."""
    found = branches(script, [replied("blame"), replied("acknowledge", mentions=("20 euros",))], 1)
    assert (found[Change.AS_GIVEN].path, found[Change.AS_GIVEN].ending) == (("opening", "bye"), Ending.HUNG_UP)
    without = found[Change.WITHOUT]
    assert without.ids == ("blame",)
    assert (without.path, without.anger) == (("opening", "opening"), (6, 6))


def test_replies_that_were_never_given_are_not_made_up(script, replied):
    """She hung up after the first reply: in another branch she waits for a second one."""
    without = branches(script, [replied("blame")], 1)[Change.WITHOUT]
    assert (without.ending, without.goes_on_at) == (None, "opening")


def test_what_the_rules_wait_for_is_what_was_missing(script, replied):
    """The opening waits for the amount, which she has to have said or the briefing has to tell."""
    told = replace(script, briefing=replace(script.briefing, you_see=("one open order, 20 euros",)))
    better = branches(told, [replied("blame")], 1)[Change.WITH]
    assert better.ids == ("acknowledge", "20 euros")
    assert (better.path, better.anger) == (("opening", "offer"), (6, 3))


def test_nobody_misses_a_fact_that_nobody_told(script, replied):
    assert branches(script, [replied("blame")], 1)[Change.WITH].ids == ("acknowledge",)


def test_an_offer_that_the_step_waits_for_is_missing(script, replied):
    """In the step 'offer', calm, a refund leads to thanks."""
    happens = [replied("acknowledge", mentions=("20 euros",)), replied("jargon", "jargon")]
    better = branches(script, happens, 2)[Change.WITH]
    assert set(better.ids) == {"offer_solution", "refund"}
    assert (better.path, better.ending) == (("offer", "thanks"), Ending.RESOLVED)


def test_later_replies_stay_as_they_were(script, replied):
    happens = [replied("dismiss"), replied(mentions=("20 euros",)), replied("acknowledge", offers=("refund",))]
    found = branches(script, happens, 1)
    assert found[Change.AS_GIVEN].path == ("opening", "opening", "offer", "offer")
    assert (found[Change.WITHOUT].path, found[Change.WITHOUT].anger) == (
        ("opening", "opening", "offer", "thanks"),
        (6, 6, 6, 3),
    )
    assert found[Change.WITHOUT].ending is Ending.RESOLVED


def test_without_what_calmed_most_where_there_was_no_mistake(script, replied):
    without = branches(script, [replied("acknowledge", "vent", mentions=("20 euros",))], 1)[Change.WITHOUT]
    assert without.ids == ("acknowledge",)
    assert without.anger == (6, 5)


def test_silences_that_made_her_hang_up_are_a_turning_point(script):
    found = branches(script, [None, None, None], 3)
    assert found[Change.AS_GIVEN].ending is Ending.HUNG_UP
    assert found[Change.WITH].goes_on_at == "opening"


def test_who_hung_up_hangs_up_in_every_branch_that_goes_on(script, replied):
    found = branches(script, [replied("dismiss", "set_limit")], 1, leaves=Control.HANG_UP)
    assert {b.ending for b in found.values()} == {Ending.LIMIT_ENDED}


@pytest.mark.parametrize(("leaves", "ending"), [(Control.STOP, Ending.STOPPED), (None, Ending.INCOMPLETE)])
def test_a_call_that_was_not_held_to_its_end_says_where_it_goes_on(script, replied, leaves, ending):
    found = branches(script, [replied("dismiss")], 1, leaves=leaves)
    assert {(b.ending, b.goes_on_at) for b in found.values()} == {(ending, "opening")}


def test_of_equal_techniques_the_one_that_the_feedback_asks_for_is_taken(script, replied):
    plain = replace(script, anger=replace(script.anger, effects={}))
    record = held(plain, 1, [(replied("blame"), None)])
    for asked in ("empathy", "acknowledge"):
        [point] = what_if(plain, record, asked={1: (asked,)})
        assert point.branches[-1].ids == (asked,)


def test_another_script_answers_nothing(script, replied):
    record = held(script, 1, [(replied("blame"), None)])
    assert what_if(script, record)
    assert what_if(replace(script, sha256="0" * 64), record) == ()


def test_a_turn_that_cannot_be_replayed_is_left_out(script, replied):
    """As after a reply that was tried again in the call, or with lines that are gone."""
    record = held(script, 1, [(replied("blame"), None)])
    turn = record.turns[0]
    other = replace(turn, after=replace(turn.after, anger=7))
    gone = replace(turn, before=replace(turn.before, last_line="opening-angry-00000000"))
    for changed in (other, gone):
        assert what_if(script, replace(record, turns=(changed, *record.turns[1:]))) == ()


def test_a_call_without_a_turn_has_no_turning_point(script):
    assert what_if(script, replace(held(script, 1, []), turns=())) == ()


def test_only_known_ids_are_tried(script, replied):
    record = held(script, 1, [(replied("blame"), None)])
    [point] = what_if(script, record, asked={1: ("calmer", "outcome")})
    assert all(one in CATALOGUE for one in point.branches[-1].ids)
