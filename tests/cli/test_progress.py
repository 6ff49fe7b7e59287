"""``voicesim progress``, ``drill`` and ``course``, from typed calls to what a trainee reads and may take along."""

import csv
import json
import re
import stat
import sys
from pathlib import Path

import pytest
from rich.console import Console

from voicesim.cli import main
from voicesim.cli.progress import _show_run
from voicesim.coach.drills import DRILLS
from voicesim.coach.practised import Practised
from voicesim.coach.progress import progress, trend
from voicesim.store.places import RECORD, call_folders, trainee_folder
from voicesim.store.practice_log import log_practice, practised

SHORT = Path(__file__).parents[1] / "data" / "short.yaml"
COURSE = Path(__file__).parents[2] / "scripts" / "courses" / "first-week.yaml"
GOOD = "I apologise. Twenty euros left your account twice.\nI will give you a refund today.\n"
POOR = "Calm down.\nTwenty euros, was it?\nYou get a refund.\n"


@pytest.fixture
def said(own_data, capsys):
    """Runs a command in this process; gives its exit code, stdout and stderr."""

    def run(*arguments):
        capsys.readouterr()
        code = main([*map(str, arguments)])
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def text(tmp_path):
    def write(content, name="replies.txt"):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return write


@pytest.fixture
def held(said, text):
    """Holds typed calls of the short script for Ann: good and poor ones, the last one official."""

    def hold(*replies, official=False):
        for one in replies:
            more = ["--official"] if official else []
            assert said("practice", SHORT, "--text", text(one), "--trainee", "Ann", *more)[0] == 0

    return hold


# -- progress ---------------------------------------------------------------------------------------------------------


def test_progress_shows_private_and_official_calls_apart_with_trends_and_what_to_practise(held, said):
    held(POOR, POOR, GOOD, GOOD)
    held(GOOD, official=True)
    code, out, _ = said("progress", "--trainee", "Ann")
    assert code == 0
    assert "4 private, 1 official" in out
    private, official = out.split("Official runs")
    assert "rose from" in private
    assert "in 2 of 4 calls: 2 of the first 2, 0 of the last 2" in private
    assert "4 calls are few" in private
    assert "one call: nothing to compare yet" in official
    assert "voicesim drill " in official.split("What to practise next")[1]


def test_without_a_judged_call_nobody_is_told_that_nothing_cost_points(held, said):
    held("I apologise.\n")
    out = " ".join(said("progress", "--trainee", "Ann")[1].split())
    assert "Left out: 1 call that was stopped" in out
    assert "none is judged yet. Hold one: voicesim practice billed-twice" in out
    assert "Nothing cost points" not in out


def test_options_choose_which_calls_are_shown(held, said):
    held(POOR, GOOD)
    held(GOOD, official=True)

    def calls(*options):
        runs = json.loads(said("progress", "--trainee", "Ann", "--json", *options)[1])["runs"]
        return {name: len(run["calls"]) for name, run in runs.items()}

    assert calls() == {"private": 2, "official": 1}
    assert calls("--official") == {"official": 1}
    assert calls("--private", "--last", "1") == {"private": 1}
    assert calls("--script", "other") == {"private": 0, "official": 0}
    assert calls("--script", "short") == {"private": 2, "official": 1}


def test_files_are_written_whole_and_for_their_owner_only(held, said, tmp_path):
    held(POOR, GOOD)
    log_practice("Ann", Practised(at_utc="2026-03-01T10:00:00+00:00", drill="apology", items=5, right=4, seconds=80))
    page, figures, sent = (tmp_path / name for name in ("p.html", "p.csv", "p.json"))
    code, _, told = said("progress", "--trainee", "Ann", "--html", page, "--csv", figures, "--xapi", sent)
    assert code == 0
    assert told.count("Written:") == 3
    assert page.read_text().startswith("<!doctype html>")
    with figures.open(newline="") as file:
        assert {row["script"] for row in csv.DictReader(file)} == {"short"}
    verbs = [s["verb"]["display"]["en"] for s in json.loads(sent.read_text())]
    assert sorted(verbs) == ["completed", "completed", "practised", "scored", "scored"]
    if sys.platform != "win32":
        assert {stat.S_IMODE(path.stat().st_mode) for path in (page, figures, sent)} == {0o600}


def test_xapi_names_nobody_unless_asked_and_keeps_its_id(held, said, tmp_path):
    held(GOOD)
    texts = []
    for options in ((), (), ("--name",)):
        said("progress", "--trainee", "Ann", "--xapi", tmp_path / "x.json", *options)
        texts.append((tmp_path / "x.json").read_text())
    assert texts[0] == texts[1]
    assert "Ann" not in texts[0]
    assert '"Ann"' in texts[2]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--with", "sound", "--xapi", "x.json"), "does not know 'sound'"),
        (("--name",), "--xapi"),
        (("--last", "0"), "last"),
    ],
)
def test_what_makes_no_sense_is_refused(said, options, told):
    code, _, complaint = said("progress", *options)
    assert code == 2
    assert told in complaint


