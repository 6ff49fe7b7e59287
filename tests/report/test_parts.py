"""The parts of the page by themselves: the axis, waveforms, branches and attempts."""

import re
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from voicesim.model import RATE_HZ, Branch, Change, Ending, OverlapKind, Phase, Span, WhatIf
from voicesim.report.attempts import tried
from voicesim.report.axis import Axis, end_of, reply_span, spoken
from voicesim.report.html import render_report
from voicesim.report.marking import marked
from voicesim.report.peaks import peaks
from voicesim.report.timeline import strip, timeline
from voicesim.report.what_if import branches_chart, changed_how, what_ifs
from voicesim.report.worded import worded_replies

# -- one axis ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "step"), [(1, "0:05"), (5, "0:30"), (30, "2:00"), (200, "10:00")])
def test_numbers_of_the_axis_have_room_however_long_the_call(minutes, step):
    ticks = Axis(left=30, right=1000, end=minutes * 60 * RATE_HZ).ticks()
    assert ticks[1][1] == step
    assert min(b - a for (a, _), (b, _) in pairwise(ticks)) >= 40


def test_a_time_after_the_end_stays_inside():
    axis = Axis(left=30, right=1000, end=RATE_HZ)
    assert axis.x(5 * RATE_HZ) == 1000


def test_a_typed_call_has_no_times(sample):
    typed = sample.call([(Phase.CONTROL, "Well?", None, 7)], sound=False)
    assert not spoken(typed)
    assert end_of(sample.sample_record()) > 60 * RATE_HZ


def test_a_reply_begins_with_a_word_that_voice_activity_came_too_late_for(sample):
    turn = sample.sample_record().turns[0]
    late = replace(turn.reply, span=Span(start=turn.reply.span.start + 4000, end=turn.reply.span.end))
    assert reply_span(replace(turn, reply=late)) == reply_span(turn)


# -- the drawing ------------------------------------------------------------------------------------------------------


def test_all_that_is_drawn_lies_on_one_axis(sample):
    record = sample.sample_record()
    drawn = timeline(record, width=1014, sounds=sample.sounds(record))
    axis = Axis(left=30, right=956, end=end_of(record))
    reply = reply_span(record.turns[1])
    assert f'x1="{axis.x(reply.start)}" x2="{axis.x(reply.end)}"' in drawn
    assert f"H{axis.x(reply.end)}V" in drawn
    assert f'data-end="{end_of(record) / RATE_HZ:.2f}"' in drawn
    strokes = re.findall(r'class="wave trainee" d="([^"]+)"', drawn)[0]
    loud = [float(x) for x, reach in re.findall(r"M([\d.]+) [\d.]+v(\d+)", strokes) if int(reach) > 20]
    assert axis.x(record.turns[0].reply.span.start) == pytest.approx(loud[0], abs=2)


def test_each_lane_names_its_unit_and_each_kind_of_overlap_has_its_sign(sample):
    drawn = timeline(sample.sample_record(), width=1014)
    for told in ("0 to 10", "syllables a second", "dB; dashed: your baseline", "✕ you cut in", "the caller above"):
        assert told in drawn


def test_without_delivery_no_lane_speaks_of_it(sample):
    record = sample.sample_record()
    turns = tuple(replace(t, reply=replace(t.reply, delivery=None) if t.reply else None) for t in record.turns)
    drawn = timeline(replace(record, turns=turns, baseline=None), width=1014)
    assert "syllables" not in drawn
    assert "loudness" not in drawn


def test_without_a_baseline_loudness_says_so(sample):
    assert "dBFS (no baseline)" in timeline(sample.sample_record(baseline=None), width=1014)


def test_overlaps_are_drawn_where_they_were(sample):
    record = sample.sample_record()
    overlap = record.turns[1].reply.overlaps[0]
    assert overlap.kind is OverlapKind.INTERRUPTION
    axis = Axis(left=30, right=956, end=end_of(record))
    assert f'class="both" x1="{axis.x(overlap.span.start)}"' in timeline(record, width=1014)


def test_the_strip_is_there_for_a_typed_call_too(sample):
    typed = sample.call([(p, "Well?", sample.reply("Hello."), 6) for p in Phase], sound=False)
    assert "7 at the start, 7 at most, 6 at the end" in strip(typed, width=328, marks=[(1, 2)])
    assert strip(replace(typed, turns=()), width=328) == ""


# -- waveforms --------------------------------------------------------------------------------------------------------


