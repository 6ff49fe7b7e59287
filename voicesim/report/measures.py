"""The delivery of a call as drawings and tables: each measure with its unit, its own baseline and its limits."""

from collections.abc import Callable
from dataclasses import dataclass

from voicesim.coach.delivery import PACE_WORDS
from voicesim.model import Baseline, CallRecord, Delivery, Reply
from voicesim.report.charts import Point, measure_chart
from voicesim.report.wording import one_decimal

_PACE_BAND_SPS = (4.0, 5.0)
_OWN_BAND = 0.10
_LEVEL_BAND_DB = (-3.0, 3.0)
_GAP_BAND_S = (0.3, 1.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure of the report: heading, unit, drawing, rows (turn, value in words) and what to know about it."""

    name: str
    unit: str
    svg: str
    rows: tuple[tuple[int, str], ...]
    note: str
    legend: str = ""


def measures(record: CallRecord) -> tuple[Measure, ...]:
    """The measures that at least one reply has, in the order in which they are worth reading."""
    replies = [(n, t.reply) for n, t in enumerate(record.turns, 1) if t.reply is not None and t.reply.delivery]
    made = (
        _pace(replies, record.baseline),
        _level(replies),
        _gap(replies),
        _pauses(replies),
        _tension(replies),
    )
    return tuple(m for m in made if m is not None)


def why_not(record: CallRecord) -> tuple[tuple[int, str], ...]:
    """What was not measured, as turn and reason; each reason once a turn."""
    found = []
    for number, turn in enumerate(record.turns, 1):
        if turn.reply is not None and turn.reply.delivery is not None:
            reasons: dict[str, list[str]] = {}
            for name, reason in turn.reply.delivery.abstained.items():
                reasons.setdefault(reason, []).append(name.replace("_", " "))
            found += [(number, f"{', '.join(names)}: {reason}") for reason, names in reasons.items()]
    return tuple(found)


_Replies = list[tuple[int, Reply]]


def _points(replies: _Replies, read: Callable[[Delivery], float | None]) -> list[Point]:
    return [Point(turn=n, value=read(r.delivery) if r.delivery else None) for n, r in replies]


def _rows(points: list[Point], show: Callable[[float], str]) -> tuple[tuple[int, str], ...]:
    return tuple((p.turn, "not measured" if p.value is None else show(p.value)) for p in points)


def _measured(points: list[Point]) -> bool:
    return any(p.value is not None for p in points)


def _pace(replies: _Replies, baseline: Baseline | None) -> Measure | None:
    points = [
        Point(
            turn=n,
            value=r.delivery.articulation_rate_sps
            if r.delivery and len(r.final.transcript.words) >= PACE_WORDS
            else None,
        )
        for n, r in replies
    ]
    if not _measured(points):
        return None
    own = baseline.articulation_rate_sps if baseline else None
    band = (own * (1 - _OWN_BAND), own * (1 + _OWN_BAND)) if own else _PACE_BAND_SPS
    legend = "band: within 10 % of your own pace; dashed: your own pace" if own else "band: 4.0 to 5.0"
    return Measure(
        name="Pace",
        unit="syllables a second, without pauses",
        svg=measure_chart(points, title="Pace in syllables a second", band=band, own=own, least_span=2.0),
        rows=_rows(points, lambda v: f"{v:.1f} syllables a second"),
        legend=legend,
        note=f"Replies of {PACE_WORDS} words and more. Slowing from 5.22 to 4.63 went with callers who were 7.1 % more "
        "satisfied (grade A); the edges of the band are our judgement (D).",
    )


def _level(replies: _Replies) -> Measure | None:
    points = _points(replies, lambda d: d.level_db_re_baseline)
    if not _measured(points):
        return None
    return Measure(
        name="Loudness",
        unit="dB against your own baseline",
        svg=measure_chart(
            points, title="Loudness in dB against baseline", band=_LEVEL_BAND_DB, own=0.0, least_span=8.0
        ),
        rows=_rows(points, lambda v: f"{one_decimal(v)} dB"),
        legend="band: within 3 dB; dashed: your baseline",
        note="A headset that adjusts itself (gain control) hides changes. The band is our judgement (D).",
    )


def _gap(replies: _Replies) -> Measure | None:
    points = _points(replies, lambda d: d.reply_gap_s)
    if not _measured(points):
        return None
    return Measure(
        name="Pause before the reply",
        unit="seconds after the caller's last word",
        svg=measure_chart(points, title="Pause before the reply in seconds", band=_GAP_BAND_S, least_span=2.0),
        rows=_rows(points, lambda v: f"{v:.1f} s" if v >= 0 else f"{-v:.1f} s before the caller had ended"),
        legend="band: 0.3 to 1.5 s",
        note="Below 0 you began before the caller had ended. Silence over 5 s is an event (industry norm, C).",
    )


def _pauses(replies: _Replies) -> Measure | None:
    shares = _points(replies, lambda d: d.pause_share)
    points = [Point(turn=p.turn, value=None if p.value is None else 100 * p.value, label=None) for p in shares]
    if not _measured(points):
        return None
    labelled = [Point(turn=p.turn, value=p.value, label=f"{p.value or 0:.0f}") for p in points]
    return Measure(
        name="Pauses inside the reply",
        unit="% of the reply",
        svg=measure_chart(labelled, title="Pauses in percent of the reply", least_span=20.0),
        rows=_rows(points, lambda v: f"{v:.0f} %"),
        note="Shown, not judged: no good value is known.",
    )


def _tension(replies: _Replies) -> Measure | None:
    points = [
        Point(turn=n, value=d.tension, label=d.tension_band or "", mark=d.tension_band or "")
        for n, r in replies
        if (d := r.delivery) is not None
    ]
    if not _measured(points):
        return None
    calibrated = all(r.delivery.calibrated for _, r in replies if r.delivery)
    bands = {p.turn: p.label for p in points}
    rows = tuple(
        (turn, text if text == "not measured" else f"{bands[turn]}, score {text}")
        for turn, text in _rows(points, one_decimal)
    )
    return Measure(
        name="Tension of the voice",
        unit="score against your own baseline" if calibrated else "score, not calibrated",
        svg=measure_chart(points, title="Tension of the voice", least_span=4.0),
        rows=rows,
        note="Behaviour of the voice (higher, brighter, more moving than your own neutral voice), not an emotion. Joy "
        "and surprise raise it too; quiet or ironic sharpness is not seen. One reply says little."
        + ("" if calibrated else " Without your baseline it is not calibrated and means less."),
    )
