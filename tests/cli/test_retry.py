"""``voicesim retry``: a turn of a stored call again, typed, from sound files, and at a terminal on a headset."""

import io
import json
import shutil
import sys

import pytest

from voicesim.backends.replies_voice import render_replies
from voicesim.cli import main
from voicesim.files import read_sound
from voicesim.model import RATE_HZ

from .conftest import SHORT

HARSH = "Please calm down now."
FAIR = "So twenty euros left your account twice. I apologise, that was our mistake."
REFUND = "I will refund it today."


@pytest.fixture
def typed_call(own_data, tmp_path, monkeypatch, capsys):
    """A call among one's own in which the first reply was a mistake."""
    replies = tmp_path / "replies.txt"
    replies.write_text(f"{HARSH}\n{FAIR}\n{REFUND}\n", encoding="utf-8")
    assert main(["practice", str(SHORT), "--text", str(replies)]) == 0
    capsys.readouterr()
    [folder] = (own_data / "trainees" / "you" / "calls").iterdir()
    return folder


def text_of(tmp_path, *lines):
    path = tmp_path / "again.txt"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return str(path)


def kept(folder):
    lines = (folder / "attempts" / "attempts.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def top_files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_the_turn_that_cost_most_is_chosen_explained_and_tried_again(typed_call, tmp_path, capsys):
    """Quote, rule and source with its grade; a better reply; both attempts side by side; the original stays."""
    before = top_files(typed_call)
    assert main(["retry", "last", "--text", text_of(tmp_path, FAIR, HARSH)]) == 0
    shown = capsys.readouterr().out
    flat = " ".join(shown.split())
    assert flat.startswith("Turn 1 of A short call. What to change first is there. ")
    assert (
        "you told the caller to calm down: “Please calm down now.” (command_calm, the first time in this call) "
        "[Little and others 2013, grade A]" in flat
    )
    assert "Try: “" in flat
    assert "in the call" in shown and "attempt 1" in shown and "attempt 2" in shown
    assert "Anger" in shown and "6 to 8" in shown
    assert "Caller said" in shown and "And what will you do about it?" in shown
    assert "It calmed the caller more: " in shown
    assert "Kept as attempt 2 at turn 1." in shown
    first, second = kept(typed_call)
    assert (first["turn"], first["n"], first["by"], first["sound"]) == (1, 1, "text", None)
    assert first["reply"]["live"]["transcript"]["text"] == FAIR
    assert first["before"]["anger"] == 6 > first["after"]["anger"]
    assert second["after"]["anger"] == 8
    assert top_files(typed_call) == before


def test_a_reply_that_cost_nothing_but_left_her_angry_has_a_better_one(own_data, tmp_path, capsys):
    """The caller does not come down, no criterion asks for anything there, and the gym knows what she waits for."""
    words = text_of(tmp_path, "Hello, Sam here.", "Yes, I've got that here.", "Well, let me see.", "Right, and so on.")
    assert main(["practice", "billed-twice", "--seed", "1", "--text", words]) == 0
    capsys.readouterr()
    for turn in ("2", "3"):
        assert main(["retry", "last", "--turn", turn, "--text", text_of(tmp_path, "Well, let me see.")]) == 0
        assert "Try: “" in capsys.readouterr().out


def test_the_same_reply_does_what_it_did_in_the_call(typed_call, tmp_path, capsys):
    record = json.loads((typed_call / "call.json").read_text())
    for number, text in enumerate((HARSH, FAIR, REFUND), 1):
        assert main(["retry", "last", "--turn", str(number), "--text", text_of(tmp_path, text)]) == 0
        turn, attempt = record["turns"][number - 1], kept(typed_call)[-1]
        assert {key: attempt[key] for key in ("before", "after", "influences")} == {
            key: turn[key] for key in ("before", "after", "influences")
        }
        assert attempt["line"] == record["turns"][number]["line"]
        assert f"The caller's anger moved as it did in the call ({turn_delta(turn)})" in capsys.readouterr().out


def turn_delta(turn):
    delta = turn["after"]["anger"] - turn["before"]["anger"]
    return f"{delta:+d}".replace("-", "−") if delta else "0"


def test_a_call_can_go_on_from_there_to_its_end(typed_call, tmp_path, capsys):
    assert main(["retry", "last", "--turn", "1", "--on", "--text", text_of(tmp_path, FAIR, REFUND)]) == 0
    shown = capsys.readouterr().out
    assert "Call ended: resolved" in shown
    assert "resolved after 1 more reply" in shown
    [attempt] = kept(typed_call)
    assert attempt["ending"] == "resolved"
    assert [turn["line"]["step"] for turn in attempt["on"]] == ["offer", "thanks"]


def test_an_attempt_is_held_at_the_difficulty_of_the_call(own_data, tmp_path, capsys):
    """The script in the folder is the one as written; the levels change its lines and its patience."""
    replies = text_of(tmp_path, HARSH, FAIR, REFUND)
    assert main(["practice", "billed-twice", "--difficulty", "4", "--text", replies]) == 0
    [folder] = (own_data / "trainees" / "you" / "calls").iterdir()
    record = json.loads((folder / "call.json").read_text())
    assert main(["retry", "last", "--turn", "2", "--text", text_of(tmp_path, FAIR)]) == 0
    assert kept(folder)[0]["line"] == record["turns"][2]["line"]
    assert kept(folder)[0]["after"] == record["turns"][1]["after"]


def test_what_cannot_be_tried_is_told_in_one_line(typed_call, tmp_path, capsys):
    text = ["--text", text_of(tmp_path, FAIR)]
    for options, told in (
        (["--turn", "9"], "the call has no turn 9"),
        (["--turn", "4"], "with turn 4 the call ended"),
        (["--replies", str(tmp_path)], "two trainees for one turn"),
    ):
        assert main(["retry", "last", *options, *text]) == 2
        assert told in capsys.readouterr().err
    (typed_call / "script.yaml").unlink()
    assert main(["retry", "last", *text]) != 0
    assert "script.yaml" in capsys.readouterr().err
    assert not (typed_call / "attempts").exists()


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("", FAIR, ""), "2 blank lines were left out: silence alone is no attempt."),
        (("/again", FAIR), "/again is not needed here: each line is a new attempt at the same turn."),
    ],
)
def test_a_line_that_is_no_reply_is_no_attempt_and_that_is_told(typed_call, tmp_path, capsys, lines, told):
    assert main(["retry", "last", "--turn", "1", "--text", text_of(tmp_path, *lines)]) == 0
    assert told in capsys.readouterr().err
    assert [one["reply"]["live"]["transcript"]["text"] for one in kept(typed_call)] == [FAIR]


