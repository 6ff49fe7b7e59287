"""The pages about progress and courses name every figure, drill, column, key and state that there is."""

import re
from pathlib import Path

import pytest

from voicesim.cli import COMMANDS
from voicesim.coach import course
from voicesim.coach.drills import DRILLS, STEPS_DAYS
from voicesim.coach.progress import LAST_CALLS, TREND_CALLS, progress
from voicesim.report.figures import COLUMNS, URN

DOCS = Path(__file__).parents[2] / "docs"
PROGRESS = (DOCS / "progress.md").read_text(encoding="utf-8")
COURSES = (DOCS / "courses.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)


def load(text):
    scripts = {path.stem for path in (DOCS.parent / "scripts").glob("*.yaml")}
    return course.load_course(text.encode(), "course.yaml", scripts=scripts, drills=(*DRILLS, "predict"))


@pytest.mark.parametrize("name", ["progress", "drill", "course"])
def test_every_command_is_in_the_table_and_on_its_page(name):
    assert name in COMMANDS
    assert f"voicesim {name}" in (COURSES if name == "course" else PROGRESS)


@pytest.mark.parametrize("drill", list(DRILLS))
def test_every_drill_is_on_the_page(drill):
    assert f"| `{drill}` |" in PROGRESS


def test_every_measure_is_on_the_page(sample):
    figures = [s.id for s in progress([sample.sample_record()], official=False).series if s.group == "measure"]
    assert len(figures) > 6
    assert [name for name in figures if f"`{name}`" not in PROGRESS] == []


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_is_told(column):
    assert f"`{column}`" in PROGRESS


def test_the_numbers_on_the_page_are_those_of_the_code():
    first, *others = STEPS_DAYS
    assert f"leads to {first} day." in PROGRESS
    assert ", ".join(map(str, others[:-1])) + f" and {others[-1]} days" in PROGRESS
    assert f"With fewer than {TREND_CALLS} calls" in PROGRESS
    assert f"below {2 * TREND_CALLS} the page" in PROGRESS
    assert f"your last {LAST_CALLS} calls" in PROGRESS


@pytest.mark.parametrize("verb", ["completed", "scored", "practised"])
def test_every_verb_is_told(verb):
    assert f"`{URN}:verb:{verb}`" in PROGRESS


@pytest.mark.parametrize("state", list(course.State))
def test_every_state_of_a_part_is_told(state):
    assert f"`{state}`" in COURSES


def test_the_example_on_the_page_and_the_one_beside_it_load():
    [on_page] = FENCE.findall(COURSES)
    shipped = (DOCS.parent / "scripts" / "courses" / "first-week.yaml").read_text(encoding="utf-8")
    assert [len(load(text).parts) for text in (on_page, shipped)] == [3, 8]
    kinds = {type(part) for part in load(shipped).parts}
    assert kinds == {course.ReadPart, course.DrillPart, course.ScriptPart}
