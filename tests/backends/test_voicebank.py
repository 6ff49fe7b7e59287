"""The voice bank makes a line once and it stays the same: takes first, equally loud, from whole files only."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from voicesim import sound as sounds
from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.voicebank import LineRequest, VoiceBank
from voicesim.errors import InputError, MissingPart, SoundFileError, UsageError
from voicesim.files import write_flac
from voicesim.model import RATE_HZ, Samples, Sound
from voicesim.ports import Voice, VoiceStyle

LINE = LineRequest(text="You have charged me twice and I want it back.", persona="woman")


class CountingVoice:
    """A voice that makes noise in bursts, its length and level told by the style, and counts what it renders."""

    def __init__(self, name: str = "counting 1") -> None:
        self.name = name
        self.rendered: list[str] = []

    def render(self, text: str, style: VoiceStyle) -> Sound:
        self.rendered.append(text)
        rng = np.random.default_rng(len(text))
        samples = rng.standard_normal(round(24_000 * len(text) / 15 / style.speed)) * 0.02 * (1 + style.anger)
        return Sound(samples=samples.astype(np.float32), rate_hz=24_000)


@pytest.fixture
def voice() -> CountingVoice:
    return CountingVoice()


@pytest.fixture
def bank(tmp_path: Path, voice: CountingVoice) -> VoiceBank:
    return VoiceBank(cache=tmp_path, voices={"hibari": voice})


def kept(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.flac"))


def another_bank(cache: Path) -> VoiceBank:
    voices: Mapping[str, Voice] = {"hibari": HibariVoice()}
    return VoiceBank(cache=cache, voices=voices)


def test_a_line_is_rendered_once_and_then_comes_from_the_cache(bank: VoiceBank, voice: CountingVoice) -> None:
    first, again = bank.sound(LINE), bank.sound(LINE)
    assert np.array_equal(first, again)
    assert first.dtype == np.float32
    assert voice.rendered == [LINE.text]


def test_preparing_makes_each_line_once_and_tells_how_far_it_is(bank: VoiceBank, voice: CountingVoice) -> None:
    lines = [replace(LINE, text=f"Line {word}.") for word in ("one", "two", "three")]
    bank.sound(lines[0])
    told: list[tuple[int, int]] = []
    bank.prepare([*lines, lines[1]], lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert sorted(voice.rendered) == ["Line one.", "Line three.", "Line two."]


@pytest.mark.parametrize(
    "changed",
    [
        replace(LINE, text="Other words."),
        replace(LINE, persona="man"),
        replace(LINE, anger=0.5),
        replace(LINE, speed=1.1),
        replace(LINE, phone="clear"),
    ],
    ids=["text", "persona", "anger", "speed", "phone"],
)
def test_whatever_shapes_the_sound_makes_another_file(bank: VoiceBank, tmp_path: Path, changed: LineRequest) -> None:
    bank.sound(LINE)
    bank.sound(changed)
    assert len(kept(tmp_path)) == 2


def test_another_version_of_the_engine_makes_the_line_anew(tmp_path: Path) -> None:
    old, new = CountingVoice("counting 1"), CountingVoice("counting 2")
    for voice in (old, new):
        VoiceBank(cache=tmp_path, voices={"hibari": voice}).sound(LINE)
    assert new.rendered == [LINE.text]


@pytest.mark.parametrize("damage", ["flip a bit", "cut", "empty", "not sound", "wrong rate"])
def test_a_damaged_file_is_made_again(bank: VoiceBank, voice: CountingVoice, tmp_path: Path, damage: str) -> None:
    whole = bank.sound(LINE)
    (path,) = kept(tmp_path)
    data = bytearray(path.read_bytes())
    if damage == "wrong rate":
        write_flac(path, whole, 8_000)
    elif damage == "flip a bit":
        data[len(data) // 2] ^= 0x10
        path.write_bytes(data)
    else:
        path.write_bytes({"cut": bytes(data[: len(data) // 2]), "empty": b"", "not sound": b"hello" * 99}[damage])
    assert np.array_equal(bank.sound(LINE), whole)
    assert len(voice.rendered) == 2


def speech(level: float, rate_hz: int = 22_050) -> Samples:
    return (np.random.default_rng(3).standard_normal(rate_hz * 3) * level).astype(np.float32)


def test_a_take_comes_before_the_voice(bank: VoiceBank, voice: CountingVoice, tmp_path: Path) -> None:
    write_flac(tmp_path / "take.flac", speech(0.01), 22_050)
    taken = bank.sound(replace(LINE, take=tmp_path / "take.flac"))
    assert voice.rendered == []
    assert len(taken) == 3 * RATE_HZ


def test_a_take_recorded_again_under_its_name_is_heard_anew(bank: VoiceBank, tmp_path: Path) -> None:
    path = tmp_path / "take.flac"
    write_flac(path, speech(0.01), 22_050)
    old = bank.sound(replace(LINE, take=path))
    write_flac(path, speech(0.01)[::-1].copy(), 22_050)
    assert not np.array_equal(bank.sound(replace(LINE, take=path)), old)


def test_quiet_takes_loud_takes_and_rendered_lines_are_equally_loud(bank: VoiceBank, tmp_path: Path) -> None:
    """Within half a decibel, measured before the telephone line."""
    loudness = []
    for name, level in (("quiet", 0.003), ("loud", 0.25)):
        write_flac(tmp_path / f"{name}.flac", speech(level), 22_050)
        clear = bank.sound(replace(LINE, phone="clear", take=tmp_path / f"{name}.flac"))
        loudness.append(sounds.level_dbfs(clear))
    assert loudness[0] == pytest.approx(loudness[1], abs=0.5)


@pytest.mark.parametrize("anger", [0.0, 0.5, 1.0])
def test_anger_is_heard_as_up_to_four_decibels(bank: VoiceBank, anger: float) -> None:
    calm = bank.sound(replace(LINE, phone="clear"))
    louder_db = sounds.level_dbfs(bank.sound(replace(LINE, phone="clear", anger=anger))) - sounds.level_dbfs(calm)
    assert louder_db == pytest.approx(4 * anger, abs=0.5)


def test_the_telephone_cuts_what_lies_outside_its_band(bank: VoiceBank) -> None:
    shares = []
    for phone in ("clear", "telephone"):
        samples = bank.sound(replace(LINE, phone=phone))
        power = np.abs(np.fft.rfft(samples)) ** 2
        frequency_hz = np.fft.rfftfreq(len(samples), 1 / RATE_HZ)
        shares.append(power[frequency_hz > 4000].sum() / power.sum())
    assert shares[0] > 0.2
    assert shares[1] < 1e-4


@pytest.mark.parametrize("content", [None, b"no sound"])
def test_a_bad_take_is_an_error_that_names_the_file(bank: VoiceBank, tmp_path: Path, content: bytes | None) -> None:
    if content:
        (tmp_path / "bad.flac").write_bytes(content)
    with pytest.raises(SoundFileError, match=r"bad\.flac"):
        bank.sound(replace(LINE, take=tmp_path / "bad.flac"))


@pytest.mark.parametrize(
    ("request_", "error", "message"),
    [
        (replace(LINE, persona="pirate"), UsageError, "unknown persona"),
        (replace(LINE, anger=1.2), InputError, "outside 0..1"),
        (replace(LINE, persona="system_man"), MissingPart, "needs the voice system"),
    ],
)
def test_what_cannot_be_spoken_is_refused_while_preparing(
    bank: VoiceBank, request_: LineRequest, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        bank.prepare([request_])


def test_real_lines_are_equal_to_the_bit_however_they_are_made(tmp_path: Path) -> None:
    """Two banks with caches of their own, one making lines two at a time, the other one by one."""
    lines = [
        LineRequest(text=f"I have called {word} times about this.", persona=persona, anger=anger)
        for word, persona, anger in (("two", "woman", 0.0), ("three", "man", 0.6), ("four", "older_woman", 1.0))
    ]
    together, alone = another_bank(tmp_path / "a"), another_bank(tmp_path / "b")
    together.prepare(lines)
    assert all(np.array_equal(together.sound(line), alone.sound(line)) for line in lines)
    assert [p.name for p in kept(tmp_path / "a")] == [p.name for p in kept(tmp_path / "b")]
    assert [p.read_bytes() for p in kept(tmp_path / "a")] == [p.read_bytes() for p in kept(tmp_path / "b")]


def test_two_processes_fill_one_cache_without_harming_each_other(tmp_path: Path) -> None:
    """Both get every line, and what remains is whole and nothing else."""
    program = (
        "import sys; from pathlib import Path; from voicesim.backends.hibari_voice import HibariVoice; "
        "from voicesim.backends.voicebank import LineRequest, VoiceBank; "
        "bank = VoiceBank(cache=Path(sys.argv[1]), voices={'hibari': HibariVoice()}); "
        "bank.prepare([LineRequest(text=f'Line {word}.', persona='woman') for word in ('one', 'two', 'three')])"
    )
    both = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path)]) for _ in range(2)]
    assert [process.wait(timeout=120) for process in both] == [0, 0]
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 3
    line = LineRequest(text="Line two.", persona="woman")
    assert np.array_equal(another_bank(tmp_path).sound(line), another_bank(tmp_path / "anew").sound(line))
