"""Text files and saved baselines: what is accepted, and which clear line refuses the rest."""

import json

import pytest

from voicesim.errors import InputError, StorageError
from voicesim.report.codec import encode
from voicesim.wiring.inputs import read_baseline, read_lines, read_text


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"", []),
        (b"\n", [""]),
        (b"one", ["one"]),
        (b"one\n\ntwo\n", ["one", "", "two"]),
        (b"one\r\ntwo\r\n", ["one", "two"]),
        ("\ufeffone\n".encode(), ["one"]),
        ("a\u2028b\x0bc\n".encode(), ["a\u2028b\x0bc"]),
    ],
)
def test_lines_are_what_line_feeds_end(content, lines, tmp_path):
    """Blank lines count; only line feeds end a line; a byte order mark is no text."""
    path = tmp_path / "replies.txt"
    path.write_bytes(content)
    assert read_lines(path) == lines


def test_wrong_encoding_names_the_line(tmp_path):
    """A file that is not UTF-8 is refused at its first bad line."""
    path = tmp_path / "replies.txt"
    path.write_bytes("good\nschön\n".encode("latin-1"))
    with pytest.raises(InputError, match=r"replies\.txt:2.*UTF-8"):
        read_text(path)


def test_missing_files_and_folders_are_refused(tmp_path):
    """No file and a folder are two different mistakes."""
    with pytest.raises(InputError, match="no such file"):
        read_text(tmp_path / "none.txt")
    with pytest.raises(InputError, match="a folder"):
        read_text(tmp_path)


def test_a_name_that_is_too_long_is_refused(tmp_path):
    """A reply that is pasted where a file is meant is told as what the system sees in it."""
    with pytest.raises(StorageError, match=r"cannot be read: the name is too long. Choose a shorter one"):
        read_text(tmp_path / ("I am sorry. " * 30))


def test_a_saved_baseline_comes_back(baseline, tmp_path):
    """What was saved is what is read; keys of later versions are left aside."""
    path = tmp_path / "baseline.json"
    path.write_text(json.dumps({**encode(baseline), "schema": 1}))
    assert read_baseline(path) == baseline


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("not json", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "a list stands where an object is meant"),
        ("{}", "trainee"),
        ('{"trainee": 3}', "trainee"),
        ('{"trainee": "you", "alpha_db": NaN}', "no JSON"),
        ('{"trainee": "you", "headset": "x", "f0_median_st": 1e999}', "f0_median_st: inf is not finite"),
    ],
)
def test_what_is_no_baseline_is_refused(text, why, tmp_path):
    """A file that holds no baseline is refused with the file and the key."""
    path = tmp_path / "baseline.json"
    path.write_text(text)
    with pytest.raises(InputError, match=why) as caught:
        read_baseline(path)
    assert caught.value.where == str(path)


def test_a_baseline_of_an_earlier_measure_is_refused_and_never_silently_left_out(baseline, tmp_path):
    path = tmp_path / "baseline.json"
    path.write_text(json.dumps({key: value for key, value in encode(baseline).items() if key != "centroid_st"}))
    with pytest.raises(InputError, match=r"an earlier way.*Make the baseline again"):
        read_baseline(path)
