"""``voicesim doctor``: what works is tried, what does not comes with the command that mends it."""

import json

import pytest

from voicesim.cli import doctor, main
from voicesim.errors import MissingPart


def missing():
    raise MissingPart("it is not there", mend="Run: pip install it")


def part(name, ways=(), probe=lambda: "there"):
    return doctor.Part(id=name, use="something", ways=frozenset(ways), probe=probe)


def test_doctor_tries_the_real_parts(capsys):
    """On this machine the embedded parts work, and calls with files and typed calls are possible."""
    assert main(["doctor", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == 1
    assert found["ways"] | {"headset": None} == {"headset": None, "files": True, "typed": True}
    by_id = {row["id"]: row for row in found["parts"]}
    assert all(by_id[name]["ok"] for name in ("Python", "scripts", "recognizer", "voice activity", "caller's voice"))
    assert all(set(row) == {"id", "ok", "found", "for", "mend", "ways"} for row in found["parts"])


def test_every_missing_part_comes_with_a_command(capsys):
    """Whatever is missing here says what to do about it."""
    main(["doctor", "--json"])
    rows = json.loads(capsys.readouterr().out)["parts"]
    assert [row["id"] for row in rows if not row["ok"] and not row["mend"]] == []


@pytest.mark.parametrize(
    ("parts", "code", "ways"),
    [
        ([part("all", doctor.WAYS)], 0, {"headset": True, "files": True, "typed": True}),
        ([part("device", ["headset"], missing)], 0, {"headset": False, "files": True, "typed": True}),
        ([part("needless", [], missing)], 0, {"headset": True, "files": True, "typed": True}),
        ([part("all", doctor.WAYS, missing)], 3, {"headset": False, "files": False, "typed": False}),
    ],
    ids=["all is well", "no device", "a needless part", "nothing works"],
)
def test_exit_code_says_whether_a_call_is_possible(parts, code, ways, monkeypatch, capsys):
    """0 if a call is possible in some way, 3 if in none; a part that no way needs decides nothing."""
    monkeypatch.setattr(doctor, "parts", lambda: parts)
    assert main(["doctor", "--json"]) == code
    assert json.loads(capsys.readouterr().out)["ways"] == ways


def test_people_read_what_is_missing_and_what_to_do(monkeypatch, capsys):
    """The table names the part, what it is needed for, the command, once, and what can be run now."""
    parts = [part("first", ["headset"], missing), part("second", ["headset"], missing)]
    monkeypatch.setattr(doctor, "parts", lambda: parts)
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert out.count("missing") == 2
    assert "needed for something" in out
    assert out.count("Run: pip install it") == 1
    assert "You can run: voicesim practice SCRIPT --text FILE" in out
    assert "Not yet: voicesim practice SCRIPT\n" in out


def test_a_folder_that_cannot_be_written_is_told_with_its_variable(monkeypatch, tmp_path):
    """A data folder without room to write is a finding; the message names the variable that moves it."""

    def refuse(**place):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", refuse)
    found = doctor.examine(next(p for p in doctor.parts() if p.id == "data folder"))
    assert not found.ok
    assert "VOICESIM_DATA" in found.mend


def test_a_full_disk_is_told(monkeypatch):
    """Under 0.5 GB of room is a finding."""
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda folder: type("Usage", (), {"free": 100_000_000}))
    found = doctor.examine(next(p for p in doctor.parts() if p.id == "disk"))
    assert (found.ok, found.found) == (False, "only 0.1 GB are free")


def test_a_file_in_the_place_of_the_data_folder_is_named(monkeypatch, tmp_path):
    (tmp_path / "data").touch()
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "data"))
    found = next(doctor.examine(one) for one in doctor.parts() if one.id == "data folder")
    assert not found.ok
    assert "VOICESIM_DATA=FOLDER" in str(found.mend)
