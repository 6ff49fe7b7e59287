"""The report as a person meets it: in a real browser, at a phone's and a desk's width, by mouse, keyboard and paper.

The pictures that these tests leave in ``build/report-pictures/`` are there to be looked at.
"""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from voicesim.files import encode_flac
from voicesim.model import RATE_HZ
from voicesim.report.html import render_report

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "build" / "report-pictures"
AXE = ROOT / "build" / "axe" / "axe.min.js"
BRIEFING = {"you_are": "Sam, customer accounts", "you_see": ["two payments of 62 pounds"], "may_offer": {"refund": []}}
LOOKS = pytest.mark.parametrize(("width", "dark"), [(360, False), (360, True), (1920, False), (1920, True)])
#: Words that a person reads in 90 seconds at 240 a minute.
READ_IN_90_S = 360


@pytest.fixture(scope="module")
def report(beside, sample):
    """The file of a spoken call's report with all there is to show."""
    fuller = beside("report/fuller.py")
    record = fuller.judged(sample)
    sounds = sample.sounds(record)
    # Speech has more than its melody: a tone that only the low-pass takes away.
    time = np.arange(len(sounds["trainee"]), dtype=np.float32) / RATE_HZ
    sounds["trainee"] += 0.1 * np.sin(2 * np.pi * 3000 * time) * (sounds["trainee"] != 0)
    page = render_report(
        record,
        briefing=BRIEFING,
        sounds=sounds,
        encode=encode_flac,
        attempts=fuller.attempts(sample, record),
        advice={2: sounds["trainee"][: 2 * RATE_HZ]},
    )
    PICTURES.mkdir(parents=True, exist_ok=True)
    path = PICTURES / "report.html"
    path.write_text(page, encoding="utf-8")
    return path


def unfold(browser):
    browser.run("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")


def grave(browser):
    """What axe-core finds serious or critical in the unfolded page; nothing where it is not there."""
    unfold(browser)
    if not AXE.is_file():
        return []
    browser.run(AXE.read_text(encoding="utf-8") + ";0")
    told = browser.run("axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(r.violations))")
    found = [v for v in json.loads(told) if v["impact"] in ("serious", "critical")]
    return [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in found]


@LOOKS
def test_the_page_fits_the_screen_and_asks_for_nothing(browser, report, width, dark):
    browser.open(report, width=width, dark=dark)
    name = f"{width}-{'dark' if dark else 'light'}"
    browser.picture(PICTURES / f"{name}.png")
    unfold(browser)
    browser.picture(PICTURES / f"{name}-unfolded.png")
    assert browser.run("document.documentElement.scrollWidth") <= width
    assert browser.said == []


def test_the_browser_would_complain_about_a_request(browser, report, tmp_path):
    """The check above is worth something: a picture from elsewhere is refused by the page's own policy."""
    other = tmp_path / "report.html"
    text = report.read_text(encoding="utf-8")
    other.write_text(text.replace("</main>", '<img alt="" src="https://example.invalid/x.png"></main>'))
    browser.open(other, width=1200)
    assert any("Content Security Policy" in line for line in browser.said)


@LOOKS
def test_axe_has_nothing_serious_to_say(browser, report, width, dark):
    if not AXE.is_file():
        pytest.skip("no axe-core: make test fetches it where npm is installed")
    browser.open(report, width=width, dark=dark)
    assert grave(browser) == []


def test_a_typed_call_reads_as_well(browser, beside, sample, tmp_path):
    """Nothing to play and no times: the page still fits, has nothing serious for axe, and jumps to turns."""
    fuller = beside("report/fuller.py")
    typed = sample.call(
        [(p, "Well?", sample.reply("Hello, this is Sam.", ["greeting"]), 6) for p in sample.Phase], sound=False
    )
    path = tmp_path / "report.html"
    path.write_text(render_report(fuller.judged(sample, typed)), encoding="utf-8")
    browser.open(path, width=360)
    assert browser.run("document.documentElement.scrollWidth") <= 360
    assert grave(browser) == []
    browser.click(".goto")
    assert browser.run("document.querySelector(location.hash).closest('details').open") is True
    assert browser.said == []


