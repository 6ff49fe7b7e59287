"""Archives unpacked without trusting them."""

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

from voicesim.archive import looked_at, refused
from voicesim.errors import StorageError, UsageError

#: An archive may unpack to this many bytes, this many times its own size, and this many entries.
MOST_BYTES, MOST_RATIO, MOST_ENTRIES = 8_000_000_000, 20, 5_000
_BLOCK = 1 << 20
_MEND = "Fetch it again from its own page"


def unpack(archive: Path, target: Path, progress: Callable[[int, int], None]) -> None:
    """Unpack a zip file into the new folder ``target``, telling ``progress`` bytes done and in all.

    Everything is looked at before anything is written. Raises UsageError for what is no zip file, is damaged, or would
    write outside ``target``, make links, or fill the disk; StorageError if there is too little room.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = opened.infolist()
            total = _check_size(entries, archive)
            looked_at(opened, archive, mend=_MEND)
            _check_room(total, target)
            target.mkdir(parents=True)
            done = 0
            for entry in entries:
                done = _write(opened, entry, target, done, lambda now: progress(now, total))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as broken:
        raise UsageError("this is no zip file, or a damaged one", where=str(archive), mend="Fetch it again") from broken


def _check_size(entries: list[zipfile.ZipInfo], archive: Path) -> int:
    """The bytes that all entries unpack to, if that is within reason."""
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or total > MOST_BYTES or total > MOST_RATIO * archive.stat().st_size:
        raise refused(archive, f"it would unpack to {len(entries)} files of {total / 1e6:.0f} MB", _MEND)
    return total


def _check_room(total: int, target: Path) -> None:
    """Refuse what the disk cannot hold."""
    free = shutil.disk_usage(target.parent).free
    if free < total * 1.05:
        raise StorageError(
            f"the model takes {total / 1e6:.0f} MB, {free / 1e6:.0f} MB are free", where=str(target.parent)
        )


def _write(
    opened: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, done: int, progress: Callable[[int], None]
) -> int:
    """Write one entry and give the bytes written so far; the library stops at the size that was checked."""
    path = target / entry.filename
    if entry.is_dir():
        path.mkdir(parents=True, exist_ok=True)
        return done
    path.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(entry) as source, path.open("xb") as file:
        while block := source.read(_BLOCK):
            file.write(block)
            done += len(block)
            progress(done)
    return done
