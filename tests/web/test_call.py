"""Whole spoken calls on the page: a real browser, the virtual headset, real recognition, what is kept of them."""

import contextlib

import numpy as np
import pytest
from browsing import barriers, look_at
from softphone import ABOUT_MONEY, BLAME, REFUND, SHORT, said_aloud

from voicesim.files import read_sound
from voicesim.model import RATE_HZ
from voicesim.sound import level_dbfs

pytestmark = pytest.mark.usefixtures("rendered")


@pytest.fixture(scope="module")
def spoken(tmp_path_factory):
    return said_aloud(tmp_path_factory.mktemp("spoken"), ABOUT_MONEY, REFUND, BLAME)


@pytest.mark.three_takes
def test_a_good_call_by_keyboard_alone_ends_well(softphone, spoken):
    """Ring, Enter, spoken replies, the report; each state is fit for everybody and looked at."""
    call, page = softphone.begin(captions="on"), softphone.page
    assert page.get_by_role("heading", level=1).inner_text() == "Pat Doe"
    assert not barriers(page)
    look_at(page, "call-ringing")
    ears = call.headset.listen()
    call.press("Enter")
    call.until("speaking")
    assert page.locator("#caption").inner_text() == "You took my money twice, and nobody tells me why."
    assert page.get_by_role("meter", name="Anger").get_attribute("aria-valuenow") == "6"
    call.until("listening")
    assert not barriers(page)
    call.press("n")
    page.keyboard.type("20 euros, hm")
    assert call.state["muted"] is False
    page.get_by_role("heading", level=1).click()
    call.say(spoken[ABOUT_MONEY])
    page.locator("#partial").filter(has_text="What you say").wait_for()
    look_at(page, "call-talking")
    with dark(page):
        look_at(page, "call-talking-dark")
    call.say(spoken[REFUND])
    record = call.record()
    assert record["ending"] == "resolved"
    assert [turn["line"]["step"] for turn in record["turns"]] == ["opening", "offer", "thanks"]
    assert (call.folder / "call-notes.txt").read_text(encoding="utf-8") == "20 euros, hm"
    assert record["clock"]["browser"]["missing_s"] < 0.1
    assert level_dbfs(np.frombuffer(ears.read_bytes(), "<i2").astype(np.float32) / 32768) > -45
    caller, trainee = (read_sound(call.folder / f"{name}.flac")[0].samples for name in ("caller", "trainee"))
    assert len(caller) == len(trainee)
    first = record["turns"][0]
    heard = trainee[round(first["line_start_s"] * RATE_HZ) : round(first["line_end_s"] * RATE_HZ)]
    assert level_dbfs(heard) < -55
    way = page.get_by_role("link", name="Read your feedback")
    assert way.get_attribute("href") == f"/calls/{call.folder.name}"
    assert not barriers(page)
    look_at(page, "call-over")
    with dark(page):
        look_at(page, "call-over-dark")


@contextlib.contextmanager
def dark(page):
    page.emulate_media(color_scheme="dark")
    yield
    page.emulate_media(color_scheme="light")


@pytest.mark.three_takes
def test_a_bad_agent_loses_the_call_and_barging_in_stops_her(softphone, spoken):
    """Blame and command lead to the bad end; speech over her line is an interruption, and she falls silent."""
    once = SHORT.read_text(encoding="utf-8").replace("after_turns: 8", "after_turns: 2")
    call = softphone.begin(once)
    call.press("Enter")
    call.until("speaking")
    call.answered(spoken[BLAME])
    call.say(spoken[BLAME])
    record = call.record()
    assert (record["ending"], softphone.state["end"]["good"]) == ("escalated", False)
    first = record["turns"][0]
    assert "interrupt" in [finding["id"] for finding in first["reply"]["live"]["findings"]]
    assert first["line_end_s"] - first["line_start_s"] < 2.5
