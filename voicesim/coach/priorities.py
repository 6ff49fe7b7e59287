"""What of a call is told first: strengths that were meant for this caller, and what it cost this caller most.

A coach does not praise a sentence that could have been said to anybody, and calls fine tuning what made no difference.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from voicesim.catalogue import CATALOGUE
from voicesim.coach.advice import advice
from voicesim.coach.evidence import Seen
from voicesim.coach.marks import Mark, Scored, done, moment_of
from voicesim.coach.named import (
    AFTER_A_GOOD_END,
    AFTER_ANOTHER_END,
    ELSE,
    GUESSED,
    MISTAKE,
    NOT_OWED,
    WANTED,
    Chances,
    Step,
)
from voicesim.coach.phases import ORDER, Answered
from voicesim.language.normal import mentions, stem
from voicesim.language.taken_up import named
from voicesim.model import Kind, Moment, Phase, Turn

#: How many strengths and next steps a trainee is given: few enough to be remembered.
STRENGTHS = 2
NEXT_STEPS = 2
#: Measures that say how the call went and cannot be done by themselves.
_NOT_A_STEP = ("calmer", "outcome", "helped", "calm_delivery")
#: Words of the caller's that make a reply one for her: one alone is often chance.
_TAKEN_UP = 2
#: Content words in which a feeling is named for this caller although none of them is hers: husband, bills.
_IN_OWN_WORDS = 3
#: Words of stock sentences: they name any caller's feeling, and tell nobody that one has listened.
_STOCK = frozenset(
    stem(word)
    for word in """
    upset upsetting frustrate frustrated frustrating frustration difficult difficulty awful terrible horrible hard tough
    inconvenience inconvenienced annoyed annoying angry anger cross stress stressful worry worrying disappointed
    disappointing disappointment exhausting unpleasant unfortunate imagine feeling concern experience caused
    satisfaction important serious seriously patience patient business customer service feedback query
    """.split()
)
#: A finding that counts but is less likely than this is not what a trainee is praised for first.
_LIKELY = 0.5
#: An apology is praised like what was meant where the script lets it move this caller more than apologies do.
_MOVED_HER = -2
#: Replies to her story without her facts: what says them back only then was asked for, and is no praise.
LATE_AFTER = 2
#: What leads out of a phase in which a call stands still; in the last one it is whatever was left out.
_LEADS_ON: Mapping[Phase, tuple[str, ...]] = {
    Phase.CONTROL: ("vent",),
    Phase.ACKNOWLEDGE: ("acknowledge",),
    Phase.REFOCUS: ("offer_solution",),
}
#: Points that a reply weighs after which the call stood still or fell back (grade D, ours).
_HELD_UP = 2
_FINE_TUNING = "Fine tuning"
_PERHAPS = "Perhaps"
#: What a point lost by a mistake weighs where the caller did not take it: in 13 of 15 labelled calls that ended badly
#: after a mistake had raised anger, a coach named a mistake first (grade D).
_HURT = 3
#: A point of anger that a mistake added.
_ANGERED = 2
#: Of 40 mistakes that were less likely than this and might have been named, coaches named 18; of the surer ones 104 of
#: 119 (207 labelled calls). Such a one comes later.
_SURE_ENOUGH, _IN_DOUBT = 0.75, 0.3
#: After a good end a step is told only where it is likelier named than not: in 255 such calls of five kinds of agents
#: coaches left a place empty in 194, both in 115.
_LEAST_LIKELY = 0.5
#: What the chance to be named first counts beside that to be named among two: on labelled calls, each script by tables
#: of the others, as many steps were right as without it, and 64 instead of 60 % of the first.
_FIRST_COUNTS = 0.5
#: Good form: praised where nothing of more weight was done.
_MANNERS = (
    *("greeting", "verify_identity", "closed_question", "fact_finding"),
    *("redirect", "refer", "confirm_solution", "takeaway", "thank", "close"),
)
#: What is praised first after a good end, beside the remedy, if it was heard as surely as this: of 267 labelled calls
#: of five kinds of agents coaches would praise a limit so heard in 14 of 14, an apology in 74 of 76, an honest "I don't
#: know" in 34 of 36, her facts in 63 of 68; the remedy, however it was heard, in 244 of 246; all else in fewer.
_CARRIED, _SURELY = ("set_limit", "apology", "dont_know", "acknowledge"), 0.97
#: What of these is praised before the others: 13 coaches of 14 named it first.
_HELD = "set_limit"
#: After another end than a good one no less sure strength than this is told, but a remedy: of 33 such calls in which
#: her facts were heard less surely coaches would have praised that in 6, of 20 others in 13.
_CLEARLY = 0.9
#: What is praised first where the call ended otherwise: of 18 such calls in which a remedy was heard that calmed the
#: caller or did no harm, coaches would praise it first in 16, saying her facts back or naming her feeling in 27 of 46.
_REMEDY = "offer_solution"
#: From this share of replies that hurt on, nothing but a remedy is praised after an end that was not good: of 16 such
#: labelled calls in which her facts were said back, coaches would have praised that in 6, and nothing at all in 10.
_HURT_THROUGHOUT = 0.5
#: Where one of several techniques earns the same, what a coach asks for.
_ASKED_FOR: Mapping[str, str] = {"thank": "close"}


# -- what went well ---------------------------------------------------------------------------------------------------


def strengths(marks: Iterable[Mark], call: Scored, facts: Mapping[str, str]) -> tuple[Moment, ...]:
    """What was meant for this caller and lowered anger most, then what earns most; each id once.

    A technique that fits any caller (a greeting, "I understand") comes after those that took up what this caller said,
    and where none of those is credited it is no strength. After a good end what coaches praise in most calls comes
    first. What stood in a reply that did not calm the caller, whatever it did by itself, is none either, and nothing
    that was overdone is. What is more likely to be heard by chance than to be there comes last, and so do facts that
    were said back only when the caller had asked for them.
    """
    own = {number: _taken_up(call.record.turns[:number], facts) for number in range(1, len(call.record.turns) + 1)}
    overdone = {mark.moment.id for mark in marks if mark.lost and not mark.by}
    worth = {name: c.points for c in sorted(call.rubric.criteria, key=lambda c: c.points) for name in c.any_of}
    found = [s for s in call.seen if s.finding.id in worth and s.finding.id not in overdone and _helped(s)]
    asked_for = len(replies_before_facts(call)) >= LATE_AFTER
    good = call.record.ending.good is True
    if not good:
        least = math.inf if _hurt(call) >= _HURT_THROUGHOUT else _CLEARLY
        found = [s for s in found if s.finding.id == _REMEDY or s.finding.confidence >= least]
    found.sort(
        key=lambda s: (
            s.finding.confidence < _LIKELY,
            good and not _carried(s, own, call),
            good and not (s.finding.id == _HELD and _carried(s, own, call)),
            s.finding.id in _MANNERS,
            asked_for and s.finding.id == "acknowledge",
            not _meant(s, own, call),
            not good and s.finding.id != _REMEDY,
            s.moved,
            -worth[s.finding.id],
            s.turn,
        )
    )
    best: dict[str, Seen] = {}
    for item in found:
        best.setdefault(item.finding.id, item)
    if not any(_meant(item, own, call) for item in best.values() if good or item.finding.id not in _MANNERS):
        return ()
    # One sentence may hold two techniques; two strengths should point at two places.
    chosen: dict[object, Seen] = {}
    for item in best.values():
        chosen.setdefault((item.turn, item.finding.quote) if item.finding.quote else item.finding.id, item)
    return tuple(_praised(item, marks, call) for item in chosen.values())[:STRENGTHS]


def _hurt(call: Scored) -> float:
    """The share of the replies that held a mistake."""
    replies = sum(turn.reply is not None for turn in call.record.turns)
    mistaken = {s.turn for s in call.seen if s.finding.id in CATALOGUE and CATALOGUE[s.finding.id].kind is Kind.MISTAKE}
    return len(mistaken) / replies if replies else 0.0


def _carried(item: Seen, own: Mapping[int, int], call: Scored) -> bool:
    """Whether it is what a call that ended well is praised for; a remedy is, however it was put.

    A limit is only where there was something to be limited.
    """
    if item.finding.id == _HELD and not _meant(item, own, call):
        return False
    return item.finding.id == _REMEDY or (item.finding.id in _CARRIED and item.finding.confidence >= _SURELY)


def _helped(item: Seen) -> bool:
    """Whether the reply calmed the caller where the technique did, and did no harm where it did nothing."""
    return item.effect < 0 if item.moved < 0 else item.moved == 0 and item.effect <= 0


def _praised(item: Seen, marks: Iterable[Mark], call: Scored) -> Moment:
    """The moment of a strength, with the points that it earned if it is the one that earned them."""
    for mark in marks:
        if (mark.moment.id, mark.moment.turn) == (item.finding.id, item.turn) and not mark.lost:
            return mark.moment
    return replace(moment_of(item, call, title=done(item.finding.id), points=0, of=None, phase=item.phase), points=None)


def _taken_up(turns: Sequence[Turn], facts: Mapping[str, str]) -> int:
    """How much of this caller's the last reply holds: words, figures, facts, and what the briefing allows to offer."""
    reply = turns[-1].reply
    if reply is None:
        return 0
    text = reply.final.transcript.text
    taken_up = named([text]).taken_up(named(turn.line.text for turn in turns))
    whole = bool(reply.offers or taken_up.figures or any(mentions(text, fact) for fact in facts.values()))
    return len(taken_up.content) + _TAKEN_UP * whole


