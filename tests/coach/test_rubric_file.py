"""A trainer's rubric is read, and refused with one clear line where no call could be scored with it."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from voicesim.coach.rubric import Measure, Needs, Qa
from voicesim.coach.rubric_file import load_rubric
from voicesim.coach.score import feedback
from voicesim.errors import InputError
from voicesim.model import Phase
from voicesim.wiring.rubrics import default_rubric

PAGE = (Path(__file__).parents[2] / "docs" / "rubrics.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)[1]


def changed(before, after):
    assert before in EXAMPLE
    return EXAMPLE.replace(before, after, 1).encode()


def test_the_example_of_the_page_is_a_rubric_that_scores_a_call(sample):
    rubric = load_rubric(EXAMPLE.encode(), "page")
    assert (rubric.id, rubric.version, rubric.held_at, rubric.critical) == (
        "first-week",
        1,
        30,
        ("disclosure", "blame"),
    )
    given = feedback(sample.sample_record(), goals={}, rubric=rubric, adviser=sample.adviser())
    assert given.rubric == rubric.label
    assert {phase: part.of for phase, part in given.phases.items()}[Phase.REFOCUS] == 25


def test_a_rubric_is_named_by_the_bytes_of_its_file():
    one, other = load_rubric(EXAMPLE.encode(), "a"), load_rubric(f"{EXAMPLE}# a remark\n".encode(), "a")
    assert re.fullmatch(r"first-week 1 [0-9a-f]{8}", one.label)
    assert one.label != other.label


def test_the_shipped_rubric_is_in_the_package():
    content = files("voicesim.coach").joinpath("rubrics", "carp.yaml").read_bytes()
    assert load_rubric(content, "carp.yaml") == default_rubric()
    assert default_rubric().label.startswith("carp 2 ")


def test_what_only_abuse_asks_for_comes_on_top_of_the_hundred():
    rubric = default_rubric()
    assert sum(c.points for c in rubric.criteria if c.needs is not Needs.ABUSE) == 100
    assert sum(c.points for c in rubric.criteria) > 100


#: What is put in place of what, and what the one line says: where, what, how to mend it.
FAULTS = {
    "unknown technique": ("earned_by: [vent, empathy]", "earned_by: [vent, empthy]", r"f:8: .*'empthy'.*'empathy'"),
    "unknown criterion": ("    outcome:", "    outcme:", r"f:17: .*'outcme'.*'outcome'"),
    "unknown mistake": ("  blame:", "  blam:", r"f:20: .*'blam'.*'blame'"),
    "unknown term": (
        "qa: ownership, points: 5, at",
        "qa: owning, points: 5, at",
        r"f:11: .qa. is .owning.\. Did you mean",
    ),
    "unknown key": ("at_most: 2", "at_mst: 2", r"f:11: .*'at_mst'.*'at_most'"),
    "unknown phase": ("  refocus:", "  focus:", r"f:(5|12): .*'refocus'"),
    "not a hundred": ("points: 20, within", "points: 15, within", r"f:5: .* are 95, not 100 .*Change `points`"),
    "a phase without criteria": (
        "  acknowledge:\n    acknowledge:",
        "  acknowledge: {}\n  acknowledg:\n    acknowledge:",
        r"'acknowledge' has no criterion",
    ),
    "only conditional": ("points: 10, within: [control]", "points: 10, needs: abuse", None),
    "nothing earns": ("earned_by: [vent, empathy]", "earned_by: []", r"f:8: nothing can earn the points of 'vent'"),
    "earned by a mistake": ("earned_by: [vent, empathy]", "earned_by: [blame]", r"f:8: 'blame' is a mistake and earns"),
    "unknown critical error": ("errors: [disclosure", "errors: [shouting", r"f:24: .*'shouting' is no mistake"),
    "critical technique": ("errors: [disclosure", "errors: [apology", r"f:24: .*'apology' is no mistake"),
    "points out of range": ("points: 15, earned_by: [vent", "points: 0, earned_by: [vent", r"f:8: .*from 1 to 100"),
    "held out of range": ("held_at: 30", "held_at: 100", r"f:24: .*from 0 to 99"),
    "version": ("version: 1", "version: 0", r"f:3: .*from 1 to 9999"),
    "id": ("id: first-week", "id: First week", r"f:2: 'id' is 'First week'.*small letters"),
    "delivery unasked": (
        "    outcome: {qa",
        "    calm_delivery: {qa",
        r"f:17: this asks how replies sounded.*delivery: true",
    ),
    "a measure has no place": (
        "points: 10}\n  solve",
        "points: 10, at_most: 2}\n  solve",
        r"f:14: .*measured over its",
    ),
    "no YAML": ("qa: greeting", "qa: [greeting", r"f:\d+: is not valid YAML here"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_its_line_and_how_to_mend_it(name):
    before, after, told = FAULTS[name]
    with pytest.raises(InputError) as refused:
        load_rubric(changed(before, after), "f")
    line = str(refused.value)
    assert "\n" not in line
    assert refused.value.mend
    assert not re.search(r"VS\d\d\d", line)
    assert told is None or re.search(told, line), line


@pytest.mark.parametrize("data", [b"", b"- a\n", b"\xff\xfe", b"format: 2\n"])
def test_what_is_no_rubric_at_all_is_refused(data):
    with pytest.raises(InputError):
        load_rubric(data, "f")


def test_another_format_is_named():
    with pytest.raises(InputError, match=r"f:1: this is format 2\. This voicesim reads format 1\."):
        load_rubric(b"format: 2\n", "f")


@pytest.mark.parametrize("name", [*Measure, *Qa])
def test_the_page_names_each_measure_and_each_term(name):
    assert f"`{name}`" in PAGE


def test_delivery_is_judged_only_where_the_trainee_shares_it(sample):
    text = EXAMPLE.replace("outcome: {qa: resolution", "calm_delivery: {qa: courtesy")
    rubric = load_rubric(f"delivery: true\n{text}".encode(), "f")

    def given(shared):
        judged = feedback(
            sample.sample_record(), goals={}, rubric=rubric, adviser=sample.adviser(), delivery_shared=shared
        )
        return next(m for m in judged.moments if m.id == "calm_delivery")

    kept, told = given(False), given(True)
    assert (kept.points, kept.of) == (None, None)
    assert "yours alone" in kept.why
    assert (told.points, told.of) == (8, 10)
    assert told.title == "5 of 6 replies were not tense against your own baseline"


def test_delivery_never_counts_where_the_rubric_does_not_ask_for_it(sample):
    def total(shared):
        judged = feedback(
            sample.sample_record(), goals={}, rubric=default_rubric(), adviser=sample.adviser(), delivery_shared=shared
        )
        return judged.total, judged.moments

    assert total(True) == total(False)


def test_a_critical_error_of_a_trainers_own_holds_the_total(sample):
    call = sample.call(
        [
            (Phase.CONTROL, "You took it twice.", sample.reply("Hello, tell me.", ["greeting", "vent"]), 5),
            (Phase.SOLVE, "And?", sample.reply("Your bank. Refund.", ["blame", "offer_solution", "acknowledge"]), 2),
        ]
    )
    rubric = load_rubric(EXAMPLE.encode(), "f")
    given = feedback(call, goals={}, rubric=rubric, adviser=sample.adviser())
    assert given.total == 30
    assert any("(critical: the total is held at 30)" in m.title for m in given.moments)
