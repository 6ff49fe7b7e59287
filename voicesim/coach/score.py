"""The feedback of a call: the score by phase with its evidence, what went well, and two things to change."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from voicesim.coach import delivery
from voicesim.coach.advice import advice
from voicesim.coach.adviser import Adviser
from voicesim.coach.criteria import criteria_marks, missed_at, place_of
from voicesim.coach.evidence import suspected
from voicesim.coach.marks import (
    LATE_AFTER,
    Mark,
    Scored,
    done,
    facts_said,
    listed,
    moment_of,
    replies_before_facts,
    scored,
    told_unverified,
    where,
)
from voicesim.coach.named import Step
from voicesim.coach.priorities import next_steps, possible_steps
from voicesim.coach.rubric import HOME, Criterion, Qa, Rubric
from voicesim.coach.strengths import strengths
from voicesim.model import CallRecord, Feedback, Moment, Phase, ScorePart

#: What asking who it is weighs among the next steps where the briefing wants it; it costs no points. After a good end
#: coaches named it in 26 of 52 labelled calls: so much that it is told then (grade D).
_VERIFY_WEIGHT = 5
#: What each reply weighs there that answered the caller's story without her facts, though they came in the end.
_LATE_WEIGHT = 2


def feedback(
    record: CallRecord,
    *,
    goals: Mapping[str, str],
    rubric: Rubric,
    adviser: Adviser,
    delivery_shared: bool = False,
) -> Feedback:
    """The feedback of a call by a rubric.

    ``goals`` are the script's (finding id -> what the feedback says about it there), ``adviser`` gives better replies
    for the moments of the call. ``delivery_shared``: the trainee lets a rubric that asks for it look at how replies
    sounded. The total is 0..100 and None for a call that was stopped or is incomplete, whose phases are not scored
    either. Raises InputError for a goal that is no known id.
    """
    call = scored(record, rubric, shared=delivery_shared)
    marks = _marks(call, goals)
    tell = _Tell(call=call, adviser=adviser)
    steps = tell.steps(next_steps([*marks, *_beside(marks, call, adviser)], call, ours=adviser.known.ours))
    moments = _with_better(marks, steps, tell)
    praised = strengths(marks, call, adviser.known.facts)
    if record.ending.good is None:
        phases = {phase: ScorePart(points=None, of=rubric.phase_points(phase)) for phase in Phase}
        return Feedback(
            total=None,
            phases=phases,
            strengths=_unscored(praised),
            next_steps=_unscored(steps),
            moments=_unscored(moments) + delivery.observations(record),
            rubric=rubric.label,
        )
    phases = {phase: _phase_score(phase, call, marks) for phase in Phase}
    return Feedback(
        total=_total(call, phases),
        phases=phases,
        strengths=praised,
        next_steps=steps,
        moments=moments + delivery.observations(record),
        rubric=rubric.label,
    )


def could_change(record: CallRecord, *, goals: Mapping[str, str], rubric: Rubric, adviser: Adviser) -> list[Step]:
    """Every step that the feedback of a call could name: what it tells is chosen of these."""
    call = scored(record, rubric, shared=False)
    marks = _marks(call, goals)
    return possible_steps([*marks, *_beside(marks, call, adviser)], call, ours=adviser.known.ours)


def _marks(call: Scored, goals: Mapping[str, str]) -> list[Mark]:
    """What earned or lost points, or was a goal of the script."""
    return [*criteria_marks(call), *_mistakes(call), *_goals(call, goals)]


def _beside(marks: Sequence[Mark], call: Scored, adviser: Adviser) -> list[Mark]:
    """Marks of what costs no points and may be a next step all the same."""
    return [*_verification(call, adviser.known.verify), *_facts_late(call, marks), *_suspected(call)]


def _unscored(moments: Iterable[Moment]) -> tuple[Moment, ...]:
    return tuple(replace(m, points=None, of=None) for m in moments)


# -- points lost ------------------------------------------------------------------------------------------------------


def _mistakes(call: Scored) -> list[Mark]:
    """A mark for each mistake; after as many of its kind in a phase as the rubric counts it costs nothing more."""
    rubric = call.rubric
    marks, times = [], Counter[tuple[str, Phase]]()
    for item in call.seen:
        mistake = item.finding.id
        critical = mistake in rubric.critical
        if mistake not in rubric.mistakes and not critical:
            continue
        times[mistake, item.phase] += 1
        counts = mistake in rubric.mistakes and times[mistake, item.phase] <= rubric.mistake_times
        lost = rubric.mistakes[mistake].points if counts else 0
        title = f"{done(mistake)} (critical: the total is held at {rubric.held_at})" if critical else done(mistake)
        moment = moment_of(item, call, title=title, points=-lost, of=None, phase=item.phase)
        marks.append(Mark(moment=moment, lost=lost, moved=item.moved, confidence=item.finding.confidence))
    return marks


def _goals(call: Scored, goals: Mapping[str, str]) -> list[Mark]:
    """A mark for each goal of the script that the call shows no sure finding for."""
    found = {s.finding.id for s in call.seen}
    marks = []
    for goal, sentence in goals.items():
        name = advice(goal).name
        if goal in found or goal in call.doubtful:
            continue
        phase = HOME.get(goal)
        home = phase if phase in call.reached else None
        criterion = Criterion(id=goal, phase=phase or Phase.CONTROL, points=0, qa=Qa.RESOLUTION, any_of=(goal,))
        looked_for = f"Not observed {where(call.answered_in(()), ())}: {name}, a goal of this script"
        moment = missed_at(place_of(criterion, call), criterion, title=sentence, looked_for=looked_for)
        points = call.rubric.goal_points
        unreached = phase and not home and not call.record.ending.good
        marks.append(
            Mark(
                moment=replace(moment, points=-points if home else None, phase=home),
                lost=points if home else 0,
                by=(goal,),
                goal=True,
                beyond=points + _worth(goal, call.rubric) if unreached else 0,
            )
        )
    return marks


def _verification(call: Scored, verify: Sequence[str]) -> list[Mark]:
    """A mark where the briefing asks to verify the caller, and it came late or never.

    Never: in a call that came to the account. Late: after something of the account was told, or may have been; where it
    surely was, that is a mistake of its own and this is none besides.
    """
    heard = {s.finding.id for s in call.seen}
    never = "verify_identity" not in heard | call.doubtful and Phase.REFOCUS in call.reached
    early = 0 if "disclosure" in heard else told_unverified(call)
    if not verify or not (never or early):
        return []
    criterion = Criterion(
        id="verify_identity", phase=Phase.REFOCUS, points=0, qa=Qa.VERIFICATION, any_of=("verify_identity",)
    )
    title = f"Ask for the {listed(verify, 'or')} before you say what your screen shows"
    turns = [place for place in call.answered_in(()) if not early or place.number <= early]
    looked_for = f"Not observed {where(turns, ())}: {advice('verify_identity').name}"
    moment = missed_at(turns[-1] if early else place_of(criterion, call), criterion, title=title, looked_for=looked_for)
    return [Mark(moment=moment, by=("verify_identity",), beyond=_VERIFY_WEIGHT, goal=True)]


def _facts_late(call: Scored, marks: Iterable[Mark]) -> list[Mark]:
    """A mark where the caller's facts were said back in their phase, but only after several replies to her story."""
    before = replies_before_facts(call)
    criterion = next((c for c in call.rubric.criteria if c.id == "acknowledge"), None)
    if len(before) < LATE_AFTER or criterion is None or any(m.name == "acknowledge" and m.lost for m in marks):
        return []
    looked_for = f"Not observed {where(before, ())}, only in turn {facts_said(call)}: {advice('acknowledge').name}"
    moment = missed_at(before[0], criterion, title=advice("acknowledge").do, looked_for=looked_for)
    weight = _LATE_WEIGHT * len(before)
    return [Mark(moment=replace(moment, criterion=criterion.id), by=("acknowledge",), beyond=weight)]


