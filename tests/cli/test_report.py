"""``voicesim report``: the report of a finished call, made again from what its folder holds."""

import importlib.util
import sys
import webbrowser
from pathlib import Path

import numpy as np
import pytest

from voicesim.cli import main
from voicesim.files import write_flac
from voicesim.report.data import dumps, record_to_json

REPLIES = "Hello, this is Sam. Please tell me what happened.\nI'm sorry if you feel that way.\n"


@pytest.fixture(scope="module")
def sample():
    """The builders of made-up calls of the report's tests."""
    path = Path(__file__).parents[1] / "report" / "sample.py"
    spec = importlib.util.spec_from_file_location("call_samples", path)
    module = sys.modules["call_samples"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def call(tmp_path):
    (tmp_path / "replies.txt").write_text(REPLIES)
    folder = tmp_path / "call"
    assert main(["practice", "billed-twice", "--text", str(tmp_path / "replies.txt"), "--out", str(folder)]) == 0
    return folder


def test_a_lost_report_is_made_again(call, capsys):
    before = (call / "report.html").read_text()
    (call / "report.html").unlink()
    assert main(["report", str(call)]) == 0
    assert (call / "report.html").read_text() == before
    assert "Call ended: stopped" in capsys.readouterr().out


@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_without_its_sound_the_report_says_so_and_is_made_all_the_same(call, capsys, damage):
    write_flac(call / "trainee.flac", np.zeros(16_000, np.float32))
    if damage == "cut":
        (call / "caller.flac").write_bytes(b"fLaC")
    assert main(["report", str(call)]) == 0
    assert "the report is without sound" in capsys.readouterr().err
    assert "<audio" not in (call / "report.html").read_text()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda folder: None, "there is no call"),
        (lambda folder: folder.mkdir(), "there is no call"),
        (lambda folder: (folder.mkdir(), (folder / "call.json").write_text("{")), "this is no record of a call"),
        (lambda folder: (folder.mkdir(), (folder / "call.json").write_text("{}")), "schema None is not 1"),
    ],
)
def test_what_is_no_call_is_refused_in_one_line(tmp_path, capsys, make, message):
    make(tmp_path / "call")
    assert main(["report", str(tmp_path / "call")]) == 2
    told = capsys.readouterr().err
    assert message in told
    assert told.count("\n") == 1


def test_a_typed_call_has_no_captions_and_says_so(call, capsys):
    assert main(["report", str(call), "--captions"]) == 2
    assert "a typed call has no times" in capsys.readouterr().err
    assert not (call / "captions.vtt").exists()


def test_captions_are_written_beside_the_report(call, sample, capsys):
    (call / "call.json").write_text(dumps(record_to_json(sample.sample_record())))
    assert main(["report", str(call), "--captions"]) == 0
    captions = call / "captions.vtt"
    assert captions.read_text().startswith("WEBVTT")
    assert "captions.vtt" in capsys.readouterr().err
    assert captions.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("opened", [True, False])
def test_the_report_is_opened_in_a_browser_if_there_is_one(call, capsys, monkeypatch, opened):
    asked = []
    monkeypatch.setattr(webbrowser, "open", lambda url: asked.append(url) or opened)
    assert main(["report", str(call), "--open"]) == 0
    assert asked == [(call / "report.html").absolute().as_uri()]
    assert ("open this file yourself" in capsys.readouterr().err) is not opened