def test_without_calls_it_says_how_to_begin(said):
    assert "voicesim practice" in said("progress", "--trainee", "Nobody")[1]


@pytest.mark.parametrize("place", ["trainees", "trainees/you", "trainees/you/calls"])
def test_a_file_where_a_folder_is_meant_to_be_is_told_in_one_line(said, own_data, place):
    """Not once by the calls and once more by the practice log."""
    blocked = own_data / place
    blocked.parent.mkdir(parents=True, exist_ok=True)
    blocked.touch()
    code, _, told = said("progress")
    assert (code, told) == (2, f"voicesim: {blocked}: this is a file where a folder is meant to be. Move it away.\n")


def test_a_call_that_cannot_be_read_is_left_out_and_named(held, said):
    held(GOOD, GOOD)
    (call_folders("Ann")[0] / RECORD).write_text("{")
    code, out, told = said("progress", "--trainee", "Ann")
    assert code == 0
    assert "1 private" in out
    assert "Left out: 1 call that cannot be read." in out
    assert told.startswith("left out: ") and told.count("\n") == 1


@pytest.mark.parametrize("width", [80, 120, 200])
def test_trends_of_many_calls_are_whole_however_wide_the_terminal_is(said, sample, monkeypatch, capsys, width):
    """Forty calls, whose drawing is the longest; every word of every trend is there."""
    monkeypatch.setenv("COLUMNS", str(width))
    run = progress([sample.sample_record()] * 40, official=False)
    console = Console(highlight=False)
    _show_run(console, run)
    rows = capsys.readouterr().out.splitlines()
    assert all(len(row) <= width for row in rows)
    # The words of the last column, read down the page.
    starts = next(row.index("over the calls") for row in rows if "over the calls" in row)
    told = " ".join(" ".join(row[starts:] for row in rows).split())
    for one in run.series:
        assert trend(one) in told


def test_a_script_without_calls_is_told_with_those_that_have_some(held, said):
    held(GOOD)
    code, out, _ = said("progress", "--trainee", "Ann", "--script", "shrt")
    assert (code, out) == (0, "There is no finished call with the script 'shrt'. Did you mean 'short'?\n")
    assert "Known here: short." in said("progress", "--trainee", "Ann", "--script", "other")[1]


# -- drills -----------------------------------------------------------------------------------------------------------


def test_a_typed_drill_judges_each_answer_and_keeps_the_result_but_no_word(said, text):
    answers = text("I apologise, we got that wrong.\n# a remark\nCalm down, please.\nIt is what it is.\n")
    code, out, _ = said("drill", "apology", "--text", answers, "--trainee", "Ann")
    assert code == 0
    assert out.count("Try: “") == 2
    assert "+ an owned apology: “" in out
    assert "telling the caller to calm down: “Calm down" in out
    assert "Why: " in out
    [run] = practised("Ann")
    assert (run.drill, run.items, run.right) == ("apology", 3, 1)
    assert "1 of 3 right" in out
    assert "again tomorrow" in out
    assert "wrong" not in (trainee_folder("Ann") / "practice.jsonl").read_text()


def test_better_replies_of_a_drill_are_none_twice(said, text):
    _, out, _ = said("drill", "acknowledge", "--text", text("It is what it is.\n" * 6), "--trainee", "Ann")
    tried = [row for row in out.splitlines() if "Try: " in row]
    assert len(tried) == len(set(tried)) == 6


def test_the_next_run_asks_other_lines(said, text):
    first, second = (said("drill", "refocus", "--text", text("Let us see.\n"), "--trainee", "Ann")[1] for _ in range(2))
    assert next(row for row in first.splitlines() if row.startswith("1  ")) not in second


def test_without_a_name_the_weak_spot_is_taken_and_told(held, said, text):
    held(POOR)
    spot = json.loads(said("progress", "--trainee", "Ann", "--json")[1])["weak_spots"][0]
    _, out, _ = said("drill", "--text", text("One moment.\n"), "--trainee", "Ann")
    assert f"({spot['drill']})" in out.splitlines()[0]
    assert f"Why this one: “{spot['name']}”" in out


