"""What a trainee can do beside answering, and calls that have to wait: keys, stop word, pauses, a headset that is gone.

Sound and ears are made; the same on real sound is in tests/cli.
"""

from dataclasses import replace
from threading import Event

import numpy as np
import pytest

from voicesim.backends.fakes import FakeDevice, FakeRecognizer, FakeVad
from voicesim.call.conduct import Control
from voicesim.call.live import LiveCall
from voicesim.call.parts import Manner, Parts, Typed
from voicesim.call.understood import Understood
from voicesim.call.watch import Watcher
from voicesim.errors import DeviceError, StorageError
from voicesim.language.stop_word import says_stop
from voicesim.model import FRAME, RATE_HZ, Delivery, Ending, Finding, Heard, Kind, OverlapKind
from voicesim.ports import Capabilities

LINE_S = 2.0


def understand(transcript, context):
    found = tuple(
        Finding(kind=Kind.TECHNIQUE, id=word.text, turn=context.turn)
        for word in transcript.words
        if word.text in ("refer", "set_limit")
    )
    mentions = ("20 euros",) if "twenty" in transcript.text else ()
    return Understood(heard=Heard(transcript=transcript, findings=found), offers=(), mentions=mentions)


class Told(Watcher):
    """Everything a watcher is told, as (name, what matters)."""

    def __init__(self):
        self.all = []

    def rings(self):
        self.all.append(("rings",))

    def line_begins(self, line, anger, span):
        self.all.append(("line", line.step, span.start / RATE_HZ))

    def partial(self, text):
        self.all.append(("partial", text))

    def turn_kept(self, turn):
        self.all.append(("kept", turn.line.step))

    def finalised(self, index, reply):
        self.all.append(("final", index))

    def paused(self, why, by):
        self.all.append(("paused", by))

    def resumed(self, after_s):
        self.all.append(("resumed",))

    def names(self, *wanted):
        return [one[0] for one in self.all if one[0] in wanted]

    def lines(self):
        return [one[1:] for one in self.all if one[0] == "line"]


class WithoutPartials(FakeRecognizer):
    """Hears only when it is asked, as Whisper does."""

    @property
    def capabilities(self):
        return Capabilities(engine="fake", partials=False, confidence=True, languages=("en",))


class Call:
    """One held call; ``keys`` maps seconds of the call to what the trainee does then."""

    def __init__(self, script, speech, *, keys=None, until_s=30.0, device=None, manner=None, recognizer=None, **parts):
        self.told, self.microphone = Told(), []
        self.keys = sorted((keys or {}).items())
        device = device or FakeDevice(speech, duration_s=until_s)
        tone = np.full(round(LINE_S * RATE_HZ), 0.25, np.float32)
        made = Parts(
            recognizer=recognizer or FakeRecognizer(speech),
            activity=FakeVad(),
            understand=understand,
            measure=lambda spoken, transcript: Delivery(speech_s=2.0),
            sound_of=lambda line: tone,
            keep=lambda frames: self.microphone.append(frames.microphone),
            controls=self.controls,
        )
        made = replace(made, **parts)
        manner = manner or Manner(is_stop_word=lambda text: says_stop(text, "stop the exercise"))
        held = LiveCall(script, device.open(RATE_HZ), made, seed=1, watcher=self.told, manner=manner).hold()
        self.held, self.ending, self.turns = held, held.ending, held.recorder.turns

    @property
    def clock_s(self):
        return len(self.microphone) * FRAME / RATE_HZ

    def controls(self):
        if self.keys and self.clock_s >= self.keys[0][0]:
            return self.keys.pop(0)[1]
        return None


def said(turn):
    return None if turn.reply is None else turn.reply.live.transcript.text


def test_repeat_says_the_line_again_in_the_same_turn(script):
    call = Call(script, [(7.0, 8.0, "it is twenty")], keys={3.0: Control.REPEAT, 12.0: Control.STOP})
    assert [step for step, _ in call.told.lines()] == ["opening", "opening", "offer"]
    assert said(call.turns[0]) == "it is twenty"
    assert call.turns[0].line_span.start_s == pytest.approx(3.0, abs=0.05)


