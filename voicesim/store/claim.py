"""Whether a call is in somebody's hands: the lock lies on its journal and goes with the process that holds it."""

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from voicesim.errors import StorageError
from voicesim.files import storage_errors
from voicesim.locks import FileLock, locked
from voicesim.store.places import JOURNAL


class Claim:
    """One process's claim to the folder of a call, until it is released or the process ends in whatever way."""

    def __init__(self, folder: Path) -> None:
        """Claim ``folder``; makes an empty journal if there is none.

        Raises StorageError if another holds it, and on a disk that knows no locks: nobody could tell there whether a
        call still runs.
        """
        taken = StorageError("this call is still running", where=str(folder), mend="End it first.")
        self._lock = FileLock(folder / JOURNAL, taken=taken)

    def release(self) -> None:
        """Give the folder free; may be called twice."""
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.release()


def is_claimed(folder: Path) -> bool:
    """Whether a living process holds the call in ``folder``. Raises StorageError for a journal that cannot be read."""
    path = folder / JOURNAL
    with storage_errors(path, "read"):
        try:
            handle = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
        except FileNotFoundError:
            return False
    try:
        with storage_errors(path, "locked"):
            return not locked(handle, shared=True)
    finally:
        os.close(handle)
