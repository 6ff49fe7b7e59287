"""A call as a generator: what it yields for what happened."""

import pytest

from voicesim.call.conduct import Control, End, Listen, Replied, Said, Say, Silence, conduct
from voicesim.call.record import Recorder
from voicesim.model import Ending


def begun(script, state=None):
    call = conduct(script, 1, state)
    first = next(call)
    return call, first


def test_the_caller_speaks_first_then_listens(script):
    call, first = begun(script)
    assert isinstance(first, Say)
    assert first.outcome is None
    assert isinstance(call.send(Said()), Listen)


def test_a_reply_is_answered_with_its_outcome(script, replied):
    call, _ = begun(script)
    call.send(Said())
    say = call.send(Replied(reply=replied(mentions=("20 euros",))))
    assert (say.line.step, say.outcome.before.step, say.outcome.after) == ("offer", "opening", say.state)


def test_a_step_that_ends_ends_the_call_after_its_line(script, replied):
    call, _ = begun(script)
    call.send(Said())
    assert call.send(Replied(reply=replied("refer"))).line.step == "passed_on"
    end = call.send(Said())
    assert (type(end), end.ending) == (End, Ending.REFERRED)


@pytest.mark.parametrize(("control", "ending"), [(Control.HANG_UP, Ending.REFERRED), (Control.STOP, Ending.STOPPED)])
def test_hanging_up_during_the_last_line_changes_nothing_and_stopping_always_stops(script, replied, control, ending):
    call, _ = begun(script)
    call.send(Said())
    assert call.send(Replied(reply=replied("refer"))).line.step == "passed_on"
    assert call.send(control).ending is ending


def test_a_reply_that_went_on_takes_its_answer_back(script, replied):
    call, first = begun(script)
    call.send(Said())
    answered = call.send(Replied(reply=replied("blame")))
    assert answered.state.anger == 10
    assert isinstance(call.send(Said(went_on=True)), Listen)
    joined = call.send(Replied(reply=replied("acknowledge", mentions=("20 euros",))))
    assert joined.outcome.before == first.state
    assert (joined.state.anger, joined.state.turn) == (3, 1)


def test_silence_is_answered_and_the_third_hangs_up(script):
    call, _ = begun(script)
    call.send(Said())
    for _ in range(2):
        assert isinstance(call.send(Silence()), Say)
        assert isinstance(call.send(Said()), Listen)
    end = call.send(Silence())
    assert (end.ending, end.outcome.reply) == (Ending.HUNG_UP, None)


def test_a_line_can_be_repeated_without_a_turn(script):
    call, first = begun(script)
    call.send(Said())
    again = call.send(Control.REPEAT)
    assert (again.line, again.state, again.outcome) == (first.line, first.state, None)
    assert isinstance(call.send(Said()), Listen)


def test_the_trainee_can_stop_at_any_time(script):
    for wait_for_listen in (True, False):
        call, _ = begun(script)
        if wait_for_listen:
            call.send(Said())
        assert call.send(Control.STOP).ending is Ending.STOPPED


def test_hanging_up_is_good_only_after_a_limit_was_set(script, replied):
    call, _ = begun(script)
    call.send(Said())
    end = call.send(Control.HANG_UP)
    assert (end.ending, end.state.heard["hang_up_unannounced"]) == (Ending.ABANDONED, 1)
    call, _ = begun(script)
    call.send(Said())
    call.send(Replied(reply=replied("set_limit")))
    call.send(Said())
    assert call.send(Control.HANG_UP).ending is Ending.LIMIT_ENDED


def test_a_call_resumes_from_any_state_by_listening(script, replied):
    call, _ = begun(script)
    call.send(Said())
    say = call.send(Replied(reply=replied(mentions=("20 euros",))))
    again, first = begun(script, say.state)
    assert isinstance(first, Listen)
    resumed = again.send(Replied(reply=replied("vent")))
    call.send(Said())
    assert resumed == call.send(Replied(reply=replied("vent")))


def test_a_line_said_into_a_silence_can_be_repeated_in_a_resumed_call(script):
    call, _ = begun(script)
    call.send(Said())
    quiet = call.send(Silence())
    again, _ = begun(script, quiet.state)
    repeated = again.send(Control.REPEAT)
    assert repeated.line == quiet.line
    recorder = Recorder(script)
    recorder.says(repeated)