def test_the_list_names_every_drill_with_its_last_result_and_date(said):
    log_practice("Ann", Practised(at_utc="2026-03-01T10:00:00+00:00", drill="apology", items=5, right=4, seconds=80))
    rows = said("drill", "--list", "--trainee", "Ann")[1].splitlines()[1:]
    assert [row.split()[0] for row in rows] == list(DRILLS)
    assert "4 of 5" in rows[2]
    assert rows[2].rstrip().endswith("now")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("apolgy",), "Did you mean 'apology'"),
        (("apology", "--text", "a.txt", "--replies", "b"), "two trainees"),
        (("pace", "--text", "a.txt"), "pace can only be heard"),
        (("apology", "--text", "nowhere.txt"), "there is no such file"),
    ],
)
def test_a_drill_that_cannot_be_is_refused_in_one_line(said, options, told):
    code, _, complaint = said("drill", *options)
    assert code == 2
    assert told in complaint


def test_nothing_is_kept_of_a_drill_without_answers(said, text):
    code, _, told = said("drill", "apology", "--text", text("q\n"), "--trainee", "Ann")
    assert code == 0
    assert "nothing is kept" in told
    assert practised("Ann") == ()


def test_time_ends_a_drill(said, text, monkeypatch):
    """A clock that goes on by 25 s a look: of many answers only those of two minutes are asked for."""
    from voicesim.cli import drill

    class Clock:
        now_s = 0.0

        def monotonic(self):
            self.now_s += 25
            return self.now_s

    monkeypatch.setattr(drill, "time", Clock())
    said("drill", "apology", "--text", text("I apologise.\n" * 9), "--trainee", "Ann", "--minutes", "2")
    [run] = practised("Ann")
    assert run.items == 2


def test_pace_is_heard_in_sound_files_against_the_own_voice(said, spoken, baseline, own_data, tmp_path):
    """One real reply through recognizer and measures: wrong against a slow voice, right against its own."""
    from dataclasses import asdict, replace
    from shutil import copy

    folder = tmp_path / "answers"
    folder.mkdir()
    copy(spoken("I can see both payments here, and I will look into it for you right now."), folder / "1.wav")
    complaint = said("drill", "pace", "--replies", folder, "--trainee", "Ann")[2]
    assert "voicesim calibrate" in complaint
    rights, rate_sps = [], 2.0
    for _ in range(2):
        own = tmp_path / "own.json"
        own.write_text(json.dumps(asdict(replace(baseline, articulation_rate_sps=rate_sps))))
        code, out, _ = said("drill", "pace", "--replies", folder, "--baseline", own, "--trainee", "Ann")
        assert code == 0
        rate_sps = float(re.search(r"([\d.]+) syllables a second", out)[1])
        rights.append(practised("Ann")[-1].right)
    assert rights == [0, 1]


# -- courses ----------------------------------------------------------------------------------------------------------


def test_the_shipped_course_begins_open_and_follows_drills(said, tmp_path):
    page = tmp_path / "course.html"
    code, out, _ = said("course", COURSE, "--trainee", "Ann", "--html", page)
    assert code == 0
    assert "0 of 8 parts done by Ann" in out
    assert "Next: read it, then voicesim drill acknowledge" in out
    assert "The first week on the phone" in page.read_text()
    log_practice(
        "Ann", Practised(at_utc="2026-03-01T10:00:00+00:00", drill="acknowledge", items=5, right=4, seconds=80)
    )
    told = json.loads(said("course", COURSE, "--trainee", "Ann", "--json")[1])
    assert [part["state"] for part in told["parts"]][:3] == ["done", "done", "open"]
    assert "Next: voicesim drill apology" in said("course", COURSE, "--trainee", "Ann")[1]


def test_every_command_of_the_shipped_course_can_be_called(said):
    """What a part tells to do is a command line that parses."""
    import shlex

    import typer

    from voicesim.cli import app

    root = typer.main.get_command(app)
    parts = json.loads(said("course", COURSE, "--json")[1])["parts"]
    commands = [part["command"] for part in parts if part["command"]]
    assert len(commands) == 7
    for words in map(shlex.split, commands):
        root.get_command(None, words[1]).make_context(words[1], words[2:])


def test_a_typed_call_passes_its_part(said, text, own_data, held):
    folder = own_data / "scripts"
    folder.mkdir()
    (folder / "short.yaml").write_bytes(SHORT.read_bytes())
    course = text('format: 1\nid: c\ntitle: "C"\nparts:\n  - script: short\n    pass: {score: 30}\n', "c.yaml")
    assert "Next: voicesim practice short" in said("course", course, "--trainee", "Ann")[1]
    held(GOOD)
    out = said("course", course, "--trainee", "Ann")[1]
    assert "1 of 1 parts done by Ann" in out
    assert out.rstrip().endswith("Done.")


def test_a_course_with_a_fault_is_refused_with_its_line(said, text):
    course = text('format: 1\nid: c\ntitle: "C"\nparts:\n  - script: nowhere\n    pass: {}\n', "c.yaml")
    code, _, complaint = said("course", course)
    assert code == 2
    assert "c.yaml:5: VS036 'script' is 'nowhere'" in complaint
