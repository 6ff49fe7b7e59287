"""How a caller reacts: what moves anger, which rule wins, which line is said."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from voicesim.call.answer import answer, open_call, wait
from voicesim.model import Delivery, Phase
from voicesim.script.load import load_script
from voicesim.script.model import When

SMALL = Path(__file__).parents[1] / "data" / "small.yaml"


@pytest.fixture
def opened(script):
    return open_call(script, seed=1)[0]


def deltas(influences):
    return {i.cause: i.delta for i in influences}


def test_the_first_line_fits_the_mood_the_call_starts_in(script):
    state, line = open_call(script, seed=1)
    assert (line.step, line.mood, state.anger, state.was_angry) == ("opening", "angry", 6, True)


def test_the_same_seed_says_the_same_lines(script, replied):
    def lines(seed):
        state, line = open_call(script, seed)
        said = [line.id]
        for _ in range(3):
            state, line, _ = answer(script, state, replied("vent"))
            said.append(line.id)
        return said

    assert lines(3) == lines(3)
    assert len({tuple(lines(seed)) for seed in range(20)}) > 1


@pytest.mark.parametrize(
    ("ids", "anger", "after"),
    [
        ((), 6, 6),
        (("acknowledge",), 6, 3),
        (("empathy",), 6, 4),
        (("empathy",), 4, 4),
        (("blame",), 5, 9),
        (("blame", "acknowledge"), 5, 6),
        (("acknowledge", "empathy", "apology"), 8, 5),
        (("blame", "dismiss"), 5, 9),
        (("vent",), 0, 0),
        (("greeting",), 6, 6),
    ],
)
def test_anger_moves_by_the_table_within_its_bounds(script, opened, replied, ids, anger, after):
    moved, _, influences = answer(script, replace(opened, anger=anger), replied(*ids))
    assert moved.anger == after
    assert sum(i.delta for i in influences) == after - anger


def test_what_was_held_back_is_told_as_a_reason_of_its_own(script, opened, replied):
    _, _, influences = answer(script, opened, replied("acknowledge", "empathy"))
    assert deltas(influences) == {"acknowledge": -3, "empathy": -2, "limit": 2}


def test_the_second_time_counts_less(script, opened, replied):
    state = opened
    seen = []
    for number in range(3):
        state, _, influences = answer(script, state, replied("acknowledge", text=str(number)))
        seen.append(deltas(influences)["acknowledge"])
        state = replace(state, anger=6)
    assert seen == [-3, -1, -1]


def test_the_same_words_a_second_time_do_nothing(script, opened, replied):
    state, _, _ = answer(script, opened, replied("acknowledge", text="so twenty euros"))
    _, _, influences = answer(script, replace(state, anger=6), replied("acknowledge", text="So, twenty euros!"))
    assert deltas(influences) == {"acknowledge": 0}


def test_a_finding_that_is_not_sure_moves_nothing_and_matches_no_rule(script, opened, replied):
    state, _, influences = answer(script, opened, replied("blame", "refer", sure=False))
    assert (state.anger, state.step, influences, dict(state.heard)) == (6, "opening", (), {})


def test_a_recital_lowers_nothing_and_matches_no_rule(script, opened, replied):
    phrases = ("empathy", "acknowledge", "apology", "assurance", "vent", "thank", "takeaway", "refer")
    state, _, influences = answer(script, opened, replied(*phrases, mentions=("20 euros",)))
    assert (state.anger, state.step) == (6, "opening")
    assert all("card" in i.rule for i in influences if i.cause in ("empathy", "assurance"))


def test_of_a_recital_the_mistakes_are_heard(script, opened, replied):
    step = script.steps["opening"]
    rule = replace(step.rules[0], when=When(reply_has=("jargon",)), go="offer")
    strict = replace(script, steps={**script.steps, "opening": replace(step, rules=(rule,))})
    phrases = ("empathy", "acknowledge", "apology", "assurance", "vent", "thank", "takeaway", "refer")
    assert answer(strict, opened, replied(*phrases))[0].step == "opening"
    assert answer(strict, opened, replied(*phrases, "jargon"))[0].step == "offer"


def test_the_first_rule_that_matches_wins(script, opened, replied):
    both = replied("refer", mentions=("20 euros",))
    assert answer(script, opened, both)[0].step == "offer"
    assert answer(script, opened, replied("refer"))[0].step == "passed_on"


def test_a_rule_may_ask_for_the_mood_after_the_reply(script, opened, replied):
    state, _, _ = answer(script, opened, replied(mentions=("20 euros",)))
    still_angry, _, _ = answer(script, state, replied(offers=("refund",)))
    assert still_angry.step == "offer"
    calm, _, _ = answer(script, state, replied("acknowledge", offers=("refund",)))
    assert calm.step == "thanks"


def test_the_third_reply_in_a_step_takes_then(script, opened, replied):
    state = opened
    steps = []
    for _ in range(3):
        state, _, _ = answer(script, state, replied())
        steps.append(state.step)
    assert steps == ["opening", "opening", "gives_up"]


def test_hanging_up_comes_before_any_rule(script, opened, replied):
    state, _, _ = answer(script, replace(opened, anger=8), replied("blame", mentions=("20 euros",)))
    assert (state.step, state.anger) == ("bye", 10)


def test_giving_up_comes_after_so_many_replies(script, opened, replied):
    state, _, _ = answer(script, replace(opened, turn=7, step="offer"), replied())
    assert state.step == "gives_up"


def test_no_line_comes_twice_running_where_there_are_two(script, opened, replied):
    state, seen = replace(opened, step="offer"), []
    for _ in range(6):
        state, line, _ = answer(script, state, replied())
        seen.append(line.id)
    assert all(a != b for a, b in pairwise(seen))


@pytest.mark.parametrize("seed", range(12))
def test_a_line_that_stands_twice_does_not_come_twice_running(replied, seed):
    script = load_script(SMALL.read_text().replace('["And now?",', '["And now?", "And now?",').encode(), "small.yaml")
    state = replace(open_call(script, seed)[0], step="offer")
    seen = []
    for _ in range(6):
        state, line, _ = answer(script, state, replied())
        seen.append(line.id)
    assert all(a != b for a, b in pairwise(seen))


def test_a_step_without_the_mood_says_its_nearest_ties_to_the_angrier(script, opened, replied):
    _, line, _ = answer(script, replace(opened, anger=1), replied("refer"))
    assert line.mood == "angry"


def test_answering_changes_nothing_that_was_given(script, opened, replied):
    before = replace(opened)
    answer(script, opened, replied("blame", "vent"))
    assert opened == before


def test_silences_anger_and_the_third_one_in_a_row_hangs_up(script, opened, replied):
    state, lines = opened, []
    for _ in range(3):
        state, line, influences = wait(script, state)
        lines.append(line)
        assert deltas(influences) == {"long_silence": 1}
    assert [line.text for line in lines[:2]] == ["Hello?", "Are you there?"]
    assert lines[2] is None
    assert (state.anger, state.silences) == (9, 3)


def test_a_reply_begins_the_count_of_silences_again(script, opened, replied):
    state, _, _ = wait(script, opened)
    state, _, _ = answer(script, state, replied())
    assert state.silences == 0


def tense(score):
    return Delivery(speech_s=4.0, tension=score, calibrated=True)


def test_delivery_moves_anger_on_the_mean_of_three_replies_once_a_phase(script, opened, replied):
    state, moved = replace(opened, step="offer", phase=Phase.SOLVE), []
    for _ in range(5):
        state, _, influences = answer(script, state, replied(delivery=tense(9.0)))
        moved.append(deltas(influences).get("tense_delivery"))
    assert moved == [None, None, 1, None, None]


def test_an_equal_tension_in_a_later_phase_moves_anger_again(script, opened, replied):
    state = replace(opened, step="offer", phase=Phase.SOLVE, tension=(9.0, 9.0, 9.0), settled=(Phase.CONTROL,))
    _, _, influences = answer(script, state, replied(delivery=tense(9.0)))
    assert deltas(influences) == {"tense_delivery": 1}


def test_an_uncalibrated_delivery_never_moves_anger(script, opened, replied):
    state = replace(opened, step="offer")
    for _ in range(4):
        state, _, influences = answer(script, state, replied(delivery=replace(tense(9.0), calibrated=False)))
        assert influences == ()


def test_a_calm_delivery_counts_only_after_the_caller_was_angry(script, opened, replied):
    state = replace(opened, step="offer", was_angry=False, anger=3)
    for _ in range(3):
        state, _, influences = answer(script, state, replied(delivery=tense(-9.0)))
    assert influences == ()
