"""A call with typed replies on the command line: what a person at the keyboard meets."""

import builtins
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from voicesim.cli import main
from voicesim.errors import StorageError


def typing(monkeypatch, *answers):
    """Let a person type those answers; an exception is raised instead of one."""
    left = iter(answers)

    def asked(prompt):
        answer = next(left)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    monkeypatch.setattr(builtins, "input", asked)


def ran(arguments, output):
    """A command in a process of its own, after its output was closed."""
    with output:
        command = [sys.executable, "-m", "voicesim", *arguments]
        return subprocess.run(command, stdout=output, stderr=subprocess.PIPE, check=False)


def without_reader():
    """The writing end of a pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    return os.fdopen(writing, "wb")


def test_ctrl_c_keeps_the_call_and_exits_130(monkeypatch, tmp_path, capsys):
    typing(monkeypatch, "Hello, this is Sam. Please tell me what happened.", KeyboardInterrupt())
    assert main(["practice", "billed-twice", "--text", "-", "--out", str(tmp_path / "call")]) == 130
    record = json.loads((tmp_path / "call" / "call.json").read_text(encoding="utf-8"))
    assert record["ending"] == "stopped"
    assert [turn["reply"] is not None for turn in record["turns"]] == [True, False]
    assert (tmp_path / "call" / "report.html").is_file()
    assert "Call ended: stopped" in capsys.readouterr().out


def test_ctrl_c_is_told_before_an_ending_that_was_not_met(monkeypatch, tmp_path):
    typing(monkeypatch, KeyboardInterrupt())
    call = str(tmp_path / "call")
    assert main(["practice", "billed-twice", "--text", "-", "--out", call, "--expect", "resolved"]) == 130


def test_the_end_of_what_is_typed_stops_the_call_after_one_silence(monkeypatch, tmp_path):
    typing(monkeypatch, "Hello, this is Sam.", EOFError())
    assert main(["practice", "billed-twice", "--text", "-", "--out", str(tmp_path / "call")]) == 0
    record = json.loads((tmp_path / "call" / "call.json").read_text(encoding="utf-8"))
    assert record["ending"] == "stopped"
    assert [turn["reply"] is not None for turn in record["turns"]] == [True, False, False]


def test_a_call_whose_output_nobody_reads_any_more_is_kept(tmp_path):
    """`voicesim practice .. | head` holds the call to its end, and its exit code is the call's."""
    replies, call = tmp_path / "replies.txt", tmp_path / "call"
    replies.write_text("Calm down.\n" * 3, encoding="utf-8")
    arguments = ["practice", "billed-twice", "--text", str(replies), "--out", str(call), "--expect", "resolved"]
    done = ran(arguments, without_reader())
    assert (done.returncode, done.stderr.count(b"\n")) == (1, 1), done.stderr
    assert (call / "report.html").is_file()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a device of Linux")
def test_a_call_whose_output_finds_a_full_disk_is_kept(tmp_path):
    arguments = ["practice", "billed-twice", "--text", os.devnull, "--out", str(tmp_path)]
    done = ran(arguments, os.fdopen(os.open("/dev/full", os.O_WRONLY), "wb"))
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "report.html").is_file()


@pytest.mark.parametrize("command", [["script", "list"], ["script", "show", "billed-twice"], ["analyse", "--text"]])
def test_a_reader_that_goes_away_is_no_error(command, tmp_path):
    if command[0] == "analyse":
        replies = tmp_path / "replies.txt"
        replies.write_text("Calm down.\n", encoding="utf-8")
        command = [*command, str(replies)]
    done = ran(command, without_reader())
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_ids_of_scripts_are_whole_on_a_narrow_terminal(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "40")
    assert main(["script", "list"]) == 0
    assert "parcel-third-time" in capsys.readouterr().out


def test_a_call_that_cannot_begin_on_a_full_disk_leaves_no_call_behind(tmp_path, capsys, monkeypatch):
    """One line, and no folder that would be listed as a call that was cut off."""

    def full(path, content, *, private):
        raise StorageError("cannot be written: the disk is full", where=str(path))

    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "data"))
    monkeypatch.setattr("voicesim.wiring.keeping.write_bytes", full)
    (tmp_path / "replies.txt").write_text("hello\n")
    assert main(["practice", "billed-twice", "--text", str(tmp_path / "replies.txt")]) == 2
    assert "the disk is full" in capsys.readouterr().err
    assert list((tmp_path / "data/trainees/you/calls").iterdir()) == []
