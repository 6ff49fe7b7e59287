"""What was missing in a reply: what the rules of the step wait for, else what lowers anger most. Pure.

Chosen by the caller's answer to this one reply, never by a look at how the call goes on.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from voicesim.call.answer import answer
from voicesim.catalogue import CATALOGUE
from voicesim.model import CallState, Finding, Heard, Kind, Phase, Reply, Span, Transcript, Turn
from voicesim.script.model import Script, Step, When

#: Techniques that can be said without an offer or a fact of the case, in the order of METHOD's phases.
_FITTING: Mapping[Phase, tuple[str, ...]] = {
    Phase.CONTROL: ("acknowledge", "empathy", "vent", "apology"),
    Phase.ACKNOWLEDGE: ("acknowledge", "empathy", "apology", "assurance"),
    Phase.REFOCUS: ("assurance", "refocus", "acknowledge", "empathy", "redirect"),
    Phase.SOLVE: ("offer_solution", "assurance", "confirm_solution", "takeaway", "thank"),
}
#: Anger (0..10) from which a caller has to be heard before anything else, and what hears (METHOD 3, herhausen2023).
_HEAR_FROM = 5
_HEARING = frozenset(_FITTING[Phase.ACKNOWLEDGE])
#: Techniques that are tried for one rule at most.
_TRIED = 6
_NOWHERE = Span(start=0, end=0)
#: What a silence is as a reply: nothing said.
NOTHING = Reply(
    span=_NOWHERE,
    live=Heard(transcript=Transcript(words=(), text="", engine="none")),
    final=Heard(transcript=Transcript(words=(), text="", engine="none")),
)


@dataclass(frozen=True, slots=True)
class _Result:
    """What one reply leads to: less of each is better, ``distance`` is how far it is to a good end."""

    step: str
    bad: bool
    distance: int
    anger: int

    @property
    def rank(self) -> tuple[bool, int, int]:
        return self.bad, self.distance, self.anger


class Missing:
    """What was missing in the replies of one call; ``says`` tells whether a text holds a phrase."""

    def __init__(self, script: Script, turns: Sequence[Turn], says: Callable[[str, str], bool]) -> None:
        self._script, self._turns, self._says = script, turns, says
        self._bad = bad_steps(script)
        self._distances = _distances(script)
        briefing = script.briefing
        offers = (phrase for phrases in briefing.may_offer.values() for phrase in phrases)
        self._briefed = (briefing.you_are, *briefing.you_see, *offers, briefing.refer_to or "")

    def of(self, turn: Turn, reply: Reply | None, asked: Sequence[str]) -> tuple[str, ...]:
        """What was missing in a reply without mistakes (None: a silence); empty if nothing would have done better."""
        given = reply or NOTHING
        found = _found(given)
        plain = self._result(turn.before, given)

        def rank(one: tuple[int, tuple[str, ...]]) -> tuple[int, ...]:
            number, ids = one
            result = results[ids]
            stuck = result.step == plain.step or result.distance > plain.distance
            unheard = turn.before.anger >= _HEAR_FROM and not set(ids) & _HEARING
            unasked = not set(ids) & set(asked)
            return result.bad, unheard, stuck, result.anger, unasked, len(ids), result.distance, number

        candidates = dict.fromkeys(self._candidates(turn, given, found, asked))
        results = {ids: self._result(turn.before, with_findings(given, ids)) for ids in candidates}
        _, best = min(enumerate(candidates), key=rank, default=(0, ()))
        return best if best and results[best].rank < plain.rank else ()

    def _candidates(
        self, turn: Turn, given: Reply, found: frozenset[str], asked: Sequence[str]
    ) -> Iterator[tuple[str, ...]]:
        state = turn.before
        if state.aside is None:
            known = (*self._briefed, *(t.line.text for t in self._turns[: self._turns.index(turn) + 1]))
            for rule in self._script.steps[state.step].rules:
                yield from self._completing(rule.when, state, given, found, known)
        phase = Phase.ACKNOWLEDGE if state.anger >= _HEAR_FROM else turn.phase
        for one in (*asked, *_FITTING[phase]):
            if one not in found and kind_of(one) is Kind.TECHNIQUE:
                yield (one,)

    def _completing(
        self, when: When, state: CallState, given: Reply, found: frozenset[str], known: Sequence[str]
    ) -> Iterator[tuple[str, ...]]:
        """What a reply needs so that a rule holds, as far as words can bring that about; the mood is seen later.

        ``known`` is what the trainee has read and heard by then.
        """
        heard = found | {one for one, times in state.heard.items() if times}
        must = tuple(one for one in when.call_has if one not in heard)
        any_of: tuple[str, ...] = when.reply_has
        if not any_of or found & set(any_of):
            any_of = ()
        elif not (any_of := tuple(one for one in any_of if kind_of(one) is Kind.TECHNIQUE)[:_TRIED]):
            return
        if any(kind_of(one) is not Kind.TECHNIQUE for one in must):
            return
        facts = self._script.caller.facts.values()
        said: tuple[str, ...] = ()
        if when.reply_mentions and not set(given.mentions) & set(when.reply_mentions):
            phrases = sorted(when.reply_mentions, key=lambda one: one not in facts)
            said = tuple(islice((p for p in phrases if any(self._says(text, p) for text in known)), 1))
            if not said:
                return
        offered: tuple[str, ...] = ()
        if when.reply_offers and not set(given.offers) & set(when.reply_offers):
            offered = when.reply_offers[:1]
        # Who says a fact of the caller's back acknowledges it, who makes an offer of the briefing offers a solution.
        follows = (("acknowledge", bool(said) and said[0] in facts), ("offer_solution", bool(offered)))
        natural = tuple(one for one, holds in follows if holds and one not in found)
        for technique in product(any_of) if any_of else [()]:
            ids = tuple(dict.fromkeys((*must, *technique, *natural, *offered, *said)))
            if ids:
                yield ids

    def _result(self, state: CallState, reply: Reply) -> _Result:
        after, _, _ = answer(self._script, state, reply)
        return _Result(
            step=after.step,
            bad=after.step != state.step and after.step in self._bad,
            distance=self._distances.get(after.step, len(self._distances)),
            anger=after.anger,
        )


def with_findings(reply: Reply, ids: Sequence[str]) -> Reply:
    """The reply with findings of those ids; what is no id of the catalogue is an offer and a phrase of the script."""
    new = tuple(Finding(kind=CATALOGUE[one].kind, id=one) for one in ids if one in CATALOGUE)
    words = tuple(one for one in ids if one not in CATALOGUE)
    return replace(
        reply,
        live=replace(reply.live, findings=(*reply.live.findings, *new)),
        offers=(*reply.offers, *words),
        mentions=(*reply.mentions, *words),
    )


def kind_of(finding_id: str) -> Kind | None:
    """Whether an id of a finding is a technique, a mistake or a condition; None for another id."""
    entry = CATALOGUE.get(finding_id)
    return entry.kind if entry else None


def _found(reply: Reply) -> frozenset[str]:
    return frozenset(f.id for f in reply.live.findings if f.sure)


def bad_steps(script: Script) -> frozenset[str]:
    """The steps to which mistakes alone lead, and the bad ends."""
    rules = [rule for step in script.steps.values() for rule in step.rules]
    by_mistake = {r.go for r in rules if r.when.reply_has and all(kind_of(i) is Kind.MISTAKE for i in r.when.reply_has)}
    otherwise = {
        r.go for r in rules if not r.when.reply_has or any(kind_of(i) is Kind.TECHNIQUE for i in r.when.reply_has)
    }
    bad_ends = {name for name, step in script.steps.items() if step.end is not None and step.end.good is False}
    return frozenset((by_mistake - otherwise) | bad_ends)


def _distances(script: Script) -> Mapping[str, int]:
    """How many steps it is from each step to the nearest good end, for those that have a way there."""
    comes_from: dict[str, list[str]] = {}
    for step in script.steps.values():
        for target, _ in step.targets():
            comes_from.setdefault(target, []).append(step.name)
    here = [name for name, step in script.steps.items() if _ends_well(step)]
    found = dict.fromkeys(here, 0)
    while here:
        before = [name for step in here for name in comes_from.get(step, ()) if name not in found]
        found |= {name: found[step] + 1 for step in here for name in comes_from.get(step, ()) if name in before}
        here = list(dict.fromkeys(before))
    return found


def _ends_well(step: Step) -> bool:
    return step.end is not None and bool(step.end.good)
