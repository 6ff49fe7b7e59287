"""Hold, mute and transfer in a call with made sound: what the caller hears, how long she waits, how it ends."""

import numpy as np
import pytest

from voicesim.backends.fakes import FakeDevice, FakeRecognizer, FakeVad
from voicesim.call.conduct import Control, End, Replied, Said, conduct
from voicesim.call.live import LiveCall
from voicesim.call.on_hold import Hold, hold_sound
from voicesim.call.parts import Manner, Parts, Typed
from voicesim.call.text import hold_typed
from voicesim.call.understood import Understood
from voicesim.call.watch import Watcher
from voicesim.model import FRAME, RATE_HZ, Delivery, Ending, Finding, Heard, Kind

LINE_S = 1.0
ASKING = "may i put you on hold for a minute"


def understand(transcript, context):
    found = {"hold": "hold_asked", "thank": "thank", "refer": "refer"}
    ids = [found[word.text] for word in transcript.words if word.text in found]
    findings = tuple(Finding(kind=Kind.TECHNIQUE, id=one, turn=context.turn) for one in ids)
    return Understood(heard=Heard(transcript=transcript, findings=findings), offers=(), mentions=())


class Holding(Watcher):
    """What was told of holds, and how often a line began."""

    def __init__(self):
        self.holds, self.notes, self.lines = [], [], []

    def on_hold(self, hold):
        self.holds.append(hold)

    def note(self, text):
        self.notes.append(text)

    def line_begins(self, line, anger, span):
        self.lines.append((round(span.start_s, 1), anger))


class Call:
    """One held call; ``keys`` maps seconds of the call to what the trainee does then."""

    def __init__(self, script, speech, keys, until_s, manner=None):
        self.told, self.microphone, self.ears = Holding(), [], []
        self._keys = sorted({**keys, until_s - 0.1: Control.STOP}.items())
        tone = np.full(round(LINE_S * RATE_HZ), 0.25, np.float32)
        parts = Parts(
            recognizer=FakeRecognizer(speech),
            activity=FakeVad(),
            understand=understand,
            measure=lambda spoken, transcript: Delivery(speech_s=1.0),
            sound_of=lambda line: tone,
            keep=self._keep,
            controls=self._controls,
        )
        duplex = FakeDevice(speech, duration_s=until_s).open(RATE_HZ)
        held = LiveCall(script, duplex, parts, seed=1, watcher=self.told, manner=manner or Manner()).hold()
        assert held.broken_by is None
        self.ending, self.turns = held.ending, held.recorder.turns

    def _keep(self, frames):
        self.microphone.append(frames.microphone)
        self.ears.append(frames.ears)

    def _controls(self):
        if self._keys and len(self.microphone) * FRAME / RATE_HZ >= self._keys[0][0]:
            return self._keys.pop(0)[1]
        return None

    def loudest(self, channel, start_s, end_s):
        samples = np.concatenate(getattr(self, channel))
        return float(np.max(np.abs(samples[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)])))


def test_on_hold_nobody_hears_the_trainee_and_a_beep_is_heard(script):
    """A hold that was asked for, kept short and thanked for costs nothing, and all three are told."""
    speech = [(1.5, 2.5, ASKING), (6.0, 8.0, "this stays private"), (10.0, 11.0, "thank you for waiting")]
    call = Call(script, speech, {4.5: Control.HOLD, 9.5: Control.UNHOLD}, until_s=13)
    assert call.loudest("microphone", 5.0, 9.4) == 0
    assert 0.005 < call.loudest("ears", 5.0, 9.4) < 0.05
    replies = [turn.reply.live.transcript.text for turn in call.turns if turn.reply]
    assert replies == [ASKING, "thank you for waiting"]
    assert [anger for _, anger in call.told.lines] == [6, 6, 5]
    begun, back, done = call.told.holds
    assert begun == Hold(asked=True, announced=True)
    assert back.lasted_s == pytest.approx(5.0, abs=0.1)
    assert done.thanked
    assert call.told.notes == ["The caller was on hold for 5 s: asked for, how long was said, thanked for the wait."]


def test_a_hold_that_was_not_asked_for_is_like_any_silence_and_then_lasts_a_minute(script):
    call = Call(script, [], {1.5: Control.HOLD}, until_s=75)
    starts, angers = zip(*call.told.lines, strict=True)
    assert starts == pytest.approx((0.0, 6.5, 66.5), abs=0.1)
    assert angers == (6, 7, 8)
    [influence] = call.turns[0].influences
    assert (influence.cause, influence.rule) == (
        "long_silence",
        "seconds on hold without being asked: 5.0, the line is 5.0",
    )


