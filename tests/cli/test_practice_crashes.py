"""Calls that are cut off by force, or meet a full disk: what was said is there afterwards. Real processes and disks."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from voicesim.files import read_pcm, read_sound
from voicesim.model import FRAME, RATE_HZ
from voicesim.store.places import CHANNELS

#: How many samples a disk of memory gives or refuses at once.
PAGE = 4096 // np.dtype(np.int16).itemsize
SHORT = Path(__file__).parents[1] / "data" / "short.yaml"

ABOUT_MONEY = "You're right, twenty euros left your account twice. That was our mistake, and I am sorry."
REFUND = "I will refund the money today."


@pytest.fixture
def replies(spoken, tmp_path):
    """Makes a folder with these replies."""

    def make(*sentences):
        folder = tmp_path / "replies"
        folder.mkdir()
        for number, sentence in enumerate(sentences):
            shutil.copy(spoken(sentence), folder / f"{number}.flac")
        return folder

    return make


@pytest.fixture(scope="module")
def reference():
    """Both channels of the call that was not cut off, once it was held: every call with these replies begins so."""
    return {}


@pytest.fixture
def uncut(reference, replies, voicesim, tmp_path):
    """Both channels of the whole call."""
    if not reference:
        voicesim("practice", SHORT, "--replies", replies(ABOUT_MONEY, REFUND), "--fast", "--out", tmp_path / "whole")
        shutil.rmtree(tmp_path / "replies")
        reference.update({name: read_sound(tmp_path / "whole" / f"{name}.flac")[0].samples for name in CHANNELS})
    return reference


def raw(folder):
    """Both channels of a call that was cut off, as they lie on the disk; half a sample at the end is none."""
    return {name: read_pcm(folder / f"{name}.pcm.part") for name in CHANNELS}


def files_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def mended(call, voicesim, *, apart=FRAME):
    """The record of a call that was cut off, once it was listed as such, and put together with all its sound.

    One channel may have ended ``apart`` samples before the other.
    """
    listed, sound = voicesim("calls"), raw(call.folder)
    assert "interrupted" in listed.stdout
    name = "-".join(call.folder.name.split("-")[:2])
    assert listed.stderr.endswith(
        f"{name} was cut off. To put it together and get its feedback: voicesim report {name}\n"
    )
    done = voicesim("report", "last")
    assert done.returncode == 0, done.stderr
    assert "Call ended: incomplete" in done.stdout
    longest = max(map(len, sound.values()))
    for channel, samples in sound.items():
        whole = call.channel(channel)
        assert np.array_equal(whole[: len(samples)], samples)
        assert len(whole) == longest <= len(samples) + apart
    assert not list(call.folder.glob("*.part"))
    return call.record


def begin_to_mend(folder, appears):
    """Begin to put a call together, and kill that as soon as such a file appears."""
    report = subprocess.Popen([sys.executable, "-m", "voicesim", "report", str(folder)], stdout=subprocess.DEVNULL)
    while not list(folder.glob(appears)) and report.poll() is None:
        time.sleep(0.001)
    report.kill()
    report.wait()


@pytest.mark.parametrize(
    ("moment", "appears"),
    [("she speaks", ".voicesim-*"), ("a turn was answered", "*.flac"), ("the trainee speaks", "call.json")],
)
def test_a_killed_call_keeps_all_its_sound_and_the_turns_before(
    moment, appears, practise, voicesim, replies, uncut, tmp_path
):
    """After kill -9 it is listed as interrupted, and its report is made of what is there; killing that does no harm."""
    call = practise("--replies", replies(ABOUT_MONEY, REFUND))
    call.next_line()
    if moment == "she speaks":
        call.wait_for(lambda: call.kept_s() > 1.0)
    else:
        call.next_line()
        # She is seen to answer a moment before the answered turn is on the disk.
        call.wait_for(lambda: len(call.entries("line")) > 1)
    if moment == "the trainee speaks":
        call.line_over()
        call.line_over()
        call.wait_for(lambda: call.kept_s() > call.entries("sounded")[-1]["at"] / RATE_HZ + 1.2)
    call.kill()
    copy = shutil.copytree(call.folder, tmp_path / "copy")
    record = mended(call, voicesim)

    assert [turn["line"]["step"] for turn in record["turns"]] == ["opening", "offer"][: len(record["turns"])]
    answered = [turn["reply"] is not None for turn in record["turns"]]
    if moment == "she speaks":
        assert answered == [False]
    else:
        assert answered == [True, False][: len(answered)]
        assert "left your account" in record["turns"][0]["reply"]["live"]["transcript"]["text"]
        assert record["feedback"]["strengths"][0]["quote"]
    for name in CHANNELS:
        kept = call.channel(name)
        assert np.array_equal(kept, uncut[name][: len(kept)])

    files = files_of(call.folder)
    again = voicesim("report", "last")
    assert (again.returncode, files_of(call.folder)) == (0, files)
    assert "interrupted" not in voicesim("calls").stdout

    begin_to_mend(copy, appears)
    assert voicesim("report", copy).returncode == 0
    assert files_of(copy) == files


def end_of(kept, heard):
    """Where in ``heard`` the last sample of ``kept`` lies, which is a piece of it at another level."""
    length = 1 << (len(heard) + len(kept)).bit_length()
    alike = np.fft.irfft(np.fft.rfft(heard, length) * np.conj(np.fft.rfft(kept, length)), length)
    return int(np.argmax(alike[: len(heard)])) + len(kept)


@pytest.mark.three_takes
def test_of_what_was_heard_before_a_kill_at_most_a_second_is_missing(virtual_headset, practise, voicesim):
    """Kill -9 while she speaks on a headset: what the ears got, and what is kept of it, end at nearly the same word."""
    ears = virtual_headset.listen()
    call = practise()
    call.next_line()
    call.wait_for(lambda: call.entries("line") and call.kept_s() > call.entries("line")[0]["at"] / RATE_HZ + 1.5)
    call.kill()
    # The sound server goes on, with silence.
    while (heard := read_pcm(ears))[-RATE_HZ // 2 :].any():
        time.sleep(0.02)
    virtual_headset.hush()
    assert mended(call, voicesim)["turns"][0]["line"]["step"] == "opening"
    lost_s = (np.flatnonzero(heard)[-1] - end_of(call.channel("caller"), heard)) / RATE_HZ
    assert -0.1 < lost_s < 1.0


@pytest.fixture
def ballast(own_data):
    """The data folder is a disk of 8 MB now, of which this file leaves enough for 2 s of a call."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(own_data)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk can be made by root only. Run: sudo make test")
    file = own_data / "ballast"
    file.write_bytes(bytes(8_000_000 - 2 * 4 * RATE_HZ))
    yield file
    subprocess.run(["umount", "--lazy", str(own_data)], check=True)


