"""What a page keeps between two requests of one person, by a key that nobody can guess; the oldest goes first."""

import secrets
import threading
from collections import OrderedDict
from typing import Generic, TypeVar

from voicesim.web.sessions import NotThere

T = TypeVar("T")


class Kept(Generic[T]):
    """Up to ``most`` things; several threads may ask."""

    def __init__(self, what: str, most: int = 64) -> None:
        self._what, self._most = what, most
        self._all: OrderedDict[str, T] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, one: T) -> str:
        """The key of a thing from now on."""
        key = secrets.token_urlsafe(12)
        with self._lock:
            self._all[key] = one
            while len(self._all) > self._most:
                self._all.popitem(last=False)
        return key

    def find(self, key: str) -> T:
        """The thing of that key. Raises NotThere if there is none, or none any more."""
        with self._lock:
            if key not in self._all:
                raise NotThere(f"{self._what} is over, or never was", mend="Begin a new one.")
            self._all.move_to_end(key)
            return self._all[key]
