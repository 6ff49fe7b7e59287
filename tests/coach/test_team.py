"""A team's figures: only of five trainees or more, and nothing that can be subtracted to fewer."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from voicesim.coach.team import FEWEST, Run, TeamCall, parts_shown, team, team_call
from voicesim.model import Ending, Feedback, Moment, Phase, ScorePart


def call(who, caller="late", total=50, **more):
    values = {"run": Run.PRACTICE, "ending": Ending.RESOLVED, "missed": frozenset()}
    return TeamCall(who=who, caller=caller, total=total, **values | more)


def crowd(number, **more):
    return [call(f"t{one}", **more) for one in range(number)]


def test_fewer_than_five_trainees_show_nothing_however_many_calls_they_have():
    calls = [call(f"t{one % 4}", total=one) for one in range(40)]
    assert (team(calls).whole, team(calls).callers) == (None, {})
    assert team([]).group() is None
    assert team(crowd(5)).group() is not None


def test_the_figures_count_each_trainee_once_and_calls_by_ending_and_technique():
    calls = [call("a", total=100, missed=frozenset({"vent"})) for _ in range(6)]
    calls += [call(name, total=50, ending=Ending.HUNG_UP, missed=frozenset({"vent", "thank"})) for name in "bcde"]
    found = team(calls).group()
    assert (found.trainees, found.calls, found.mean, found.spread) == (5, 10, 60, 20)
    assert found.endings == ((Ending.RESOLVED, 6), (Ending.HUNG_UP, 4))
    assert found.missed == (("vent", 10), ("thank", 4))


def test_a_caller_with_fewer_than_five_trainees_is_not_shown_and_neither_is_what_would_tell_it():
    """All minus 'late' would be the two calls with 'rude': so 'late' is not shown beside all either."""
    calls = [*crowd(7), call("t0", "rude", 3), call("t1", "rude", 5)]
    found = team(calls)
    assert found.group().calls == 9
    assert (found.group("rude"), found.group("late"), found.hidden) == (None, None, True)


def test_callers_are_shown_where_what_is_left_has_five_trainees_or_no_call():
    whole = team([*crowd(5), *crowd(6, caller="rude")])
    assert (set(whole.callers), whole.hidden) == ({"late", "rude"}, False)
    left = team([*crowd(8), *crowd(3, caller="rude"), *(call(f"u{n}", "loud") for n in range(2))])
    assert (set(left.callers), left.hidden) == ({"late"}, True)


def test_kinds_of_run_are_shown_under_the_same_rule_and_never_across_callers():
    calls = [*crowd(6), *crowd(5, run=Run.OFFICIAL), *crowd(5, caller="rude"), call("t0", "rude", run=Run.OFFICIAL)]
    found = team(calls)
    assert found.group("late", Run.OFFICIAL).trainees == 5
    assert found.group("rude", Run.OFFICIAL) is None
    assert found.group("rude", Run.PRACTICE) is None
    assert found.group(None, Run.OFFICIAL) is None
    assert found.group("nobody") is None


@pytest.mark.parametrize("seed", range(60))
def test_whatever_is_added_and_subtracted_never_leaves_fewer_than_five(seed):
    """Every atom of the algebra of the shown groups, which makes up whatever they can be combined to, has five."""
    rng = np.random.default_rng(seed)
    runs, size = list(Run), int(rng.integers(1, 60))
    calls = [
        call(f"t{rng.integers(1, 14)}", f"c{rng.integers(0, 5) * rng.integers(0, 2)}", run=runs[rng.integers(0, 2)])
        for _ in range(size)
    ]
    found = team(calls)
    groups = [set(range(size))] if found.whole else []
    for caller in found.callers:
        its = {n for n, one in enumerate(calls) if one.caller == caller}
        groups.append(its)
        groups += [{n for n in its if calls[n].run is run} for run in found.callers[caller].runs]
    atoms = {}
    for number in range(size):
        atoms.setdefault(tuple(number in group for group in groups), []).append(number)
    fewest = [len({calls[n].who for n in atom}) for inside, atom in atoms.items() if any(inside)]
    assert all(number >= FEWEST for number in fewest), fewest
    differences = [a - b for a, b in product(groups, repeat=2) if a - b]
    assert all(len({calls[n].who for n in rest}) >= FEWEST for rest in differences)


def test_the_smallest_part_is_hidden_first():
    calls = [*crowd(9), *crowd(6, caller="rude"), *crowd(1, caller="loud")]
    assert set(parts_shown(calls, lambda one: one.caller)) == {"late"}


def test_a_call_that_is_not_judged_counts_nowhere(sample):
    record = replace(sample.sample_record(), feedback=None)
    assert team_call(record, "Ann") is None
    missed = Moment(id="empathy", turn=None, title="", quote=None, why="", points=0, of=6, phase=Phase.CONTROL)
    earned = replace(missed, id="vent", criterion="vent", points=6)
    given = Feedback(total=60, phases={Phase.CONTROL: ScorePart(points=6, of=12)}, moments=(missed, earned), rubric="1")
    found = team_call(replace(record, feedback=given, official=True), " Ann  LEE ")
    assert (found.who, found.run, found.total, found.missed) == ("ann lee", Run.OFFICIAL, 60, {"empathy"})
    assert team_call(replace(record, feedback=given, ending=Ending.STOPPED), "Ann") is None
