"""A call on a duplex: the loop of 20 ms, decodes that arrive, channels that stay in step. Sound and ears are made."""

from dataclasses import replace

import numpy as np
import pytest

from voicesim.backends.fakes import FakeDevice, FakeRecognizer, FakeVad
from voicesim.call.conduct import Control
from voicesim.call.live import LiveCall
from voicesim.call.parts import Parts
from voicesim.call.patience import Patience
from voicesim.call.understood import Understood
from voicesim.call.watch import Watcher
from voicesim.errors import MissingPart
from voicesim.model import FRAME, RATE_HZ, Delivery, Ending, Finding, Heard, Kind, OverlapKind

LINE_S = 2.0


def understand(transcript, context):
    """Ids are said as they are: "refer" is a referral, "blame" is blame, "twenty" is the amount."""
    found = tuple(
        Finding(kind=Kind.TECHNIQUE if w.text == "refer" else Kind.MISTAKE, id=w.text, turn=context.turn)
        for w in transcript.words
        if w.text in ("refer", "blame")
    )
    return Understood(
        heard=Heard(transcript=transcript, findings=found),
        offers=("refund",) if "refund" in transcript.text else (),
        mentions=("20 euros",) if "twenty" in transcript.text else (),
    )


class Notes(Watcher):
    """Remembers what it was told."""

    def __init__(self):
        self.lines, self.partials, self.retractions = [], [], 0

    def line_begins(self, line, anger, span):
        self.lines.append((line.step, span))

    def partial(self, text):
        self.partials.append(text)

    def retracted(self):
        self.retractions += 1


class Call:
    """One held call with everything that can be asked about it."""

    def __init__(
        self, script, speech, *, misheard=None, until_s=60.0, breaks_after_s=None, device=None, watcher=None, **other
    ):
        self.caller, self.trainee, self.watcher = [], [], watcher or Notes()
        self.device = device or FakeDevice(speech, duration_s=until_s, breaks_after_s=breaks_after_s)
        tone = np.full(round(LINE_S * RATE_HZ), 0.25, np.float32)
        parts = Parts(
            recognizer=FakeRecognizer(speech, misheard=misheard),
            activity=FakeVad(),
            understand=understand,
            measure=lambda spoken, transcript: Delivery(speech_s=2.0, reply_gap_s=spoken.gap_s),
            sound_of=lambda line: tone,
            keep=self.keep,
            controls=lambda: Control.STOP if len(self.trainee) * FRAME >= until_s * RATE_HZ else None,
        )
        parts = replace(parts, **other)
        held = LiveCall(script, self.device.open(RATE_HZ), parts, seed=1, watcher=self.watcher).hold()
        self.ending, self.turns, self.broken_by = held.ending, held.recorder.turns, held.broken_by

    def keep(self, frames):
        self.trainee.append(frames.microphone)
        self.caller.append(frames.ears)


def said(turn):
    return turn.reply.live.transcript.text


def test_a_call_from_the_first_line_to_the_last(script):
    call = Call(
        script, [(2.5, 4.0, "it is twenty"), (7.5, 8.5, "here is something"), (12.0, 13.0, "stop now")], until_s=16
    )
    assert [said(t) for t in call.turns if t.reply] == ["it is twenty", "here is something", "stop now"]
    assert [step for step, _ in call.watcher.lines] == ["opening", "offer", "offer", "offer"]
    assert call.ending is Ending.STOPPED


def test_spans_are_where_things_sounded(script):
    call = Call(script, [(2.5, 4.0, "it is twenty")], until_s=10)
    turn = call.turns[0]
    assert (turn.line_span.start_s, turn.line_span.end_s) == (0.0, LINE_S)
    assert turn.reply.span.start_s == pytest.approx(2.5, abs=0.05)
    assert turn.reply.span.end_s == pytest.approx(4.0, abs=0.05)
    word = turn.reply.live.transcript.words[0]
    assert word.span.start_s == pytest.approx(2.5, abs=0.05)
    assert turn.reply.delivery.reply_gap_s == pytest.approx(0.5, abs=0.05)


def test_the_answer_begins_a_complete_pause_after_the_last_speech(script):
    call = Call(script, [(2.5, 4.0, "it is twenty")], until_s=10)
    assert call.watcher.lines[1][1].start_s == pytest.approx(4.0 + Patience().complete_s, abs=0.08)


def test_both_channels_are_as_long_and_hold_what_was_played(script):
    call = Call(script, [(2.5, 4.0, "it is twenty")], until_s=10)
    caller, trainee = np.concatenate(call.caller), np.concatenate(call.trainee)
    assert len(caller) == len(trainee)
    loud = np.flatnonzero(np.abs(caller) > 0.1)
    assert loud[0] == 0
    assert np.max(np.abs(caller[round(LINE_S * RATE_HZ) : round(4.3 * RATE_HZ)])) == 0