def test_with_on_a_blank_line_is_silence(typed_call, tmp_path, capsys):
    lines = text_of(tmp_path, "", FAIR, REFUND)
    assert main(["retry", "last", "--turn", "1", "--on", "--text", lines]) == 0
    assert "blank" not in capsys.readouterr().err
    [attempt] = kept(typed_call)
    assert attempt["reply"]["live"]["transcript"]["text"] == FAIR


def test_at_a_prompt_nothing_said_is_told_too(typed_call, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("/again\nq\n"))
    assert main(["retry", "last", "--text", "-"]) == 0
    shown = capsys.readouterr()
    assert ("not needed here" in shown.err, "nothing was kept" in shown.out) == (True, True)
    assert not (typed_call / "attempts").exists()


@pytest.mark.parametrize(
    ("option", "named", "told"),
    [
        ("--text", "nothing.txt", "nothing.txt: there is no reply in this file. Write one on a line of its own."),
        ("--text", "nofile.txt", "nofile.txt: "),
        ("--replies", "nofolder", "nofolder: the folder of replies is not there. Name a folder of sound files."),
    ],
)
def test_a_path_without_replies_is_refused_before_anything_is_shown(typed_call, tmp_path, capsys, option, named, told):
    (tmp_path / "nothing.txt").write_text("\n# a comment\n/again\n", encoding="utf-8")
    assert main(["retry", "last", option, str(tmp_path / named)]) == 2
    shown = capsys.readouterr()
    assert (shown.out, told in shown.err, shown.err.count("\n")) == ("", True, 1)


def test_show_lists_what_was_said_again(typed_call, tmp_path, capsys):
    assert main(["retry", "last", "--text", text_of(tmp_path, FAIR)]) == 0
    capsys.readouterr()
    assert main(["show", "last"]) == 0
    assert f"attempt 1 (text), anger 6 to 3: {FAIR[:50]}" in capsys.readouterr().out
    assert main(["show", "last", "--json"]) == 0
    [told] = json.loads(capsys.readouterr().out)["attempts"]
    assert told == {
        "turn": 1,
        "n": 1,
        "at_utc": told["at_utc"],
        "by": "text",
        "anger": [6, 3],
        "ending": None,
        "sound": None,
    }


