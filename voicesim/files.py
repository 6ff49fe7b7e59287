"""Files in and out: recordings, text, the two channels of a running call, and where shipped and own files are.

Whole files are written to a temporary one beside them and renamed, so that a reader never meets half of one. Errors of
the system become StorageError, a recording that cannot be used SoundFileError, each with one line that says how to mend
it.
"""

import contextlib
import errno
import io
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from voicesim.errors import MissingPart, SoundFileError, StorageError
from voicesim.model import RATE_HZ, Samples, Sound
from voicesim.sound import HIGHEST_RATE_HZ, LOWEST_RATE_HZ, checked, clipped_share, level_dbfs

#: A recording of one reply may last this long.
LONGEST_S = 600
#: Over this share of clipped samples a recording gets a note (and measures abstain).
CLIPPED_LIMIT = 0.01

_CONVERT = "Record it again, or convert it to WAV or FLAC."
# A mono mix this far below its loudest channel means that the channels cancel each other out.
_CANCELLED_DB = 12.0
_FULL_SCALE = 32_768
_ADVICE = {
    errno.ENOSPC: ("the disk is full", "Free some space or choose a folder on another disk."),
    errno.EDQUOT: ("your share of the disk is used up", "Free some space or choose a folder on another disk."),
    errno.EFBIG: ("the file would grow larger than this system allows", "Choose a folder on another disk."),
    errno.EROFS: ("this disk may only be read", "Choose a folder that you may write to."),
    errno.EACCES: ("permission denied", "Change its permissions or choose another folder."),
    errno.EPERM: ("permission denied", "Change its permissions or choose another folder."),
    errno.ENOENT: ("there is no such file or folder", "Check the path."),
    errno.ENOTDIR: ("a part of the path is a file, not a folder", "Check the path."),
    errno.EISDIR: ("this is a folder, not a file", "Check the path."),
    errno.ENAMETOOLONG: ("the name is too long", "Choose a shorter one."),
}


def read_sound(path: Path, *, longest_s: int = LONGEST_S) -> tuple[Sound, tuple[str, ...]]:
    """A recording as mono sound at its own rate, with a note for everything about it that a person should know.

    Any format of libsndfile (WAV, FLAC, OGG, MP3 ..), 8 000..192 000 Hz, integer or float; channels are mixed, and
    what is beyond full scale is cut off there.
    Notes are short sentences without the file's name: mixed, another rate than 16 kHz, clipped, silent.
    Raises SoundFileError for a missing file, a folder, something that is no sound, an empty file, zero samples,
    NaN or infinity, an unusable rate and more than ``longest_s``; StorageError for a file that may not be read.
    """
    channels, rate_hz = _decoded(Path(path), longest_s)
    where = str(path)
    if not len(channels):
        raise SoundFileError("the recording holds no samples", where=where, mend=_CONVERT)
    if not LOWEST_RATE_HZ <= rate_hz <= HIGHEST_RATE_HZ:
        allowed = f"{LOWEST_RATE_HZ}..{HIGHEST_RATE_HZ} Hz"
        raise SoundFileError(f"the sample rate is {rate_hz} Hz, not {allowed}", where=where, mend=_CONVERT)
    if len(channels) > longest_s * rate_hz:
        what = f"the recording lasts longer than {longest_s // 60} minutes, too long for one reply"
        raise SoundFileError(what, where=where, mend="Cut it into single replies.")
    if not np.isfinite(channels).all():
        at_s = int(np.argmin(np.isfinite(channels).all(axis=1))) / rate_hz
        what = f"the recording holds values that are not finite numbers (NaN or infinity), the first at {at_s:.3f} s"
        raise SoundFileError(what, where=where, mend=_CONVERT)
    # Float files may be louder than any sound card; such values would overflow in a recognizer.
    channels = np.clip(channels, -1.0, 1.0)
    samples, mixed = _mono(channels)
    notes = (mixed, _rate_note(rate_hz), _level_note(channels))
    return Sound(samples=samples, rate_hz=rate_hz), tuple(note for note in notes if note)


def write_flac(path: Path, samples: Samples, rate_hz: int = RATE_HZ, *, private: bool = False) -> None:
    """Nothing; afterwards ``path`` is a 16-bit FLAC file. Atomic. Raises InputError and StorageError."""
    write_bytes(path, encode_flac(samples, rate_hz), private=private)


