"""A running call on disk: everything in its order, whatever kills the process and whatever the disk does."""

import errno
import json
import os
import signal
import stat
import subprocess
import sys
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicesim.errors import StorageError
from voicesim.files import read_pcm, read_sound
from voicesim.store.appender import Appender
from voicesim.store.claim import is_claimed
from voicesim.store.keeper import Keeper
from voicesim.store.places import JOURNAL, part_path, sound_path
from voicesim.store.recovery import recover, state_of

SECOND = 16_000


def noise(seed, seconds):
    """float32[2, n] of whole 16-bit steps: what is kept can be compared sample for sample."""
    steps = np.random.default_rng(seed).integers(-32_768, 32_768, (2, seconds * SECOND))
    return (steps / 32_768).astype(np.float32)


def feed(keeper, both, start=0, end=None):
    """The samples from ``start`` on as frames, with an entry every second."""
    for at in range(start, end or both.shape[1], 320):
        keeper.sound(both[0, at : at + 320], both[1, at : at + 320])
        if keeper.at % SECOND == 0:
            keeper.entry("note", text=str(keeper.at))


def kept(folder):
    return np.stack([read_pcm(part_path(folder, "trainee")), read_pcm(part_path(folder, "caller"))])


def entries(folder):
    return [json.loads(line) for line in (folder / JOURNAL).read_text().splitlines()]


def test_keeps_everything_in_its_order(tmp_path):
    """Both channels sample for sample; the entries count the samples before them; both survive a second close."""
    both, keeper = noise(1, 3), Keeper(tmp_path)
    keeper.entry("opened", schema=1)
    feed(keeper, both)
    assert keeper.at == 3 * SECOND
    keeper.close()
    keeper.close()
    assert (kept(tmp_path) == both).all()
    assert entries(tmp_path) == [
        {"at": 0, "what": "opened", "schema": 1},
        *({"at": n * SECOND, "what": "note", "text": str(n * SECOND)} for n in (1, 2, 3)),
    ]


def test_sound_is_kept_as_it_was_queued(tmp_path):
    """A frame whose array is used again does not change what is kept."""
    keeper, frame = Keeper(tmp_path), np.full(320, 0.5, np.float32)
    for _ in range(100):
        frame[:] = 0.5
        keeper.sound(frame, frame)
        frame[:] = 0
    keeper.close()
    assert (kept(tmp_path) == 0.5).all()


@pytest.mark.skipif(os.name == "nt", reason="no such rights here")
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o277])
def test_files_are_their_owners_only(tmp_path, umask):
    before = os.umask(umask)
    try:
        Keeper(tmp_path).close()
    finally:
        os.umask(before)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    assert len(list(tmp_path.iterdir())) == 3


def test_a_typed_call_has_a_journal_only(tmp_path):
    keeper = Keeper(tmp_path, sound=False)
    keeper.entry("note", text="typed")
    keeper.close()
    assert [path.name for path in tmp_path.iterdir()] == [JOURNAL]
    assert len(entries(tmp_path)) == 1


