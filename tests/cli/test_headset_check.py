"""The check before a call: real PortAudio on a virtual headset, real recognition of a spoken test sentence."""

import io
import re

import numpy as np
import pytest
from rich.console import Console

from voicesim.backends.headset import Headset
from voicesim.backends.replies_voice import render_replies, room_noise
from voicesim.backends.sound_devices import DeviceInfo
from voicesim.backends.vad import SileroVad, speech_spans
from voicesim.backends.whisper_recognizer import WhisperRecognizer
from voicesim.cli import headset as command
from voicesim.cli import main
from voicesim.cli.headset import check_headset, show_check
from voicesim.errors import DeviceError
from voicesim.files import read_sound, write_flac
from voicesim.model import RATE_HZ
from voicesim.speech.room_check import Judgement, Rating
from voicesim.store.devices import Devices, remember_devices, remembered_devices
from voicesim.wiring.devices import Chosen, named
from voicesim.wiring.headset_check import TEST_WORDS, HeadsetCheck, judge_take, words_found
from voicesim.wiring.taking import Take


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Nothing of a person's own is read or written."""
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("VOICESIM_SITE_SETTINGS", str(tmp_path / "none.toml"))


@pytest.fixture(scope="module")
def recognizer():
    return WhisperRecognizer()


@pytest.fixture(scope="module")
def spoken(tmp_path_factory):
    """Speaks a sentence: its file."""
    folder = tmp_path_factory.mktemp("spoken")

    def speak(text):
        return render_replies([text], folder / str(abs(hash(text))))[0]

    return speak


class Prompter(io.StringIO):
    """A console's file that does something as soon as a prompt was printed."""

    def __init__(self, prompt, act):
        super().__init__()
        self._prompt, self._act = prompt, act

    def write(self, text):
        if self._prompt in text:
            self._act()
        return super().write(text)


def judged(check, about):
    return next(judgement for judgement in check.judgements if judgement.about == about)


def checked(virtual_headset, recognizer, path):
    """The check while a file is spoken at every prompt, and what was told on the way."""
    told = Prompter("Now say", lambda: virtual_headset.speak(path))
    check = check_headset(Headset(), recognizer, Console(file=told, width=100))
    return check, told.getvalue()


@pytest.mark.three_takes
def test_a_good_headset_in_a_quiet_room_passes(virtual_headset, recognizer, spoken):
    """Voice, words, noise and headphones are all good, and one try is enough."""
    check, told = checked(virtual_headset, recognizer, spoken(TEST_WORDS))
    assert check.usable
    assert [judgement.rating for judgement in check.judgements] == [Rating.GOOD] * 4
    assert told.count("Now say") == 1
    assert "level [" in told


@pytest.mark.three_takes
def test_the_callers_tone_in_the_microphone_is_found_and_refused(virtual_headset, recognizer, spoken):
    """With a way back from the ears to the microphone the person is asked for headphones, with the figure."""
    virtual_headset.loopback()
    check, _ = checked(virtual_headset, recognizer, spoken(TEST_WORDS))
    echo = judged(check, "headphones")
    assert not check.usable
    assert echo.rating is Rating.BAD
    assert echo.advice.startswith("Headphones, please")
    assert re.search(r"\b[01] dB (below|above) what was played", echo.found)


@pytest.mark.three_takes
def test_too_quiet_a_microphone_is_refused_after_three_tries(virtual_headset, recognizer, spoken, tmp_path):
    """Each try says what to do; the last one stands in the result."""
    path = tmp_path / "quiet.flac"
    write_flac(path, read_sound(spoken(TEST_WORDS))[0].samples * np.float32(10 ** (-30 / 20)), RATE_HZ)
    check, told = checked(virtual_headset, recognizer, path)
    assert not check.usable
    assert told.count("Now say") == 3
    assert told.count("Turn the microphone up") == 3
    assert "too quiet" in judged(check, "microphone").found


def sentence(path, *, gain_db=0.0, noise_dbfs=None):
    """A take of a file, louder or noisier, with a second of the room on both sides."""
    samples = np.pad(read_sound(path)[0].samples, RATE_HZ)
    samples = np.clip(samples * np.float32(10 ** (gain_db / 20)), -1, 1)
    samples = samples + room_noise(len(samples), (5,), -65.0 if noise_dbfs is None else noise_dbfs)
    return Take(samples=samples, speech=speech_spans(samples, SileroVad()))


@pytest.mark.parametrize(
    ("text", "changes", "about", "found", "advice"),
    [
        (TEST_WORDS, {"gain_db": 30.0}, "microphone", "clipped", "Turn the microphone down"),
        (TEST_WORDS, {"gain_db": -30.0, "noise_dbfs": -90.0}, "microphone", "too quiet", "Turn the microphone up"),
        (TEST_WORDS, {"noise_dbfs": -36.0}, "microphone", "too noisy", "Close windows"),
        ("Good morning, how may I help you today?", {}, "words", "other words", "clearly"),
    ],
)
def test_a_try_that_is_not_good_enough_says_why_and_what_to_do(recognizer, spoken, text, changes, about, found, advice):
    """Clipped, quiet and noisy sentences and other words are each told apart."""
    wrong = judge_take(sentence(spoken(text), **changes), recognizer)[-1]
    assert (wrong.about, wrong.rating) == (about, Rating.BAD)
    assert found in wrong.found
    assert advice in wrong.advice


