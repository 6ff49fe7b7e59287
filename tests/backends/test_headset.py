"""The real headset back-end, through real PortAudio, on a virtual headset."""

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from voicesim.backends.headset import Headset, OpenHeadset, list_devices, portaudio_version
from voicesim.errors import DeviceError, MissingPart, UsageError
from voicesim.files import read_pcm, write_flac
from voicesim.model import FRAME, RATE_HZ, Samples
from voicesim.sound import fade, level_dbfs


def chirp(duration_s=1.0, low_hz=300.0, high_hz=1_500.0, amplitude=0.5):
    t = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    phase = 2 * np.pi * (low_hz * t + (high_hz - low_hz) * t**2 / (2 * duration_s))
    return fade((amplitude * np.sin(phase)).astype(np.float32), RATE_HZ)


def tone(duration_s, frequency_hz, amplitude=0.25):
    t = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    return (amplitude * np.sin(2 * np.pi * frequency_hz * t)).astype(np.float32)


def both(duplex: OpenHeadset, play: Samples) -> tuple[Samples, Samples]:
    """What the microphone and the ears heard while ``play`` was written frame by frame."""
    heard = []
    for start in range(0, len(play) - FRAME + 1, FRAME):
        frames = duplex.read()
        assert frames is not None
        heard.append(frames)
        duplex.write(play[start : start + FRAME])
    microphone, ears = zip(*heard, strict=True)
    return np.concatenate(microphone), np.concatenate(ears)


def converse(duplex: OpenHeadset, play: Samples) -> Samples:
    """What the microphone heard while ``play`` was written frame by frame."""
    return both(duplex, play)[0]


def found_at(heard: Samples, sought: Samples) -> tuple[int, float]:
    """Where ``sought`` begins in ``heard`` (sample) and how alike the two are there (0..1)."""
    size = 1 << (len(heard) + len(sought)).bit_length()
    match = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(sought, size)), size)
    at = int(np.argmax(match[: len(heard) - len(sought) + 1]))
    there = heard[at : at + len(sought)]
    return at, float(match[at] / (np.linalg.norm(there) * np.linalg.norm(sought)))


def silence(duration_s):
    return np.zeros(round(duration_s * RATE_HZ), dtype=np.float32)


def listening(virtual_headset, duplex):
    """The file of a listener at the ears who hears already."""
    ears = virtual_headset.listen()
    while not ears.stat().st_size:
        converse(duplex, silence(0.02))
    return ears


@pytest.fixture(params=["16 kHz taken", "16 kHz refused"])
def either_rate(request, monkeypatch):
    """Real streams; in the second case a device that refuses 16 kHz as real ones do, and runs at its own 44.1 kHz."""
    if request.param == "16 kHz taken":
        return
    import sounddevice

    def refusing(stream):
        def opened(**settings):
            if settings["samplerate"] == RATE_HZ:
                raise sounddevice.PortAudioError("Error opening stream: Invalid sample rate", -9997)
            return stream(**settings)

        return opened

    monkeypatch.setattr(sounddevice, "InputStream", refusing(sounddevice.InputStream))
    monkeypatch.setattr(sounddevice, "OutputStream", refusing(sounddevice.OutputStream))


@pytest.mark.usefixtures("either_rate")
@pytest.mark.three_takes
def test_hears_what_is_spoken_into_the_microphone(virtual_headset, tmp_path):
    """A chirp played into the microphone is in the frames, whole, at its own level."""
    spoken = chirp()
    write_flac(tmp_path / "reply.flac", np.concatenate((silence(0.3), spoken, silence(0.3))))
    duplex = Headset().open(RATE_HZ)
    try:
        virtual_headset.speak(tmp_path / "reply.flac")
        heard = converse(duplex, silence(3.0))
    finally:
        duplex.close()
    at, likeness = found_at(heard, spoken)
    assert likeness > 0.98
    assert level_dbfs(heard[at : at + len(spoken)]) == pytest.approx(level_dbfs(spoken), abs=0.3)


