"""``voicesim score``: two scores of a stored call side by side, nothing that is stored changed."""

import json
import re
import stat
from pathlib import Path

import pytest

from voicesim.cli import main
from voicesim.coach.review import EntryKind, ReviewEntry, Role
from voicesim.store.closing import read_record
from voicesim.store.places import call_folders
from voicesim.store.reviews import add_entries
from voicesim.wiring.rubrics import default_rubric

ROOT = Path(__file__).parents[2]
EXAMPLE = re.search(r"^```yaml\n(.*?)^```", (ROOT / "docs" / "rubrics.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path, monkeypatch, capsys):
    """A typed call, held by the program, in a data folder of its own."""
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("VOICESIM_SITE_SETTINGS", str(tmp_path / "none.toml"))
    text = ROOT / "tests" / "agents" / "billed-twice.good.txt"
    assert main(["practice", "billed-twice", "--text", str(text), "--seed", "1"]) == 0
    capsys.readouterr()
    return call_folders("you")[-1]


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "my-rubric.yaml"
    path.write_text(EXAMPLE[1], encoding="utf-8")
    return path


def test_a_call_is_kept_with_the_rubric_it_was_scored_with(folder):
    assert json.loads((folder / "call.json").read_text())["rubric"] == default_rubric().label


def test_another_rubric_stands_beside_the_score_that_was_given(folder, own, capsys):
    before = (folder / "call.json").read_bytes()
    assert main(["score", "last", "--rubric", str(own), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["old"]["rubric"] == default_rubric().label
    assert told["new"]["rubric"].startswith("first-week 1 ")
    rows = {(r["phase"], r["id"]): r for r in told["rows"]}
    verified = rows["refocus", "verify_identity"]
    assert verified["differs"]
    assert verified["new"]["points"] == 15
    assert verified["new"]["moments"][0]["quote"]
    assert (folder / "call.json").read_bytes() == before
    assert not (folder / "scores").exists()


def test_the_same_rubric_gives_the_same_score_again(folder, capsys):
    assert main(["score", "last"]) == 0
    shown = capsys.readouterr().out
    assert not re.search(r"^\*", shown, re.MULTILINE)
    assert "It takes two sound channels, and this call was typed." in shown
    assert "In the terms of quality assurance" in shown


def test_differences_are_marked(folder, own, capsys):
    assert main(["score", "last", "--rubric", str(own)]) == 0
    assert re.search(r"^\* +- +15 of 15  verify_identity$", capsys.readouterr().out, re.MULTILINE)


def test_a_kept_score_is_private_and_never_overwritten(folder, own):
    for _ in range(2):
        assert main(["score", "last", "--rubric", str(own), "--keep"]) == 0
    kept = folder / "scores" / "first-week-1.json"
    first = kept.read_bytes()
    assert [path.name for path in (folder / "scores").iterdir()] == [kept.name]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    own.write_text(EXAMPLE[1].replace("held_at: 30", "held_at: 40"), encoding="utf-8")
    assert main(["score", "last", "--rubric", str(own), "--keep"]) == 0
    assert sorted(p.name for p in kept.parent.iterdir()) == ["first-week-1.2.json", "first-week-1.json"]
    assert kept.read_bytes() == first


def test_what_a_trainer_overrode_is_shown_beside_what_the_machine_says(folder, capsys):
    greeted = ReviewEntry(
        kind=EntryKind.OVERRIDE,
        by="Ann",
        role=Role.TRAINER,
        at_utc="2026-01-02T10:00:00+00:00",
        turn=1,
        finding="greeting",
        verdict=False,
        note="no name given",
    )
    add_entries(folder, [greeted])
    assert main(["score", "last", "--with-overrides"]) == 0
    shown = capsys.readouterr().out
    assert "turn 1: Ann does not see greeting, the machine does: no name given" in shown
    assert re.search(r"^\* +5 of 5 +0 of 5  greeting$", shown, re.MULTILINE)
    assert "by the machine: 100 of 100" in shown
    assert "Not observed in turn 1 (control): greeting with a name." in shown
    assert read_record(folder).feedback.total == 100


def test_a_rubric_is_checked_without_a_call(own, capsys):
    assert main(["score", "--check", str(own)]) == 0
    shown = capsys.readouterr().out
    assert "first-week 1 " in shown
    assert "Say" not in shown
    assert "inviting the story or naming the feeling" in shown
    assert "The total is held at 30 after: disclosure, blame" in shown
    assert main(["score", "--check", str(own), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["criteria"]) == 8


def test_a_rubric_with_a_fault_is_told_in_one_line(own, capsys):
    own.write_text(EXAMPLE[1].replace("points: 20, within", "points: 15, within"), encoding="utf-8")
    assert main(["score", "--check", str(own)]) == 2
    shown = capsys.readouterr().err
    assert shown.count("\n") == 1
    assert f"{own}:5: the points of all criteria are 95, not 100" in shown


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "no call is named"),
        (["last", "--with", "sound"], "--with does not know 'sound'"),
        (["--check", "nowhere.yaml"], "there is no such file"),
    ],
)
def test_what_cannot_be_done_is_said(arguments, told, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path))
    assert main(["score", *arguments]) == 2
    assert told in capsys.readouterr().err
