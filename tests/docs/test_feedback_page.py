"""docs/feedback.md tells the weights that the code uses."""

import re
from pathlib import Path

from voicesim.coach.priorities import NAMED

PAGE = (Path(__file__).parents[2] / "docs" / "feedback.md").read_text(encoding="utf-8")


def test_the_table_of_what_was_left_out_holds_every_weight():
    rows = re.findall(r"^\| ((?:`\w+`,? ?)+) \| (0\.\d) \|$", PAGE, re.MULTILINE)
    told = {name: float(weight) for names, weight in rows for name in re.findall(r"`(\w+)`", names)}
    assert told == NAMED
