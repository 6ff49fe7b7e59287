"""What the tests of calls share: a small script, replies made of findings, made speech probabilities."""

from pathlib import Path

import pytest

from voicesim.call.text import typed
from voicesim.catalogue import CATALOGUE
from voicesim.model import Finding, Heard, Reply, Span
from voicesim.script.load import load_script
from voicesim.script.model import Script

SMALL = Path(__file__).parents[1] / "data" / "small.yaml"


@pytest.fixture(scope="session")
def script() -> Script:
    """A script of six steps in which nothing is left to chance but the choice of lines."""
    return load_script(SMALL.read_bytes(), "small.yaml")


@pytest.fixture(scope="session")
def replied():
    """Make a reply in which these ids were heard."""

    def make(*ids: str, text: str = "", sure: bool = True, offers=(), mentions=(), delivery=None) -> Reply:
        found = tuple(Finding(kind=CATALOGUE[i].kind, id=i, quote=f"{text} {i}".strip(), sure=sure) for i in ids)
        heard = Heard(transcript=typed(text), findings=found)
        nowhen = Span(start=0, end=0)
        return Reply(span=nowhen, live=heard, final=heard, offers=offers, mentions=mentions, delivery=delivery)

    return make