def _meant(item: Seen, own: Mapping[int, int], call: Scored) -> bool:
    """Whether it was meant for this caller: by what the reply holds, or by what it answers."""
    name = item.finding.id
    if item.finding.confidence < _LIKELY:
        return False
    if name == "set_limit":
        return any(turn.line.abuse for turn in call.record.turns[: item.turn])
    if name == "empathy":
        return own[item.turn] >= 1 or _in_own_words(call.record.turns[item.turn - 1])
    if name == "apology" and item.moved <= _MOVED_HER:
        return True
    return own[item.turn] >= _TAKEN_UP or name in ("acknowledge", "dont_know")


def _in_own_words(turn: Turn) -> bool:
    """Whether the reply names what the feeling is about, in words that stand in no stock sentence."""
    if turn.reply is None:
        return False
    said = named([turn.reply.final.transcript.text])
    return len(said.content - _STOCK) + _TAKEN_UP * bool(said.figures) >= _IN_OWN_WORDS


def facts_said(call: Scored) -> int:
    """The turn that first said the caller's facts back; 0 where none did."""
    return min((s.turn for s in call.seen if s.finding.id == "acknowledge"), default=0)


def replies_before_facts(call: Scored) -> tuple[Answered, ...]:
    """The replies to the caller's story that came before the first that said her facts back; none where none did."""
    first = facts_said(call)
    return tuple(place for place in call.turns[Phase.ACKNOWLEDGE] if place.number < first)


