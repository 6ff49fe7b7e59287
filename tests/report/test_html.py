import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pytest

from voicesim.coach.score import feedback
from voicesim.model import Ending, Line, Moment, Samples
from voicesim.report.html import render_report
from voicesim.report.marking import marked, place_of
from voicesim.wiring.rubrics import default_rubric

BRIEFING = {"you_are": "Sam, customer accounts", "you_see": ["two payments of 62 pounds"], "may_offer": {"refund": []}}
VOID = {"meta", "link", "br", "input", "circle", "rect", "line", "path", "polyline"}


def fake_flac(samples: Samples) -> bytes:
    return b"fLaC" + np.int16(samples[:8] * 100).tobytes()


@pytest.fixture
def judged(sample):
    record = sample.sample_record()
    return replace(
        record, feedback=feedback(record, goals=sample.GOALS, rubric=default_rubric(), adviser=sample.adviser())
    )


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
    drawings = [d for d in Outline(page).drawings if d.get("aria-hidden") != "true"]
    assert len(drawings) > 4
    assert all(d["role"] == "img" and d["aria-label"] for d in drawings)


def test_what_went_well_comes_first_then_two_things_then_the_evidence(page):
    parts = ("well", "change", "score", "anger", "call", "delivery", "points", "open", "sources", "made")
    places = [page.index(f'<h2 id="{part}">') for part in parts]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "told",
    [
        "Billed twice for one month of broadband",
        "the caller went from angry (7) to calm (1)",
        "<strong>81</strong> of 100",
        "You told the caller to calm down",
        "Little and others 2013, grade A</a>",
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
    plain = re.sub("</?span[^>]*>", "", page)
    assert '<mark class="mistake">you need to calm down</mark>' in plain
    assert '<mark class="unsure">I am sorry</mark>' in plain


def test_each_word_knows_when_it_was_spoken(judged, page):
    first = judged.turns[1].reply.final.transcript.words[0]
    assert f'<span class="w" data-at="{first.span.start_s:.2f}" data-to="{first.span.end_s:.2f}">Okay</span>' in page
    assert page.count('class="w"') == sum(len(t.reply.final.transcript.words) for t in judged.turns if t.reply)


def test_the_call_is_encoded_once_with_both_channels_and_never_clips_over(judged, sample):
    encoded = []
    loud = {name: np.full_like(s, 0.8) for name, s in sample.sounds(judged).items()}
    page = render_report(judged, sounds=loud, encode=lambda s: encoded.append(s) or b"x")
    assert [float(np.abs(whole).max()) for whole in encoded] == [1.0]
    assert page.count("<audio ") == 1


def test_without_its_sound_the_page_is_small(judged, sample):
    page = render_report(judged, briefing=BRIEFING, sounds=sample.sounds(judged), encode=fake_flac)
    assert len(page.encode()) < 1_500_000 / 4


def test_sounds_without_an_encoder_are_refused(judged, sample):
    with pytest.raises(TypeError, match="encode"):
        render_report(judged, sounds=sample.sounds(judged))


def test_without_sounds_there_is_nothing_to_play(judged):
    page = render_report(judged)
    assert "<audio" not in page
    assert "data-play" not in page.split("<script>")[0]


def test_only_the_page_s_own_script_and_style_may_run(page):
    policy = re.search('Content-Security-Policy" content="([^"]+)"', page)[1]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none';")
    for name in ("script", "style"):
        inside = re.findall(f"<{name}>(.*?)</{name}>", page, re.DOTALL)
        assert len(inside) == 1
        digest = b64encode(sha256(inside[0].encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy
    assert not re.search(r'<[^>]*\s(?:style|on\w+)="', re.sub("(?s)<script>.*?</script>", "", page))


def test_markup_in_what_was_said_is_shown_and_not_run(judged):
    evil = '<script>alert(1)</script> & "quotes"'
    first = judged.turns[0]
    line = Line(id="x", step="x", mood="<b>angry</b>", text=evil)
    said = replace(first.reply.final, transcript=replace(first.reply.final.transcript, text=evil))
    turn = replace(first, line=line, reply=replace(first.reply, final=said))
    page = render_report(replace(judged, turns=(turn,), trainee=evil, moods={"<i>": (0, 10)}))
    assert page.count("<script") == 1
    assert "<b>angry" not in page
    assert "<i>" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_call_without_feedback_is_shown_without_a_score(sample):
    page = render_report(sample.sample_record())
    assert "of 100" not in page
    assert "The call, turn by turn" in page


def test_a_stopped_call_is_not_judged(sample):
    record = replace(sample.sample_record(), ending=Ending.STOPPED)
    page = render_report(
        replace(record, feedback=feedback(record, goals={}, rubric=default_rubric(), adviser=sample.adviser()))
    )
    assert "not judged" in page
    assert "of 100" not in page


def test_a_total_that_is_held_says_by_what(sample):
    record = sample.sample_record()
    first = record.turns[0]
    answer = sample.reply("You owe 62.", ["greeting", "vent", "disclosure"], start=first.reply.span.start)
    record = replace(record, turns=(replace(first, reply=answer), *record.turns[1:]))
    page = render_report(
        replace(record, feedback=feedback(record, goals={}, rubric=default_rubric(), adviser=sample.adviser()))
    )
    assert "The total is held at 49 of 100 by a critical mistake: account data too early." in page


def test_a_moment_says_when_its_causes_were_held_in_their_bounds(judged):
    moment = Moment(id="temper", turn=3, title="You owned it", quote=None, why="It helps.", effect=-4)
    page = render_report(replace(judged, feedback=replace(judged.feedback, key_moments=(moment,))))
    assert "Anger −4</strong>: saying the facts back −2, naming the feeling −2; no more in one reply." in page


def test_what_several_turns_did_is_not_told_as_one_turns(judged):
    moment = Moment(id="first_words", turn=1, title="A greeting", quote=None, why="It helps.", effect=3)
    page = render_report(replace(judged, feedback=replace(judged.feedback, key_moments=(moment,))))
    assert "Anger +3</strong> over these turns." in page


def test_a_call_that_lost_no_point_says_so(judged):
    page = render_report(replace(judged, feedback=replace(judged.feedback, next_steps=())))
    assert "Nothing to change" in page


def test_a_phase_that_an_edited_record_leaves_out_is_not_judged(judged):
    phases = {phase: part for phase, part in judged.feedback.phases.items() if phase != "refocus"}
    page = render_report(replace(judged, feedback=replace(judged.feedback, phases=phases)))
    assert "Refocus" in page


def test_a_call_without_turns_has_a_page(sample):
    record = sample.call([], ending=Ending.STOPPED)
    assert "<h1>" in render_report(
        replace(record, feedback=feedback(record, goals={}, rubric=default_rubric(), adviser=sample.adviser()))
    )


def test_a_typed_call_has_no_delivery_and_no_times(sample):
    record = sample.call([(p, "Well?", sample.reply("Hello."), 6) for p in sample.Phase], sound=False)
    page = render_report(
        replace(record, feedback=feedback(record, goals={}, rubric=default_rubric(), adviser=sample.adviser()))
    )
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
