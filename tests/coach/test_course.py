"""Courses: a file is read or refused in one clear line, and how far somebody is follows from calls and log alone."""

import re
from dataclasses import replace

import pytest

from voicesim.coach.course import DrillPart, ReadPart, ScriptPart, State, load_course, next_of, standings
from voicesim.coach.practised import Practised
from voicesim.errors import ScriptError
from voicesim.model import Dial, Ending, Feedback, Phase, ScorePart

SCRIPTS, DRILLS = ("billed-twice", "other"), ("apology", "predict")
HEAD = 'format: 1\nid: a-week\ntitle: "A week"\nparts:\n'


def load(parts, head=HEAD):
    return load_course((head + parts).encode(), "week.yaml", scripts=SCRIPTS, drills=DRILLS)


@pytest.fixture
def call(sample):
    record = sample.sample_record()

    def made(total=60, ending=Ending.RESOLVED, level=None, **values):
        given = Feedback(total=total, phases=dict.fromkeys(Phase, ScorePart(points=5, of=20)))
        dial = None if level is None else Dial(level=level)
        return replace(record, feedback=given, ending=ending, dial=dial, **values)

    return made


def run(right, items=5, drill="apology"):
    return Practised(at_utc="2026-03-01T10:00:00+00:00", drill=drill, items=items, right=right, seconds=90)


def standing(parts, calls=(), runs=()):
    return standings(load(parts), calls, runs, {"billed-twice": "Billed twice"})


def test_an_id_of_digits_is_taken_as_it_was_written():
    assert load("  - script: other\n    pass: {}\n", HEAD.replace("a-week", "007")).id == "007"


def test_a_course_holds_its_parts_in_order():
    course = load(
        '  - read: "Chapter one."\n'
        "  - drill: apology\n    pass: {right: 4, of: 5}\n"
        "  - script: billed-twice\n    difficulty: 2\n    official: true\n"
        "    pass: {endings: [resolved], score: 60, tries: 3}\n"
        "  - script: other\n    pass: {}\n"
    )
    read, drill, script, plain = course.parts
    assert read == ReadPart(read="Chapter one.", line_number=5)
    assert drill == DrillPart(drill="apology", right=4, items=5, line_number=6)
    assert script == ScriptPart(
        script="billed-twice",
        difficulty=2,
        official=True,
        endings=(Ending.RESOLVED,),
        score=60,
        tries=3,
        line_number=8,
    )
    assert plain.endings == (Ending.RESOLVED, Ending.REFERRED, Ending.LIMIT_ENDED)
    assert (plain.difficulty, plain.score, plain.tries) == (None, None, None)


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ("", "parts"),
        ("  script: billed-twice\n", "week.yaml:4: VS036 'parts' must be a list"),
        ("  - just words\n", "week.yaml:5: VS036 the part must be a list of"),
        ("  - scrip: billed-twice\n    pass: {}\n", "week.yaml:5: VS030 .*Did you mean 'script'"),
        ("  - read: x\n    drill: apology\n", "week.yaml:5: VS036 .*drill and read"),
        ("  - script: biled-twice\n    pass: {}\n", "week.yaml:5: VS036 .*Did you mean 'billed-twice'"),
        ("  - drill: apologies\n    pass: {right: 1}\n", "week.yaml:5: VS036 .*Did you mean 'apology'"),
        ("  - drill: apology\n", "week.yaml:5: VS031 the part has no 'pass'"),
        ("  - drill: apology\n    pass: {of: 5}\n", "week.yaml:6: VS031 .*no 'right'"),
        ("  - drill: apology\n    pass: {right: 5, of: 4}\n", "week.yaml:6: VS036 'of' is '4'.*from 5"),
        ("  - script: other\n    difficulty: 9\n    pass: {}\n", "week.yaml:6: VS036 'difficulty'"),
        ("  - script: other\n    pass: {endings: [won]}\n", "week.yaml:6: VS036 'endings' is 'won'"),
        ("  - script: other\n    pass: {endings: [stopped]}\n", "week.yaml:6: VS036 'endings' is 'stopped'"),
        ("  - script: other\n    pass: {score: 101}\n", "week.yaml:6: VS036 'score'"),
        ("  - script: other\n    pass: {tries: 0}\n", "week.yaml:6: VS036 'tries'"),
        ("  - script: other\n    official: maybe\n    pass: {}\n", "week.yaml:6: VS036 'official'"),
        ("  - script: other\n    seed: 3\n    pass: {}\n", "week.yaml:6: VS030 .*'seed'"),
        ("  - read: &a x\n", "VS038 anchors"),
        ("  - read: x\n  - read: y\n", "week.yaml:4: VS036 every part is a text"),
    ],
)
def test_every_fault_is_one_clear_line_with_its_place(parts, told):
    with pytest.raises(ScriptError) as refused:
        load(parts)
    message = str(refused.value)
    assert "\n" not in message
    assert re.search(told, message), message


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (HEAD.replace("format: 1", "format: 2"), "VS039"),
        (HEAD.replace("a-week", "A week!"), "VS036"),
        (HEAD.replace('title: "A week"\n', ""), "VS031"),
        (HEAD.replace("title", "titel"), "VS030"),
        (HEAD.replace("format: 1", "format: one"), r"week.yaml:1: VS039 this is format one\. .* reads format 1\."),
        ("", r"week.yaml:1: VS036 the course must be a list of"),
    ],
)
def test_the_head_is_checked_as_well(head, told):
    with pytest.raises(ScriptError, match=told):
        load("  - read: x\n", head)


