"""The pages of progress and of a course in a real browser: at a phone's and a desk's width, dark and light."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from voicesim.coach.course import load_course, standings
from voicesim.coach.drills import DRILLS, PREDICT, due
from voicesim.coach.practised import Practised
from voicesim.coach.progress import progress, weak_spots
from voicesim.model import Feedback, Moment, Phase, ScorePart
from voicesim.report.progress_page import render_course, render_progress

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "build" / "report-pictures"
AXE = ROOT / "build" / "axe" / "axe.min.js"
NOW = datetime(2026, 4, 1, tzinfo=UTC)
LOOKS = pytest.mark.parametrize(("width", "dark"), [(360, False), (360, True), (1920, False)])


@pytest.fixture(scope="module")
def pages(sample):
    """Both pages with all there is to show: twelve private calls, two official ones, drills, a course half done."""
    one, records = sample.sample_record(), []
    for n in range(14):
        missed = Moment(id="empathy", turn=1, title="t", quote="q", why="", points=0, of=7)
        given = Feedback(total=35 + 4 * n, phases=dict.fromkeys(Phase, ScorePart(points=n, of=20)), moments=(missed,))
        clock = {"call": f"{n}", "began_utc": f"2026-03-{n + 1:02d}T10:00:00+00:00"}
        records.append(replace(one, feedback=given, clock=clock, official=n > 11))
    log = [Practised(at_utc="2026-03-20T09:00:00+00:00", drill=d, items=5, right=3, seconds=110) for d in DRILLS]
    runs = [progress(records, official=kind) for kind in (False, True)]
    drills = [date for d in DRILLS if (date := due(log, d))]
    PICTURES.mkdir(parents=True, exist_ok=True)
    scripts = {path.stem for path in (ROOT / "scripts").glob("*.yaml")}
    content = (ROOT / "scripts" / "courses" / "first-week.yaml").read_bytes()
    course = load_course(content, "first-week.yaml", scripts=scripts, drills=(*DRILLS, PREDICT))
    texts = {
        "progress": render_progress("Ann", runs, weak_spots(records), drills, now=NOW),
        "course": render_course(course, standings(course, records, log, {}), "Ann", now=NOW),
    }
    for name, text in texts.items():
        (PICTURES / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: PICTURES / f"{name}.html" for name in texts}


@LOOKS
@pytest.mark.parametrize("name", ["progress", "course"])
def test_the_page_fits_the_screen_asks_for_nothing_and_axe_finds_nothing_serious(browser, pages, name, width, dark):
    browser.open(pages[name], width=width, dark=dark)
    browser.picture(PICTURES / f"{name}-{width}-{'dark' if dark else 'light'}.png")
    browser.run("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    assert browser.run("document.documentElement.scrollWidth") <= width
    assert browser.said == []
    if AXE.is_file():
        browser.run(AXE.read_text(encoding="utf-8") + ";0")
        told = browser.run("axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(r.violations))")
        grave = [v for v in json.loads(told) if v["impact"] in ("serious", "critical")]
        assert [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in grave] == []
