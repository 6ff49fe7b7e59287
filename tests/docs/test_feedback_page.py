"""docs/feedback.md tells the chances that the code uses."""

import re
from pathlib import Path

from voicesim.coach.named import CHANCES

PAGE = (Path(__file__).parents[2] / "docs" / "feedback.md").read_text(encoding="utf-8")


def test_the_table_of_what_could_be_changed_holds_every_chance():
    rows = re.findall(r"^\| `([^`]+)`[^|]* \| (0\.\d\d) \| \d+ of \d+ \|$", PAGE, re.MULTILINE)
    assert {kind: float(chance) for kind, chance in rows} == CHANCES.named
    assert f"multiplies the odds by {CHANCES.again}," in PAGE
    assert f"({CHANCES.good_end.said} for what was said, {CHANCES.good_end.left} for what was left out)" in PAGE
    assert f"({CHANCES.heavy.said} and {CHANCES.heavy.left})" in PAGE


def test_the_table_of_what_comes_first_holds_every_chance():
    rows = re.findall(r"^\| `([^`]+)` \| (0\.\d\d\d) \|$", PAGE, re.MULTILINE)
    assert {name: float(chance) for name, chance in rows} == CHANCES.first
    assert (
        f"multiplies these odds by {CHANCES.first_heavy.said} for what was said and {CHANCES.first_heavy.left}" in PAGE
    )
