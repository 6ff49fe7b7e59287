"""Drafts of format 0 become format 1, each change told in one line; what is of today stays, what is newer is named."""

from pathlib import Path

import pytest

from voicesim.errors import InputError, ScriptError
from voicesim.script.form import formatted
from voicesim.script.load import FORMAT, load_script
from voicesim.script.upgrade import STEPS, upgraded

SMALL = (Path(__file__).parents[1] / "data" / "small.yaml").read_text()
DRAFT = """\
# A draft
title: The refund
briefing:
  you_are: Kim
caller:
  # how she sounds
  persona: woman
  speed: 1.2
  name: Pat Doe
  about: Wants money.
on_silence: Hello?   # said twice
anger: 6
max_anger: 9
steps:
  # it begins
  opening:
    text: ["Where is it?", "My money."]
    next:
      - {otherwise: opening, tries: 3, then: ok}
  ok:
    say: Thank you.
    end: resolved
  bye: {text: "Goodbye!", end: hung_up}
"""


def upgrade(text):
    return upgraded(text.encode(), "refund.yaml", name="refund", version="0.1.0")


def test_every_short_form_of_a_draft_becomes_what_is_read_today():
    script = load_script(upgrade(DRAFT).text.encode(), "refund.yaml")
    assert (script.id, script.version, script.title) == ("refund", 1, "The refund")
    assert (script.caller.persona, script.caller.speed, script.caller.silence) == ("woman", 1.2, ("Hello?",))
    assert (script.anger.start, script.anger.hangs_up.at, script.anger.hangs_up.go) == (6, 9, "bye")
    assert script.anger.moods["angry"] == (6, 8)
    assert [w.text for w in script.steps["opening"].say["angry"]] == ["Where is it?", "My money."]
    assert [w.text for w in script.steps["ok"].say["angry"]] == ["Thank you."]


def test_each_change_is_one_line_and_comments_stay():
    done = upgrade(DRAFT)
    assert "`on_silence` of the file is now `silence` of the caller" in done.changes
    assert "added `format: 1`" in done.changes
    assert len(done.changes) == 12
    assert not any("\n" in change for change in done.changes)
    assert done.text.startswith("# A draft\n")
    assert "  # how she sounds\n  voice: {persona: woman, speed: 1.2}\n" in done.text
    assert 'silence: "Hello?"  # said twice' in done.text
    assert "  # it begins\n  opening:" in done.text


def test_what_was_upgraded_is_in_the_layout_and_of_today():
    text = upgrade(DRAFT).text
    assert formatted(text.encode(), "refund.yaml") == text
    assert upgrade(text).changes == ()


def test_a_file_of_today_is_left_alone():
    done = upgrade(SMALL)
    assert (done.text, done.changes) == (SMALL, ())


def test_a_newer_format_names_the_voicesim_that_is_needed():
    with pytest.raises(ScriptError, match=r"VS039 this is format 7.*newer than 0.1.0 is needed: pip install --upgrade"):
        upgrade(SMALL.replace("format: 1", "format: 7"))


@pytest.mark.parametrize("form", ["one", "[1]", "-1", "true", "1.5"])
def test_a_format_that_is_no_number_is_refused(form):
    with pytest.raises(ScriptError, match="VS039"):
        upgrade(SMALL.replace("format: 1", f"format: {form}"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("briefing:\n  you_are: Kim\n", "", "the upgrade leaves something open: the script has no 'briefing'"),
        ("end: hung_up", "end: escalated", "no step ends as hung_up"),
        ("anger: 6", "anger: [6]", "leaves something open"),
        ("anger: 6", "anger:", "leaves something open"),
        ("steps:", "steps: 3\nx:", "no step ends as hung_up"),
        ("  # how she sounds", "  <<: {a: 1}", "leaves something open"),
        ("title: The refund", "title: &a b", "VS038"),
    ],
)
def test_what_nobody_can_guess_is_named(old, new, message):
    assert old in DRAFT
    with pytest.raises(InputError, match=message):
        upgrade(DRAFT.replace(old, new))


@pytest.mark.parametrize(
    "text", ["", "- a\n- b\n", "a\n", "format: 0\n", "caller: Pat\non_silence: Hello?\nanger: {}\n"]
)
def test_what_is_no_script_is_refused_and_never_a_crash(text):
    with pytest.raises(ScriptError):
        upgrade(text)


def test_there_is_a_step_from_every_older_format():
    assert list(STEPS) == list(range(FORMAT))