def told_unverified(call: Scored) -> int:
    """The turn that first told something of the account, surely or perhaps, before the caller was verified; else 0."""
    return next(
        (
            number
            for number, turn in enumerate(call.record.turns, 1)
            if turn.reply and any(finding.id == "disclosure" for finding in turn.reply.final.findings)
        ),
        0,
    )


# -- what to change ---------------------------------------------------------------------------------------------------


def next_steps(marks: Sequence[Mark], call: Scored, *, ours: bool) -> tuple[Moment, ...]:
    """The two things that a coach is likeliest to name, likewise the first of them; fewer after a good end.

    ``ours``: by the briefing the mistake was the company's. After a good end what made no difference is marked as fine
    tuning; what was not surely said is marked as perhaps.
    """
    good_end = bool(call.record.ending.good)
    chances = AFTER_A_GOOD_END if good_end else AFTER_ANOTHER_END
    steps = chosen(possible_steps(marks, call, ours=ours), chances, good_end=good_end)
    return tuple(_told(step, good_end=good_end) for step in steps)


def chosen(steps: Sequence[Step], chances: Chances, *, good_end: bool) -> tuple[Step, ...]:
    """The steps that are told, of all that could be: the likeliest to be named, the likelier first one first.

    The chance to be named first counts half besides: the first step is the one that most is made of.
    """
    named = {step.moment.id: chances.named.of(step) for step in steps}
    first = {step.moment.id: chances.first.of(step) for step in steps}
    worth = {name: named[name] + _FIRST_COUNTS * first[name] for name in named}
    best = sorted(steps, key=lambda step: (-worth[step.moment.id], -step.weight))[:NEXT_STEPS]
    if good_end:
        best = [step for step in best if named[step.moment.id] >= _LEAST_LIKELY]
    return tuple(sorted(best, key=lambda step: -first[step.moment.id]))