def test_a_call_passes_by_its_ending_and_its_score(call):
    part = "  - script: billed-twice\n    pass: {endings: [resolved], score: 60}\n"
    for made, state in (
        ([], State.OPEN),
        ([call(59)], State.BEGUN),
        ([call(90, Ending.REFERRED)], State.BEGUN),
        ([call(None)], State.BEGUN),
        ([call(10), call(60)], State.DONE),
    ):
        [one] = standing(part, made)
        assert (one.state, bool(one.missing), bool(one.command)) == (
            state,
            state is not State.DONE,
            state is not State.DONE,
        )


def test_only_calls_of_that_script_and_level_count_and_official_ones_if_asked_for(call):
    part = "  - script: billed-twice\n    difficulty: 2\n    official: true\n    pass: {score: 50}\n"
    other = replace(call().script, id="other")
    wrong = [call(), call(level=1, official=True), call(level=2), call(level=2, official=True, script=other)]
    [one] = standing(part, wrong)
    assert one.state is State.OPEN
    assert one.command == "voicesim practice billed-twice --difficulty 2 --official"
    [one] = standing(part, [*wrong, call(level=2, official=True)])
    assert (one.state, one.command) == (State.DONE, None)


def test_an_official_call_counts_where_none_is_asked_for(call):
    [one] = standing("  - script: billed-twice\n    pass: {}\n", [call(official=True)])
    assert one.state is State.DONE


def test_only_the_first_tries_count(call):
    part = "  - script: billed-twice\n    pass: {score: 80, tries: 2}\n"
    [one] = standing(part, [call(10)])
    assert (one.state, "1 of 2 tries left" in one.missing) == (State.BEGUN, True)
    [one] = standing(part, [call(10), call(None, Ending.STOPPED), call(20), call(90)])
    assert (one.state, one.command) == (State.USED_UP, None)
    assert "all 2 tries are used" in one.missing


def test_a_drill_is_passed_in_one_run():
    part = "  - drill: apology\n    pass: {right: 4, of: 5}\n"
    for runs, state in (
        ([run(5, 5, "predict")], State.OPEN),
        ([run(2), run(3)], State.BEGUN),
        ([run(4, 4)], State.BEGUN),
        ([run(4, 5), run(0, 5)], State.DONE),
    ):
        [one] = standing(part, runs=runs)
        assert (one.state, one.command) == (state, None if state is State.DONE else "voicesim drill apology")


def test_a_text_counts_as_read_once_something_after_it_was_begun(call):
    parts = "  - read: one\n  - drill: predict\n    pass: {right: 3}\n  - read: two\n"
    assert [one.state for one in standing(parts)] == [State.OPEN] * 3
    states = [one.state for one in standing(parts, runs=[run(1, 3, "predict")])]
    assert states == [State.DONE, State.BEGUN, State.OPEN]


def test_a_text_at_the_end_counts_as_read_once_nothing_else_is_left_to_do(call):
    parts = "  - drill: apology\n    pass: {right: 4}\n  - read: one\n  - read: two\n"
    assert [one.state for one in standing(parts, runs=[run(1)])] == [State.BEGUN, State.OPEN, State.OPEN]
    through = standing(parts, runs=[run(4)])
    assert [one.state for one in through] == [State.DONE] * 3
    assert (through[2].missing, next_of(through)) == ("", None)


def test_a_text_behind_a_part_without_tries_left_is_not_next(call):
    parts = "  - script: billed-twice\n    pass: {score: 80, tries: 1}\n  - read: one\n"
    assert next_of(standing(parts, [call(10)])) is None


def test_the_next_part_is_the_first_that_is_not_done(call):
    parts = "  - drill: apology\n    pass: {right: 4}\n  - script: billed-twice\n    pass: {}\n"
    assert next_of(standing(parts)).command == "voicesim drill apology"
    assert next_of(standing(parts, runs=[run(4)])).command == "voicesim practice billed-twice"
    assert next_of(standing(parts, [call()], [run(4)])) is None
