"""A typed call on the page: plain forms, one reply at a time, the caller and the record of the terminal."""

import json
import re
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from browsing import barriers, browser_page, look_at
from starlette.testclient import TestClient

from voicesim.web.app import make_app
from voicesim.web.desk import Desk
from voicesim.web.guard import Keys

SHORT = Path(__file__).parents[1] / "data" / "short.yaml"
PORT = 8763
SORRY = "I apologise, we charged you twenty euros twice. That is our mistake."


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The page in this process, with an empty data folder and a client that was let in."""
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path))
    keys = Keys(port=PORT)
    address = f"http://127.0.0.1:{PORT}"
    desk = Desk(keys=keys)
    with TestClient(make_app(desk), base_url=address, headers={"origin": address}, follow_redirects=False) as client:
        client.get(keys.link)
        client.headers["x-voicesim-csrf"] = keys.csrf(client.cookies[keys.cookie_name])
        yield SimpleNamespace(client=client, data=tmp_path)
    desk.sessions.close(30)


class Typed:
    """A typed call that was begun by a form; ``shown`` is its page as it stands."""

    def __init__(self, served, **choices):
        folder = served.data / "scripts"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "short.yaml").write_bytes(SHORT.read_bytes())
        self._served = served
        begun = served.client.post("/calls", data={"script": "short", "sound": "typed", **choices})
        assert begun.status_code == 303, begun.text
        self.address = begun.headers["location"]
        self.shown = self._page()

    def _page(self):
        return self._served.client.get(self.address, headers={"accept": "text/html"}).text

    def send(self, what, **form):
        """Post one of the page's forms and follow it; the page that comes."""
        answer = self._served.client.post(f"{self.address}/{what}", data=form)
        assert answer.status_code == 303, answer.text
        self.shown = self._page()
        return self.shown

    def ends(self):
        """The page once the feedback is written."""
        given_up_s = time.monotonic() + 120
        while (state := self.state["state"]) != "over":
            assert state == "closing" and time.monotonic() < given_up_s
            time.sleep(0.1)
        self.shown = self._page()
        return self.shown

    @property
    def state(self):
        return self._served.client.get(f"{self.address}/state").json()

    @property
    def folder(self):
        [folder] = (self._served.data / "trainees").glob("*/calls/*")
        return folder

    @property
    def record(self):
        return json.loads((self.folder / "call.json").read_text(encoding="utf-8"))


def test_a_whole_call_by_forms_alone(here):
    """Reply for reply to the good end; the gauge follows, the notes are kept, the way leads to the feedback."""
    call = Typed(here)
    assert "You took my money twice" in call.shown
    assert call.state["anger"] == 6
    assert "And what will you do about it?" in call.send("reply", text=SORRY)
    assert call.state["anger"] < 6
    call.send("notes", text="20 euros, <twice>")
    assert "20 euros, &lt;twice&gt;" in call.shown
    call.send("reply", text="I will refund the money today.")
    shown = call.ends()
    assert "The call was resolved" in shown
    assert f'href="/calls/{call.folder.name}"' in shown
    assert call.record["ending"] == "resolved"
    notes = call.folder / "call-notes.txt"
    assert notes.read_text(encoding="utf-8") == "20 euros, <twice>"
    assert notes.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("wish", "ending"), [("hang_up", "abandoned"), ("transfer", "abandoned"), ("stop", "stopped")])
def test_a_typed_call_can_be_left(here, wish, ending):
    call = Typed(here)
    call.send("wish", wish=wish)
    shown = call.ends()
    assert call.record["ending"] == ending
    assert ("five times breathe out" in shown) == (wish == "stop")
    assert ("of 100 points" in shown) == (wish != "stop")


def test_the_last_reply_can_be_taken_back_but_not_in_an_official_run(here):
    call = Typed(here)
    call.send("reply", text="Please calm down now.")
    assert call.state["anger"] == 8
    assert "Try: “" in call.send("wish", wish="again")
    assert (call.state["anger"], len(call.state["rows"])) == (6, 1)
    call.send("wish", wish="stop")
    official = Typed(here, official="on", difficulty="3")
    assert 'value="again"' not in official.shown
    official.send("reply", text="Please calm down now.")
    assert "In this call no reply can be said again." in official.send("wish", wish="again")
    official.send("wish", wish="stop")


