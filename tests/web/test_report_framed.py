"""The report inside the page in a real browser: it plays, fits and leads on, and can never act as the page."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from browsing import browser_page
from calls_made import FAIR, HARSH, REFUND, held, use
from conftest import serving
from playwright.sync_api import Frame, Page, expect

from voicesim.files import shipped, write_flac, write_text
from voicesim.store.closing import write_record
from voicesim.store.places import REPORT, SCRIPT, make_trainee, sound_path

REACH = """() => {
    const tries = {
        document: () => parent.document.title,
        address: () => parent.location.href,
        cookie: () => document.cookie,
        storage: () => localStorage.length,
    };
    const found = {};
    for (const [name, reach] of Object.entries(tries)) {
        try { found[name] = String(reach()); } catch (error) { found[name] = error.name; }
    }
    return found;
}"""
REFUSED = dict.fromkeys(("document", "address", "cookie", "storage"), "SecurityError")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """One page for all of these tests: each only looks at it."""
    with serving(tmp_path_factory.mktemp("served") / "data") as page:
        yield page


@pytest.fixture
def call(served, sample, monkeypatch):
    """The folder of a call with sound, whose report is made when it is asked for."""
    use(served.data, monkeypatch)
    # Of today: the sound of older calls goes.
    began = datetime.now(UTC)
    folder = make_trainee("you") / "calls" / f"{began:%Y%m%d}-000000-billed-twice"
    if not folder.is_dir():
        folder.mkdir()
        record = replace(sample.sample_record(), clock={"began_utc": began.isoformat()})
        shutil.copy(shipped("scripts") / "billed-twice.yaml", folder / SCRIPT)
        write_record(folder, record)
        for name, samples in sample.sounds(record).items():
            write_flac(sound_path(folder, name), samples, private=True)
    return folder


def until(page: Page | Frame, holds: str, arg: object = None) -> Any:
    """What a function in JavaScript says of the page, once that is true; pages let no text become script."""
    return page.evaluate(
        """(arg) => new Promise((done, failed) => {
            const holds = HOLDS, end = performance.now() + 15000;
            const look = () => {
                const value = holds(arg);
                if (value) done(value);
                else if (performance.now() > end) failed(new Error("it never became true"));
                else setTimeout(look, 20);
            };
            look();
        })""".replace("HOLDS", holds),
        arg,
    )


def framed(page: Page, address: str) -> Frame:
    """The report in the feedback of a call, once it is as high as what is in it."""
    page.set_default_timeout(15_000)
    page.goto(address)
    page.locator("#report").scroll_into_view_if_needed()
    expect(page.locator("#report[data-within]")).to_be_attached()
    frame = page.frame("report")
    assert frame
    until(frame, "() => document.documentElement.offsetHeight <= innerHeight")
    return frame


def test_a_framed_report_plays_and_fits_and_cannot_reach_the_page(served, call):
    with browser_page(served.link) as page:
        frame = framed(page, f"{served.address}/calls/{call.name}")
        assert frame.evaluate(REACH) == REFUSED
        assert frame.evaluate("self.origin") == "null"
        sheet = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--sheet').trim()")
        look = "getComputedStyle(document.documentElement).getPropertyValue('--card').trim()"
        assert frame.evaluate(look) == sheet
        assert not frame.locator("header.page .hero").is_visible()
        frame.locator("#play").click()
        until(frame, "() => document.getElementById('sound').currentTime > 0.2")
        frame.locator("#play").click()
        frame.locator("#unfold").click()
        until(frame, "() => document.documentElement.offsetHeight <= innerHeight")
        word = frame.locator(".w").nth(12)
        at = float(word.get_attribute("data-at") or "nan")
        word.click()
        until(frame, "(at) => document.getElementById('sound').currentTime > at + 0.05", arg=at)
        assert frame.evaluate("document.getElementById('sound').currentTime") < at + 3
        frame.locator("#play").click()


def test_sound_in_a_framed_report_is_more_than_silence_behind_its_filter(served, call):
    """What plays without the words passes through a filter, which gives silence for sound of another origin."""
    with browser_page(served.link) as page:
        frame = framed(page, f"{served.address}/calls/{call.name}")
        frame.evaluate(
            """() => {
                const context = new AudioContext();
                const sound = new Audio(document.getElementById("sound").src);
                window.heard = context.createAnalyser();
                context.createMediaElementSource(sound).connect(window.heard);
                sound.play();
            }"""
        )
        until(
            frame,
            """() => {
                const samples = new Float32Array(window.heard.fftSize);
                window.heard.getFloatTimeDomainData(samples);
                return Math.max(...samples.map(Math.abs)) > 0.001;
            }""",
        )
        frame.locator("[data-filter]").first.click()
        until(frame, "() => !document.getElementById('sound').paused")


def test_links_into_a_framed_report_and_in_it_lead_to_their_place(served, tmp_path, monkeypatch):
    """What is folded there is opened, and the page scrolls to it."""
    use(served.data, monkeypatch)
    typed = held(tmp_path, HARSH, FAIR, REFUND)
    with browser_page(served.link, reduced_motion="reduce") as page:
        frame = framed(page, f"{served.address}/calls/{typed.name}")
        page.get_by_role("link", name="What if").press("Enter")
        expect(frame.locator("#fold-what-if[open]")).to_be_attached()
        assert top_of(page, frame, "#fold-what-if") < 200
        page.evaluate("scrollTo(0, 0)")
        frame.locator("a[href='#turn-1']").first.evaluate("(link) => link.click()")
        assert top_of(page, frame, "#turn-1") < 200


def test_the_player_of_a_framed_report_stays_in_sight(served, call):
    with browser_page(served.link) as page:
        frame = framed(page, f"{served.address}/calls/{call.name}")
        page.locator("#report").evaluate("(frame) => scrollTo(0, frame.getBoundingClientRect().top + scrollY - 300)")
        until(
            frame,
            "([top, high]) => document.querySelector('.player').getBoundingClientRect().bottom + top <= high + 1",
            arg=page.locator("#report").evaluate("(frame) => [frame.getBoundingClientRect().top, innerHeight]"),
        )


def top_of(page: Page, frame: Frame, what: str) -> float:
    """How far below the upper edge of the window something in the report is, once it is in the window at all."""
    top: float = frame.locator(what).evaluate("(node) => node.getBoundingClientRect().top")
    at = until(
        page,
        """(top) => {
            const at = top + document.getElementById("report").getBoundingClientRect().top;
            return at >= 0 && at < innerHeight ? [at] : null;
        }""",
        arg=top,
    )
    return float(at[0])


def test_a_report_by_itself_plays_and_cannot_act_as_the_page(served, call):
    with browser_page(served.link) as page:
        page.goto(f"{served.address}/calls/{call.name}")
        with page.expect_popup() as opened:
            page.get_by_role("link", name="The whole report by itself").click()
        alone = opened.value
        alone.locator("header.page .hero").wait_for(state="visible")
        assert alone.evaluate("self.origin") == "null"
        found = alone.evaluate(REACH)
        assert (found["cookie"], found["storage"]) == ("SecurityError", "SecurityError")
        alone.locator("#play").click()
        until(alone, "() => document.getElementById('sound').currentTime > 0.2")


HOSTILE = """<!doctype html><html><head><title>x</title></head><body>x<script>
try { parent.document.title = "owned"; } catch (error) { document.title = error.name; }
var wild = [null, 7, "height", {}, {voicesim: 1}, {voicesim: 2, type: "height", px: 900}];
[1e9, -5, "900", null, NaN, Infinity].forEach(function (px) {
  wild.push({voicesim: 1, type: "height", px: px}, {voicesim: 1, type: "show", px: px});
});
wild.push({voicesim: 1, type: "height", px: 1234});
wild.forEach(function (told) { parent.postMessage(told, "*"); });
</script></body></html>"""


def test_a_hostile_report_changes_its_own_height_and_nothing_else(served, call):
    """Messages that do not fit are left alone, and so are those that come from anywhere but the frame."""
    with browser_page(served.link) as page:
        hostile = call.with_name(call.name.replace("-000000-", "-000001-"))
        shutil.copytree(call, hostile)
        page.goto(f"{served.address}/calls/{hostile.name}")
        # The call is judged now: a report that is newer than its record is shown as it is.
        write_text(hostile / REPORT, HOSTILE)
        page.reload()
        title = page.title()
        page.evaluate("postMessage({voicesim: 1, type: 'height', px: 3000}, '*')")
        until(page, "() => document.getElementById('report').style.height === '1238px'")
        assert page.title() == title
        assert page.evaluate("scrollY") == 0


def test_a_report_listens_to_the_page_alone(served, call):
    """What a report tells itself, or what is no colour, does not change how it looks."""
    with browser_page(served.link) as page:
        frame = framed(page, f"{served.address}/calls/{call.name}")
        style = "document.documentElement.style.getPropertyValue('--card')"
        before = frame.evaluate(style)
        frame.evaluate("postMessage({voicesim: 1, type: 'looks', looks: {card: 'red'}}, '*')")
        evil = {"card": "url(http://127.0.0.1:1/x)", "ink": 7, "line": "red; background: red", "soft": "rebeccapurple"}
        page.evaluate("(looks) => frames.report.postMessage({voicesim: 1, type: 'looks', looks}, '*')", evil)
        until(frame, "() => document.documentElement.style.getPropertyValue('--soft') === 'rebeccapurple'")
        assert frame.evaluate(style) == before
        assert "red" not in frame.evaluate("document.documentElement.style.getPropertyValue('--line')")
