"""The index of a trainee's calls always says what the folders say, whatever became of its file."""

import importlib.util
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from voicesim.model import RATE_HZ, Ending, Feedback, Phase, ScorePart
from voicesim.report.data import dumps, record_to_json
from voicesim.store import index as index_module
from voicesim.store.index import REVISIONS, CallIndex, CallRow, _begin_at_once, migrate
from voicesim.store.places import index_path, make_trainee
from voicesim.store.stored import State, StoredCall, describe, length_of

SAMPLE = Path(__file__).parents[1] / "report" / "sample.py"


@pytest.fixture(scope="module")
def record():
    spec = importlib.util.spec_from_file_location("call_samples_of_the_store", SAMPLE)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    phases = dict.fromkeys(Phase, ScorePart(points=5, of=10))
    return replace(module.sample_record(), feedback=Feedback(total=64, phases=phases))


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def keep(record):
    """Makes the folder of a finished call."""

    def kept(call_id, trainee="you", **values):
        folder = make_trainee(trainee) / "calls" / call_id
        folder.mkdir(mode=0o700)
        clock = {"began_utc": f"{call_id[:4]}-{call_id[4:6]}-{call_id[6:8]}T10:00:00+00:00"}
        made = replace(record, **{"clock": clock} | values)
        (folder / "call.json").write_text(dumps(record_to_json(made)))
        return folder

    return kept


def test_lies_in_the_trainee_s_folder_whatever_that_is_called(tmp_path, monkeypatch, keep):
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "my calls? 100% #1"))
    keep("20260301-100000-a")
    assert ids() == ["20260301-100000-a"]
    assert [path.name for path in tmp_path.iterdir()] == ["my calls? 100% #1"]
    assert index_path("you").stat().st_size > 0


def ids(trainee="you", beginning=""):
    return [call.id for call in CallIndex(trainee).find(beginning)]


def cut_off(call_id, opened=True):
    """A call whose process is gone: a journal and one second of raw sound."""
    folder = make_trainee("you") / "calls" / call_id
    folder.mkdir(mode=0o700)
    script = {"id": "late-refund", "version": 3, "sha256": "00", "title": "A late refund"}
    first = {"at": 0, "what": "opened", "schema": 1, "script": script, "began_utc": "2026-03-04T10:00:00+00:00"}
    (folder / "journal.jsonl").write_text(json.dumps(first) + "\n" if opened else '{"at": 0, "wh')
    (folder / "trainee.pcm.part").write_bytes(bytes(2 * RATE_HZ))
    (folder / "caller.pcm.part").write_bytes(bytes(2 * RATE_HZ))
    return folder


def test_without_calls_there_is_nothing_and_no_folder_is_made(data):
    assert CallIndex("you").find() == ()
    assert not data.exists()


def test_a_finished_call_is_listed_with_what_its_record_says(keep, record):
    folder = keep("20260301-100000-billed-twice")
    (folder / "trainee.flac").touch()
    (found,) = CallIndex("you").find()
    assert found == describe(folder)
    assert (found.state, found.ending, found.total, found.sound) == (State.FINISHED, Ending.RESOLVED, 64, True)
    assert (found.script_id, found.script_title) == ("billed-twice", record.script.title)
    assert found.began_utc == "2026-03-01T10:00:00+00:00"
    assert found.length == length_of(record)


def test_newest_calls_come_first_and_beginnings_choose(keep):
    for day in ("0301", "0303", "0302"):
        keep(f"2026{day}-100000-a")
    assert ids() == ["20260303-100000-a", "20260302-100000-a", "20260301-100000-a"]
    assert ids(beginning="20260302") == ["20260302-100000-a"]
    assert ids(beginning="2026030_") == []


