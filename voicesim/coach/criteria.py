"""What each criterion of a rubric makes of a call: earned, missed or not judged, always with the evidence."""

from dataclasses import replace

from voicesim.coach.advice import ADVICE, advice
from voicesim.coach.delivery import TENSION_REPLIES
from voicesim.coach.echo import said_back
from voicesim.coach.evidence import disputed, effect, unsure
from voicesim.coach.marks import Mark, Scored, done, listed, moment_of, said, where
from voicesim.coach.phases import Answered
from voicesim.coach.rubric import Criterion, Measure, Needs
from voicesim.model import Kind, Moment, Phase

#: What goes on in the sound does not make a reply one that hurts by its words.
_NOT_A_REPLY = ("long_silence",)
_ENDED = {"resolved": "with a fix", "referred": "with a hand-over", "limit_ended": "at a limit that you announced"}


def criteria_marks(call: Scored) -> list[Mark]:
    """A mark for each criterion of the phases that were reached."""
    return [_mark(c, call) for c in call.rubric.criteria if c.phase in call.reached]


def looks_for(criterion: Criterion) -> str:
    """What earns the points of a criterion, in words."""
    told = {
        Measure.HEARD_OUT: "no interruption of the caller",
        Measure.HELPED: "replies with a technique and without a mistake (points by their share)",
        Measure.CALMER: f"anger that falls in {criterion.phase}, or stays low",
        Measure.OUTCOME: "a call that ends with a fix, a hand-over or at an announced limit",
        Measure.CALM_DELIVERY: "replies that are not tense against the trainee's own baseline (points by their share)",
    }
    if criterion.measure is not None:
        return told[criterion.measure]
    return listed([ADVICE[one].name for one in criterion.any_of], "or")


def _mark(criterion: Criterion, call: Scored) -> Mark:
    if reason := _not_judged(criterion, call):
        tips = advice(criterion.id)
        title = f"Not judged: {_title(criterion)}"
        phase, source = criterion.phase, tips.source
        moment = Moment(id=criterion.id, turn=None, title=title, quote=None, why=reason, source=source, phase=phase)
        return Mark(moment=replace(moment, criterion=criterion.id))
    mark = _technique(criterion, call) if criterion.measure is None else _measure(criterion.measure, criterion, call)
    return replace(mark, moment=replace(mark.moment, criterion=criterion.id))


def _measure(measure: Measure, criterion: Criterion, call: Scored) -> Mark:
    measures = {
        Measure.HEARD_OUT: _heard_out,
        Measure.HELPED: _helped,
        Measure.CALMER: _calmer,
        Measure.OUTCOME: _outcome,
        Measure.CALM_DELIVERY: _calm_delivery,
    }
    return measures[measure](criterion, call)


def _not_judged(criterion: Criterion, call: Scored) -> str | None:
    """Why a criterion cannot be judged in this call; None if it can."""
    turns, wanted = call.record.turns, set(criterion.any_of)
    if not wanted & {s.finding.id for s in call.seen} and wanted & call.doubtful:
        return "It may have been there, but not surely enough, or in one of the two transcripts only."
    if criterion.needs is Needs.SOUND and not any(t.line_span is not None for t in turns):
        return "It takes two sound channels, and this call was typed."
    if criterion.needs is Needs.ABUSE and not any(t.line.abuse for t in turns):
        return "No line of the caller was abusive."
    if criterion.needs is Needs.ANGER:
        early = call.answered_in(criterion.within or (criterion.phase,))
        if not any(a.turn.before.anger >= call.rubric.naming_from_anger for a in early):
            return (
                f"Anger was below {call.rubric.naming_from_anger} there, and naming a feeling hurts while it is weak."
            )
    if criterion.needs is Needs.DELIVERY and not call.shared:
        return "How you sounded is yours alone, and it was not shared for this score."
    if criterion.needs is Needs.DELIVERY and len(_bands(call)) < TENSION_REPLIES:
        return f"Fewer than {TENSION_REPLIES} replies could be measured against your own baseline."
    if criterion.measure is Measure.HELPED and not _clear(call, criterion.phase):
        return f"No reply in {criterion.phase} was understood surely enough."
    return None


