"""Better replies for the turns of a real typed call: of this call, not of calls."""

from dataclasses import replace

import pytest

from voicesim.call.text import hold_typed
from voicesim.call.watch import Watcher
from voicesim.coach.adviser import Adviser
from voicesim.coach.bank import Situation
from voicesim.wiring.bank import shipped_bank, situation_in
from voicesim.wiring.engines import understood
from voicesim.wiring.library import find_script

REPLIES = (
    "I apologise, that was our mistake.",
    "You should have told us sooner.",
    "I can pay it back today.",
    "Calm down.",
)


@pytest.fixture(scope="module")
def script():
    return find_script("billed-twice")


@pytest.fixture(scope="module")
def record(script):
    held = hold_typed(script, REPLIES, understood, seed=1, watcher=Watcher())
    return held.recorder.record(held.ending, seed=1, engines={}, trainee="you", baseline=None, clock={})


@pytest.fixture(scope="module")
def adviser(script):
    return Adviser(bank=shipped_bank(), known=situation_in(script))


def test_the_moment_of_a_turn_is_what_was_said_and_done_up_to_it(adviser, record):
    second = adviser.situation(record, 2)
    assert second.line == record.turns[1].line.text
    assert second.heard == (record.turns[0].line.text,)
    assert second.anger == record.turns[1].before.anger
    assert {"apology", "blame"} <= second.already
    assert adviser.situation(record, 3).offered == frozenset()
    assert "refund today" in adviser.situation(record, 4).offered


def test_a_reply_after_an_apology_does_not_apologise_again(adviser, record):
    for advice_id in ("blame", "hedge_sorry", "apology"):
        text = adviser.better(advice_id, record, 2).text.lower()
        assert "sorry" not in text and "apolog" not in text


def test_a_better_reply_speaks_of_this_call(adviser, record):
    other = replace(adviser, known=situation_in(find_script("room-gone")))
    assert adviser.better("policy_wall", record, 2).text != other.better("policy_wall", record, 2).text


def test_the_replies_of_one_call_differ(adviser, record):
    taken = []
    for number in (1, 2, 3, 4):
        taken.append(adviser.better("command_calm", record, number, taken).text)
    assert len(set(taken)) == 4


def test_what_belongs_to_no_turn_looks_at_the_whole_call(adviser, record):
    whole = adviser.situation(record, None)
    assert len(whole.heard) == len(record.turns) - 1
    assert adviser.better("takeaway", record, None) is not None


def test_a_call_without_turns_has_advice_too(adviser, record):
    empty = replace(record, turns=())
    assert isinstance(adviser.situation(empty, None), Situation)
    assert adviser.better("greeting", empty, None).text