def test_what_sounds_later_is_kept_and_timed_later(script):
    speech = [(2.5, 4.0, "it is twenty")]
    call = Call(script, speech, until_s=10, device=FakeDevice(speech, duration_s=10, latency_s=0.1))
    assert np.flatnonzero(np.abs(np.concatenate(call.caller)) > 0.1)[0] == round(0.1 * RATE_HZ)
    assert call.turns[0].line_span.start_s == pytest.approx(0.1)


def test_the_caller_reacts_to_the_live_transcript_and_the_final_one_is_kept_too(script):
    call = Call(script, [(2.5, 4.0, "it is twenty")], misheard={"twenty": "plenty"}, until_s=10)
    reply = call.turns[0].reply
    assert (reply.live.transcript.text, reply.final.transcript.text) == ("it is plenty", "it is twenty")
    assert call.watcher.lines[1][0] == "opening"


def test_the_reply_can_be_read_while_it_is_spoken(script):
    call = Call(script, [(2.5, 4.5, "it is twenty I say")], until_s=10)
    assert "it" in call.watcher.partials
    assert call.watcher.partials[-1] == "it is twenty I say"


def test_speech_over_a_line_stops_a_caller_who_stops_and_is_a_finding(script):
    call = Call(script, [(1.0, 3.0, "wait it is twenty")], until_s=8)
    turn = call.turns[0]
    assert turn.line_span.duration_s == pytest.approx(1.7, abs=0.1)
    assert [o.kind for o in turn.reply.overlaps] == [OverlapKind.INTERRUPTION]
    [finding] = [f for f in turn.reply.live.findings if f.id == "interrupt"]
    assert finding.sure
    assert turn.reply.final.has("interrupt")
    assert said(turn) == "wait it is twenty"


@pytest.mark.parametrize(
    ("words", "threshold_s"),
    [
        ([(0.5, 1.9, "mm-hm yes okay right sure fine")], Patience().listens_s),
        ([(0.5, 1.9, "no")], Patience().interruption_s),
        ([(0.5, 0.7, "wait stop"), (0.75, 1.9, "it is twenty")], None),
    ],
    ids=["she listens", "time alone", "two words at once"],
)
def test_an_interruption_names_the_length_that_made_it_one(script, words, threshold_s):
    call = Call(script, words, until_s=8)
    [finding] = [f for f in call.turns[0].reply.live.findings if f.id == "interrupt"]
    assert finding.threshold == threshold_s
    assert threshold_s is None or finding.value >= threshold_s


def test_two_words_of_her_own_interrupt_before_0_7_s(script):
    call = Call(script, [(1.0, 1.25, "wait stop"), (1.3, 3.0, "it is twenty")], until_s=8)
    assert call.turns[0].line_span.duration_s < 1.68


def test_a_caller_who_talks_over_goes_on(script):
    talker = replace(script, caller=replace(script.caller, when_interrupted="talk_over"))
    call = Call(talker, [(1.0, 3.0, "wait it is twenty")], until_s=8)
    assert call.turns[0].line_span.duration_s == pytest.approx(LINE_S, abs=0.02)
    assert call.turns[0].reply.live.has("interrupt")


def test_a_backchannel_turns_the_caller_down_for_a_moment_and_is_no_reply(script):
    call = Call(script, [(0.6, 1.1, "okay"), (2.5, 3.5, "twenty it is")], until_s=8)
    turn = call.turns[0]
    assert said(turn) == "twenty it is"
    assert [o.kind for o in turn.reply.overlaps] == [OverlapKind.BACKCHANNEL]
    assert not turn.reply.live.has("interrupt")
    level = np.abs(np.concatenate(call.caller))[: round(LINE_S * RATE_HZ)]
    assert level.min() == pytest.approx(0.25 * 10 ** (-12 / 20), rel=0.02)
    assert level[-1] == pytest.approx(0.25)


def test_a_reply_that_goes_on_is_answered_once_as_a_whole(script):
    call = Call(script, [(2.5, 3.5, "so I blame"), (4.4, 6.0, "nobody it is twenty")], until_s=12)
    assert call.watcher.retractions == 1
    assert [said(t) for t in call.turns if t.reply] == ["so I blame nobody it is twenty"]
    assert call.turns[0].reply.final.transcript.text == "so I blame nobody it is twenty"
    assert call.turns[0].after.turn == 1


