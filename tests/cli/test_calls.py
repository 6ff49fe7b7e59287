"""The commands around stored calls: list, show, delete, share, export, forget."""

import io
import json
import os
import re
import stat
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from voicesim.cli import main
from voicesim.cli.calls import _length
from voicesim.files import shipped, write_bytes, write_flac, write_text
from voicesim.model import RATE_HZ
from voicesim.report.data import dumps, record_to_json
from voicesim.store.claim import Claim
from voicesim.store.incoming import bring_in, incoming
from voicesim.store.places import make_trainee, new_call_folder
from voicesim.store.stored import State, StoredCall

BEGAN = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)


@pytest.fixture(scope="module")
def record(sample):
    return sample.sample_record()


@pytest.fixture(autouse=True)
def places(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("VOICESIM_SITE_SETTINGS", str(tmp_path / "machine.toml"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def keep(record):
    """Makes a finished call as the program does, begun so many minutes after the first."""

    def kept(minutes=0, trainee="you", out=None):
        began = BEGAN + timedelta(minutes=minutes)
        folder = new_call_folder(trainee, "billed-twice", began, out)
        clock = {"began_utc": began.isoformat(), "call": folder.name}
        made = replace(record, trainee=trainee, clock=clock)
        write_text(folder / "call.json", dumps(record_to_json(made)), private=True)
        script = (shipped("scripts") / "billed-twice.yaml").read_bytes()
        write_bytes(folder / "script.yaml", script, private=True)
        for channel in ("caller", "trainee"):
            write_flac(folder / f"{channel}.flac", np.zeros(RATE_HZ, np.float32), private=True)
        write_text(folder / "report.html", "<p>a report</p>", private=True)
        return folder

    return kept


@pytest.fixture
def cut_off():
    folder = new_call_folder("you", "late-refund", BEGAN)
    for name in ("journal.jsonl", "caller.pcm.part", "trainee.pcm.part"):
        write_bytes(folder / name, bytes(2 * RATE_HZ) if name.endswith("part") else b"", private=True)
    return folder


def run(*words):
    return main(list(words))


def short(folder):
    return "-".join(folder.name.split("-")[:2])


def listed(capsys, *words):
    capsys.readouterr()
    assert run("calls", "--json", *words) == 0
    return [call["id"] for call in json.loads(capsys.readouterr().out)["calls"]]


# -- calls ------------------------------------------------------------------------------------------------------------


def test_without_calls_the_next_command_is_named(capsys, tmp_path):
    assert run("calls") == 0
    assert capsys.readouterr().out == "There are no calls yet. Hold one: voicesim practice billed-twice\n"
    assert run("calls", "--trainee", "Ann") == 0
    assert "no calls of Ann yet" in capsys.readouterr().out
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("place", ["data", "data/trainees", "data/trainees/you", "data/trainees/you/calls"])
@pytest.mark.parametrize("words", [["calls"], ["calls", "--json"], ["show", "last"], ["forget", "you", "--yes"]])
def test_a_file_where_the_calls_are_meant_to_lie_is_no_empty_list(capsys, tmp_path, place, words):
    in_the_way = tmp_path / place
    in_the_way.parent.mkdir(parents=True, exist_ok=True)
    in_the_way.touch()
    assert run(*words) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"voicesim: {in_the_way}: ")
    assert in_the_way.is_file()


def test_calls_are_listed_newest_first_within_80_columns(keep, capsys):
    first, second = keep(), keep(5)
    assert run("calls") == 0
    heading, *rows = capsys.readouterr().out.splitlines()
    assert heading.split() == ["call", "when", "script", "ending", "score", "length", "sound"]
    assert [row.split()[0] for row in rows] == [short(second), short(first)]
    local = f"{(BEGAN + timedelta(minutes=5)).astimezone():%Y-%m-%d %H:%M}"
    assert [word in rows[0] for word in (local, "billed-twice", "resolved", "kept")] == [True] * 4
    assert all(len(row) <= 80 for row in rows)


def test_two_calls_of_one_second_are_told_apart(keep, capsys):
    first, second = keep(), keep()
    assert run("calls") == 0
    out = capsys.readouterr().out
    assert first.name in out
    assert second.name in out


def test_a_call_that_was_cut_off_says_so_and_how_to_mend_it(cut_off, capsys):
    assert run("calls") == 0
    told = capsys.readouterr()
    assert "interrupted" in told.out
    assert f"voicesim report {short(cut_off)}" in told.err
    with Claim(cut_off):
        assert run("calls") == 0
    told = capsys.readouterr()
    assert "running" in told.out
    assert told.err == ""


def test_json_has_what_a_machine_wants(keep, capsys):
    folder = keep()
    assert run("calls", "--json") == 0
    data = json.loads(capsys.readouterr().out)
    (call,) = data.pop("calls")
    assert data == {"schema": 1, "trainee": "you"}
    assert (call["id"], call["folder"], call["state"]) == (folder.name, str(folder), "finished")
    assert (call["ending"], call["sound"], call["shared"]) == ("resolved", True, 0)
    assert call["script"]["id"] == "billed-twice"
    assert call["began_utc"] == BEGAN.isoformat()


def test_the_index_can_be_made_again(keep, capsys):
    folder = keep()
    assert listed(capsys) == [folder.name]
    (folder.parents[1] / "index.sqlite").write_bytes(b"not a database" * 100)
    assert listed(capsys, "--rebuild") == [folder.name]


def test_listing_deletes_what_is_too_old_and_says_so(keep, capsys):
    folder = keep()
    assert run("settings", "keep_sound_days", "1") == 0
    capsys.readouterr()
    assert run("calls") == 0
    told = capsys.readouterr()
    assert "The sound of 1 call was deleted: 1 days old or more (setting keep_sound_days)." in told.err
    assert sorted(path.name for path in folder.iterdir()) == [
        "call.json",
        "journal.jsonl",
        "report.html",
        "script.yaml",
    ]
    assert "Your screen showed" in (folder / "report.html").read_text()


# -- whose calls ------------------------------------------------------------------------------------------------------


COMMANDS = [["show"], ["delete", "--yes"], ["share"], ["export", "--out", "all.zip"]]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
@pytest.mark.parametrize("named", ["id", "beginning", "last", "folder", "folder seen from elsewhere"])
def test_one_trainees_calls_are_never_found_for_another(keep, capsys, command, named):
    """Not by id, not by its beginning, not as the last call, and not by a path either."""
    folder = keep(trainee="Ann")
    make_trainee("Ben")
    detour = folder.parents[1] / ".." / folder.parents[1].name / "calls" / folder.name
    names = {"id": folder.name, "beginning": folder.name[:10], "last": "last", "folder": str(folder)}
    name = names.get(named, str(detour))
    before = sorted(path.name for path in folder.iterdir())
    assert listed(capsys, "--trainee", "Ben") == []
    assert listed(capsys) == []
    for whose in ([], ["--trainee", "Ben"]):
        assert run(command[0], name, *command[1:], *whose) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err.count("\n") == 1
    assert sorted(path.name for path in folder.iterdir()) == before
    assert listed(capsys, "--trainee", "Ann") == [folder.name]


def test_the_setting_says_whose_calls_are_meant(keep, capsys):
    folder = keep(trainee="Ann")
    assert run("settings", "trainee", "Ann") == 0
    assert listed(capsys) == [folder.name]


@pytest.mark.skipif(os.name == "nt", reason="file modes are of POSIX")
def test_everything_in_the_data_folder_is_for_its_owner_only(keep, cut_off, tmp_path, capsys):
    before = os.umask(0)
    try:
        keep()
        keep(5, "Ann")
        run("settings", "keep_sound_days", "1")
        run("calls")
        run("share", "last")
        run("export", "--all", "--out", "all.zip")
        run("calls", "--rebuild", "--trainee", "Ann")
    finally:
        os.umask(before)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").rglob("*")}
    assert len(modes) > 15
    assert {path: oct(m) for path, m in modes.items() if m != (0o700 if path.is_dir() else 0o600)} == {}
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "all.zip").stat().st_mode) == 0o600


