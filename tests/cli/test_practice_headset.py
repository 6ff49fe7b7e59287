"""Real calls on a headset: the command, real PortAudio on a virtual headset, real recognition of both sides."""

import os
import signal

import pytest

from voicesim.backends.whisper_recognizer import WhisperRecognizer
from voicesim.files import read_pcm
from voicesim.model import RATE_HZ
from voicesim.sound import level_dbfs
from voicesim.store.places import CHANNELS

ABOUT_MONEY = "I am sorry. Twenty euros left your account twice."
REFUND = "I will refund the money today."
LONG = "Well, I have your account here in front of me, and I see all payments of this month, one after the other."


def heard(samples):
    """What Whisper makes of 16 kHz sound, in lower case."""
    hearing = WhisperRecognizer().start(RATE_HZ)
    hearing.feed(samples)
    return hearing.finish().text.lower()


def of_line(samples, turn):
    """The samples while a turn's line sounded."""
    return samples[round(turn["line_start_s"] * RATE_HZ) : round(turn["line_end_s"] * RATE_HZ)]


def of_reply(samples, turn):
    """The samples from the first to the last speech of a turn's reply."""
    return samples[round(turn["reply"]["start_s"] * RATE_HZ) : round(turn["reply"]["end_s"] * RATE_HZ)]


def kept(call):
    """The ending of a closed call, once its files were found to be whole."""
    caller, trainee = (call.channel(name) for name in CHANNELS)
    assert len(caller) == len(trainee)
    assert (call.folder / "report.html").is_file()
    assert not list(call.folder.glob("*.part"))
    assert call.record["turns"][0]["line"]["step"] == "opening"
    return call.record["ending"]


def answer(call, headset, reply):
    """Say a reply as soon as the line under way is over, and wait for the next line."""
    call.line_over()
    headset.speak(reply)
    call.next_line()


@pytest.mark.three_takes
def test_a_call_from_the_first_line_to_the_report(virtual_headset, practise, spoken):
    """Spoken replies are recognized, move the caller and end the call well; both channels and the report are kept."""
    ears = virtual_headset.listen()
    call = practise()
    call.next_line()
    for reply in (ABOUT_MONEY, REFUND):
        answer(call, virtual_headset, spoken(reply))
    assert (call.ends(), call.complaints) == (0, [])
    assert kept(call) == "resolved"
    virtual_headset.hush()

    turns = call.record["turns"]
    assert [turn["line"]["step"] for turn in turns] == ["opening", "offer", "thanks"]
    assert "refund" in turns[1]["reply"]["live"]["transcript"]["text"].lower()
    assert call.record["clock"]["headset"]["missing_s"] < 0.1

    caller, trainee = (call.channel(name) for name in CHANNELS)
    for turn in turns[:2]:
        assert level_dbfs(of_line(caller, turn)) > -35
        assert level_dbfs(of_reply(trainee, turn)) > -35
        assert level_dbfs(of_line(trainee, turn)) < -55
    assert "took my money twice" in heard(of_line(caller, turns[0]))
    assert "left your account" in heard(of_reply(trainee, turns[0]))
    assert "took my money twice" in heard(read_pcm(ears))
    assert "<html" in (call.folder / "report.html").read_text(encoding="utf-8")
    assert f"Report: {call.folder / 'report.html'}" in call.shown
    assert turns[0]["line"]["text"] not in call.shown


@pytest.mark.three_takes
def test_speaking_over_the_caller_stops_her_and_ctrl_c_closes_the_call(virtual_headset, practise, spoken):
    """A reply in the middle of a line is heard as an interruption; Ctrl-C leaves a whole call, and exit code 130."""
    call = practise()
    call.next_line()
    virtual_headset.speak(spoken(ABOUT_MONEY))
    call.next_line()
    call.interrupt()
    assert (call.ends(), call.complaints) == (130, [])
    assert kept(call) == "stopped"
    turn = call.record["turns"][0]
    assert [overlap["kind"] for overlap in turn["reply"]["overlaps"]] == ["interruption"]
    assert "interrupt" in [finding["id"] for finding in turn["reply"]["live"]["findings"]]
    assert turn["line_end_s"] - turn["line_start_s"] < 2.5


@pytest.mark.three_takes
def test_an_impatient_caller_cuts_into_a_long_reply_and_the_stop_word_ends_it_all(
    virtual_headset, practise, spoken, short_script
):
    """After 3 s of one reply she answers, while it is still spoken; the stop word ends the call unscored."""
    call = practise(script=short_script("interrupts: {after_s: 3}"))
    call.next_line()
    answer(call, virtual_headset, spoken(LONG))
    virtual_headset.hush()
    call.line_over()
    virtual_headset.speak(spoken("Please stop the exercise."))
    assert call.ends() == 0
    assert kept(call) == "stopped"
    first, second = call.record["turns"][:2]
    assert second["line_start_s"] - first["reply"]["start_s"] < 5.0
    assert first["reply"]["live"]["transcript"]["text"].startswith("Well")
    assert "interrupt" not in [finding["id"] for finding in first["reply"]["live"]["findings"]]
    assert call.record["feedback"]["score"]["total"] is None
    assert "You stopped the exercise. Nothing was scored" in call.shown


@pytest.mark.three_takes
def test_a_headset_that_comes_back_goes_on_with_the_line(virtual_headset, practise, spoken):
    """Sound server restarted, headset pulled out and put back: the call waits, says so, and she says her line again."""
    waits = "The call waits: the sound device .*Plug the headset in again and it goes on"
    call = practise()
    call.next_line()
    virtual_headset.restart()
    call.until(waits)
    call.until("The call goes on; you hear the line again")
    call.next_line()
    answer(call, virtual_headset, spoken(ABOUT_MONEY))
    virtual_headset.unplug()
    call.until(waits)
    virtual_headset.plug()
    call.until("The call goes on; you hear the line again")
    call.next_line()
    answer(call, virtual_headset, spoken(REFUND))
    assert (call.ends(), call.complaints) == (0, [])
    assert kept(call) == "resolved"

    assert [entry["by"] for entry in call.entries("paused")] == ["headset", "headset"]
    turns = call.record["turns"]
    assert [turn["line"]["step"] for turn in turns] == ["opening", "offer", "thanks"]
    assert "took my money twice" in heard(of_line(call.channel("caller"), turns[0]))
    assert "what will you do" in heard(of_line(call.channel("caller"), turns[1]))


def test_a_headset_that_stays_away_leaves_an_incomplete_call(virtual_headset, practise, own_data):
    """When the sound server dies in mid-call and nothing is to be waited for: one line, and what was said is kept."""
    (own_data / "settings.toml").write_text("wait_for_headset_s = 0\n")
    call = practise()
    call.next_line()
    os.kill(virtual_headset.pid, signal.SIGTERM)
    assert call.ends() == 3
    [complaint] = call.complaints
    assert complaint.startswith("voicesim: default: the sound device stopped")
    assert "plugged in" in complaint
    assert kept(call) == "incomplete"


def test_without_a_device_it_says_how_to_practise_without_one(virtual_headset, practise):
    """No device at all: one line, before any line is rendered, and no folder is left."""
    call = practise(PULSE_SERVER="unix:/nowhere")
    assert (call.ends(), call.shown) == (3, "")
    [complaint] = call.complaints
    assert complaint.startswith("voicesim: no microphone was found")
    assert "--replies FOLDER or --text FILE" in complaint
    assert not list(call.data.rglob("journal.jsonl"))
