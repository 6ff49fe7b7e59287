"""A pack on its way into the data folder: a whole new state lies ready beside the old one, then it is moved in.

::

    <data>/.installing-<chance>/     being made; left behind by a killed process, it is swept up
    <data>/.installed-<script id>/   whole: whoever meets it moves its files to where they belong, then deletes it

The one rename between the two is the moment of the change. Every move can be done again after a kill: what is not in
the folder any more is in its place already.
"""

import contextlib
import shutil
import time
from pathlib import Path, PurePosixPath

from voicesim.errors import StorageError
from voicesim.files import make_folder, storage_errors, sync_folder
from voicesim.locks import FileLock

BEING_MADE, READY = ".installing-", ".installed-"
#: What a killed process left behind is swept up after this long: nobody takes a day to install a pack.
_LEFT_S = 86_400


def finish_installs(data: Path) -> None:
    """Nothing; afterwards no pack lies half moved in, unless another process is just moving it.

    Raises StorageError if files cannot be moved.
    """
    for ready in sorted(data.glob(f"{READY}*")):
        script_id = ready.name.removeprefix(READY)
        make_folder(data / "audio", private=True)
        busy = StorageError("another voicesim is just installing", where=script_id)
        try:
            lock = FileLock(data / "audio" / f".{script_id}.lock", taken=busy)
        except StorageError as error:
            if error is not busy:
                raise
            continue
        try:
            # Another process may have finished it before this one got the lock.
            if ready.is_dir():
                move_in(ready, data)
        finally:
            lock.release()


def move_in(ready: Path, data: Path) -> None:
    """Nothing; afterwards every file below ``ready`` is at the same place below ``data``; for the lock's holder."""
    with storage_errors(ready, "moved"):
        for path in sorted((p for p in ready.rglob("*") if p.is_file()), key=_takes_first):
            target = data / path.relative_to(ready)
            make_folder(target.parent, private=True)
            path.replace(target)
            sync_folder(target.parent)
    shutil.rmtree(ready, ignore_errors=True)


def _takes_first(path: Path) -> tuple[bool, bool, str]:
    """Takes before what names them, the script last."""
    kind = PurePosixPath(path).suffix
    return kind == ".yaml", kind == ".json", str(path)


def sweep_left(data: Path) -> None:
    """Nothing; afterwards what killed installations left unfinished is gone, as far as that is possible."""
    for left in data.glob(f"{BEING_MADE}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT_S:
                shutil.rmtree(left, ignore_errors=True)