@pytest.mark.usefixtures("either_rate")
@pytest.mark.three_takes
def test_plays_a_tone_without_gap(virtual_headset):
    """A tone reaches the ears at its frequency and level, and never stops or jumps in between."""
    duplex = Headset().open(RATE_HZ)
    ears = listening(virtual_headset, duplex)
    try:
        converse(duplex, np.concatenate((silence(0.2), tone(2.0, 440.0), silence(0.5))))
    finally:
        duplex.close()
    virtual_headset.hush()
    heard = read_pcm(ears)
    # The tone turned to 0 Hz: its magnitude is the amplitude, its angle stays where it is unless the tone jumps.
    turned = heard * np.exp(-2j * np.pi * 440.0 * np.arange(len(heard)) / RATE_HZ)
    steady = 2.0 * np.convolve(turned, np.ones(400) / 400, mode="valid")
    inside = np.flatnonzero(np.abs(steady) > 0.125)
    body = steady[inside[0] + 400 : inside[-1] - 400]
    assert len(body) / RATE_HZ == pytest.approx(2.0 - 0.05, abs=0.03)
    assert 20 * np.log10(np.abs(body) / 0.25) == pytest.approx(0.0, abs=0.3)
    assert np.unwrap(np.angle(body)) - np.angle(body[0]) == pytest.approx(0.0, abs=0.1)


@pytest.mark.three_takes
def test_plays_to_the_end_before_it_closes(virtual_headset):
    """What was written last is heard, although close follows at once."""
    duplex = Headset().open(RATE_HZ)
    ears = listening(virtual_headset, duplex)
    spoken = chirp()
    converse(duplex, np.concatenate((silence(0.2), spoken)))
    duplex.close()
    # The listener hears a moment late too.
    time.sleep(0.3)
    virtual_headset.hush()
    heard = np.append(read_pcm(ears), silence(1.0))
    at, likeness = found_at(heard, spoken)
    assert likeness > 0.98
    end = slice(len(spoken) - 480, len(spoken))
    assert level_dbfs(heard[at:][end]) == pytest.approx(level_dbfs(spoken[end]), abs=0.5)


@pytest.mark.usefixtures("either_rate", "virtual_headset")
def test_counts_every_frame():
    """As many samples as were read and written are counted, and the microphone owes next to none by the clock."""
    duplex = Headset().open(RATE_HZ)
    try:
        heard = converse(duplex, silence(2.0))
        counts = duplex.counts
    finally:
        duplex.close()
    assert heard.dtype == np.float32
    assert counts.received == counts.written == len(heard) == 2 * RATE_HZ
    assert counts.missing < RATE_HZ // 10
    assert counts.overflows == 0


@pytest.mark.three_takes
def test_turns_down_what_is_queued_already(virtual_headset, monkeypatch):
    """A gain written with a frame is heard from the sound that the card takes next on: nothing of the queue is loud."""
    duplex = Headset().open(RATE_HZ)
    ears = listening(virtual_headset, duplex)
    try:
        sound = tone(1.0, 440.0)
        for gain in (1.0, 0.25, 0.0, 1.0):
            for start in range(0, len(sound), FRAME):
                duplex.read()
                duplex.write(sound[start : start + FRAME] if gain else np.zeros(FRAME, np.float32), gain)
    finally:
        duplex.close()
    virtual_headset.hush()
    heard = np.abs(read_pcm(ears))
    loud = np.flatnonzero(heard > 0.2) / RATE_HZ
    soft = np.flatnonzero((heard > 0.055) & (heard < 0.0635)) / RATE_HZ
    first, again = loud[0], loud[np.argmax(np.diff(loud)) + 1]
    # On its way up the last tone passes the soft one's level.
    soft = soft[soft < again - 0.5]
    # Shorter by the store of 0.08 s, which was turned down with the rest, and longer by a fade.
    assert loud[loud < again][-1] - first == pytest.approx(1.0 - 0.08, abs=0.045)
    assert soft[-1] - loud[loud < again][-1] == pytest.approx(1.0, abs=0.045)


@pytest.mark.three_takes
def test_tells_its_latency(virtual_headset, monkeypatch):
    """Sound written, played and picked up by the microphone comes back after about the stated latency."""
    monkeypatch.setenv("PULSE_SOURCE", "caller_out.monitor")
    headset = Headset()
    assert headset.latency_s == 0.0
    duplex = headset.open(RATE_HZ)
    spoken = chirp()
    try:
        heard = converse(duplex, np.concatenate((silence(0.5), spoken, silence(0.7))))
    finally:
        duplex.close()
    at, likeness = found_at(heard, spoken)
    assert likeness > 0.98
    assert at / RATE_HZ - 0.5 == pytest.approx(headset.latency_s, abs=0.08)


