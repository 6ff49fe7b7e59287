"""``voicesim analyse`` on real parts: neural speech, the embedded recognizer, voice activity, pitch."""

import json
from dataclasses import fields

import numpy as np
import pytest
import soundfile

from voicesim.backends.hibari_voice import HibariVoice
from voicesim.cli import main
from voicesim.language.wording import Wording
from voicesim.ports import VoiceStyle
from voicesim.report.codec import encode

NEUTRAL = (
    "The meeting is on Tuesday at ten and everybody will be there.",
    "The red folder lies on the second shelf next to the window.",
    "We will take the early train and come back in the evening.",
)
REPLY = "I apologise, we charged you twice and that is our mistake. I will refund it today."


@pytest.fixture(scope="module")
def speech():
    """A function text -> (samples, rate) that speaks in one persona."""
    voice = HibariVoice()

    def speak(text):
        sound = voice.render(text, VoiceStyle(persona="young_man"))
        silence = np.random.default_rng(1).normal(0, 1e-4, sound.rate_hz // 2).astype(np.float32)
        return np.concatenate([silence, sound.samples * 0.5, silence]), sound.rate_hz

    return speak


@pytest.fixture
def recording(speech, tmp_path):
    """A function (name, text) -> path of a sound file with that speech."""

    def record(name, text=REPLY, gain=1.0, channels=1):
        samples, rate_hz = speech(text)
        path = tmp_path / name
        soundfile.write(path, np.repeat(np.clip(samples * gain, -1, 1)[:, None], channels, axis=1), rate_hz)
        return path

    return record


def run(capsys, *arguments):
    """Exit code, JSON objects of stdout, text of stderr."""
    code = main(["analyse", *map(str, arguments), "--json"])
    out, err = capsys.readouterr()
    return code, [json.loads(line) for line in out.splitlines()], err


def ids(reply):
    return {finding["id"] for finding in reply["findings"] if finding["sure"]}


def test_typed_replies_are_one_object_a_line(tmp_path, capsys):
    """Every input line, a blank one too, has exactly one object with its number and its own text."""
    lines = ["", REPLY, "   ", "Calm down!", "schön # no comment", ""]
    path = tmp_path / "replies.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    code, replies, _ = run(capsys, "--text", path)
    assert code == 0
    assert [(r["schema"], r["line"], r["text"]) for r in replies] == [(1, n, t) for n, t in enumerate(lines, start=1)]
    assert all({"id", "kind", "confidence", "sure", "quote"} <= set(f) for r in replies for f in r["findings"])


def test_typed_replies_are_understood(tmp_path, capsys):
    """An owned apology and a command to calm down are found, each in its line; a blank line holds nothing."""
    path = tmp_path / "replies.txt"
    path.write_text(f"{REPLY}\nYou need to calm down.\n\n", encoding="utf-8")
    _, (apology, command, blank), _ = run(capsys, "--text", path)
    assert "apology" in ids(apology)
    assert "command_calm" in ids(command)
    assert blank["findings"] == []


def test_the_wording_of_typed_replies_is_told(tmp_path, capsys):
    """Every line has every measure; what only sound or a call can tell is null."""
    path = tmp_path / "replies.txt"
    path.write_text("Um, I will check it, maybe.\n\n", encoding="utf-8")
    _, (reply, blank), _ = run(capsys, "--text", path)
    measures = [field.name for field in fields(Wording)]
    assert list(reply["wording"]) == list(blank["wording"]) == measures
    told = {name: reply["wording"][name] for name in ("words", "i_share", "fillers_heard", "hedges")}
    assert told == {"words": 5, "i_share": 0.2, "fillers_heard": 1, "hedges": 1}
    assert {reply["wording"][name] for name in ("fillers_dropped", "concreteness", "apology_s")} == {None}
    assert (blank["wording"]["words"], blank["wording"]["i_share"]) == (0, None)


def test_people_read_the_wording_of_typed_replies(tmp_path, capsys):
    """Without ``--json`` the measures stand in words below the findings; a blank line has none."""
    path = tmp_path / "replies.txt"
    path.write_text("Um, I will check it, maybe.\n\n", encoding="utf-8")
    assert main(["analyse", "--text", str(path)]) == 0
    out = capsys.readouterr().out
    assert out.count("wording: 5 words") == out.count("wording:") == 1
    assert "fillers: 1 heard (17%)" in out


def test_a_recorded_reply_is_heard_and_measured(recording, capsys):
    """Words with times, findings with their quotes, and delivery in the units of its names."""
    path = recording("reply.wav")
    code, (reply,), _ = run(capsys, path)
    assert code == 0
    assert (reply["schema"], reply["file"]) == (1, str(path))
    assert "apologi" in reply["transcript"]["text"].lower()
    assert "apology" in ids(reply)
    words = reply["transcript"]["words"]
    assert all(0 <= w["start_s"] <= w["end_s"] <= reply["duration_s"] + 0.05 for w in words)
    assert 3.0 < reply["delivery"]["speech_s"] < reply["duration_s"]
    assert 2.5 < reply["delivery"]["articulation_rate_sps"] < 7.0
    assert 1.0 < reply["wording"]["apology_s"] < reply["delivery"]["speech_s"]
    assert reply["wording"]["fillers_dropped"] == 0
    assert reply["delivery"]["calibrated"] is False


def test_a_bad_file_is_named_and_the_others_are_done(recording, tmp_path, capsys):
    """One clear line for each bad file, objects for the good ones in the order given, exit code 2."""
    empty = tmp_path / "empty.wav"
    empty.write_bytes(b"")
    first, second = recording("b.wav"), recording("a.flac", NEUTRAL[0])
    code, replies, err = run(capsys, first, empty, tmp_path / "none.wav", second, tmp_path)
    assert code == 2
    assert [r["file"] for r in replies] == [str(first), str(second)]
    complaints = [line for line in err.splitlines() if line.startswith("voicesim: ")]
    assert len(complaints) == 3
    assert all(name in line for name, line in zip(("empty.wav", "none.wav", str(tmp_path)), complaints, strict=True))
    assert "Traceback" not in err


def test_silence_is_an_empty_transcript(tmp_path, capsys):
    """A silent recording is no error: no words, no findings, every measure with its reason."""
    path = tmp_path / "silence.wav"
    soundfile.write(path, np.zeros(32_000), 16_000)
    code, (reply,), _ = run(capsys, path)
    assert code == 0
    assert reply["transcript"]["words"] == []
    assert reply["findings"] == []
    assert reply["delivery"]["speech_s"] == 0
    assert "tension" in reply["delivery"]["abstained"]


def test_stereo_is_mixed_with_a_note(recording, capsys):
    """Two channels are accepted, and the note says so."""
    code, (reply,), _ = run(capsys, recording("stereo.wav", channels=2))
    assert code == 0
    assert any("stereo" in note for note in reply["notes"])
    assert "apology" in ids(reply)


def test_neutral_sentences_calibrate(recording, capsys):
    """With the trainee's own sentences the same voice saying one of them is calm, and the measures are differences."""
    own = [part for n, text in enumerate(NEUTRAL) for part in ("--baseline", recording(f"neutral-{n}.wav", text))]
    code, (reply,), _ = run(capsys, recording("reply.wav", NEUTRAL[0]), *own)
    assert code == 0
    assert reply["delivery"]["calibrated"] is True
    assert abs(reply["delivery"]["f0_median_st_re_baseline"]) < 3
    assert reply["delivery"]["tension_band"] == "calm"


def test_a_saved_baseline_is_taken_as_it_is(recording, baseline, tmp_path, capsys):
    """A baseline that was saved as JSON does as well as sounds."""
    saved = tmp_path / "baseline.json"
    saved.write_text(json.dumps(encode(baseline)))
    code, (reply,), _ = run(capsys, recording("reply.wav"), "--baseline", saved)
    assert code == 0
    assert reply["delivery"]["calibrated"] is True


def test_a_baseline_that_is_not_good_enough_is_refused(recording, capsys):
    """Too little neutral speech is refused with the figure, before anything is analysed."""
    code, replies, err = run(capsys, recording("reply.wav"), "--baseline", recording("short.wav", "Good morning."))
    assert (code, replies) == (2, [])
    assert "6 s" in err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["reply.wav", "--text", "replies.txt"],
        ["--text", "replies.txt", "--baseline", "neutral.wav"],
        ["reply.wav", "--recognizer", "nobody"],
    ],
)
def test_wrong_use_is_refused(arguments, capsys):
    """Nothing to analyse, two kinds at once, a baseline for text and an unknown recognizer are usage errors."""
    code, replies, err = run(capsys, *arguments)
    assert (code, replies) == (2, [])
    assert "Traceback" not in err


def test_people_read_words_and_units(recording, capsys):
    """Without ``--json`` a person reads what was heard, what was found and the measures with their units."""
    assert main(["analyse", str(recording("reply.wav"))]) == 0
    out = capsys.readouterr().out
    for part in ("heard", "technique: apology", "syllables a second", "tension is not calibrated", "apology: "):
        assert part in out
