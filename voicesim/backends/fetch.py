"""One file fetched over the network, on demand, going on where it broke off."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from voicesim.errors import MissingPart, UsageError

_BLOCK = 1 << 16
_TIMEOUT_S = 30
_LOCAL = ("127.0.0.1", "localhost", "::1")


def fetch(url: str, part: Path, size: int, progress: Callable[[int], None]) -> None:
    """Fetch ``url`` into ``part`` until that has exactly ``size`` bytes, telling ``progress`` how many are there.

    What ``part`` holds already is kept and only the rest asked for. Raises UsageError for an address that is neither
    https nor on this machine, MissingPart if the server cannot be reached, breaks off (``part`` stays) or sends another
    size; errors of the disk come as OSError.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
        raise UsageError("models are fetched by https only", where=url)
    have = part.stat().st_size if part.exists() else 0
    if have > size:
        part.unlink()
        have = 0
    if have < size:
        have = _receive(url, part, have, size, progress)
    if have != size:
        if have > size:
            part.unlink()
        raise _failed(url, f"{have} of {size} bytes came")


def _receive(url: str, part: Path, have: int, size: int, progress: Callable[[int], None]) -> int:
    """Append what the server sends, at most one block more than ``size``, and give the bytes there are then."""
    # Imported here, so that without a download nothing that can talk to the network is even loaded.
    import http.client
    import urllib.error

    try:
        with _open(url, have) as answer:
            if answer.status != 206:
                have = 0
            with part.open("ab" if have else "wb") as file:
                while have <= size and (block := _next_block(answer, url)):
                    file.write(block)
                    have += len(block)
                    progress(min(have, size))
    except urllib.error.HTTPError as refused:
        raise _failed(url, f"the server answers {refused.code}") from refused
    except (urllib.error.URLError, TimeoutError, ConnectionError, http.client.HTTPException) as broken:
        raise _failed(url, "the connection failed") from broken
    return have


def _open(url: str, have: int) -> Any:
    """The answer of the server, asked for what is not there yet."""
    import urllib.request

    headers = {"Range": f"bytes={have}-"} if have else {}
    return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=_TIMEOUT_S)


def _next_block(answer: Any, url: str) -> bytes:
    """What comes next, empty at the end. Here an OSError is one of the network; around it, of the disk."""
    try:
        block: bytes = answer.read(_BLOCK)
    except OSError as broken:
        raise _failed(url, "the connection broke off") from broken
    return block


def _failed(url: str, why: str) -> MissingPart:
    """A download that did not work."""
    what = f"the model could not be fetched: {why}"
    return MissingPart(what, where=url, mend="Run the same command again: it goes on where it stopped")
