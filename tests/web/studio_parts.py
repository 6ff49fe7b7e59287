"""What the tests of studio and packs share: a page in this process, a script of one's own, takes that were spoken."""

from pathlib import Path

import pytest

from voicesim.files import read_sound
from voicesim.model import RATE_HZ
from voicesim.studio.checks import TakeProblem
from voicesim.studio.consent import agreed
from voicesim.studio.shelf import Shelf
from voicesim.web.desk import Desk
from voicesim.web.guard import Keys

SHORT = Path(__file__).parents[1] / "data" / "short.yaml"
OPENING = "You took my money twice, and nobody tells me why."
OFFER = "And what will you do about it?"
NOW = "2026-11-22T10:00:00+00:00"
CLIPPED = TakeProblem(
    code="clipped", what="it is clipped", measure="share at full scale", value=0.125, advice="Move back."
)


def own_script(data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder, from now on the one in use, with the short script as one's own."""
    (data / "scripts").mkdir(parents=True)
    (data / "scripts" / "short.yaml").write_bytes(SHORT.read_bytes())
    monkeypatch.setenv("VOICESIM_DATA", str(data))
    monkeypatch.setenv("VOICESIM_SITE_SETTINGS", str(data.parent / "none.toml"))
    return data


def desk() -> Desk:
    return Desk(keys=Keys(port=8760), named_trainee="Anna")


def put(shelf: Shelf, line, path: Path, *, speaker="Anna", checks=()):
    """A take of a line, with the sound of a file."""
    sound, _ = read_sound(path)
    assert sound.rate_hz == RATE_HZ
    return shelf.add(line, sound.samples, RATE_HZ, speaker=speaker, made_utc=NOW, checks=checks)


def agree(shelf: Shelf, script, name="Anna"):
    shelf.agree(agreed(name, title=script.title, agreed_utc=NOW))
