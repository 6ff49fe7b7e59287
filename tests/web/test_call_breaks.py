"""Calls on the page that break: a page loaded again, a page that is closed, a server that is killed."""

import contextlib
import json
import os
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
from browsing import browser_page
from softphone import ABOUT_MONEY, Softphone, said_aloud

from voicesim.files import read_sound
from voicesim.model import RATE_HZ

#: Long enough to be in the middle of it when its beginning is on the page.
GOES_ON = (
    "I am sorry, that was our mistake. Twenty euros left your account twice, and I want to find out with you how that "
    "could happen and what we can do about it so that it does not happen to you again, neither this month nor the next "
    "one, because"
)

pytestmark = pytest.mark.usefixtures("rendered")


@pytest.fixture(scope="module")
def spoken(tmp_path_factory):
    return said_aloud(tmp_path_factory.mktemp("spoken"), ABOUT_MONEY)


@pytest.fixture(scope="module")
def speaking(tmp_path_factory):
    return said_aloud(tmp_path_factory.mktemp("speaking"), GOES_ON)


@pytest.fixture
def softphone(quick, softphone):
    return softphone


@pytest.fixture
def quick(tmp_path):
    """Settings in which a page that is away is not waited for long."""
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "settings.toml").write_text("wait_for_headset_s = 5\n", encoding="utf-8")


@pytest.mark.three_takes
def test_a_page_loaded_again_comes_back_and_one_that_is_closed_leaves_a_kept_call(softphone, spoken):
    """After a reload one click brings the sound back, and she says her line again; without the page the call ends."""
    call, page = softphone.begin(), softphone.page
    call.press("Enter")
    call.until("listening")
    page.reload()
    call.until("away", "paused")
    # Nobody clicks within a tenth of a second; whoever did would find her waiting for the reply as before.
    call.wait_for(lambda: call.state["state"] != "listening")
    call.press("Enter")
    call.until("speaking")
    call.say(spoken[ABOUT_MONEY])
    # Until she answers it, a reply may still go on.
    call.until("speaking")
    page.goto("about:blank")
    call.wait_for(lambda: call.state["state"] == "over")
    record = json.loads((call.folder / "call.json").read_text(encoding="utf-8"))
    assert record["ending"] == "incomplete"
    assert record["turns"][0]["reply"]["live"]["transcript"]["text"].lower().startswith("i am sorry")
    assert (call.folder / "report.html").is_file()


@pytest.mark.three_takes
def test_a_page_that_is_closed_in_the_middle_of_a_reply_leaves_that_reply(softphone, speaking):
    """She has not begun to answer it, and never will: it stands in record, journal and report as any other."""
    call, page = softphone.begin(), softphone.page
    call.press("Enter")
    call.until("listening")
    call.headset.speak(speaking[GOES_ON])
    page.locator("#partial").filter(has_text="account").wait_for()
    assert not any(row["you"] for row in call.state["rows"])
    page.goto("about:blank")
    call.wait_for(lambda: call.state["state"] == "over")
    record = json.loads((call.folder / "call.json").read_text(encoding="utf-8"))
    assert record["ending"] == "incomplete"
    [turn] = record["turns"]
    reply = turn["reply"]
    assert reply["live"]["transcript"]["text"].lower().startswith("i am sorry")
    assert "apology" in [finding["id"] for finding in reply["final"]["findings"]]
    assert reply["delivery"]["speech_s"] > 1
    assert [row["you"] for row in call.state["rows"]] == [False, True]
    assert [entry["turn"]["reply"]["final"]["transcript"] for entry in call.entries("turn")] == [
        reply["live"]["transcript"]
    ]
    assert [entry["index"] for entry in call.entries("final")] == [0]
    assert "I am sorry" in (call.folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture
def mortal(tmp_path):
    """A served page that may be killed."""
    data = tmp_path / "data"
    command = [sys.executable, "-m", "voicesim", "serve", "--no-open"]
    variables = os.environ | {"VOICESIM_DATA": str(data)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=variables) as process:
        link = re.search(r"http://\S+", process.stdout.readline())[0]
        yield SimpleNamespace(link=link, address=link.split("/open")[0], data=data, process=process)
        process.kill()


def test_a_server_that_is_killed_loses_a_second_at_most(virtual_headset, mortal):
    """Kill -9 in the middle of a call: what came until a second before lies on the disk, and `report` saves it."""
    came_s = None
    # A page whose server dies may complain of it.
    with contextlib.suppress(AssertionError), browser_page(mortal.link) as page:
        call = Softphone(page=page, served=mortal, headset=virtual_headset).begin()
        call.press("Enter")
        call.until("listening")
        call.wait_for(lambda: call.state["clock_s"] > 5)
        came_s = call.state["clock_s"]
        mortal.process.kill()
        mortal.process.wait(60)
        page.locator("body[data-link=broken]").wait_for(state="attached")
    assert came_s is not None
    parts = [call.folder / f"{name}.pcm.part" for name in ("caller", "trainee")]
    assert all(part.stat().st_size / 2 / RATE_HZ > came_s - 1 for part in parts)
    data = os.environ | {"VOICESIM_DATA": str(mortal.data)}
    saved = subprocess.run(
        [sys.executable, "-m", "voicesim", "report", "last"], env=data, capture_output=True, text=True, check=False
    )
    assert saved.returncode == 0, saved.stderr
    trainee = read_sound(call.folder / "trainee.flac")[0].samples
    assert len(trainee) / RATE_HZ > came_s - 1
    assert json.loads((call.folder / "call.json").read_text(encoding="utf-8"))["ending"] == "incomplete"
