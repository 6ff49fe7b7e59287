"""Sound goes first, the rest of a call later, and what nobody has put together yet never."""

import importlib.util
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from voicesim.errors import InputError, StorageError, UsageError
from voicesim.files import encode_flac, write_flac
from voicesim.report.data import dumps, record_to_json
from voicesim.report.html import render_report
from voicesim.settings import Settings
from voicesim.store import retention
from voicesim.store.claim import Claim
from voicesim.store.incoming import bring_in
from voicesim.store.index import CallIndex
from voicesim.store.places import make_trainee, trainees
from voicesim.store.removal import delete_call, forget, holdings, sweep
from voicesim.store.retention import What, apply_retention, due, first_start_note
from voicesim.store.stored import State, StoredCall

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
SAMPLE = Path(__file__).parents[1] / "report" / "sample.py"


def stored(age_days, state=State.FINISHED, sound=True):
    began = NOW - timedelta(days=age_days)
    return StoredCall(id="a", state=state, began_utc=began.isoformat(), script_id="a", sound=sound)


@pytest.mark.parametrize(
    ("age_days", "sound", "what"),
    [
        (29.99, True, None),
        (30, True, What.SOUND),
        (30, False, None),
        (364.99, True, What.SOUND),
        (365, True, What.ALL),
        (365, False, What.ALL),
        (-400, True, None),
    ],
)
def test_sound_goes_after_its_days_and_the_call_after_its_own(age_days, sound, what):
    assert [one.what for one in due([stored(age_days, sound=sound)], NOW, Settings())] == ([what] if what else [])


@pytest.mark.parametrize(
    ("sound_days", "numbers_days", "what"),
    [(0, 0, None), (0, 365, What.ALL), (30, 0, What.SOUND), (365, 30, What.ALL), (30, 5000, What.SOUND)],
)
def test_no_days_keep_for_ever(sound_days, numbers_days, what):
    settings = Settings(keep_sound_days=sound_days, keep_numbers_days=numbers_days)
    assert [one.what for one in due([stored(1000)], NOW, settings)] == ([what] if what else [])


@pytest.mark.parametrize(
    ("state", "goes"),
    [(State.FINISHED, True), (State.DAMAGED, True), (State.RUNNING, False), (State.INTERRUPTED, False)],
)
def test_only_calls_that_are_over_are_due(state, goes):
    assert bool(due([stored(1000, state)], NOW, Settings())) == goes


# -- in folders -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample():
    spec = importlib.util.spec_from_file_location("call_samples_to_retain", SAMPLE)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def keep(sample):
    """Makes the folder of a finished call of so many days ago, with sound and a report that has it."""

    def kept(age_days, trainee="you", parent=None):
        began = NOW - timedelta(days=age_days)
        folder = (parent or make_trainee(trainee) / "calls") / f"{began:%Y%m%d-%H%M%S}-billed-twice"
        folder.mkdir()
        record = replace(sample.sample_record(), clock={"began_utc": began.isoformat()})
        (folder / "call.json").write_text(dumps(record_to_json(record)))
        (folder / "journal.jsonl").touch()
        sounds = {name: np.zeros(16_000, np.float32) for name in ("caller", "trainee")}
        for name, samples in sounds.items():
            write_flac(folder / f"{name}.flac", samples)
        (folder / "report.html").write_text(render_report(record, sounds=sounds, encode=encode_flac))
        return folder

    return kept


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_sound_goes_from_the_folder_and_from_the_report(keep):
    folder = keep(31)
    assert "data:audio" in (folder / "report.html").read_text()
    made = []

    def report_again(of):
        made.append(of)
        (of / "report.html").write_text("a page without sound")

    told = apply_retention("you", Settings(), report_again=report_again, now=NOW)
    assert told == ("The sound of 1 call was deleted: 30 days old or more (setting keep_sound_days).",)
    assert names(folder) == ["call.json", "journal.jsonl", "report.html"]
    assert made == [folder]
    assert apply_retention("you", Settings(), now=NOW) == ()


@pytest.mark.parametrize("fails", [None, InputError("a damaged record")], ids=["nobody makes it", "it fails"])
def test_a_report_that_cannot_be_made_again_goes_with_the_sound_in_it(keep, fails):
    def report_again(_):
        raise fails

    folder = keep(31)
    apply_retention("you", Settings(), report_again=report_again if fails else None, now=NOW)
    assert names(folder) == ["call.json", "journal.jsonl"]


def test_a_deletion_that_was_cut_off_is_finished_the_next_time(keep):
    folder = keep(31)
    (folder / "report.html").unlink()
    (folder / "caller.flac").unlink()
    apply_retention("you", Settings(), now=NOW)
    assert names(folder) == ["call.json", "journal.jsonl"]


def test_old_calls_go_whole_and_vanish_from_the_list(keep):
    old, older, new = keep(365), keep(400), keep(1)
    told = apply_retention("you", Settings(), now=NOW)
    assert told == ("2 calls were deleted: 365 days old or more (setting keep_numbers_days).",)
    assert not old.exists()
    assert not older.exists()
    assert [call.id for call in CallIndex("you").find()] == [new.name]


def test_every_trainee_is_served_and_only_the_own_calls_are_told(keep):
    keep(400, "Ann")
    keep(31, "Ben")
    assert apply_retention("Cleo", Settings(), now=NOW) == ()
    assert [len(CallIndex(name).find()) for name in trainees()] == [0, 1]
    assert [call.sound for call in CallIndex("Ben").find()] == [False]


