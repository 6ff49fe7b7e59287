"""What a trainee does beside speaking in a call on the page: mute, hold, pause, typing, the talk key, stopping."""

import pytest
from softphone import ABOUT_MONEY, BLAME, said_aloud

pytestmark = pytest.mark.usefixtures("rendered")


@pytest.fixture(scope="module")
def spoken(tmp_path_factory):
    return said_aloud(tmp_path_factory.mktemp("spoken"), ABOUT_MONEY, BLAME)


@pytest.mark.three_takes
def test_mute_hold_pause_typing_and_stop_by_keys(softphone, spoken):
    """Off means that nothing is kept; a hold that was not asked for says so; Esc ends it all without a score."""
    call, page = softphone.begin(), softphone.page
    call.press("Enter")
    call.until("listening")
    call.press("m")
    call.wait_for(lambda: call.state["muted"])
    call.headset.speak(spoken[BLAME])
    call.press("o")
    call.until("hold")
    assert page.locator("#etiquette li").first.get_attribute("data-done") == "no"
    call.press("o")
    call.until("listening")
    call.press("p")
    call.until("paused")
    call.press("m")
    call.press("p")
    call.until("speaking")
    call.until("listening")
    call.press("t")
    page.keyboard.type("Twenty euros, hm, I see it. Please wait.")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1).click()
    call.wait_for(lambda: len(call.state["rows"]) > 2)
    call.press("Escape")
    record = call.record()
    assert (record["ending"], record["feedback"]["score"]["total"]) == ("stopped", None)
    assert record["turns"][0]["reply"]["live"]["transcript"]["text"].startswith("Twenty euros")
    assert page.get_by_text("five times breathe out longer").is_visible()
    entries = call.entries("note")
    assert any("not asked for" in entry["text"] for entry in entries)


@pytest.mark.three_takes
def test_on_the_machines_own_headset_the_page_is_screen_and_talk_key(softphone, spoken):
    """The browser's microphone stays closed; what is said while the space bar is down is the reply."""
    call, page = softphone.begin(sound="machine", push_to_talk="on"), softphone.page
    call.press("Enter")
    call.until("listening")
    before = len(call.state["rows"])
    page.keyboard.down(" ")
    call.wait_for(lambda: call.state["talking"])
    call.headset.speak(spoken[ABOUT_MONEY])
    page.locator("#partial").filter(has_text="twice").wait_for()
    page.keyboard.up(" ")
    call.wait_for(lambda: len(call.state["rows"]) > before)
    call.press("h")
    record = call.record()
    assert record["ending"] == "abandoned"
    assert "account" in record["turns"][0]["reply"]["live"]["transcript"]["text"]
    assert record["clock"]["headset"]["missing_s"] < 0.1
