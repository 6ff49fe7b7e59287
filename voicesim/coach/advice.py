"""What the coach says about each finding; the better replies to it stand in the bank (:mod:`voicesim.coach.bank`)."""

from collections.abc import Mapping
from dataclasses import dataclass

from voicesim.coach.advice_mistakes import MISTAKES
from voicesim.coach.advice_techniques import TECHNIQUES
from voicesim.coach.rubric import source
from voicesim.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Advice on one id: its short ``name``, what to ``do``, and ``why`` with a ``source`` key."""

    id: str
    name: str
    do: str
    why: str
    source: str


#: Advice for every technique, mistake and condition, and for the measures of the rubric.
ADVICE: Mapping[str, Advice] = {
    row[0]: Advice(id=row[0], name=row[1], do=row[2], why=row[3], source=source(row[4]).key)
    for row in (*TECHNIQUES, *MISTAKES)
}


def advice(advice_id: str) -> Advice:
    """The advice on that id; raises InputError if there is none."""
    try:
        return ADVICE[advice_id]
    except KeyError:
        raise InputError(f"there is no advice on {advice_id!r}", where="coach") from None
