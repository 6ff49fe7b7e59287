"""The ladder on abuse: warn, warn again, announce the end, end. Limits end well, taking insults does not."""

from pathlib import Path

import pytest

from voicesim.call.conduct import Control, End, Replied, Said, Say, Silence, conduct
from voicesim.call.context import context_of
from voicesim.call.record import Recorder
from voicesim.call.text import typed_reply
from voicesim.model import Ending
from voicesim.script.load import load_script
from voicesim.wiring.engines import understood

SMALL = (Path(__file__).parents[1] / "data" / "small.yaml").read_text(encoding="utf-8")
LIMIT = "I want to help you. Please stop swearing at me, or I will have to end this call."
ANNOUNCED = "I have asked you twice. I am going to end this call now. Goodbye."
NICE = "I can see the order, and I am looking into it."


@pytest.fixture(scope="module")
def swearing():
    """A caller whose every angry line is abuse, and who never hangs up."""
    text = SMALL
    for line in ('"Where is my money?"', '"I want it back."', '"And now?"', '"What will you do?"'):
        text = text.replace(line, f"{{text: {line}, abuse: true}}")
    text = text.replace('{text: "Well?", weight: 2}', '{text: "Well?", weight: 2, abuse: true}')
    return load_script(text.replace("  hangs_up: {at: 10, go: bye}\n", "").encode(), "swearing.yaml")


def call_of(script, *replies, last=None):
    """Every reply as the real detectors understand it (None: a silence), and the end; ``last`` is what comes then."""
    recorder, call, waiting, said = Recorder(script), conduct(script, 1), iter(replies), []
    step = next(call)
    while not isinstance(step, End):
        if isinstance(step, Say):
            recorder.says(step)
            context = context_of(script, step.state, step.line, recorder.turns)
            step = call.send(Said())
            continue
        text = next(waiting, "")
        if text == "":
            step = call.send(last or Control.STOP)
        elif text is None:
            step = call.send(Silence())
        else:
            said.append(typed_reply(text, context, understood))
            step = call.send(Replied(reply=said[-1]))
    return said, step


def found(reply):
    return {finding.id for finding in reply.live.findings if finding.sure}


@pytest.mark.parametrize(
    ("replies", "ending"),
    [
        ((LIMIT,), Ending.LIMIT_ENDED),
        ((LIMIT, ANNOUNCED), Ending.LIMIT_ENDED),
        ((NICE, LIMIT), Ending.LIMIT_ENDED),
        ((LIMIT, NICE), Ending.LIMIT_ENDED),
        ((LIMIT, None), Ending.LIMIT_ENDED),
        ((), Ending.ABANDONED),
        ((NICE,), Ending.ABANDONED),
        (("Calm down and stop shouting.",), Ending.ABANDONED),
    ],
)
def test_hanging_up_is_good_after_a_limit_and_bad_without(swearing, replies, ending):
    _, end = call_of(swearing, *replies, last=Control.HANG_UP)
    assert end.ending is ending
    assert ("hang_up_unannounced" in end.state.heard) is (ending is Ending.ABANDONED)
    assert end.ending.good is (ending is Ending.LIMIT_ENDED)


def test_letting_abuse_pass_twice_is_a_mistake_and_once_is_none(swearing):
    (first, second), _ = call_of(swearing, NICE, NICE)
    assert "accept_abuse" not in found(first)
    assert "accept_abuse" in found(second)


@pytest.mark.parametrize("replies", [(NICE, LIMIT), (LIMIT, NICE), (LIMIT, NICE, NICE)])
def test_a_limit_comes_in_time_in_the_reply_to_the_second_insult_at_the_latest(swearing, replies):
    said, _ = call_of(swearing, *replies)
    assert not any("accept_abuse" in found(reply) for reply in said)


def test_insults_met_by_silence_count_as_passed(swearing):
    (reply,), _ = call_of(swearing, None, NICE)
    assert "accept_abuse" not in found(reply)
    (_, reply), _ = call_of(swearing, NICE, None, NICE)
    assert "accept_abuse" in found(reply)


def test_an_aside_can_be_abuse_as_well():
    """It counts like any line of hers."""
    aside = '\ncomplications: [{turn: 2, kind: says, say: {angry: [{text: "You are stupid.", abuse: true}]}}]'
    script = load_script(
        (SMALL.replace('"Where is my money?"', '{text: "Fool!", abuse: true, weight: 9}') + aside).encode(),
        "aside.yaml",
    )
    (_, second), _ = call_of(script, NICE, NICE)
    assert "accept_abuse" in found(second)