def test_a_pause_during_a_line_keeps_nothing_and_then_the_line_comes_again(script):
    call = Call(script, [], keys={0.99: Control.PAUSE, 1.0: Control.PAUSE, 4.5: Control.STOP})
    assert call.told.lines() == [("opening", 0.0), ("opening", pytest.approx(1.0, abs=0.05))]
    assert call.told.names("paused", "resumed") == ["paused", "resumed"]
    assert call.ending is Ending.STOPPED


def test_what_is_said_during_a_pause_is_neither_kept_nor_answered(script):
    class Paused(Call):
        asked = 0

        def controls(self):
            self.asked += 1
            # Paused after 3 s of the call, for 3 s in which somebody speaks.
            return {150: Control.PAUSE, 300: Control.PAUSE, 600: Control.STOP}.get(self.asked)

    call = Paused(script, [(3.5, 5.5, "this is private")], until_s=30)
    assert np.max(np.abs(np.concatenate(call.microphone))) == 0
    assert said(call.turns[0]) is None
    assert call.told.names("partial") == []


def test_hanging_up_after_a_limit_is_a_limit_that_was_kept(script):
    speech = [(2.5, 3.5, "set_limit please stop")]
    call = Call(script, speech, keys={6.5: Control.HANG_UP})
    assert call.ending is Ending.LIMIT_ENDED


def test_what_was_said_just_before_hanging_up_still_counts(script):
    call = Call(script, [(2.5, 3.5, "set_limit please goodbye")], keys={3.54: Control.HANG_UP})
    assert call.ending is Ending.LIMIT_ENDED
    assert said(call.turns[0]) == "set_limit please goodbye"
    assert call.told.lines() == [("opening", 0.0)]


def test_hanging_up_without_a_limit_is_noted(script):
    call = Call(script, [], keys={3.0: Control.HANG_UP})
    assert call.ending is Ending.ABANDONED
    assert call.turns[-1].after.heard["hang_up_unannounced"] == 1


@pytest.mark.parametrize("recognizer", [FakeRecognizer, WithoutPartials])
@pytest.mark.parametrize(
    ("start_s", "what"), [(2.6, "after a line"), (0.5, "over a line")], ids=["after a line", "over a line"]
)
def test_the_stop_word_ends_the_call_within_a_second(script, recognizer, start_s, what):
    speech = [(start_s, start_s + 1.2, "stop the exercise")]
    call = Call(script, speech, recognizer=recognizer(speech))
    assert call.ending is Ending.STOPPED
    assert call.held.wanted_out
    assert call.clock_s - (start_s + 1.2) < 1.0


def test_the_stop_word_is_heard_in_the_middle_of_a_long_reply(script):
    speech = [(2.5, 5.0, "well I do not know"), (5.05, 6.2, "stop the exercise"), (6.25, 12.0, "and so on and on")]
    call = Call(script, speech, recognizer=WithoutPartials(speech))
    assert call.held.wanted_out
    assert call.clock_s < 6.2 + 2.0


def test_the_stop_word_stops_the_exercise_in_the_last_line_too(script):
    patient = replace(script, caller=replace(script.caller, when_interrupted="talk_over"))
    call = Call(patient, [(2.5, 3.5, "we refer this today"), (4.6, 5.3, "stop the exercise")])
    assert (call.ending, call.held.wanted_out) == (Ending.STOPPED, True)


def test_a_typed_stop_word_is_no_reply_that_could_end_the_call_otherwise(script):
    """Words that lead to the last line stop the exercise if the stop word is among them."""
    keys = {5.0: Control.TYPE, 6.0: Typed(text="we refer this today, stop the exercise")}
    call = Call(script, [], keys=keys)
    assert call.ending is Ending.STOPPED
    assert [turn.reply for turn in call.turns] == [None]


