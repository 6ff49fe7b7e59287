"""docs/feedback.md tells the chances that the code uses."""

import re
from pathlib import Path

import pytest

from voicesim.coach.named import AFTER_A_GOOD_END, AFTER_ANOTHER_END

PAGE = (Path(__file__).parents[2] / "docs" / "feedback.md").read_text(encoding="utf-8")
TABLES = [t for chances in (AFTER_A_GOOD_END, AFTER_ANOTHER_END) for t in (chances.named, chances.first)]


@pytest.mark.parametrize(("table", "column"), list(zip(TABLES, (1, 3, 4, 6), strict=True)))
def test_the_table_of_what_could_be_changed_holds_every_chance(table, column):
    rows = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if re.search(r"\d of \d+ \| 0\.\d\d\d", line)]
    told = {row[0].strip("`"): row[column] for row in rows if row[column] != "-"}
    assert {kind: float(chance) for kind, chance in told.items()} == table.chances


@pytest.mark.parametrize(
    ("what", "of"),
    [
        ("each 20 points that it weighs, for what was said", lambda table: table.heavy.said),
        ("the same, for what was left out", lambda table: table.heavy.left),
        ("each reply in which it went on, up to three", lambda table: table.again),
        ("the odds that a mistake was said, to the power of", lambda table: table.likely),
    ],
)
def test_what_multiplies_the_odds_is_told(what, of):
    [row] = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith(f"| {what} |")]
    assert [float(odds) for odds in row[1:]] == [of(table) for table in TABLES]
