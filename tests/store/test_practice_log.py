"""The practice log: kept in order, private, whole lines only."""

import os
import stat
import sys
from pathlib import Path

import pytest

from voicesim.errors import StorageError
from voicesim.store.places import trainee_folder
from voicesim.store.practice_log import Practised, log_practice, practice_path, practised
from voicesim.store.removal import forget


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "data"))


def run(at_utc: str = "2026-03-01T10:00:00+00:00", drill: str = "apology", right: int = 3) -> Practised:
    return Practised(at_utc=at_utc, drill=drill, items=5, right=right, seconds=81.5)


def test_a_run_comes_back_as_it_was_logged() -> None:
    log_practice("Ann", run())
    assert practised("Ann") == (run(),)


def test_a_trainee_without_a_log_has_practised_nothing() -> None:
    assert practised("Ann") == ()
    assert not trainee_folder("Ann").exists()


def test_runs_come_in_the_order_in_which_they_began() -> None:
    log_practice("Ann", run("2026-03-02T10:00:00+00:00"))
    log_practice("Ann", run("2026-03-01T23:30:00-05:00"))
    log_practice("Ann", run("2026-03-01T10:00:00+00:00"))
    assert [it.at_utc[:13] for it in practised("Ann")] == ["2026-03-01T10", "2026-03-01T23", "2026-03-02T10"]


def test_a_line_that_was_cut_off_loses_neither_itself_to_the_next_nor_the_log() -> None:
    path = log_practice("Ann", run(right=1))
    with path.open("ab") as file:
        file.write(b'{"schema":1,"at_utc":"2026-03-0')
    log_practice("Ann", run("2026-03-03T10:00:00+00:00", right=2))
    assert [it.right for it in practised("Ann")] == [1, 2]


@pytest.mark.parametrize(
    "line",
    [
        b"\xff\xfe",
        b"[]",
        b'{"schema":2,"at_utc":"2026-03-01T10:00:00+00:00","drill":"apology","items":5,"right":3,"seconds":1}',
        b'{"schema":1,"at_utc":"2026-03-01T10:00:00","drill":"apology","items":5,"right":3,"seconds":1}',
        b'{"schema":1,"at_utc":"yesterday","drill":"apology","items":5,"right":3,"seconds":1}',
        b'{"schema":1,"at_utc":"2026-03-01T10:00:00+00:00","drill":"apology","items":2,"right":3,"seconds":1}',
        b'{"schema":1,"at_utc":"2026-03-01T10:00:00+00:00","drill":"apology","items":"five","right":3,"seconds":1}',
    ],
)
def test_a_line_that_is_no_run_is_left_out(line: bytes) -> None:
    path = log_practice("Ann", run())
    with path.open("ab") as file:
        file.write(line + b"\n")
    assert practised("Ann") == (run(),)


@pytest.mark.skipif(sys.platform == "win32", reason="no such rights there")
def test_the_log_is_its_owners_only_and_goes_with_the_trainee() -> None:
    before = os.umask(0)
    try:
        path = log_practice("Ann", run())
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    forget("Ann")
    assert practised("Ann") == ()


def test_a_log_that_cannot_be_written_says_so() -> None:
    log_practice("Ann", run())
    practice_path("Ann").unlink()
    practice_path("Ann").mkdir()
    with pytest.raises(StorageError, match="cannot be written"):
        log_practice("Ann", run())
