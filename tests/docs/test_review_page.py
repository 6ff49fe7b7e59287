"""The page about reviews names every key, kind and verdict that there is, and the bar that is used."""

from dataclasses import fields
from pathlib import Path

import pytest

from voicesim.cli import COMMANDS
from voicesim.coach.agreement import BAR, Agreement, Difference, Judge, Row, Verdict
from voicesim.coach.review import EntryKind, ReviewEntry, Role

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "review.md").read_text(encoding="utf-8")
COMMAND_LINE = (DOCS / "command-line.md").read_text(encoding="utf-8")


def section():
    return COMMAND_LINE.partition("### `voicesim agreement")[2].partition("\n### ")[0]


@pytest.mark.parametrize("name", [name for name, (module, _) in COMMANDS.items() if module == "voicesim.cli.review"])
def test_every_command_is_on_the_page(name):
    assert f"voicesim {name} " in PAGE


@pytest.mark.parametrize("name", [*EntryKind, *Role, *Verdict, *(field.name for field in fields(ReviewEntry))])
def test_every_kind_role_verdict_and_key_is_explained(name):
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize("name", [field.name for cls in (Agreement, Judge, Row, Difference) for field in fields(cls)])
def test_every_key_of_an_agreement_is_told(name):
    assert f"`{name}`" in section()


def test_the_bar_is_the_one_that_is_used():
    assert f"above {BAR}" in PAGE and f"below {BAR}" in PAGE
