"""Reviewing, contesting and counting the agreement, on made calls, with options and at a terminal."""

import json
import shutil
import sys
from dataclasses import replace

import numpy as np
import pytest

from voicesim.cli import main
from voicesim.errors import UsageError
from voicesim.files import write_flac
from voicesim.model import RATE_HZ, Feedback, Phase, ScorePart
from voicesim.store.closing import write_record
from voicesim.store.places import make_trainee
from voicesim.store.reviews import REVIEW, review_of
from voicesim.wiring.reviewing import clip_of

TRAINEE = "Sam"


@pytest.fixture(scope="module")
def record(sample):
    phases = {phase: ScorePart(points=10, of=18) for phase in Phase}
    given = Feedback(total=60, phases=phases, rubric="1")
    return replace(sample.sample_record(), trainee=TRAINEE, feedback=given)


@pytest.fixture
def made(own_data, record):
    """Makes a stored call of Sam's; each begins a minute after the one before."""
    count = 0

    def make(**more):
        nonlocal count
        count += 1
        folder = make_trainee(TRAINEE) / "calls" / f"20260316-10{count:02}00-billed-twice"
        folder.mkdir(mode=0o700)
        clock = {"call": folder.name, "began_utc": f"2026-03-16T10:{count:02}:00+00:00"}
        write_record(folder, replace(record, clock=clock, **more))
        return folder

    return make


@pytest.fixture
def run(capsys):
    """Runs a command for Sam: exit code, standard output, standard error."""

    def command(*arguments):
        code = main([*map(str, arguments), "--trainee", TRAINEE])
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def notes(folder):
    return [(entry.kind.value, entry.turn, entry.finding, entry.verdict) for entry in review_of(folder).entries]


def test_what_a_trainer_says_with_options_is_kept_beside_an_untouched_record(made, run):
    folder = made()
    before = (folder / "call.json").read_bytes()
    by = ("review", "last", "--by", "Anna")
    assert run(*by, "--comment", "Good start.", "--at", "0:02")[0] == 0
    assert run(*by, "--agree", "apology", "--turn", 3, "--judged")[0] == 0
    assert run(*by, "--disagree", "interrupt", "--turn", 2, "--note", "She had paused.")[0] == 0
    assert run(*by, "--override", "empathy", "--turn", 1, "--present", "--note", "In the tone.")[0] == 0
    assert run(*by, "--score", 12, "--phase", "control")[0] == 0
    assert run(*by, "--override", "thank", "--turn", 5, "--absent", "--blind")[0] == 0
    assert notes(folder) == [
        ("comment", 1, None, None),
        ("agree", 3, "apology", None),
        ("judged", 3, None, None),
        ("disagree", 2, "interrupt", None),
        ("override", 1, "empathy", True),
        ("score", None, None, None),
        ("override", 5, "thank", False),
    ]
    assert review_of(folder).entries[-1].blind
    assert (folder / "call.json").read_bytes() == before
    listed = run("review", "last", "--list")[1]
    assert "turn 2, Anna (trainer): disagrees with “speaking over the caller” (interrupt): “She had paused.”" in listed
    assert [entry["kind"] for entry in json.loads(run("review", "last", "--list", "--json")[1])["entries"]][:2] == [
        "comment",
        "agree",
    ]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--agree", "apology", "--turn", 3), "--by NAME"),
        (("--by", "Anna", "--agree", "empathy", "--turn", 2), "turn 2 has no finding 'empathy'"),
        (("--by", "Anna", "--agree", "apology", "--turn", 3, "--at", "1:00"), "--at says when a comment"),
        (("--by", "Anna", "--comment", "x", "--at", "soon"), "is no time"),
        (("--by", "Anna", "--score", 3, "--phase", "contrl"), "Did you mean 'control'"),
        (("--by", "Anna", "--score", 30, "--phase", "control"), "Give 0 to 18"),
        (("--by", "Anna"), "needs a terminal"),
        (("--by", "Anna", "--comment", ""), "'comment' needs a text. Write what you want to say."),
        (("--from", "nowhere"), "there is no review"),
    ],
)
def test_what_cannot_be_kept_is_one_line_and_leaves_nothing(made, run, options, told):
    folder = made()
    code, _, err = run("review", "last", *options)
    assert (code, told in err, err.count("\n")) == (2, True, 1)
    assert not (folder / REVIEW).exists()


@pytest.mark.parametrize(
    "command",
    [
        ("review", "--list"),
        ("review", "--by", "Anna", "--comment", "Good."),
        ("contest", "--turn", 2, "--finding", "apology", "--note", "Why"),
        ("agreement",),
    ],
)
def test_a_call_that_was_cut_off_is_to_be_put_together_first(made, run, command):
    folder = made()
    (folder / "call.json").rename(folder / "journal.jsonl")
    code, _, err = run(command[0], folder, *command[1:])
    assert (code, err) == (2, f"voicesim: {folder}: this call was cut off. First: voicesim report {folder}\n")


