"""The page inside the test's own process, for tools that know nothing of it: requests carry what a page's would."""

from voicesim.web.app import make_app
from voicesim.web.desk import Desk
from voicesim.web.guard import Keys, Rate

PORT = 8768
HOST = f"127.0.0.1:{PORT}"


def new_desk():
    """A desk whose page may be asked as often as a test likes."""
    return Desk(keys=Keys(port=PORT, rate=Rate(per_s=1e9, burst=1e9)))


class LetIn:
    """ASGI: puts host, origin, cookie and token on each request, as a page that was opened by its link sends them."""

    def __init__(self, desk):
        self.desk, self.inner = desk, make_app(desk)
        cookie = desk.keys.exchange(desk.keys.token)
        ours = {
            "host": HOST,
            "origin": f"http://{HOST}",
            "cookie": f"{desk.keys.cookie_name}={cookie}",
            "x-voicesim-csrf": desk.keys.csrf(cookie),
        }
        self.headers = {name.encode(): value.encode() for name, value in ours.items()}

    async def __call__(self, scope, receive, send):
        if scope["type"] in ("http", "websocket"):
            theirs = [row for row in scope["headers"] if row[0] not in self.headers]
            scope = {**scope, "headers": [*theirs, *self.headers.items()]}
        await self.inner(scope, receive, send)
