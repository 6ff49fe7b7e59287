"""The headset check in a real browser, whose microphone and ears are the virtual headset."""

import re

import pytest
from browsing import BUILD, barriers, browser_page, look_at
from conftest import serving
from playwright.sync_api import expect

from voicesim.backends.replies_voice import render_replies
from voicesim.store.browser_headsets import checked_headsets, headset_name, remember_headset
from voicesim.wiring.headset_check import TEST_WORDS

#: A level above -50 dBFS, as the meter tells it.
LOUD_ENOUGH = re.compile(r"^-?([1-4]?\d)$")


def device(kind, device_id, group, label):
    return {"kind": kind, "deviceId": device_id, "groupId": group, "label": label}


#: What a browser lists: two microphones and their stand-ins, loudspeakers of the same groups, a group of two.
DEVICES = [
    device("audioinput", "default", "g1", "Default"),
    device("audioinput", "communications", "g2", "Communications - Webcam"),
    device("audioinput", "id1", "g1", "USB Headset"),
    device("audioinput", "id2", "g2", "Webcam"),
    device("audioinput", "id3", "g3", "Front microphone"),
    device("audioinput", "id4", "g3", "Rear microphone"),
    device("audiooutput", "id5", "g1", "USB Headset loudspeaker"),
    device("audiooutput", "id6", "elsewhere", "Loudspeaker"),
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """A page that is open, for what its scripts say of themselves."""
    with serving(tmp_path_factory.mktemp("page") / "data") as served, browser_page(served.link) as page:
        yield page


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    """The sound file of the test words."""
    return render_replies([TEST_WORDS], tmp_path_factory.mktemp("words"))[0]


def press(page, name):
    page.get_by_role("button", name=name).click()


def check(page, address, headset, words):
    """Go through the check up to the moment when the words are being spoken."""
    page.goto(f"{address}/headset")
    press(page, "Check my headset")
    press(page, "Begin")
    page.get_by_text("Did you hear the tones?").wait_for()
    look_at(page, "headset-asked")
    assert not barriers(page)
    press(page, "Yes")
    page.locator(".listening").wait_for()
    headset.speak(words)


@pytest.mark.three_takes
def test_a_good_headset_passes_and_is_remembered(virtual_headset, served, words, monkeypatch):
    """Tones, quiet and words are heard through the browser, the result is told with signs, and the start knows it."""
    with browser_page(served.link) as page:
        page.goto(f"{served.address}/headset")
        look_at(page, "headset")
        assert not barriers(page)
        check(page, served.address, virtual_headset, words)
        expect(page.locator("[data-meter]")).to_have_attribute("aria-valuenow", LOUD_ENOUGH)
        assert page.locator("[data-say]").inner_text() == f'"{TEST_WORDS}"'
        page.screenshot(path=BUILD / "pages" / "headset-speaking.png")
        page.wait_for_url("**/headset/*")
        assert page.locator("h1").inner_text() == "Your headset is fit for calls"
        assert page.locator(".found .badge").all_inner_texts() == ["good"] * 4
        look_at(page, "headset-found")
        assert not barriers(page)
        page.goto(served.address)
        assert page.get_by_text("It is fit for calls.").is_visible()
    monkeypatch.setenv("VOICESIM_DATA", str(served.data))
    [name] = checked_headsets()
    assert name != headset_name("Default")


def test_who_leaves_can_begin_again(virtual_headset, served):
    """Nothing is kept, the reason is told, and the session is over."""
    with browser_page(served.link) as page:
        page.goto(f"{served.address}/headset")
        press(page, "Check my headset")
        page.get_by_role("button", name="Begin").wait_for()
        press(page, "Leave")
        page.get_by_text("Left before the end; nothing was kept").wait_for()
        assert page.get_by_role("button", name="Check my headset").is_enabled()


@pytest.mark.three_takes
def test_loudspeakers_are_told_apart_from_headphones(virtual_headset, served, words):
    """What the ears get comes back through the microphone: the check says so, and what to do."""
    virtual_headset.loopback()
    with browser_page(served.link) as page:
        check(page, served.address, virtual_headset, words)
        page.wait_for_url("**/headset/*")
        assert page.locator("h1").inner_text() == "Something needs mending first"
        assert "Headphones, please" in page.locator(".found").inner_text()
        look_at(page, "headset-echo")


@pytest.mark.parametrize(
    ("label", "device", "group", "name"),
    [
        ("Default", "default", "g1", "USB Headset"),
        ("Default", "default", "", "USB Headset"),
        ("Default - USB Headset", "default", "g1", "USB Headset"),
        ("Communications - Webcam", "communications", "g2", "Webcam"),
        ("Default - Webcam Microphone", "default", "elsewhere", "Webcam Microphone"),
        ("Default", "default", "elsewhere", "Default"),
        ("Default", "default", "g3", "Default"),
        ("USB Headset", "id1", "g1", "USB Headset"),
        ("Default", "id9", "g9", "Default"),
    ],
)
def test_a_default_microphone_is_called_by_its_real_name(browser, label, device, group, name):
    """By the group it belongs to; where several or none are in it, by what the browser says."""
    found = browser.evaluate(
        """async ([label, device, group, devices]) => {
            const { realName } = await import("/static/link.js");
            return realName(label, device, group, devices);
        }""",
        [label, device, group, DEVICES],
    )
    assert found == name


def test_the_only_microphone_is_the_default_one(browser):
    """As on Linux, where the default one has a group of its own."""
    listed = [device("audioinput", "default", "alone", "Default"), *DEVICES[2:3], *DEVICES[6:]]
    script = """async (listed) => (await import("/static/link.js")).realName("Default", "default", "alone", listed)"""
    assert browser.evaluate(script, listed) == "USB Headset"


def test_a_result_that_is_gone_leads_back_to_the_check(served):
    assert served.client.get("/headset/guessed").headers["location"] == "/headset"


def test_headsets_are_remembered_by_the_name_that_the_browser_gives(tmp_path, monkeypatch):
    """The newest first; a damaged file means that they are checked again."""
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path))
    assert checked_headsets() == {}
    remember_headset(headset_name("A"), "2030-01-01T00:00:00+00:00")
    remember_headset(headset_name(""), "2030-01-02T00:00:00+00:00")
    assert list(checked_headsets()) == ["microphone (browser)", "A (browser)"]
    (tmp_path / "browser_headsets.json").write_text("{", encoding="utf-8")
    assert checked_headsets() == {}
