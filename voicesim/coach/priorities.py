"""What of a call is told first: strengths that were meant for this caller, and what it cost this caller most.

A coach does not praise a sentence that could have been said to anybody, and calls fine tuning what made no difference.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from voicesim.catalogue import CATALOGUE
from voicesim.coach.advice import advice
from voicesim.coach.evidence import Seen
from voicesim.coach.marks import Mark, Scored, done, moment_of
from voicesim.coach.phases import ORDER
from voicesim.language.normal import mentions
from voicesim.language.taken_up import named
from voicesim.model import Kind, Moment, Phase, Turn

#: How many strengths and next steps a trainee is given: few enough to be remembered.
STRENGTHS = 2
NEXT_STEPS = 2
#: Measures that say how the call went and cannot be done by themselves.
_NOT_A_STEP = ("calmer", "outcome", "helped", "calm_delivery")
#: Words of the caller's that make a reply one for her: one alone is often chance.
_TAKEN_UP = 2
#: What leads out of a phase in which a call stands still; in the last one it is whatever was left out.
_LEADS_ON: Mapping[Phase, tuple[str, ...]] = {
    Phase.CONTROL: ("vent",),
    Phase.ACKNOWLEDGE: ("acknowledge",),
    Phase.REFOCUS: ("offer_solution",),
}
#: Points that a reply weighs after which the call stood still or fell back (grade D, ours).
_HELD_UP = 2
_FINE_TUNING = "Fine tuning"
#: How often coaches named what was left out when they could have named it (51 labelled calls, grade D); 1 for the rest.
NAMED: Mapping[str, float] = {
    "apology": 0.6,
    "greeting": 0.6,
    "close": 0.6,
    "empathy": 0.5,
    "takeaway": 0.4,
    "dont_know": 0.3,
    "assurance": 0.2,
    "refer": 0.2,
    "thank": 0.2,
    "closed_question": 0.1,
    "vent": 0.1,
}
#: A second step that weighs less is not worth a trainee's attention.
_WORTH_A_WORD = 1.0
#: Good form: praised where nothing of more weight was done.
_MANNERS = (
    *("greeting", "verify_identity", "closed_question", "fact_finding"),
    *("redirect", "refer", "confirm_solution", "takeaway", "thank", "close"),
)
#: Where one of several techniques earns the same, what a coach asks for.
_ASKED_FOR: Mapping[str, str] = {"thank": "close"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to change: its moment, what it weighs, and whether it made a difference in this call."""

    moment: Moment
    weight: float
    mattered: bool


# -- what went well ---------------------------------------------------------------------------------------------------


def strengths(marks: Iterable[Mark], call: Scored, facts: Mapping[str, str]) -> tuple[Moment, ...]:
    """What was meant for this caller and lowered anger most, then what earns most; each id once.

    A technique that fits any caller (a greeting, "I understand") comes after those that took up what this caller said,
    and where none of those is credited it is no strength. What stood in a reply that did not calm the caller, whatever
    it did by itself, is none either, and nothing that was overdone is.
    """
    own = {number: _taken_up(call.record.turns[:number], facts) for number in range(1, len(call.record.turns) + 1)}
    overdone = {mark.moment.id for mark in marks if mark.lost and not mark.by}
    worth = {name: c.points for c in sorted(call.rubric.criteria, key=lambda c: c.points) for name in c.any_of}
    found = [s for s in call.seen if s.finding.id in worth and s.finding.id not in overdone and _helped(s)]
    found.sort(
        key=lambda s: (s.finding.id in _MANNERS, not _meant(s, own, call), s.moved, -worth[s.finding.id], s.turn)
    )
    best: dict[str, Seen] = {}
    for item in found:
        best.setdefault(item.finding.id, item)
    if not any(_meant(item, own, call) for item in best.values()):
        return ()
    # One sentence may hold two techniques; two strengths should point at two places.
    chosen: dict[object, Seen] = {}
    for item in best.values():
        chosen.setdefault((item.turn, item.finding.quote) if item.finding.quote else item.finding.id, item)
    return tuple(_praised(item, marks, call) for item in chosen.values())[:STRENGTHS]


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
    if name == "set_limit":
        return any(turn.line.abuse for turn in call.record.turns[: item.turn])
    least = 1 if name == "empathy" else _TAKEN_UP
    return own[item.turn] >= least or name in ("acknowledge", "dont_know")


# -- what to change ---------------------------------------------------------------------------------------------------


