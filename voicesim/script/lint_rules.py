"""Which rules of a script can match, and so which steps can be reached: more than the graph alone tells. Pure.

Only what is certain counts: a rule is said to be dead if her mood can never be what it asks for, or if every reply that
it asks for is taken by a rule above it. (A reply that recites seven techniques is not looked at.)
"""

from collections.abc import Collection, Iterator
from itertools import product

from voicesim.catalogue import CATALOGUE
from voicesim.script.codes import Problem
from voicesim.script.model import AngerRules, Otherwise, Rule, Script, Step, When

_MOST = 10
#: Combinations of one rule that are tried against the rules above it; beyond them nothing is said.
_TRIED = 20_000


def angers(rules: AngerRules) -> frozenset[int]:
    """Every anger (0..10) that a call can come to: from the start, down and up as far as any finding moves it."""
    effects = [rules.effect(name) for name in CATALOGUE]
    reached: set[int] = set()
    waiting = [rules.start]
    while waiting:
        anger = waiting.pop()
        if anger in reached:
            continue
        reached.add(anger)
        if _over(rules, anger) and anger != rules.start:
            continue
        active = [points for effect in effects if anger >= effect.from_anger for points in effect.by]
        if any(points < 0 for points in active):
            waiting += range(max(0, anger - 3), anger)
        if any(points > 0 for points in active):
            waiting += range(anger + 1, min(_MOST, anger + 4) + 1)
    return frozenset(reached)


def _over(rules: AngerRules, anger: int) -> bool:
    return rules.hangs_up is not None and anger >= rules.hangs_up.at


def moods_at_rules(script: Script) -> frozenset[str]:
    """Every mood she can be in when the rules of a step are asked: after a reply that did not make her hang up."""
    return frozenset(script.anger.mood(anger) for anger in angers(script.anger) if not _over(script.anger, anger))


def reachable(script: Script, dead: Collection[int]) -> set[str]:
    """The steps that a call can come to, if rules and otherwises with the ids of ``dead`` never hold."""
    waiting = [script.first.name]
    if script.anger.hangs_up and any(_over(script.anger, anger) for anger in angers(script.anger)):
        waiting.append(script.anger.hangs_up.go)
    if script.anger.gives_up:
        waiting.append(script.anger.gives_up.go)
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += _ways_on(script.steps[name], dead)
    return seen


def _ways_on(step: Step, dead: Collection[int]) -> Iterator[str]:
    yield from (rule.go for rule in step.rules if id(rule) not in dead)
    otherwise = step.otherwise
    if otherwise and id(otherwise) not in dead:
        if otherwise.tries != 1:
            yield otherwise.go
        if otherwise.then:
            yield otherwise.then


def dead_rules(script: Script, detectable: Collection[str]) -> dict[int, tuple[Step, Rule | Otherwise, str]]:
    """What never holds, by ``id``: its step, itself, and why."""
    moods = moods_at_rules(script)
    found: dict[int, tuple[Step, Rule | Otherwise, str]] = {}
    for step in script.steps.values():
        for number, rule in enumerate(step.rules):
            why = _why_dead(rule.when, step.rules[:number], moods, detectable)
            if why:
                found[id(rule)] = (step, rule, why)
        if step.otherwise and all(any(_takes(r.when, "", "", "", mood) for r in step.rules) for mood in moods):
            found[id(step.otherwise)] = (step, step.otherwise, "the rules above it take every reply")
    return found


def _why_dead(when: When, above: tuple[Rule, ...], moods: Collection[str], detectable: Collection[str]) -> str | None:
    can_be = [mood for mood in moods if not when.mood or mood in when.mood]
    if not can_be:
        return f"her mood is never {' or '.join(when.mood)} when a reply is judged"
    heard = [one for one in when.reply_has if one in detectable]
    if when.reply_has and not heard:
        return f"nothing detects {' or '.join(when.reply_has)}"
    missing = [one for one in when.call_has if one not in detectable]
    if missing:
        return f"nothing detects {missing[0]}"
    size = (len(heard) or 1) * (len(when.reply_mentions) or 1) * (len(when.reply_offers) or 1) * len(can_be)
    if size * len(above) > _TRIED:
        return None
    takers: list[Rule] = []
    for least in product(heard or [""], when.reply_mentions or [""], when.reply_offers or [""], can_be):
        taker = next((rule for rule in above if _takes(rule.when, *least, so_far=when.call_has)), None)
        if taker is None:
            return None
        takers.append(taker)
    lines = sorted({rule.line_number for rule in takers})
    told = " and ".join(str(line) for line in lines)
    return (
        f"line {told} asks for less and comes first" if len(lines) == 1 else f"lines {told} take all that it asks for"
    )


def _takes(when: When, heard: str, mentioned: str, offered: str, mood: str, *, so_far: Collection[str] = ()) -> bool:
    """Whether a rule holds for the least reply there is; it then holds for every one with more in it."""
    return (
        (not when.reply_has or heard in when.reply_has)
        and all(one in so_far for one in when.call_has)
        and (not when.reply_mentions or mentioned in when.reply_mentions)
        and (not when.reply_offers or offered in when.reply_offers)
        and (not when.mood or mood in when.mood)
    )


def never_matching(dead: dict[int, tuple[Step, Rule | Otherwise, str]]) -> Iterator[Problem]:
    """A problem for each rule that can never match."""
    for step, one, why in dead.values():
        if isinstance(one, Rule):
            what = f"the rule of step '{step.name}' that goes to '{one.go}' can never match: {why}"
            mend = "Move it up, let it ask for something else, or delete it."
        else:
            what = f"the 'otherwise' of step '{step.name}' can never hold: {why}"
            mend = "Delete it, or let a rule above it ask for more."
        yield Problem(code="VS013", line=one.line_number, what=what, mend=mend)