def test_a_file_that_is_no_review_is_not_taken_in_and_stays(made, run, tmp_path):
    made()
    other = tmp_path / "good.txt"
    other.write_text("no")
    code, _, err = run("review", "last", "--from", other)
    assert (code, "no review" in err, "aside" in err) == (2, True, False)
    assert other.read_text() == "no"


def test_of_two_things_said_at_once_both_are_kept_or_none(made, run):
    folder = made()
    assert run("review", "last", "--by", "Anna", "--comment", "x", "--agree", "empathy", "--turn", 2)[0] == 2
    assert not (folder / REVIEW).exists()


def test_a_contest_is_kept_as_the_trainees_and_shown(made, run):
    folder = made()
    code, _, _ = run("contest", "last", "--turn", 2, "--finding", "command_calm", "--note", "I quoted her.")
    assert code == 0
    [entry] = review_of(folder).entries
    assert (entry.role, entry.by, entry.verdict, entry.note) == ("trainee", TRAINEE, False, "I quoted her.")
    shown = run("show", "last")[1]
    assert "turn 2, Sam (trainee): contests: “telling the caller to calm down” (command_calm) is not there" in shown
    assert json.loads(run("show", "last", "--json")[1])["review"][0]["kind"] == "contest"


def test_a_broken_review_is_told_and_hinders_nothing(made, run):
    folder = made()
    (folder / REVIEW).write_text("no")
    assert "damaged" in run("show", "last")[1]
    assert "kept aside" in run("review", "last", "--by", "Anna", "--comment", "Good.")[2]
    assert notes(folder) == [("comment", None, None, None)]


def test_a_trainer_reviews_a_shared_copy_and_the_trainee_takes_it_in(made, run, tmp_path):
    folder, copy = made(), tmp_path / "copy"
    run("contest", "last", "--turn", 2, "--finding", "command_calm", "--note", "I quoted her.")
    assert run("share", "last", "--out", copy)[0] == 0
    record_before = (copy / "call.json").read_bytes()
    assert "I quoted her." in run("review", copy, "--list")[1]
    assert run("review", copy, "--by", "Anna", "--override", "command_calm", "--turn", 2, "--absent")[0] == 0
    assert (copy / "call.json").read_bytes() == record_before
    assert "1 entry" in run("review", "last", "--from", copy)[2]
    assert "what Anna said about it" in run("share", "last", "--out", tmp_path / "without")[2]
    assert run("share", "last", "--with", "review", "--out", tmp_path / "with")[0] == 0
    assert [len(review_of(tmp_path / name).entries) for name in ("without", "with")] == [1, 2]
    assert "0 entries" in run("review", "last", "--from", copy / REVIEW)[2]
    assert [kind for kind, *_ in notes(folder)] == ["contest", "override"]


def test_the_review_of_another_call_is_not_taken_in(made, run):
    first, second = made(), made()
    run("review", first, "--by", "Anna", "--comment", "Good.")
    code, _, err = run("review", second, "--from", first)
    assert (code, "another call" in err) == (2, True)
    assert not (second / REVIEW).exists()