def test_silence_is_never_shown_to_the_recognizer(recognizer):
    """Nothing heard is told as that, and a dead microphone as muted."""
    dead = Take(samples=np.zeros(RATE_HZ, np.float32), speech=())
    (wrong,) = judge_take(dead, recognizer)
    assert "no sound at all" in wrong.found
    assert "muted" in wrong.advice


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Testing, one, two, three.", 4),
        ("testing 1 2 3", 4),
        ("Testing 1-2-3", 4),
        ("test 123", 4),
        ("testing", 1),
        ("good morning", 0),
        ("", 0),
    ],
)
def test_words_are_found_however_numbers_are_written(text, count):
    assert words_found(text) == count


def test_every_rating_has_a_sign_and_a_word():
    """What is found can be read without colours."""
    told = Console(file=io.StringIO(), width=100)
    judgements = tuple(Judgement(about="a", rating=rating, found="found", advice="do") for rating in Rating)
    show_check(HeadsetCheck(judgements=judgements), told)
    rows = told.file.getvalue().splitlines()
    assert [row.split()[0] for row in rows if "found" in row] == ["ok", "~", "!"]
    assert all(any(rating.value in row for row in rows) for rating in Rating)


def device(name, index, *, default=False):
    return DeviceInfo(
        name=name, index=index, inputs=1, outputs=1, rate_hz=48_000, default_input=default, default_output=default
    )


DEVICES = [
    device("Built-in", 0, default=True),
    device("USB Headset", 1),
    device("USB Headset", 2),
    device("USB Cam", 3),
]


@pytest.mark.parametrize(("wanted", "index"), [("usb headset", 1), ("USB Headset", 1), ("Built", 0), ("3", 3)])
def test_a_device_is_named_by_a_part_of_its_name(wanted, index):
    """Case does not matter, and one device that a system lists twice is one."""
    assert named(DEVICES, wanted, "input").index == index


@pytest.mark.parametrize(("wanted", "said"), [("usb", "several"), ("Jabra", "no microphone")])
def test_a_name_that_does_not_fit_shows_those_that_do(wanted, said):
    with pytest.raises(DeviceError, match=f"{said}.*USB Headset, USB Cam"):
        named(DEVICES, wanted, "input")


def test_choices_are_remembered(monkeypatch):
    """Without a terminal the remembered devices are taken, and the system's own if those are gone."""
    monkeypatch.setattr("voicesim.backends.sound_devices.list_devices", lambda: DEVICES)
    told = Console(file=io.StringIO())
    assert command.choose_devices(None, None, told).input.name == "Built-in"
    remember_devices(Devices(input="USB Cam", output="USB Headset", checked_utc="2030-01-01T00:00:00+00:00"))
    chosen = command.choose_devices(None, None, told)
    assert (chosen.input.name, chosen.output.name, chosen.remembered) == ("USB Cam", "USB Headset", True)
    remember_devices(Devices(input="gone", output="USB Headset", checked_utc="2030-01-01T00:00:00+00:00"))
    assert command.choose_devices(None, None, told).input.name == "Built-in"


def test_a_person_chooses_by_number(monkeypatch):
    """Several devices and a terminal: the number that is typed, asked again after a wrong one."""
    monkeypatch.setattr("voicesim.backends.sound_devices.list_devices", lambda: DEVICES)
    monkeypatch.setattr("voicesim.cli.taking.asks", lambda: True)
    answers = iter(["9", "4", ""])
    console = Console(file=io.StringIO())
    monkeypatch.setattr(console, "input", lambda _: next(answers))
    chosen = command.choose_devices(None, None, console)
    assert (chosen.input.name, chosen.output.name) == ("USB Cam", "Built-in")


def test_no_device_is_a_missing_part(monkeypatch, capsys):
    """Exit code 3 and one line that says what to do."""
    monkeypatch.setattr("voicesim.backends.sound_devices.list_devices", list)
    assert main(["headset"]) == 3
    assert "no microphone was found. Plug a headset in" in capsys.readouterr().err


def test_devices_that_passed_last_time_are_not_checked_again(monkeypatch):
    """One line stands for the check; other devices get the whole of it, and are remembered only if they are fit."""
    results = []

    def check(headset, recognizer, console):
        return HeadsetCheck(judgements=(Judgement(about="a", rating=results.pop(0), found="found"),))

    monkeypatch.setattr(command, "check_headset", check)
    console = Console(file=io.StringIO())
    chosen = Chosen(input=DEVICES[1], output=DEVICES[0])
    results[:] = [Rating.BAD, Rating.FAIR]
    assert not command.check_if_new(chosen, None, console).usable
    assert remembered_devices() is None
    assert command.check_if_new(chosen, None, console).usable
    assert command.check_if_new(chosen, None, console) is None
    assert console.file.getvalue().endswith("Headset as last time (to check it again: voicesim headset).\n")


@pytest.mark.three_takes
def test_the_command_remembers_devices_that_are_fit(virtual_headset, spoken, tmp_path, monkeypatch, capsys):
    """Exit code 0, a table, the devices kept for the next call, and what to do next."""
    prompted = check_headset

    def speaking(headset, recognizer, console):
        console.file = Prompter("Now say", lambda: virtual_headset.speak(spoken(TEST_WORDS)))
        check = prompted(headset, recognizer, console)
        console.file = None  # standard output again
        return check

    monkeypatch.setattr(command, "check_headset", speaking)
    assert main(["headset"]) == 0
    told = capsys.readouterr().out
    assert "your words were recognized" in told
    assert "voicesim calibrate" in told
    assert remembered_devices().input in told
