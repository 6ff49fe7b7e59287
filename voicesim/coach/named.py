"""How likely a coach names a step among two, and what is named first: tables, read from calls that coaches have heard.

Made by ``tests/benchmarks/fit_steps.py`` from 649 labelled calls, 416 of them of five kinds of agents; grade D. What
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
        "apology": 0.60,
        MISTAKE: 0.60,
        "acknowledge": 0.49,
        "offer_solution": 0.43,
        "verify_identity, good end": 0.30,
        GUESSED: 0.30,
        "empathy": 0.25,
        "set_limit": 0.23,
        WANTED: 0.19,
        "empathy, good end": 0.18,
        ELSE: 0.18,
        "takeaway": 0.14,
        "verify_identity": 0.12,
        "dont_know": 0.11,
        "vent": 0.10,
        "refer": 0.07,
        "confirm_solution": 0.06,
        "greeting": 0.05,
        "closed_question": 0.05,
        "close": 0.04,
        NOT_OWED: 0.04,
        "assurance": 0.03,
    },
    again=0.82,
    heavy=Odds(said=2.7, left=11.55),
    good_end=Odds(said=1.68, left=1.32),
    first={
        "dismiss": 0.328,
        "blame": 0.251,
        "false_promise": 0.243,
        "acknowledge": 0.214,
        "risky_humour": 0.203,
        "jargon": 0.192,
        "hedge_sorry": 0.189,
        "policy_wall": 0.158,
        "over_talk": 0.150,
        "verify_identity": 0.142,
        "set_limit": 0.131,
        "offer_solution": 0.122,
        "apology": 0.100,
        ELSE: 0.096,
        "command_calm": 0.081,
        "defensive": 0.074,
        "long_silence": 0.074,
        "disclosure": 0.070,
        "empathy": 0.068,
        "accept_abuse": 0.067,
        "dont_know": 0.058,
        "assurance": 0.053,
        "vent": 0.052,
        "refer": 0.049,
        "takeaway": 0.049,
        "closed_question": 0.042,
        "greeting": 0.042,
        "confirm_solution": 0.034,
        "close": 0.022,
    },
    first_heavy=Odds(said=4.7, left=1.69),
)