# -- show, delete -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("named", ["id", "beginning", "last", "folder"])
def test_a_call_is_shown_whichever_way_it_is_named(keep, capsys, named):
    keep()
    folder = keep(5)
    name = {"id": folder.name, "beginning": short(folder), "last": "last", "folder": str(folder)}[named]
    assert run("show", name) == 0
    out = capsys.readouterr().out
    assert out.startswith("Billed twice for one month of broadband (billed-twice)\n")
    assert "resolved" in out
    assert "  1  anger 7 to 6: Good morning, this is Sam at Fenwick." in out
    assert all(str(path) in out for path in folder.iterdir())


def test_show_as_json(keep, capsys):
    folder = keep()
    assert run("show", "last", "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["schema"], data["id"], data["turns"], data["folder"]) == (1, folder.name, 8, str(folder))
    assert {file["name"] for file in data["files"]} == {path.name for path in folder.iterdir()}


def test_show_of_a_call_that_was_cut_off_says_how_to_mend_it(cut_off, capsys):
    assert run("show", "last") == 0
    told = capsys.readouterr()
    assert "interrupted" in told.out
    assert "voicesim report last" in told.err


def test_a_damaged_record_is_told_in_one_line(keep, capsys):
    (keep() / "call.json").write_text("{")
    assert run("show", "last") == 2
    told = capsys.readouterr()
    assert told.err.count("\n") == 1
    assert "call.json" in told.err


@pytest.mark.parametrize("content", ["{", '{"schema": 0}', "[]"])
def test_a_damaged_record_can_be_made_again_from_the_journal_as_the_error_says(keep, cut_off, capsys, content):
    """Moved away, as the one line asks, the record comes back by `voicesim report`."""
    record = cut_off / "call.json"
    assert run("report", "last") == 0
    made = json.loads(record.read_text(encoding="utf-8"))
    record.write_text(content)
    capsys.readouterr()
    assert run("report", "last") == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert told.startswith(f"voicesim: {record}: ")
    assert "Move this file away" in told
    record.unlink()
    assert run("report", "last") == 0
    assert json.loads(record.read_text(encoding="utf-8"))["turns"] == made["turns"]


def test_the_record_of_a_later_voicesim_is_left_alone(keep, cut_off, capsys):
    """It is no damage: made again, it would lose what that version knows."""
    assert run("report", "last") == 0
    (cut_off / "call.json").write_text('{"schema": 9}')
    capsys.readouterr()
    assert run("report", "last") == 2
    told = capsys.readouterr().err
    assert told.endswith("schema 9 is not 1. Open it with the version of voicesim that wrote it.\n")


def test_a_call_that_ended_while_it_rang_was_not_typed():
    call = StoredCall(
        id="x", state=State.FINISHED, began_utc="2026-03-01T10:00:00+00:00", script_id="y", ending="stopped", sound=True
    )
    assert _length(call) == "0:00"
    assert _length(replace(call, sound=False)) == "typed"


@pytest.mark.parametrize("words", [["show", "nothing"], ["delete", "2"], ["share", ""], ["show", "20260"]])
def test_a_name_that_fits_no_call_or_several_is_told_in_one_line(keep, capsys, words):
    keep(), keep(5)
    assert run(*words) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(("answer", "gone"), [("y\n", True), ("YES\n", True), ("n\n", False), ("\n", False)])
def test_deleting_shows_what_and_asks(keep, capsys, monkeypatch, answer, gone):
    folder, other = keep(), keep(5)
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    assert run("delete", folder.name) == 0
    told = capsys.readouterr()
    assert folder.name in told.out
    assert ("1 call deleted." if gone else "Nothing was deleted.") in told.err
    assert folder.exists() != gone
    assert listed(capsys) == ([other.name] if gone else [other.name, folder.name])


def test_several_calls_can_be_deleted_without_asking(keep, capsys):
    folders = [keep(minutes) for minutes in (0, 5, 10)]
    assert run("delete", folders[0].name, "last", str(folders[2]), "--yes") == 0
    assert listed(capsys) == [folders[1].name]


@pytest.mark.parametrize("words", [["delete", "last"], ["forget", "you"]])
def test_nothing_is_deleted_if_nobody_is_there_to_answer(keep, capsys, monkeypatch, words):
    folder = keep()
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert run(*words) == 2
    assert "Add --yes." in capsys.readouterr().err
    assert folder.exists()


# -- share, export, forget --------------------------------------------------------------------------------------------


def test_a_shared_call_lies_where_it_can_be_handed_on(keep, capsys, tmp_path):
    folder = keep(trainee="Sam")
    assert run("share", "last", "--trainee", "Sam") == 0
    told = capsys.readouterr().err
    assert "Left out: how you sounded, the sound, your name." in told
    target = tmp_path / f"shared-{folder.name}"
    assert sorted(path.name for path in target.iterdir()) == ["call.json", "report.html"]
    shared = json.loads((target / "call.json").read_text())
    assert (shared["baseline"], shared["trainee"]) == (None, "trainee")
    page = (target / "report.html").read_text()
    assert re.search(r"\bSam\b", page) is None
    assert "Your screen showed" in page
    assert run("calls", "--trainee", "Sam", "--json") == 0
    assert json.loads(capsys.readouterr().out)["calls"][0]["shared"] == 1


def test_what_is_chosen_comes_along(keep, capsys):
    keep()
    assert run("share", "last", "--with", "delivery, sound,name", "--out", "all") == 0
    assert "Nothing is left out." in capsys.readouterr().err
    page = Path("all/report.html").read_text()
    assert "data:audio" in page
    assert "How you sounded" in page


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--with", "sounds"], "Did you mean 'sound'?"),
        (["--out", "used"], "holds a call already"),
        (["--with", "sound"], "Share it without sound."),
    ],
)
def test_what_cannot_be_shared_is_told_in_one_line(keep, capsys, words, told):
    folder = keep()
    (folder / "caller.flac").unlink()
    keep(out=Path("used"))
    assert run("share", "last", *words) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_a_call_that_was_cut_off_is_not_shared_before_it_is_put_together(cut_off, capsys):
    assert run("share", "last") == 2
    assert "voicesim report last" in capsys.readouterr().err