def encode_flac(samples: Samples, rate_hz: int = RATE_HZ) -> bytes:
    """``samples`` as the bytes of a 16-bit FLAC file; what is beyond full scale is clipped.

    Raises InputError for samples or a rate that :func:`voicesim.sound.checked` refuses.
    """
    encoded = io.BytesIO()
    _soundfile().write(encoded, _as_int16(checked(samples, rate_hz)), rate_hz, format="FLAC", subtype="PCM_16")
    return encoded.getvalue()


def write_text(path: Path, text: str, *, private: bool = False) -> None:
    """Nothing; afterwards ``path`` holds ``text`` in UTF-8, line ends as given. Atomic. Raises StorageError.

    Names and words in another encoding reach Python as lone surrogates; they become question marks.
    """
    write_bytes(path, text.encode(errors="replace"), private=private)


def write_bytes(path: Path, content: bytes, *, private: bool = False) -> None:
    """Nothing; afterwards ``path`` holds ``content``, or in case of an error what it held before.

    The folder must exist. A ``private`` file is its owner's only (0600), whatever the umask.
    Raises StorageError for a full disk, a missing permission, a folder or device at ``path``.
    """
    path = Path(path)
    with storage_errors(path, "written"):
        if path.exists() and not path.is_file():
            raise StorageError("this is no file that can be written", where=str(path), mend="Check the path.")
        temporary = path.with_name(f".voicesim-{secrets.token_hex(8)}.tmp")
        try:
            with open(temporary, "xb", opener=owner_only if private else None) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def owner_only(path: str, flags: int) -> int:
    """An opener for :func:`open`: a file that it makes is 0600, whatever the umask."""
    handle = os.open(path, flags, 0o600)
    if hasattr(os, "fchmod"):
        os.fchmod(handle, 0o600)
    return handle


def make_folder(path: Path, *, private: bool = False) -> Path:
    """The folder ``path``, made with its parents if it was not there. Raises StorageError.

    What is made ``private`` is its owner's only (0700), whatever the umask; a folder that was there stays as it is.
    """
    path = Path(path)
    with storage_errors(path, "made"):
        try:
            if private:
                _make_private(path)
            path.mkdir(parents=True, exist_ok=True)
        except FileExistsError as error:
            raise StorageError("this is a file, not a folder", where=str(path), mend="Check the path.") from error
    return path


def _make_private(path: Path) -> None:
    missing = [folder for folder in (*reversed(path.parents), path) if not folder.exists()]
    for folder in missing:
        # Another process may be making the same one.
        with contextlib.suppress(FileExistsError):
            folder.mkdir(0o700)
            folder.chmod(0o700)
            sync_folder(folder.parent)


def encode_pcm(samples: Samples) -> bytes:
    """``samples`` as 16-bit little-endian PCM; what is beyond full scale is clipped."""
    return _as_int16(samples).tobytes()


