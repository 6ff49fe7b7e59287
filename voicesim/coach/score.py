"""The feedback of a call: the score by phase with its evidence, what went well, and two things to change."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from voicesim.catalogue import CATALOGUE
from voicesim.coach import delivery, rubric
from voicesim.coach.advice import advice, better_reply
from voicesim.coach.echo import said_back
from voicesim.coach.evidence import Seen, doubtful, effect, seen
from voicesim.coach.phases import Answered, answered, by_phase, reached
from voicesim.coach.rubric import Criterion, Needs
from voicesim.model import CallRecord, Feedback, Moment, Phase, ScorePart

#: How many strengths and next steps a trainee is given: few enough to be remembered.
STRENGTHS = 2
NEXT_STEPS = 2
_QUOTE_CHARACTERS = 160
#: Measures that say how the call went and cannot be done by themselves.
_NOT_A_STEP = ("calmer", "outcome")
_SAME_STEP = {"heard_out": "interrupt"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """A moment, the points it lost, and the anger that its cause added."""

    moment: Moment
    lost: int = 0
    moved: int = 0

    @property
    def step(self) -> str:
        return _SAME_STEP.get(self.moment.id, self.moment.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """What the criteria look at, read from the record once."""

    record: CallRecord
    seen: tuple[Seen, ...]
    turns: Mapping[Phase, tuple[Answered, ...]]
    reached: tuple[Phase, ...]
    doubtful: frozenset[str]


def feedback(
    record: CallRecord,
    *,
    goals: Mapping[str, str],
    caller: str,
    offers: Sequence[str] = (),
) -> Feedback:
    """The feedback of a call.

    ``goals`` are the script's (finding id -> what the feedback says about it there), ``caller`` is the caller's name,
    ``offers`` what the briefing allows, in a few words each; better replies use it. The total is 0..100 and None for
    a call that was stopped or is incomplete, whose phases are not scored either. Raises InputError for a goal that is
    no known id.
    """
    call = _Call(
        record=record,
        seen=seen(record),
        turns=by_phase(record),
        reached=reached(record),
        doubtful=doubtful(record),
    )
    marks = [*_criteria(call), *_mistakes(call), *_goals(call, goals)]
    steps = _next_steps(call, marks, caller, offers)
    moments = _with_better(call, marks, steps, caller, offers)
    strengths = tuple(m.moment for m in _strengths(marks))
    if record.ending.good is None:
        phases = {phase: ScorePart(points=None, of=rubric.PHASE_POINTS) for phase in Phase}
        return Feedback(
            total=None,
            phases=phases,
            strengths=_unscored(strengths),
            next_steps=_unscored(steps),
            moments=_unscored(moments) + delivery.observations(record),
            rubric=rubric.RUBRIC_VERSION,
        )
    phases = {phase: _phase_score(phase, call, marks) for phase in Phase}
    return Feedback(
        total=_total(record, phases, call.seen),
        phases=phases,
        strengths=strengths,
        next_steps=steps,
        moments=moments + delivery.observations(record),
        rubric=rubric.RUBRIC_VERSION,
    )


def _unscored(moments: Iterable[Moment]) -> tuple[Moment, ...]:
    return tuple(replace(m, points=None, of=None) for m in moments)


# -- points earned ----------------------------------------------------------------------------------------------------


def _criteria(call: _Call) -> list[_Mark]:
    """A mark for each criterion that could be judged in the phases that were reached."""
    criteria = [c for c in rubric.CRITERIA if c.phase in call.reached and _judged(c, call)]
    return [_technique(c, call) if c.any_of else _measure(c, call) for c in criteria]


def _judged(criterion: Criterion, call: _Call) -> bool:
    turns = call.record.turns
    if _perhaps(criterion.any_of, call):
        return False
    if criterion.needs is Needs.SOUND:
        return any(t.line_span is not None for t in turns)
    if criterion.needs is Needs.ABUSE:
        return any(t.line.abuse for t in turns)
    if criterion.needs is Needs.ANGER:
        early = [a for phase in criterion.within for a in call.turns[phase]]
        return any(a.turn.before.anger >= rubric.NAMING_FROM_ANGER for a in early)
    return True


def _perhaps(ids: Iterable[str], call: _Call) -> bool:
    """Whether none of the ids was seen for sure but one may have been: then nobody is told that it was missing."""
    wanted = set(ids)
    return not wanted & {s.finding.id for s in call.seen} and bool(wanted & call.doubtful)


def _technique(criterion: Criterion, call: _Call) -> _Mark:
    """All points for a technique in its phase, half of them for one that came late or too often, none if missed."""
    found = [s for s in call.seen if s.finding.id in criterion.any_of]
    in_time = [s for s in found if not criterion.within or s.phase in criterion.within]
    if not found:
        return _missed(criterion, call)
    best = min(in_time or found, key=lambda s: (s.moved, s.finding.id != criterion.id, s.turn))
    title, points = _done(best.finding.id), criterion.points
    if not in_time:
        title, points = f"{title}, but late", criterion.points // 2
    elif criterion.at_most is not None and len(found) > criterion.at_most:
        title, points = f"{title}, in {len(found)} replies: once is stronger", criterion.points // 2
    moment = _moment(best, call, title=title, points=points, phase=criterion.phase)
    return _Mark(moment=replace(moment, of=criterion.points), lost=criterion.points - points, moved=best.moved)


def _missed(criterion: Criterion, call: _Call) -> _Mark:
    place = _place(criterion, call)
    tips = advice(criterion.id)
    moment = Moment(
        id=criterion.id,
        turn=place.number if place else None,
        title=tips.do,
        quote=_said(place),
        why=tips.why,
        effect=effect(place.turn) if place else None,
        source=tips.source,
        span=place.turn.reply.span if place and place.turn.reply else None,
        points=0,
        of=criterion.points,
        phase=criterion.phase,
    )
    return _Mark(moment=moment, lost=criterion.points)


def _place(criterion: Criterion, call: _Call) -> Answered | None:
    """The turn where it would have fitted best."""
    window = [a for phase in (criterion.within or (criterion.phase,)) for a in call.turns[phase]]
    window = sorted(window or answered(call.record), key=lambda a: a.number)
    if not window:
        return None
    if criterion.id == "empathy":
        return max(window, key=lambda a: (a.turn.before.anger, -a.number))
    if criterion.id in ("acknowledge", "vent"):
        return next((a for a in window if said_back(a.turn.line.text)), window[0])
    return window[-1] if criterion.phase is Phase.SOLVE else window[0]


def _measure(criterion: Criterion, call: _Call) -> _Mark:
    check = {"heard_out": _heard_out, "calmer": _calmer, "outcome": _outcome}[criterion.id]
    title = check(call)
    if title is None:
        return _missed(criterion, call)
    tips = advice(criterion.id)
    moment = Moment(
        id=criterion.id,
        turn=None,
        title=title,
        quote=None,
        why=tips.why,
        source=tips.source,
        points=criterion.points,
        of=criterion.points,
        phase=criterion.phase,
    )
    return _Mark(moment=moment)


def _heard_out(call: _Call) -> str | None:
    cut_in = any(s.finding.id == "interrupt" and s.phase is Phase.CONTROL for s in call.seen)
    return None if cut_in or not call.turns[Phase.CONTROL] else "You let the caller finish"


def _calmer(call: _Call) -> str | None:
    turns = call.turns[Phase.REFOCUS] or answered(call.record)
    if not turns:
        return None
    first, last = turns[0].turn.before.anger, turns[-1].turn.after.anger
    if last < first:
        return f"The caller's anger fell from {first} to {last}"
    return f"The caller's anger stayed low, at {last}" if last < rubric.NAMING_FROM_ANGER else None


def _outcome(call: _Call) -> str | None:
    ended = {"resolved": "with a fix", "referred": "with a hand-over", "limit_ended": "at a limit that you announced"}
    how = ended.get(call.record.ending.value)
    return f"The call ended {how}" if how else None


# -- points lost ------------------------------------------------------------------------------------------------------


def _mistakes(call: _Call) -> list[_Mark]:
    """A mark for each mistake; after the second of its kind in a phase it is shown and costs nothing more."""
    marks, times = [], Counter[tuple[str, Phase]]()
    for item in call.seen:
        cost = rubric.MISTAKE_POINTS.get(item.finding.id)
        if cost is None:
            continue
        times[item.finding.id, item.phase] += 1
        lost = cost if times[item.finding.id, item.phase] <= rubric.MISTAKE_TIMES else 0
        moment = _moment(item, call, title=_done(item.finding.id), points=-lost, phase=item.phase)
        marks.append(_Mark(moment=moment, lost=lost, moved=item.moved))
    return marks


def _goals(call: _Call, goals: Mapping[str, str]) -> list[_Mark]:
    """A mark for each goal of the script that the call shows no sure finding for."""
    found = {s.finding.id for s in call.seen}
    marks = []
    for goal, sentence in goals.items():
        tips = advice(goal)
        if goal in found or goal in call.doubtful:
            continue
        phase = rubric.HOME.get(goal)
        home = phase if phase in call.reached else None
        place = _place(Criterion(id=goal, phase=home or Phase.CONTROL, points=0, any_of=(goal,)), call)
        moment = Moment(
            id=goal,
            turn=place.number if place else None,
            title=sentence,
            quote=_said(place),
            why=tips.why,
            effect=effect(place.turn) if place else None,
            source=tips.source,
            span=place.turn.reply.span if place and place.turn.reply else None,
            points=-rubric.GOAL_POINTS if home else None,
            phase=home,
        )
        marks.append(_Mark(moment=moment, lost=rubric.GOAL_POINTS if home else 0))
    return marks


# -- putting it together ----------------------------------------------------------------------------------------------


def _phase_score(phase: Phase, call: _Call, marks: Iterable[_Mark]) -> ScorePart:
    """The points of a phase, never below 0; None where the call did not get there."""
    if phase not in call.reached:
        return ScorePart(points=None, of=rubric.PHASE_POINTS)
    moments = [m.moment for m in marks if m.moment.phase is phase]
    points = sum(m.points or 0 for m in moments)
    return ScorePart(points=max(0, points), of=sum(m.of or 0 for m in moments))


def _total(record: CallRecord, phases: Mapping[Phase, ScorePart], found: Iterable[Seen]) -> int:
    """0..100 over the phases; one that a badly ended call never reached counts 0, after a good end it is left out."""
    counted = [p for p in phases.values() if p.points is not None or not record.ending.good]
    possible = sum(p.of for p in counted)
    total = round(100 * sum(p.points or 0 for p in counted) / possible) if possible else 0
    critical = any((entry := CATALOGUE.get(s.finding.id)) is not None and entry.critical for s in found)
    return min(total, rubric.CRITICAL_TOTAL) if critical else total


def _strengths(marks: Iterable[_Mark]) -> list[_Mark]:
    """What lowered anger most, then what earned most; each id once, techniques of the trainee only.

    What stood in a reply that did not calm the caller, whatever it did by itself, is no strength of the call.
    """
    best: dict[str, _Mark] = {}
    for mark in sorted(marks, key=lambda m: (m.moved, -(m.moment.points or 0), m.moment.turn or 0)):
        earned = (mark.moment.points or 0) > 0 and mark.lost == 0
        effect_of_reply = mark.moment.effect or 0
        helped = effect_of_reply < 0 if mark.moved < 0 else mark.moved == 0 and effect_of_reply <= 0
        if earned and helped and mark.moment.id not in _NOT_A_STEP:
            best.setdefault(mark.moment.id, mark)
    # One sentence may hold two techniques; two strengths should point at two places.
    chosen: dict[object, _Mark] = {}
    for mark in best.values():
        quote = mark.moment.quote
        chosen.setdefault((mark.moment.turn, quote) if quote else mark.moment.id, mark)
    return list(chosen.values())[:STRENGTHS]


def _next_steps(call: _Call, marks: Iterable[_Mark], caller: str, offers: Sequence[str]) -> tuple[Moment, ...]:
    """What cost most: two different things at most, each with a better reply.

    What was said and hurt weighs twice as much as what was left out, and each point of anger that it added as two.
    """
    groups: dict[str, list[_Mark]] = {}
    for mark in marks:
        if mark.lost > 0 and mark.moment.id not in _NOT_A_STEP:
            groups.setdefault(mark.step, []).append(mark)
    ranked = sorted(groups.values(), key=lambda g: -sum(_weight(m) for m in g))
    steps: list[Moment] = []
    for group in ranked[:NEXT_STEPS]:
        worst = max(group, key=lambda m: (m.moved, m.lost)).moment
        goal = next((m.moment for m in group if m.moment.points == -rubric.GOAL_POINTS and m.moment.of is None), None)
        is_goal = goal is not None and goal.id not in rubric.MISTAKE_POINTS
        title = goal.title if goal is not None and is_goal else advice(worst.id).do
        step = replace(worst, title=title, points=-sum(m.lost for m in group))
        steps.append(replace(step, better=_better(step, call, caller, offers, [s.better for s in steps])))
    return tuple(steps)


def _weight(mark: _Mark) -> int:
    said = mark.moment.id in rubric.MISTAKE_POINTS
    return (2 * mark.lost if said else mark.lost) + 2 * max(0, mark.moved)


def _with_better(
    call: _Call, marks: Iterable[_Mark], steps: Sequence[Moment], caller: str, offers: Sequence[str]
) -> tuple[Moment, ...]:
    """All moments in the order of the call; those that lost points with a better reply, none of them used twice."""
    given = {(s.id, s.turn): s.better for s in steps}
    taken = [s.better for s in steps]
    moments: list[Moment] = []
    for mark in sorted(marks, key=lambda m: (m.moment.turn is None, m.moment.turn or 0)):
        key = mark.moment.id, mark.moment.turn
        better = given.get(key)
        if mark.lost and better is None:
            better = _better(mark.moment, call, caller, offers, taken)
            given[key] = better
            taken.append(better)
        moments.append(replace(mark.moment, better=better))
    return tuple(moments)


def _better(moment: Moment, call: _Call, caller: str, offers: Sequence[str], taken: Iterable[str | None]) -> str | None:
    fill: dict[str, str] = {"caller": caller}
    if moment.turn is not None:
        lines = [t.line.text for t in call.record.turns[: moment.turn]]
        if echo := said_back(lines[-1]):
            fill |= {"echo": echo, "Echo": echo[0].upper() + echo[1:]}
    if offers:
        fill["offer"] = offers[0]
    return better_reply(moment.id, turn=moment.turn or 0, fill=fill, taken=[t for t in taken if t])


def _moment(item: Seen, call: _Call, *, title: str, points: int, phase: Phase) -> Moment:
    tips = advice(item.finding.id)
    turn = call.record.turns[item.turn - 1]
    place = Answered(number=item.turn, turn=turn)
    return Moment(
        id=item.finding.id,
        turn=item.turn,
        title=title,
        quote=item.finding.quote or _said(place),
        why=tips.why,
        effect=item.effect,
        source=tips.source,
        span=item.finding.span or (turn.reply.span if turn.reply else None),
        points=points,
        phase=phase,
    )


def _done(finding_id: str) -> str:
    return f"You {CATALOGUE[finding_id].meaning}"


def _said(place: Answered | None) -> str | None:
    """What the trainee said there, shortened at a word."""
    if place is None or place.turn.reply is None:
        return None
    text = place.turn.reply.final.transcript.text
    if len(text) <= _QUOTE_CHARACTERS:
        return text or None
    return text[:_QUOTE_CHARACTERS].rsplit(" ", 1)[0] + " …"
