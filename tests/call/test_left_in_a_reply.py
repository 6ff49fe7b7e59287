"""Calls that end in the middle of a reply: she does not answer it any more, but it stands in the record.

Sound and ears are made; the same in a browser is in tests/web, with Ctrl-C on reply files in tests/cli.
"""

import _thread
import time

import pytest

from voicesim.backends.fakes import FakeRecognizer
from voicesim.call.answer import answer
from voicesim.call.conduct import Control
from voicesim.call.parts import Manner
from voicesim.errors import MissingPart, StorageError
from voicesim.model import RATE_HZ, Ending, OverlapKind

from .test_live_controls import Call, Flaky, Told, WithoutPartials, said, understand

#: She has finished after 2 s; the reply is under way until 6 s.
SPEECH = [(2.5, 6.0, "at twenty set_limit and so on and on")]
HEARD = "it twenty set_limit"
LEFT_S = 4.6


def left(script, *, keys=None, **other):
    """A call whose live transcript mishears one word."""
    recognizer = FakeRecognizer(SPEECH, misheard={"at": "it"})
    return Call(script, SPEECH, **{"recognizer": recognizer, "keys": keys or {}} | other)


def gone(script, *, manner=None, **other):
    """The device goes away in the reply and stays away."""
    device = Flaky(SPEECH, breaks_after_s=LEFT_S, fails=99)
    reopen = lambda: device.open(RATE_HZ)  # noqa: E731
    return left(script, device=device, reopen=reopen, manner=manner or Manner(wait_s=0.0), **other)


def interrupted(script, **other):
    """Ctrl-C in the reply."""

    class Interrupted(Call):
        def controls(self):
            if self.clock_s >= LEFT_S:
                raise KeyboardInterrupt

    return Interrupted(script, SPEECH, recognizer=FakeRecognizer(SPEECH, misheard={"at": "it"}), **other)


def full(script):
    """The disk stays full."""

    class Disk:
        asked = 0

        def trouble(self):
            self.asked += 1
            return StorageError("the disk is full") if self.asked * 0.02 > LEFT_S else None

    return left(script, trouble=Disk().trouble, manner=Manner(wait_s=0.0))


ENDS = {
    "its headset is gone": (gone, Ending.INCOMPLETE),
    "Ctrl-C": (interrupted, Ending.STOPPED),
    "the disk is full": (full, Ending.INCOMPLETE),
    "Esc": (lambda script: left(script, keys={LEFT_S: Control.STOP}), Ending.STOPPED),
    "Esc in a pause": (
        lambda script: left(script, keys={LEFT_S - 0.005: Control.PAUSE, LEFT_S - 0.001: Control.STOP}),
        Ending.STOPPED,
    ),
    "hung up in a pause": (
        lambda script: left(script, keys={LEFT_S - 0.005: Control.PAUSE, LEFT_S - 0.001: Control.HANG_UP}),
        Ending.LIMIT_ENDED,
    ),
}


@pytest.mark.parametrize(("ends", "ending"), ENDS.values(), ids=ENDS)
def test_a_reply_in_which_the_call_ends_is_in_the_record(script, ends, ending):
    """As any other: understood live and for good, with what it moves; only her answer is not said any more."""
    call = ends(script)
    assert call.ending is ending
    [turn] = call.held.recorder.record(ending, seed=1, engines={}).turns
    assert said(turn).startswith(HEARD)
    assert turn.reply.final.transcript.text == said(turn).replace("it twenty", "at twenty")
    assert turn.reply.final.has("set_limit")
    assert (turn.reply.span.start_s, turn.reply.span.end_s) == pytest.approx((2.5, LEFT_S), abs=0.06)
    assert turn.reply.delivery.speech_s == 2.0
    assert (turn.after, turn.influences) == answer(script, turn.before, turn.reply)[::2]
    assert call.told.lines() == [("opening", 0.0)]
    assert call.told.names("kept", "final") == ["kept", "final"]


def test_ctrl_c_while_a_reply_that_was_broken_off_is_being_understood_does_not_lose_it(script):
    """Who presses Esc and then, since nothing happens at once, Ctrl-C, has said it all the same."""
    asked = []

    def slowly(transcript, context):
        asked.append(transcript.text)
        if len(asked) == 1:
            time.sleep(0.2)  # The call waits for this by now.
            _thread.interrupt_main()
            time.sleep(0.2)
        return understand(transcript, context)

    call = left(script, keys={LEFT_S: Control.STOP}, understand=slowly)
    assert isinstance(call.held.broken_by, KeyboardInterrupt)
    [turn] = call.held.recorder.record(call.ending, seed=1, engines={}).turns
    assert said(turn).startswith(HEARD)
    assert turn.reply.final.has("set_limit")


