"""``voicesim report``: the report of a finished call, made again from what its folder holds."""

import numpy as np
import pytest

from voicesim.cli import main
from voicesim.files import write_flac

REPLIES = "Hello, this is Sam. Please tell me what happened.\nI'm sorry if you feel that way.\n"


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