def possible_steps(marks: Sequence[Mark], call: Scored, *, ours: bool) -> list[Step]:
    """Everything that could be changed, what cost this caller most first; no two of them are mended by one thing.

    What was said and hurt weighs three times its points, and each point of anger that it added as two, by how likely
    it was heard right; its points alone where the caller took it. What was left out weighs its own points, and more for
    each reply after which the call stood still for want of it.
    """
    return _steps([m for m in marks if m.lost + m.beyond > 0 and _can_be_done(m, call)], call, ours=ours)


def _can_be_done(mark: Mark, call: Scored) -> bool:
    """Whether it is a thing to do otherwise: no measure of the whole, no silence of who has left the call."""
    if mark.moment.id == "long_silence" and call.record.ending.good is None:
        return mark.moment.turn is not None and any(t.reply for t in call.record.turns[mark.moment.turn :])
    if mark.missed is not None and (mark.moment.effect or 0) < 0 and call.record.ending.good:
        # It came late and calmed the caller all the same.
        return False
    return mark.moment.id not in _NOT_A_STEP


def _told(step: Step, *, good_end: bool) -> Moment:
    """Its moment; what was not surely said, and that without which a call went well, is told as such."""
    if not step.sure:
        return _marked(step.moment, _PERHAPS)
    return _marked(step.moment, _FINE_TUNING) if good_end and not step.mattered else step.moment


def _marked(moment: Moment, word: str) -> Moment:
    return replace(moment, title=f"{word}: {moment.title[0].lower()}{moment.title[1:]}")


def _steps(marks: Sequence[Mark], call: Scored, *, ours: bool) -> list[Step]:
    held = _held_up(call)
    steps = [_said(group, call) for group in _groups(m for m in marks if not m.by)]
    guessed = any(step.moment.id == "false_promise" for step in steps)
    left = [m for m in marks if m.by]
    while left:
        # One reply may earn what several criteria ask for: it is one thing to change.
        names = dict.fromkeys(_ASKED_FOR.get(m.name, m.name) for m in left)
        groups = {name: [m for m in left if name == m.name or name in m.by] for name in names}
        name = max(groups, key=lambda one: _missing_weight(one, groups[one], held))
        wanted = any(m.goal for m in groups[name])
        kind = _kind(name, call, wanted=wanted, ours=ours, guessed=guessed)
        steps.append(_left_out(name, groups[name], call, held, kind=kind))
        left = [m for m in left if m not in groups[name]]
    return sorted(steps, key=lambda step: -step.weight)


def _kind(name: str, call: Scored, *, wanted: bool, ours: bool, guessed: bool) -> str:
    """What the table of chances knows it by: the same thing left out is not the same where it was not called for."""
    if name == "apology" and not (ours or wanted):
        return NOT_OWED
    if name == "assurance" and wanted:
        return WANTED
    if name == "dont_know" and wanted and guessed:
        return GUESSED
    return name


def _groups(marks: Iterable[Mark]) -> list[list[Mark]]:
    groups: dict[str, list[Mark]] = {}
    for mark in marks:
        groups.setdefault(mark.step, []).append(mark)
    return list(groups.values())


