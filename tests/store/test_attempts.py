"""Attempts at turns of a stored call: only ever added to, whole after any kill, and private as sound is."""

import os
import signal
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from voicesim.call.retry import attempted, since
from voicesim.errors import InputError
from voicesim.files import read_sound
from voicesim.model import Ending, Span
from voicesim.settings import Settings
from voicesim.store.attempts import Attempt, By, add_attempt, attempts_of
from voicesim.store.closing import close_call
from voicesim.store.exporting import export
from voicesim.store.places import find_call, make_trainee
from voicesim.store.recovery import recover
from voicesim.store.removal import delete_call, forget
from voicesim.store.retention import apply_retention
from voicesim.store.sharing import Part, share
from voicesim.store.sharing_attempts import share_attempts
from voicesim.store.stored import describe

from .conftest import made_reply

NOW = datetime(2026, 2, 1, tzinfo=UTC)


@pytest.fixture
def closed(kept_call):
    """A closed call, and an attempt at its first turn that is not kept yet."""
    call = kept_call().hold()
    record = call.recorder.record(Ending.RESOLVED, seed=3, engines={}, trainee="Sam")
    close_call(call.keeper, record)
    return call.folder, made(call.script, record)


def made(script, record):
    point = since(script, record, 1)
    tried = attempted(script, point, made_reply(Span(start=3_200, end=32_000), "amount"))
    return Attempt(
        turn=1,
        at_utc="2026-01-02T04:00:00+00:00",
        by=By.HEADSET,
        reply=tried.reply,
        before=tried.before,
        after=tried.after,
        influences=tried.influences,
        line=tried.line,
        ending=tried.ending,
        on=record.turns[2:4],
    )


def noise(length=8_000):
    return (np.random.default_rng(1).integers(-9_000, 9_000, length) / 32_768).astype(np.float32)


