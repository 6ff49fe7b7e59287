"""Who may come in: by this address, from this page, with the cookie of the link."""

import httpx2 as httpx
import pytest
from conftest import serving
from inside import ADDRESS, PORT, client_of
from starlette.testclient import TestClient

from voicesim.web.app import make_app
from voicesim.web.desk import Desk
from voicesim.web.guard import LARGEST_BODY, Keys, Rate


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """One page for all: nothing here changes it."""
    with serving(tmp_path_factory.mktemp("guard") / "data") as page:
        yield page


def test_without_the_link_nothing_is_shown(served):
    assert httpx.get(f"{served.address}/").status_code == 401


def test_a_wrong_token_opens_nothing(served):
    answer = httpx.get(f"{served.address}/open?token=guessed")
    assert (answer.status_code, "set-cookie" in answer.headers) == (401, False)


def test_the_cookie_is_for_this_page_and_no_script_alone(served):
    told = httpx.get(served.link).headers["set-cookie"].lower()
    assert "httponly" in told
    assert "samesite=strict" in told


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "localhost:1"])
def test_another_host_name_is_refused(served, host):
    """A name that leads to the loopback address by DNS rebinding is not this page's."""
    assert served.client.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1", ""])
def test_a_change_that_another_page_sends_is_refused(served, origin):
    assert served.client.post("/", headers={"origin": origin}).status_code == 403


@pytest.mark.parametrize("token", ["", "0" * 64])
def test_a_change_without_the_token_of_the_page_is_refused(served, token):
    assert served.client.post("/", headers={"x-voicesim-csrf": token}).status_code == 403


def test_a_request_that_is_too_large_is_refused(served):
    assert served.client.post("/", content=b"x" * 1_000_001).status_code == 413


def test_every_answer_says_what_a_browser_may_do_with_it(served):
    for path in ("/", "/nothing", "/static/style.css"):
        headers = served.client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def test_a_file_outside_the_folder_is_not_given(served):
    assert served.client.get("/static/%2e%2e/guard.py").status_code == 404


def test_a_burst_is_let_through_and_more_only_in_time():
    now_s = [0.0]
    rate = Rate(per_s=2, burst=3, clock_s=lambda: now_s[0])
    assert [rate.allows() for _ in range(4)] == [True, True, True, False]
    now_s[0] = 0.5
    assert [rate.allows() for _ in range(2)] == [True, False]


def test_a_stranger_cannot_use_up_what_the_page_needs():
    """Another page in the browser may ask without end, by pictures say; it is not let in, and a call goes on."""
    desk = Desk(keys=Keys(port=PORT, rate=Rate(per_s=0, burst=5), strangers=Rate(per_s=0, burst=9)))
    ours, stranger = client_of(desk), TestClient(make_app(desk), base_url=ADDRESS)
    assert {stranger.get("/static/style.css").status_code for _ in range(20)} == {401, 429}
    assert [ours.get("/static/style.css").status_code for _ in range(6)] == [200] * 5 + [429]


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/packs", 500_000_000),
        ("/studio/my-caller/recordings", 700_000_000),
        ("/review/shared", 700_000_000),
        ("/scripts/packs", LARGEST_BODY),
        ("/recordings", LARGEST_BODY),
        ("/studio/my-caller/recordings/key/end", LARGEST_BODY),
    ],
)
def test_only_an_upload_may_be_large(path, most):
    """A script that is called like an upload does not make its form one; a shared copy brings its sound along."""
    ours = client_of(Desk(keys=Keys(port=PORT)))
    too_large = ours.post(path, headers={"content-length": str(most + 1)}).status_code
    assert (too_large, ours.post(path, headers={"content-length": str(most)}).status_code == 413) == (413, False)
