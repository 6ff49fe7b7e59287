"""A rule is said to be dead only if no reply can ever meet it; what only dead rules lead to cannot be reached."""

from pathlib import Path

import pytest

from voicesim.catalogue import CATALOGUE
from voicesim.script.lint import lint
from voicesim.script.lint_rules import angers, moods_at_rules
from voicesim.script.load import load_script

SMALL = (Path(__file__).parents[1] / "data" / "small.yaml").read_text()
RULE = "      - {when: {reply_has: [refer]}, go: passed_on}\n"


def load(text):
    return load_script(text.encode(), "small.yaml")


def dead(*rules, text=SMALL):
    """The messages about dead rules with these in the place of one rule of the first step."""
    assert RULE in text
    lines = "".join(f"      - {{when: {{{when}}}, go: passed_on}}\n" for when in rules)
    return [p.what for p in lint(load(text.replace(RULE, lines))) if p.code == "VS013"]


@pytest.mark.parametrize(
    "rules",
    [
        ("reply_has: [refer]", "reply_has: [refer]"),
        ("reply_has: [refer, apology]", "reply_has: [apology]"),
        ("reply_has: [refer]", "reply_has: [refer], mood: [calm]"),
        ("reply_has: [refer]", "reply_has: [refer], reply_mentions: [day]"),
        ("reply_mentions: [amount]",),
        ("reply_has: [refer], mood: [calm, angry]", "reply_has: [refer], mood: [furious]", "reply_has: [refer]"),
        ("reply_has: [refer]", "reply_has: [apology]", "reply_has: [apology, refer]"),
        ("call_has: [apology]", "call_has: [apology, refer]"),
        ("mood: [calm]", "reply_has: [apology], mood: [calm]"),
    ],
)
def test_a_rule_whose_every_reply_is_taken_above_can_never_match(rules):
    assert len(dead(*rules)) == 1


@pytest.mark.parametrize(
    "rules",
    [
        ("reply_has: [apology]", "reply_has: [apology, refer]"),
        ("reply_has: [refer], mood: [calm]", "reply_has: [refer]"),
        ("reply_has: [refer], reply_mentions: [day]", "reply_has: [refer]"),
        ("call_has: [apology, refer]", "call_has: [apology]"),
        ("reply_has: [refer]", "call_has: [refer]"),
        ("reply_offers: [refund]", "reply_mentions: [day]"),
    ],
)
def test_a_rule_that_some_reply_still_meets_is_left_alone(rules):
    assert dead(*rules) == []


def test_a_rule_names_the_line_that_takes_its_replies():
    [what] = dead("reply_has: [refer]", "reply_has: [refer], mood: [calm]")
    line = SMALL[: SMALL.index(RULE)].count("\n") + 1
    assert f"line {line} asks for less and comes first" in what


def test_a_mood_in_which_she_has_hung_up_is_never_asked_for():
    text = SMALL.replace("{at: 10, go: bye}", "{at: 8, go: bye}")
    [what] = dead("reply_has: [refer], mood: [furious]", text=text)
    assert "her mood is never furious" in what


def test_what_nothing_lowers_never_becomes_calm():
    nothing = ", ".join(f"{name}: 0" for name, entry in CATALOGUE.items() if min(entry.effect.by) < 0)
    script = load(SMALL.replace("{acknowledge: [3, 1]}", f"{{{nothing}}}"))
    assert min(angers(script.anger)) == script.anger.start
    assert moods_at_rules(script) == {"angry", "furious"}
    found = {p.code: p for p in lint(script)}
    assert "her mood is never calm" in found["VS013"].what
    assert "the ending 'resolved' cannot be reached" in found["VS003"].what
    assert "what names it can never match" in found["VS001"].what


def test_an_otherwise_below_rules_that_take_every_reply_never_holds():
    assert any("'otherwise'" in what for what in dead("mood: [calm, angry, furious]"))


def test_what_nothing_detects_is_never_heard():
    script = load(SMALL)
    found = [p for p in lint(script, detectable=["empathy"]) if p.code == "VS013"]
    assert ["nothing detects refer" in p.what for p in found] == [True]