@pytest.mark.parametrize("there", [JOURNAL, "caller.pcm.part", "trainee.pcm.part"])
def test_never_writes_over_a_call(tmp_path, there):
    """A folder that holds anything of a call is refused, and nothing is left in it that was not there."""
    (tmp_path / there).write_bytes(b"precious")
    with pytest.raises(StorageError, match=f"{there}: is there already"):
        Keeper(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_bytes() == b"precious"


def test_a_folder_is_claimed_until_the_keeper_is_closed(tmp_path):
    keeper = Keeper(tmp_path)
    assert is_claimed(tmp_path)
    keeper.finish()
    assert is_claimed(tmp_path)
    keeper.close()
    assert not is_claimed(tmp_path)


def test_nothing_waits_for_the_disk(tmp_path, monkeypatch, until):
    """While a sync hangs, sound and entries are taken, and the system has them, so that a kill would lose nothing."""
    hanging, go_on, fsync = threading.Event(), threading.Event(), os.fsync

    def hang(handle):
        hanging.set()
        go_on.wait(30)
        fsync(handle)

    both, keeper = noise(2, 5), Keeper(tmp_path)
    monkeypatch.setattr(os, "fsync", hang)
    feed(keeper, both, 0, SECOND)
    assert hanging.wait(30)
    feed(keeper, both, SECOND)
    assert keeper.at == 5 * SECOND
    until(lambda: len(entries(tmp_path)) == 5 and (kept(tmp_path) == both).all())
    go_on.set()
    keeper.close()
    assert (kept(tmp_path) == both).all()
    assert len(entries(tmp_path)) == 5


RECORD = """
import os, sys, threading
from pathlib import Path
import numpy as np
from voicesim.store.keeper import Keeper
both = (np.random.default_rng(int(sys.argv[2])).integers(-32_768, 32_768, (2, 960_000)) / 32_768).astype(np.float32)
keeper, pace = Keeper(Path(sys.argv[1])), threading.Event()
for at in range(0, 960_000, 320):
    keeper.sound(both[0, at : at + 320], both[1, at : at + 320])
    if keeper.at % 6_400 == 0:
        keeper.entry("note", text=str(keeper.at))
    os.write(1, b".")
    pace.wait(0.006)
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL here")
@pytest.mark.parametrize("seed", range(6))
def test_a_killed_process_loses_a_second_at_most(tmp_path, seed):
    """At three times the speed of a call, killed at any moment: recovered is what was fed, but for the last second."""
    frames = int(np.random.default_rng(seed).integers(5, 350))
    command = [sys.executable, "-c", RECORD, str(tmp_path), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0) as child:
        fed = sum(len(child.stdout.read(1)) for _ in range(frames))
        assert fed == frames
        assert state_of(tmp_path) == "running"
        child.send_signal(signal.SIGKILL)
        fed += len(child.stdout.read())
    assert child.returncode == -signal.SIGKILL
    notes, raw = entries(tmp_path), kept(tmp_path) if _equal(tmp_path) else None
    recover(tmp_path)
    both = noise(seed, 60)
    sounds = [read_sound(sound_path(tmp_path, name))[0].samples for name in ("trainee", "caller")]
    length = len(sounds[0])
    lost = fed * 320 - length
    print(f"fed {fed * 20 / 1000:.2f} s, lost {max(lost, 0)} samples")
    assert length == len(sounds[1])
    assert lost <= SECOND
    assert (sounds[0] == both[0, :length]).all()
    # The frame under way may have reached one channel only.
    assert (sounds[1][:-320] == both[1, : length - 320]).all()
    assert raw is None or (np.stack(sounds) == raw).all()
    # What an entry stands behind was with the system before it.
    assert all(note["at"] <= length for note in notes)


def _equal(folder):
    return part_path(folder, "trainee").stat().st_size == part_path(folder, "caller").stat().st_size


def test_a_full_disk_that_gets_room_again_loses_nothing(small_disk, until):
    """The call goes on in memory while the disk is full, says so, and is whole on the disk afterwards."""
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(800_000))
    both, keeper = noise(4, 8), Keeper(small_disk)
    feed(keeper, both, 0, 5 * SECOND)
    until(lambda: keeper.trouble is not None)
    assert "the disk is full. Free some space" in str(keeper.trouble)
    feed(keeper, both, 5 * SECOND, 7 * SECOND)
    ballast.unlink()
    until(lambda: keeper.trouble is None)
    feed(keeper, both, 7 * SECOND)
    keeper.close()
    assert (kept(small_disk) == both).all()
    assert [entry["at"] for entry in entries(small_disk)] == [n * SECOND for n in range(1, 9)]


def test_a_disk_that_stays_full_is_said_at_the_close(small_disk):
    """The rest is named in seconds and can be closed again once there is room; what was written stays readable."""
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(800_000))
    both, keeper = noise(5, 6), Keeper(small_disk)
    feed(keeper, both)
    with pytest.raises(StorageError, match=r"part: the last \d\.\d s of the call cannot be written: the disk is full"):
        keeper.finish()
    assert keeper.trouble
    there = read_pcm(part_path(small_disk, "trainee"))
    assert (there == both[0, : len(there)]).all()
    ballast.unlink()
    keeper.close()
    assert keeper.trouble is None
    assert (kept(small_disk) == both).all()
    assert len(entries(small_disk)) == 6


def test_no_file_is_left_by_a_keeper_that_could_not_begin(small_disk):
    """On a disk without room for one more file: one line that says so, and the folder is as it was."""
    folder = small_disk / "call"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m,nr_inodes=3", "tmpfs", str(folder)]
    subprocess.run(command, check=True)
    try:
        with pytest.raises(StorageError, match="the disk is full"):
            Keeper(folder)
        assert not list(folder.iterdir())
    finally:
        subprocess.run(["umount", str(folder)], check=True)


LIMITED = """
import resource, sys, threading
from pathlib import Path
import numpy as np
from voicesim.errors import StorageError
from voicesim.store.keeper import Keeper
_, most = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_001, most))
both = (np.random.default_rng(6).integers(-32_768, 32_768, (2, 64_000)) / 32_768).astype(np.float32)
keeper, moment = Keeper(Path(sys.argv[1])), threading.Event()
for at in range(0, 64_000, 320):
    keeper.sound(both[0, at : at + 320], both[1, at : at + 320])
