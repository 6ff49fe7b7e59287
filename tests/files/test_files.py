"""Reading recordings, writing files that are whole or not there, and finding folders."""

import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voicesim import files
from voicesim.errors import InputError, MissingPart, SoundFileError, StorageError
from voicesim.sound import clipped_share

SECOND = (0.5 * np.sin(2 * np.pi * 440 * np.arange(16_000) / 16_000)).astype(np.float32)


@pytest.mark.parametrize(
    ("name", "subtype"),
    [
        ("a.wav", "PCM_U8"),
        ("a.wav", "PCM_16"),
        ("a.wav", "PCM_24"),
        ("a.wav", "PCM_32"),
        ("a.wav", "FLOAT"),
        ("a.wav", "DOUBLE"),
        ("a.wav", "ULAW"),
        ("a.flac", "PCM_16"),
        ("a.flac", "PCM_24"),
        ("a.ogg", "VORBIS"),
        ("a.aiff", "PCM_16"),
        ("a.mp3", "MPEG_LAYER_III"),
        ("täst ✓ 1.wav", "PCM_16"),
    ],
)
def test_reads_every_common_format(tmp_path, name, subtype):
    """The same tone comes out of each, as float32 and without a note."""
    soundfile.write(tmp_path / name, SECOND, 16_000, subtype=subtype)
    sound, notes = files.read_sound(tmp_path / name)
    assert notes == ()
    assert sound.rate_hz == 16_000
    assert sound.samples.dtype == np.float32
    assert sound.samples.ndim == 1
    spectrum = np.abs(np.fft.rfft(sound.samples[:16_000]))
    assert np.argmax(spectrum) == 440
    assert np.std(sound.samples) == pytest.approx(0.3536, rel=0.05)


@pytest.mark.parametrize(
    ("rate_hz", "notes"),
    [
        (8_000, ("8000 Hz: holds nothing above 4000 Hz",)),
        (16_000, ()),
        (44_100, ("44100 Hz: used at 16000 Hz",)),
        (192_000, ("192000 Hz: used at 16000 Hz",)),
    ],
)
def test_notes_another_rate(tmp_path, rate_hz, notes):
    soundfile.write(tmp_path / "a.wav", SECOND, rate_hz)
    sound, given = files.read_sound(tmp_path / "a.wav")
    assert (sound.rate_hz, len(sound.samples), given) == (rate_hz, 16_000, notes)


@pytest.mark.parametrize(
    ("channels", "expected", "notes"),
    [
        ([SECOND, SECOND * 0], SECOND / 2, ("stereo: mixed to mono",)),
        ([SECOND, SECOND, SECOND], SECOND, ("3 channels: mixed to mono",)),
        ([SECOND, -SECOND], SECOND, ("stereo: the channels cancel each other out, only the loudest is used",)),
    ],
)
def test_mixes_channels(tmp_path, channels, expected, notes):
    soundfile.write(tmp_path / "a.wav", np.stack(channels, axis=1), 16_000, subtype="FLOAT")
    sound, given = files.read_sound(tmp_path / "a.wav")
    assert sound.samples == pytest.approx(expected, abs=1e-6)
    assert given == notes


@pytest.mark.parametrize(
    ("samples", "note"),
    [
        (np.clip(3 * SECOND, -1, 1), "clipped: 53.5% of the samples are at full scale"),
        (3 * SECOND, "clipped: 53.5% of the samples are at full scale"),
        (0 * SECOND, "silent: it holds no sound at all"),
    ],
)
def test_notes_clipping_and_silence(tmp_path, samples, note):
    soundfile.write(tmp_path / "a.wav", samples, 16_000, subtype="FLOAT")
    assert files.read_sound(tmp_path / "a.wav")[1] == (note,)