@pytest.mark.usefixtures("virtual_headset")
def test_closes_twice_and_opens_again():
    """After close there is nothing to read, writing is harmless, and the device is free for the next call."""
    for _ in range(2):
        duplex = Headset().open(RATE_HZ)
        converse(duplex, silence(0.1))
        duplex.close()
        duplex.close()
        assert duplex.read() is None
        duplex.write(silence(0.02))


def goes_wrong(duplex):
    """Raise what the duplex raises when it breaks, within 20 s of sound."""
    converse(duplex, silence(20.0))


def flows(headset, virtual_headset, path):
    """Open the headset and say whether sound goes in and out."""
    duplex = headset.open(RATE_HZ)
    ears = listening(virtual_headset, duplex)
    try:
        virtual_headset.speak(path)
        heard = converse(duplex, np.concatenate((silence(0.5), tone(0.5, 440.0), silence(2.0))))
    finally:
        duplex.close()
    virtual_headset.hush()
    return np.abs(heard).max() > 0.4 and np.abs(read_pcm(ears)).max() > 0.2


def kill(virtual_headset):
    os.kill(virtual_headset.pid, signal.SIGKILL)


def unplug(virtual_headset):
    virtual_headset.unplug()


@pytest.mark.parametrize(
    ("take_away", "bring_back"),
    [(kill, lambda headset: headset.restart()), (unplug, lambda headset: headset.plug())],
    ids=["sound server killed", "headset unplugged"],
)
@pytest.mark.three_takes
def test_goes_out_and_in_again(virtual_headset, tmp_path, take_away, bring_back):
    """A headset that went away in mid-call is a DeviceError, so is opening it; once back it is opened as before."""
    write_flac(tmp_path / "reply.flac", np.concatenate((silence(0.3), chirp(), silence(0.3))))
    virtual_headset.restart()
    headset, threads = Headset(), threading.active_count()
    for _ in range(2):
        duplex, before = headset.open(RATE_HZ), headset.counts.received
        converse(duplex, silence(0.5))
        take_away(virtual_headset)
        with pytest.raises(DeviceError, match=r"stopped.*plugged in.*--replies"):
            goes_wrong(duplex)
        with pytest.raises(DeviceError):
            headset.open(RATE_HZ)
        assert headset.counts.received >= before + RATE_HZ // 2
        bring_back(virtual_headset)
    assert flows(headset, virtual_headset, tmp_path / "reply.flac")
    assert threading.active_count() == threads


def test_says_so_when_the_device_hangs(virtual_headset):
    """A device that is open but gives nothing is told from silence, closes and opens no more until it answers, and does
    not hold up the end of the program."""
    program = (
        "import os, signal\n"
        "from voicesim.backends.headset import Headset\n"
        "from voicesim.errors import DeviceError\n"
        "headset = Headset()\n"
        "duplex = headset.open()\n"
        "duplex.read()\n"
        f"os.kill({virtual_headset.pid}, signal.SIGSTOP)\n"
        "for attempt in (lambda: [duplex.read() for _ in range(1000)], headset.open, Headset().open):\n"
        "    try:\n"
        "        attempt()\n"
        "    except DeviceError as error:\n"
        "        print(error)\n"
        "duplex.close()\n"
    )
    try:
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=25, check=False)
    finally:
        os.kill(virtual_headset.pid, signal.SIGCONT)
    first, *others = done.stdout.splitlines()
    assert "gave no sound for 2 s" in first, done.stderr
    assert len(others) == 2
    assert all("does not answer" in other for other in others)
    assert done.returncode == 0


def test_opens_again_when_a_hung_server_answers(virtual_headset):
    """Opening while the server hangs is a DeviceError; when the server goes on, the headset opens."""
    headset = Headset()
    os.kill(virtual_headset.pid, signal.SIGSTOP)
    try:
        with pytest.raises(DeviceError, match="does not answer"):
            headset.open(RATE_HZ)
        with pytest.raises(DeviceError, match="does not answer"):
            headset.open(RATE_HZ)
    finally:
        os.kill(virtual_headset.pid, signal.SIGCONT)
    for thread in threading.enumerate():
        if thread.name.startswith("headset"):
            thread.join(20)
    duplex = headset.open(RATE_HZ)
    converse(duplex, silence(0.2))
    duplex.close()
    assert headset.counts.received == RATE_HZ // 5


