"""A page within the test's own process, for what needs no browser: as fast as its routes are."""

from starlette.testclient import TestClient

from voicesim.web.app import make_app
from voicesim.web.desk import Desk
from voicesim.web.guard import Keys

PORT = 8769
ADDRESS = f"http://127.0.0.1:{PORT}"


def client_of(desk: Desk | None = None) -> TestClient:
    """A client that has opened the link of ``desk`` and carries its cookie, origin and token."""
    desk = desk or Desk(keys=Keys(port=PORT))
    client = TestClient(make_app(desk), base_url=ADDRESS, headers={"origin": ADDRESS, "accept": "text/html"})
    client.get(desk.keys.link)
    client.headers["x-voicesim-csrf"] = desk.keys.csrf(client.cookies[desk.keys.cookie_name])
    return client
