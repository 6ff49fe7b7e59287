"""Calls with sound files and typed replies as the trainee: the command as a person calls it, with real recognition."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import soundfile

from voicesim.backends.replies_voice import render_replies, room_noise
from voicesim.files import write_flac
from voicesim.model import RATE_HZ
from voicesim.store.places import CHANNELS

ROOT = Path(__file__).parents[2]
SHORT = ROOT / "tests" / "data" / "short.yaml"
DEMO = ROOT / "audio" / "demo"
REPLIES = ("I am sorry. Twenty euros left your account twice.", "I will refund the money today.")


@dataclass(frozen=True, kw_only=True)
class Done:
    """A command that has ended: its exit code, what it printed, and the folder of its call."""

    code: int
    shown: str
    complaints: str
    folder: Path

    @property
    def content(self):
        return (self.folder / "call.json").read_bytes()

    @property
    def record(self):
        return json.loads(self.content)

    @property
    def heard(self):
        """The live transcript of each turn; None for a silent one."""
        replies = [turn["reply"] for turn in self.record["turns"]]
        return [reply and reply["live"]["transcript"]["text"] for reply in replies]

    @property
    def steps(self):
        return [turn["line"]["step"] for turn in self.record["turns"]]


@pytest.fixture(scope="session")
def own_folders(tmp_path_factory):
    """Variables that keep lines and calls of these tests apart from a person's own."""
    return {name: str(tmp_path_factory.mktemp(name.lower())) for name in ("VOICESIM_CACHE", "VOICESIM_DATA")}


@pytest.fixture(scope="session")
def practise(own_folders, tmp_path_factory):
    """Runs ``voicesim practice SCRIPT ..`` to its end; its call goes to a new folder unless ``--out`` is there."""

    def run(script, *options):
        folder = tmp_path_factory.mktemp("calls") / "call"
        out = () if "--out" in options else ("--out", str(folder))
        command = [sys.executable, "-m", "voicesim", "practice", str(script), *map(str, options), *out]
        variables = {**os.environ, **own_folders, "COLUMNS": "200"}
        done = subprocess.run(command, capture_output=True, text=True, env=variables, cwd=ROOT, check=False)
        return Done(code=done.returncode, shown=done.stdout, complaints=done.stderr, folder=folder)

    return run


@pytest.fixture(scope="session")
def replies(tmp_path_factory):
    """A folder of two spoken replies, one that is never needed, and a file that is no sound."""
    folder = tmp_path_factory.mktemp("replies")
    render_replies((*REPLIES, "Goodbye."), folder)
    (folder / "notes.txt").write_text("not a sound\n")
    return folder


@pytest.fixture(scope="session")
def short_call(practise, replies):
    return practise(SHORT, "--replies", replies, "--fast", "--expect", "resolved,referred")


@pytest.fixture(scope="session")
def demo_call(practise):
    return practise("billed-twice", "--replies", DEMO, "--fast", "--seed", "3", "--recognizer", "whisper")


def without_clock(done):
    """The bytes of ``call.json`` up to the clock, which stands last."""
    before, _, _ = done.content.partition(b'"clock"')
    return before


def channels(done):
    return {name: soundfile.read(done.folder / f"{name}.flac") for name in CHANNELS}


def test_a_shipped_script_on_recorded_replies(demo_call):
    """The recorded trainee is understood and the caller moves: words, findings, influences, feedback and report."""
    assert demo_call.code == 0
    assert "voicesim: " not in demo_call.complaints
    record = demo_call.record
    assert record["script"]["id"] == "billed-twice"
    assert "account number" in demo_call.heard[0]
    assert any("reference is 7705" in text for text in demo_call.heard if text)
    assert {f["id"] for t in record["turns"] if t["reply"] for f in t["reply"]["final"]["findings"] if f["sure"]}
    assert {turn["after"]["anger"] for turn in record["turns"]} > {record["turns"][0]["before"]["anger"]}
    assert record["feedback"]["score"]["total"] is not None
    assert "<html" in (demo_call.folder / "report.html").read_text(encoding="utf-8")


def test_the_same_seed_is_the_same_call(demo_call, practise):
    """Two runs of a seed differ in the clock alone."""
    again = practise("billed-twice", "--replies", DEMO, "--fast", "--seed", "3", "--recognizer", "whisper")
    assert without_clock(again) == without_clock(demo_call)
    assert len(without_clock(again)) > 10_000