def read_pcm(path: Path) -> Samples:
    """Raw 16-bit sound, as :func:`encode_pcm` makes it: float32[n] at 16 kHz; half a sample at the end is left out.

    Raises StorageError for a file that is missing or cannot be read.
    """
    with storage_errors(Path(path), "read"):
        content = Path(path).read_bytes()
    whole = np.frombuffer(content[: len(content) // 2 * 2], dtype="<i2")
    return np.asarray(whole / np.float32(_FULL_SCALE), dtype=np.float32)


def shipped(kind: Literal["scripts", "audio"]) -> Path:
    """The folder of shipped scripts or recordings: inside an installed package, else beside it in a checkout.

    Raises MissingPart if it is in neither place.
    """
    package = Path(__file__).parent
    for folder in (package / "shipped" / kind, package.parent / kind):
        if folder.is_dir():
            return folder
    raise MissingPart(
        f"the {kind} that come with voicesim are not there",
        where=str(package),
        mend="Install it again: pip install --force-reinstall voicesim",
    )


def is_folder(path: Path) -> bool:
    """Whether the folder is there; what is a file, or lies below one, is not just a folder that was not made yet.

    Raises StorageError for that.
    """
    with storage_errors(path, "read"):
        nearest = next((one for one in (path, *path.parents) if one.exists()), None)
        if nearest is not None and not nearest.is_dir():
            raise StorageError("this is a file where a folder is meant to be", where=str(nearest), mend="Move it away.")
    return nearest == path


def data_folder() -> Path:
    """Where own scripts, takes, models and calls lie: ``VOICESIM_DATA``, else the system's place; it may not exist.

    Raises StorageError if it is no folder.
    """
    return _own_folder("VOICESIM_DATA", "user_data_path")


def cache_folder() -> Path:
    """Where rendered lines lie, which can be made again: ``VOICESIM_CACHE``, else the system's place.

    Raises StorageError if it is no folder.
    """
    return _own_folder("VOICESIM_CACHE", "user_cache_path")


def _own_folder(variable: str, place: str) -> Path:
    chosen = os.environ.get(variable)
    if chosen:
        folder = Path(chosen).expanduser()
        if folder.is_file():
            mend = f"Let it name a folder, {variable}=FOLDER; it is made when it is needed."
            raise StorageError(f"{variable} names a file", where=str(folder), mend=mend)
    else:
        import platformdirs

        folder = Path(getattr(platformdirs, place)("voicesim", appauthor=False))
    is_folder(folder)
    return folder


def _decoded(path: Path, longest_s: int) -> tuple[NDArray[np.float32], int]:
    """All channels, float32[n, channels] with n up to one more than allowed, and the rate in Hz."""
    _check_is_sound_file(path)
    soundfile = _soundfile()
    try:
        with soundfile.SoundFile(path) as file:
            # The header of a cut file promises anything; only what is there is read.
            channels = file.read(longest_s * file.samplerate + 1, dtype="float32", always_2d=True)
            return channels, int(file.samplerate)
    # soundfile wants a sample rate (TypeError) for *.raw, which has no header.
    except (soundfile.SoundFileError, TypeError, ValueError) as error:
        what = "this is no recording that can be read, or it is damaged"
        raise SoundFileError(what, where=str(path), mend=_CONVERT) from error


def _check_is_sound_file(path: Path) -> None:
    where = str(path)
    with storage_errors(path, "read"):
        if path.is_dir():
            raise SoundFileError("this is a folder, not a recording", where=where, mend="Name a file in it.")
        if not path.exists():
            raise SoundFileError("there is no such file", where=where, mend="Check the name.")
        if not path.is_file():
            raise SoundFileError("this is not a plain file", where=where, mend=_CONVERT)
        with path.open("rb") as file:
            if not file.read(1):
                raise SoundFileError("the file is empty", where=where, mend=_CONVERT)


def _mono(channels: NDArray[np.float32]) -> tuple[Samples, str | None]:
    """float32[n] and, if there were more channels than one, a note."""
    count = channels.shape[1]
    if count == 1:
        return channels[:, 0], None
    name = "stereo" if count == 2 else f"{count} channels"
    mixed = channels.mean(axis=1, dtype=np.float32)
    loudest = max((channels[:, i] for i in range(count)), key=level_dbfs)
    if level_dbfs(mixed) < level_dbfs(loudest) - _CANCELLED_DB:
        return loudest.copy(), f"{name}: the channels cancel each other out, only the loudest is used"
    return mixed, f"{name}: mixed to mono"


def _rate_note(rate_hz: int) -> str | None:
    if rate_hz < RATE_HZ:
        return f"{rate_hz} Hz: holds nothing above {rate_hz // 2} Hz"
    return None if rate_hz == RATE_HZ else f"{rate_hz} Hz: used at {RATE_HZ} Hz"


def _level_note(channels: NDArray[np.float32]) -> str | None:
    share = clipped_share(channels.reshape(-1))
    if share > CLIPPED_LIMIT:
        return f"clipped: {share:.1%} of the samples are at full scale"
    return None if channels.any() else "silent: it holds no sound at all"


def _as_int16(samples: Samples) -> NDArray[np.int16]:
    scaled = np.rint(np.asarray(samples, dtype=np.float32) * np.float32(_FULL_SCALE))
    whole: NDArray[np.int16] = np.clip(scaled, -_FULL_SCALE, _FULL_SCALE - 1).astype("<i2")
    return whole


@contextlib.contextmanager
def storage_errors(path: Path, done: str) -> Iterator[None]:
    """A context that makes errors of the system StorageErrors; ``done`` is what the path could not be (``"read"``)."""
    try:
        yield
    except OSError as error:
        raise storage_error(error, path, done) from error


def storage_error(error: OSError, path: Path | str, done: str) -> StorageError:
    """An error of the system as one line: where, what, how to mend it; ``done`` as in :func:`storage_errors`."""
    reason, mend = _ADVICE.get(error.errno or 0, (error.strerror or str(error), "Choose another folder."))
    return StorageError(f"cannot be {done}: {reason}", where=str(path), mend=mend)


def sync_folder(folder: Path) -> None:
    """Bring a rename to the disk, where the system can do that for folders."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _soundfile() -> Any:
    try:
        import soundfile
    except (ImportError, OSError) as error:
        raise MissingPart("the library for sound files is not installed", mend="Run: pip install soundfile") from error
    return soundfile
