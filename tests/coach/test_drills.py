"""Drills: what is right, which line is asked, when it is due again, and which drill comes next."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from voicesim.catalogue import CATALOGUE
from voicesim.coach.advice import advice
from voicesim.coach.bank import Bank
from voicesim.coach.drills import DRILLS, Prompt, choose, command_of, drill_for, due, judged, judged_pace, prompts_for
from voicesim.coach.practised import Practised
from voicesim.model import Finding, Kind, Phase
from voicesim.wiring.bank import shipped_bank

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def run(day, right, items=5, drill="apology"):
    at = START + timedelta(days=day)
    return Practised(at_utc=at.isoformat(), drill=drill, items=items, right=right, seconds=100.0)


def found(finding_id, sure=True):
    return Finding(kind=CATALOGUE[finding_id].kind, id=finding_id, quote="words", sure=sure)


def prompt(script="a", line="1", text="You took my money twice.", **values):
    return Prompt(
        **{"script": script, "line": line, "text": text, "mood": "angry", "anger": 7}
        | {"phase": Phase.CONTROL}
        | values
    )


def test_an_answer_with_the_technique_and_no_mistake_is_right():
    assert judged(DRILLS["apology"], [found("apology"), found("thank")]).right


@pytest.mark.parametrize("mistake", [row.id for row in CATALOGUE.values() if row.kind is Kind.MISTAKE])
def test_no_answer_with_a_mistake_is_right(mistake):
    verdict = judged(DRILLS["apology"], [found("apology"), found(mistake)])
    assert (verdict.right, [f.id for f in verdict.hurt], verdict.counts) == (False, [mistake], True)


def test_doubt_counts_neither_for_nor_against_anybody():
    verdict = judged(DRILLS["apology"], [found("apology", sure=False), found("blame", sure=False)])
    assert (verdict.right, verdict.counts, verdict.hurt) == (False, False, ())


def test_an_answer_without_the_technique_is_not_right_and_counts():
    verdict = judged(DRILLS["apology"], [found("thank")])
    assert (verdict.right, verdict.counts) == (False, True)


@pytest.mark.parametrize(
    ("rate_sps", "words", "right", "counts"),
    [
        (4.5, 9, True, True),
        (4.9, 9, True, True),
        (5.1, 9, False, True),
        (3.9, 9, False, True),
        (4.5, 8, True, True),
        (4.5, 7, False, False),
    ],
)
def test_pace_is_right_within_a_tenth_of_the_own_rate(rate_sps, words, right, counts):
    verdict = judged_pace(rate_sps, 4.5, words)
    assert (verdict.right, verdict.counts) == (right, counts)
    assert "baseline" not in (verdict.why or "") and verdict.why


@pytest.mark.parametrize(("rate_sps", "told"), [(5.4, ": 20% faster"), (3.6, ": 20% slower")])
def test_it_is_told_how_far_a_pace_was_off_and_to_which_side(rate_sps, told):
    assert judged_pace(rate_sps, 4.5, 9).why.endswith(told)


def test_pace_that_could_not_be_measured_does_not_count():
    assert not judged_pace(None, 4.5, 20).counts


def test_every_drill_asks_for_known_techniques_and_has_advice_and_better_replies():
    bank: Bank = shipped_bank()
    for drill in DRILLS.values():
        assert set(drill.any_of) <= CATALOGUE.keys()
        for technique in drill.any_of:
            assert advice(technique).why
        assert drill.needs_sound or bank.patterns(drill.any_of[0])


def test_every_mistake_in_words_has_a_drill():
    """What a trainee says and hurts can be practised; speaking over somebody and silence cannot be done by typing."""
    mistakes = [row.id for row in CATALOGUE.values() if row.kind is Kind.MISTAKE]
    assert [one for one in mistakes if drill_for(one) is None] == ["interrupt"]
    assert all(command_of(drill) == f"voicesim drill {drill}" for drill in DRILLS)


def test_lines_are_those_that_the_drill_is_for():
    there = [
        prompt(line="calm", mood="calm", anger=1),
        prompt(line="abuse", abuse=True, text="You are all useless idiots there."),
        prompt(line="short", text="And?"),
        prompt(line="owned", owned=True),
        prompt(line="late", phase=Phase.SOLVE),
        prompt(line="mild", anger=4),
    ]

    def ids(drill):
        return {p.line for p in prompts_for(DRILLS[drill], there, seed=1)}

    assert ids("apology") == {"owned"}
    assert ids("set_limit") == {"abuse"}
    assert ids("acknowledge") == {"owned", "mild"}
    assert ids("empathy") == {"owned"}


def test_lines_come_in_another_order_each_run_and_no_script_twice_running():
    there = [prompt(script=s, line=f"{s}{n}") for s in "abc" for n in range(4)]
    first, again, other = (prompts_for(DRILLS["acknowledge"], there, seed=seed) for seed in (1, 1, 2))
    assert first == again != other
    assert len(set(first)) == 12
    assert all(a.script != b.script for a, b in pairwise(first[:9]))


@pytest.mark.parametrize(
    ("runs", "days"),
    [
        ([run(0, 5)], 1),
        ([run(0, 5), run(1, 4)], 3),
        ([run(0, 5), run(1, 4), run(4, 5), run(11, 5)], 14),
        ([run(0, 5), run(1, 4), run(4, 5), run(11, 5), run(25, 5)], 14),
        ([run(0, 5), run(0.01, 5), run(0.02, 5)], 1),
        ([run(0, 5), run(1, 4), run(4, 3)], 3),
        ([run(0, 5), run(1, 4), run(4, 2)], 1),
        ([run(0, 5), run(1, 4), run(4, 2, items=4)], 3),
        ([run(0, 5), run(1, 2, items=2)], 1),
        ([run(0, 3, items=3), run(1, 3, items=3)], 3),
    ],
    ids=[
        *("first", "good", "up to 14", "stays at 14", "cramming", "middling stays", "poor goes back", "half stays"),
        *("too few", "just enough"),
    ],
)
def test_the_days_until_a_drill_is_due_follow_the_results(runs, days):
    date = due(runs, "apology")
    counted = [one for one in runs if one.items >= 3]
    assert (date.days, date.at) == (days, counted[-1].at + timedelta(days=days))


def test_a_drill_without_a_run_has_no_date():
    assert due([run(0, 5, drill="refocus")], "apology") is None


def test_the_weak_spot_comes_first_unless_it_is_not_due_yet():
    now = START + timedelta(hours=1)
    weak = [("apology", "it cost most"), ("refocus", "it cost next most")]
    assert choose([], weak, now).drill == "apology"
    assert choose([run(0, 5)], weak, now) == choose([run(0, 5)], weak[1:], now)
    assert choose([run(0, 5)], weak, now).why == "it cost next most"


def test_then_comes_what_has_been_due_longest_then_something_new():
    log = [run(0, 5), run(1, 5, drill="refocus")]
    late = choose(log, [], START + timedelta(days=4))
    assert (late.drill, late.why) == ("apology", "it has been due for 3 days")
    new = choose(log, [], START + timedelta(hours=25, minutes=-90))
    assert new.drill == "acknowledge"
    assert "not tried" in new.why


def test_with_everything_practised_the_next_date_is_told():
    log = [run(0, 5, drill=drill) for drill in DRILLS]
    assert "nothing is due" in choose(log, [], START + timedelta(hours=1)).why


def test_pace_is_never_chosen_as_it_needs_sound_and_a_baseline():
    log = [run(0, 5, drill="pace"), run(5, 5, drill="apology")]
    assert choose(log, [("pace", "it cost most")], START + timedelta(days=9)).drill == "apology"