while keeper.trouble is None:
    moment.wait(0.01)
print(keeper.trouble)
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
while keeper.trouble is not None:
    moment.wait(0.01)
keeper.close()
"""


@pytest.mark.skipif(os.name == "nt", reason="no limit for the size of files here")
def test_a_file_that_may_grow_again_loses_nothing(tmp_path):
    """The limit cuts a sample in two (50 001 bytes); that half is taken back before the rest follows."""
    command = [sys.executable, "-c", LIMITED, str(tmp_path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    assert "the file would grow larger than this system allows" in said
    assert (kept(tmp_path) == noise(6, 4)).all()


def test_a_sync_that_failed_is_not_believed_later(tmp_path, monkeypatch, until):
    """A system may drop what it could not write and report it once: all that was not on the disk is written again."""
    fsync, failed = os.fsync, []

    def drop(handle):
        if len(failed) < 3:
            failed.append(handle)
            os.ftruncate(handle, max(0, os.fstat(handle).st_size - 7_001))
            raise OSError(errno.EIO, "Input/output error")
        fsync(handle)

    both, keeper = noise(7, 4), Keeper(tmp_path)
    monkeypatch.setattr(os, "fsync", drop)
    feed(keeper, both)
    until(lambda: keeper.trouble is not None)
    assert "Input/output error" in str(keeper.trouble)
    until(lambda: keeper.trouble is None)
    keeper.close()
    assert len(failed) == 3
    assert (kept(tmp_path) == both).all()
    assert len(entries(tmp_path)) == 4


class BadFile:
    """A real file on a disk that has its bad moments: it writes half or nothing, as a plan says."""

    def __init__(self, file, plan):
        self._file, self._plan = file, plan

    def write(self, data):
        what = self._plan.pop() if self._plan else "good"
        if what == "good":
            return self._file.write(data)
        if what == "half":
            return self._file.write(data[: len(data) // 2 + 1])
        self._file.write(data[: len(data) // 3])
        raise OSError(errno.ENOSPC, "full")

    def __getattr__(self, name):
        return getattr(self._file, name)


@settings(max_examples=60, deadline=None)
@given(
    plan=st.lists(st.sampled_from(["good", "half", "bad"]), max_size=30),
    pieces=st.lists(st.tuples(st.binary(min_size=1, max_size=40), st.booleans()), max_size=20),
)
def test_a_file_holds_exactly_what_it_took(tmp_path_factory, plan, pieces):
    """Whatever of the writes fails or is done by half: at the end the file is what was taken, no byte more or less."""
    file = Appender(tmp_path_factory.mktemp("a") / "a")
    file._file = BadFile(file._file, plan)
    for data, sync in pieces:
        file.take(data)
        for _ in range(50):
            try:
                file.sync() if sync else file.flush()
                break
            except StorageError:
                # It was opened anew, on the same bad disk.
                file._file = BadFile(file._file, plan)
        assert file.path.read_bytes() == b"".join(d for d, _ in pieces)[: file.path.stat().st_size]
    file.close()
    assert file.path.read_bytes() == b"".join(d for d, _ in pieces)


def test_on_a_disk_without_locks_no_call_begins(tmp_path, monkeypatch):
    """Nobody could tell later whether it still runs; nothing is left behind."""
    fcntl = pytest.importorskip("fcntl")

    def unknown(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", unknown)
    with pytest.raises(StorageError, match=r"journal.jsonl: cannot be locked: No locks available. Choose another"):
        Keeper(tmp_path)
    assert not list(tmp_path.iterdir())


def test_whoever_looks_keeps_no_call_from_beginning(tmp_path):
    """To ask whether a call runs takes the lock for a moment; a keeper that begins then waits for that moment."""
    folders, over = [tmp_path / str(n) for n in range(100)], threading.Event()

    def look():
        while not over.is_set():
            for folder in folders:
                state_of(folder)

    lookers = [threading.Thread(target=look) for _ in range(2)]
    for looker in lookers:
        looker.start()
    try:
        for folder in folders:
            folder.mkdir()
            Keeper(folder).close()
    finally:
        over.set()
        for looker in lookers:
            looker.join()