def test_folders_that_come_go_and_change_are_seen_at_the_next_look(keep):
    first, second = keep("20260301-100000-a"), keep("20260302-100000-b")
    index = CallIndex("you")
    assert len(index.find()) == 2
    shutil.rmtree(first)
    keep("20260303-100000-c")
    assert [call.id for call in index.find()] == ["20260303-100000-c", "20260302-100000-b"]
    (second / "trainee.flac").touch()
    assert [call.sound for call in index.find()] == [False, True]


def test_a_finished_call_is_read_only_once(keep, monkeypatch):
    keep("20260301-100000-a")
    assert len(ids()) == 1
    monkeypatch.setattr(index_module, "describe", None)
    assert len(ids()) == 1


@pytest.mark.parametrize(
    ("opened", "script", "version", "began"),
    [
        (True, "late-refund", 3, "2026-03-04T10:00:00+00:00"),
        (False, "cut-short", None, "2026-03-05T11:12:13+00:00"),
    ],
)
def test_a_call_that_was_cut_off_is_listed_with_what_is_left(opened, script, version, began):
    cut_off("20260305-111213-cut-short", opened)
    (found,) = CallIndex("you").find()
    assert found.state is State.INTERRUPTED
    assert (found.script_id, found.script_version, found.began_utc) == (script, version, began)
    assert (found.length_s, found.sound, found.ending) == (1.0, True, None)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"schema": 99}', b"\xff", b"[" * 100_000])
def test_a_call_whose_record_is_damaged_is_still_listed(keep, content):
    folder = keep("20260301-100000-a")
    (folder / "call.json").write_bytes(content)
    (found,) = CallIndex("you").find()
    assert (found.state, found.script_id, found.began_utc) == (State.DAMAGED, "a", "2026-03-01T10:00:00+00:00")


def test_a_folder_of_any_name_has_a_time(keep):
    folder = keep("20260301-100000-a", clock={"began_utc": "yesterday"})
    moved = folder.rename(folder.with_name("my best call"))
    os.utime(moved, (0, 0))
    assert CallIndex("you").find()[0].began_utc == "1970-01-01T00:00:00+00:00"


def test_put_find_and_remove(keep):
    index = CallIndex("you")
    call = describe(keep("20260301-100000-a"))
    index.put(call)
    index.put(replace(call, total=1))
    assert [found.total for found in index.find()] == [1]
    index.remove(call.id)
    assert [found.total for found in index.find()] == [64]


def test_one_trainees_calls_are_never_found_for_another(keep):
    keep("20260301-100000-a", trainee="Ann")
    keep("20260302-100000-b", trainee="Ben")
    assert ids("Ann") == ["20260301-100000-a"]
    assert ids("Ben") == ["20260302-100000-b"]
    assert ids("Ben", "20260301") == []


# -- the file ---------------------------------------------------------------------------------------------------------


def at_revision(revision):
    """An index file as the version with that step wrote it, with one call that is not there any more."""
    from sqlalchemy import create_engine

    path = index_path("you")
    path.unlink(missing_ok=True)
    engine = create_engine(f"sqlite:///{path}")
    _begin_at_once(engine)
    with engine.begin() as connection:
        migrate(connection, revision)
        connection.exec_driver_sql(
            "INSERT INTO calls (id, state, began_utc, script_id, script_title, sound) "
            "VALUES ('20260301-100000-a', 'finished', '2026', 'old', 'old', 0)"
        )
    engine.dispose()


def version():
    with sqlite3.connect(index_path("you")) as connection:
        return connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_index_of_every_version_is_brought_up_to_date(keep, revision):
    keep("20260301-100000-a")
    at_revision(revision)
    (found,) = CallIndex("you").find()
    assert found.script_id == "billed-twice"
    assert version() == REVISIONS[-1]


def test_steps_keep_what_was_there():
    make_trainee("you")
    at_revision("0001")
    index = CallIndex("you")
    with index._session() as session:
        assert [(row.script_id, row.shared, row.stamp) for row in session.query(CallRow)] == [("old", 0, "")]