def unusable(folder, kind):
    """The path of a file that must be refused."""
    path = folder / "reply.wav"
    match kind:
        case "folder":
            path.mkdir()
        case "not audio":
            path.write_text("Dear Sir or Madam,\n" * 100)
        case "empty":
            path.touch()
        case "zero samples":
            soundfile.write(path, SECOND[:0], 16_000)
        case "nan" | "inf":
            samples = SECOND.copy()
            samples[8_000] = float(kind)
            soundfile.write(path, samples, 16_000, subtype="FLOAT")
        case "beyond float32":
            samples = SECOND.astype(np.float64)
            samples[8_000] = 1e300
            soundfile.write(path, samples, 16_000, subtype="DOUBLE")
        case "too long":
            soundfile.write(path, np.zeros(600 * 8_000 + 1, dtype=np.int16), 8_000)
        case "rate too low":
            soundfile.write(path, SECOND, 7_999)
        case "rate too high":
            soundfile.write(path, SECOND, 192_001)
        case "no header":
            path = folder / "reply.raw"
            path.write_bytes(bytes(1_000))
        case "cut":
            soundfile.write(folder / "whole.flac", SECOND, 16_000)
            path.write_bytes((folder / "whole.flac").read_bytes()[:40])
        case "pipe":
            os.mkfifo(path)
    return path


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("missing", "there is no such file. Check the name"),
        ("folder", "this is a folder, not a recording. Name a file"),
        ("not audio", "no recording that can be read.*convert"),
        ("empty", "the file is empty. Record it again"),
        ("zero samples", "holds no samples. Record it again"),
        ("nan", "not finite numbers .*first at 0.500 s.*convert"),
        ("inf", "not finite numbers .*first at 0.500 s.*convert"),
        ("beyond float32", "not finite numbers .*first at 0.500 s.*convert"),
        ("too long", "longer than 10 minutes.*Cut it"),
        ("rate too low", r"7999 Hz, not 8000..192000 Hz.*convert"),
        ("rate too high", r"192001 Hz, not 8000..192000 Hz.*convert"),
        ("no header", "no recording that can be read.*convert"),
        ("cut", "damaged.*convert"),
        pytest.param("pipe", "not a plain file", marks=pytest.mark.skipif(os.name == "nt", reason="no pipes")),
    ],
)
def test_refuses_with_one_clear_line(tmp_path, kind, message):
    """What, where and how to mend it, in one line with the path in front."""
    path = unusable(tmp_path, kind)
    with pytest.raises(SoundFileError, match=message) as caught:
        files.read_sound(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_accepts_exactly_ten_minutes(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros(600 * 8_000, dtype=np.int16), 8_000)
    assert files.read_sound(tmp_path / "a.wav")[0].duration_s == 600


def test_reads_a_cut_wav_as_far_as_it_goes(tmp_path):
    soundfile.write(tmp_path / "a.wav", SECOND, 16_000)
    (tmp_path / "b.wav").write_bytes((tmp_path / "a.wav").read_bytes()[:-16_000])
    assert len(files.read_sound(tmp_path / "b.wav")[0].samples) == 8_000


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything. Run: make test as a user")
def test_says_that_a_file_may_not_be_read(tmp_path):
    (tmp_path / "a.wav").touch(mode=0o000)
    with pytest.raises(StorageError, match="cannot be read: permission denied"):
        files.read_sound(tmp_path / "a.wav")


def test_flac_keeps_every_16_bit_value(tmp_path, rng):
    """What is written is read again exactly, to the last bit of 16."""
    steps = rng.integers(-32_768, 32_768, 5_000)
    steps[:2] = -32_768, 32_767
    samples = (steps / 32_768).astype(np.float32)
    files.write_flac(tmp_path / "a.flac", samples)
    read = files.read_sound(tmp_path / "a.flac")[0]
    assert read.rate_hz == 16_000
    assert (read.samples == samples).all()
    assert files.encode_flac(samples) == (tmp_path / "a.flac").read_bytes()


def test_flac_clips_what_is_too_loud(tmp_path):
    """Beyond full scale is full scale: nothing wraps around to the other sign."""
    files.write_flac(tmp_path / "a.flac", 3 * SECOND, rate_hz=22_050)
    read = files.read_sound(tmp_path / "a.flac")[0]
    assert read.rate_hz == 22_050
    assert read.samples == pytest.approx(np.clip(3 * SECOND, -1, 1), abs=1e-4)
    assert clipped_share(read.samples) > 0.5


@pytest.mark.parametrize("samples", [np.array([math.nan]), np.zeros((2, 2)), np.zeros(4, dtype=np.int16)])
def test_flac_refuses_what_is_no_sound(tmp_path, samples):
    with pytest.raises(InputError):
        files.write_flac(tmp_path / "a.flac", samples)
    assert not list(tmp_path.iterdir())


def test_flac_of_no_samples_is_refused_by_the_reader(tmp_path):
    files.write_flac(tmp_path / "a.flac", SECOND[:0])
    with pytest.raises(SoundFileError):
        files.read_sound(tmp_path / "a.flac")


def test_text_replaces_text_whole(tmp_path):
    """UTF-8, line ends as given, nothing left of the older text and no other file beside it."""
    path = tmp_path / "a.txt"
    files.write_text(path, "long " * 1_000)
    files.write_text(path, "kürzer\nohne \r\n")
    assert path.read_bytes() == "kürzer\nohne \r\n".encode()
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda folder: folder / "none" / "a.txt", "no such file or folder. Check the path"),
        (lambda folder: folder, "no file that can be written"),
        (lambda folder: folder / ("a" * 300), "name is too long"),
        pytest.param(
            lambda _: Path("/dev/null"),
            "no file that can be written",
            marks=pytest.mark.skipif(os.name == "nt", reason="no devices in the file system here"),
        ),
    ],
)
def test_write_says_why_it_cannot(tmp_path, make, message):
    """A missing folder, a folder, a name and a device that cannot be written; the device is still one after it."""
    path = make(tmp_path)
    with pytest.raises(StorageError, match=message) as caught:
        files.write_text(path, "text")
    assert str(path) in str(caught.value)
    assert not list(tmp_path.iterdir())
    assert not Path("/dev/null").is_file()


