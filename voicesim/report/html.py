"""The report of a call as one HTML file that needs nothing else: no network, no fonts, no script but its own."""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from voicesim.coach.review import ReviewEntry
from voicesim.model import CallRecord, Samples
from voicesim.report import views
from voicesim.report.attempts import Attempt, tried
from voicesim.report.axis import clock, end_of, spoken
from voicesim.report.charts import anger_chart
from voicesim.report.measures import measures, why_not
from voicesim.report.playing import embedded, seconds
from voicesim.report.reviewed import said_about
from voicesim.report.sources import GRADES, evidence
from voicesim.report.timeline import OVERLAPS, overlaps, strip, timeline
from voicesim.report.what_if import what_ifs
from voicesim.report.worded import worded_replies
from voicesim.report.wording import (
    PHASE_NAMES,
    SIGNS,
    changed,
    heat,
    held_because,
    name_of,
    one_decimal,
    outcome,
    signed,
    what_you_did,
    why_anger_moved,
)

if TYPE_CHECKING:
    from jinja2 import Environment

#: CSS pixels inside a card of the page, wide and on a small screen of 360.
_WIDE, _NARROW = 1014, 296
#: The same outside of a card.
_WIDE_STRIP, _NARROW_STRIP = 1064, 328
#: The style sheets of every page, in their order.
STYLES = ("base.css", "top.css", "folds.css", "drawings.css", "screens.css")


def render_report(
    record: CallRecord,
    *,
    briefing: Mapping[str, Any] | None = None,
    sounds: Mapping[str, Samples] | None = None,
    encode: Callable[[Samples], bytes] | None = None,
    shared: bool = False,
    attempts: Sequence[Attempt] = (),
    advice: Mapping[int, Samples] | None = None,
    reviews: Sequence[ReviewEntry] = (),
) -> str:
    """The report as the text of one HTML file.

    ``briefing`` is the script's (shown folded), ``sounds`` the channels ``caller`` and ``trainee`` of the whole call,
    float32 at 16 kHz with the same start, ``encode`` makes FLAC bytes of 16 kHz samples. The call is encoded once.
    Without ``sounds`` there is nothing to play. ``attempts`` are replies that were said again later, ``advice`` the
    sound of a better reply by turn (16 kHz), ``reviews`` what people said about the call. ``shared``: this is a copy
    that the trainee hands on. Raises TypeError for sounds without an encoder.
    """
    found = embedded(record, sounds, encode, advice or {})
    turns = tuple(views.turn_view(number, turn) for number, turn in enumerate(record.turns, 1))
    moments = views.moment_views(record)
    marks = views.marks_of(moments)
    ending, _, course = outcome(record).partition("; ")
    points = views.points(record.feedback)
    return _page(
        record=record,
        feedback=record.feedback,
        ending=ending,
        course=f"{course[:1].upper()}{course[1:]}",
        held=held_because(record.feedback) if record.feedback else None,
        moments=moments,
        said_before={view.moment.better: view.number for view in reversed(moments) if view.moment.better},
        phases=views.phases(record.feedback),
        points=points,
        points_say=views.points_say(points),
        observed=[m for m in record.feedback.moments if m.phase is None] if record.feedback else [],
        turns=turns,
        by_turn={view.number: view for view in turns},
        strips=[strip(record, width=width, marks=marks) for width in (_WIDE_STRIP, _NARROW_STRIP)],
        drawings=[_drawing(record, width, sounds, marks) for width in (_WIDE, _NARROW)],
        axis_says=views.axis_says(record),
        call_says=views.call_says(turns, playable=found is not None),
        overlaps=_overlaps(record),
        what_ifs=what_ifs(record),
        tried=tried(record, attempts),
        said=said_about(reviews),
        measures=measures(record),
        not_measured=why_not(record),
        worded=worded_replies(record),
        unsure=views.left_open(record),
        briefing=views.briefing_rows(briefing or {}),
        sources=views.sources_of(record),
        sounds=found,
        shared=shared,
        duration=clock(end_of(record)),
        spoken=spoken(record),
    )


def _drawing(
    record: CallRecord, width: int, sounds: Mapping[str, Samples] | None, marks: Sequence[tuple[int, int]]
) -> str:
    if spoken(record):
        return timeline(record, width=width, sounds=sounds, marks=marks)
    return anger_chart(record.turns, views.ordered(record.moods), width=width)


def _overlaps(record: CallRecord) -> dict[int, list[str]]:
    """The overlaps of each turn in words."""
    found: dict[int, list[str]] = {}
    for turn, overlap in overlaps(record):
        found.setdefault(turn, []).append(f"{OVERLAPS[overlap.kind][1]}, {overlap.span.duration_s:.1f} s")
    return found


# -- the template -----------------------------------------------------------------------------------------------------


def _page(**values: Any) -> str:
    environment = _environment()
    # The policy names what may run and style by its digest, so that both are inserted letter by letter.
    style = "".join(_text(environment, name) for name in STYLES)
    script = _text(environment, "report.js")
    return environment.get_template("report.html.j2").render(
        style=style, script=script, style_digest=_digest(style), script_digest=_digest(script), **values
    )


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("voicesim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"evidence": evidence, "GRADES": GRADES, "SIGNS": SIGNS, "PHASES": PHASE_NAMES}
    environment.filters |= {
        "signed": signed,
        "one_decimal": one_decimal,
        "name_of": name_of,
        "did": what_you_did,
        "why": why_anger_moved,
        "changed": changed,
        "heat": heat,
        "seconds": seconds,
    }
    return environment


def _text(environment: "Environment", name: str) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode('ascii')}"