def test_a_long_reply_is_shown_while_it_is_spoken_also_without_partials(script):
    speech = [(2.5, 8.0, "one two three four five six seven eight")]
    call = Call(script, speech, recognizer=WithoutPartials(speech), keys={11.0: Control.STOP})
    shown = [one[1] for one in call.told.all if one[0] == "partial"]
    assert len(shown) >= 4
    assert shown[0] != shown[1]
    assert shown[-1].endswith("eight")


def test_a_typed_reply_is_answered_and_typing_is_no_silence(script):
    keys = {3.0: Control.TYPE, 11.0: Typed(text="it is twenty"), 15.0: Control.STOP}
    call = Call(script, [], keys=keys)
    assert (said(call.turns[0]), call.turns[0].reply.delivery) == ("it is twenty", None)
    assert call.turns[0].reply.live.transcript.engine == "typed"
    assert [step for step, _ in call.told.lines()][:2] == ["opening", "offer"]
    assert call.told.lines()[1][1] == pytest.approx(11.0, abs=0.05)


def test_push_to_talk_hears_only_while_the_key_is_down_and_answers_at_once(script):
    speech = [(2.2, 2.8, "noise in the room"), (4.0, 5.0, "it is"), (7.0, 8.0, "twenty")]
    keys = {3.5: Control.TALK, 8.1: Control.TALK, 14.0: Control.STOP}
    call = Call(script, speech, keys=keys, manner=Manner(push_to_talk=True))
    assert said(call.turns[0]) == "it is twenty"
    heard = np.concatenate(call.microphone)
    assert np.max(np.abs(heard[: round(3.4 * RATE_HZ)])) == 0
    assert call.told.lines()[1][1] == pytest.approx(8.4, abs=0.15)


def test_an_interrupting_caller_cuts_into_a_long_reply(script):
    speech = [(2.5, 9.0, "it is twenty and then there is something more to tell")]
    call = Call(replace(script, interrupts_after_s=3.0), speech, keys={13.0: Control.STOP})
    second = call.told.lines()[1]
    assert second[1] == pytest.approx(5.5, abs=0.4)
    assert said(call.turns[0]).startswith("it is twenty")
    cut = call.turns[1].reply or call.turns[0].reply
    assert all(overlap.kind is not OverlapKind.INTERRUPTION for overlap in cut.overlaps[:1])


def test_it_rings_until_the_trainee_takes_the_call(script):
    ring = np.full(6 * RATE_HZ, 0.1, np.float32)
    call = Call(script, [], keys={1.0: Control.ACCEPT, 4.0: Control.STOP}, manner=Manner(ring=ring))
    assert call.told.all[0] == ("rings",)
    assert call.told.lines()[0][1] == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("wish", [Control.STOP, Control.HANG_UP])
def test_who_does_not_want_the_ringing_call_has_stopped_it(script, wish):
    ring = np.full(6 * RATE_HZ, 0.1, np.float32)
    call = Call(script, [], keys={1.0: wish}, manner=Manner(ring=ring))
    assert (call.ending, call.held.wanted_out) == (Ending.STOPPED, True)
    assert call.clock_s < 1.2


def test_turns_and_final_transcripts_are_told_while_the_call_goes_on(script):
    call = Call(script, [(2.5, 3.5, "it is twenty"), (7.0, 8.0, "it is twenty")], keys={12.0: Control.STOP})
    told = call.told.names("kept", "final", "line")
    assert told[:4] == ["line", "kept", "line", "final"]


class Flaky:
    """A device whose first duplex goes away; opening it again fails ``fails`` times."""

    def __init__(self, speech, *, breaks_after_s, fails=0):
        self.first = FakeDevice(speech, duration_s=60, breaks_after_s=breaks_after_s)
        self.second = FakeDevice([], duration_s=60)
        self.fails, self.opened = fails, 0

    def open(self, rate_hz):
        self.opened += 1
        if self.opened == 1:
            return self.first.open(rate_hz)
        if self.opened <= 1 + self.fails:
            raise DeviceError("no microphone was found")
        return self.second.open(rate_hz)


