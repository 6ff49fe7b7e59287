"""The tables of how likely a coach names a step, and names it first."""

from dataclasses import replace

import pytest

from voicesim.catalogue import CATALOGUE
from voicesim.coach.named import BY_A_GOOD_END, CHANCES, ELSE, GUESSED, MISTAKE, NOT_OWED, POINTS, WANTED, Odds, Step
from voicesim.model import Moment


def step(name, kind, weight=0.0, again=0):
    """A step of an id that the tables know as a kind."""
    moment = Moment(id=name, turn=1, title="", quote=None, why="", source=None)
    return Step(moment=moment, weight=weight, mattered=True, kind=kind, again=again)


def test_every_kind_of_step_has_its_chance():
    kinds = {MISTAKE, NOT_OWED, WANTED, GUESSED, ELSE, "verify_identity, good end"}
    assert kinds <= set(CHANCES.named)
    assert set(CHANCES.named) - kinds - set(BY_A_GOOD_END.values()) <= set(CATALOGUE)
    assert set(CHANCES.first) - {ELSE} <= set(CATALOGUE)
    assert all(0 < likely < 1 for table in (CHANCES.named, CHANCES.first) for likely in table.values())


@pytest.mark.parametrize("kind", CHANCES.named)
def test_what_went_on_counts_up_to_three_replies_and_a_good_end_by_its_own_odds(kind):
    table = replace(CHANCES, again=2.0, good_end=Odds(said=3.0, left=0.5))
    told = [table.of(step("blame", kind, again=replies), good_end=False) for replies in range(5)]
    assert told[0] == pytest.approx(CHANCES.named[kind])
    assert told[0] < told[1] < told[2] < told[3] == told[4] < 1
    assert (table.of(step("blame", kind), good_end=True) > told[0]) == (kind == MISTAKE)


@pytest.mark.parametrize(("kind", "times"), [(MISTAKE, 3.0), ("takeaway", 0.5)])
def test_what_a_step_weighs_multiplies_its_odds_for_what_was_said_and_what_was_left_out(kind, times):
    table = replace(CHANCES, heavy=Odds(said=3.0, left=0.5), first_heavy=Odds(said=3.0, left=0.5))
    light, heavy = step("blame", kind), step("blame", kind, weight=2.0 * POINTS)
    for before, after in (
        (table.of(light, good_end=False), table.of(heavy, good_end=False)),
        (table.of_first(light), table.of_first(heavy)),
    ):
        assert after / (1 - after) == pytest.approx(before / (1 - before) * times**2)


def test_the_heavier_of_two_alike_comes_first():
    light, heavy = (CHANCES.of_first(step("blame", MISTAKE, weight=weight)) for weight in (0.0, 20.0))
    assert light == pytest.approx(CHANCES.first["blame"])
    assert heavy > light


def test_what_no_coach_could_name_yet_is_anything_else():
    unknown = step("hold_asked", "hold_asked")
    assert CHANCES.of(unknown, good_end=False) == pytest.approx(CHANCES.named[ELSE])
    assert CHANCES.of_first(unknown) == pytest.approx(CHANCES.first[ELSE])
