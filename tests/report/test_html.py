import io
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from voicesim.coach.score import feedback
from voicesim.model import Ending, Line, Samples
from voicesim.report.html import render_report
from voicesim.report.marking import marked, place_of

BRIEFING = {"you_are": "Sam, customer accounts", "you_see": ["two payments of 62 pounds"], "may_offer": {"refund": []}}
VOID = {"meta", "link", "br", "audio", "circle", "rect", "line", "path", "polyline"}


def fake_flac(samples: Samples) -> bytes:
    return b"fLaC" + np.int16(samples[:8] * 100).tobytes()


@pytest.fixture
def judged(sample):
    record = sample.sample_record()
    return replace(record, feedback=feedback(record, goals=sample.GOALS, caller="Megan Price"))


@pytest.fixture
def page(judged, sample):
    return render_report(judged, briefing=BRIEFING, sounds=sample.sounds(judged), encode=fake_flac)


class Outline(HTMLParser):
    """Headings, ids, links and everything that could be fetched."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.open: list[str] = []
        self.drawings: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if given.get("id"):
            self.ids.append(given["id"] or "")
        if tag == "a":
            self.links.append(given.get("href") or "")
        else:
            self.fetched += [v or "" for k, v in attrs if k in ("src", "href", "srcset", "poster", "data", "action")]
        if tag == "svg":
            self.drawings.append(given)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def test_nothing_is_fetched_from_anywhere(page):
    outline = Outline(page)
    assert all(url.startswith("data:") for url in outline.fetched)
    assert all(url.startswith("#") for url in outline.links)
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org/2000/svg)", page)


def test_tags_are_closed_in_order_and_ids_are_given_once(page):
    outline = Outline(page)
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids))


def test_each_link_leads_to_something_on_the_page(page):
    outline = Outline(page)
    assert {link[1:] for link in outline.links} <= set(outline.ids)


def test_headings_do_not_skip_a_level(page):
    levels = Outline(page).levels
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_each_drawing_says_what_it_shows(page):
    assert all(d["role"] == "img" and d["aria-label"] for d in Outline(page).drawings)


def test_what_went_well_comes_first_then_two_things_then_the_evidence(page):
    parts = ("well", "change", "score", "anger", "call", "delivery", "points", "open", "sources", "made")
    places = [page.index(f'<h2 id="{part}">') for part in parts]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "told",
    [
        "Billed twice for one month of broadband",
        "the caller went from angry (7) to calm (1)",
        "<strong>86</strong> of 100",
        "You told the caller to calm down",
        "grade&nbsp;A · little2013",
        "syllables a second",
        "dB against your own baseline",
        "not an emotion",
        "The caller heard (live transcript)",
        "Only in the live transcript: promising too much",
        "Not used in this call: 08-extra.flac",
        "hibari 0.2.1 heart",
        "This file is yours and stays with you.",
        "What you knew before the call",
        "turn 7, tension: only 1.2 s of speech",
    ],
)
def test_the_page_tells(page, told):
    assert told in page


def test_quotes_are_marked_in_the_transcript(page):
    assert '<mark class="mistake">you need to calm down</mark>' in page
    assert '<mark class="unsure">I am sorry</mark>' in page


def test_each_turn_is_encoded_once_and_only_once(judged, sample):
    lengths = []

    def encode(samples: Samples) -> bytes:
        lengths.append(len(samples))
        return b"x"

    page = render_report(judged, sounds=sample.sounds(judged), encode=encode)
    assert len(lengths) == len(judged.turns) == page.count("<audio ")


def test_a_clip_holds_both_channels_and_never_clips_over(judged, sample):
    clips = []
    loud = {name: np.full_like(s, 0.8) for name, s in sample.sounds(judged).items()}
    render_report(judged, sounds=loud, encode=lambda s: clips.append(s) or b"x")
    assert max(float(np.abs(c).max()) for c in clips) == 1.0


def test_sounds_without_an_encoder_are_refused(judged, sample):
    with pytest.raises(TypeError, match="encode"):
        render_report(judged, sounds=sample.sounds(judged))


def test_without_sounds_there_is_nothing_to_play_and_no_script(judged):
    page = render_report(judged)
    assert "<audio" not in page
    assert "<script" not in page


def test_markup_in_what_was_said_is_shown_and_not_run(judged):
    evil = '<script>alert(1)</script> & "quotes"'
    first = judged.turns[0]
    line = Line(id="x", step="x", mood="<b>angry</b>", text=evil)
    said = replace(first.reply.final, transcript=replace(first.reply.final.transcript, text=evil))
    turn = replace(first, line=line, reply=replace(first.reply, final=said))
    page = render_report(replace(judged, turns=(turn,), trainee=evil, moods={"<i>": (0, 10)}))
    assert "<script" not in page
    assert "<b>angry" not in page
    assert "<i>" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_call_without_feedback_is_shown_without_a_score(sample):
    page = render_report(sample.sample_record())
    assert "of 100" not in page
    assert "The call, turn by turn" in page


def test_a_stopped_call_is_not_judged(sample):
    record = replace(sample.sample_record(), ending=Ending.STOPPED)
    page = render_report(replace(record, feedback=feedback(record, goals={}, caller="Megan Price")))
    assert "not judged" in page
    assert "of 100" not in page


def test_a_total_that_is_held_says_by_what(sample):
    record = sample.sample_record()
    first = record.turns[0]
    answer = sample.reply("You owe 62.", ["greeting", "vent", "disclosure"], start=first.reply.span.start)
    record = replace(record, turns=(replace(first, reply=answer), *record.turns[1:]))
    page = render_report(replace(record, feedback=feedback(record, goals={}, caller="Megan Price")))
    assert "The total is held at 49 of 100 by a critical mistake: account data too early." in page


def test_a_call_that_lost_no_point_says_so(judged):
    page = render_report(replace(judged, feedback=replace(judged.feedback, next_steps=())))
    assert "Nothing to change" in page


def test_a_phase_that_an_edited_record_leaves_out_is_not_judged(judged):
    phases = {phase: part for phase, part in judged.feedback.phases.items() if phase != "refocus"}
    page = render_report(replace(judged, feedback=replace(judged.feedback, phases=phases)))
    assert "Refocus" in page


def test_a_call_without_turns_has_a_page(sample):
    record = sample.call([], ending=Ending.STOPPED)
    assert "<h1>" in render_report(replace(record, feedback=feedback(record, goals={}, caller="x")))


def test_a_typed_call_has_no_delivery_and_no_times(sample):
    record = sample.call([(p, "Well?", sample.reply("Hello."), 6) for p in sample.Phase], sound=False)
    page = render_report(replace(record, feedback=feedback(record, goals={}, caller="x")))
    assert "How you sounded" not in page


def test_without_a_baseline_the_page_says_so(sample):
    record = sample.sample_record(baseline=None)
    assert "You have no baseline yet" in render_report(record)


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        ("took it twice", "You took it twice.", "took it twice"),
        ("TOOK it, twice", "You took it twice.", "took it twice"),
        ("nowhere", "You took it twice.", None),
        ("", "You took it twice.", None),
    ],
)
def test_a_quote_is_found_word_by_word(quote, text, found):
    place = place_of(quote, text)
    assert (text[slice(*place)] if place else None) == found


def test_overlapping_quotes_keep_the_text_whole(sample):
    text = sample.transcript("You took it twice from me")
    findings = [sample.finding(("vent", "took it twice"), text), sample.finding(("thank", "twice from"), text)]
    pieces = marked(text.text, findings)
    assert "".join(p.text for p in pieces) == text.text
    assert [p.numbers for p in pieces] == [(), (1,), (1, 2), (2,), ()]


def chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    pytest.skip("no Chromium: apt-get install chromium")


def complaints(page: str, folder: Path) -> tuple[str, list[str]]:
    """The page as Chromium builds it, and what it says on its console; the page's policy puts each request there."""
    browser = chromium()
    report = folder / "report.html"
    report.write_text(page, encoding="utf-8")
    flags = (
        "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
        "--disable-component-update --disable-sync --disable-default-apps --enable-logging=stderr --v=0"
    )
    alone = ["--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder / 'user'}"]
    done = subprocess.run(
        [browser, *flags.split(), *alone, "--dump-dom", report.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def test_chromium_shows_the_page_without_a_complaint_or_a_request(judged, sample, tmp_path):
    soundfile = pytest.importorskip("soundfile")

    def flac(samples: Samples) -> bytes:
        out = io.BytesIO()
        soundfile.write(out, samples, 16_000, format="FLAC", subtype="PCM_16")
        return out.getvalue()

    page = render_report(judged, sounds=sample.sounds(judged), encode=flac)
    shown, said = complaints(page, tmp_path)
    assert "Two things to change" in shown
    assert said == []


def test_chromium_would_complain_about_a_request(judged, tmp_path):
    """The check above is worth something: a picture from elsewhere is refused by the page's own policy."""
    page = render_report(judged).replace("</main>", '<img alt="" src="https://example.invalid/x.png"></main>')
    assert any("Content Security Policy" in line for line in complaints(page, tmp_path)[1])