WRITE_TOO_MUCH = """
import resource, sys
from pathlib import Path
import numpy as np
from voicesim import files
from voicesim.errors import StorageError
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
path = Path(sys.argv[1])
noise = np.random.default_rng(1).standard_normal(100_000).astype("f4") / 8
for write in (
    lambda: files.write_text(path, "new " * 10_000),
    lambda: files.write_flac(path, noise),
):
    try:
        write()
    except StorageError as error:
        print(error)
"""


@pytest.mark.skipif(os.name == "nt", reason="no limit for the size of files here")
def test_a_file_that_cannot_grow_leaves_the_old_one(tmp_path):
    """In a process that may write no more than 20 000 bytes the old file stays whole and no half one remains."""
    path = tmp_path / "report.txt"
    path.write_text("old")
    command = [sys.executable, "-c", WRITE_TOO_MUCH, str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(said) == 2
    assert all("grow larger" in line and str(tmp_path) in line for line in said)
    assert path.read_text() == "old"
    assert {p.name for p in tmp_path.iterdir()} == {"report.txt"}


def test_a_full_disk_leaves_the_old_file(small_disk):
    """On a disk that is really full: one line with a mend, the old file whole, the space of the half one free again."""
    path = small_disk / "report.txt"
    files.write_text(path, "old")
    with pytest.raises(StorageError, match=r"report.txt: cannot be written: the disk is full. Free some space"):
        files.write_text(path, "new " * 50_000)
    assert path.read_text() == "old"
    assert list(small_disk.iterdir()) == [path]
    files.write_text(path, "n" * 20_000)


def test_a_cut_channel_is_read_without_the_half_sample(tmp_path):
    (tmp_path / "a.part").write_bytes(b"\x00\x40\x00\xc0\x7f")
    assert files.read_pcm(tmp_path / "a.part").tolist() == [0.5, -0.5]


def test_a_missing_channel_is_an_error(tmp_path):
    with pytest.raises(StorageError, match=r"none.part: cannot be read: there is no such file"):
        files.read_pcm(tmp_path / "none.part")


def test_makes_folders(tmp_path):
    assert files.make_folder(tmp_path / "a" / "b").is_dir()
    assert files.make_folder(tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="a file, not a folder"):
        files.make_folder(tmp_path / "file")
    with pytest.raises(StorageError, match="file, not a folder"):
        files.make_folder(tmp_path / "file" / "b")


@pytest.mark.parametrize("kind", ["scripts", "audio"])
def test_finds_what_is_shipped(kind, tmp_path, monkeypatch):
    """In a checkout beside the package, in an installed package inside it, and otherwise a part is missing."""
    assert files.shipped(kind).is_dir()
    package = tmp_path / "site" / "voicesim"
    package.mkdir(parents=True)
    monkeypatch.setattr(files, "__file__", str(package / "files.py"))
    with pytest.raises(MissingPart, match=f"the {kind} that come with voicesim.*pip install"):
        files.shipped(kind)
    inside = package / "shipped" / kind
    inside.mkdir(parents=True)
    (package.parent / kind).mkdir()
    assert files.shipped(kind) == inside


@pytest.mark.parametrize(("find", "variable"), [("data_folder", "VOICESIM_DATA"), ("cache_folder", "VOICESIM_CACHE")])
def test_own_folders_can_be_moved(find, variable, monkeypatch, tmp_path):
    monkeypatch.setenv(variable, str(tmp_path / "mine"))
    assert getattr(files, find)() == tmp_path / "mine"
    monkeypatch.setenv(variable, "")
    assert getattr(files, find)().name == "voicesim"
    monkeypatch.delenv(variable)
    assert getattr(files, find)().is_absolute()


def test_what_is_beyond_full_scale_is_cut_off_there(tmp_path):
    """A float file may hold any number; a recognizer would overflow on it."""
    soundfile.write(tmp_path / "a.wav", np.float32([0.5, 1e30, -3.0]), 16_000, subtype="FLOAT")
    sound, _ = files.read_sound(tmp_path / "a.wav")
    assert sound.samples.tolist() == [0.5, 1.0, -1.0]


def test_words_in_another_encoding_do_not_keep_a_text_from_being_written(tmp_path):
    """A terminal in Latin 1 or an old file name must not cost anybody a call."""
    files.write_text(tmp_path / "a.txt", b"caf\xe9!".decode(errors="surrogateescape"))
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "caf?!"


@pytest.mark.skipif(os.name == "nt", reason="no such rights here")
@pytest.mark.parametrize("umask", [0o000, 0o277])
def test_what_is_private_is_its_owners_only(tmp_path, umask):
    """Whatever the umask: files 0600, every folder made on the way 0700; what was there stays as it is."""
    tmp_path.chmod(0o755)
    before = os.umask(umask)
    try:
        folder = files.make_folder(tmp_path / "a" / "b", private=True)
        files.write_text(folder / "a.txt", "text", private=True)
        files.write_flac(folder / "a.flac", SECOND, private=True)
    finally:
        os.umask(before)
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in tmp_path.rglob("*")}
    assert modes == {"a": "0o700", "b": "0o700", "a.txt": "0o600", "a.flac": "0o600"}
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_an_open_file_that_is_made_private_is_its_owners_only(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    files.write_text(tmp_path / "a.txt", "new", private=True)
    assert os.name == "nt" or (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o600


def test_pcm_is_16_bit_and_cut_off_at_full_scale():
    samples = np.float32([0, 0.5, -0.5, 1, -1, 3, -3])
    assert np.frombuffer(files.encode_pcm(samples), "<i2").tolist() == [
        0, 16_384, -16_384, 32_767, -32_768, 32_767, -32_768,
    ]  # fmt: skip
