"""Real calls on a headset: the command, real PortAudio on a virtual headset, real recognition of both sides."""

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from voicesim.backends.replies_voice import render_replies
from voicesim.backends.whisper_recognizer import WhisperRecognizer
from voicesim.cli.keeping import CHANNELS
from voicesim.files import read_pcm, read_sound, write_flac
from voicesim.model import RATE_HZ
from voicesim.sound import level_dbfs

SHORT = Path(__file__).parents[1] / "data" / "short.yaml"
REPLIES = ("I am sorry. Twenty euros left your account twice.", "I will refund the money today.")
#: From the moment a line begins to the reply's first word: no line of the script is longer, and silence is 5 s.
AFTER_S = 4.0
LIMIT_S = 120


@pytest.fixture(scope="module")
def replies(tmp_path_factory):
    """Two spoken replies that need some time before they begin, as people do."""
    folder = tmp_path_factory.mktemp("replies")
    paths = render_replies(REPLIES, folder)
    for path in paths:
        spoken = read_sound(path)[0].samples
        write_flac(path, np.concatenate([np.zeros(round(AFTER_S * RATE_HZ), np.float32), spoken]), RATE_HZ)
    return paths


@pytest.fixture(scope="module")
def own_folders(tmp_path_factory):
    """Variables that keep lines and calls of these tests apart from a person's own."""
    return {name: str(tmp_path_factory.mktemp(name.lower())) for name in ("VOICESIM_CACHE", "VOICESIM_DATA")}


@dataclass(kw_only=True)
class Practice:
    """A ``voicesim practice`` under way; its output can be followed and what it left can be read."""

    process: subprocess.Popen[str]
    folder: Path
    errors: Path
    shown: str = ""

    def lines(self):
        """Each caller's line as it begins, by the anger it begins with."""
        for row in self.process.stdout:
            self.shown += row
            if row.split()[1:3] == ["Pat", "anger"]:
                yield int(row.split()[3])

    def ends(self):
        """The exit code, once the command has ended."""
        self.shown += self.process.stdout.read()
        return self.process.wait(LIMIT_S)

    @property
    def record(self):
        return json.loads((self.folder / "call.json").read_text(encoding="utf-8"))

    @property
    def complaints(self):
        """What stands on stderr beside progress."""
        rows = self.errors.read_text(encoding="utf-8").splitlines()
        return [row for row in rows if not row.startswith(("Loading the recognizer", "Rendering the caller's lines"))]

    def channel(self, name):
        return read_sound(self.folder / f"{name}.flac")[0].samples


@pytest.fixture
def practise(tmp_path, own_folders):
    """Starts ``voicesim practice`` with the short script on the devices of these variables."""
    begun = []

    def start(**variables):
        folder = tmp_path / f"call-{len(begun)}"
        errors = tmp_path / f"errors-{len(begun)}.txt"
        with errors.open("w") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-m", "voicesim", "practice", str(SHORT), "--out", str(folder)],
                env={**os.environ, **own_folders, **variables},
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
        guard = threading.Timer(LIMIT_S, process.kill)
        guard.start()
        begun.append((process, guard))
        return Practice(process=process, folder=folder, errors=errors)

    yield start
    for process, guard in begun:
        guard.cancel()
        process.kill()
        process.communicate()


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


@pytest.mark.three_takes
def test_a_call_from_the_first_line_to_the_report(virtual_headset, practise, replies):
    """Spoken replies are recognized, move the caller and end the call well; both channels and the report are kept."""
    ears = virtual_headset.listen()
    call, waiting = practise(**virtual_headset.variables), list(replies)
    for _ in call.lines():
        if waiting:
            virtual_headset.speak(waiting.pop(0))
    assert (call.ends(), call.complaints) == (0, [])
    virtual_headset.hush()

    turns = call.record["turns"]
    assert call.record["ending"] == "resolved"
    assert [turn["line"]["step"] for turn in turns] == ["opening", "offer", "thanks"]
    assert "refund" in turns[1]["reply"]["live"]["transcript"]["text"].lower()
    assert call.record["clock"]["headset"]["missing_s"] < 0.1

    caller, trainee = (call.channel(name) for name in CHANNELS)
    assert len(caller) == len(trainee)
    for turn in turns[:2]:
        assert level_dbfs(of_line(caller, turn)) > -35
        assert level_dbfs(of_reply(trainee, turn)) > -35
        assert level_dbfs(of_line(trainee, turn)) < -55
    assert "took my money twice" in heard(of_line(caller, turns[0]))
    assert "left your account" in heard(of_reply(trainee, turns[0]))
    assert "took my money twice" in heard(read_pcm(ears))
    assert "<html" in (call.folder / "report.html").read_text(encoding="utf-8")
    assert f"Report: {call.folder / 'report.html'}" in call.shown


@pytest.mark.three_takes
def test_speaking_over_the_caller_stops_her_and_is_told(virtual_headset, practise, replies, tmp_path):
    """A reply that begins in the middle of a line is heard through the open microphone as an interruption."""
    at_once = read_sound(replies[0])[0].samples[round((AFTER_S - 0.8) * RATE_HZ) :]
    write_flac(tmp_path / "at-once.flac", at_once, RATE_HZ)
    call = practise(**virtual_headset.variables)
    lines = call.lines()
    next(lines)
    virtual_headset.speak(tmp_path / "at-once.flac")
    next(lines)
    call.process.send_signal(signal.SIGINT)
    assert call.ends() == 130
    turn = call.record["turns"][0]
    assert [overlap["kind"] for overlap in turn["reply"]["overlaps"]] == ["interruption"]
    assert "interrupt" in [finding["id"] for finding in turn["reply"]["live"]["findings"]]
    assert turn["line_end_s"] - turn["line_start_s"] < 2.5


def kept(call):
    """The ending of a call that was cut short, once its files were found to be whole."""
    caller, trainee = (call.channel(name) for name in CHANNELS)
    assert len(caller) == len(trainee)
    assert (call.folder / "report.html").is_file()
    assert not list(call.folder.glob("*.part"))
    assert call.record["turns"][0]["line"]["step"] == "opening"
    return call.record["ending"]


def test_ctrl_c_closes_the_call_and_keeps_it(virtual_headset, practise):
    """Ctrl-C in mid-call leaves a whole call that was stopped, and the exit code 130."""
    call = practise(**virtual_headset.variables)
    next(call.lines())
    call.process.send_signal(signal.SIGINT)
    assert (call.ends(), call.complaints) == (130, [])
    assert kept(call) == "stopped"


def test_a_headset_that_goes_away_leaves_an_incomplete_call(virtual_headset, practise):
    """When the sound server dies in mid-call the person reads one line, and what was said is kept."""
    call = practise(**virtual_headset.variables)
    next(call.lines())
    os.kill(virtual_headset.pid, signal.SIGTERM)
    assert call.ends() == 3
    [complaint] = call.complaints
    assert complaint.startswith("voicesim: default: the sound device stopped")
    assert "plugged in" in complaint
    assert kept(call) == "incomplete"


def test_without_a_device_it_says_how_to_practise_without_one(virtual_headset, practise):
    """No device at all: one line, before any line is rendered, and no folder is left."""
    call = practise(**virtual_headset.variables | {"PULSE_SERVER": "unix:/nowhere"})
    assert (call.ends(), call.shown) == (3, "")
    [complaint] = call.complaints
    assert complaint.startswith("voicesim: no microphone was found")
    assert "--replies FOLDER or --text FILE" in complaint
    assert not call.folder.exists()
