"""Sound files as the microphone: when a file starts, what happens to the rest, what is left over."""

import numpy as np
import pytest

from voicesim.call.conduct import Control
from voicesim.call.replies import RepliesDevice, ReplyFile, read_replies
from voicesim.errors import SoundFileError, StorageError, UsageError
from voicesim.files import write_flac
from voicesim.model import FRAME, RATE_HZ, Line, Span

LINE = Line(id="opening-angry-1", step="opening", mood="angry", text="Well?")


def tone(seconds, level=0.5):
    return np.full(round(seconds * RATE_HZ), level, np.float32)


def files(*items):
    return tuple(
        ReplyFile(name=f"{n}.wav", samples=tone(s, level), starts_s=at) for n, (s, at, level) in enumerate(items)
    )


def heard(device, seconds):
    frames = round(seconds * RATE_HZ) // FRAME
    return np.concatenate([device.read().microphone for _ in range(frames)])


def loud_s(samples):
    loud = np.flatnonzero(np.abs(samples) > 0.1)
    return (loud[0] / RATE_HZ, (loud[-1] + 1) / RATE_HZ) if len(loud) else None


def line(device, start_s, end_s):
    device.line_begins(LINE, 6, Span(start=round(start_s * RATE_HZ), end=round(end_s * RATE_HZ)))


def test_a_file_starts_half_a_second_after_the_line_to_the_sample():
    device = RepliesDevice(files((1.0, 0.5, 0.5)), real_time=False)
    line(device, 0, 2.0)
    assert loud_s(heard(device, 5)) == (2.5, 3.5)


def test_a_file_may_start_before_the_line_ends():
    device = RepliesDevice(files((1.0, -1.2, 0.5)), real_time=False)
    line(device, 0, 2.0)
    assert loud_s(heard(device, 5)) == pytest.approx((0.8, 1.8))


def test_the_rest_of_a_file_plays_on_through_the_next_line():
    device = RepliesDevice(files((4.0, 0.5, 0.5), (1.0, 0.5, 0.4)), real_time=False)
    line(device, 0, 1.0)
    first = heard(device, 3)
    line(device, 3.0, 4.0)
    second = heard(device, 4)
    assert loud_s(np.concatenate([first, second])) == (1.5, 5.5)
    assert device.unused == ("1.wav",)


def test_a_silent_rest_makes_way_for_the_next_file():
    device = RepliesDevice(files((20.0, 0.5, 0.0), (1.0, 0.5, 0.5)), real_time=False)
    line(device, 0, 1.0)
    heard(device, 6)
    line(device, 6.0, 7.0)
    assert loud_s(heard(device, 4)) == (1.5, 2.5)


def test_when_the_files_have_run_out_the_caller_meets_silence_once():
    device = RepliesDevice(files((1.0, 0.5, 0.5)), real_time=False)
    for start in (0, 6, 12):
        line(device, start, start + 1)
        assert device.controls() is None
        heard(device, 6)
    assert device.controls() is Control.STOP


def test_files_come_in_natural_order_and_others_are_named_once(tmp_path):
    for name in ("10.flac", "2.flac", "1@-1.5.flac"):
        write_flac(tmp_path / name, tone(0.5))
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "sub").mkdir()
    replies, notes = read_replies(tmp_path)
    assert [r.name for r in replies] == ["1@-1.5.flac", "2.flac", "10.flac"]
    assert [r.starts_s for r in replies] == [-1.5, 0.5, 0.5]
    assert notes == ("not used: notes.txt, sub",)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: None, "is not there"),
        (lambda p: p.write_text("x"), "is a file, not a folder"),
        (lambda p: p.mkdir(), "holds no sound files"),
    ],
)
def test_a_folder_that_cannot_be_used_is_refused(tmp_path, make, message):
    make(tmp_path / "replies")
    with pytest.raises(UsageError, match=message):
        read_replies(tmp_path / "replies")


def test_a_folder_with_a_name_that_is_too_long_is_refused(tmp_path):
    with pytest.raises(StorageError, match="cannot be read: the name is too long"):
        read_replies(tmp_path / ("a" * 300))


def test_a_file_that_is_no_sound_is_refused_by_name(tmp_path):
    (tmp_path / "1.wav").write_text("no sound at all")
    with pytest.raises(SoundFileError, match=r"1\.wav"):
        read_replies(tmp_path)


def test_a_name_with_raised_digits_is_a_name(tmp_path):
    """`²` is a digit that is no number."""
    for name in ("\u00b21.wav", "3.wav"):
        write_flac(tmp_path / name, tone(0.1))
    assert {reply.name for reply in read_replies(tmp_path)[0]} == {"\u00b21.wav", "3.wav"}