def test_a_call_in_a_folder_of_ones_own_is_never_touched(keep, tmp_path):
    make_trainee("you")
    folder = keep(1000, parent=tmp_path)
    before = names(folder)
    assert apply_retention("you", Settings(), now=NOW) == ()
    assert names(folder) == before


def test_a_call_that_runs_or_was_cut_off_is_never_touched(keep):
    running, cut_off = keep(1000), keep(900)
    for folder in (running, cut_off):
        (folder / "call.json").unlink()
        (folder / "trainee.pcm.part").write_bytes(bytes(32_000))
    before = names(running)
    with Claim(running):
        assert apply_retention("you", Settings(), now=NOW) == ()
        assert {call.state for call in CallIndex("you").find()} == {State.RUNNING, State.INTERRUPTED}
    assert names(running) == names(cut_off) == before


def test_what_cannot_be_deleted_is_told_and_does_not_keep_the_others(keep, monkeypatch):
    keep(400)
    other = keep(31)

    def refused(*_):
        raise StorageError("cannot be deleted: permission denied", where="there")

    monkeypatch.setattr(retention, "delete_call", refused)
    told = apply_retention("you", Settings(), now=NOW)
    assert [sentence.split(":")[0] for sentence in told] == [
        "The sound of 1 call was deleted",
        "What is too old could not be deleted",
    ]
    assert "trainee.flac" not in names(other)


def test_it_is_told_once_where_calls_lie_and_how_long(data):
    told = first_start_note(data, Settings(keep_numbers_days=0))
    assert str(data) in told
    assert "sound is deleted after 30 days, the rest is kept until you delete it" in told
    assert first_start_note(data, Settings()) is None
    assert (data / "told.json").stat().st_mode & 0o777 == 0o600


def test_a_disk_that_keeps_no_mark_is_no_error(tmp_path):
    (tmp_path / "file").touch()
    assert first_start_note(tmp_path / "file" / "data", Settings())


@pytest.mark.parametrize(
    ("came", "began", "gone"),
    [
        ("2026-06-29", "2026-05-31T12:00:00+00:00", True),
        ("2026-06-29", "2026-05-31T12:00:01+00:00", False),
        ("2026-05-01", "2099-01-01T00:00:00+00:00", True),
        ("2026-06-29", "no time", False),
        ("2026-05-01", None, True),
    ],
)
def test_sound_that_was_shared_goes_as_many_days_after_its_call(keep, sample, tmp_path, came, began, gone):
    """What a copy says of its beginning counts unless it is of a time after it came; its words stay."""
    copy = tmp_path / "copy"
    copy.mkdir()
    record = replace(sample.sample_record(), clock={} if began is None else {"began_utc": began})
    (copy / "call.json").write_text(dumps(record_to_json(record)))
    one = bring_in(copy, "A", f"{came}T00:00:00+00:00")
    (one.folder / "sound.flac").write_bytes(b"sound")
    told = apply_retention("you", Settings(), now=NOW)
    sentence = "The sound of 1 call that was shared with you is deleted: 30 days old or more (setting keep_sound_days)."
    assert (told, one.sound) == (((sentence,), False) if gone else ((), True))
    assert names(one.folder) == ["call.json", "from.json", *([] if gone else ["sound.flac"])]


# -- deleting ---------------------------------------------------------------------------------------------------------


def test_a_deleted_call_leaves_nothing(keep):
    folder = keep(1)
    CallIndex("you").find()
    delete_call("you", folder)
    assert names(folder.parents[1]) == ["baselines", "calls", "index.sqlite", "trainee.json"]
    assert names(folder.parent) == []


def test_of_a_folder_of_ones_own_only_the_files_of_the_call_go(keep, tmp_path):
    folder = keep(1, parent=tmp_path)
    (folder / "notes.txt").touch()
    delete_call("you", folder)
    assert names(folder) == ["notes.txt"]
    alone = keep(2, parent=tmp_path)
    delete_call("you", alone)
    assert not alone.exists()


def test_a_running_call_can_not_be_deleted_nor_its_trainee_forgotten(keep):
    folder = keep(1)
    with Claim(folder):
        with pytest.raises(UsageError, match="just running"):
            delete_call("you", folder)
        with pytest.raises(UsageError, match="just running"):
            forget("you")
    assert "call.json" in names(folder)


def test_forgetting_leaves_nothing_of_one_trainee_and_everything_of_the_others(keep, data):
    keep(1, "Ann")
    keep(2, "Ann")
    other = keep(1, "Ben")
    (make_trainee("Ann") / "baselines" / "headset.json").touch()
    CallIndex("Ann").find()
    held = holdings("Ann")
    assert (len(held.calls), held.baselines) == (2, 1)
    forget("Ann")
    assert names(data / "trainees") == ["ben"]
    assert names(data) == ["trainees"]
    assert "call.json" in names(other)
    with pytest.raises(UsageError, match="there is no trainee 'Ann' here"):
        holdings("Ann")


def test_what_a_cut_off_deletion_left_is_swept_up(data):
    for parent in (data, make_trainee("you")):
        (parent / ".deleted-0123" / "sound").mkdir(parents=True)
    sweep("you")
    assert names(data) == ["trainees"]
    assert not list(data.rglob(".deleted-*"))