def test_an_answer_that_is_taken_back_fades_out(script):
    call = Call(script, [(2.5, 3.5, "so I blame"), (4.4, 6.0, "nobody it is twenty")], until_s=6)
    broken_off = np.concatenate(call.caller)[round(4.0 * RATE_HZ) :]
    sounding = np.flatnonzero(broken_off)
    assert len(sounding) < LINE_S * RATE_HZ / 2
    assert broken_off[sounding[-1]] < 0.01


def test_a_call_that_breaks_off_as_a_reply_goes_on_keeps_the_reply_before(script):
    speech = [(2.5, 4.0, "it is twenty"), (7.0, 8.0, "here is something"), (8.9, 12.0, "and I go on")]
    call = Call(script, speech, breaks_after_s=9.6)
    assert (call.watcher.retractions, len(call.turns)) == (1, 2)
    assert said(call.turns[0]) == call.turns[0].reply.final.transcript.text == "it is twenty"
    # What went on is the same reply, as far as it came.
    assert said(call.turns[1]) == call.turns[1].reply.final.transcript.text == "here is something"
    assert call.turns[1].reply.span.end_s == pytest.approx(9.6, abs=0.05)


def test_a_reply_that_interrupted_and_goes_on_is_still_an_interruption(script):
    call = Call(script, [(1.0, 3.0, "wait so I say"), (3.9, 5.5, "that it is twenty")], until_s=12)
    assert call.watcher.retractions == 1
    [reply] = [turn.reply for turn in call.turns if turn.reply]
    assert [o.kind for o in reply.overlaps] == [OverlapKind.INTERRUPTION]
    assert [f.threshold for f in reply.live.findings if f.id == "interrupt"] == [Patience().interruption_s]
    assert reply.final.has("interrupt")


def test_silence_is_a_turn_without_a_reply(script):
    call = Call(script, [], until_s=30)
    assert [t.reply for t in call.turns[:3]] == [None, None, None]
    assert (call.ending, len(call.turns)) == (Ending.HUNG_UP, 3)
    assert call.turns[0].influences[0].cause == "long_silence"


def test_a_device_that_goes_away_closes_the_call_and_keeps_it(script):
    call = Call(script, [(2.5, 4.0, "it is twenty")], breaks_after_s=6.0)
    assert call.ending is Ending.INCOMPLETE
    assert call.broken_by is not None
    assert said(call.turns[0]) == "it is twenty"


class Impatient(Notes):
    """Presses Ctrl-C as the caller begins to answer."""

    def line_begins(self, line, anger, span):
        if line.step == "offer":
            raise KeyboardInterrupt


def test_ctrl_c_closes_the_call_and_keeps_it(script):
    call = Call(script, [(2.5, 4.0, "it is twenty")], watcher=Impatient())
    assert (call.ending, type(call.broken_by)) == (Ending.STOPPED, KeyboardInterrupt)
    assert said(call.turns[0]) == "it is twenty"


def fails(*_):
    raise MissingPart("the voice is gone")


def test_a_voice_that_fails_in_mid_call_closes_the_call_and_keeps_it(script):
    tone = np.full(round(LINE_S * RATE_HZ), 0.25, np.float32)
    sound_of = lambda line: tone if line.step == "opening" else fails()  # noqa: E731
    call = Call(script, [(2.5, 4.0, "it is twenty")], sound_of=sound_of)
    assert (call.ending, type(call.broken_by)) == (Ending.INCOMPLETE, MissingPart)
    assert said(call.turns[0]) == "it is twenty"


def test_a_final_transcript_that_fails_leaves_the_live_one_in_its_place(script):
    asked = []

    def once(transcript, context):
        asked.append(transcript)
        return understand(transcript, context) if len(asked) == 1 else fails()

    call = Call(script, [(2.5, 4.0, "it is twenty")], understand=once, until_s=6)
    assert (call.ending, type(call.broken_by)) == (Ending.STOPPED, MissingPart)
    assert call.turns[0].reply.final == call.turns[0].reply.live


class Broken(Notes):
    """Fails as no part should."""

    def line_begins(self, line, anger, span):
        if line.step == "offer":
            raise ZeroDivisionError


def test_even_a_fault_of_ours_leaves_the_call_whole(script):
    call = Call(script, [(2.5, 4.0, "it is twenty")], watcher=Broken())
    assert (call.ending, type(call.broken_by)) == (Ending.INCOMPLETE, ZeroDivisionError)
    assert said(call.turns[0]) == "it is twenty"


def test_the_same_call_twice_is_the_same(script):
    speech = [(2.5, 4.0, "it is twenty"), (7.0, 8.0, "refund it is")]
    assert Call(script, speech, until_s=14).turns == Call(script, speech, until_s=14).turns
