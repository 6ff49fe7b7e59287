"""Keeps a running call on disk, by threads of its own, so that nothing waits for a disk and nothing is lost."""

import contextlib
import json
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from voicesim.errors import StorageError
from voicesim.files import encode_pcm, sync_folder
from voicesim.model import RATE_HZ, Samples
from voicesim.store.appender import Appender
from voicesim.store.claim import Claim
from voicesim.store.places import JOURNAL, part_path

#: A disk that refuses is asked again this often.
RETRY_S = 0.5
#: Sound of one channel is brought to the disk when this much is not there yet (1 s).
SYNC_BYTES = 2 * RATE_HZ

_SAVE = "Free some space, then run: voicesim report last (or the folder you named with --out)."

_Sound = tuple[Samples, Samples]


class Keeper:
    """One running call on disk: both channels as ``*.pcm.part`` and ``journal.jsonl``; nothing here ever blocks.

    Sound is with the system as soon as it comes, whatever a sync takes, and brought to the disk after each second; a
    journal line is written behind all sound queued before it and brought to the disk at once. While the disk refuses,
    :attr:`trouble` says why, and everything is kept in memory and tried again. The folder is claimed until it is
    closed.
    """

    def __init__(self, folder: Path, *, sound: bool = True) -> None:
        """Open the files in ``folder``, which holds no call yet; without ``sound`` (typed replies) only the journal.

        Raises StorageError, and leaves no file behind then.
        """
        self.folder = folder
        self._at = 0
        # Of writing and of syncing.
        self._troubles: list[StorageError | None] = [None, None]
        self._queue: queue.SimpleQueue[_Sound | bytes | None] = queue.SimpleQueue()
        self._due, self._closing = threading.Event(), threading.Event()
        with contextlib.ExitStack() as made:
            self._journal = Appender(folder / JOURNAL)
            made.callback(self._journal.discard)
            self._claim = Claim(folder)
            made.callback(self._claim.release)
            self._channels: list[Appender] = []
            # The order of the two sounds of a frame.
            for channel in ("trainee", "caller") if sound else ():
                self._channels.append(Appender(part_path(folder, channel)))
                made.callback(self._channels[-1].discard)
            made.pop_all()
        sync_folder(folder)
        work = (self._write, self._sync)
        self._threads = [threading.Thread(target=one, name="keeper", daemon=True) for one in work]
        for thread in self._threads:
            thread.start()

    @property
    def at(self) -> int:
        """How many samples were queued so far."""
        return self._at

    @property
    def trouble(self) -> StorageError | None:
        """Why the disk refuses just now, None while it does not."""
        return self._troubles[0] or self._troubles[1]

    def sound(self, microphone: Samples, ears: Samples) -> None:
        """Queue one frame of both channels, equally long."""
        self._queue.put((microphone.copy(), ears.copy()))
        self._at += len(microphone)

    def entry(self, what: str, **values: Any) -> None:
        """Queue a journal line of kind ``what``; ``values`` are plain JSON values."""
        line = json.dumps({"at": self._at, "what": what, **values}, ensure_ascii=False, allow_nan=False)
        self._queue.put(line.encode(errors="replace") + b"\n")

    def finish(self) -> None:
        """Return when everything is on the disk; the folder stays claimed, for whoever closes the call.

        Raises StorageError if the rest could not be written: it is still in memory, and can be finished again.
        """
        self._closing.set()
        self._queue.put(None)
        self._due.set()
        for thread in self._threads:
            thread.join()
        while not self._queue.empty():
            self._take(self._queue.get())
        try:
            for file in (*self._channels, self._journal):
                file.close()
        except StorageError as error:
            self._troubles = [error, None]
            raise StorageError(f"{self._rest()} {error.what}", where=error.where, mend=_SAVE) from error
        self._troubles = [None, None]

    def close(self) -> None:
        """Finish, and give the folder free in any case; may be called twice. Raises StorageError as :meth:`finish`."""
        try:
            self.finish()
        finally:
            self.release()

    def release(self) -> None:
        """Give the folder free; may be called twice."""
        self._claim.release()

    def _rest(self) -> str:
        """What is not on the disk, in words."""
        missing = max((file.unsynced for file in self._channels), default=0) / 2 / RATE_HZ
        return f"the last {missing:.1f} s of the call" if missing else "the end of the call"

    def _write(self) -> None:
        """Write what comes, in its order."""
        while (item := self._queue.get()) is not None:
            self._take(item)
            while not self._worked(0, Appender.flush):
                if self._closing.wait(RETRY_S):
                    return
            if self._journal.unsynced or any(channel.unsynced >= SYNC_BYTES for channel in self._channels):
                self._due.set()

    def _sync(self) -> None:
        """Bring to the disk what is due; it takes as long as the disk needs."""
        while self._due.wait() and not self._closing.is_set():
            self._due.clear()
            while not self._worked(1, Appender.sync):
                if self._closing.wait(RETRY_S):
                    return

    def _worked(self, which: int, work: Callable[[Appender], None]) -> bool:
        """Whether a work could be done on every file, the journal last; the reason is in ``trouble`` if not."""
        try:
            for file in (*self._channels, self._journal):
                work(file)
        except StorageError as error:
            self._troubles[which] = error
            return False
        self._troubles[which] = None
        return True

    def _take(self, item: _Sound | bytes | None) -> None:
        if isinstance(item, bytes):
            self._journal.take(item)
        elif item is not None:
            for channel, samples in zip(self._channels, item, strict=False):
                channel.take(encode_pcm(samples))
