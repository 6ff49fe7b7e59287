"""Every code of lint has its section: what, why, a failing example, and how to mend it."""

import re
from pathlib import Path

import pytest

from voicesim.script.lint import CODES

PAGE = (Path(__file__).parents[2] / "docs" / "lint.md").read_text(encoding="utf-8")
SECTIONS = {part.partition(":")[0]: part for part in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]}


def test_there_is_a_section_for_every_code_and_for_nothing_else():
    assert list(SECTIONS) == list(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_section_says_what_why_with_an_example_and_how_to_mend_it(code):
    title, _, body = SECTIONS[code].partition("\n")
    why, example, mend = re.split(r"^```(?:yaml)?$", body, flags=re.MULTILINE)
    assert title == f"{code}: {CODES[code]}"
    assert len(why.split()) > 8
    assert example.strip()
    assert mend.strip().startswith("**Mend**: ")
