"""The page about settings has a row for each: default, what it may be, and what it means, as the program knows them."""

import re
from pathlib import Path

from voicesim.settings import DEFAULTS, MACHINE_VARIABLE, RULES, allowed, in_words

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
ROWS = [tuple(cell.strip() for cell in row) for row in re.findall(r"^\| `(\w+)` \|(.*)\|(.*)\|(.*)\|$", PAGE, re.M)]


def test_there_is_a_row_for_every_setting_as_the_program_knows_it():
    known = [(key, in_words(DEFAULTS[key]), allowed(key), rule.meaning) for key, rule in RULES.items()]
    assert known == ROWS


def test_the_variable_of_the_machines_file_is_told():
    assert f"`{MACHINE_VARIABLE}`" in PAGE
