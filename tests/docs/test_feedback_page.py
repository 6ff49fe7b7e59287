"""docs/feedback.md tells the chances that the code uses."""

import re
from pathlib import Path

from voicesim.coach.named import AGAIN_ODDS, NAMED

PAGE = (Path(__file__).parents[2] / "docs" / "feedback.md").read_text(encoding="utf-8")


def test_the_table_of_what_could_be_changed_holds_every_chance():
    rows = re.findall(r"^\| `([^`]+)`[^|]* \| (0\.\d\d) \| \d+ of \d+ \|$", PAGE, re.MULTILINE)
    assert {kind: float(chance) for kind, chance in rows} == NAMED
    assert f"multiplies the odds by {AGAIN_ODDS}," in PAGE
