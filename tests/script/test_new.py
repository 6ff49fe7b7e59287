"""A new script works at once, whatever the answers are, and is in the layout."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicesim.backends.personas import PERSONAS
from voicesim.call.rehearse import load_rehearsals, rehearse
from voicesim.errors import UsageError
from voicesim.script.form import formatted
from voicesim.script.lint import lint
from voicesim.script.load import load_script
from voicesim.script.new import ANGERS, Answers, id_of, offers_of, rehearsal_text, script_text, spoken
from voicesim.wiring.engines import understood

ANSWERS = Answers(
    id="late-refund",
    title="The refund that never came",
    caller="Ruth Ellison",
    happened="I sent my shoes back and have heard nothing.",
    you_are="Kim, customer service",
    offers=("refund", "call back"),
    persona="woman",
    anger="angry",
)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=30)


@pytest.mark.parametrize("anger", ANGERS)
def test_a_new_script_has_nothing_to_mend_and_holds_its_rehearsals(anger):
    answers = replace(ANSWERS, anger=anger)
    text = script_text(answers)
    script = load_script(text.encode(), "late-refund.yaml")
    assert lint(script, personas=tuple(PERSONAS)) == []
    script_id, rehearsals = load_rehearsals(rehearsal_text(answers).encode(), "late-refund.rehearsal.yaml")
    assert script_id == script.id
    assert len(rehearsals) == 4
    assert [rehearse(script, one, understood).faults for one in rehearsals] == [()] * 4
    assert formatted(text.encode(), "late-refund.yaml") == text


@settings(max_examples=40, deadline=None)
@given(title=WORDS, caller=WORDS, you_are=WORDS, offers=st.lists(WORDS, min_size=1, max_size=4), happened=WORDS)
def test_any_answers_make_a_script_that_can_be_used(title, caller, you_are, offers, happened):
    try:
        sentence = spoken(happened)
        answers = replace(
            ANSWERS, title=title, caller=caller, you_are=you_are, happened=sentence, offers=offers_of(",".join(offers))
        )
        text = script_text(answers)
    except UsageError:
        return
    script = load_script(text.encode(), "x.yaml")
    assert (script.title, script.caller.name, tuple(script.briefing.may_offer)) == (title, caller, answers.offers)
    assert lint(script) == []
    assert load_rehearsals(rehearsal_text(answers).encode(), "x")[0] == script.id


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("The refund!", "the-refund"),
        ("Größe, é", "groe-e"),
        ("日本", "my-caller"),
        ("-- a  b --", "a-b"),
        ("x" * 99, "x" * 60),
    ],
)
def test_a_title_becomes_an_id(title, wanted):
    assert id_of(title) == wanted


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"happened": "You owe me 45 pounds"}, "'4' stands in what the caller says. Write numbers"),
        ({"happened": "..."}, "the caller says nothing"),
        ({"anger": "mad"}, "nobody is 'mad' here"),
        ({"offers": ()}, "nothing may be offered"),
        ({"title": "  "}, "the title is empty"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(change, message):
    with pytest.raises(UsageError, match=message):
        script_text(replace(ANSWERS, **change))


def test_every_part_has_a_comment():
    lines = script_text(ANSWERS).splitlines()
    for section in ("goals:", "briefing:", "caller:", "anger:", "steps:"):
        assert lines[lines.index(section) - 1].startswith("# ")
