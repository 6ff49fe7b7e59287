"""A store that belongs to somebody else, as after a command run as root, is told in one line."""

import os
import sys

import pytest

from voicesim.errors import StorageError
from voicesim.settings import Settings
from voicesim.store.index import CallIndex
from voicesim.store.places import make_trainee, trainees
from voicesim.store.removal import holdings
from voicesim.store.retention import apply_retention

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs the rights of Linux or macOS")


@pytest.fixture(params=["", "you"], ids=["all trainees", "one trainee"])
def closed(tmp_path, monkeypatch, request):
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path))
    make_trainee("you")
    folder = tmp_path / "trainees" / request.param
    opened = [] if os.geteuid() else [tmp_path, *tmp_path.parents[:-1]]
    before = {path: path.stat().st_mode for path in opened}
    for path in opened:
        path.chmod(path.stat().st_mode | 0o011)
    (tmp_path / "trainees").chmod(0o755)
    folder.chmod(0)
    root = not os.geteuid()
    if root:  # whom no rights keep out
        os.seteuid(65_534)
    yield folder
    if root:
        os.seteuid(0)
    folder.chmod(0o700)
    for path, mode in before.items():
        path.chmod(mode)


def test_is_told_as_what_it_is(closed):
    with pytest.raises(StorageError, match="permission denied"):
        CallIndex("you").find()
    if closed.name == "trainees":
        for ask in (trainees, lambda: holdings("you")):
            with pytest.raises(StorageError, match="permission denied"):
                ask()


def test_does_not_keep_a_call_from_beginning(closed):
    told = apply_retention("you", Settings())
    assert len(told) == 1
    assert "permission denied" in told[0]
