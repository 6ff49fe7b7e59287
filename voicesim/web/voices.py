"""A caller's voice made ready while the briefing is read, so that the phone rings soon after it was asked to."""

import contextlib
import threading
from collections.abc import Callable

from voicesim.errors import VoicesimError
from voicesim.script.model import Script
from voicesim.wiring.engines import Lines

#: A line that is being made is finished first.
_LEAVES_WITHIN_S = 10.0


class _Left(Exception):
    """Nobody waits for this caller any more."""


class Voices:
    """Makes the lines of one caller at a time, on a thread of its own; what is made stays in the cache."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()
        self._script_id = ""

    def begin(self, script: Script, then: Callable[[], object]) -> None:
        """Make this caller's lines in the background, and ``then`` do the rest; another caller's are left."""
        with self._lock:
            if self._thread is not None and self._thread.is_alive() and self._script_id == script.id:
                return
            self._leave()
            self._ended, self._script_id = threading.Event(), script.id
            self._thread = threading.Thread(target=_make, args=(script, then, self._ended), name="voice", daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Leave off, and wait for the line that is being made."""
        with self._lock:
            self._leave()

    def _leave(self) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join(_LEAVES_WITHIN_S)


def _make(script: Script, then: Callable[[], object], ended: threading.Event) -> None:
    def go_on(done: int, of: int) -> None:
        if ended.is_set():
            raise _Left

    # What cannot be made is told by the call itself, which asks for it again.
    with contextlib.suppress(_Left, VoicesimError):
        Lines(script).prepare(list(script.sounds()), go_on)
        then()
