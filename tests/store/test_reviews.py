"""A review is private, only grows, loses nothing to others who write, and is shared only as far as was chosen."""

import importlib.util
import json
import multiprocessing
import os
import stat
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from voicesim.coach.review import EntryKind, ReviewEntry, Role
from voicesim.errors import InputError, StorageError
from voicesim.store.closing import write_record
from voicesim.store.exporting import export
from voicesim.store.places import make_trainee
from voicesim.store.removal import delete_call, forget
from voicesim.store.reviews import REVIEW, Review, add_entries, review_in, review_of
from voicesim.store.sharing import Part, share, shared_review

SAMPLE = Path(__file__).parents[1] / "report" / "sample.py"
NAME = "Zebulon Quist"


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "data"))


@pytest.fixture(scope="module")
def record():
    spec = importlib.util.spec_from_file_location("call_samples_to_review", SAMPLE)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return replace(module.sample_record(), trainee=NAME)


def entry(note="Good.", **values):
    said = {"kind": EntryKind.COMMENT, "by": "Anna", "role": Role.TRAINER, "at_utc": "2026-03-01T10:00:00+00:00"}
    return ReviewEntry(**(said | {"note": note} | values))


FULL = entry(
    kind=EntryKind.OVERRIDE, turn=2, at_s=83.5, finding="apology", verdict=True, points=3, phase="control", blind=True
)


def test_entries_come_back_as_they_were_added_in_their_order(tmp_path):
    assert add_entries(tmp_path, [entry("one"), FULL]) is None
    assert add_entries(tmp_path, [entry("two")]) is None
    assert review_of(tmp_path) == Review(entries=(entry("one"), FULL, entry("two")))


def test_a_call_without_a_review_has_none(tmp_path):
    assert review_of(tmp_path) == Review()


@pytest.mark.skipif(sys.platform == "win32", reason="no such rights there")
def test_a_review_is_its_owners_only(tmp_path):
    before = os.umask(0)
    try:
        add_entries(tmp_path, [entry()])
    finally:
        os.umask(before)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def _write(folder, writer):
    for number in range(15):
        add_entries(folder, [entry(f"{writer}-{number}")])


def test_several_processes_lose_nothing_of_each_other(tmp_path):
    spawn = multiprocessing.get_context("spawn" if sys.platform == "win32" else "fork")
    writers = [spawn.Process(target=_write, args=(tmp_path, writer)) for writer in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    notes = [said.note for said in review_of(tmp_path).entries]
    assert sorted(notes) == sorted(f"{writer}-{number}" for writer in range(3) for number in range(15))
    assert [[n for n in notes if n[0] == str(w)] for w in range(3)] == [
        [f"{w}-{number}" for number in range(15)] for w in range(3)
    ]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b"{}", b'{"schema": 1, "entries": {}}', b"[" * 9_000])
def test_a_broken_file_is_told_in_one_line_and_kept_aside(tmp_path, content):
    (tmp_path / REVIEW).write_bytes(content)
    told = review_of(tmp_path).told
    assert "damaged" in told and "\n" not in told
    assert (tmp_path / REVIEW).read_bytes() == content  # looking changes nothing
    assert "kept aside as review.broken-1.json" in add_entries(tmp_path, [entry()])
    assert (tmp_path / "review.broken-1.json").read_bytes() == content
    assert review_of(tmp_path) == Review(entries=(entry(),))


def test_a_second_broken_file_does_not_take_the_place_of_the_first(tmp_path):
    for content in ("one", "two"):
        (tmp_path / REVIEW).write_text(content)
        add_entries(tmp_path, [entry()])
    assert [(tmp_path / f"review.broken-{n}.json").read_text() for n in (1, 2)] == ["one", "two"]


@pytest.mark.parametrize(
    "later",
    [
        {"kind": "applaud", "by": "Anna", "role": "trainer", "at_utc": "2026-03-01T10:00:00+00:00"},
        {"kind": "comment", "by": " ", "role": "trainer", "at_utc": "2026-03-01T10:00:00+00:00"},
        {"kind": "comment", "by": "Anna", "role": "trainer", "at_utc": "yesterday"},
        {"kind": "comment", "by": "Anna", "role": "trainer", "at_utc": "2026-03-01T10:00:00"},
        {"kind": "comment", "by": "Anna", "role": "trainer", "at_utc": "2026-03-01T10:00:00+00:00", "turn": "two"},
        7,
    ],
)
def test_an_entry_that_cannot_be_read_is_told_and_stays_in_the_file(tmp_path, later):
    (tmp_path / REVIEW).write_text(json.dumps({"schema": 1, "entries": [later]}))
    add_entries(tmp_path, [entry()])
    kept = review_of(tmp_path)
    assert (kept.entries, "1 entry of 2 cannot be read" in kept.told) == ((entry(),), True)
    assert json.loads((tmp_path / REVIEW).read_text())["entries"][0] == later


