"""Who may come in: by this address, from this page, with the cookie of the link."""

import httpx2 as httpx
import pytest

from voicesim.web.guard import Rate


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
