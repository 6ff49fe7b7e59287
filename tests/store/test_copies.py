"""Of a copy in a folder of the person's own only what still is as it was written is deleted."""

import json

import pytest

from voicesim.store.copies import copy_in, delete_copy
from voicesim.store.places import make_trainee
from voicesim.store.share_log import digest_of, share_log, shared_files


@pytest.fixture
def copy(tmp_path):
    """A folder with the files of a copy, and what is known of them."""
    folder = tmp_path / "shared"
    (folder / "attempts").mkdir(parents=True)
    names = ("call.json", "report.html", "attempts/1-1.flac")
    for name in names:
        (folder / name).write_text(name)
    return folder, {name: frozenset({digest_of(folder / name)}) for name in names}


def named(paths, folder):
    return {path.relative_to(folder).as_posix() for path in paths}


def test_a_copy_that_nobody_touched_goes_with_its_folder(copy, tmp_path):
    folder, known = copy
    found = copy_in(folder, known)
    assert (named(found.as_written, folder), found.others) == (set(known), ())
    delete_copy(found)
    assert list(tmp_path.iterdir()) == []


def test_what_was_changed_and_what_else_lies_there_stays(copy):
    folder, known = copy
    (folder / "report.html").write_text("with notes of mine")
    (folder / "letter.txt").write_text("mine")
    (folder / "attempts" / "song.flac").write_text("mine")
    found = copy_in(folder, known)
    assert named(found.others, folder) == {"report.html"}
    delete_copy(found)
    left = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert left == {"report.html", "letter.txt", "attempts/song.flac"}


def test_of_a_copy_of_which_no_digest_is_known_nothing_is_deleted(copy):
    folder, _ = copy
    found = copy_in(folder, {})
    assert (found.as_written, named(found.others, folder)) == ((), {"call.json", "report.html"})


def test_a_link_to_a_file_is_not_the_file_that_was_written(copy, tmp_path):
    folder, known = copy
    moved = tmp_path / "moved.json"
    (folder / "call.json").rename(moved)
    (folder / "call.json").symlink_to(moved)
    found = copy_in(folder, known)
    assert named(found.others, folder) == {"call.json"}
    delete_copy(found)
    assert moved.is_file()


@pytest.mark.parametrize("name", ["../diary.txt", "/diary.txt", "attempts/../../diary.txt", ""])
def test_a_damaged_log_leads_out_of_no_folder(copy, tmp_path, name):
    folder, known = copy
    diary = tmp_path / "diary.txt"
    diary.write_text("mine")
    path = str(diary) if name.startswith("/") else name
    found = copy_in(folder, {**known, path: frozenset({digest_of(diary)})})
    assert named(found.as_written, folder) == set(known)


def test_a_copy_that_is_gone_holds_nothing(copy, tmp_path):
    _, known = copy
    found = copy_in(tmp_path / "moved away", known)
    assert (found.as_written, found.others) == ((), ())
    delete_copy(found)


def test_what_was_written_to_one_folder_at_two_times_is_known_as_both(tmp_path, monkeypatch):
    """Lines of earlier versions know the folder alone; what does not fit is left out."""
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "data"))
    make_trainee("Ann")
    lines = [
        {"schema": 1, "folder": "/a"},
        {"schema": 1, "folder": "/b", "files": {"call.json": "1"}},
        {"schema": 1, "folder": "/b", "files": {"call.json": "2", "report.html": "3"}},
        {"schema": 1, "folder": "/c", "files": ["call.json"]},
        {"schema": 1, "files": {"call.json": "4"}},
    ]
    share_log("Ann").write_text("".join(json.dumps(line) + "\n" for line in lines))
    both = {"call.json": frozenset("12"), "report.html": frozenset("3")}
    assert shared_files("Ann") == {"/a": {}, "/b": both, "/c": {}}