def test_what_is_not_folded_is_read_in_90_seconds(browser, report):
    browser.open(report, width=1920)
    # Nobody reads what is pressed, nor the keys of the sources.
    browser.run("document.querySelectorAll('button, .cite, .folds').forEach(n => n.remove())")
    text = browser.run("document.querySelector('header.page').innerText + document.querySelector('main').innerText")
    assert 100 < len(re.findall(r"\S*\w\S*", text)) <= READ_IN_90_S


def test_each_fold_says_what_is_inside(browser, report):
    browser.open(report, width=1920)
    says = browser.run("[...document.querySelectorAll('.fold > summary')].map(n => [n.innerText, n.offsetHeight])")
    assert len(says) == 11
    assert all(len(text.splitlines()) >= 2 and height < 90 for text, height in says)


# -- sound ------------------------------------------------------------------------------------------------------------


def begins(browser, do):
    """The second at which the sound begins once something is done."""
    browser.run(
        "window.began = new Promise(tell => { const a = document.getElementById('sound'); "
        "a.addEventListener('playing', () => tell(a.currentTime), {once: true}); }); 0"
    )
    do()
    return browser.run("window.began")


def unfolded(browser, report):
    browser.open(report, width=1200)
    unfold(browser)


def test_a_click_on_a_word_plays_it(browser, report):
    unfolded(browser, report)
    at = float(browser.run("document.querySelectorAll('#turn-3 .w')[6].dataset.at"))
    browser.run("document.querySelectorAll('#turn-3 .w')[6].id = 'that-word'; 0")
    assert begins(browser, lambda: browser.click("#that-word")) == pytest.approx(at, abs=0.2)
    assert browser.run("document.getElementById('sound').paused") is False


def test_arrows_and_enter_play_a_word_too(browser, report):
    unfolded(browser, report)
    browser.run("document.querySelector('#turn-3 .w').focus(); 0")
    browser.key("ArrowRight", 39)
    browser.key("ArrowRight", 39)
    at = float(browser.run("document.activeElement.dataset.at"))
    assert at == float(browser.run("document.querySelectorAll('#turn-3 .w')[2].dataset.at"))
    assert begins(browser, lambda: browser.key("Enter", 13, "\r")) == pytest.approx(at, abs=0.2)


def test_each_reply_is_one_stop_of_the_tab_key(browser, report):
    unfolded(browser, report)
    assert browser.run("document.querySelectorAll('.w[tabindex]').length") == 7
    assert browser.run("document.querySelectorAll('.w[role=button]').length") == 7


def test_a_click_on_the_drawing_plays_from_there(browser, report):
    unfolded(browser, report)
    x, y, end = browser.run(
        "(() => { const n = document.querySelector('.wide .timeline'); n.scrollIntoView({behavior: 'instant'}); "
        "const b = n.getBoundingClientRect(), d = n.dataset, k = b.width / n.viewBox.baseVal.width; "
        "return [b.x + k * (Number(d.left) + Number(d.right)) / 2, b.y + b.height / 2, Number(d.end)]; })()"
    )
    assert begins(browser, lambda: browser.click_at(x, y)) == pytest.approx(end / 2, abs=0.3)


@pytest.mark.parametrize(("longer_s", "told"), [(0.2, "1:19"), (0.4, "1:20")])
def test_the_player_and_the_head_of_the_page_tell_one_length(browser, sample, tmp_path, longer_s, told):
    """Rounded in one way, by the player at its end as well, though what sounds goes on for a second after the call."""
    record = sample.sample_record()
    last = record.turns[-1]
    line = replace(last.line_span, end=last.line_span.end + round(longer_s * RATE_HZ))
    record = replace(record, turns=(*record.turns[:-1], replace(last, line_span=line)))
    path = tmp_path / "report.html"
    path.write_text(render_report(record, sounds=sample.sounds(record), encode=encode_flac), encoding="utf-8")
    browser.open(path, width=1200)
    assert f"<span>{told} min</span>" in path.read_text(encoding="utf-8")
    shown = (
        "new Promise(tell => { const sound = document.querySelector('#sound'), seek = document.querySelector('#seek'); "
        "sound.onseeked = () => setTimeout(() => tell(document.querySelector('#time').textContent), 50); "
        "sound.currentTime = %s; })"
    )
    assert browser.run("document.querySelector('#time').textContent") == f"0:00 / {told}"
    assert browser.run(shown % "41.6") == f"0:42 / {told}"
    assert browser.run(shown % "Number(seek.max)") == f"{told} / {told}"


