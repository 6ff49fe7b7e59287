"""How likely a coach names a step among two, and what is named first: tables, read from calls that coaches have heard.

Made by ``tests/benchmarks/fit_steps.py`` from 857 labelled calls, 624 of them of five kinds of agents; grade D. What
kind of step it is tells nearly all; what was said, and how much the step weighs, tells which of two comes first. The
coaches were language models that worked from the method (docs/quality.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from voicesim.model import Moment

#: What was said and hurt, whatever it was.
MISTAKE = "mistake"
#: Where the briefing says that it was the company's mistake, or the script wants an apology; else there is none to own.
NOT_OWED = "apology not owed"
#: Where the script wants it.
WANTED = "assurance wanted"
#: Where the script wants it, and a guess was told as a promise in its place.
GUESSED = "dont_know, but promised"
#: What weighs otherwise once all went well: a feeling was missing then, or who she is; a remedy was mostly found.
BY_A_GOOD_END: Mapping[str, str] = {
    "empathy": "empathy, good end",
    "offer_solution": "offer_solution, good end",
    "verify_identity": "verify_identity, good end",
}
ELSE = "anything else"
#: Replies in which it went on that count at most: after which the call stood still for want of it, or that overdid it
#: once more.
AGAIN_MOST = 3
#: The odds are told for each so many points that a step weighs.
POINTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to change: its moment, what it cost this caller, and whether it made a difference in this call.

    ``kind`` is what the tables know it by, ``again`` the replies in which it went on: after which the call stood still
    for want of it, or that overdid it once more.
    """

    moment: Moment
    weight: float
    mattered: bool
    kind: str
    again: int = 0

    @property
    def said(self) -> bool:
        """Whether it is something that was said, and not something that was left out."""
        return self.kind == MISTAKE


@dataclass(frozen=True, slots=True, kw_only=True)
class Odds:
    """What multiplies the odds of what was said, and of what was left out."""

    said: float
    left: float

    def of(self, step: Step) -> float:
        """The one of the two that is meant."""
        return self.said if step.said else self.left


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """What coaches name. Few calls pull a chance less far from the mean than many do.

    ``named``: kind of step -> chance that it is named among two where it weighs nothing and the call did not end well.
    ``again`` multiplies its odds for each reply in which it went on, ``heavy`` for each :data:`POINTS` that it weighs,
    ``good_end`` after a good end. ``first``: id -> chance that it is named first if it weighs nothing, whose odds
    ``first_heavy`` multiplies for each :data:`POINTS`.
    """

    named: Mapping[str, float]
    again: float
    heavy: Odds
    good_end: Odds
    first: Mapping[str, float]
    first_heavy: Odds

    def of(self, step: Step, *, good_end: bool) -> float:
        """The chance that a coach names such a step among two."""
        odds = _odds(self.named.get(step.kind, self.named[ELSE])) * self.again ** min(step.again, AGAIN_MOST)
        odds *= self.heavy.of(step) ** (step.weight / POINTS)
        return _chance(odds * self.good_end.of(step) if good_end else odds)

    def of_first(self, step: Step) -> float:
        """The chance that a coach names it first."""
        odds = _odds(self.first.get(step.moment.id, self.first[ELSE]))
        return _chance(odds * self.first_heavy.of(step) ** (step.weight / POINTS))


def _chance(odds: float) -> float:
    return odds / (1 + odds)


def _odds(chance: float) -> float:
    return chance / (1 - chance)


CHANCES = Chances(
    named={
        MISTAKE: 0.63,
        "apology": 0.58,
        "offer_solution": 0.43,
        GUESSED: 0.36,
        "acknowledge": 0.32,
        "verify_identity, good end": 0.21,
        WANTED: 0.18,
        "empathy": 0.15,
        "set_limit": 0.14,
        "empathy, good end": 0.13,
        "vent": 0.11,
        ELSE: 0.11,
        "dont_know": 0.10,
        "takeaway": 0.09,
        "verify_identity": 0.08,
        "refer": 0.06,
        "greeting": 0.05,
        "confirm_solution": 0.03,
        "close": 0.03,
        "assurance": 0.02,
        "closed_question": 0.02,
        NOT_OWED: 0.02,
    },
    again=0.69,
    heavy=Odds(said=2.22, left=53.03),
    good_end=Odds(said=1.71, left=0.93),
    first={
        "blame": 0.286,
        "dismiss": 0.279,
        "risky_humour": 0.260,
        "false_promise": 0.245,
        "policy_wall": 0.153,
        "over_talk": 0.149,
        "hedge_sorry": 0.147,
        "jargon": 0.123,
        "verify_identity": 0.105,
        "acknowledge": 0.099,
        "set_limit": 0.092,
        "offer_solution": 0.091,
        "command_calm": 0.084,
        "defensive": 0.070,
        ELSE: 0.067,
        "long_silence": 0.059,
        "apology": 0.054,
        "accept_abuse": 0.051,
        "empathy": 0.043,
        "disclosure": 0.043,
        "vent": 0.041,
        "takeaway": 0.038,
        "assurance": 0.033,
        "dont_know": 0.031,
        "refer": 0.026,
        "closed_question": 0.023,
        "greeting": 0.022,
        "confirm_solution": 0.019,
        "close": 0.012,
    },
    first_heavy=Odds(said=4.46, left=2.42),
)
