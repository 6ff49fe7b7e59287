"""What gets in the way of a call: asides instead of her next line, sounds on her lines, takes that are played."""

from dataclasses import replace
from pathlib import Path

import pytest

from voicesim.call.answer import answer, last_line, open_call, wait
from voicesim.call.conduct import Control, End, Listen, Replied, Said, Say, Silence, conduct
from voicesim.call.rehearse import Expected, Rehearsal, StatedReply, rehearse
from voicesim.model import Ending
from voicesim.script.load import load_script
from voicesim.wiring.engines import understood

SMALL = (Path(__file__).parents[1] / "data" / "small.yaml").read_text(encoding="utf-8")
AMOUNT = ("20 euros",)


def with_complications(*rows):
    text = "\n".join((SMALL, "complications:", *(f"  - {row}" for row in rows)))
    return load_script(text.encode(), "small.yaml")


@pytest.fixture(scope="module")
def asking():
    """After her second reply she asks for the manager first."""
    return with_complications('{turn: 2, kind: says, say: {angry: ["Your manager, now."], calm: ["Is he there?"]}}')


def said(script, *replies, seed=1):
    """The states and lines of a call with these replies."""
    state, line = open_call(script, seed)
    course = [(state, line)]
    for reply in replies:
        state, line, _ = answer(script, state, reply)
        course.append((state, line))
    return course


def test_an_aside_stands_before_the_line_of_the_step_that_the_rules_have_chosen(asking, replied):
    _, aside, line = said(asking, replied(mentions=AMOUNT), replied("vent"))
    assert aside[1].id.startswith("aside-angry-")
    assert (aside[1].step, aside[0].step, aside[0].aside) == ("offer", "offer", aside[1].id)
    assert (line[1].step, line[0].aside) == ("offer", None)
    assert not line[1].id.startswith("aside")


def test_the_reply_to_an_aside_moves_anger_but_no_rule_of_the_step_holds(asking, replied):
    _, aside, line = said(asking, replied(mentions=AMOUNT), replied("acknowledge", offers=("refund",)))
    assert (aside[0].anger, line[0].anger) == (6, 3)
    assert line[1].step == "offer"
    *_, thanks = said(asking, replied(mentions=AMOUNT), replied("acknowledge"), replied(offers=("refund",)))
    assert thanks[1].step == "thanks"


def test_the_reply_to_an_aside_is_no_try_at_the_step(asking, replied):
    *_, third = said(asking, *[replied("vent")] * 3)
    assert (third[0].step, third[0].turn, third[0].tries) == ("opening", 3, 2)
    *_, fourth = said(asking, *[replied("vent")] * 4)
    assert fourth[1].step == "gives_up"


def test_hanging_up_and_giving_up_hold_in_an_aside(asking, replied):
    *_, out = said(asking, replied(mentions=AMOUNT), replied("blame"))
    assert out[1].step == "bye"
    short = replace(asking, anger=replace(asking.anger, gives_up=replace(asking.anger.gives_up, at=2)))
    *_, out = said(short, replied(mentions=AMOUNT), replied("vent"))
    assert out[1].step == "gives_up"


def test_no_aside_stands_before_the_last_line(asking, replied):
    *_, passed_on = said(asking, replied("refer"))
    assert (passed_on[1].step, passed_on[0].aside) == ("passed_on", None)


def test_a_silence_after_an_aside_leaves_it_open(asking, replied):
    state, line = said(asking, replied(mentions=AMOUNT))[-1]
    quiet, words, _ = wait(asking, state)
    assert (quiet.aside, words.step) == (line.id, "offer")
    after, _, _ = answer(asking, quiet, replied("vent", offers=("refund",)))
    assert (after.step, after.aside) == ("offer", None)


def test_a_call_goes_on_from_the_state_of_an_aside_and_can_repeat_it(asking, replied):
    state, line = said(asking, replied(mentions=AMOUNT))[-1]
    call = conduct(asking, 1, state)
    assert isinstance(next(call), Listen)
    assert call.send(Control.REPEAT).line == line == last_line(asking, state)
    call.send(Said())
    assert call.send(Replied(reply=replied("vent", offers=("refund",)))).line.step == "offer"


def test_an_aside_whose_reply_goes_on_is_taken_back_and_comes_again(asking, replied):
    call = conduct(asking, 1)
    first = next(call)
    call.send(Said())
    aside = call.send(Replied(reply=replied("vent")))
    assert isinstance(call.send(Said(went_on=True)), Listen)
    again = call.send(Replied(reply=replied("vent", mentions=AMOUNT)))
    assert aside.line.id == again.line.id
    assert (aside.line.step, again.line.step) == ("opening", "offer")
    assert again.outcome.before == first.state
    # And the line after it, whose reply went on, gives way to the aside once more.
    call.send(Said())
    line = call.send(Replied(reply=replied("vent")))
    assert isinstance(call.send(Said(went_on=True)), Listen)
    joined = call.send(Replied(reply=replied("vent", "acknowledge")))
    assert (joined.line.step, joined.outcome.before.aside) == (line.line.step, aside.line.id)


def test_three_silences_after_an_aside_hang_up(asking, replied):
    call = conduct(asking, 1)
    next(call)
    call.send(Said())
    call.send(Replied(reply=replied("acknowledge", mentions=AMOUNT)))
    step = call.send(Said())
    while not isinstance(step, End):
        step = call.send(Said() if isinstance(step, Say) else Silence())
    assert step.ending is Ending.HUNG_UP


def test_the_path_of_a_rehearsal_has_the_step_of_an_aside_twice(asking):
    replies = (StatedReply(heard=(), mentions=("amount",)), StatedReply(heard=("vent",)))
    done = rehearse(asking, Rehearsal(name="a", replies=replies, expected=Expected()), understood)
    assert done.path == ("opening", "offer", "offer")


def test_a_sound_lies_on_all_lines_of_its_turns_and_on_what_she_says_into_a_silence(replied):
    script = with_complications("{turn: 2, kind: bad_line, lines: 2}", "{turn: 3, kind: baby_crying, lines: 1}")
    course = said(script, *[replied("vent")] * 2, replied(mentions=AMOUNT))
    # Of two sounds the later one is heard.
    assert [line.effect for _, line in course] == [None, "bad_line", "baby_crying", None]
    _, quiet, _ = wait(script, course[1][0])
    assert quiet.effect == "bad_line"
    assert last_line(script, course[1][0]) == course[1][1]


def test_a_line_with_a_take_names_its_file_alone(script, replied):
    opening = said(script)[0][1]
    taken = replace(script, takes={opening.id: "2.flac"})
    assert said(taken)[0][1].take == "2.flac"
    assert [line.take for _, line in said(taken, replied("vent"))] == ["2.flac", None]
    assert last_line(taken, said(taken)[0][0]).take == "2.flac"
