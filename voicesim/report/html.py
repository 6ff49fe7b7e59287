"""The report of a call as one HTML file that needs nothing else: no network, no fonts, no scripts but for playing."""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from voicesim.coach.evidence import Dispute, disputed, unsure
from voicesim.coach.rubric import SOURCES, Source
from voicesim.model import RATE_HZ, CallRecord, Feedback, Finding, Influence, Moment, Phase, Samples, Span, Turn
from voicesim.report.charts import anger_chart
from voicesim.report.marking import Piece, marked
from voicesim.report.measures import measures, why_not
from voicesim.report.wording import (
    NOT_JUDGED,
    PHASE_JOBS,
    PHASE_NAMES,
    SIGNS,
    changed,
    heat,
    held_because,
    name_of,
    outcome,
    signed,
    what_you_did,
    why_anger_moved,
)

if TYPE_CHECKING:
    from jinja2 import Template

_WIDE, _NARROW = 800, 330
_AIR = RATE_HZ // 5
_BRIEFING = {
    "you_are": "You were",
    "you_see": "Your screen showed",
    "verify": "Verify first",
    "may_offer": "You could offer",
    "may_not": "You could not offer",
    "refer_to": "Refer to",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """The sound of one turn, both channels: a data URI, and when it began in the call (samples)."""

    uri: str
    start: int


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
    clip: Clip | None


def render_report(
    record: CallRecord,
    *,
    briefing: Mapping[str, Any] | None = None,
    sounds: Mapping[str, Samples] | None = None,
    encode: Callable[[Samples], bytes] | None = None,
    shared: bool = False,
) -> str:
    """The report as the text of one HTML file.

    ``briefing`` is the script's (shown folded), ``sounds`` the channels ``caller`` and ``trainee`` of the whole call,
    float32 at 16 kHz with the same start, ``encode`` makes FLAC bytes of 16 kHz samples. Each turn's sound is encoded
    once. Without ``sounds`` there is nothing to play. ``shared``: this is a copy that the trainee hands on. Raises
    TypeError for sounds without an encoder.
    """
    clips = _clips(record, sounds, encode) if sounds else {}
    turns = tuple(_turn_view(number, turn, clips.get(number)) for number, turn in enumerate(record.turns, 1))
    return _template().render(
        record=record,
        feedback=record.feedback,
        outcome=outcome(record),
        held=held_because(record.feedback) if record.feedback else None,
        phases=_phases(record.feedback),
        points=_points(record.feedback),
        observed=[m for m in record.feedback.moments if m.phase is None] if record.feedback else [],
        turns=turns,
        wide=anger_chart(record.turns, _ordered(record.moods), width=_WIDE),
        narrow=anger_chart(record.turns, _ordered(record.moods), width=_NARROW),
        measures=measures(record),
        not_measured=why_not(record),
        unsure=_unsure(record),
        briefing=_briefing(briefing or {}),
        sources=_sources(record),
        clips=clips,
        shared=shared,
        duration=_clock(_end(record)),
    )


@cache
def _template() -> "Template":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("voicesim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"SOURCES": SOURCES, "SIGNS": SIGNS, "PHASES": PHASE_NAMES}
    environment.filters |= {
        "signed": signed,
        "name_of": name_of,
        "did": what_you_did,
        "why": why_anger_moved,
        "changed": changed,
        "heat": heat,
        "into": _into,
    }
    return environment.get_template("report.html.j2")


# -- what the page shows ----------------------------------------------------------------------------------------------


def _ordered(moods: Mapping[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    return dict(sorted(moods.items(), key=lambda item: item[1]))


def _turn_view(number: int, turn: Turn, clip: Clip | None) -> TurnView:
    reply = turn.reply
    findings = tuple(sorted(reply.final.findings, key=lambda f: not f.sure)) if reply else ()
    final = reply.final.transcript.text if reply else ""
    live = reply.live.transcript.text if reply else ""
    starts = turn.line_span or (reply.span if reply else None)
    return TurnView(
        number=number,
        turn=turn,
        at=_clock(starts.start) if starts and starts.length else "",
        heat=heat(turn.before.anger),
        pieces=marked(final, findings),
        findings=findings,
        disputes=disputed(reply) if reply else (),
        live=live if live != final else None,
        moved=tuple(i for i in turn.influences if i.delta),
        clip=clip,
    )


def _phases(feedback: Feedback | None) -> list[dict[str, Any]]:
    """Name, job, points and share of each phase, in the order of a call."""
    if feedback is None:
        return []
    rows = []
    for phase, name in PHASE_NAMES.items():
        part = feedback.phases.get(phase, NOT_JUDGED)
        share = round(100 * part.points / part.of) if part.points is not None and part.of else None
        rows.append({"name": name, "job": PHASE_JOBS[phase], "part": part, "share": share})
    return rows


def _points(feedback: Feedback | None) -> dict[Phase, list[Moment]]:
    """The moments that count, by phase."""
    moments = feedback.moments if feedback else ()
    found = {phase: [m for m in moments if m.phase is phase] for phase in PHASE_NAMES}
    return {phase: rows for phase, rows in found.items() if rows}


def _unsure(record: CallRecord) -> list[tuple[int, str]]:
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


def _briefing(briefing: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    rows = []
    for key, label in _BRIEFING.items():
        value = briefing.get(key)
        if value:
            rows.append((label, [value] if isinstance(value, str) else [str(item) for item in value]))
    return rows


def _sources(record: CallRecord) -> list[Source]:
    """The sources that this report leans on, strongest first."""
    used = {m.source for m in record.feedback.moments} if record.feedback else set()
    cited = [source for key, source in SOURCES.items() if key in used]
    return sorted(cited, key=lambda s: s.grade)


def _end(record: CallRecord) -> int:
    """The last sample of the call that is known."""
    spans = [t.line_span for t in record.turns] + [t.reply.span if t.reply else None for t in record.turns]
    return max((s.end for s in spans if s is not None), default=0)


def _clock(samples: int) -> str:
    minutes, seconds = divmod(round(samples / RATE_HZ), 60)
    return f"{minutes}:{seconds:02d}"


# -- sound ------------------------------------------------------------------------------------------------------------


def _clips(
    record: CallRecord, sounds: Mapping[str, Samples], encode: Callable[[Samples], bytes] | None
) -> dict[int, Clip]:
    """The sound of each turn, by its number."""
    if encode is None:
        raise TypeError("sounds need encode= to become part of the report")
    stretches = {n: span for n, turn in enumerate(record.turns, 1) if (span := _stretch(turn))}
    return {
        number: Clip(uri=_data_uri(encode(_mixed(list(sounds.values()), span))), start=span.start)
        for number, span in stretches.items()
    }


def _stretch(turn: Turn) -> Span | None:
    """From a little before the line to a little after the reply."""
    spans = [s for s in (turn.line_span, turn.reply.span if turn.reply else None) if s is not None and s.length > 0]
    if not spans:
        return None
    return Span(start=max(0, min(s.start for s in spans) - _AIR), end=max(s.end for s in spans) + _AIR)


def _mixed(channels: Sequence[Samples], span: Span) -> Samples:
    """Both channels of a stretch in one, held within -1..1."""
    mixed = np.zeros(span.length, np.float32)
    for channel in channels:
        part = channel[span.start : span.end]
        mixed[: len(part)] += part
    return np.clip(mixed, -1.0, 1.0)


def _data_uri(flac: bytes) -> str:
    return f"data:audio/flac;base64,{b64encode(flac).decode('ascii')}"


def _into(span: Span | None, clip: Clip | None) -> str:
    """Seconds into a clip at which a quote begins, a moment before it."""
    if span is None or clip is None:
        return "0"
    return f"{max(0.0, (span.start - clip.start) / RATE_HZ - 0.3):.2f}"