@pytest.mark.usefixtures("virtual_headset")
def test_says_so_when_the_microphone_owes_too_much(monkeypatch):
    """A microphone that goes on but loses every tenth block is a DeviceError that says how much is missing."""
    lossy = OpenHeadset._take_in
    blocks = itertools.count()
    monkeypatch.setattr(OpenHeadset, "_take_in", lambda *heard: next(blocks) % 10 and lossy(*heard))
    duplex = Headset().open(RATE_HZ)
    try:
        with pytest.raises(
            DeviceError, match=r"0\.\d s too little in the last 10 s.*too busy or the connection is bad"
        ):
            goes_wrong(duplex)
    finally:
        duplex.close()


@pytest.mark.usefixtures("virtual_headset")
def test_says_so_when_the_ears_take_nothing():
    """Headphones that take nothing any more while the microphone goes on are a DeviceError."""
    duplex = Headset().open(RATE_HZ)
    try:
        converse(duplex, silence(0.5))
        duplex._output.stop()
        with pytest.raises(DeviceError, match="stopped playing"):
            goes_wrong(duplex)
    finally:
        duplex.close()


@pytest.mark.usefixtures("virtual_headset")
def test_lists_the_devices():
    """The virtual headset is the default in both directions and can be chosen by name."""
    defaults = [device for device in list_devices() if device.default_input and device.default_output]
    assert [device.name for device in defaults] == ["default"]
    assert defaults[0].inputs > 0
    assert defaults[0].outputs > 0
    assert defaults[0].rate_hz >= 8_000
    assert portaudio_version().startswith("PortAudio V19")
    duplex = Headset(input="default", output=defaults[0].index).open(RATE_HZ)
    duplex.close()


@pytest.mark.usefixtures("virtual_headset")
@pytest.mark.parametrize(
    ("headset", "message"),
    [
        (Headset(input="no such thing"), "'no such thing' names no microphone.*voicesim doctor"),
        (Headset(output="no such thing"), "'no such thing' names no headphones"),
        (Headset(output=997), "997 names no headphones"),
    ],
)
def test_refuses_a_device_that_is_not_there(headset, message):
    with pytest.raises(DeviceError, match=message):
        headset.open(RATE_HZ)


def test_refuses_another_rate():
    with pytest.raises(UsageError, match="plays at 16000 Hz, not 44100"):
        Headset().open(44_100)


def test_says_how_to_practise_without_a_device(monkeypatch):
    """With no device at all the error names what to plug in and the ways that need none."""
    try:
        portaudio_version()
    except MissingPart:
        pytest.skip("no PortAudio library. Run: apt-get install libportaudio2")
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    if list_devices():
        pytest.skip("this machine has a sound device. Run: make test (on a machine without one)")
    with pytest.raises(DeviceError, match=r"no microphone was found.*headset.*doctor.*--replies FOLDER or --text FILE"):
        Headset().open(RATE_HZ)


@pytest.mark.parametrize(
    ("error", "mend"),
    [("OSError('PortAudio library not found')", "apt-get install libportaudio2"), ("ImportError()", "pip install")],
)
def test_names_the_missing_library(monkeypatch, tmp_path, error, mend):
    """Without sounddevice or its PortAudio, every function names the command that brings it."""
    Path(tmp_path / "sounddevice.py").write_text(f"raise {error}\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    for ask in (Headset().open, list_devices, portaudio_version):
        with pytest.raises(MissingPart, match=mend) as caught:
            ask()
        assert caught.value.exit_code == 3


@pytest.mark.usefixtures("either_rate")
@pytest.mark.three_takes
def test_gives_what_was_heard_beside_what_the_microphone_heard(virtual_headset, monkeypatch):
    """With the microphone at the ears both channels are the same sound at the same place, 0.02 s at most apart."""
    monkeypatch.setenv("PULSE_SOURCE", "caller_out.monitor")
    duplex = Headset().open(RATE_HZ)
    spoken = chirp()
    try:
        microphone, ears = both(duplex, np.concatenate((silence(1.0), spoken, silence(0.7))))
    finally:
        duplex.close()
    (at, likeness), (ears_at, ears_likeness) = found_at(microphone, spoken), found_at(ears, spoken)
    assert likeness > 0.98
    assert ears_likeness > 0.99
    assert ears_at == pytest.approx(at, abs=FRAME)
