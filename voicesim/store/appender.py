"""A file that is only ever appended to, exact to the byte whatever the disk does in between."""

import os
import threading
from pathlib import Path

from voicesim.errors import StorageError
from voicesim.files import owner_only, storage_errors


class Appender:
    """A new file, its owner's only: what was taken is with the system after a flush, on the disk after a sync.

    Until it is on the disk it is in memory too. A disk that takes half of a write, or that fails to sync and may have
    dropped what it held, raises StorageError; the next try cuts the file to its last good length and goes on there.
    One thread may flush while another waits for a sync.
    """

    def __init__(self, path: Path) -> None:
        """Make ``path``. Raises StorageError, also if it is there already."""
        self.path = path
        #: How many bytes are known to be on the disk.
        self.on_disk = 0
        self._kept = bytearray()
        self._written = 0
        self._doubtful = False
        self._lock = threading.Lock()
        try:
            with storage_errors(path, "written"):
                self._file = open(path, "xb", buffering=0, opener=owner_only)  # noqa: SIM115
        except StorageError as error:
            if isinstance(error.__cause__, FileExistsError):
                raise StorageError("is there already", where=str(path), mend="Choose another folder.") from error
            raise

    @property
    def unsynced(self) -> int:
        """How many bytes were taken and may not be on the disk."""
        return len(self._kept)

    def take(self, data: bytes) -> None:
        """Keep ``data`` for the next flush; never fails."""
        with self._lock:
            self._kept += data

    def flush(self) -> None:
        """Return when everything taken is with the system: a killed process loses none of it."""
        with storage_errors(self.path, "written"), self._lock:
            self._flush()

    def sync(self) -> None:
        """Return when everything taken before is on the disk."""
        with storage_errors(self.path, "written"):
            with self._lock:
                if not self._kept:
                    return
                self._flush()
                length = len(self._kept)
                # A handle of its own: a flush may have to open the file anew meanwhile.
                handle = os.dup(self._file.fileno())
            try:
                os.fsync(handle)
            except OSError:
                # The system may have dropped what it had taken, and would call the next sync a success.
                with self._lock:
                    self._written, self._doubtful = 0, True
                raise
            finally:
                os.close(handle)
        with self._lock:
            self.on_disk += length
            self._written -= length
            del self._kept[:length]

    def close(self) -> None:
        """Sync and close; may be called again, also after an error."""
        self.sync()
        self._file.close()

    def discard(self) -> None:
        """Close the file and delete it."""
        self._file.close()
        self.path.unlink(missing_ok=True)

    def _flush(self) -> None:
        done = self._written
        if done == len(self._kept):
            return
        try:
            if self._doubtful:
                self._mend()
            while done < len(self._kept):
                done += self._file.write(bytes(self._kept[done:])) or 0
        except OSError:
            self._doubtful = True
            raise
        self._written = done

    def _mend(self) -> None:
        """Cut off what is half written; opened anew, as a disk that was away does not know the old handle."""
        self._file.close()
        self._file = self.path.open("r+b", buffering=0)
        self._file.seek(self._file.truncate(self.on_disk + self._written))
        self._doubtful = False
