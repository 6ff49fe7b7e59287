"""Where a call would have gone with one reply changed: a pure replay of what was said, through the same caller.

A turning point is a turn in which anger moved much, a mistake was heard, or a rule led to a bad step. Its reply is
played as given, without its mistakes, and with what was missing; every later reply, silence and hanging up stays as it
was. What was missing is what the rules of the step wait for, else what lowers anger most: chosen by the answer to this
one reply, never by a look at how the call goes on.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from voicesim.call.answer import SILENCES_TO_HANG_UP, answer
from voicesim.call.conduct import Control, End, Happened, Replied, Said, Say, Silence, conduct
from voicesim.catalogue import CATALOGUE
from voicesim.model import (
    Branch,
    CallRecord,
    CallState,
    Change,
    Ending,
    Finding,
    Heard,
    Kind,
    Phase,
    Reply,
    Span,
    Transcript,
    Turn,
    WhatIf,
)
from voicesim.script.model import Script, Step, When

#: Turning points of one call at most, and the change of anger that makes one.
TURNING_POINTS, TURNS_AT = 5, 2
#: How much a bad end, a step that only mistakes lead to, and a mistake count beside points of anger (grade D, ours).
_BAD_END, _BAD_STEP, _MISTAKE = 3, 2, 1
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
_NOTHING = Reply(
    span=_NOWHERE,
    live=Heard(transcript=Transcript(words=(), text="", engine="none")),
    final=Heard(transcript=Transcript(words=(), text="", engine="none")),
)


def _contains(text: str, phrase: str) -> bool:
    return phrase.casefold() in text.casefold()


def what_if(
    script: Script,
    record: CallRecord,
    *,
    asked: Mapping[int, Sequence[str]] | None = None,
    says: Callable[[str, str], bool] = _contains,
) -> tuple[WhatIf, ...]:
    """The turning points of a call with their branches, the largest first, five at most.

    ``script`` is the one that was played, its difficulty included; ``asked`` holds by turn (from 1) what the feedback
    asks for there, which decides between techniques that do the same; ``says`` tells whether a text holds a phrase: a
    phrase is only missed that the trainee could know. A turn whose replay as given is not what happened (another
    script, a reply that was tried again) is left out, and so is one without another branch.
    """
    if not record.turns or record.script.sha256 != script.sha256:
        return ()
    call = _Call(script, record, says)
    points = sorted(
        ((size, number) for number in range(1, len(record.turns) + 1) if (size := call.size(number))),
        key=lambda one: (-one[0], one[1]),
    )
    made: list[WhatIf] = []
    for _, number in points:
        if len(made) == TURNING_POINTS:
            break
        branches = call.branches(number, (asked or {}).get(number, ()))
        if len(branches) > 1:
            made.append(WhatIf(turn=number, branches=branches))
    return tuple(made)


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


class _Call:
    """A call that is played again, and what is known of its script once."""

    def __init__(self, script: Script, record: CallRecord, says: Callable[[str, str], bool]) -> None:
        self._script, self._record, self._says = script, record, says
        self._turns = tuple(_as_it_moved(turn, record) for turn in record.turns)
        self._control = _control(script, record)
        self._lines = {line.id for line in script.lines()}
        self._bad = _bad_steps(script)
        self._distances = _distances(script)
        briefing = script.briefing
        offers = (phrase for phrases in briefing.may_offer.values() for phrase in phrases)
        self._briefed = (briefing.you_are, *briefing.you_see, *offers, briefing.refer_to or "")

    def size(self, number: int) -> int:
        """How much of a turning point a turn is; 0 for none."""
        turn = self._turns[number - 1]
        if turn.reply is None and not _silent(turn):
            return 0
        moved = abs(turn.after.anger - turn.before.anger)
        mistakes = bool(turn.reply and _mistakes(turn.reply))
        after = self._script.steps.get(turn.after.step)
        left = after is not None and turn.after.step != turn.before.step
        bad_end = left and after is not None and after.end is not None and after.end.good is False
        # The last of too many silences leads to no step: she just hangs up.
        bad_end = bad_end or (turn.after.silences == SILENCES_TO_HANG_UP)
        bad_step = left and turn.after.step in self._bad
        if moved < TURNS_AT and not (mistakes or bad_end or bad_step):
            return 0
        return moved + (_BAD_END if bad_end else _BAD_STEP if bad_step else 0) + _MISTAKE * mistakes

    def branches(self, number: int, asked: Sequence[str]) -> tuple[Branch, ...]:
        """The branches of a turn: as given, without, with; none if it cannot be played again."""
        turn = self._turns[number - 1]
        if turn.before.last_line not in self._lines:
            return ()
        as_given = self._branch(number, Change.AS_GIVEN, (), turn.reply)
        if not self._happened(number, as_given):
            return ()
        branches = [as_given]
        taken = self._taken(turn)
        mistakes = _mistakes(turn.reply) if turn.reply else ()
        if turn.reply and taken:
            without = self._branch(number, Change.WITHOUT, taken, _without(turn.reply, taken))
            # That a mistake changed nothing is worth knowing, that a technique changed nothing is not.
            if mistakes or not _same_course(without, as_given):
                branches.append(without)
        # What calmed is missing in the second branch only: the third builds on the reply as it was.
        clean = _without(turn.reply, mistakes) if turn.reply else None
        if missing := self._missing(turn, clean, asked):
            better = _with(clean or _NOTHING, missing)
            branches.append(self._branch(number, Change.WITH, missing, better))
        return tuple(branches)

    # -- replay -------------------------------------------------------------------------------------------------------

    def _branch(self, number: int, change: Change, ids: tuple[str, ...], reply: Reply | None) -> Branch:
        """The call from a turn on with ``reply`` (None: a silence) in its place."""
        script, state = self._script, self._turns[number - 1].before
        later = (turn.reply for turn in self._turns[number:] if turn.reply is not None or _silent(turn))
        happens = [reply, *later]
        path, anger = [state.step], [state.anger]
        call = conduct(script, state.seed, state)
        step, ending = next(call), None
        while not isinstance(step, End):
            happened: Happened = Said()
            if isinstance(step, Say):
                state = step.state
                path.append(state.step)
                anger.append(state.anger)
                # In another branch the line that ends it was never cut short.
                ends = change is not Change.AS_GIVEN and script.steps[state.step].end is not None
                happened = Said() if happens or ends or self._control is None else self._control
            elif happens:
                given = happens.pop(0)
                happened = Silence() if given is None else Replied(reply=given)
            else:
                break
            step = call.send(happened)
        if isinstance(step, End):
            ending = step.ending
            if step.outcome is not None:
                path.append(step.state.step)
                anger.append(step.state.anger)
        if ending is Ending.STOPPED:
            ending = self._record.ending
        over = script.steps[state.step].end is not None or (ending is not None and ending.good is not None)
        return Branch(
            change=change,
            ids=ids,
            path=tuple(path),
            anger=tuple(anger),
            ending=ending,
            goes_on_at=None if over else state.step,
        )

    def _happened(self, number: int, branch: Branch) -> bool:
        """Whether a branch is what the record holds from a turn on."""
        turns = [t for t in self._turns[number - 1 :] if t.reply is not None or _silent(t)]
        path = (turns[0].before.step, *(t.after.step for t in turns))
        anger = (turns[0].before.anger, *(t.after.anger for t in turns))
        return (branch.path, branch.anger, branch.ending) == (path, anger, self._record.ending)

    # -- what to change -----------------------------------------------------------------------------------------------

    def _taken(self, turn: Turn) -> tuple[str, ...]:
        """What the reply is tried without: its mistakes, or what calmed most where it had none and calmed."""
        if turn.reply is None:
            return ()
        if mistakes := _mistakes(turn.reply):
            return mistakes
        helped = [i for i in turn.influences if i.delta < 0 and _kind(i.cause) is Kind.TECHNIQUE]
        fell = turn.after.anger - turn.before.anger <= -TURNS_AT
        return (min(helped, key=lambda i: i.delta).cause,) if fell and helped else ()

    def _missing(self, turn: Turn, reply: Reply | None, asked: Sequence[str]) -> tuple[str, ...]:
        """What was missing in a reply without mistakes (None: a silence); empty if nothing would have done better."""
        given = reply or _NOTHING
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
        results = {ids: self._result(turn.before, _with(given, ids)) for ids in candidates}
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
            if one not in found and _kind(one) is Kind.TECHNIQUE:
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
        elif not (any_of := tuple(one for one in any_of if _kind(one) is Kind.TECHNIQUE)[:_TRIED]):
            return
        if any(_kind(one) is not Kind.TECHNIQUE for one in must):
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


def _same_course(one: Branch, other: Branch) -> bool:
    return (one.path, one.anger, one.ending) == (other.path, other.anger, other.ending)


def _kind(finding_id: str) -> Kind | None:
    entry = CATALOGUE.get(finding_id)
    return entry.kind if entry else None


def _as_it_moved(turn: Turn, record: CallRecord) -> Turn:
    """The turn without how its reply sounded where that did not move the caller."""
    if turn.reply is None or record.delivery_moves_caller:
        return turn
    return replace(turn, reply=replace(turn.reply, delivery=None))


def _silent(turn: Turn) -> bool:
    """Whether the caller waited in vain: else a turn without a reply is the last line."""
    return turn.reply is None and turn.after.silences > turn.before.silences


def _control(script: Script, record: CallRecord) -> Control | None:
    """How the trainee ended the call, if not the script did."""
    if record.ending in (Ending.STOPPED, Ending.INCOMPLETE):
        return Control.STOP
    last = script.steps.get(record.turns[-1].after.step)
    left = record.ending in (Ending.ABANDONED, Ending.LIMIT_ENDED) and last is not None and last.end is None
    return Control.HANG_UP if left else None


def _mistakes(reply: Reply) -> tuple[str, ...]:
    """What the caller took amiss in a reply, each once."""
    return tuple(dict.fromkeys(f.id for f in reply.live.findings if f.sure and f.kind is Kind.MISTAKE))


def _found(reply: Reply) -> frozenset[str]:
    return frozenset(f.id for f in reply.live.findings if f.sure)


def _without(reply: Reply, ids: Sequence[str]) -> Reply:
    kept = tuple(f for f in reply.live.findings if f.id not in ids)
    return replace(reply, live=replace(reply.live, findings=kept))


def _with(reply: Reply, ids: Sequence[str]) -> Reply:
    """The reply with findings of those ids; what is no id of the catalogue is an offer and a phrase of the script."""
    new = tuple(Finding(kind=CATALOGUE[one].kind, id=one) for one in ids if one in CATALOGUE)
    words = tuple(one for one in ids if one not in CATALOGUE)
    return replace(
        reply,
        live=replace(reply.live, findings=(*reply.live.findings, *new)),
        offers=(*reply.offers, *words),
        mentions=(*reply.mentions, *words),
    )


def _bad_steps(script: Script) -> frozenset[str]:
    """The steps to which mistakes alone lead, and the bad ends."""
    rules = [rule for step in script.steps.values() for rule in step.rules]
    by_mistake = {r.go for r in rules if r.when.reply_has and all(_kind(i) is Kind.MISTAKE for i in r.when.reply_has)}
    otherwise = {
        r.go for r in rules if not r.when.reply_has or any(_kind(i) is Kind.TECHNIQUE for i in r.when.reply_has)
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
