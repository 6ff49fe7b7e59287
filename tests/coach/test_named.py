"""The tables of how likely a coach names a step, and names it first."""

from dataclasses import replace

import pytest

from voicesim.catalogue import CATALOGUE
from voicesim.coach.named import (
    AFTER_A_GOOD_END,
    AFTER_ANOTHER_END,
    ELSE,
    GUESSED,
    MISTAKE,
    NOT_OWED,
    POINTS,
    WANTED,
    Odds,
    Step,
    Table,
)
from voicesim.model import Moment

TABLES = [table for chances in (AFTER_A_GOOD_END, AFTER_ANOTHER_END) for table in (chances.named, chances.first)]
PLAIN = Table(
    chances={MISTAKE: 0.5, ELSE: 0.25, "blame": 0.6, "takeaway": 0.125},
    heavy=Odds(said=3.0, left=0.5),
    again=2.0,
    likely=1.0,
)


def step(kind, said=False, weight=0.0, again=0, likely=0.5):
    """A step that the tables know as a kind; what was said was as likely said as not."""
    moment = Moment(id=kind, turn=1, title="", quote=None, why="", source=None)
    return Step(moment=moment, weight=weight, mattered=True, kind=kind, again=again, said=said, likely=likely)


def odds(chance):
    return chance / (1 - chance)


@pytest.mark.parametrize("table", TABLES)
def test_every_kind_of_step_has_its_chance(table):
    kinds = {MISTAKE, NOT_OWED, WANTED, GUESSED, ELSE}
    assert kinds <= set(table.chances)
    assert set(table.chances) - kinds <= set(CATALOGUE)
    assert all(0 < likely < 1 for likely in table.chances.values())


@pytest.mark.parametrize(("kind", "said"), [("blame", True), ("takeaway", False)])
def test_what_went_on_counts_up_to_three_replies(kind, said):
    told = [PLAIN.of(step(kind, said, again=replies)) for replies in range(5)]
    assert told[0] == pytest.approx(PLAIN.chances[kind])
    assert told[0] < told[1] < told[2] < told[3] == told[4] < 1


@pytest.mark.parametrize(("kind", "said", "times"), [("blame", True, 3.0), ("takeaway", False, 0.5)])
def test_what_a_step_weighs_multiplies_its_odds_for_what_was_said_and_what_was_left_out(kind, said, times):
    light, heavy = (odds(PLAIN.of(step(kind, said, weight=weight * POINTS))) for weight in (0.0, 2.0))
    assert heavy == pytest.approx(light * times**2)


def test_a_mistake_is_likelier_named_the_likelier_it_was_said():
    told = [PLAIN.of(step("blame", said=True, likely=likely)) for likely in (0.0, 0.3, 0.5, 0.9, 1.0)]
    assert told == sorted(told)
    assert told[2] == pytest.approx(0.6)
    assert odds(told[3]) == pytest.approx(odds(0.6) * 9)
    assert 0 < told[0] < told[-1] < 1


def test_how_likely_it_was_said_is_nothing_to_what_was_left_out():
    assert PLAIN.of(step("takeaway", likely=0.9)) == PLAIN.of(step("takeaway", likely=0.1))
    assert replace(PLAIN, likely=3.0).of(step("takeaway")) == PLAIN.of(step("takeaway"))


def test_what_no_coach_could_name_yet_is_as_likely_as_its_like():
    assert PLAIN.of(step("hold_asked")) == pytest.approx(PLAIN.chances[ELSE])
    assert PLAIN.of(step("interrupt", said=True)) == pytest.approx(PLAIN.chances[MISTAKE])
