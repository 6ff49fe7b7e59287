"""A trainer's session on the virtual headset, from the first prompt to a call that uses the takes."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from voicesim.backends.replies_voice import render_replies
from voicesim.cli import main
from voicesim.files import read_sound, write_flac
from voicesim.model import RATE_HZ
from voicesim.sound import telephone
from voicesim.studio.shelf import Shelf
from voicesim.wiring.library import find_script

SHORT = Path(__file__).parents[1] / "data" / "short.yaml"
OPENING = "You took my money twice, and nobody tells me why."
OFFER = "And what will you do about it?"
ENOUGH = "Forget it."


@pytest.fixture(scope="session")
def trainer(tmp_path_factory):
    """Lines of the short script as a trainer speaks them: the deep man at a desk."""
    paths = render_replies([OPENING, OFFER, ENOUGH], tmp_path_factory.mktemp("trainer"), persona="deep_man", anger=0.6)
    return dict(zip((OPENING, OFFER, ENOUGH), paths, strict=True))


def similar(one, other):
    """The greatest correlation of two sounds at any shift, 0..1."""
    size = 1 << (len(one) + len(other)).bit_length()
    cross = np.fft.irfft(np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size)))
    return float(np.abs(cross).max() / np.sqrt(np.sum(one**2) * np.sum(other**2)))


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of POSIX")
def test_a_session_from_prompts_to_a_pack_to_a_call_with_the_takes(
    virtual_headset, practise, calibrated, own_data, voicesim, trainer, spoken, tmp_path, monkeypatch
):
    """Consent once; a wrong take is told, taken again and kept aside; the pack is installed elsewhere and heard."""
    heads = ("--input", "default", "--output", "default")
    session = practise("--speaker", "you", "--moods", "angry", *heads, terminal=True, command="record")
    session.until("this is what recording means")
    session.until("Do you agree")
    session.press("yes\n")
    take(session, virtual_headset, OPENING, trainer[OFFER])
    session.until("twice|money")  # the words that were missed
    session.until("Enter keeps it")
    session.press("a\n")
    session.until("Speak now")
    virtual_headset.speak(trainer[OPENING])
    session.until("Enter keeps it")
    session.press("\n")
    take(session, virtual_headset, OFFER, trainer[OFFER])
    session.until("Enter keeps it")
    session.press("q\n")
    session.until("2 of 6 lines of short have a take")
    assert session.ends() == 0

    shelf = Shelf.own("short")
    opening = next(line_id for line_id in shelf.chosen() if line_id.startswith("opening-"))
    assert [kept.chosen for kept in shelf.takes(opening)] == [False, True]
    packed = tmp_path / "short.voicesim"
    script = own_data / "scripts" / "short.yaml"
    assert voicesim("script", "pack", _copied(script), "--out", packed).returncode == 0

    elsewhere = tmp_path / "elsewhere"
    monkeypatch.setenv("VOICESIM_DATA", str(elsewhere))
    assert voicesim("script", "install", packed).returncode == 0
    replies = tmp_path / "replies"
    replies.mkdir()
    write_flac(replies / "1.flac", read_sound(spoken("I see the twenty euros. I will refund them."))[0].samples)
    call = tmp_path / "call"
    held = voicesim("practice", "short", "--replies", replies, "--fast", "--out", call)
    assert held.returncode == 0, held.stderr
    record = json.loads((call / "call.json").read_text())
    first = record["turns"][0]
    assert first["line"]["take"]
    channel = read_sound(call / "caller.flac")[0].samples
    played = channel[round(first["line_start_s"] * RATE_HZ) : round(first["line_end_s"] * RATE_HZ)]
    recorded = read_sound(shelf.chosen()[opening])[0].samples
    assert similar(played, telephone(recorded, RATE_HZ, noise_dbfs=-np.inf)) > 0.9


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of POSIX")
def test_u_takes_a_take_back_and_leads_to_its_line(virtual_headset, practise, calibrated, own_data, trainer):
    """After a take, and before the next line; what is taken back is kept aside, and a third time nothing is left."""
    heads = ("--input", "default", "--output", "default")
    more = ("--speaker", "you", "--agree", "--moods", "angry", "--no-guide")
    session = practise(*more, *heads, terminal=True, command="record")
    take(session, virtual_headset, OPENING, trainer[OPENING])
    session.until("Enter keeps it")
    session.press("u\n")
    session.until("The last take is taken back")
    take(session, virtual_headset, OPENING, trainer[OPENING])
    session.until("Enter keeps it")
    session.press("\n")
    session.until(OFFER.rstrip("?"))
    session.until("Enter when you are ready")
    session.press("u\n")
    session.until("The last take is taken back")
    session.until(OPENING.rstrip("."))
    session.until("Enter when you are ready")
    session.press("u\n")
    session.until("Nothing to undo")
    session.until("Enter when you are ready")
    session.press("q\n")
    session.until("0 of 6 lines of short have a take")
    assert session.ends() == 0

    shelf = Shelf.own("short")
    assert shelf.chosen() == {}
    (opening,) = {line.id for line in find_script("tests/data/short.yaml").lines() if line.text == OPENING}
    kept = shelf.takes(opening)
    assert [one.chosen for one in kept] == [False, False]
    assert all(one.path.exists() for one in kept)


def take(session, headset, text, path):
    """Wait for the prompt of a line, and speak a file when it is time."""
    session.until(text.rstrip("."))
    session.until("Enter when you are ready")
    session.press("\n")
    session.until("Speak now")
    headset.speak(path)


def _copied(script):
    """The short script among one's own."""

    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_bytes((Path(__file__).parents[1] / "data" / "short.yaml").read_bytes())
    return "short"


def test_one_recording_is_split_into_takes(own_data, trainer, tmp_path, capsys):
    """Lines spoken one after the other, in another order, become takes; what was not said is named."""
    quiet = np.zeros(RATE_HZ, np.float32)
    pieces = [quiet]
    for text in (OFFER, OPENING):
        pieces += [read_sound(trainer[text])[0].samples, quiet]
    write_flac(tmp_path / "session.flac", np.concatenate(pieces))
    command = ["record", "tests/data/short.yaml", "--speaker", "Anna", "--agree", "--moods", "angry"]
    assert main([*command, "--from", str(tmp_path / "session.flac")]) == 0
    told = capsys.readouterr().out
    shelf = Shelf.own("short")
    assert {line_id.split("-")[0] for line_id in shelf.chosen()} == {"opening", "offer"}
    assert "2 takes were found" in told
    assert "not found: angry: Forget it." in told
    assert "2 of 6 lines of short have a take" in told


def test_nothing_is_recorded_without_consent(own_data, tmp_path, capsys):
    write_flac(tmp_path / "session.flac", np.zeros(RATE_HZ, np.float32))
    assert main(["record", "tests/data/short.yaml", "--from", str(tmp_path / "session.flac")]) == 2
    assert "consent" in capsys.readouterr().err
    assert Shelf.own("short").speakers() == {}


def test_recording_at_the_microphone_needs_a_terminal(own_data, capsys):
    assert main(["record", "tests/data/short.yaml", "--agree"]) == 2
    assert "--from" in capsys.readouterr().err


def test_a_mood_that_the_script_does_not_have_is_named(own_data, capsys):
    assert main(["record", "tests/data/short.yaml", "--agree", "--moods", "angy"]) == 2
    assert "'angy' is no mood of short" in capsys.readouterr().err