def test_the_steps_are_those_that_the_index_knows_and_make_the_tables_it_uses():
    steps = ScriptDirectory(str(Path(index_module.__file__).parent / "migrations"))
    assert tuple(step.revision for step in reversed(list(steps.walk_revisions()))) == REVISIONS
    make_trainee("you")
    CallIndex("you").rebuild()
    index = CallIndex("you")
    index.put(StoredCall(id="a", state=State.FINISHED, began_utc="2026", script_id="a"))
    with sqlite3.connect(index_path("you")) as connection:
        made = [row[1] for row in connection.execute("PRAGMA table_info(calls)")]
    assert sorted(made) == sorted(CallRow.__table__.columns.keys())


def newer():
    with sqlite3.connect(index_path("you")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.execute("ALTER TABLE calls ADD COLUMN mood TEXT NOT NULL DEFAULT ''")


def other_tables():
    index_path("you").unlink()
    with sqlite3.connect(index_path("you")) as connection:
        connection.execute("CREATE TABLE calls (something TEXT)")


def no_table():
    with sqlite3.connect(index_path("you")) as connection:
        connection.execute("DROP TABLE calls")


def cut_in_half():
    content = index_path("you").read_bytes()
    index_path("you").write_bytes(content[: len(content) // 2])


def holes():
    with index_path("you").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 8192)


@pytest.mark.parametrize(
    "damage",
    [
        lambda: index_path("you").unlink(),
        lambda: index_path("you").write_bytes(b""),
        lambda: index_path("you").write_bytes(b"this is no database" * 500),
        cut_in_half,
        holes,
        newer,
        other_tables,
        no_table,
    ],
    ids=["deleted", "empty", "no database", "cut", "holes", "newer", "other tables", "no table"],
)
def test_an_index_in_any_state_is_made_again_without_a_fuss(keep, damage):
    keep("20260301-100000-a")
    keep("20260302-100000-b")
    before = CallIndex("you").find()
    damage()
    assert CallIndex("you").find() == before
    assert version() == REVISIONS[-1]


def test_damage_that_comes_up_in_the_middle_is_mended_too(keep):
    keep("20260301-100000-a")
    index = CallIndex("you")
    before = index.find()
    holes()
    assert index.find() == before


def test_rebuilding_reads_every_folder(keep):
    keep("20260301-100000-a")
    index = CallIndex("you")
    index.put(replace(index.find()[0], total=1))
    assert [call.total for call in index.find()] == [1]
    assert [call.total for call in index.rebuild()] == [64]


def test_where_no_index_can_be_written_calls_are_listed_all_the_same(keep):
    keep("20260301-100000-a")
    index_path("you").mkdir()
    (index_path("you") / "in the way").touch()
    assert ids() == ["20260301-100000-a"]


def test_on_a_full_disk_calls_are_listed_all_the_same(keep, monkeypatch):
    keep("20260301-100000-a")
    index_path("you").symlink_to("/dev/full")
    assert ids() == ["20260301-100000-a"]


@pytest.mark.skipif(os.name == "nt", reason="file modes are of POSIX")
def test_the_index_is_for_the_owner_only(keep):
    keep("20260301-100000-a")
    assert ids()
    assert index_path("you").stat().st_mode & 0o777 == 0o600


WRITER = """
import sys
from voicesim.store.index import CallIndex
from voicesim.store.stored import State, StoredCall
for number in range(40):
    index = CallIndex("you")
    index.put(StoredCall(id=f"{sys.argv[1]}-{number}", state=State.FINISHED, began_utc="2026", script_id="a"))
    index.close()
"""


def test_two_programs_write_one_index_at_a_time_from_its_making_on():
    make_trainee("you")
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, name], stderr=subprocess.PIPE) for name in "ab"]
    assert [(writer.communicate()[1], writer.returncode) for writer in writers] == [(b"", 0), (b"", 0)]
    with sqlite3.connect(index_path("you")) as connection:
        assert connection.execute("SELECT count(*) FROM calls").fetchone() == (80,)
