"""What tests do with a page in a real browser: open it, look at it at three widths, check that everybody can use it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
BUILD = Path(__file__).parents[2] / "build"
AXE = BUILD / "axe" / "axe.min.js"
WIDTHS = (360, 1024, 1920)
_SOUND = ("--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required")


@contextmanager
def browser_page(link: str, *, width: int = 1280, **context: Any) -> Iterator[Page]:
    """A page of a headless Chromium that has opened ``link``; its microphone is the machine's.

    What the page complains about on its console fails the test. Skips where there is no Chromium.
    """
    if CHROMIUM is None:
        pytest.skip("no Chromium. Run: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", *_SOUND], ignore_default_args=["--mute-audio"]
        )
        try:
            opened = browser.new_context(
                permissions=["microphone"], viewport={"width": width, "height": 900}, **context
            )
            opened.set_default_timeout(60_000)
            page = opened.new_page()
            complaints: list[str] = []
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
            page.goto(link)
            page.wait_for_url(lambda address: "/open" not in address)
            yield page
            assert not complaints, complaints
        finally:
            browser.close()


def look_at(page: Page, name: str) -> None:
    """Keep a picture of the page at three widths under build/pages; it must fit into each."""
    folder = BUILD / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    before = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name} is {wide} px wide at {width} px"
    if before:
        page.set_viewport_size(before)


def barriers(page: Page) -> list[str]:
    """What axe-core finds serious or critical on the page, each with its place. Skips where axe-core is not there."""
    if not AXE.is_file():
        pytest.skip("no axe-core. Run: .ci/page-checker")
    # Text is there before the stylesheet is: without it nothing of the contrast is as people see it.
    page.wait_for_load_state("load")
    page.evaluate(AXE.read_text(encoding="utf-8") + "; undefined")
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{rule['id']}: {node['html'][:120]}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
