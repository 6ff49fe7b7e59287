"""Models brought in: fetched from the one address that is known for them, or taken from a local archive or folder.

This is the only place of voicesim that opens a connection to another machine, and only when a person asked for it by
name. What arrives is checked by size and SHA-256, unpacked beside its place, tried out, and moved there at once.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from voicesim import files
from voicesim.backends import vosk_model
from voicesim.backends.archive import unpack
from voicesim.backends.checked import sha256_of
from voicesim.backends.fetch import fetch
from voicesim.errors import MissingPart, StorageError, UsageError

#: Told how far a stage (``"downloading"``, ``"unpacking"``) is: bytes done and bytes in all.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownModel:
    """A model that can be installed by name: its archive's address, size and SHA-256, and the folder inside."""

    language: str
    folder: str
    url: str
    bytes: int
    sha256: str


#: Name -> model.
KNOWN: Mapping[str, KnownModel] = {
    "vosk-small-en-us": KnownModel(
        language="en",
        folder="vosk-model-small-en-us-0.15",
        url="https://alphacephei.com/vosk/models/vosk-model-small-en-us-0.15.zip",
        bytes=41_205_931,
        sha256="30f26242c4eb449f948e42cb302dd7a686cb29a3423a8367f99ff41780942498",
    )
}


def models_folder(data_folder: Path) -> Path:
    """Where installed models lie in a data folder."""
    return data_folder / "models"


def install(
    name_or_path: str | Path,
    *,
    progress: Progress | None = None,
    data_folder: Path | None = None,
    url: str | None = None,
    known: Mapping[str, KnownModel] = KNOWN,
) -> Path:
    """The folder of a Vosk model after installing it: a name of ``known``, or a local ``.zip`` or folder.

    A model that is there and works is not fetched again; a broken-off download goes on where it stopped. ``url`` names
    another place to fetch from (the bytes must be the same). Raises UsageError for an unknown name or an archive that
    is none or not to be trusted, MissingPart if the download fails, differs or does not decode, StorageError for disks.
    """
    place = models_folder(data_folder or files.data_folder())
    tell = progress or _quiet
    model = known.get(str(name_or_path))
    with _disk_trouble(place):
        place.mkdir(parents=True, exist_ok=True)
        if model:
            return _install_known(model, place, tell, url or model.url)
        source = Path(name_or_path).expanduser()
        if not source.exists():
            names = ", ".join(known)
            raise UsageError(
                f"there is no model or file {source.name!r}", mend=f"Name a .zip, a folder or one of: {names}"
            )
        return _install_local(source, place, tell)


def _install_known(model: KnownModel, place: Path, tell: Progress, url: str) -> Path:
    """Fetch and install a known model, unless it is there."""
    target = place / model.folder
    if _works(target):
        return target
    archive = place / f"{model.folder}.zip"
    part = archive.with_name(f"{archive.name}.part")
    fetch(url, part, model.bytes, lambda done: tell("downloading", done, model.bytes))
    if sha256_of(part) != model.sha256:
        part.unlink()
        raise MissingPart(
            "what was fetched is not the model that is known under this name (its SHA-256 differs)",
            where=url,
            mend="Try again later, or fetch it by hand and run: voicesim models install FILE.zip",
        )
    with _workshop(place) as bench:
        unpack(part, bench / "unpacked", lambda done, total: tell("unpacking", done, total))
        _put(_root(bench / "unpacked", part), target, bench)
    part.unlink()
    return target


def _install_local(source: Path, place: Path, tell: Progress) -> Path:
    """Install from a file or folder of this machine."""
    with _workshop(place) as bench:
        unpacked = bench / "unpacked"
        if source.is_dir():
            _copy(source, unpacked / source.resolve().name)
        else:
            unpack(source, unpacked, lambda done, total: tell("unpacking", done, total))
        root = _root(unpacked, source)
        target = place / (source.stem if root == unpacked else root.name)
        _put(root, target, bench)
    return target


def _copy(source: Path, target: Path) -> None:
    """Copy a folder that holds a model."""
    if not vosk_model.is_model(source):
        raise UsageError(
            "this folder holds no Vosk model", where=str(source), mend="It must hold am, conf, graph and ivector"
        )
    shutil.copytree(source, target, symlinks=False)


def _root(unpacked: Path, source: Path) -> Path:
    """The folder of the model within what was unpacked: that itself or the one folder in it."""
    for folder in (unpacked, *sorted(path for path in unpacked.iterdir() if path.is_dir())):
        if vosk_model.is_model(folder):
            return folder
    raise UsageError("this archive holds no Vosk model", where=str(source), mend="Fetch it again from the Vosk project")


def _put(root: Path, target: Path, bench: Path) -> None:
    """Try the model out and move it to its place; one that was there before goes only then."""
    vosk_model.check_model(root)
    if target.exists():
        target.rename(bench / "before")
    root.rename(target)


def _works(folder: Path) -> bool:
    """Whether a working model is there."""
    if not vosk_model.is_model(folder):
        return False
    try:
        vosk_model.check_model(folder)
    except MissingPart:
        # A damaged one is replaced.
        return False
    return True


@contextmanager
def _workshop(place: Path) -> Iterator[Path]:
    """A folder beside the models that is gone afterwards, whatever happens."""
    with tempfile.TemporaryDirectory(prefix=".installing-", dir=place, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def _disk_trouble(place: Path) -> Iterator[None]:
    """Errors of the disk as StorageError."""
    try:
        yield
    except OSError as trouble:
        raise StorageError(
            f"the model cannot be stored: {trouble.strerror or trouble}",
            where=str(place),
            mend="Free some space or put the data elsewhere: VOICESIM_DATA=FOLDER",
        ) from trouble


def _quiet(stage: str, done: int, total: int) -> None:
    """Tell nobody."""
