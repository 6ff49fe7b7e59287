"""Serves the page until somebody ends it: the socket, the server, and calls closed in order at the end."""

import socket

import uvicorn

from voicesim.errors import MissingPart, UsageError
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
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind(("127.0.0.1", number))
        except OSError:
            found.close()
            continue
        return found
    raise MissingPart(f"port {port} is in use", mend="Leave --port out: a free one is found.")


def serve(desk: Desk, listener: socket.socket) -> None:
    """Serve the page until Ctrl-C or a polite kill; calls under way are closed and kept."""
    config = uvicorn.Config(
        make_app(desk),
        access_log=False,
        log_level="warning",
        server_header=False,
        ws_max_size=65_536,
        ws_max_queue=256,
        timeout_graceful_shutdown=3,
        lifespan="off",
    )
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        # How a person ends it; there is nothing to complain about.
        pass
    finally:
        listener.close()
        desk.sessions.close(_CLOSING_S)
