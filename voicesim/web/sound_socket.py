"""The socket between a page and a session: sound and messages are passed on, nothing is decided."""

import asyncio
import contextlib
from collections.abc import Iterable
from typing import Protocol

from fastapi import APIRouter
from starlette.websockets import WebSocket, WebSocketDisconnect

from voicesim.errors import UsageError
from voicesim.web.desk import desk_of
from voicesim.web.guard import Rate
from voicesim.web.link import SoundLink
from voicesim.web.messages import FromPage, Hello, Problem, ToPage, Welcome, from_page
from voicesim.web.sessions import NotThere, Session

router = APIRouter()

#: Closing codes of our own: no such session, and another window has taken over.
NOT_THERE, TAKEN_OVER = 4404, 4409
_NOT_UNDERSTOOD, _TOO_MUCH = 1003, 1008
#: What waits for a page that does not take it (10 s of sound); more closes the socket.
_MOST_WAITING = 500


class SoundSession(Session, Protocol):
    """A session that a page speaks with."""

    link: SoundLink

    def told(self, message: FromPage) -> None:
        """Take in what the page says; called on the event loop, must not block."""
        ...

    def greeting(self) -> Iterable[ToPage]:
        """How things stand, for a page that comes or comes back."""
        ...


@router.websocket("/sound/{key}")
async def sound(socket: WebSocket, key: str) -> None:
    """Pass on sound and messages between a page and the session of that key."""
    await socket.accept()
    try:
        session = desk_of(socket).sessions.find(key)
    except NotThere:
        await socket.close(NOT_THERE)
        return
    if not hasattr(session, "link"):
        await socket.close(NOT_THERE)
        return
    await _Pump(socket, session).run()  # type: ignore[arg-type]  # one that has a link is a sound session


class _Pump:
    """One socket of one session, until it breaks."""

    def __init__(self, socket: WebSocket, session: SoundSession) -> None:
        self._socket, self._session = socket, session
        self._loop = asyncio.get_running_loop()
        self._out: asyncio.Queue[str | bytes] = asyncio.Queue()
        # 50 frames a second, and a page that comes back sends at once what it kept.
        self._rate = Rate(per_s=150, burst=600)

    async def run(self) -> None:
        send, link = self._send, self._session.link
        expected = link.connect(send)
        for message in (Welcome(next=expected), *self._session.greeting()):
            self._out.put_nowait(message.model_dump_json())
        writing = asyncio.create_task(self._write())
        try:
            code = await self._read()
            with contextlib.suppress(RuntimeError):
                await self._socket.close(code)
        except WebSocketDisconnect:
            pass
        finally:
            link.disconnect(send)
            writing.cancel()

    def _send(self, data: str | bytes) -> None:
        """Called on any thread."""
        with contextlib.suppress(RuntimeError):  # the server ends, and its loop with it
            self._loop.call_soon_threadsafe(self._out.put_nowait, data)

    async def _write(self) -> None:
        link = self._session.link
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            while True:
                data = await self._out.get()
                if isinstance(data, bytes):
                    await self._socket.send_bytes(data)
                else:
                    await self._socket.send_text(data)
                if not link.is_connected(self._send) or self._out.qsize() > _MOST_WAITING:
                    await self._socket.close(TAKEN_OVER if self._out.qsize() <= _MOST_WAITING else _TOO_MUCH)

    async def _read(self) -> int:
        """Take in what comes; the code to close with."""
        link = self._session.link
        while True:
            got = await self._socket.receive()
            if got["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(got.get("code", 1000))
            if not link.is_connected(self._send):
                return TAKEN_OVER
            if not self._rate.allows():
                return _TOO_MUCH
            try:
                if got.get("bytes") is not None:
                    link.received(got["bytes"])
                else:
                    self._take(from_page(got.get("text") or ""))
            except UsageError as error:
                link.send(Problem(what=error.what, mend=error.mend or ""))
                return _NOT_UNDERSTOOD

    def _take(self, message: FromPage) -> None:
        if isinstance(message, Hello):
            self._session.link.label, self._session.link.latency_s = message.label, message.latency_s
        self._session.told(message)
