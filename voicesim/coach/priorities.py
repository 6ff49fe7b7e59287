"""What to change first: what it cost this caller most, and what coaches would name of that.

A coach does not call fine tuning what made no difference.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from voicesim.catalogue import CATALOGUE
from voicesim.coach.advice import advice
from voicesim.coach.marks import Mark, Scored
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
from voicesim.coach.phases import ORDER
from voicesim.model import Kind, Moment, Phase

#: How many next steps a trainee is told: few enough to be remembered.
NEXT_STEPS = 2
#: Measures that say how the call went and cannot be done by themselves.
_NOT_A_STEP = ("calmer", "outcome", "helped", "calm_delivery")
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
#: Where one of several techniques earns the same, what a coach asks for.
_ASKED_FOR: Mapping[str, str] = {"thank": "close"}


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
