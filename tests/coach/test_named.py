"""The tables of how likely a coach names a step, and names it first."""

from dataclasses import replace

import pytest

from voicesim.catalogue import CATALOGUE
from voicesim.coach.named import (
    BY_A_GOOD_END,
    CHANCES,
    ELSE,
    GUESSED,
    IN_DOUBT,
    MISTAKE,
    NOT_OWED,
    PLAIN,
    PLAIN_WORDS,
    SAID,
    WANTED,
)
from voicesim.model import Kind


def test_every_kind_of_step_has_its_chance():
    kinds = {MISTAKE, IN_DOUBT, NOT_OWED, WANTED, GUESSED, PLAIN_WORDS, ELSE, "verify_identity, good end"}
    assert kinds <= set(CHANCES.named)
    assert set(CHANCES.named) - kinds - set(BY_A_GOOD_END.values()) <= set(CATALOGUE)
    assert set(CHANCES.first) - {ELSE} <= set(CATALOGUE)
    assert all(CATALOGUE[one].kind is Kind.MISTAKE for one in PLAIN)
    assert all(0 < likely < 1 for table in (CHANCES.named, CHANCES.first) for likely in table.values())


@pytest.mark.parametrize("kind", CHANCES.named)
def test_what_went_on_counts_up_to_three_replies_and_a_good_end_by_its_own_odds(kind):
    table = replace(CHANCES, again_odds=2.0, good_end_said=3.0, good_end_left=0.5)
    told = [table.of(kind, replies, good_end=False) for replies in range(5)]
    assert told[0] == pytest.approx(CHANCES.named[kind])
    assert told[0] < told[1] < told[2] < told[3] == told[4] < 1
    assert (table.of(kind, 0, good_end=True) > told[0]) == (kind in SAID)


def test_the_heavier_of_two_alike_comes_first():
    light, heavy = (CHANCES.of_first("blame", MISTAKE, weight) for weight in (0.0, 20.0))
    assert light == pytest.approx(CHANCES.first["blame"])
    assert heavy > light


def test_what_no_coach_could_name_yet_is_anything_else():
    assert CHANCES.of("hold_asked", 0, good_end=False) == pytest.approx(CHANCES.named[ELSE])
    assert CHANCES.of_first("hold_asked", "hold_asked", 0.0) == pytest.approx(CHANCES.first[ELSE])