def _suspected(call: Scored) -> list[Mark]:
    """A mark for each mistake that was perhaps said in a call that did not end well; it costs no points."""
    if call.record.ending.good:
        return []
    found = [item for item in suspected(call.record) if item.finding.id in call.rubric.mistakes]
    return [
        Mark(
            moment=moment_of(item, call, title=done(item.finding.id), points=0, of=None, phase=item.phase),
            confidence=item.finding.confidence,
            beyond=call.rubric.mistakes[item.finding.id].points,
            sure=False,
        )
        for item in found
    ]


def _worth(goal: str, rubric: Rubric) -> int:
    """The points of the criterion that a goal is named by."""
    return sum(c.points for c in rubric.criteria if c.id == goal)


# -- putting it together ----------------------------------------------------------------------------------------------


def _phase_score(phase: Phase, call: Scored, marks: Iterable[Mark]) -> ScorePart:
    """The points of a phase, never below 0; None where the call did not get there."""
    if phase not in call.reached:
        return ScorePart(points=None, of=call.rubric.phase_points(phase))
    moments = [m.moment for m in marks if m.moment.phase is phase]
    points = sum(m.points or 0 for m in moments)
    return ScorePart(points=max(0, points), of=sum(m.of or 0 for m in moments))


def _total(call: Scored, phases: Mapping[Phase, ScorePart]) -> int:
    """0..100 over the phases; one that a badly ended call never reached counts 0, after a good end it is left out."""
    counted = [p for p in phases.values() if p.points is not None or not call.record.ending.good]
    possible = sum(p.of for p in counted)
    total = round(100 * sum(p.points or 0 for p in counted) / possible) if possible else 0
    critical = any(s.finding.id in call.rubric.critical for s in call.seen)
    return min(total, call.rubric.held_at) if critical else total


def _with_better(marks: Iterable[Mark], steps: Sequence[Moment], tell: "_Tell") -> tuple[Moment, ...]:
    """All moments in the order of the call; those that lost points with a better reply, none of them used twice."""
    given = {(s.id, s.turn): s.better for s in steps}
    taken = [s.better for s in steps]
    moments: list[Moment] = []
    for mark in sorted(marks, key=lambda m: (m.moment.turn is None, m.moment.turn or 0)):
        key = mark.moment.id, mark.moment.turn
        better = given.get(key)
        if mark.lost and better is None:
            better = tell.better(mark.moment, taken)
            given[key] = better
            taken.append(better)
        moments.append(replace(mark.moment, better=better))
    return tuple(moments)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tell:
    """What better replies are made of."""

    call: Scored
    adviser: Adviser

    def steps(self, moments: Iterable[Moment]) -> tuple[Moment, ...]:
        """The next steps, each with a reply to try, another one each."""
        told: list[Moment] = []
        for moment in moments:
            told.append(replace(moment, better=self.better(moment, [step.better for step in told])))
        return tuple(told)

    def better(self, moment: Moment, given: Iterable[str | None]) -> str | None:
        """A reply to try at that moment, another one than those ``given`` while there are others."""
        taken = [text for text in given if text]
        found = self.adviser.better(moment.id, self.call.record, moment.turn, taken)
        return None if found is None else found.text
