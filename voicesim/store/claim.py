"""Whether a call is in somebody's hands: a lock that the system takes away with the process that holds it.

The lock lies on the call's journal. POSIX has ``flock`` (not ``lockf``: a process would lose that one by closing any
other handle of the file), Windows ``msvcrt.locking``, which keeps others from the locked bytes, so that a byte far
behind the end is locked. Both go with a killed process, which a file that names a process id does not.
"""

import errno
import os
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from voicesim.errors import StorageError
from voicesim.files import storage_errors
from voicesim.store.places import JOURNAL

# Whoever asks whether a call is claimed holds the lock for a moment.
_TRIES, _BETWEEN_S = 20, 0.05
_FAR_BEHIND = 1 << 30
_TAKEN = (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK)


class Claim:
    """One process's claim to the folder of a call, until it is released or the process ends in whatever way."""

    def __init__(self, folder: Path) -> None:
        """Claim ``folder``; makes an empty journal if there is none.

        Raises StorageError if another holds it, and on a disk that knows no locks: nobody could tell there whether a
        call still runs.
        """
        path = folder / JOURNAL
        with storage_errors(path, "opened"):
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self._handle: int | None = handle
        try:
            _lock(handle, folder)
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        """Give the folder free; may be called twice."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.release()


def _lock(handle: int, folder: Path) -> None:
    with storage_errors(folder / JOURNAL, "locked"):
        for _ in range(_TRIES):
            if _locked(handle):
                return
            time.sleep(_BETWEEN_S)
    raise StorageError("this call is still running", where=str(folder), mend="End it first.")


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
            return not _locked(handle, shared=True)
    finally:
        os.close(handle)


def _locked(handle: int, *, shared: bool = False) -> bool:
    """Whether the lock could be had. Raises OSError on a file system that knows no locks."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, _FAR_BEHIND, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in _TAKEN:
            raise
        return False
    return True