def test_export_takes_all_or_some_but_no_running_call(keep, cut_off, capsys):
    folder = keep()
    with Claim(cut_off):
        assert run("export", "--all", "--out", "all.zip") == 0
    assert f"{cut_off.name} is just running" in capsys.readouterr().err
    assert run("export", folder.name, "--out", "one.zip") == 0
    for name in ("all.zip", "one.zip"):
        with zipfile.ZipFile(name) as archive:
            assert json.loads(archive.read("manifest.json"))["calls"] == [folder.name]
            assert archive.testzip() is None


@pytest.mark.parametrize("words", [[], ["last", "--all"]])
def test_export_wants_to_know_which_calls(keep, capsys, words):
    keep()
    assert run("export", *words, "--out", "a.zip") == 2
    assert "voicesim export --all --out FILE.zip" in capsys.readouterr().err


def test_forgetting_says_what_goes_and_what_cannot_be_known(keep, capsys, monkeypatch, tmp_path):
    keep(trainee="Ann"), keep(5, "Ann"), keep(trainee="Ben")
    run("share", "last", "--trainee", "Ann", "--out", "handed-on")
    capsys.readouterr()
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert run("forget", "Ann") == 0
    told = capsys.readouterr()
    assert "2 calls with sound" in told.out
    assert "only you know where they are: calls held with --out" in told.out
    assert f"--copies deletes them:\n  {tmp_path / 'handed-on'}: call.json, report.html\n" in told.out
    assert "Ann is forgotten." in told.err
    assert sorted(path.name for path in Path("handed-on").iterdir()) == ["call.json", "report.html"]
    left = [path for path in (tmp_path / "data").rglob("*") if "ann" in path.name.lower()]
    assert left == []
    assert listed(capsys, "--trainee", "Ann") == []
    assert len(listed(capsys, "--trainee", "Ben")) == 1