def test_a_full_disk_makes_the_call_wait_and_then_nothing_is_missing(ballast, practise, replies, uncut):
    """She waits until there is room, says her line again, and the call is resolved with all its sound."""
    # The pause may swallow a reply: there are spare ones.
    call = practise("--replies", replies(ABOUT_MONEY, REFUND, ABOUT_MONEY, REFUND), "--fast")
    call.until("The call waits: its sound cannot be written: the disk is full. Free some space and it goes on")
    ballast.unlink()
    call.until("The call goes on; you hear the line again")
    assert (call.ends(), call.complaints) == (0, [])
    assert call.record["ending"] == "resolved"
    [paused], [ended] = call.entries("paused"), call.entries("ended")
    assert paused["by"] == "disk"
    for name in CHANNELS:
        kept = call.channel(name)
        assert len(kept) == ended["at"]
        assert np.array_equal(kept[: paused["at"]], uncut[name][: paused["at"]])


def test_a_disk_that_stays_full_closes_the_call_and_it_can_be_mended_later(
    ballast, practise, replies, voicesim, own_data
):
    """Where nothing is to be waited for: one line and exit 2; with room again `report` saves what was on the disk."""
    (own_data / "settings.toml").write_text("wait_for_headset_s = 0\n")
    call = practise("--replies", replies(ABOUT_MONEY, REFUND), "--fast")
    assert call.ends() == 2
    [complaint] = call.complaints
    assert "the disk is full" in complaint
    ballast.unlink()
    # The last page of the disk goes to one channel.
    assert mended(call, voicesim, apart=PAGE)["turns"][0]["line"]["step"] == "opening"
