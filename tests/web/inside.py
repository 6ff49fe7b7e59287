"""A page within the test's own process, for what needs no browser: as fast as its routes are."""

from starlette.testclient import TestClient

from voicesim.web.app import make_app
from voicesim.web.desk import Desk
from voicesim.web.guard import Keys

PORT = 8769
ADDRESS = f"http://127.0.0.1:{PORT}"


def client_of(desk: Desk | None = None, *, follow: bool = True) -> TestClient:
    """A client that has opened the link of ``desk`` and carries its cookie, origin and token; it may ``follow`` on."""
    desk = desk or Desk(keys=Keys(port=PORT))
    address = f"http://127.0.0.1:{desk.keys.port}"
    headers = {"origin": address, "accept": "text/html"}
    client = TestClient(make_app(desk), base_url=address, headers=headers, follow_redirects=follow)
    assert client.get(desk.keys.link).status_code == 200
    client.headers["x-voicesim-csrf"] = desk.keys.csrf(client.cookies[desk.keys.cookie_name])
    return client
