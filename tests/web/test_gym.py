"""Feedback, turn gym, drills and progress in a real browser: everybody can use them, and a turn is said again aloud."""

import re

import pytest
from browsing import barriers, browser_page, look_at
from calls_made import FAIR, HARSH, REFUND, SHORT, held, use
from playwright.sync_api import Page

from voicesim.backends.replies_voice import render_replies
from voicesim.cli import main
from voicesim.store.attempts import attempts_of
from voicesim.store.places import call_folders
from voicesim.store.practice_log import practised


def fits_everybody(page: Page, name: str) -> None:
    """No serious barrier, and no sideways scrolling at any width."""
    assert not barriers(page), name
    look_at(page, name)


def test_every_page_of_feedback_and_practice_fits_everybody(served, tmp_path, monkeypatch):
    use(served.data, monkeypatch)
    with browser_page(served.link) as page:
        page.goto(f"{served.address}/calls")
        fits_everybody(page, "calls-none")
        call = held(tmp_path, HARSH, FAIR, REFUND)
        held(tmp_path, FAIR, options=("--official",))
        for name, path in (
            ("calls", "/calls"),
            ("feedback", f"/calls/{call.name}"),
            ("share", f"/calls/{call.name}/share"),
            ("delete", f"/calls/{call.name}/delete"),
            ("forget", "/calls/forget"),
            ("progress", "/progress"),
            ("drills", "/drills"),
            ("courses", "/courses"),
            ("course", "/courses/first-week"),
        ):
            page.goto(f"{served.address}{path}")
            fits_everybody(page, name)


def test_the_report_is_as_high_as_its_words_and_its_folds_open(served, tmp_path, monkeypatch):
    """Its own script runs inside the page, and the frame grows with what is opened; nobody scrolls in a frame."""
    use(served.data, monkeypatch)
    call = held(tmp_path, HARSH, FAIR, REFUND)
    with browser_page(served.link) as page:
        page.goto(f"{served.address}/calls/{call.name}")
        frame = page.frame_locator("#report")
        page.locator("#report").scroll_into_view_if_needed()
        frame.locator("#unfold").wait_for()
        before = grown(page, 0)
        frame.locator("#unfold").click()
        assert grown(page, before + 200) > before + 200


def grown(page: Page, least: float) -> float:
    """The height of the report once it is more than ``least`` and nothing in it has to be scrolled."""
    frame = page.frame("report")
    assert frame
    height: float = frame.evaluate(
        """(least) => new Promise((done) => {
            const look = () => {
                const fits = innerHeight > least && innerHeight >= document.documentElement.offsetHeight;
                if (fits) done(innerHeight); else requestAnimationFrame(look);
            };
            look();
        })""",
        least,
    )
    return height


def test_a_drill_and_a_quiz_are_answered_with_forms(served):
    """The answer, its verdict and a better one stand on the page."""
    with browser_page(served.link) as page:
        page.goto(f"{served.address}/drills/empathy")
        page.get_by_role("button", name="Answer in writing").click()
        page.get_by_label("Your answer").fill("Please calm down.")
        page.get_by_role("button", name="Answer", exact=True).click()
        page.get_by_text("Not yet.").wait_for()
        fits_everybody(page, "drill-run")
        page.get_by_role("button", name="End it here").click()
        page.get_by_role("heading", name="0 of 1 right").wait_for()
        fits_everybody(page, "drill-over")
        page.goto(f"{served.address}/drills/predict")
        page.get_by_role("button", name="Begin").click()
        fits_everybody(page, "quiz")
        page.get_by_role("radio").first.check()
        page.get_by_role("button", name="Answer").click()
        page.get_by_role("button", name="Next").wait_for()
        fits_everybody(page, "quiz-answered")


@pytest.mark.three_takes
def test_a_turn_is_heard_and_said_again_typed_and_aloud_and_both_stand_side_by_side(
    virtual_headset, served, tmp_path, monkeypatch
):
    """A call with sound: its reply plays; a typed attempt, then a spoken one that the caller reacts to."""
    use(served.data, monkeypatch)
    render_replies([HARSH, REFUND], tmp_path / "sounds")
    [fair] = render_replies([FAIR], tmp_path / "fair")
    assert main(["practice", str(SHORT), "--replies", str(tmp_path / "sounds"), "--fast"]) == 0
    [call] = call_folders("you")
    original = (call / "call.json").read_bytes()
    with browser_page(served.link) as page:
        page.goto(f"{served.address}/calls/{call.name}")
        page.locator(f"a[href='/calls/{call.name}/turns/1']").last.click()
        plays(page, "Your reply")
        plays(page, "The better reply")
        page.get_by_label("Your reply", exact=True).last.fill(FAIR)
        page.get_by_role("button", name="Try it").click()
        page.get_by_text("It calmed the caller more").wait_for()
        page.get_by_role("button", name="Say it aloud").click()
        page.locator(".listening").wait_for()
        virtual_headset.speak(fair)
        page.get_by_text("Kept as attempt 2").wait_for()
        fits_everybody(page, "gym-aloud")
        page.get_by_role("button", name=re.compile("side by side")).click()
        page.wait_for_url("**attempt=2**")
        assert page.locator("table.sides th[scope=col]").all_inner_texts() == ["In the call", "Attempt 2"]
        assert "pause before it" in page.locator("table.sides").inner_text()
        plays(page, "Attempt 2")
        fits_everybody(page, "gym")
    first, second = attempts_of(call)
    assert [first.by.value, second.by.value] == ["text", "headset"]
    assert second.after.anger < second.before.anger
    assert (call / "call.json").read_bytes() == original


def plays(page: Page, label: str) -> None:
    """Hear a clip for a moment."""
    page.locator(f"audio[aria-label='{label}']").evaluate(
        """clip => new Promise((heard, failed) => {
            clip.ontimeupdate = () => { if (clip.currentTime > 0.2) { clip.pause(); heard(); } };
            clip.onerror = () => failed(clip.error.message);
            clip.play().catch(failed);
        })"""
    )


@pytest.mark.three_takes
def test_a_drill_is_answered_aloud_and_who_leaves_keeps_what_was_answered(
    virtual_headset, served, tmp_path, monkeypatch
):
    """The caller's line sounds, the answer is recognized and judged at once, and the run is in the log."""
    use(served.data, monkeypatch)
    [answer] = render_replies(["That would upset me as well, I understand."], tmp_path / "sounds")
    with browser_page(served.link) as page:
        page.goto(f"{served.address}/drills/empathy")
        page.get_by_role("button", name="Answer aloud").click()
        page.locator(".listening").wait_for()
        virtual_headset.speak(answer)
        page.get_by_text("Right: ").wait_for()
        page.get_by_role("button", name="Leave").click()
        page.get_by_role("heading", name="1 of 1 right").wait_for()
    [run] = practised("you")
    assert (run.drill, run.items, run.right) == ("empathy", 1, 1)
