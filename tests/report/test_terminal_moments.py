"""The moments that mattered, on a terminal."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from voicesim.model import Feedback, Moment
from voicesim.report.terminal import CallScreen


@pytest.fixture
def shown(sample):
    """What the feedback with these key moments shows."""

    def show(*moments: Moment, steps: tuple[Moment, ...] = ()) -> str:
        out = io.StringIO()
        given = Feedback(total=50, phases={}, key_moments=moments, next_steps=steps)
        screen = CallScreen(Console(file=out, width=80), caller="Megan")
        screen.feedback(replace(sample.sample_record(), feedback=given))
        return out.getvalue()

    return show


def moment(name="close", better=None):
    return Moment(id=name, turn=4, title="Anger rose", quote="as I said", why="", effect=2, better=better)


def test_each_moment_is_a_line_with_its_turn(shown):
    text = shown(moment("first_words"), moment("temper"), moment("close", better="I will ring you."))
    assert "Three moments" in text
    assert text.count("turn 4   Anger rose") == 3
    assert "Anger rose: “as I said”" in text
    assert "Try: “I will ring you.”" in text


def test_a_reply_to_try_that_stands_below_is_not_shown_twice(shown):
    assert shown(moment(better="Ring."), steps=(moment(better="Ring."),)).count("“Ring.”") == 1


def test_fewer_moments_are_counted_as_they_are(shown):
    assert "Two moments" in shown(moment(), moment("temper"))
    assert "One moment" in shown(moment())


def test_a_record_without_moments_has_no_such_block(shown):
    assert "moment" not in shown()