def test_a_headset_that_comes_back_is_used_again_and_the_line_is_repeated(script):
    device = Flaky([], breaks_after_s=1.0, fails=1)
    call = Call(script, [], device=device, reopen=lambda: device.open(RATE_HZ), keys={4.0: Control.STOP})
    assert call.told.lines() == [("opening", 0.0), ("opening", pytest.approx(1.0, abs=0.05))]
    assert call.told.names("paused", "resumed") == ["paused", "resumed"]
    assert (call.ending, call.held.broken_by) == (Ending.STOPPED, None)


def test_a_headset_that_stays_away_leaves_an_incomplete_call(script):
    device = Flaky([], breaks_after_s=1.0, fails=99)
    manner = Manner(wait_s=0.0)
    call = Call(script, [], device=device, reopen=lambda: device.open(RATE_HZ), manner=manner)
    assert call.ending is Ending.INCOMPLETE
    assert "went away" in str(call.held.broken_by)


def test_a_full_disk_pauses_the_call_until_there_is_room(script):
    class Disk:
        asked = 0

        def trouble(self):
            self.asked += 1
            return StorageError("the disk is full") if 50 <= self.asked < 60 else None

    call = Call(script, [], trouble=Disk().trouble, keys={5.0: Control.STOP})
    assert call.told.names("paused", "resumed") == ["paused", "resumed"]
    assert [step for step, _ in call.told.lines()] == ["opening", "opening"]


class WhileAway(Call):
    """A call whose trainee does ``then`` as soon as it waits for the headset."""

    def __init__(self, *args, then, **values):
        self.then = [then]
        super().__init__(*args, **values)

    def controls(self):
        away = ("paused", "headset") in self.told.all
        return self.then.pop() if away and self.then else super().controls()


def test_who_was_typing_when_the_headset_went_is_not_waited_for_when_it_is_back(script):
    device = Flaky([], breaks_after_s=4.0, fails=1)
    keys = {3.0: Control.TYPE, 25.0: Control.STOP}
    call = WhileAway(
        script, [], then=Typed(text="it is"), device=device, reopen=lambda: device.open(RATE_HZ), keys=keys
    )
    # The line is repeated, then silence is met as ever.
    assert call.told.lines()[1:3] == [
        ("opening", pytest.approx(4.0, abs=0.05)),
        ("opening", pytest.approx(11.0, abs=0.1)),
    ]


def test_esc_while_the_headset_is_away_at_the_ring_stops_the_exercise(script):
    device = Flaky([], breaks_after_s=1.0, fails=1)
    ring = Manner(ring=np.full(6 * RATE_HZ, 0.1, np.float32))
    call = WhileAway(script, [], then=Control.STOP, device=device, reopen=lambda: device.open(RATE_HZ), manner=ring)
    assert (call.ending, call.held.broken_by, call.told.lines()) == (Ending.STOPPED, None, [])


def test_a_headset_that_comes_back_does_not_end_the_trainee_s_own_pause(script):
    class Paused(WhileAway):
        asked = 0

        def controls(self):
            # Paused after 3 s of the call; the headset goes away after 4 s, in the pause.
            self.asked += 1
            if self.then and self.asked == 260:
                return self.then.pop()
            return {150: Control.PAUSE, 550: Control.STOP}.get(self.asked)

    device = Flaky([], breaks_after_s=4.0)
    device.second = FakeDevice([(0.0, 2.0, "this is private")], duration_s=60)
    call = Paused(script, [], then=Control.PAUSE, device=device, reopen=lambda: device.open(RATE_HZ))
    told = [one for one in call.told.all if one[0] in ("paused", "resumed")]
    assert told == [("paused", "trainee"), ("paused", "headset"), ("paused", "trainee"), ("resumed",)]
    assert call.told.lines()[1] == ("opening", pytest.approx(3.0, abs=0.05))


