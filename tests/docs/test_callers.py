"""The README names every caller that ships, with its difficulty."""

import re
from pathlib import Path

from voicesim.files import shipped
from voicesim.wiring.library import read_script

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_every_shipped_caller_stands_in_the_readme_with_its_difficulty():
    told = {name: int(level) for name, level in re.findall(r"^\| `([a-z-]+)` \| .* \| (\d) \|$", README, re.MULTILINE)}
    scripts = [read_script(path) for path in shipped("scripts").glob("*.yaml")]
    assert told == {script.id: script.difficulty for script in scripts}
