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
BAD = (
    "Hello, account number?",
    "You have to understand that is our policy. Calm down please.",
    "Well, that's not my fault. You should have checked.",
    "Bye.",
)
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


def hold(lines, tmp_path, capsys):
    """The folder of an official call in which these lines are typed, nothing more."""
    path = tmp_path / "typed.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert main(["practice", "billed-twice", "--official", "--text", str(path)]) == 0
    capsys.readouterr()
    return call_folders("you")[-1]


@pytest.fixture
def bad(folder, tmp_path, capsys):
    """A call that the caller ended early, with two phases not reached."""
    return hold(BAD, tmp_path, capsys)


def said(by, *, verdict, role=Role.TRAINER, kind=EntryKind.OVERRIDE, at=1, note=None):
    """What somebody said about the greeting in turn 1."""
    at_utc = f"2026-01-02T10:00:{at:02}+00:00"
    return ReviewEntry(
        kind=kind, by=by, role=role, at_utc=at_utc, turn=1, finding="greeting", verdict=verdict, note=note
    )


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
    assert "Not observed in turn 1 (control): a greeting." in shown
    assert read_record(folder).feedback.total == 100


def test_a_contest_and_an_override_that_another_trainer_replaced_are_shown(folder, capsys):
    contest = said("you", verdict=True, role=Role.TRAINEE, kind=EntryKind.CONTEST, note="I did greet")
    add_entries(folder, [said("Bo", verdict=True, note="it is"), said("Ann", verdict=False, at=2), contest])
    assert main(["score", "last", "--with-overrides"]) == 0
    above = capsys.readouterr().out.partition("\nControl")[0]
    assert "turn 1: Bo sees greeting, the machine does (not counted: Ann decided later): it is" in above
    assert "turn 1: Ann does not see greeting, the machine does\n" in above
    assert "turn 1, you (trainee): contests: “a greeting” (greeting) is there: “I did greet”" in above
    assert main(["score", "last", "--with-overrides", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["by"], one["note"]) for one in told["contests"]] == [("you", "I did greet")]
    assert [one["by"] for one in told["overrides"]] == ["Bo", "Ann"]


def test_a_damaged_review_is_told_where_its_overrides_do_not_count(folder, capsys):
    add_entries(folder, [said("Ann", verdict=False)])
    review = folder / "review.json"
    review.write_bytes(review.read_bytes()[:100])
    assert main(["score", "last", "--with-overrides"]) == 0
    shown = capsys.readouterr()
    assert f"{review}: this is no review, or it is damaged" in shown.err
    assert shown.err.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["--rubric"]])
def test_a_shared_copy_is_scored_with_the_script_of_this_machine(arguments, bad, own, tmp_path, capsys):
    copy = tmp_path / "copy"
    assert main(["share", "last", "--out", str(copy)]) == 0
    capsys.readouterr()
    rubric = [*arguments, *([str(own)] if arguments else [])]
    assert main(["score", str(copy), *rubric]) == 0
    shown = capsys.readouterr()
    assert "a goal of this script" in shown.out
    assert shown.err == ""


def test_without_the_script_of_a_call_its_goals_do_not_count_and_that_is_said(bad, tmp_path, capsys):
    copy = tmp_path / "copy"
    assert main(["share", "last", "--out", str(copy)]) == 0
    record = json.loads((copy / "call.json").read_text())
    record["script"]["sha256"] = "0" * 64
    (copy / "call.json").write_text(json.dumps(record))
    capsys.readouterr()
    assert main(["score", str(copy), "--json"]) == 0
    shown = capsys.readouterr()
    assert "its goals do not count here" in shown.err
    told = json.loads(shown.out)
    assert told["goals_counted"] is False
    assert not [row for row in told["rows"] if row["id"] == "apology" and not row["criterion"] and row["new"]]


def test_a_phase_that_a_bad_ending_left_out_is_told_as_not_reached(bad, capsys):
    assert main(["score", "last"]) == 0
    shown = capsys.readouterr().out
    assert "Problem-solve: not reached: 0 of 25, now 0 of 25, since the call ended badly" in shown
    assert re.search(r"^Control: 0 of (\d+), now 0 of \1$", shown, re.MULTILINE)


def test_no_words_are_quoted_for_what_was_not_observed(bad, capsys):
    assert main(["score", "last"]) == 0
    missed = [line for line in capsys.readouterr().out.splitlines() if "not observed" in line.casefold()]
    assert any("Own it once." in line for line in missed)
    assert not [line for line in missed if "“" in line]


def test_a_stopped_call_says_so_once_and_shows_what_was_observed(folder, tmp_path, capsys):
    hold(BAD[:1], tmp_path, capsys)
    assert main(["score", "last"]) == 0
    shown = capsys.readouterr().out
    assert shown.count("This call was stopped, so nothing is judged") == 1
    assert "turn 1: You greeted the caller “Hello, account number?”\n" in shown
    assert "Not observed in turn 1: an owned apology" in shown
    assert "Control: not judged, now not judged" in shown


def test_the_sentence_of_a_trainer_is_shown_where_the_criterion_was_missed(bad, own, capsys):
    assert main(["score", "last", "--rubric", str(own)]) == 0
    shown = capsys.readouterr().out
    assert re.search(
        r"^ +Not observed in .*: saying the facts back\.\n +Say the amount and the date back$", shown, re.M
    )


def test_the_sentence_of_a_trainer_and_how_often_is_enough_are_shown_by_a_check(own, capsys):
    assert main(["score", "--check", str(own)]) == 0
    shown = capsys.readouterr().out
    assert "“Say the amount and the date back”" in shown
    assert "apology (ownership): an owned apology, half in more than 2 replies" in shown
    assert "Problem-solve, 25 points" in shown
    assert main(["score", "--check", str(own), "--json"]) == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)["criteria"]}
    assert rows["acknowledge"]["title"] == "Say the amount and the date back"
    assert rows["apology"]["at_most"] == 2


def test_a_rubric_is_checked_without_a_call(own, capsys):
    assert main(["score", "--check", str(own)]) == 0
    shown = capsys.readouterr().out
    assert "first-week 1 " in shown
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