def test_after_a_pause_nobody_holds_the_talk_key(script):
    class Paused(Call):
        asked = 0

        def controls(self):
            self.asked += 1
            wishes = {130: Control.TALK, 150: Control.PAUSE, 170: Control.TALK, 200: Control.PAUSE, 500: Control.STOP}
            return wishes.get(self.asked)

    # The key goes up in the pause; what is said over the repeated line and after it is private.
    speech = [(5.5, 9.0, "this is private")]
    call = Paused(script, speech, manner=Manner(push_to_talk=True), until_s=30)
    assert np.max(np.abs(np.concatenate(call.microphone))) == 0


def test_what_was_said_before_a_line_was_asked_for_again_does_not_interrupt_it(script):
    speech = [(2.5, 4.0, "it is twenty euros"), (4.06, 4.35, "hm"), (7.0, 8.0, "yes")]
    call = Call(script, speech, keys={4.04: Control.REPEAT, 8.0: Control.STOP})
    overlaps = [overlap.kind for turn in call.turns if turn.reply for overlap in turn.reply.overlaps]
    assert OverlapKind.INTERRUPTION not in overlaps
    assert call.told.lines()[1] == ("opening", pytest.approx(4.04, abs=0.05))


def test_a_caller_who_wanted_to_cut_in_does_not_do_it_after_a_typed_reply(script):
    speech = [(2.5, 5.9, "it is twenty and then there is"), (6.2, 7.0, "listen"), (9.0, 10.0, "listen to me")]
    keys = {5.6: Control.TYPE, 5.62: Typed(text="it is twenty"), 14.0: Control.STOP}
    call = Call(replace(script, interrupts_after_s=3.0), speech, keys=keys)
    kinds = [overlap.kind for turn in call.turns if turn.reply for overlap in turn.reply.overlaps]
    assert OverlapKind.CUT_IN not in kinds
    assert OverlapKind.INTERRUPTION in kinds


def test_a_final_transcript_under_way_when_the_headset_goes_is_not_lost(script):
    device = Flaky([(2.5, 3.5, "it is twenty")], breaks_after_s=4.3)
    call = Call(
        script,
        [(2.5, 3.5, "it is twenty")],
        device=device,
        reopen=lambda: device.open(RATE_HZ),
        recognizer=FakeRecognizer([(2.5, 3.5, "it is twenty")], misheard={"it": "at"}),
        keys={8.0: Control.STOP},
    )
    assert said(call.turns[0]) == "at is twenty"
    assert call.turns[0].reply.final.transcript.text == "it is twenty"


def test_keys_are_read_while_a_recognizer_on_a_headset_takes_its_time(script):
    """The measure ends only once the key is read, a second after the reply: a call that stood still would wait."""
    read, in_time = Event(), []

    class Keyed(Call):
        def controls(self):
            if self.clock_s >= 4.5:
                read.set()
            return super().controls()

    def measure(spoken, transcript):
        in_time.append(read.wait(10))
        return Delivery(speech_s=1.0)

    call = Keyed(script, [(2.5, 3.5, "it is twenty")], measure=measure, waits=False, keys={8.0: Control.STOP})
    assert in_time[0]
    assert said(call.turns[0]) == "it is twenty"


def test_what_sounded_in_the_ears_is_measured_with_a_reply(script):
    """A reply that begins in the caller's line: the ears sound until the line is over, then they are silent."""
    measured = []

    def measure(spoken, transcript):
        measured.append(spoken)
        return Delivery(speech_s=1.0)

    Call(script, [(1.8, 3.5, "it is twenty")], measure=measure, keys={5.0: Control.STOP})
    ears = measured[0].ears
    assert len(ears) == len(measured[0].samples)
    sounding = np.abs(ears) > 0
    assert sounding[: RATE_HZ // 10].all()
    assert not sounding[RATE_HZ:].any()