def test_fast_equals_real_time(short_call, practise, replies):
    """In real time the call is the same to the byte, and so is its sound."""
    real = practise(SHORT, "--replies", replies)
    assert without_clock(real) == without_clock(short_call)
    for name in CHANNELS:
        assert (real.folder / f"{name}.flac").read_bytes() == (short_call.folder / f"{name}.flac").read_bytes()


def test_replies_move_the_caller_through_her_steps(short_call):
    assert (short_call.code, short_call.record["ending"]) == (0, "resolved")
    assert short_call.steps == ["opening", "offer", "thanks"]
    assert "refund" in short_call.heard[1].lower()


def test_both_channels_are_16_khz_and_of_one_length(short_call):
    (caller, caller_hz), (trainee, trainee_hz) = channels(short_call).values()
    assert (caller_hz, trainee_hz) == (RATE_HZ, RATE_HZ)
    assert caller.shape == trainee.shape
    last = short_call.record["turns"][-1]
    assert last["line_end_s"] == pytest.approx(len(caller) / RATE_HZ, abs=0.021)


def test_a_reply_begins_half_a_second_after_the_line(short_call):
    """The file starts 0.5 s after the line and speech 0.1 to 0.3 s into it."""
    for turn in short_call.record["turns"][:2]:
        assert 0.5 < turn["reply"]["start_s"] - turn["line_end_s"] < 0.9


def test_files_left_over_are_listed_and_other_files_noted_once(short_call):
    assert short_call.record["unused_replies"] == ["03.flac"]
    assert short_call.shown.count("not used: notes.txt") == 1


def test_an_all_silent_file_is_a_silent_turn(practise, tmp_path):
    """The caller waits 5 s, speaks into the silence, and hears the next file."""
    write_flac(tmp_path / "1.flac", room_noise(2 * RATE_HZ, (1, 1)), RATE_HZ)
    render_replies([REPLIES[1]], tmp_path / "spoken")
    (tmp_path / "spoken" / "01.flac").rename(tmp_path / "2.flac")
    done = practise(SHORT, "--replies", tmp_path, "--fast")
    first, second = done.record["turns"][:2]
    assert first["reply"] is None
    assert [influence["cause"] for influence in first["influences"]] == ["long_silence"]
    assert second["line_start_s"] - first["line_end_s"] == pytest.approx(5.0, abs=0.1)
    assert "refund" in second["reply"]["live"]["transcript"]["text"].lower()


@pytest.mark.parametrize(
    ("said", "key"),
    [("Sorry, please stop the exercise now.", ""), ("I am at the blue anchor now.", "stop_word: blue anchor")],
    ids=["the trainee's", "the script's"],
)
def test_the_stop_word_stops_the_call_unscored(said, key, practise, short_script, tmp_path):
    """Who says it, in the middle of whatever, ends the call: it is not scored, and there is a word for letting go."""
    render_replies([said, REPLIES[1]], tmp_path / "replies")
    done = practise(short_script(key), "--replies", tmp_path / "replies", "--fast")
    assert (done.code, done.record["ending"]) == (0, "stopped")
    assert done.record["feedback"]["score"]["total"] is None
    assert done.record["unused_replies"] == ["02.flac"]
    assert "You stopped the exercise. Nothing was scored" in done.shown


@pytest.mark.skipif(sys.platform == "win32", reason="needs the rights of POSIX")
def test_a_stored_call_is_its_trainees_alone(voicesim, replies, own_data):
    """Whatever the umask, folders are 0700 and files 0600; nobody else finds the call, nor its report."""
    own_data.chmod(0o700)
    before = os.umask(0)
    try:
        done = voicesim("practice", SHORT, "--replies", replies, "--fast", "--trainee", "Ann")
    finally:
        os.umask(before)
    assert done.returncode == 0, done.stderr
    paths = sorted(own_data.rglob("*"))
    [call] = [path.parent for path in paths if path.name == "call.json"]
    assert {"caller.flac", "trainee.flac", "journal.jsonl", "report.html", "script.yaml"} < {p.name for p in paths}
    assert {oct(path.stat().st_mode & 0o777) for path in paths if path.is_dir()} == {"0o700"}
    assert {oct(path.stat().st_mode & 0o777) for path in paths if path.is_file()} == {"0o600"}

    assert "There are no calls yet" in voicesim("calls").stdout
    assert call.name[:15] in voicesim("calls", "--trainee", "Ann").stdout
    for refused in (voicesim("report", "last"), voicesim("show", call.name), voicesim("report", call)):
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert voicesim("report", "last", "--trainee", "Ann").returncode == 0


