"""What goes on in the background: calls, checks, recordings, each on a thread of its own, by an id nobody can guess."""

import secrets
import threading
from typing import Protocol

from voicesim.errors import UsageError

#: So many people can speak at once; docs/page.md tells how that was measured.
MOST = 3


class Session(Protocol):
    """Something that goes on until it is over or is ended."""

    @property
    def over(self) -> bool:
        """Whether its thread has ended."""
        ...

    def end(self) -> None:
        """Ask it to end; what it has is kept. May be called twice."""
        ...

    def join(self, timeout_s: float) -> None:
        """Wait until it is over, at most so long."""
        ...


class TooMany(UsageError):
    """As many calls go on as this machine can hold."""


class NotThere(UsageError):
    """What a request names does not exist."""


class Sessions:
    """The sessions under way; several threads may ask."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._all: dict[str, Session] = {}
        self._lock = threading.Lock()

    def add(self, session: Session) -> str:
        """The id of a session from now on. Raises TooMany."""
        with self._lock:
            self._all = {key: one for key, one in self._all.items() if not one.over}
            if len(self._all) >= self._most:
                raise TooMany(
                    f"{len(self._all)} calls or recordings go on already, and this machine holds no more at once",
                    mend="End one of them, or wait until it is over.",
                )
            key = secrets.token_urlsafe(12)
            self._all[key] = session
            return key

    def find(self, key: str) -> Session:
        """The session of that id, over or not. Raises NotThere if there is none."""
        with self._lock:
            if key not in self._all:
                raise NotThere("this call is over, or never was", mend="Begin a new one.")
            return self._all[key]

    def under_way(self) -> dict[str, Session]:
        """What is not over yet, by id."""
        with self._lock:
            return {key: one for key, one in self._all.items() if not one.over}

    def close(self, timeout_s: float) -> None:
        """End all, so that what they have is kept, and wait for them together at most so long."""
        going_on = self.under_way()
        for session in going_on.values():
            session.end()
        for session in going_on.values():
            session.join(timeout_s)