def next_steps(marks: Sequence[Mark], call: Scored) -> tuple[Moment, ...]:
    """What cost this caller most: two different things at most, the points that each of them lost.

    What was said and hurt weighs twice, and each point of anger that it added as two. What was left out weighs
    everything that one such reply would have earned, and more for each reply after which the call stood still for want
    of it, by how often coaches name it. After a good end what made no difference is marked as fine tuning. A second
    step that weighs next to nothing is left out.
    """
    steps = _steps([m for m in marks if m.lost + m.beyond > 0 and _can_be_done(m, call)], call)[:NEXT_STEPS]
    steps = [step for at, step in enumerate(steps) if at == 0 or step.weight >= _WORTH_A_WORD]
    return tuple(step.moment if step.mattered or not call.record.ending.good else _finer(step.moment) for step in steps)


def _can_be_done(mark: Mark, call: Scored) -> bool:
    """Whether it is a thing to do otherwise: no measure of the whole, no silence of who has left the call."""
    if mark.moment.id == "long_silence" and call.record.ending.good is None:
        return mark.moment.turn is not None and any(t.reply for t in call.record.turns[mark.moment.turn :])
    if mark.missed is not None and (mark.moment.effect or 0) < 0 and call.record.ending.good:
        # It came late and calmed the caller all the same.
        return False
    return mark.moment.id not in _NOT_A_STEP


def _finer(moment: Moment) -> Moment:
    """The same, marked as something without which the call went well."""
    return replace(moment, title=f"{_FINE_TUNING}: {moment.title[0].lower()}{moment.title[1:]}")


def _steps(marks: Sequence[Mark], call: Scored) -> list[Step]:
    """Everything that could be changed, what weighs most first; no two of them are mended by one thing."""
    held = _held_up(call)
    steps = [_said(group, call) for group in _groups(m for m in marks if not m.by)]
    left = [m for m in marks if m.by]
    while left:
        # One reply may earn what several criteria ask for: it is one thing to change.
        names = dict.fromkeys(_ASKED_FOR.get(m.name, m.name) for m in left)
        groups = {name: [m for m in left if name == m.name or name in m.by] for name in names}
        name = max(groups, key=lambda one: _missing_weight(one, groups[one], held))
        steps.append(_left_out(name, groups[name], call, held))
        left = [m for m in left if m not in groups[name]]
    return sorted(steps, key=lambda step: -step.weight)


def _groups(marks: Iterable[Mark]) -> list[list[Mark]]:
    groups: dict[str, list[Mark]] = {}
    for mark in marks:
        groups.setdefault(mark.step, []).append(mark)
    return list(groups.values())


def _said(group: Sequence[Mark], call: Scored) -> Step:
    """The step for a mistake, or for a technique that was overdone."""
    worst = max(group, key=lambda m: (m.moved, m.lost)).moment
    step = replace(worst, title=advice(worst.id).do, points=-sum(m.lost for m in group))
    kind = CATALOGUE[worst.id].kind if worst.id in CATALOGUE else None
    if kind is Kind.TECHNIQUE:
        # Each time beyond what was enough is one that a coach hears.
        times = sum(s.finding.id == worst.id for s in call.seen)
        return Step(moment=step, weight=sum(m.lost for m in group) + times, mattered=True)
    return Step(moment=step, weight=sum(_weight(m, call) for m in group), mattered=True)


def _weight(mark: Mark, call: Scored) -> int:
    if mark.moment.turn is None or mark.moment.id not in CATALOGUE:
        return mark.lost
    turn = call.record.turns[mark.moment.turn - 1]
    if call.record.ending.good and turn.after.anger < call.rubric.naming_from_anger:
        # The caller took it, and the call came to its end.
        return mark.lost
    return 2 * mark.lost + 2 * max(0, mark.moved)


def _missing_weight(name: str, group: Sequence[Mark], held: Mapping[Phase, int]) -> float:
    """What one such reply would have earned, and more for each reply after which its want held the call up."""
    times = sum(held[phase] for phase in ORDER if _leads_on(name, phase, group))
    return NAMED.get(name, 1.0) * (sum(m.lost + m.beyond for m in group) + _HELD_UP * times)


def _leads_on(name: str, phase: Phase, group: Iterable[Mark]) -> bool:
    """Whether that would have led out of a phase in which the call stood still; in the last, whatever it asks for."""
    return name in _LEADS_ON[phase] if phase in _LEADS_ON else any(m.moment.phase is phase for m in group)


def _left_out(name: str, group: Sequence[Mark], call: Scored, held: Mapping[Phase, int]) -> Step:
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
    held_up = any(held[phase] and _leads_on(name, phase, group) for phase in ORDER)
    angry = any(m.moment.phase and _left_angry(m.moment.phase, call) for m in group)
    return Step(moment=moment, weight=_missing_weight(name, group, held), mattered=goal is not None or held_up or angry)


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