def test_a_moment_plays_from_its_quote(browser, report):
    browser.open(report, width=1200)
    button = ".moment:nth-of-type(2) [data-play]"
    at = float(browser.run(f"document.querySelector('{button}').dataset.play"))
    assert begins(browser, lambda: browser.click(button)) == pytest.approx(at, abs=0.2)


def test_without_the_words_only_the_melody_is_left(browser, report):
    """Measured behind the filter: the high tone is far below the low one, and there is sound at all."""
    browser.open(report, width=1200)
    browser.run(
        "(() => { const make = AudioContext.prototype.createGain; AudioContext.prototype.createGain = function () { "
        "const gain = make.call(this); window.heard = this.createAnalyser(); window.heard.fftSize = 4096; "
        "gain.connect(window.heard); const cut = gain.disconnect; gain.disconnect = function () { cut.call(gain); "
        "gain.connect(window.heard); }; return gain; }; })()"
    )
    button = ".moment:nth-of-type(2) [data-filter]"
    begins(browser, lambda: browser.click(button))
    low, high = browser.run(
        "new Promise(tell => { const look = () => { const bins = new Float32Array(heard.frequencyBinCount); "
        "heard.getFloatFrequencyData(bins); const at = hz => Math.max(...bins.slice(-2 + Math.round(hz * 4096 / "
        "heard.context.sampleRate), 3 + Math.round(hz * 4096 / heard.context.sampleRate))); "
        "if (at(130) > -60) { tell([at(130), at(3000)]); } else { requestAnimationFrame(look); } }; look(); })"
    )
    assert browser.run(f"document.querySelector('{button}').getAttribute('aria-pressed')") == "true"
    assert low - high > 40


def test_the_advice_is_played_and_the_call_is_silent_then(browser, report):
    browser.open(report, width=1200)
    begins(browser, lambda: browser.click(".moment:nth-of-type(2) [data-play]"))
    browser.click("[data-advice]")
    assert browser.run("[...document.querySelectorAll('audio')].map(a => a.paused)") == [False, True]


# -- links, motion, paper ---------------------------------------------------------------------------------------------


def test_a_link_into_a_fold_opens_it(browser, report):
    browser.open(report, width=1200)
    browser.click(".moment .cite")
    assert browser.run("document.getElementById('fold-sources').open") is True


def test_who_wants_less_motion_gets_none(browser, report):
    browser.open(report, width=1200)
    browser.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
    assert browser.run("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    assert browser.run("getComputedStyle(document.querySelector('.said')).transitionDuration") == "0s"


def test_on_paper_nothing_is_folded_and_there_is_nothing_to_press(browser, report):
    browser.open(report, width=1200)
    browser.ask("Emulation.setEmulatedMedia", media="print")
    try:
        tools = "document.querySelectorAll('button, input, audio, select')"
        shown = "n => n.checkVisibility({contentVisibilityAuto: true}) && n.getClientRects().length > 0"
        assert browser.run(f"[...{tools}].filter({shown}).length") == 0
        inside = "document.querySelectorAll('.turn, .points li, .sources li, .fold .made, .fold figure')"
        assert browser.run(f"[...{inside}].filter(n => !({shown})(n) && !n.closest('.narrow')).length") == 0
        browser.paper(PICTURES / "report.pdf")
    finally:
        browser.ask("Emulation.setEmulatedMedia", media="")
    assert (PICTURES / "report.pdf").read_bytes().startswith(b"%PDF")
