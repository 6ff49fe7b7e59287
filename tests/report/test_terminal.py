import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

from voicesim.catalogue import CATALOGUE
from voicesim.coach.score import feedback
from voicesim.model import Ending, Influence
from voicesim.report.terminal import CallScreen
from voicesim.report.wording import what_you_did
from voicesim.wiring.rubrics import default_rubric

BRIEFING = {
    "you_are": "Sam, customer accounts, Fenwick Broadband",
    "you_see": ["two payments of 62 pounds for the March bill", "customer for 6 years, always paid on time"],
    "may_offer": {"refund today": ["refund"], "call back": ["ring you"]},
    "hint": "speak slowly",
}


def whole_call(sample, **options):
    out = io.TextIOWrapper(io.BytesIO(), encoding=options.pop("encoding", "utf-8"), newline="")
    console = Console(file=out, width=options.pop("width", 80), **options)
    screen = CallScreen(console, "Megan Price")
    record = sample.sample_record()
    record = replace(
        record, feedback=feedback(record, goals=sample.GOALS, rubric=default_rubric(), adviser=sample.adviser())
    )
    screen.briefing(BRIEFING, record.script.title)
    for turn in record.turns:
        screen.line(turn.line, turn.before.anger)
        if turn.reply:
            screen.partial("so that I")
            screen.reply(turn.reply)
            screen.influences(turn.before.anger, turn.after.anger, turn.influences)
    screen.note("one reply was not used")
    screen.ending(record.ending)
    screen.feedback(record)
    out.flush()
    return out.buffer.getvalue().decode(out.encoding)


def test_a_call_is_told_without_colour(sample):
    text = whole_call(sample)
    assert "\x1b" not in text
    for told in (
        "You are",
        "Sam, customer accounts",
        "refund today",
        "anger 7 ███████░░░ angry",
        "+ a greeting: “Good",
        "! telling the caller to calm down",
        "(unsure)",
        "not scored",
        "Call ended: resolved",
        "What went well",
        "What to change next time",
        "Try: “",
        "Problem-solve",
    ):
        assert told in text


def test_lines_have_no_trailing_space(sample):
    assert [line for line in whole_call(sample).splitlines() if line != line.rstrip()] == []


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_terminal(sample, width):
    assert max(len(line) for line in whole_call(sample, width=width).splitlines()) <= width


def test_a_terminal_that_cannot_show_blocks_gets_plain_signs(sample):
    text = whole_call(sample, encoding="ascii")
    assert "anger 7 #######... angry" in text
    assert "->" in text


def test_colour_means_something(sample):
    text = whole_call(sample, force_terminal=True, color_system="standard")
    assert "\x1b[32m" in text
    assert "\x1b[31m" in text


def test_why_anger_moved_is_told_in_words():
    out = io.StringIO()
    moved = Influence(cause="acknowledge", delta=-2, rule="1st time", quote="eighty-nine euros")
    CallScreen(Console(file=out, width=100)).influences(7, 5, [moved])
    assert "−2" in out.getvalue()
    assert "you took up the caller's own facts: “eighty-nine euros” (acknowledge, 1st time)" in out.getvalue()


def test_markup_in_a_reply_is_shown_as_it_is(sample):
    out = io.StringIO()
    CallScreen(Console(file=out, width=80)).reply(sample.reply("that is [bold]not[/bold] markup"))
    assert "[bold]not[/bold]" in out.getvalue()


def test_a_call_without_feedback_prints_none(sample):
    out = io.StringIO()
    CallScreen(Console(file=out, width=80)).feedback(sample.sample_record())
    assert out.getvalue() == ""


def test_a_stopped_call_is_not_judged(sample):
    record = replace(sample.sample_record(), ending=Ending.STOPPED)
    record = replace(record, feedback=feedback(record, goals={}, rubric=default_rubric(), adviser=sample.adviser()))
    out = io.StringIO()
    CallScreen(Console(file=out, width=80)).feedback(record)
    assert "Score not judged" in out.getvalue()


@pytest.mark.parametrize("row", CATALOGUE)
def test_what_the_trainee_did_is_told_to_the_trainee(row):
    """The words stand behind "you"."""
    assert not re.match(r"you (was|has|is|does)\b", what_you_did(row))
