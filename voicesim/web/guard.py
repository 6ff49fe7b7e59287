"""What stands before every route: the address, the origin, the cookie, the sizes, the rate, and the headers sent back.

A page on the loopback address can be reached by every page that the same browser shows, by name (DNS rebinding) or by
a request that it sends blindly. So a request must name this server as its host, come from this page where it changes
something or opens a socket, and carry the cookie that the opening link was exchanged for.
"""

import hmac
import re
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: What a request that changes something must carry beside the cookie: a header of scripts, a query value of forms.
CSRF_HEADER, CSRF_QUERY = "x-voicesim-csrf", "csrf"
#: The most bytes of a request; longer ones only where :data:`LARGER` says so.
LARGEST_BODY = 1_000_000
#: Uploads, by the pattern of their whole address: a pack, a long recording to be split into takes, shared copies with
#: their sound, and what a trainer said about a call.
LARGER = {
    "/packs": 500_000_000,
    "/studio/[^/]+/recordings": 700_000_000,
    "/review/shared": 700_000_000,
    "/review/[^/]+/from": 5_000_000,
}
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
    "connect-src 'self'; font-src 'self'; frame-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    # Without any referrer a browser hides the origin of forms too, and they would be refused.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(self)",
    "cache-control": "no-store",
}
_OPENING = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>voicesim</title>
<link rel="icon" href="data:,">
<meta http-equiv="refresh" content="0;url=/"></head>
<body><p><a href="/">Open voicesim</a></p></body></html>"""
_CLOSED = (
    "voicesim is not open in this browser. Open it from the menu again, or use the link that `voicesim serve` shows."
)


@dataclass(slots=True, kw_only=True)
class Rate:
    """A bucket of requests: ``burst`` at once, ``per_s`` in the long run; ``clock_s`` is a monotonic clock."""

    per_s: float
    burst: float
    clock_s: Callable[[], float] = time.monotonic
    _left: float = field(init=False)
    _at_s: float = field(init=False)

    def __post_init__(self) -> None:
        self._left, self._at_s = self.burst, self.clock_s()

    def allows(self) -> bool:
        """Whether one more is allowed now; it is counted if so."""
        now_s = self.clock_s()
        self._left = min(self.burst, self._left + (now_s - self._at_s) * self.per_s)
        self._at_s = now_s
        if self._left < 1:
            return False
        self._left -= 1
        return True


@dataclass(slots=True, kw_only=True)
class Keys:
    """Who may come in: the token of the opening link, and the cookies it was exchanged for.

    ``rate`` holds for who has a cookie, ``strangers`` for all others: another page in the same browser can send as much
    as it likes without being let in, and must not use up what a call needs.
    """

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    rate: Rate = field(default_factory=lambda: Rate(per_s=100, burst=400))
    strangers: Rate = field(default_factory=lambda: Rate(per_s=20, burst=100))
    _cookies: set[str] = field(default_factory=set)
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    @property
    def cookie_name(self) -> str:
        """Cookies do not tell ports apart, so the name does."""
        return f"voicesim_{self.port}"

    @property
    def link(self) -> str:
        """The address that opens the page."""
        return f"http://127.0.0.1:{self.port}/open?token={self.token}"

    @property
    def hosts(self) -> frozenset[str]:
        """What a request may call this server."""
        return frozenset(f"{name}:{self.port}" for name in ("127.0.0.1", "localhost", "[::1]"))

    def exchange(self, token: str) -> str | None:
        """A new cookie for the token of the link; None for another one."""
        if not hmac.compare_digest(token.encode(), self.token.encode()):
            return None
        cookie = secrets.token_urlsafe(32)
        self._cookies.add(cookie)
        return cookie

    def knows(self, cookie: str | None) -> bool:
        """Whether a cookie was given out here."""
        return cookie is not None and cookie in self._cookies

    def csrf(self, cookie: str) -> str:
        """What a request with this cookie must carry to change something."""
        return hmac.new(self._secret, cookie.encode(), "sha256").hexdigest()


class Guard:
    """ASGI: lets through what may come in, and puts the headers on what goes out."""

    def __init__(self, app: ASGIApp, keys: Keys) -> None:
        self._app, self._keys = app, keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request or socket in, or answer it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if scope["type"] == "websocket":
            if refusal is None:
                await self._app(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008, "reason": "not allowed"})
            return
        if refusal is not None:
            await refusal(scope, receive, _with_headers(send))
            return
        if scope["path"] == "/open":
            await self._opening(scope)(scope, receive, _with_headers(send))
            return
        await self._app(scope, _limited(receive, _largest(scope["path"])), _with_headers(send))

    def _refusal(self, scope: Scope) -> Response | None:
        """What a request gets that may not come in; None for one that may."""
        keys, headers = self._keys, Headers(scope=scope)
        if headers.get("host", "").lower() not in keys.hosts:
            return PlainTextResponse("This address is not served here.", 421)
        socket = scope["type"] == "websocket"
        changes = socket or scope["method"] not in _SAFE
        if (changes or "origin" in headers) and not self._from_here(headers):
            return PlainTextResponse("This request comes from another page.", 403)
        cookie = HTTPConnection(scope).cookies.get(keys.cookie_name)
        if not (keys.rate if keys.knows(cookie) else keys.strangers).allows():
            return PlainTextResponse("Too many requests. Wait a moment.", 429, {"retry-after": "1"})
        if scope["path"] == "/open":
            return None
        if cookie is None or not keys.knows(cookie):
            return PlainTextResponse(_CLOSED, 401)
        if changes and not socket and not hmac.compare_digest(_csrf_in(scope, headers), keys.csrf(cookie).encode()):
            return PlainTextResponse("This request lacks the token of the page. Load the page again.", 403)
        if _announced(headers) > _largest(scope["path"]):
            return PlainTextResponse("This is too large. Go back, and send something smaller.", 413)
        return None

    def _from_here(self, headers: Headers) -> bool:
        scheme, _, host = headers.get("origin", "").partition("://")
        return scheme == "http" and host.lower() in self._keys.hosts

    def _opening(self, scope: Scope) -> Response:
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        cookie = self._keys.exchange(asked) if scope["method"] in ("GET", "HEAD") else None
        if cookie is None:
            return PlainTextResponse(_CLOSED, 401)
        # A page that loads the next one: in a redirection after a link from elsewhere the strict cookie is left out.
        response = HTMLResponse(_OPENING)
        response.set_cookie(self._keys.cookie_name, cookie, httponly=True, samesite="strict", path="/")
        return response


def _csrf_in(scope: Scope, headers: Headers) -> bytes:
    given = headers.get(CSRF_HEADER)
    if given is None:
        given = parse_qs(scope["query_string"].decode("latin-1")).get(CSRF_QUERY, [""])[0]
    return given.encode()


def _announced(headers: Headers) -> int:
    length = headers.get("content-length", "0")
    return int(length) if length.isdecimal() else 0


def _largest(path: str) -> int:
    return next((most for address, most in LARGER.items() if re.fullmatch(address, path)), LARGEST_BODY)


def _limited(receive: Receive, most: int) -> Callable[[], Awaitable[Message]]:
    """``receive`` that breaks off a body which is longer than it may be, whatever its header said."""
    got = 0

    async def counted() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        return {"type": "http.disconnect"} if got > most else message

    return counted


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sent
