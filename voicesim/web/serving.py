"""Serves the page until somebody ends it: the socket, the server, and calls closed in order at the end."""

import contextlib
import json
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import uvicorn

from voicesim.errors import MissingPart, StorageError, UsageError
from voicesim.files import data_folder, make_folder, write_text
from voicesim.locks import FileLock
from voicesim.web.app import make_app
from voicesim.web.desk import Desk

#: Where the page is looked for first; another free port is taken if this one is in use.
USUAL_PORT = 8760
_LOOPBACK = ("127.0.0.1", "localhost")
#: How long calls under way may take to be closed and judged when the server is ended.
_CLOSING_S = 30.0


def listening(host: str, port: int | None) -> socket.socket:
    """A socket that listens on the loopback address, on ``port``, or on a free one if that is None.

    Raises UsageError for an address that other machines can reach, MissingPart for a port that is in use.
    """
    if host not in _LOOPBACK:
        raise UsageError(
            f"--host {host} would show this page to other machines",
            mend="That needs accounts and TLS, which come later. Leave --host out.",
        )
    tried = [USUAL_PORT, 0] if port is None else [port]
    for number in tried:
        found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if sys.platform != "win32":  # there it would let two programs have the same port
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind(("127.0.0.1", number))
        except OSError:
            found.close()
            continue
        return found
    raise MissingPart(f"port {port} is in use", mend="Leave --port out: a free one is found.")


class OpenAlready(StorageError):
    """A page of these data is open already; ``link`` opens it, empty if it is only just being opened."""

    def __init__(self, link: str) -> None:
        super().__init__("voicesim is open already", mend="Use that page, or end it first.")
        self.link = link


@contextlib.contextmanager
def announced(link: str) -> Iterator[None]:
    """Let other starts of these data find the page as long as it is open, by a file that is its owner's only.

    Raises OpenAlready if another one is. Where nothing can be written, the page is just not found.
    """
    try:
        folder = data_folder()
        told = folder / "page.json"
        make_folder(folder, private=True)
        lock = FileLock(folder / "page.lock", taken=OpenAlready(_told_link(told)))
        write_text(told, json.dumps({"schema": 1, "link": link}), private=True)
    except OpenAlready:
        # It may have been told while the lock was tried.
        raise OpenAlready(_told_link(told)) from None
    except StorageError:
        yield
        return
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            told.unlink()
        lock.release()


def _told_link(path: Path) -> str:
    try:
        link = json.loads(path.read_text(encoding="utf-8"))["link"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return str(link) if str(link).startswith("http://127.0.0.1:") else ""


def serve(desk: Desk, listener: socket.socket, tell: Callable[[int], None] = lambda going_on: None) -> None:
    """Serve the page until Ctrl-C or a polite kill; calls under way are closed and kept, ``tell`` is told how many."""
    config = uvicorn.Config(
        make_app(desk),
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        ws_max_size=65_536,
        ws_max_queue=256,
        timeout_graceful_shutdown=3,
        lifespan="off",
    )
    try:
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        listener.close()
        desk.voices.end()
        going_on = desk.sessions.under_way()
        if going_on:
            tell(len(going_on))
        desk.sessions.close(_CLOSING_S)