def _technique(criterion: Criterion, call: Scored) -> Mark:
    """All points for a technique in its phase, half of them for one that came late or too often, none if missed."""
    found = [s for s in call.seen if s.finding.id in criterion.any_of]
    in_time = [s for s in found if not criterion.within or s.phase in criterion.within]
    if not found:
        searched = where(call.answered_in(criterion.within), criterion.within)
        return _missed(criterion, call, f"Not observed {searched}: {looks_for(criterion)}")
    best = min(in_time or found, key=lambda s: (s.moved, s.finding.id != criterion.id, s.turn))
    title, points = done(best.finding.id), criterion.points
    looked_for: str | None = None
    by: tuple[str, ...] = ()
    if not in_time:
        by = criterion.any_of
        title, points = f"{title}, but late", criterion.points // 2
        searched = where(call.answered_in(criterion.within), criterion.within)
        looked_for = f"Not observed {searched}, only later: {looks_for(criterion)}"
    elif criterion.at_most is not None and len(found) > criterion.at_most:
        title, points = f"{title}, in {len(found)} replies: once is stronger", criterion.points // 2
    moment = moment_of(best, call, title=title, points=points, of=criterion.points, phase=criterion.phase)
    return Mark(
        moment=replace(moment, looked_for=looked_for),
        lost=criterion.points - points,
        moved=best.moved,
        by=by,
        missed=missed_at(place_of(criterion, call), criterion, title=title, looked_for=looked_for) if by else None,
    )


def place_of(criterion: Criterion, call: Scored) -> Answered | None:
    """The turn where it would have fitted best."""
    window = call.answered_in(criterion.within or (criterion.phase,)) or call.answered_in(())
    if not window:
        return None
    if criterion.id == "empathy":
        # A feeling is named by what it is about: an angry line that holds something to say back, else the angriest.
        angry = [a for a in window if a.turn.before.anger >= call.rubric.naming_from_anger]
        told = [a for a in angry if said_back(a.turn.line.text)]
        return max(told or window, key=lambda a: (a.turn.before.anger, -a.number))
    if criterion.id in ("acknowledge", "vent"):
        return next((a for a in window if said_back(a.turn.line.text)), window[0])
    return window[-1] if criterion.phase is Phase.SOLVE else window[0]


def missed_at(place: Answered | None, criterion: Criterion, *, title: str, looked_for: str | None) -> Moment:
    """The moment of what was left out, at the turn where it would have fitted; it has no points yet."""
    tips = advice(criterion.id)
    return Moment(
        id=criterion.id,
        turn=place.number if place else None,
        title=title,
        quote=said(place),
        why=tips.why,
        effect=effect(place.turn) if place else None,
        source=tips.source,
        span=place.turn.reply.span if place and place.turn.reply else None,
        looked_for=looked_for,
    )


def _missed(criterion: Criterion, call: Scored, looked_for: str) -> Mark:
    moment = missed_at(place_of(criterion, call), criterion, title=_title(criterion), looked_for=looked_for)
    moment = replace(moment, points=0, of=criterion.points, phase=criterion.phase)
    return Mark(moment=moment, lost=criterion.points, by=criterion.any_of)


def _title(criterion: Criterion) -> str:
    return criterion.title or advice(criterion.id).do


# -- measures ---------------------------------------------------------------------------------------------------------


def _measured(
    criterion: Criterion, title: str, points: int, *, place: Answered | None = None, looked_for: str | None = None
) -> Mark:
    tips = advice(criterion.id)
    moment = Moment(
        id=criterion.id,
        turn=place.number if place else None,
        title=title,
        quote=said(place),
        why=tips.why,
        effect=effect(place.turn) if place else None,
        source=tips.source,
        points=points,
        of=criterion.points,
        phase=criterion.phase,
        looked_for=looked_for,
    )
    return Mark(moment=moment, lost=criterion.points - points)


