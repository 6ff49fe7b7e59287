"""Stored calls for tests of the page, made as the terminal makes them, and a page inside the test's own process."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from inside import PORT, client_of
from starlette.testclient import TestClient

from voicesim.cli import main
from voicesim.settings import load_settings
from voicesim.store.places import call_folders
from voicesim.web.desk import Desk
from voicesim.web.guard import Keys

SHORT = Path(__file__).parents[1] / "data" / "short.yaml"
HARSH = "Please calm down now."
FAIR = "So twenty euros left your account twice. I apologise, that was our mistake."
REFUND = "I will refund it today."


def use(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep everything that this process stores in ``data``."""
    monkeypatch.setenv("VOICESIM_DATA", str(data))
    monkeypatch.setenv("VOICESIM_SITE_SETTINGS", str(data.parent / "none.toml"))


def held(tmp_path: Path, *replies: str, options: tuple[str, ...] = (), script: object = SHORT) -> Path:
    """The folder of a call that was just held with typed replies."""
    whose = options[options.index("--trainee") + 1] if "--trainee" in options else load_settings().trainee
    before = set(call_folders(whose))
    file = tmp_path / "replies.txt"
    file.write_text("".join(f"{reply}\n" for reply in replies), encoding="utf-8")
    assert main(["practice", str(script), "--text", str(file), *options]) == 0
    [folder] = set(call_folders(whose)) - before
    return folder


@contextlib.contextmanager
def page_inside(**desk: object) -> Iterator[TestClient]:
    """A client that has been let into a page of this process; it does not follow redirections."""
    with client_of(Desk(keys=Keys(port=PORT), **desk), follow=False) as client:
        yield client