def _said(group: Sequence[Mark], call: Scored) -> Step:
    """The step for a mistake, or for a technique that was overdone."""
    worst = max(group, key=lambda m: (m.sure, m.moved, m.lost)).moment
    lost = sum(m.lost for m in group)
    sure = any(m.sure for m in group)
    step = replace(worst, title=advice(worst.id).do, points=-lost if sure else None)
    kind = CATALOGUE[worst.id].kind if worst.id in CATALOGUE else None
    if kind is Kind.TECHNIQUE:
        # Each time beyond what was enough is one that a coach hears.
        times = sum(s.finding.id == worst.id for s in call.seen)
        enough = next((c.at_most for c in call.rubric.criteria if c.id == worst.criterion and c.at_most), times)
        return Step(moment=step, weight=lost + times, mattered=True, kind=MISTAKE, again=times - enough, said=True)
    if kind is None:
        return Step(moment=step, weight=sum(map(_weight, group)), mattered=True, kind=ELSE)
    return Step(
        moment=step,
        weight=sum(map(_weight, group)),
        mattered=True,
        kind=worst.id,
        said=True,
        likely=1 - math.prod(1 - m.confidence for m in group),
        sure=sure,
    )


def _weight(mark: Mark) -> float:
    if mark.moment.turn is None or mark.moment.id not in CATALOGUE:
        return mark.lost
    trusted = mark.confidence if mark.confidence >= _SURE_ENOUGH else mark.confidence * _IN_DOUBT
    return trusted * (_HURT * mark.lost + _ANGERED * max(0, mark.moved))


def _missing_weight(name: str, group: Sequence[Mark], held: Mapping[Phase, int]) -> int:
    """Its own points, and more for each reply after which its want held the call up; not what else it would mend."""
    own = sum(m.lost + m.beyond for m in group if _ASKED_FOR.get(m.name, m.name) == name)
    return own + _HELD_UP * _times(name, group, held)


def _times(name: str, group: Iterable[Mark], held: Mapping[Phase, int]) -> int:
    """The replies after which the call stood still for want of it."""
    return sum(held[phase] for phase in ORDER if _leads_on(name, phase, group))


def _leads_on(name: str, phase: Phase, group: Iterable[Mark]) -> bool:
    """Whether that would have led out of a phase in which the call stood still; in the last, whatever it asks for."""
    return name in _LEADS_ON[phase] if phase in _LEADS_ON else any(m.moment.phase is phase for m in group)


def _left_out(name: str, group: Sequence[Mark], call: Scored, held: Mapping[Phase, int], *, kind: str) -> Step:
    """The step for what was left out, at the turn where it would have fitted."""
    own = [m for m in group if m.name == name] or list(group)
    shown = next((m for m in own if m.moment.of is not None), own[0])
    goal = next((m.moment for m in group if m.goal), None)
    lost = sum(m.lost for m in group)
    moment = replace(
        shown.missed or shown.moment,
        id=name,
        title=goal.title if goal else advice(name).do,
        points=-lost if lost else None,
        of=shown.moment.of,
        phase=shown.moment.phase,
        criterion=shown.moment.criterion,
    )
    held_up = _times(name, group, held)
    angry = any(m.moment.phase and _left_angry(m.moment.phase, call) for m in group)
    mattered = goal is not None or held_up > 0 or angry
    weight = _missing_weight(name, group, held)
    return Step(moment=moment, weight=weight, mattered=mattered, kind=kind, again=held_up)


def _held_up(call: Scored) -> Mapping[Phase, int]:
    """Phase -> the replies in it after which the caller had come no further than she was before."""
    held, been = dict.fromkeys(ORDER, 0), set[str]()
    for turn in call.record.turns:
        been.add(turn.before.step)
        if turn.reply is not None and turn.after.step in been:
            held[turn.phase] += 1
    return held


def _left_angry(phase: Phase, call: Scored) -> bool:
    """Whether the caller was still angry as the phase was over."""
    turns = call.turns[phase]
    return bool(turns) and turns[-1].turn.after.anger >= call.rubric.naming_from_anger
