"""The table of how likely a coach names a step."""

import pytest

from voicesim.catalogue import CATALOGUE
from voicesim.coach.named import (
    BY_A_GOOD_END,
    ELSE,
    GUESSED,
    IN_DOUBT,
    MISTAKE,
    NAMED,
    NOT_OWED,
    PLAIN,
    PLAIN_WORDS,
    WANTED,
    chance,
)
from voicesim.model import Kind


def test_every_kind_of_step_has_its_chance():
    kinds = {MISTAKE, IN_DOUBT, NOT_OWED, WANTED, GUESSED, PLAIN_WORDS, ELSE, *BY_A_GOOD_END.values()}
    assert kinds <= set(NAMED)
    assert all(CATALOGUE[one].kind is Kind.MISTAKE for one in PLAIN)
    assert all(0 < likely < 1 for likely in NAMED.values())


@pytest.mark.parametrize("kind", NAMED)
def test_what_went_on_for_longer_is_likelier_named_up_to_three_replies(kind):
    told = [chance(kind, replies) for replies in range(5)]
    assert told[0] == pytest.approx(NAMED[kind])
    assert told[0] < told[1] < told[2] < told[3] == told[4] < 1


def test_what_no_coach_could_name_yet_is_anything_else():
    assert chance("hold_asked", 0) == pytest.approx(NAMED[ELSE])
