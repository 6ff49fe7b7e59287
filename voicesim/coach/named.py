"""How likely a coach names a step among two: a table, read from calls that coaches have heard.

Made by ``tests/benchmarks/fit_steps.py`` from 207 labelled calls; grade D. What kind of step it is tells nearly all:
finer tables (each mistake by itself, the caller's anger, what else went wrong, how cold the call was) were no better on
scripts that they had not seen.
"""

from collections.abc import Mapping

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
#: The chance that a coach names it. Few calls pull a chance less far from the mean than many do.
NAMED: Mapping[str, float] = {
    MISTAKE: 0.85,
    "acknowledge": 0.75,
    "apology": 0.72,
    "empathy, good end": 0.70,
    GUESSED: 0.64,
    "set_limit": 0.60,
    IN_DOUBT: 0.54,
    "offer_solution": 0.53,
    "verify_identity, good end": 0.46,
    "empathy": 0.41,
    "takeaway": 0.39,
    WANTED: 0.32,
    PLAIN_WORDS: 0.32,
    "verify_identity": 0.24,
    "greeting": 0.22,
    "offer_solution, good end": 0.21,
    "close": 0.20,
    ELSE: 0.18,
    "confirm_solution": 0.17,
    "vent": 0.16,
    "assurance": 0.14,
    "dont_know": 0.11,
    NOT_OWED: 0.10,
    "refer": 0.08,
    "closed_question": 0.06,
}
#: What each reply in which it went on multiplies the odds by, up to three: after which the call stood still for want of
#: it, or that overdid it once more.
AGAIN_ODDS, AGAIN_MOST = 1.64, 3


def chance(kind: str, again: int, named: Mapping[str, float] = NAMED, again_odds: float = AGAIN_ODDS) -> float:
    """The chance that a coach names such a step that went on for so many replies.

    >>> chance("x", 0, {"x": 0.5}, 2.0), chance("x", 9, {"x": 0.5}, 1.0), chance("y", 1, {"anything else": 0.2}, 4.0)
    (0.5, 0.5, 0.5)
    """
    alone = named.get(kind, named[ELSE])
    odds = alone / (1 - alone) * again_odds ** min(again, AGAIN_MOST)
    return odds / (1 + odds)
