"""How one reply moves anger, with the reason for every point. Pure.

A script's own effects stand over the catalogue's. The sum of one reply is held within -3..+4 and anger within 0..10;
what was held back is an influence of its own, so that the influences of a turn always add up to what anger did.
"""

import hashlib
from collections.abc import Iterable

from voicesim.model import CallState, Finding, Influence, Kind
from voicesim.script.model import AngerRules

#: One reply calms by three points at most and raises by four at most.
FALLS_AT_MOST = -3
RISES_AT_MOST = 4
#: A reply with this many different techniques sounds read from a card (grade D, ours): of 1,878 replies in coached
#: calls none had more than six.
RECITAL = 7
_ORDINALS = ("first", "second", "third", "fourth", "fifth")


def is_recital(findings: Iterable[Finding]) -> bool:
    """Whether a reply carries so many different techniques that it sounds read from a card."""
    return len({f.id for f in findings if f.sure and f.kind is Kind.TECHNIQUE}) >= RECITAL


def fingerprint(quote: str) -> str:
    """A short hash of the words of a quote, equal for equal words whatever the case and punctuation."""
    words = "".join(c if c.isalnum() else " " for c in quote.casefold()).split()
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:8]


def influences_of(rules: AngerRules, state: CallState, findings: Iterable[Finding]) -> tuple[Influence, ...]:
    """Why and by how much anger moves, given the sure findings of one reply (each id counts once)."""
    once = {f.id: f for f in findings if f.sure}
    recital = is_recital(once.values())
    moved = [_influence(rules, state, finding, recital) for finding in once.values()]
    return (*moved, *_held(state.anger, moved))


def _influence(rules: AngerRules, state: CallState, finding: Finding, recital: bool) -> Influence:
    delta, rule = _effect(rules, state, finding, recital)
    return Influence(cause=finding.id, delta=delta, rule=rule, quote=finding.quote, value=finding.value)


def _effect(rules: AngerRules, state: CallState, finding: Finding, recital: bool) -> tuple[int, str]:
    effect = rules.effect(finding.id)
    times = state.heard.get(finding.id, 0)
    delta = effect.at(times)
    if finding.kind is Kind.TECHNIQUE and delta < 0:
        if recital:
            return 0, "so many phrases at once sound read from a card"
        if finding.quote and fingerprint(finding.quote) in state.said:
            return 0, "the same words were said before"
    if state.anger < effect.from_anger:
        return 0, f"counts only while anger is {effect.from_anger} or more"
    if finding.kind is Kind.CONDITION:
        return delta, _measured(finding)
    ordinal = _ORDINALS[times] if times < len(_ORDINALS) else f"{times + 1}th"
    return delta, f"the {ordinal} time in this call"


def _measured(finding: Finding) -> str:
    if finding.measure is None or finding.value is None or finding.threshold is None:
        return "each time"
    return f"{finding.measure}: {finding.value:.1f}, the line is {finding.threshold:.1f}"


def _held(anger: int, moved: list[Influence]) -> tuple[Influence, ...]:
    wanted = sum(i.delta for i in moved)
    bounded = max(FALLS_AT_MOST, min(RISES_AT_MOST, wanted))
    allowed = max(0, min(10, anger + bounded)) - anger
    if allowed == wanted:
        return ()
    if allowed == bounded:
        rule = f"one reply moves anger by {-FALLS_AT_MOST} down or {RISES_AT_MOST} up at most"
    else:
        rule = "anger stays between 0 and 10"
    return (Influence(cause="limit", delta=allowed - wanted, rule=rule),)