def test_keys_of_a_later_version_do_not_hide_an_entry(tmp_path):
    add_entries(tmp_path, [entry()])
    data = json.loads((tmp_path / REVIEW).read_text())
    data["entries"][0]["colour"] = "red"
    (tmp_path / REVIEW).write_text(json.dumps(data))
    assert review_of(tmp_path).entries == (entry(),)


def test_a_file_of_a_later_schema_is_neither_read_nor_written(tmp_path):
    (tmp_path / REVIEW).write_text('{"schema": 2, "entries": []}')
    for use in (lambda: review_of(tmp_path), lambda: add_entries(tmp_path, [entry()])):
        with pytest.raises(InputError, match="schema 2 is not 1"):
            use()
    assert (tmp_path / REVIEW).read_text() == '{"schema": 2, "entries": []}'


def test_a_review_is_read_from_its_file_or_its_folder(tmp_path):
    add_entries(tmp_path, [entry()])
    assert review_in(tmp_path) == review_in(tmp_path / REVIEW)
    with pytest.raises(InputError, match="there is no review"):
        review_in(tmp_path / "nowhere")
    (tmp_path / REVIEW).write_text("no")
    with pytest.raises(InputError, match=r"damaged. Name a review.json, or the folder of a call\.$"):
        review_in(tmp_path)
    (tmp_path / REVIEW).write_text('{"schema": 1, "entries": [7]}')
    with pytest.raises(InputError, match=r"no entry of this review can be read$"):
        review_in(tmp_path)


def test_of_a_review_that_is_read_in_part_the_rest_is_taken(tmp_path):
    add_entries(tmp_path, [entry()])
    data = json.loads((tmp_path / REVIEW).read_text())
    (tmp_path / REVIEW).write_text(json.dumps({**data, "entries": [7, *data["entries"]]}))
    assert review_in(tmp_path).entries == (entry(),)
    (tmp_path / REVIEW).write_text(json.dumps({**data, "entries": []}))
    assert review_in(tmp_path).entries == ()


def test_a_folder_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / REVIEW).mkdir()
    with pytest.raises(StorageError, match=REVIEW):
        add_entries(tmp_path, [entry()])


# -- what else is done with a call ------------------------------------------------------------------------------------


def kept_call(record):
    folder = make_trainee(NAME) / "calls" / "20260301-100000-billed-twice"
    folder.mkdir(mode=0o700)
    write_record(folder, record)
    (folder / REVIEW).write_text("broken")
    add_entries(folder, [entry("by a trainer"), entry("by me", by=NAME, role=Role.TRAINEE, kind=EntryKind.CONTEST)])
    return folder


def test_a_review_goes_with_its_call_and_with_its_trainee(record):
    delete_call(NAME, folder := kept_call(record))
    assert not folder.exists()
    forgotten = kept_call(record).parents[1]
    forget(NAME)
    assert not forgotten.exists()


def test_of_a_folder_of_somebodys_own_the_files_of_the_review_go_too(record, tmp_path):
    out = tmp_path / "my-call"
    kept_call(record).rename(out)
    delete_call(NAME, out)
    assert not out.exists()


def test_an_export_holds_the_review(record, tmp_path):
    folder = kept_call(record)
    assert export(NAME, [folder], tmp_path / "all.zip", now=datetime.now(UTC), everything=False) == 3


@pytest.mark.parametrize(
    ("parts", "notes"), [((), ["by me"]), ((Part.REVIEW,), ["by a trainer", "by me"]), ((Part.SOUND,), ["by me"])]
)
def test_what_trainers_said_is_shared_only_if_the_trainee_chooses(record, tmp_path, parts, notes):
    share(record, kept_call(record), tmp_path / "out", frozenset(parts), now=datetime.now(UTC))
    assert [said.note for said in review_of(tmp_path / "out").entries] == notes


def test_where_nothing_is_to_be_told_no_review_is_shared(record, tmp_path):
    folder = make_trainee(NAME) / "calls" / "20260301-100000-billed-twice"
    folder.mkdir()
    add_entries(folder, [entry()])
    share(record, folder, tmp_path / "out", frozenset(), now=datetime.now(UTC))
    assert not (tmp_path / "out" / REVIEW).exists()


def test_a_shared_review_tells_no_name_no_time_and_nothing_of_delivery():
    own = entry("I, ZEBULON, was calm.", by=NAME, role=Role.TRAINEE, at_s=3.0)
    tense = entry(kind=EntryKind.CONTEST, by=NAME, role=Role.TRAINEE, finding="tense_delivery", turn=1)
    theirs = entry("Well done, Zebulon.", by="Anna", at_s=83.0)
    shared = shared_review([own, tense, theirs], NAME, frozenset({Part.REVIEW}))
    assert "zebulon" not in str(shared).lower() and "tense" not in str(shared)
    assert [(said.by, said.at_s) for said in shared] == [("trainee", None), ("Anna", None)]


def test_a_shared_review_is_whole_if_everything_is_chosen():
    entries = (entry("Zebulon", at_s=1.0), entry(kind=EntryKind.CONTEST, by=NAME, role=Role.TRAINEE))
    assert shared_review(entries, NAME, frozenset(Part)) == entries
