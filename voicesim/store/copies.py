"""Copies of calls that were written outside the data folder: which of their files still are what was written.

Nothing else there is ever touched: the folder is a person's own, and other things may lie in it.
"""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from voicesim.files import storage_errors
from voicesim.store.places import RECORD, REPORT
from voicesim.store.share_log import digest_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyElsewhere:
    """What lies in a ``folder`` that a call was shared to: files ``as_written``, and ``others`` of the same names.

    The others were changed since, or nobody knows any more what was written. Both are empty where nothing is there.
    """

    folder: Path
    as_written: tuple[Path, ...]
    others: tuple[Path, ...]


def copy_in(folder: Path, written: Mapping[str, frozenset[str]]) -> CopyElsewhere:
    """The copy in a folder, by the names of the files that were ``written`` there and the SHA-256 that each had."""
    known = {name: digests for name, digests in written.items() if _lies_below(name)}
    every = known or {RECORD: frozenset[str](), REPORT: frozenset[str]()}
    there = {folder / name: digests for name, digests in every.items() if _is_there(folder / name)}
    as_written = tuple(path for path, digests in there.items() if _is_as_written(path, digests))
    return CopyElsewhere(
        folder=folder, as_written=as_written, others=tuple(path for path in there if path not in as_written)
    )


def delete_copy(copy: CopyElsewhere) -> None:
    """Nothing; afterwards the files as they were written are gone, and with them each folder that is empty then.

    Raises StorageError.
    """
    for path in copy.as_written:
        with storage_errors(path, "deleted"):
            path.unlink(missing_ok=True)
    emptied = {path.parent for path in copy.as_written} | ({copy.folder} if copy.as_written else set())
    for folder in sorted(emptied, key=lambda one: len(one.parts), reverse=True):
        with contextlib.suppress(OSError):  # what else lies there stays
            folder.rmdir()


def _lies_below(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def _is_as_written(path: Path, digests: frozenset[str]) -> bool:
    if not digests or path.is_symlink():
        return False
    try:
        return digest_of(path) in digests
    except OSError:
        return False
