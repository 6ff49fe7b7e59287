"""How likely a coach names a step among two, and what is named first: tables, read from calls that coaches have heard.

Made by ``tests/benchmarks/fit_steps.py`` from 441 labelled calls, 208 of them of five kinds of agents; grade D. What
kind of step it is tells nearly all; what was said, and how much the step weighs, tells which of two comes first.
"""

from collections.abc import Mapping
from dataclasses import dataclass

#: A mistake; one that was heard with little confidence, with which goes what was overdone (in two labelled calls).
MISTAKE, IN_DOUBT = "mistake", "mistake in doubt"
#: What a plain no, an honest time or a limit to abuse may be taken for; heard with little confidence, it mostly was.
PLAIN = frozenset(("defensive", "policy_wall", "false_promise", "command_calm"))
PLAIN_WORDS = "plain words in doubt"
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
#: What was said, and not left out.
SAID = frozenset((MISTAKE, IN_DOUBT, PLAIN_WORDS))
#: Replies in which it went on that count at most: after which the call stood still for want of it, or that overdid it
#: once more.
AGAIN_MOST = 3
#: Points that a step weighs by which the odds of the first are told.
FIRST_PER = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """What coaches name. Few calls pull a chance less far from the mean than many do.

    ``named``: kind of step -> chance that it is named where the call did not end well; ``again_odds`` multiplies the
    odds for each reply in which it went on, ``good_end_said`` and ``good_end_left`` after a good end. ``first``: id ->
    chance that it is named first if it weighs nothing, ``first_said`` and ``first_left`` multiply those odds for each
    :data:`FIRST_PER` points that it weighs.
    """

    named: Mapping[str, float]
    again_odds: float
    good_end_said: float
    good_end_left: float
    first: Mapping[str, float]
    first_said: float
    first_left: float

    def of(self, kind: str, again: int, *, good_end: bool) -> float:
        """The chance that a coach names such a step that went on for so many replies."""
        odds = _odds(self.named.get(kind, self.named[ELSE])) * self.again_odds ** min(again, AGAIN_MOST)
        if good_end:
            odds *= self.good_end_said if kind in SAID else self.good_end_left
        return odds / (1 + odds)

    def of_first(self, step_id: str, kind: str, weight: float) -> float:
        """The chance that a coach names it first."""
        per = self.first_said if kind in SAID else self.first_left
        odds: float = _odds(self.first.get(step_id, self.first[ELSE])) * per ** (weight / FIRST_PER)
        return odds / (1 + odds)


def _odds(chance: float) -> float:
    return chance / (1 - chance)


CHANCES = Chances(
    named={
        "acknowledge": 0.80,
        MISTAKE: 0.76,
        "apology": 0.74,
        "offer_solution": 0.70,
        IN_DOUBT: 0.61,
        PLAIN_WORDS: 0.54,
        "verify_identity, good end": 0.50,
        "set_limit": 0.49,
        "empathy, good end": 0.44,
        "empathy": 0.42,
        WANTED: 0.39,
        GUESSED: 0.34,
        ELSE: 0.32,
        "takeaway": 0.27,
        "vent": 0.25,
        "verify_identity": 0.22,
        "dont_know": 0.19,
        "confirm_solution": 0.15,
        "refer": 0.14,
        "closed_question": 0.14,
        "greeting": 0.13,
        NOT_OWED: 0.12,
        "close": 0.11,
        "assurance": 0.10,
    },
    again_odds=1.08,
    good_end_said=1.78,
    good_end_left=1.09,
    first={
        "dismiss": 0.276,
        "acknowledge": 0.235,
        "blame": 0.222,
        "false_promise": 0.204,
        "over_talk": 0.169,
        "risky_humour": 0.155,
        "offer_solution": 0.149,
        "verify_identity": 0.135,
        "policy_wall": 0.134,
        "hedge_sorry": 0.134,
        "set_limit": 0.127,
        "jargon": 0.124,
        "apology": 0.119,
        ELSE: 0.107,
        "accept_abuse": 0.106,
        "command_calm": 0.104,
        "empathy": 0.102,
        "assurance": 0.074,
        "vent": 0.072,
        "defensive": 0.072,
        "dont_know": 0.066,
        "refer": 0.064,
        "closed_question": 0.054,
        "takeaway": 0.053,
        "greeting": 0.050,
        "confirm_solution": 0.048,
        "close": 0.034,
    },
    first_said=5.86,
    first_left=1.97,
)
