"""How likely a coach names a step among two, and what is named first: tables, read from calls that coaches have heard.

Made by ``tests/benchmarks/fit_steps.py`` from 987 labelled calls, 754 of them of five kinds of agents; grade D. What
kind of step it is tells nearly all; how likely it was said, and how much the step weighs, tells which of two comes
first. The coaches were language models that worked from the method (docs/quality.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from voicesim.model import Moment

#: Any other mistake than those that have a chance of their own, and what was overdone.
MISTAKE = "mistake"
#: Where the briefing says that it was the company's mistake, or the script wants an apology; else there is none to own.
NOT_OWED = "apology not owed"
#: Where the script wants it.
WANTED = "assurance wanted"
#: Where the script wants it, and a guess was told as a promise in its place.
GUESSED = "dont_know, but promised"
ELSE = "anything else"
#: Replies in which it went on that count at most: after which the call stood still for want of it, or that overdid it
#: once more.
AGAIN_MOST = 3
#: The odds are told for each so many points that a step weighs.
POINTS = 20


#: How likely something was heard counts between these: nothing is known better than that.
LEAST_LIKELY, MOST_LIKELY = 0.05, 0.98


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to change: its moment, what it cost this caller, and whether it made a difference in this call.

    ``kind`` is what the tables know it by, ``again`` the replies in which it went on: after which the call stood still
    for want of it, or that overdid it once more. ``said``: it is something that was said, and not something that was
    left out; ``likely`` is how likely it was said in any reply, and ``sure`` whether it surely was in one.
    """

    moment: Moment
    weight: float
    mattered: bool
    kind: str
    again: int = 0
    said: bool = False
    likely: float = 1.0
    sure: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Odds:
    """What multiplies the odds of what was said, and of what was left out."""

    said: float
    left: float

    def of(self, step: Step) -> float:
        """The one of the two that is meant."""
        return self.said if step.said else self.left


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """How likely steps are: kind -> chance where a step weighs nothing, with what multiplies its odds.

    ``heavy`` for each :data:`POINTS` that it weighs, ``again`` for each reply in which it went on. For what was said
    the odds that it was said count besides, to the power of ``likely``: its chance is that of what was as likely said
    as not.
    """

    chances: Mapping[str, float]
    heavy: Odds
    again: float
    likely: float

    def of(self, step: Step) -> float:
        """The chance of such a step."""
        odds = _odds(self.chances.get(step.kind, self.chances[MISTAKE if step.said else ELSE]))
        odds *= self.heavy.of(step) ** (step.weight / POINTS) * self.again ** min(step.again, AGAIN_MOST)
        return _chance(odds * odds_said(step) ** self.likely)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """What coaches name: among two, and first. Few calls pull a chance less far from the mean than many do."""

    named: Table
    first: Table


def odds_said(step: Step) -> float:
    """The odds that it was said; 1 for what was left out."""
    return _odds(min(max(step.likely, LEAST_LIKELY), MOST_LIKELY)) if step.said else 1.0


def _chance(odds: float) -> float:
    return odds / (1 + odds)


def _odds(chance: float) -> float:
    return chance / (1 - chance)


AFTER_A_GOOD_END = Chances(
    named=Table(
        chances={
            "dismiss": 0.67,
            "apology": 0.53,
            "blame": 0.49,
            "jargon": 0.46,
            "false_promise": 0.44,
            "acknowledge": 0.43,
            "policy_wall": 0.40,
            GUESSED: 0.38,
            MISTAKE: 0.36,
            "risky_humour": 0.35,
            "verify_identity": 0.35,
            "defensive": 0.20,
            WANTED: 0.19,
            "takeaway": 0.19,
            "accept_abuse": 0.19,
            "empathy": 0.16,
            "dont_know": 0.15,
            ELSE: 0.11,
            "vent": 0.08,
            "confirm_solution": 0.06,
            "refer": 0.06,
            "close": 0.04,
            "greeting": 0.04,
            "closed_question": 0.04,
            "assurance": 0.03,
            NOT_OWED: 0.03,
        },
        heavy=Odds(said=1.24, left=21.25),
        again=0.67,
        likely=1.0,
    ),
    first=Table(
        chances={
            "false_promise": 0.387,
            "blame": 0.322,
            "dismiss": 0.282,
            "risky_humour": 0.276,
            "verify_identity": 0.222,
            MISTAKE: 0.170,
            "policy_wall": 0.165,
            "acknowledge": 0.153,
            "defensive": 0.121,
            "jargon": 0.112,
            "apology": 0.097,
            "dont_know": 0.062,
            WANTED: 0.061,
            "accept_abuse": 0.057,
            "empathy": 0.054,
            "takeaway": 0.049,
            GUESSED: 0.041,
            ELSE: 0.040,
            "greeting": 0.023,
            "refer": 0.023,
            "vent": 0.023,
            "assurance": 0.019,
            NOT_OWED: 0.016,
            "closed_question": 0.016,
            "confirm_solution": 0.015,
            "close": 0.010,
        },
        heavy=Odds(said=1.41, left=7.66),
        again=1.07,
        likely=0.69,
    ),
)
AFTER_ANOTHER_END = Chances(
    named=Table(
        chances={
            "dismiss": 0.77,
            "blame": 0.71,
            "false_promise": 0.65,
            "defensive": 0.59,
            "policy_wall": 0.57,
            "apology": 0.57,
            "hedge_sorry": 0.54,
            "jargon": 0.52,
            "risky_humour": 0.50,
            MISTAKE: 0.45,
            "command_calm": 0.40,
            GUESSED: 0.35,
            "acknowledge": 0.34,
            "disclosure": 0.34,
            "offer_solution": 0.31,
            "accept_abuse": 0.26,
            WANTED: 0.18,
            "set_limit": 0.18,
            "empathy": 0.14,
            "long_silence": 0.13,
            ELSE: 0.11,
            "refer": 0.09,
            "verify_identity": 0.09,
            "dont_know": 0.08,
            "vent": 0.07,
            "takeaway": 0.05,
            "confirm_solution": 0.04,
            "greeting": 0.04,
            "assurance": 0.03,
            "close": 0.02,
            NOT_OWED: 0.02,
            "closed_question": 0.02,
        },
        heavy=Odds(said=1.06, left=49.26),
        again=0.75,
        likely=0.45,
    ),
    first=Table(
        chances={
            "dismiss": 0.491,
            "blame": 0.354,
            "hedge_sorry": 0.283,
            "risky_humour": 0.244,
            "false_promise": 0.203,
            "policy_wall": 0.160,
            MISTAKE: 0.154,
            "defensive": 0.142,
            "command_calm": 0.108,
            "accept_abuse": 0.106,
            "jargon": 0.104,
            "disclosure": 0.094,
            "set_limit": 0.075,
            "long_silence": 0.070,
            "offer_solution": 0.066,
            "apology": 0.046,
            "acknowledge": 0.044,
            WANTED: 0.029,
            "empathy": 0.027,
            ELSE: 0.024,
            "dont_know": 0.023,
            "verify_identity": 0.022,
            "vent": 0.020,
            GUESSED: 0.018,
            "confirm_solution": 0.015,
            "closed_question": 0.012,
            "greeting": 0.012,
            NOT_OWED: 0.012,
            "refer": 0.012,
            "assurance": 0.012,
            "takeaway": 0.011,
            "close": 0.009,
        },
        heavy=Odds(said=1.43, left=7.46),
        again=1.37,
        likely=0.31,
    ),
)