def test_what_broke_the_call_is_told_all_the_same(script):
    assert "went away" in str(gone(script).held.broken_by)
    assert isinstance(interrupted(script).held.broken_by, KeyboardInterrupt)
    assert "full" in str(full(script).held.broken_by)


def test_a_recognizer_that_hears_only_when_asked_hears_it_too(script):
    call = gone(script, recognizer=WithoutPartials(SPEECH))
    assert said(call.turns[0]).startswith("at twenty set_limit")


def test_a_headset_that_comes_back_leaves_nothing_of_the_reply_that_was_broken_off(script):
    device = Flaky(SPEECH, breaks_after_s=LEFT_S)
    call = left(script, device=device, reopen=lambda: device.open(RATE_HZ), keys={8.0: Control.STOP})
    assert [line[0] for line in call.told.lines()] == ["opening", "opening"]
    assert [turn.reply for turn in call.held.recorder.record(Ending.STOPPED, seed=1, engines={}).turns] == [None]
    assert call.told.names("final") == []


def test_who_hangs_up_in_the_line_that_is_repeated_has_not_given_the_reply_before_it(script):
    device = Flaky(SPEECH, breaks_after_s=LEFT_S)
    call = left(script, device=device, reopen=lambda: device.open(RATE_HZ), keys={5.5: Control.HANG_UP})
    assert call.ending is Ending.ABANDONED
    assert [turn.reply for turn in call.turns] == [None]


def test_a_reply_that_she_has_answered_is_there_once(script):
    speech = [(2.5, 3.5, "it is twenty")]
    call = Call(script, speech, device=Flaky(speech, breaks_after_s=4.3, fails=99), keys={}, manner=Manner(wait_s=0.0))
    turns = call.held.recorder.record(call.ending, seed=1, engines={}).turns
    assert [said(turn) for turn in turns] == ["it is twenty", None]


def test_a_cough_is_no_reply_and_neither_is_the_stop_word(script):
    cough = [(2.5, 3.5, "Rhubarb")]
    assert Call(script, cough, keys={2.8: Control.STOP}).turns[0].reply is None
    word = [(2.5, 3.7, "stop the exercise")]
    call = Call(script, word, recognizer=WithoutPartials(word), keys={3.71: Control.STOP})
    assert (call.ending, call.turns[0].reply) == (Ending.STOPPED, None)


def test_a_reply_that_began_over_her_line_keeps_its_interruption(script):
    speech = [(1.0, 4.0, "wait it is twenty and more")]
    call = Call(script, speech, keys={3.5: Control.STOP})
    assert [overlap.kind for overlap in call.turns[0].reply.overlaps] == [OverlapKind.INTERRUPTION]
    assert call.turns[0].reply.live.has("interrupt")
    assert call.turns[0].reply.final.has("interrupt")


def test_a_reply_that_nothing_can_understand_any_more_is_left_out(script):
    def fails(transcript, context):
        raise MissingPart("the detectors are gone")

    call = interrupted(script, understand=fails)
    assert isinstance(call.held.broken_by, KeyboardInterrupt)
    assert call.held.recorder.turns == ()


def test_a_final_transcript_that_fails_leaves_the_live_one_of_this_reply_too(script):
    asked = []

    def once(transcript, context):
        asked.append(transcript)
        if len(asked) > 1:
            raise MissingPart("the detectors are gone")
        return understand(transcript, context)

    call = interrupted(script, understand=once)
    assert said(call.turns[0]).startswith(HEARD)
    assert call.turns[0].reply.final == call.turns[0].reply.live


def test_a_watcher_that_fails_once_more_does_not_break_the_closing(script):
    class Fails(Told):
        def turn_ends(self, outcome):
            raise ZeroDivisionError

    class Interrupted(Call):
        def controls(self):
            self.told.turn_ends = Fails().turn_ends
            if self.clock_s >= LEFT_S:
                raise KeyboardInterrupt

    call = Interrupted(script, SPEECH)
    assert isinstance(call.held.broken_by, KeyboardInterrupt)
    assert call.held.recorder.turns == ()
