"""Locks on files that the system takes away with the process that holds them, in whatever way it ends.

POSIX has ``flock`` (not ``lockf``: a process would lose that one by closing any other handle of the file), Windows
``msvcrt.locking``, which keeps others from the locked bytes, so that a byte far behind the end is locked. Both go with
a killed process, which a file that names a process id does not.
"""

import errno
import os
import sys
import time
from pathlib import Path

from voicesim.errors import StorageError
from voicesim.files import storage_errors

# Whoever asks whether a file is locked holds the lock for a moment.
_TRIES, _BETWEEN_S = 20, 0.05
_FAR_BEHIND = 1 << 30
_TAKEN = (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK)


class FileLock:
    """One process's lock on a file, until it is released or the process ends."""

    def __init__(self, path: Path, *, taken: StorageError) -> None:
        """Lock ``path``, which is made (owner-only) if it is not there; its folder must be.

        Raises ``taken`` if another process holds it, StorageError on a disk that knows no locks.
        """
        with storage_errors(path, "opened"):
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self._handle: int | None = handle
        try:
            with storage_errors(path, "locked"):
                if not any(_had(handle, attempt) for attempt in range(_TRIES)):
                    raise taken
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        """Let others have it; may be called twice."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _had(handle: int, attempt: int) -> bool:
    """Whether the lock could be had; every attempt but the first waits a moment before."""
    if attempt:
        time.sleep(_BETWEEN_S)
    return locked(handle)


def locked(handle: int, *, shared: bool = False) -> bool:
    """Whether an open file's lock could be had now. Raises OSError on a file system that knows no locks."""
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
