"""The page about the design names every room there is, and none that is not."""

import re
from pathlib import Path

import pytest

from voicesim.call import conduct
from voicesim.model import OverlapKind

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
NAMED = re.findall(r"^\| `(voicesim/[\w/.]+)` \|", PAGE, re.MULTILINE)


def rooms():
    for path in (ROOT / "voicesim").iterdir():
        if (path.suffix == ".py" and path.name != "__init__.py") or (path / "__init__.py").is_file():
            yield f"voicesim/{path.name}"


def test_every_room_has_its_row_and_every_row_its_room():
    assert sorted(NAMED) == sorted(rooms())


@pytest.mark.parametrize("name", [*conduct.Control, *OverlapKind])
def test_what_a_trainee_can_do_in_a_call_is_told_somewhere(name):
    """Controls on this page, kinds of overlap on the page about turn-taking."""
    assert name in PAGE + (ROOT / "docs" / "turn-taking.md").read_text(encoding="utf-8")
