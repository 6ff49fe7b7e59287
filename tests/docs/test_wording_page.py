"""The page about wording has a row for each measure, and cites what is in the method with its grade."""

import re
from dataclasses import fields
from pathlib import Path

from voicesim.coach.rubric import SOURCES
from voicesim.language.fillers import SHORTEST_DROPPED
from voicesim.language.taken_up import SHORTEST
from voicesim.language.wording import Wording
from voicesim.model import RATE_HZ

PAGE = (Path(__file__).parents[2] / "docs" / "wording.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", PAGE, re.MULTILINE))


def test_the_table_names_exactly_the_fields():
    assert list(ROWS) == [field.name for field in fields(Wording)]


def test_every_row_has_unit_definition_source_and_limits():
    assert {name: len(cells.split(" | ")) for name, cells in ROWS.items()} == dict.fromkeys(ROWS, 4)


def test_every_source_is_known_and_has_its_grade():
    cited = {name: re.fullmatch(r"`(\w+)` \(([A-D])\)", cells.split(" | ")[2]) for name, cells in ROWS.items()}
    assert all(cited.values())
    assert {found[1]: found[2] for found in cited.values()} == {
        key: SOURCES[key].grade for key in {found[1] for found in cited.values()}
    }


def test_the_text_gives_the_numbers_of_the_code():
    assert f"speech of {SHORTEST_DROPPED / RATE_HZ:g} s or more" in PAGE
    assert f"words of {({4: 'four'})[SHORTEST]} letters or more" in PAGE