def _heard_out(criterion: Criterion, call: Scored) -> Mark:
    turns = call.turns[criterion.phase]
    cuts = [s.turn for s in call.seen if s.finding.id == "interrupt" and s.phase is criterion.phase]
    looked_for = f"No interruption {where(turns, (criterion.phase,))}"
    if cuts or not turns:
        at = f": you spoke over the caller in turn {listed(cuts, 'and')}" if cuts else ""
        return _missed(criterion, call, f"Not observed: {looked_for[0].lower()}{looked_for[1:]}{at}")
    return _measured(criterion, "You let the caller finish", criterion.points, looked_for=looked_for)


def _clear(call: Scored, phase: Phase) -> list[tuple[Answered, bool]]:
    """The replies of a phase of which it is sure whether they helped and did not hurt."""
    by_turn: dict[int, set[Kind]] = {}
    for item in call.seen:
        if item.finding.id not in _NOT_A_REPLY:
            by_turn.setdefault(item.turn, set()).add(item.finding.kind)
    told = []
    for place in call.turns[phase]:
        kinds, reply = by_turn.get(place.number, set()), place.turn.reply
        helped = Kind.TECHNIQUE in kinds and Kind.MISTAKE not in kinds
        perhaps = reply is not None and (disputed(reply) or unsure(reply))
        if kinds or not perhaps:
            told.append((place, helped))
    return told


def _helped(criterion: Criterion, call: Scored) -> Mark:
    clear = _clear(call, criterion.phase)
    left = [place for place, helped in clear if not helped]
    helped = len(clear) - len(left)
    replies = "reply" if len(clear) == 1 else "replies"
    title = f"{helped} of {len(clear)} {replies} in {criterion.phase} helped and did not hurt"
    looked_for = f"A technique and no mistake {where([p for p, _ in clear], (criterion.phase,))}"
    if left:
        looked_for += f"; not observed {where(left, ())}"
    points = criterion.points * helped // len(clear)
    return _measured(criterion, title, points, place=left[0] if left else None, looked_for=looked_for)


def _calmer(criterion: Criterion, call: Scored) -> Mark:
    """All points if anger fell, or stayed low, over the phase or, if it was skipped, over the call."""
    turns = call.turns[criterion.phase] or call.answered_in(())
    if not turns:
        return _missed(criterion, call, "Not observed in no turn, as none was answered: lower anger")
    first, last = turns[0].turn.before.anger, turns[-1].turn.after.anger
    low = call.rubric.naming_from_anger
    looked_for = f"Anger {where(turns, ())}: from {first} to {last}"
    if last < first:
        return _measured(
            criterion, f"The caller's anger fell from {first} to {last}", criterion.points, looked_for=looked_for
        )
    if last < low:
        title = f"The caller's anger stayed low, at {last}"
        return _measured(criterion, title, criterion.points, looked_for=looked_for)
    return _missed(criterion, call, f"Not observed: anger that falls. {looked_for}")


def _outcome(criterion: Criterion, call: Scored) -> Mark:
    ending = call.record.ending.value
    if how := _ENDED.get(ending):
        return _measured(criterion, f"The call ended {how}", criterion.points, looked_for=f"The ending: {ending}")
    return _missed(criterion, call, f"Not observed: {looks_for(criterion)}. The ending: {ending}")


def _bands(call: Scored) -> list[tuple[Answered, str]]:
    """The tension of each reply that was measured against the trainee's own baseline."""
    measured = []
    for place in call.answered_in(()):
        delivery = place.turn.reply.delivery if place.turn.reply else None
        if delivery is not None and delivery.calibrated and delivery.tension is not None and delivery.tension_band:
            measured.append((place, delivery.tension_band))
    return measured


def _calm_delivery(criterion: Criterion, call: Scored) -> Mark:
    bands = _bands(call)
    tense = [place for place, band in bands if band == "tense"]
    title = f"{len(bands) - len(tense)} of {len(bands)} replies were not tense against your own baseline"
    points = criterion.points * (len(bands) - len(tense)) // len(bands)
    looked_for = f"Tension {where([p for p, _ in bands], ())}"
    if tense:
        looked_for += f"; tense {where(tense, ())}"
    return _measured(criterion, title, points, place=tense[0] if tense else None, looked_for=looked_for)
