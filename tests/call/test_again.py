"""Saying a reply again right in a call, and trying a turn of a held call again: what was taken back leaves no trace."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicesim.backends.fakes import FakeDevice, FakeRecognizer, FakeVad
from voicesim.call.conduct import Control, End, Listen, Replied, Said, Say, Silence, conduct
from voicesim.call.live import LiveCall
from voicesim.call.parts import Manner, Parts
from voicesim.call.record import Recorder
from voicesim.call.retry import attempted, context_at, since, taken_up, tried, worst_turn
from voicesim.errors import InputError, UsageError
from voicesim.model import FRAME, RATE_HZ, Delivery, Ending, Feedback, Moment, Turn

from .test_live_controls import LINE_S, Told, said, understand
from .test_properties import quick, replies, scripts, seeds, turns


class Again(Told):
    """Told also of what is taken back."""

    def asks_again(self, undone):
        self.all.append(("asks", undone.number))

    def undone(self, undone):
        self.all.append(("undone", undone.number, said(undone.turn), undone.line.step, undone.ending))

    def note(self, text):
        self.all.append(("note", text))


class Call:
    """One held call; ``keys`` maps seconds of the call to what the trainee does; ``live`` is for the call itself."""

    def __init__(self, script, speech, *, keys=None, manner=None, recognizer=None, **live):
        self.told, self.frames = Again(), 0
        self.keys = sorted((keys or {}).items())
        parts = Parts(
            recognizer=recognizer or FakeRecognizer(speech),
            activity=FakeVad(),
            understand=understand,
            measure=lambda spoken, transcript: Delivery(speech_s=2.0),
            sound_of=lambda line: np.full(round(LINE_S * RATE_HZ), 0.25, np.float32),
            keep=self.keep,
            controls=self.controls,
        )
        duplex = FakeDevice(speech, duration_s=30.0).open(RATE_HZ)
        self.held = LiveCall(script, duplex, parts, seed=1, watcher=self.told, manner=manner, **live).hold()
        self.turns = self.held.recorder.record(self.held.ending, seed=1, engines={}).turns

    def keep(self, frames):
        self.frames += 1

    @property
    def clock_s(self):
        return self.frames * FRAME / RATE_HZ

    def controls(self):
        return self.keys.pop(0)[1] if self.keys and self.clock_s >= self.keys[0][0] else None

    @property
    def said(self):
        return [said(turn) for turn in self.turns if turn.reply is not None]


def told_of(call, *names):
    return [one for one in call.told.all if one[0] in names]


# -- the call as a generator ------------------------------------------------------------------------------------------


def held(script, seed, happens):
    """What a call yields for replies, silences (None) and wishes, and its record; ends where they are used up."""
    waiting, call, recorder = iter(happens), conduct(script, seed), Recorder(script)
    step, seen = next(call), []
    while True:
        seen.append(step)
        if isinstance(step, End):
            recorder.ends(step)
            break
        if isinstance(step, Say):
            if step.again:
                recorder.undo()
            recorder.says(step)
            step = call.send(Said())
            continue
        happened = next(waiting, "over")
        if happened == "over":
            break
        if happened is Control.AGAIN:
            step = call.send(Control.AGAIN)
        else:
            step = call.send(Silence() if happened is None else Replied(reply=happened))
    return seen, recorder.record(Ending.INCOMPLETE, seed=seed, engines={}).turns


@quick
@given(script=scripts(), seed=seeds, happens=turns, wrong=replies(), quiet=st.integers(0, 1), where=st.integers(0, 11))
def test_a_call_with_a_reply_taken_back_equals_the_call_without(script, seed, happens, wrong, quiet, where):
    """Whatever the reply was, and with a silence after it too: the same lines, states and turns from there on."""
    straight, wanted = held(script, seed, happens)
    at = min(where, len(happens))
    before, _ = held(script, seed, happens[:at])
    if isinstance(before[-1], End):
        return
    detour, _ = held(script, seed, [*happens[:at], wrong, *([None] * quiet)])
    if isinstance(detour[-1], End):
        return
    seen, got = held(script, seed, [*happens[:at], wrong, *([None] * quiet), Control.AGAIN, *happens[at:]])
    assert got == wanted
    end = [step for step in (straight[-1], seen[-1]) if isinstance(step, End)]
    assert len(end) in (0, 2)
    assert len(end) == 0 or end[0] == end[1]


@quick
@given(script=scripts(), seed=seeds, happens=turns)
def test_replies_can_be_taken_back_to_the_first_and_no_further(script, seed, happens):
    seen, _ = held(script, seed, happens)
    if isinstance(seen[-1], End):
        return
    given_back = sum(reply is not None for reply in happens)
    _, got = held(script, seed, [*happens, *([Control.AGAIN] * given_back)])
    first = next((number for number, reply in enumerate(happens) if reply is not None), len(happens))
    _, wanted = held(script, seed, happens[:first])
    assert got == wanted
    call = conduct(script, seed)
    opening = next(call)
    again = call.send(Control.AGAIN)
    assert (again.line, again.state, again.again) == (opening.line, opening.state, False)


def test_the_reply_to_a_call_that_just_ended_can_still_be_taken_back(script, replied):
    """While her last line sounds: the call goes on at the line before it."""
    call = conduct(script, 1)
    opening = next(call)
    call.send(Said())
    assert call.send(Replied(reply=replied("refer"))).line.step == "passed_on"
    again = call.send(Control.AGAIN)
    assert (again.line, again.state, again.again) == (opening.line, opening.state, True)
    assert isinstance(call.send(Said()), Listen)


# -- on a duplex ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [Control.ACCEPT, Control.AGAIN], ids=["Enter", "g"])
def test_a_reply_is_taken_back_after_a_pause_and_her_line_comes_again(script, key):
    """Before the pause is over nothing is lost; then the turn is open again, and the next reply is its reply."""
    speech = [(2.5, 3.5, "nothing"), (9.0, 10.0, "it is twenty")]
    keys = {4.99: Control.AGAIN, 5.0: key, 14.0: Control.STOP}
    call = Call(script, speech, keys=keys)
    assert told_of(call, "asks", "paused", "undone", "resumed") == [
        ("asks", 1),
        ("paused", "again"),
        ("resumed",),
        ("undone", 1, "nothing", "opening", None),
    ]
    assert [step for step, _ in call.told.lines()] == ["opening", "opening", "opening", "offer"]
    assert call.said == ["it is twenty"]
    assert call.turns[0].before.turn == 0
    assert ("final", 0) in call.told.all


def test_a_reply_can_stay_as_it_was(script):
    call = Call(script, [(2.5, 3.5, "it is twenty")], keys={4.99: Control.AGAIN, 5.0: Control.PAUSE, 9.0: Control.STOP})
    assert told_of(call, "undone") == []
    assert [step for step, _ in call.told.lines()] == ["opening", "offer", "offer"]
    assert said(call.turns[0]) == "it is twenty"


def test_half_a_reply_is_begun_anew_and_the_one_before_it_stays(script):
    speech = [(2.5, 3.5, "it is twenty"), (6.5, 12.0, "and then I thought that"), (15.5, 16.5, "refer")]
    call = Call(script, speech, keys={8.0: Control.AGAIN, 20.0: Control.STOP})
    assert told_of(call, "asks", "undone") == []
    assert said(call.turns[0]) == "it is twenty"
    assert [step for step, _ in call.told.lines()][:3] == ["opening", "offer", "offer"]


def test_her_last_line_can_be_taken_back_too(script):
    keys = {4.99: Control.AGAIN, 5.0: Control.ACCEPT, 14.0: Control.STOP}
    call = Call(script, [(2.5, 3.5, "refer"), (9.0, 10.0, "it is twenty")], keys=keys)
    assert told_of(call, "undone") == [("undone", 1, "refer", "passed_on", Ending.REFERRED)]
    assert call.said == ["it is twenty"]


@pytest.mark.parametrize(("official", "told"), [(True, "In this call no"), (False, "There is no reply yet")])
def test_where_nothing_can_be_taken_back_that_is_told_and_the_call_goes_on(script, official, told):
    speech = [(2.5, 3.5, "it is twenty")]
    at_s = 5.0 if official else 1.0
    call = Call(script, speech, keys={at_s: Control.AGAIN, 9.0: Control.STOP}, manner=Manner(official=official))
    [(_, note)] = told_of(call, "note")
    assert note.startswith(told)
    assert said(call.turns[0]) == "it is twenty"


def test_a_final_transcript_that_comes_late_is_not_put_on_the_new_reply(script):
    speech = [(2.5, 3.5, "nothing"), (9.0, 10.0, "it is twenty")]
    late = FakeRecognizer(speech, misheard={"it": "at"})
    keys = {4.05: Control.AGAIN, 4.06: Control.ACCEPT, 14.0: Control.STOP}
    call = Call(script, speech, keys=keys, recognizer=late)
    assert [turn.reply.final.transcript.text for turn in call.turns if turn.reply] == ["it is twenty"]


# -- a turn of a held call --------------------------------------------------------------------------------------------


@pytest.fixture
def record(script, replied):
    """A call of three replies, held on its generator."""
    given = [replied("policy_wall"), replied("acknowledge", mentions=("20 euros",)), replied("refer")]
    _, turns_of = held(script, 1, given)
    return Recorder(script, turns_of).record(Ending.REFERRED, seed=1, engines={})


@quick
@given(script=scripts(), seed=seeds, happens=turns)
def test_the_same_reply_again_does_what_it_did(script, seed, happens):
    """From every turn of every call: the state after it, her line, and why anger moved."""
    _, made = held(script, seed, happens)
    whole = Recorder(script, made).record(Ending.INCOMPLETE, seed=seed, engines={})
    for number, (turn, following) in enumerate(pairwise(made), 1):
        if turn.reply is None:
            continue
        again = attempted(script, since(script, whole, number), turn.reply)
        assert (again.before, again.after, again.influences) == (turn.before, turn.after, turn.influences)
        assert again.line == following.line


def test_another_reply_moves_her_otherwise_and_leaves_the_record_alone(script, record, replied):
    point = since(script, record, 1)
    before = record.turns
    again = attempted(script, point, replied("acknowledge", mentions=("20 euros",)))
    assert again.after.anger < record.turns[0].after.anger
    assert again.line.step == "offer"
    assert record.turns == before
    assert context_at(script, since(script, record, 2)).said == (record.turns[0].reply.live.transcript.text,)


def test_a_call_that_is_taken_up_begins_with_her_line_and_is_gathered_from_there(script, record, replied):
    point = since(script, record, 2)
    call, first = taken_up(script, 1, point)
    assert (first.line, first.state) == (record.turns[1].line, record.turns[1].before)
    recorder = Recorder(script, point.earlier, point.turn)
    recorder.says(first)
    call.send(Said())
    step = call.send(Silence())
    recorder.says(step)
    call.send(Said())
    step = call.send(Replied(reply=replied("refer")))
    recorder.says(step)
    end = call.send(Said())
    recorder.ends(end)
    got = recorder.record(end.ending, seed=1, engines={}).turns
    assert got[0] == record.turns[0]
    made = tried(script, point, got, end.ending)
    assert (made.before, made.reply, made.line.step) == (point.turn.before, got[2].reply, "passed_on")
    assert made.ending is Ending.REFERRED
    assert made.after.anger - made.before.anger == sum(i.delta for i in made.influences)
    assert made.on == ()
    assert tried(script, point, got[:2]) is None


def test_one_turn_on_a_duplex_ends_with_her_answer(script, record):
    point = since(script, record, 1)
    call = Call(script, [(2.5, 3.5, "it is twenty"), (8.0, 9.0, "refer")], since=point, one_turn=True)
    assert [step for step, _ in call.told.lines()] == ["opening", "offer"]
    made = tried(script, point, call.turns)
    assert made.reply.live.transcript.text == "it is twenty"
    assert made.line.step == "offer"
    assert call.clock_s < 8


def test_one_turn_is_left_when_it_is_to_be_said_again(script, record):
    """The attempt stands; whoever holds the turns begins the next one."""
    point = since(script, record, 1)
    keys = {4.5: Control.AGAIN}
    call = Call(script, [(2.5, 3.5, "it is twenty")], keys=keys, since=point, one_turn=True)
    assert tried(script, point, call.turns).line.step == "offer"
    assert call.clock_s < 5


@pytest.mark.parametrize(("number", "told"), [(0, "no turn 0"), (9, "no turn 9"), (4, "with turn 4 the call ended")])
def test_a_turn_that_nobody_can_answer_is_refused(script, record, number, told):
    whole = replace(record, turns=(*record.turns[:3], _last(script, record)))
    with pytest.raises(UsageError, match=told):
        since(script, whole, number)


def _last(script, record):
    turn = record.turns[-1]
    line = next(line for line in script.lines() if line.step == "passed_on")
    state = replace(turn.after, step="passed_on", last_line=line.id)
    return Turn(line=line, reply=None, before=state, after=state)


def test_a_script_that_was_changed_is_refused(script, record):
    turn = record.turns[0]
    changed = replace(record, turns=(replace(turn, before=replace(turn.before, last_line="opening-angry-0")),))
    with pytest.raises(InputError, match="has no line 'opening-angry-0'"):
        since(script, changed, 1)


def test_the_worst_turn_is_the_first_next_step_else_what_anger_says(record):
    step = Moment(id="blame", turn=2, title="Leave out blame", quote=None, why="")
    judged = replace(record, feedback=Feedback(total=1, phases={}, next_steps=(replace(step, turn=None), step)))
    assert worst_turn(judged) == (2, "What to change first is there. Leave out blame.")
    assert worst_turn(record)[0] == 1
    with pytest.raises(UsageError, match="nobody replied"):
        worst_turn(replace(record, turns=()))