def test_a_hold_that_was_asked_for_is_a_silence_after_a_minute_and_in_the_end_she_hangs_up(script):
    call = Call(script, [(1.5, 2.5, ASKING)], {2.6: Control.HOLD}, until_s=200)
    assert call.told.holds[-1].asked
    starts = [start for start, _ in call.told.lines]
    # Her answer is heard to its end first; then she waits.
    assert starts[1] < 4.0
    assert starts[2:] == pytest.approx([starts[1] + 61.0, starts[1] + 121.0], abs=0.2)
    assert call.ending is Ending.HUNG_UP


def test_a_pause_takes_the_caller_off_hold(script):
    keys = {1.5: Control.HOLD, 2.99: Control.PAUSE, 3.0: Control.PAUSE}
    call = Call(script, [(5.0, 6.0, "here i am")], keys, until_s=8)
    assert call.told.holds[1].lasted_s == pytest.approx(1.5, abs=0.1)
    assert call.turns[0].reply.live.transcript.text == "here i am"


def test_a_typed_reply_takes_the_caller_off_hold(script):
    call = Call(script, [], {1.5: Control.HOLD, 3.0: Typed(text="thank you")}, until_s=5)
    assert [hold.thanked for hold in call.told.holds] == [None, None, True]


def test_with_the_microphone_off_nothing_is_kept_and_her_wait_goes_on(script):
    speech = [(1.5, 3.0, "this stays private"), (8.0, 9.0, "hello")]
    call = Call(script, speech, {1.2: Control.MUTE, 7.7: Control.UNMUTE}, until_s=11)
    assert call.loudest("microphone", 0.0, 7.6) == 0
    assert [start for start, _ in call.told.lines][1] == pytest.approx(6.0, abs=0.1)
    assert call.turns[1].reply.live.transcript.text == "hello"


def test_the_talk_key_does_nothing_on_hold(script):
    keys = {1.2: Control.HOLD, 1.4: Control.TALK, 3.2: Control.UNHOLD}
    call = Call(script, [(1.5, 3.0, "private")], keys, until_s=5, manner=Manner(push_to_talk=True))
    assert call.loudest("microphone", 0.0, 4.9) == 0


def left(script, replied, *said, by=Control.TRANSFER):
    """How a call ends that is left after these replies, each given by the ids heard in it."""
    call = conduct(script, 1)
    next(call)
    call.send(Said())
    for ids in said:
        step = call.send(Replied(reply=replied(*ids)))
        if script.steps[step.line.step].end is None:
            call.send(Said())
    end = call.send(by)
    assert isinstance(end, End)
    return end.ending


def test_a_transfer_after_it_was_announced_hands_the_caller_over(script, replied):
    assert left(script, replied, ["refer"]) is Ending.REFERRED


@pytest.mark.parametrize("said", [[], [["empathy"]]])
def test_a_transfer_that_was_not_announced_is_hanging_up(script, replied, said):
    assert left(script, replied, *said) is Ending.ABANDONED


def test_a_transfer_counts_only_where_the_script_hands_over(script, replied):
    """In the step with the offer this script knows no one to hand over to; there a transfer is hanging up."""
    call = conduct(script, 1)
    next(call)
    call.send(Said())
    call.send(Replied(reply=replied(mentions=("20 euros",))))
    call.send(Said())
    call.send(Replied(reply=replied("refer")))
    call.send(Said())
    assert call.send(Control.TRANSFER).ending is Ending.ABANDONED


def test_what_was_being_said_before_a_transfer_counts(script):
    call = Call(script, [(1.5, 3.0, "i refer you now")], {2.9: Control.TRANSFER}, until_s=8)
    assert call.ending is Ending.REFERRED


@pytest.mark.parametrize(
    ("wish", "ending", "out"), [(Control.HANG_UP, Ending.ABANDONED, False), (Control.STOP, Ending.STOPPED, True)]
)
def test_a_typed_call_can_be_left(script, wish, ending, out):
    held = hold_typed(script, ["hello", wish, "never said"], understand, seed=1, watcher=Watcher())
    assert (held.ending, held.wanted_out, len(held.recorder.turns)) == (ending, out, 2)


def test_the_hold_sound_is_soft_and_short():
    sound = hold_sound()
    assert len(sound) == 4 * RATE_HZ
    assert np.count_nonzero(np.abs(sound) > 1e-4) < 0.4 * RATE_HZ