def content(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_come_back_as_they_were_numbered_by_turn_with_their_sound(closed):
    folder, attempt = closed
    first = add_attempt(folder, attempt, noise())
    second = add_attempt(folder, attempt)
    other = add_attempt(folder, replace(attempt, turn=2))
    assert [(one.turn, one.n, one.sound) for one in (first, second, other)] == [
        (1, 1, "attempts/1-1.flac"),
        (1, 2, None),
        (2, 1, None),
    ]
    kept = attempts_of(folder)
    assert [(one.turn, one.n) for one in kept] == [(1, 1), (1, 2), (2, 1)]
    assert replace(kept[1], reply=attempt.reply, on=attempt.on) == replace(second, on=attempt.on)
    assert kept[0].on[0].line == attempt.on[0].line
    assert np.array_equal(read_sound(folder / first.sound)[0].samples, noise())


def test_nothing_that_was_there_is_changed(closed):
    folder, attempt = closed
    add_attempt(folder, attempt, noise())
    before = content(folder)
    add_attempt(folder, attempt, noise(400))
    after = content(folder)
    assert {path: data for path, data in after.items() if path in before and path.name != "attempts.jsonl"} == {
        path: data for path, data in before.items() if path.name != "attempts.jsonl"
    }
    lists = [files[next(path for path in files if path.name == "attempts.jsonl")] for files in (before, after)]
    assert lists[1].startswith(lists[0])


def test_a_line_that_was_cut_anywhere_never_was_and_the_next_one_is_whole(closed):
    folder, attempt = closed
    add_attempt(folder, attempt)
    path = folder / "attempts" / "attempts.jsonl"
    whole = path.read_bytes()
    for length in (0, 1, len(whole) // 2, len(whole) - 2):
        path.write_bytes(whole + whole[:length])
        add_attempt(folder, replace(attempt, turn=4))
        assert [one.turn for one in attempts_of(folder)] == [1, 4]


def test_one_of_another_schema_is_told_with_its_line(closed):
    folder, attempt = closed
    add_attempt(folder, attempt)
    path = folder / "attempts" / "attempts.jsonl"
    path.write_bytes(path.read_bytes() + b'{"schema": 2}\n')
    with pytest.raises(InputError, match=r"attempts.jsonl:2: schema 2 is not 1"):
        attempts_of(folder)


KILLED = """
import sys
from dataclasses import replace
from pathlib import Path
import numpy as np
from voicesim.store.attempts import add_attempt, attempts_of
folder = Path(sys.argv[1])
[attempt] = attempts_of(folder)
while True:
    kept = add_attempt(folder, attempt, np.full(1_600, 0.1, np.float32))
    print(kept.n, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_survive_a_kill_at_any_moment(closed):
    """Every attempt that was told as kept is there with its sound; the next one overwrites nothing."""
    folder, attempt = closed
    add_attempt(folder, attempt)
    process = subprocess.Popen([sys.executable, "-c", KILLED, folder], stdout=subprocess.PIPE, text=True)
    told = [int(process.stdout.readline()) for _ in range(5)]
    os.kill(process.pid, signal.SIGKILL)
    told += [int(line) for line in process.communicate(timeout=30)[0].split()]
    kept = {one.n: one for one in attempts_of(folder)}
    assert set(told) <= set(kept)
    assert all(len(read_sound(folder / kept[n].sound)[0].samples) == 1_600 for n in told)
    before = content(folder)
    later = add_attempt(folder, attempt, noise(400))
    assert later.n not in kept
    assert folder.joinpath(later.sound).relative_to(folder) not in before


@pytest.fixture
def stored(kept_call, tmp_path, monkeypatch):
    """A closed call of Sam among his own, with an attempt that has sound."""
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path))
    calls = make_trainee("Sam") / "calls"
    call = kept_call(str((calls / "20260102-030405-short").relative_to(tmp_path))).hold()
    record = call.recorder.record(Ending.RESOLVED, seed=3, engines={}, trainee="Sam")
    close_call(call.keeper, record)
    add_attempt(call.folder, made(call.script, record), noise())
    return call.folder


def test_their_sound_goes_with_that_of_the_call_and_their_words_stay(stored):
    assert describe(stored).sound
    apply_retention("Sam", Settings(keep_sound_days=30, keep_numbers_days=365), now=NOW + timedelta(days=10))
    assert list(stored.rglob("*.flac")) == []
    assert len(attempts_of(stored)) == 1
    assert not describe(stored).sound


def test_are_their_owners_alone_and_go_with_the_call(stored):
    if sys.platform != "win32":
        assert {oct(path.stat().st_mode & 0o777) for path in (stored / "attempts").iterdir()} == {"0o600"}
        assert oct((stored / "attempts").stat().st_mode & 0o777) == "0o700"
    delete_call("Sam", find_call("Sam", "last"))
    assert not stored.exists()


def test_go_with_a_call_in_a_folder_of_its_own(closed):
    folder, attempt = closed
    add_attempt(folder, attempt, noise())
    (folder / "mine.txt").write_text("kept")
    delete_call("Sam", folder)
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]


def test_are_forgotten_with_their_trainee(stored):
    forget("Sam")
    assert not stored.exists()


def test_are_shared_with_the_sound_without_delivery_and_name(stored, tmp_path):
    """Nothing of how it sounded, and no name, unless these are chosen too."""
    record = recover(stored)
    assert share_attempts(record, stored, tmp_path / "none", frozenset({Part.NAME, Part.DELIVERY})) == ()
    assert not (tmp_path / "none").exists()
    [own] = attempts_of(stored)
    assert own.reply.delivery is not None
    for parts in (frozenset({Part.SOUND}), frozenset(Part)):
        out = tmp_path / f"shared-{len(parts)}"
        written = share_attempts(record, stored, out, parts)
        assert {path.name for path in written} == {"attempts.jsonl", "1-1.flac"}
        [shared] = attempts_of(out)
        assert (shared.reply.delivery is None) == (Part.DELIVERY not in parts)
        assert (shared.turn, shared.n, shared.line) == (own.turn, own.n, own.line)
        assert (out / shared.sound).read_bytes() == (stored / own.sound).read_bytes()


def test_are_exported_and_never_shared_unless_sound_is(stored, tmp_path):
    out = tmp_path / "all.zip"
    export("Sam", [stored], out, now=NOW, everything=False)
    names = zipfile.ZipFile(out).namelist()
    assert {f"calls/{stored.name}/attempts/{name}" for name in ("attempts.jsonl", "1-1.flac")} <= set(names)
    record = recover(stored)
    for parts in (frozenset(), frozenset({Part.NAME, Part.DELIVERY})):
        shared = tmp_path / f"shared-{len(parts)}"
        share(record, stored, shared, parts, now=NOW)
        assert {path.name for path in shared.iterdir()} == {"call.json", "report.html"}
