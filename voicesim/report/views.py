"""What the page shows of a call, put into words and numbers: turns, moments, phases, and what each fold holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from voicesim.coach.evidence import Dispute, disputed, effect, unsure
from voicesim.coach.rubric import SOURCES, Source
from voicesim.model import CallRecord, Feedback, Finding, Influence, Kind, Moment, OverlapKind, Phase, Turn
from voicesim.report.axis import clock, end_of, heard, reply_span
from voicesim.report.marking import Piece, marked
from voicesim.report.playing import Play, play_of, stretch
from voicesim.report.timeline import overlaps
from voicesim.report.wording import NOT_JUDGED, PHASE_JOBS, PHASE_NAMES, heat, name_of

_BRIEFING = {
    "you_are": "You were",
    "you_see": "Your screen showed",
    "verify": "Verify first",
    "may_offer": "You could offer",
    "may_not": "You could not offer",
    "refer_to": "Refer to",
}
#: The names of the moments that mattered, by their ids.
MOMENT_NAMES = {
    "temper": "Turning point",
    "first_words": "First words",
    "close": "The close",
}
#: How many causes of a change of temper a moment names.
_CAUSES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnView:
    """One turn as the page shows it; ``disputes`` are findings of one transcript only, ``live`` its text if other."""

    number: int
    turn: Turn
    at: str
    heat: int
    pieces: tuple[Piece, ...]
    findings: tuple[Finding, ...]
    disputes: tuple[Dispute, ...]
    live: str | None
    moved: tuple[Influence, ...]
    line: Play | None
    reply: Play | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentView:
    """A moment that mattered: its number on the page, its name, what to play, and what it did to the caller.

    ``held`` says that its causes would have moved anger further than one reply may.
    """

    number: int
    name: str
    at: str
    moment: Moment
    play: Play | None
    first: int | None
    last: int | None
    causes: tuple[Influence, ...]
    held: bool


def turn_view(number: int, turn: Turn) -> TurnView:
    """A turn for the page."""
    reply = turn.reply
    findings = tuple(sorted(reply.final.findings, key=lambda f: not f.sure)) if reply else ()
    final = reply.final.transcript.text if reply else ""
    live = reply.live.transcript.text if reply else ""
    span = heard(turn)
    return TurnView(
        number=number,
        turn=turn,
        at=clock(span.start) if span else "",
        heat=heat(turn.before.anger),
        pieces=marked(final, findings, reply.final.transcript.words if reply else ()),
        findings=findings,
        disputes=disputed(reply) if reply else (),
        live=live if live != final else None,
        moved=tuple(i for i in turn.influences if i.delta),
        line=stretch(turn.line_span),
        reply=stretch(reply_span(turn)),
    )


def moment_views(record: CallRecord) -> tuple[MomentView, ...]:
    """The moments that mattered; empty for a record that was judged before there were any."""
    moments = record.feedback.key_moments if record.feedback else ()
    return tuple(_moment_view(record, number, moment) for number, moment in enumerate(moments, 1))


def _moment_view(record: CallRecord, number: int, moment: Moment) -> MomentView:
    turn = record.turns[moment.turn - 1] if moment.turn and moment.turn <= len(record.turns) else None
    span = moment.span or (heard(turn) if turn else None)
    # What a moment did can be the work of several turns; only one turn's own is told as from .. to.
    own = turn is not None and moment.effect is not None and effect(turn) == moment.effect
    causes = [i for i in turn.influences if i.delta and i.cause != "limit"] if turn and own else []
    return MomentView(
        number=number,
        name=MOMENT_NAMES.get(moment.id, name_of(moment.id)),
        at=clock(span.start) if span and span.length > 0 else "",
        moment=moment,
        play=play_of(moment, record.turns),
        first=turn.before.anger if turn and own else None,
        last=turn.after.anger if turn and own else None,
        causes=tuple(sorted(causes, key=lambda i: -abs(i.delta))[:_CAUSES]),
        held=turn is not None and own and any(i.cause == "limit" for i in turn.influences),
    )


def marks_of(moments: Sequence[MomentView]) -> tuple[tuple[int, int], ...]:
    """Number and turn of each moment, for the drawings."""
    return tuple((view.number, view.moment.turn) for view in moments if view.moment.turn)


def ordered(moods: Mapping[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """The moods from calm to furious."""
    return dict(sorted(moods.items(), key=lambda item: item[1]))


def phases(feedback: Feedback | None) -> list[dict[str, Any]]:
    """Name, job, points and share of each phase, in the order of a call."""
    if feedback is None:
        return []
    rows = []
    for phase, name in PHASE_NAMES.items():
        part = feedback.phases.get(phase, NOT_JUDGED)
        share = round(100 * part.points / part.of) if part.points is not None and part.of else None
        rows.append({"name": name, "job": PHASE_JOBS[phase], "part": part, "share": share})
    return rows


def points(feedback: Feedback | None) -> dict[Phase, list[Moment]]:
    """The moments that count, by phase."""
    moments = feedback.moments if feedback else ()
    found = {phase: [m for m in moments if m.phase is phase] for phase in PHASE_NAMES}
    return {phase: rows for phase, rows in found.items() if rows}


def left_open(record: CallRecord) -> list[tuple[int, str]]:
    """What was left open, as turn and sentence."""
    rows = []
    for number, turn in enumerate(record.turns, 1):
        if turn.reply is None:
            continue
        for finding in unsure(turn.reply):
            quote = f": “{finding.quote}”" if finding.quote else ""
            rows.append((number, f"Perhaps {name_of(finding.id)}{quote}, but not surely enough to count."))
        for item in disputed(turn.reply):
            which = ("live", "final") if item.live else ("final", "live")
            rows.append(
                (number, f"{name_of(item.finding.id)}: in the {which[0]} transcript, but not in the {which[1]} one.")
            )
    return rows


def briefing_rows(briefing: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Label and items of what the trainee knew before the call."""
    rows = []
    for key, label in _BRIEFING.items():
        value = briefing.get(key)
        if value:
            rows.append((label, [value] if isinstance(value, str) else [str(item) for item in value]))
    return rows


