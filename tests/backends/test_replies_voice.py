"""Replies from text become recordings as a headset makes them: right level, room, names, and the words in them."""

from pathlib import Path

import numpy as np
import pytest

from voicesim import sound as sounds
from voicesim.backends.replies_voice import read_replies, render_replies, room_noise
from voicesim.errors import InputError
from voicesim.files import read_sound

REPLIES = ["I am sorry that we charged you twice.", "", "I will pay it back today."]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("replies")
    render_replies(REPLIES, made)
    return made


def test_one_numbered_file_is_written_for_each_reply(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == ["01.flac", "02.flac", "03.flac"]


def test_speech_stands_at_its_level_over_a_quiet_room(folder: Path) -> None:
    sound, notes = read_sound(folder / "01.flac")
    assert sound.rate_hz == 16_000
    assert notes == ()
    blocks = sound.samples[: len(sound.samples) // 320 * 320].reshape(-1, 320)
    levels = np.sort([sounds.level_dbfs(block) for block in blocks])
    assert levels[len(levels) // 2 :].mean() == pytest.approx(-26, abs=2.5)
    assert sounds.level_dbfs(sound.samples[:1600]) == pytest.approx(-60, abs=2)


def test_a_blank_reply_is_six_seconds_of_room(folder: Path) -> None:
    sound, _ = read_sound(folder / "02.flac")
    assert sound.duration_s == 6.0
    assert sounds.level_dbfs(sound.samples) == pytest.approx(-60, abs=0.5)


def test_the_same_replies_give_the_same_files(folder: Path, tmp_path: Path) -> None:
    again = render_replies(REPLIES, tmp_path)
    assert [path.read_bytes() for path in again] == [(folder / path.name).read_bytes() for path in again]


def test_a_hurried_agent_is_faster_and_louder(folder: Path, tmp_path: Path) -> None:
    (path,) = render_replies(REPLIES[:1], tmp_path, anger=1.0, speed=1.2)
    calm, hurried = read_sound(folder / "01.flac")[0], read_sound(path)[0]
    assert hurried.duration_s < 0.75 * calm.duration_s
    assert sounds.level_dbfs(hurried.samples) > sounds.level_dbfs(calm.samples) + 4
    assert sounds.clipped_share(hurried.samples) == 0


def test_comments_are_left_out_and_blank_lines_are_silent_replies(tmp_path: Path) -> None:
    path = tmp_path / "replies.txt"
    path.write_text("# the good agent\nHello.\n\n  # aside\nGoodbye.\n\n\n", encoding="utf-8")
    assert read_replies(path) == ("Hello.", "", "Goodbye.")


def test_a_file_that_cannot_be_read_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    with pytest.raises(InputError, match=r"latin\.txt: the replies cannot be read"):
        read_replies(tmp_path / "latin.txt")


def test_room_noise_depends_on_its_seed_alone() -> None:
    assert np.array_equal(room_noise(800, (1, 2)), room_noise(800, (1, 2)))
    assert not np.array_equal(room_noise(800, (1, 2)), room_noise(800, (1, 3)))