def test_forgetting_takes_copies_elsewhere_if_that_is_asked_for_and_they_are_unchanged(keep, capsys, tmp_path):
    """Those that were changed or moved since are named, also when their call was deleted since; nothing else goes."""
    call = keep(trainee="Ann")
    for out in ("as-it-was", "changed", "moved", "alone"):
        run("share", "last", "--trainee", "Ann", "--out", out, "--with", "sound")
    (Path("as-it-was") / "letter.txt").write_text("mine")
    with (Path("changed") / "report.html").open("a") as report:
        report.write("<!-- my notes -->")
    Path("moved").rename("elsewhere")
    run("delete", call.name, "--trainee", "Ann", "--yes")
    capsys.readouterr()
    assert run("forget", "Ann", "--copies", "--yes") == 0
    told = capsys.readouterr()
    assert "3 copies written elsewhere that nobody changed since:" in told.out
    assert f"    {tmp_path / 'as-it-was'}: call.json, report.html\n" in told.out
    assert f"    {tmp_path / 'changed'}: call.json\n" in told.out
    assert f"what was written:\n  {tmp_path / 'changed' / 'report.html'}\n" in told.out
    assert f"moved from there:\n  {tmp_path / 'moved'}\n" in told.out
    assert "Ann is forgotten, and so are 3 shared copies." in told.err
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert {"as-it-was/letter.txt", "changed/report.html", "elsewhere/call.json"} <= left
    assert not left & {"as-it-was/call.json", "as-it-was/report.html", "changed/call.json"}
    assert not Path("alone").exists()