def test_a_peak_is_the_loudest_sample_of_its_pixel():
    channel = np.zeros(1000, np.float32)
    channel[250:500] = 0.5
    channel[777] = -0.25
    found = peaks(channel, 1000, 10)
    assert found == (0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.5, 0.0, 0.0)


@pytest.mark.parametrize(("samples", "length", "pixels"), [(0, 1000, 10), (10, 1000, 10), (5000, 1000, 10), (3, 3, 10)])
def test_a_channel_of_any_length_fills_the_pixels(samples, length, pixels):
    assert len(peaks(np.full(samples, 0.1, np.float32), length, pixels)) == pixels


# -- words ------------------------------------------------------------------------------------------------------------


def test_words_keep_their_times_inside_marks_and_the_text_stays_whole(sample):
    text = sample.transcript("Well, you took it twice from me.")
    pieces = marked(text.text, [sample.finding(("vent", "took it twice"), text)], text.words)
    bits = [bit for piece in pieces for bit in piece.bits]
    assert "".join(bit.text for bit in bits) == text.text
    assert [(b.text, b.span) for b in bits if b.span] == [(w.text, w.span) for w in text.words]


def test_a_word_that_is_not_in_the_text_is_left_out(sample):
    text = sample.transcript("one two three")
    pieces = marked("one three", [], text.words)
    assert [b.text for b in pieces[0].bits if b.span] == ["one", "three"]


# -- what if and attempts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "ids", "told"),
    [
        (Change.AS_GIVEN, (), "as you said it"),
        (Change.WITHOUT, ("command_calm", "interrupt"), "without telling the caller to calm down and speaking over"),
        (Change.WITH, ("62 pounds",), "with “62 pounds”"),
    ],
)
def test_a_branch_says_what_is_different(change, ids, told):
    assert changed_how(Branch(change=change, ids=ids, path=(), anger=())).startswith(told)


def test_branches_that_end_at_one_place_keep_their_letters_apart():
    same = [Branch(change=c, ids=(), path=("a", "b"), anger=(6, 0), ending=Ending.RESOLVED) for c in Change]
    places = re.findall(r'class="letter" x="([\d.]+)" y="([\d.]+)"', branches_chart(same, width=300))
    assert len(set(places)) == 3


def test_an_ending_that_was_not_reached_says_where_the_call_goes_on(sample):
    record = sample.sample_record()
    point = Branch(change=Change.WITH, ids=("empathy",), path=("a",), anger=(6,), goes_on_at="how_much")
    shown = what_ifs(replace(record, what_if=(_what_if(2, point),)))
    assert "goes on at the step “how much”" in shown[0].branches[0].ends


def _what_if(turn, *branches):
    return WhatIf(turn=turn, branches=branches)


def attempt(sample, record, n, anger, by="headset"):
    state = record.turns[1].before
    return SimpleNamespace(
        turn=2,
        n=n,
        by=by,
        reply=sample.reply(f"try {n}"),
        before=state,
        after=replace(state, anger=anger),
        influences=(),
    )


@pytest.mark.parametrize(
    ("angers", "names"),
    [
        ([3, 8, 5], ["first: in the call", "best: attempt 1", "last: attempt 3"]),
        ([3], ["first: in the call", "best and last: attempt 1"]),
        ([10, 10], ["first: in the call", "best and last: attempt 2"]),
    ],
)
def test_first_best_and_last_stand_side_by_side(sample, angers, names):
    record = sample.sample_record()
    found = tried(record, [attempt(sample, record, n, anger) for n, anger in enumerate(angers, 1)])
    assert [column.name for column in found[0].columns] == names


def test_a_reply_taken_back_in_the_call_comes_before_the_one_that_stayed(sample):
    record = sample.sample_record()
    found = tried(record, [attempt(sample, record, 1, 10, by="in_call"), attempt(sample, record, 2, 4)])
    assert [c.name for c in found[0].columns] == ["first: taken back (1)", "best and last: attempt 2"]


def test_an_attempt_at_a_turn_that_is_not_there_is_left_out(sample):
    record = sample.sample_record()
    gone = attempt(sample, record, 1, 3)
    gone.turn = 40
    assert tried(record, [gone]) == ()


def test_the_page_shows_attempts_and_wording(sample):
    record = sample.sample_record()
    page = render_report(record, attempts=[attempt(sample, record, 1, 3)])
    assert "Best and last: attempt 1" in page
    assert "How you worded it" in page
    assert dict(worded_replies(record)[1].rows)["wording"].startswith("15 words")