def test_files_that_run_out_meet_one_silence_then_stop(practise, tmp_path):
    """After the last file the caller asks once who is there; then the call is stopped, which is no failure."""
    render_replies([REPLIES[0]], tmp_path)
    done = practise(SHORT, "--replies", tmp_path, "--fast")
    assert (done.code, done.record["ending"]) == (0, "stopped")
    assert [reply is None for reply in done.heard] == [False, True, True]
    assert "Hello? Are you there?" in done.record["turns"][2]["line"]["text"]


@pytest.mark.parametrize(
    ("expected", "code"),
    [("resolved", 0), ("escalated,resolved", 0), ("referred", 1)],
)
def test_expect_decides_the_exit_code(practise, tmp_path, expected, code):
    typed = tmp_path / "typed.txt"
    typed.write_text("\n".join(REPLIES))
    done = practise(SHORT, "--text", typed, "--expect", expected)
    assert (done.code, done.record["ending"]) == (code, "resolved")
    assert ("the call ended as resolved, not as referred" in done.complaints) == (code == 1)


def test_typed_replies_with_blank_lines_and_comments(practise, tmp_path):
    """A reply a line; a blank line is a silent turn, a comment nothing, and when they run out the call is stopped."""
    typed = tmp_path / "typed.txt"
    typed.write_text("# the first call\nHello.\n\nIt was twenty euros.\n")
    done = practise(SHORT, "--text", typed)
    assert (done.code, done.record["ending"]) == (0, "stopped")
    assert done.heard[:3] == ["Hello.", None, "It was twenty euros."]
    assert done.steps[:4] == ["opening", "opening", "opening", "offer"]
    assert not [name for name in CHANNELS if (done.folder / f"{name}.flac").exists()]


def test_typed_replies_left_over_are_listed(practise, tmp_path):
    typed = tmp_path / "typed.txt"
    typed.write_text("\n".join((*REPLIES, "Goodbye.")))
    assert practise(SHORT, "--text", typed).record["unused_replies"] == ["Goodbye."]


def folder_of(*names):
    """A maker of a folder that holds files of these names, none of them a sound."""

    def make(place):
        folder = place / "replies"
        folder.mkdir()
        for name in names:
            (folder / name).write_text("not a sound")
        return folder

    return make


@pytest.mark.parametrize(
    ("script", "make", "said"),
    [
        ("billed-twise", folder_of("1.wav"), "Did you mean 'billed-twice'"),
        ("billed-twice", folder_of(), "holds no sound files"),
        ("billed-twice", folder_of("readme.txt"), "holds no sound files"),
        ("billed-twice", folder_of("1.wav"), "1.wav: "),
        ("billed-twice", lambda place: place / "nowhere", "the folder of replies is not there"),
        ("no/such.yaml", folder_of("1.wav"), "there is no such file"),
    ],
)
def test_refuses_with_one_line(practise, tmp_path, script, make, said):
    """What cannot be used: exit 2, one line that names it, nothing shown and nothing left."""
    done = practise(script, "--replies", make(tmp_path), "--fast")
    assert (done.code, done.shown) == (2, "")
    [complaint] = done.complaints.splitlines()
    assert complaint.startswith("voicesim: ")
    assert said in complaint
    assert not done.folder.exists()


@pytest.mark.parametrize("left", ["call.json", "trainee.pcm.part"])
def test_refuses_a_folder_that_holds_a_call(practise, replies, tmp_path, left):
    """A finished call, or one that was cut off, is not written over."""
    (tmp_path / left).write_bytes(b"{}")
    done = practise(SHORT, "--replies", replies, "--fast", "--out", tmp_path)
    assert (done.code, (tmp_path / left).read_bytes()) == (2, b"{}")
    assert "holds a call already. Name another folder" in done.complaints
    assert sorted(path.name for path in tmp_path.iterdir()) == [left]
