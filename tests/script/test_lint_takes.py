"""Takes are held against their script: what is missing, left over, or not fit to be heard."""

from pathlib import Path

import pytest

from voicesim.script.lint_takes import TakeReport, lint_takes
from voicesim.script.load import load_script

SMALL = (Path(__file__).parents[1] / "data" / "small.yaml").read_text()


@pytest.fixture
def script():
    return load_script(SMALL.encode(), "small.yaml")


def whole(script, **problems):
    lines = {line.id: line for line in script.lines()}
    return [
        TakeReport(line_id=i, file=f"{i}/1.flac", problems=problems.get(line.step, ())) for i, line in lines.items()
    ]


def test_a_script_without_takes_and_one_with_all_good_takes_are_well(script):
    assert list(lint_takes(script, [])) == []
    assert list(lint_takes(script, whole(script))) == []


def test_missing_takes_are_told_once_a_step_with_the_first_line(script):
    takes = [take for take in whole(script) if not take.line_id.startswith(("offer-calm", "silence"))]
    found = list(lint_takes(script, takes))
    assert [p.code for p in found] == ["VS020", "VS020"]
    assert "step 'offer' has no take of 2 of its 4 lines, the first is 'What happens now?' (calm)" in found[0].what
    assert found[0].line == script.steps["offer"].line_number
    assert "'silence' has no take of 6 of its 6 lines" in found[1].what


def test_every_problem_of_a_take_is_told_at_the_line_of_its_step(script):
    found = list(lint_takes(script, whole(script, thanks=("clipped", "wrong_words", "echo"))))
    assert [p.code for p in found] == ["VS022", "VS024", "VS025"]
    assert {p.line for p in found} == {script.steps["thanks"].line_number}
    assert "/1.flac has the echo of a room" in found[2].what


def test_a_take_of_an_edited_line_is_left_over_and_the_new_line_is_missing(script):
    edited = load_script(SMALL.replace("Thank you.", "Thanks.").encode(), "small.yaml")
    found = list(lint_takes(edited, whole(script)))
    assert sorted(p.code for p in found) == ["VS020", "VS021"]


def test_a_problem_that_lint_has_no_word_for_is_told_all_the_same(script):
    [found] = lint_takes(script, whole(script, thanks=("bent",)))
    assert (found.code, "has the problem 'bent'" in found.what) == ("VS025", True)