def test_again_in_a_typed_call_takes_the_last_reply_back(own_data, tmp_path, capsys):
    """She says her line again, the call goes on as if it had never been said, and it is kept as an attempt."""
    replies = text_of(tmp_path, "/again", HARSH, "/again", FAIR, REFUND)
    assert main(["practice", str(SHORT), "--text", replies]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "There is no reply yet that could be said again." in shown
    assert "Turn 1 again: anger 6 to 8. Why: +2 you told the caller to calm down" in shown
    assert "Try: “" in shown
    [folder] = (own_data / "trainees" / "you" / "calls").iterdir()
    [attempt] = kept(folder)
    assert (attempt["turn"], attempt["by"], attempt["after"]["anger"]) == (1, "in_call", 8)
    record = json.loads((folder / "call.json").read_text())
    straight = tmp_path / "straight"
    assert main(["practice", str(SHORT), "--text", text_of(tmp_path, FAIR, REFUND), "--out", str(straight)]) == 0
    other = json.loads((straight / "call.json").read_text())
    assert {**record, "clock": None} == {**other, "clock": None}
    (folder / "call.json").unlink()
    assert main(["report", "last"]) == 0
    assert json.loads((folder / "call.json").read_text())["turns"] == record["turns"]


def test_nothing_is_taken_back_in_an_official_run(own_data, tmp_path, capsys):
    call = tmp_path / "call"
    replies = text_of(tmp_path, HARSH, "/again", FAIR)
    assert main(["practice", str(SHORT), "--official", "--text", replies, "--out", str(call)]) == 0
    assert "In this call no reply can be said again." in " ".join(capsys.readouterr().out.split())
    texts = [turn["reply"]["live"]["transcript"]["text"] for turn in replied(call)]
    assert texts == [HARSH, FAIR]
    assert not (call / "attempts").exists()


def replied(call):
    return [turn for turn in json.loads((call / "call.json").read_text())["turns"] if turn["reply"]]


def test_each_sound_file_is_an_attempt_that_is_kept_with_its_sound(own_data, tmp_path, capsys):
    """With the real recognizer; delivery is measured, and spans count in the attempt's own file."""
    folder = tmp_path / "sounds"
    render_replies([HARSH, REFUND], folder)
    call = tmp_path / "call"
    assert main(["practice", str(SHORT), "--replies", str(folder), "--fast", "--out", str(call)]) == 0
    again = tmp_path / "again"
    render_replies([FAIR], again)
    shutil.copy(folder / "01.flac", again / "02.flac")
    capsys.readouterr()
    assert main(["retry", str(call), "--turn", "1", "--replies", str(again)]) == 0
    shown = capsys.readouterr().out
    assert "pause before it" in shown
    first, second = kept(call)
    assert [one["sound"] for one in (first, second)] == ["attempts/1-1.flac", "attempts/1-2.flac"]
    assert "twenty euros" in first["reply"]["final"]["transcript"]["text"].lower().replace("20", "twenty")
    assert first["after"]["anger"] < second["after"]["anger"]
    sound = read_sound(call / first["sound"])[0]
    spoken = sound.samples[round(first["reply"]["start_s"] * RATE_HZ) : round(first["reply"]["end_s"] * RATE_HZ)]
    assert abs(spoken).mean() > 10 * abs(sound.samples[: RATE_HZ // 2]).mean()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of POSIX")
@pytest.mark.three_takes
def test_a_reply_is_heard_explained_and_said_again_at_a_headset(
    virtual_headset, practise, calibrated, spoken, own_data, tmp_path
):
    """The original and the better reply sound, her line comes again, she reacts to the new reply; twice, then q."""
    sounds = tmp_path / "sounds"
    render_replies([HARSH, REFUND], sounds)
    stored = tmp_path / "call"
    assert main(["practice", str(SHORT), "--replies", str(sounds), "--fast", "--out", str(stored)]) == 0
    original = (stored / "call.json").read_bytes()
    gym = practise("--turn", "1", script=stored, terminal=True, command="retry")
    gym.until("Turn 1 of A short call")
    gym.until("Try: ")
    gym.until("You, in the call")
    gym.press(" ")
    gym.until("A better reply")
    gym.until("Enter: say it again")
    gym.press("t")
    gym.until("without the words")
    gym.press("x")
    gym.until("Enter: say it again")
    gym.press("\n")
    gym.next_line()
    virtual_headset.speak(spoken(FAIR))
    gym.next_line()
    gym.until("Kept as attempt 1 at turn 1")
    gym.until("Enter: say it again")
    gym.press("q")
    assert gym.ends() == 0
    assert gym.settings[0] == gym.settings[1]
    [attempt] = kept(stored)
    assert (attempt["by"], attempt["sound"]) == ("headset", "attempts/1-1.flac")
    assert attempt["reply"]["delivery"]["calibrated"]
    assert attempt["after"]["anger"] < 6
    assert (stored / "call.json").read_bytes() == original
