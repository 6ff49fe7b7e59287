"""Rubrics as files: the shipped one, read from the package, and those of trainers."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from voicesim.coach.rubric import Rubric
from voicesim.coach.rubric_file import load_rubric
from voicesim.errors import MissingPart
from voicesim.wiring.library import read_bytes

#: The rubric that a call is scored with as it ends.
FILE = "carp.yaml"


@cache
def default_rubric() -> Rubric:
    """The shipped rubric. Raises MissingPart."""
    try:
        content = files("voicesim.coach").joinpath("rubrics", FILE).read_bytes()
    except OSError as absent:
        raise MissingPart(f"{FILE} is missing", mend="Run: pip install --force-reinstall voicesim") from absent
    return load_rubric(content, FILE)


def read_rubric(path: Path) -> Rubric:
    """The rubric of a file. Raises InputError with the line that does not fit, or if it cannot be read."""
    return load_rubric(read_bytes(path), str(path))