# -- the walk ---------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of POSIX")
def test_a_walk_shows_each_turn_keeps_every_word_and_goes_on_where_it_was_left(made, practise):
    folder = made()
    walk = practise("--trainee", TRAINEE, script=folder, command="review", terminal=True)
    walk.until("Your name")
    walk.press("Anna\n")
    walk.until(r"Turn 1 of 8: angry, anger 7 to 6, 0:01")
    walk.until("At last, a human being")
    walk.until("1. a greeting .*“Good morning, this is Sam”")
    walk.until("Enter next turn")
    walk.press("a 1\n")
    walk.until("agrees with")
    walk.press("x\n")
    walk.until("'x' is no key here")
    walk.press("c\n")
    walk.until("'comment' needs a text. Write what you want to say")
    walk.press("\n")
    walk.until("Turn 2")
    walk.press("d 1 She had asked for it.\n")
    walk.until("disagrees with")
    walk.press("+ empathy In the tone.\n")
    walk.until("overrides")
    walk.press("p\n")
    walk.until("there is no sound in this folder")
    walk.press("q\n")
    walk.until("everything you said is kept")
    assert walk.ends() == 0
    again = practise("--by", "anna", "--trainee", TRAINEE, script=folder, command="review", terminal=True)
    again.until("judged 1 of 7 turns")
    again.until("Turn 2")
    again.until(r"you: disagree")
    again.press("q\n")
    assert again.ends() == 0
    assert [(kind, turn) for kind, turn, *_ in notes(folder)] == [
        ("agree", 1),
        ("judged", 1),
        ("disagree", 2),
        ("override", 2),
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of POSIX")
def test_a_blind_walk_shows_nothing_of_the_machine_and_asks_for_points(made, practise):
    folder = made()
    walk = practise(
        "--by", "Anna", "--blind", "--turn", "7", "--trainee", TRAINEE, script=folder, command="review", terminal=True
    )
    walk.until("Turn 7")
    walk.press("+ concession\n")
    walk.until("overrides")
    walk.press("\n")
    walk.until(r"Points for control \(0 to 18\)")
    walk.press("12\n")
    walk.until("Points for acknowledge")
    walk.press("many\n")
    walk.until("is no number")
    walk.press("q\n")
    assert walk.ends() == 0
    assert not [told for told in ("anger 2 to 1", "the machine", "  1. ") if told in walk.shown]
    kept = review_of(folder).entries
    assert [(entry.kind.value, entry.blind) for entry in kept] == [
        ("override", True),
        ("judged", True),
        ("score", True),
    ]


def test_a_clip_has_line_and_reply_as_both_were_heard(record):
    turn = record.turns[0]
    length = turn.reply.span.end + RATE_HZ
    at = np.arange(length, dtype=np.float32) / length
    sound = {"caller": at * 0.5, "trainee": at * 0.25}
    clip = clip_of(turn, sound)
    assert clip[0] == pytest.approx(at[turn.line_span.start] * 0.75, abs=1e-6)
    assert len(clip) == turn.reply.span.end - turn.line_span.start + round(0.3 * RATE_HZ)
    with pytest.raises(UsageError, match="no times"):
        clip_of(replace(turn, line_span=None, reply=None), sound)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of POSIX")
def test_the_clip_of_a_turn_is_heard_on_the_headset(made, practise, virtual_headset, calibrated, record):
    folder = made()
    length = record.turns[-2].reply.span.end + RATE_HZ
    tone = (0.3 * np.sin(2 * np.pi * 700 * np.arange(length) / RATE_HZ)).astype(np.float32)
    write_flac(folder / "caller.flac", tone)
    write_flac(folder / "trainee.flac", np.zeros(length, np.float32))
    ears = virtual_headset.listen()
    walk = practise("--by", "Anna", "--turn", "7", "--trainee", TRAINEE, script=folder, command="review", terminal=True)
    walk.until("p play")
    walk.press("p\n")
    walk.until("played")
    walk.press("q\n")
    assert walk.ends() == 0
    virtual_headset.hush()
    heard = np.frombuffer(ears.read_bytes()[: ears.stat().st_size // 2 * 2], "<i2") / 32_768
    turn = record.turns[6]
    assert (
        np.count_nonzero(np.abs(heard) > 0.1) / RATE_HZ > 0.5 * (turn.reply.span.end - turn.line_span.start) / RATE_HZ
    )


# -- agreement --------------------------------------------------------------------------------------------------------


def judge(run, folder, by, *findings):
    for turn, *ids in findings:
        for finding in ids:
            run("review", folder, "--by", by, "--override", finding, "--turn", turn, "--present", "--blind")
        run("review", folder, "--by", by, "--judged", "--turn", turn, "--blind")


def test_the_agreement_of_copies_in_a_folder_is_counted_without_names(made, run, tmp_path):
    for number in range(2):
        folder, shared = made(), tmp_path / "copies" / f"anna-{number}"
        shutil.copytree(folder, shared)
        judge(run, shared, "Anna", (2, "command_calm"), (3, "apology"))
        other = tmp_path / "copies" / f"ben-{number}"
        shutil.copytree(folder, other)
        judge(run, other, "Ben", (2,), (3, "apology"))
    (tmp_path / "copies" / "broken").mkdir()
    (tmp_path / "copies" / "broken" / "call.json").write_text("no")
    code, out, err = run("agreement", "--folder", tmp_path / "copies")
    assert (code, "Left out" in err, "Anna" in out) == (0, True, False)
    assert "not trustworthy" in out and "Only 2 calls" in out and "rater A" in out
    found = json.loads(run("agreement", "--folder", tmp_path / "copies", "--json")[1])
    rows = {(row["item"], row["who"]): row for row in found["rows"]}
    assert found["calls"] == 2
    assert rows["apology", "people"]["alpha"] == 1.0
    assert rows["apology", "people"]["verdict"] == "not proven"
    assert rows["command_calm", "people"]["verdict"] == "not trustworthy"
    assert rows["apology", "machine"]["units"] == 8
    named = json.loads(run("agreement", "--folder", tmp_path / "copies", "--names", "--json")[1])
    assert [person["label"] for person in named["judges"]] == ["Anna", "Ben"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [((), "name the calls"), (("last",), "nobody has judged"), (("--folder", "nowhere"), "no such folder")],
)
def test_without_judged_calls_there_is_no_agreement(made, run, arguments, told):
    made()
    code, _, err = run("agreement", *arguments)
    assert (code, told in err) == (2, True)


def test_a_folder_without_calls_is_told(run, made, tmp_path):
    assert "no call in this folder" in run("agreement", "--folder", tmp_path)[2]