def sources_of(record: CallRecord) -> list[Source]:
    """The sources that this report leans on, strongest first."""
    told = record.feedback
    used = {m.source for m in (*told.moments, *told.key_moments, *told.strengths, *told.next_steps)} if told else set()
    return sorted((source for key, source in SOURCES.items() if key in used), key=lambda s: s.grade)


# -- what the folds say of themselves ---------------------------------------------------------------------------------


def axis_says(record: CallRecord) -> str:
    """What the drawing of the call holds, in one line."""
    length = f"{clock(end_of(record))} min" if end_of(record) else None
    turns = _counted(len(record.turns), "turn")
    anger = f"anger {record.turns[0].before.anger} to {record.turns[-1].after.anger}" if record.turns else None
    cut = sum(o.kind is OverlapKind.INTERRUPTION for _, o in overlaps(record))
    measured = any(t.reply and t.reply.delivery for t in record.turns)
    lanes = "your pace and loudness, both voices" if measured else None
    interrupted = _counted(cut, "interruption") if cut else "no interruption" if end_of(record) else None
    return ", ".join(filter(None, (length, turns, anger, interrupted, lanes)))


def call_says(turns: Sequence[TurnView], *, playable: bool) -> str:
    """What the transcript holds, in one line."""
    replies = [view for view in turns if view.turn.reply]
    sure = [f for view in replies for f in view.findings if f.sure]
    kinds = ((Kind.TECHNIQUE, "technique"), (Kind.MISTAKE, "mistake"))
    parts = [_counted(len(replies), "reply", "replies")]
    parts += [_counted(n, name) for kind, name in kinds if (n := sum(f.kind is kind for f in sure))]
    return ", ".join(parts) + ("; a click on a word plays it" if playable else "")


def points_say(found: Mapping[Phase, Sequence[Moment]]) -> str:
    """How many points of evidence there are, and how many of them lost points."""
    rows = [m for moments in found.values() for m in moments]
    lost = sum((m.points or 0) < 0 or bool(m.of and (m.points or 0) < m.of) for m in rows)
    return f"{_counted(len(rows), 'criterion or finding', 'criteria and findings')}, {lost} of them cost points"


def _counted(count: int, one: str, many: str | None = None) -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
