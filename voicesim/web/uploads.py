"""Files for as long as they are needed, uploads above all: private, under a name of our own, gone in every case.

::

    <data>/.uploads/<chance>/          of one running page, owner-only; whoever is killed leaves it behind
    <data>/.uploads/<chance>/lock      held for as long as that page runs
    <data>/.uploads/<chance>/<chance>  an upload

A request's body lies in a file without a name until it is whole (that is what the form parser does), so a broken-off
upload leaves nothing. A folder whose lock nobody holds is swept up by the next page that takes an upload in.
"""

import atexit
import os
import secrets
import shutil
import threading
from pathlib import Path

from fastapi import Request, UploadFile

from voicesim.errors import StorageError
from voicesim.files import data_folder, make_folder, owner_only, storage_errors
from voicesim.locks import FileLock, locked

FOLDER = ".uploads"


class Uploads:
    """The uploads of one running page."""

    def __init__(self, data: Path) -> None:
        every = make_folder(data / FOLDER, private=True)
        _sweep(every)
        self.folder = make_folder(every / secrets.token_hex(8), private=True)
        self._lock = FileLock(self.folder / "lock", taken=StorageError("an upload is in use", where=str(self.folder)))
        atexit.register(self.close)

    def take_in(self, upload: UploadFile) -> Path:
        """The upload as a file, whose name says nothing of where it came from. Raises StorageError for a full disk."""
        path = self.folder / secrets.token_hex(8)
        try:
            with storage_errors(path, "written"), open(path, "xb", opener=owner_only) as written:
                shutil.copyfileobj(upload.file, written, 1 << 20)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path

    def close(self) -> None:
        """Delete all uploads; may be called twice."""
        self._lock.release()
        shutil.rmtree(self.folder, ignore_errors=True)


_MAKING = threading.Lock()


def uploads_of(request: Request) -> Uploads:
    """The uploads of the page that a request came to."""
    state = request.app.state
    with _MAKING:
        if not hasattr(state, "uploads"):
            state.uploads = Uploads(data_folder())
        uploads = state.uploads
    assert isinstance(uploads, Uploads)
    return uploads


def _sweep(every: Path) -> None:
    """Delete what killed pages left; the folder of one that runs is locked."""
    for left in every.iterdir():
        try:
            handle = os.open(left / "lock", os.O_RDWR)
        except OSError:
            continue
        try:
            abandoned = locked(handle)
        except OSError:
            abandoned = False
        finally:
            os.close(handle)
        if abandoned:
            shutil.rmtree(left, ignore_errors=True)
