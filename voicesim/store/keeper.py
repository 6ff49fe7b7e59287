"""Keeps a running call on disk, by a thread of its own, so that nothing waits for a disk and nothing is lost."""

import contextlib
import json
import queue
import threading
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

_Sound = tuple[Samples, Samples]


class Keeper:
    """One running call on disk: both channels as ``*.pcm.part`` and ``journal.jsonl``; nothing here ever blocks.

    Sound is with the system as soon as the thread gets it and on the disk after each second, a journal line is written
    behind all sound queued before it and is on the disk at once. While the disk refuses, :attr:`trouble` says why, and
    everything is kept in memory and tried again. The folder is claimed until :meth:`close`.
    """

    def __init__(self, folder: Path, *, sound: bool = True) -> None:
        """Open the files in ``folder``, which holds no call yet; without ``sound`` (typed replies) only the journal.

        Raises StorageError, and leaves no file behind then.
        """
        self.folder = folder
        self._at = 0
        self._trouble: StorageError | None = None
        self._queue: queue.SimpleQueue[_Sound | bytes | None] = queue.SimpleQueue()
        self._closing = threading.Event()
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
        self._thread = threading.Thread(target=self._work, name="keeper", daemon=True)
        self._thread.start()

    @property
    def at(self) -> int:
        """How many samples were queued so far."""
        return self._at

    @property
    def trouble(self) -> StorageError | None:
        """Why the disk refuses just now, None while it does not."""
        return self._trouble

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
        self._thread.join()
        while not self._queue.empty():
            self._take(self._queue.get())
        try:
            for file in (*self._channels, self._journal):
                file.close()
        except StorageError as error:
            self._trouble = error
            raise StorageError(f"{self._rest()} {error.what}", where=error.where, mend=error.mend) from error
        self._trouble = None

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

    def _work(self) -> None:
        while (item := self._queue.get()) is not None:
            self._take(item)
            while not self._written():
                if self._closing.wait(RETRY_S):
                    return

    def _take(self, item: _Sound | bytes | None) -> None:
        if isinstance(item, bytes):
            self._journal.take(item)
        elif item is not None:
            for channel, samples in zip(self._channels, item, strict=False):
                channel.take(encode_pcm(samples))

    def _written(self) -> bool:
        """Whether everything taken is where it should be by now; the reason is in ``trouble`` if not."""
        try:
            for channel in self._channels:
                channel.flush()
                if channel.unsynced >= SYNC_BYTES:
                    channel.sync()
            self._journal.sync()
        except StorageError as error:
            self._trouble = error
            return False
        self._trouble = None
        return True