def test_an_exam_tells_nothing_of_her_anger(here):
    call = Typed(here, exam="on")
    call.send("reply", text="Please calm down now.")
    state = call.state
    assert (state["anger"], state["mood"], [row["moved"] for row in state["rows"]]) == (None, None, [[], [], []])
    assert not re.search(r"of 10\b|role=\"meter\"", call.shown)
    call.send("wish", wish="stop")


def seed_of(here, script, **form):
    """The seed of a call that was begun and stopped."""
    before = set(here.data.glob("trainees/*/calls/*"))
    begun = here.client.post("/calls", data={"script": script, "sound": "typed", **form}).headers["location"]
    here.client.get(begun)
    here.client.post(f"{begun}/wish", data={"wish": "stop"})
    given_up_s = time.monotonic() + 120
    while here.client.get(f"{begun}/state").json()["state"] != "over":
        assert time.monotonic() < given_up_s
        time.sleep(0.1)
    [folder] = set(here.data.glob("trainees/*/calls/*")) - before
    return json.loads((folder / "call.json").read_text(encoding="utf-8"))["seed"]


def test_a_call_again_is_another_call_unless_its_number_is_chosen(here):
    """Without a number it is the next one with this caller; a number of one's own holds, and 0 is one."""
    assert "now 1" in here.client.get("/callers/billed-twice", headers={"accept": "text/html"}).text
    assert [seed_of(here, "billed-twice", seed="") for _ in range(2)] == [1, 2]
    assert seed_of(here, "billed-twice", seed="0") == 0
    assert seed_of(here, "boiler-cold") == 1
    assert seed_of(here, "billed-twice") == 4
    assert "now 5" in here.client.get("/callers/billed-twice", headers={"accept": "text/html"}).text


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"script": "../short", "sound": "typed"}, 404),
        ({"script": "short.yaml", "sound": "typed"}, 404),
        ({"script": "billed-twice", "sound": "loud"}, 422),
        ({"script": "billed-twice", "difficulty": "9"}, 422),
        ({"script": "billed-twice", "seed": "-1"}, 422),
        ({}, 422),
    ],
)
def test_a_call_that_cannot_be_begun_is_refused_and_leaves_nothing(here, form, status):
    assert here.client.post("/calls", data=form).status_code == status
    assert not list(here.data.glob("trainees/*/calls/*"))


def test_a_call_that_is_not_there_is_told_so(here):
    for path in ("/call/nothing", "/call/nothing/state", "/call/..%2f..%2fetc"):
        assert here.client.get(path).status_code == 404


def test_what_was_typed_is_kept_when_the_page_is_ended(served):
    """The server is ended politely in the middle of a call: it is closed as stopped."""
    call = Typed(served)
    call.send("reply", text=SORRY)
    served.process.terminate()
    assert served.process.wait(60) == 0
    assert (call.record["ending"], len(call.record["turns"])) == ("stopped", 2)


def test_without_javascript_everybody_can_hold_a_typed_call(served):
    """In a real browser with scripts switched off: by keyboard from the form to the end; nothing bars anybody."""
    call = Typed(served)
    with browser_page(served.link, java_script_enabled=False) as page:
        page.goto(served.address + call.address)
        page.get_by_label("Your reply to Pat").press_sequentially(SORRY)
        page.get_by_role("button", name="Send").press("Enter")
        page.get_by_text("And what will you do about it?").wait_for()
        look_at(page, "call-typed")
        page.get_by_label("Your reply to Pat").fill("I will refund the money today.")
        page.get_by_role("button", name="Send").click()
        page.get_by_role("link", name="Read your feedback").wait_for()
    with browser_page(served.link) as page:
        page.goto(served.address + call.address)
        assert not barriers(page)