def test_forgetting_takes_the_copies_that_were_taken_in_here(keep, capsys):
    """A trainee's calls are known by what was shared, also after they were deleted; those of others stay."""
    call, other = keep(trainee="Ann"), keep(5, "Ben")
    run("share", "last", "--trainee", "Ann", "--out", "of-ann")
    run("share", "last", "--trainee", "Ben", "--out", "of-ben")
    for copy in ("of-ann", "of-ben"):
        bring_in(Path(copy), "A sign", "2026-03-01T10:00:00+00:00")
    bring_in(other, " ANN ", "2026-03-01T10:00:00+00:00")
    run("delete", call.name, "--trainee", "Ann", "--yes")
    capsys.readouterr()
    assert run("forget", "Ann", "--yes") == 0
    told = capsys.readouterr()
    assert "2 copies of calls that Ann shared, with what was said about them here" in told.out
    assert "from A sign, taken in 2026-03-01" in told.out
    assert "Ann is forgotten, and so are 2 shared copies." in told.err
    assert [one.who for one in incoming()] == ["A sign"]
    assert (Path("of-ann") / "call.json").is_file()


def test_who_only_handed_copies_in_here_can_be_forgotten(keep, capsys):
    bring_in(keep(), "Cleo", "2026-03-01T10:00:00+00:00")
    assert run("forget", "Cleo", "--yes") == 0
    assert "Cleo is forgotten, and so is 1 shared copy." in capsys.readouterr().err
    assert (incoming(), run("forget", "Cleo", "--yes")) == ((), 2)
    assert len(listed(capsys)) == 1


def test_the_days_of_sound_count_for_calls_that_came_in_too(keep, capsys):
    one = bring_in(keep(), "A", "2020-01-01T00:00:00+00:00")
    (one.folder / "sound.flac").write_bytes(b"sound")
    run("settings", "keep_sound_days", "0")
    run("calls")
    assert one.sound
    run("settings", "keep_sound_days", "30")
    capsys.readouterr()
    run("calls")
    told = capsys.readouterr().err.replace("\n", " ")
    assert (
        "The sound of 1 call that was shared with you is deleted: 30 days old or more (setting keep_sound_days)."
        in told
    )
    assert not one.sound
