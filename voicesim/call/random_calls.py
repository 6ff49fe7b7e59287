"""Random calls: which endings, steps and rules of a script can be reached at all. Pure, seeded by hash.

What a reply holds is stated, so the detectors play no part. Each call draws its own temper: how often the replies do
what the present step asks for, and how often they hold a mistake; else anger would be high in every call, and whatever
needs a calm caller would never be seen.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from voicesim.call.chance import Chance
from voicesim.call.conduct import Control, End, Happened, Outcome, Replied, Said, Say, Silence, conduct
from voicesim.call.tally import Tally, tally
from voicesim.call.text import typed
from voicesim.call.way import holds
from voicesim.catalogue import CATALOGUE, Evidence
from voicesim.model import Ending, Finding, Heard, Kind, Reply, Span
from voicesim.script.model import Rule, Script, When

CALLS = 2_000
#: Replies and silences after which a call is broken off: a script without ``gives_up`` may go on for ever.
LONGEST = 60
_SILENT, _LEAVES = 0.02, 0.01
_MOST_FINDINGS = 4
# An id that rules ask for is that much likelier than one that they do not know.
_ASKED = 4
_NOWHEN = Span(start=0, end=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomCalls:
    """What random calls found: the tally, and what none of them reached.

    ``rules`` are lines of the script's file; ``longest`` is the largest number of replies in a call.
    """

    tally: Tally
    visited: frozenset[str]
    endings: tuple[Ending, ...]
    steps: tuple[str, ...]
    rules: tuple[int, ...]
    longest: int


def random_calls(
    script: Script, *, calls: int = CALLS, seed: int = 1, tell: Callable[[int, int], None] | None = None
) -> RandomCalls:
    """What ``calls`` random calls reached; ``tell`` is told how many are done, of how many."""
    agent = _Agent(script)
    ends, visited, matched = [], {script.first.name}, Counter[Rule]()
    for number in range(calls):
        call = conduct(script, seed + number)
        chance = Chance("random call", script.id, seed, number)
        attention, temper = chance.share(), chance.share() ** 2
        step, heard = next(call), 0
        while not isinstance(step, End):
            happened: Happened = Said()
            if isinstance(step, Say):
                place = step.state.step
                visited.add(place)
                if step.outcome and (rule := _matched(script, step.outcome)):
                    matched[rule] += 1
            else:
                heard += 1
                happened = agent.happens(chance, place, attention, temper) if heard <= LONGEST else Control.STOP
            step = call.send(happened)
        ends.append(step)
        if tell:
            tell(number + 1, calls)
    reached = {script.steps[name].end for name in visited}
    all_endings = dict.fromkeys(step.end for step in script.steps.values() if step.end)
    return RandomCalls(
        tally=tally(ends),
        visited=frozenset(visited),
        endings=tuple(ending for ending in all_endings if ending not in reached),
        steps=tuple(name for name in script.steps if name not in visited),
        rules=tuple(rule.line_number for step in script.steps.values() for rule in step.rules if not matched[rule]),
        longest=max(end.state.turn for end in ends),
    )


def _matched(script: Script, outcome: Outcome) -> Rule | None:
    """The rule that led on from a reply, if it was a rule: leaving comes first, and then the first that holds."""
    after, reply = outcome.after, outcome.reply
    leaves = (script.anger.hangs_up, after.anger), (script.anger.gives_up, after.turn)
    if reply is None or outcome.before.aside or any(leave and number >= leave.at for leave, number in leaves):
        return None
    mood = script.anger.mood(after.anger)
    rules = script.steps[outcome.before.step].rules
    rule = next((r for r in rules if holds(r.when, mood, after, reply, reply.live.findings)), None)
    return rule if rule and rule.go == after.step else None


class _Agent:
    """States replies to one script at random."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._phrases = script.phrases()
        asked = {one for step in script.steps.values() for rule in step.rules for one in _ids(rule.when)}
        stated = [
            e for e in CATALOGUE.values() if e.evidence is not Evidence.CHANNELS and e.id != "hang_up_unannounced"
        ]
        weights = {e.id: float(_ASKED if e.id in asked else 1) for e in stated}
        self._techniques = {one: w for one, w in weights.items() if CATALOGUE[one].kind is Kind.TECHNIQUE}
        self._mistakes = {one: w for one, w in weights.items() if CATALOGUE[one].kind is Kind.MISTAKE}

    def happens(self, chance: Chance, place: str, attention: float, temper: float) -> Happened:
        """A reply in the step ``place``, now and then a silence, seldom the trainee hangs up."""
        if chance.happens(_SILENT):
            return Silence()
        if chance.happens(_LEAVES):
            return Control.HANG_UP
        wanted = When()
        if (rules := self._script.steps[place].rules) and chance.happens(attention):
            wanted = chance.pick(rules).when
        found = [*wanted.call_has, *(_one(chance, wanted.reply_has))]
        # Not every reply has a mistake even in a bad temper, else the calm steps would want more calls.
        mistakes = chance.whole(1, 2) if chance.happens(temper / 2) else 0
        found += chance.some(self._mistakes, mistakes)
        found += chance.some(self._techniques, chance.whole(0, _MOST_FINDINGS - mistakes))
        found = list(dict.fromkeys(found))[: max(_MOST_FINDINGS, len(wanted.call_has) + 1)]
        mentions = (*_one(chance, wanted.reply_mentions), *self._at_random(chance, self._phrases))
        offers = (*_one(chance, wanted.reply_offers), *self._at_random(chance, tuple(self._script.briefing.may_offer)))
        if self._script.briefing.may_not and chance.happens(temper / 4):
            found.append("false_promise")  # what the detectors make of an offer that is ruled out
        return Replied(reply=_reply(found, offers, mentions))

    def _at_random(self, chance: Chance, options: tuple[str, ...]) -> tuple[str, ...]:
        return (chance.pick(options),) if options and chance.happens(0.25) else ()


def _ids(when: When) -> tuple[str, ...]:
    return (*when.reply_has, *when.call_has)


def _one(chance: Chance, options: tuple[str, ...]) -> tuple[str, ...]:
    return (chance.pick(options),) if options else ()


def _reply(found: list[str], offers: tuple[str, ...], mentions: tuple[str, ...]) -> Reply:
    findings = tuple(Finding(kind=CATALOGUE[one].kind, id=one) for one in dict.fromkeys(found))
    heard = Heard(transcript=typed(""), findings=findings)
    offered, mentioned = tuple(dict.fromkeys(offers)), tuple(dict.fromkeys(mentions))
    return Reply(span=_NOWHEN, live=heard, final=heard, offers=offered, mentions=mentioned)
