"""The whole call on one time axis as inline SVG: anger, pace, loudness, overlaps, and both channels as waveforms.

Every lane names itself, its unit and its marks in words, so that the drawing needs no colour to be read.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from voicesim.coach.delivery import PACE_WORDS
from voicesim.model import CallRecord, Overlap, OverlapKind, Reply, Samples, Span, Turn
from voicesim.report.axis import Axis, end_of, reply_span, turn_starts
from voicesim.report.charts import svg
from voicesim.report.peaks import peaks
from voicesim.report.wording import heat, one_decimal

_GUTTER, _EDGE = 30, 8
#: Room for the names of moods beside the axis, where a drawing is wide enough for it.
_MOODS, _WIDE = 58, 500
_TITLE = 22
_GAP = 12
_ANGER_TOP = 10
_NUMBER_PX = 15
#: A sign for each kind of overlap, readable without colour, and its name.
OVERLAPS: Mapping[OverlapKind, tuple[str, str]] = {
    OverlapKind.INTERRUPTION: ("✕", "you cut in"),
    OverlapKind.EARLY: ("◁", "you began early"),
    OverlapKind.BACKCHANNEL: ("○", "listening sound"),
    OverlapKind.CUT_IN: ("▼", "the caller cut in"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lane:
    """One lane: its markup between ``top`` and ``bottom`` pixels."""

    parts: tuple[str, ...]
    bottom: float


_Draw = Callable[[CallRecord, Axis, float], _Lane | None]


def timeline(
    record: CallRecord,
    *,
    width: int,
    sounds: Mapping[str, Samples] | None = None,
    marks: Sequence[tuple[int, int]] = (),
) -> str:
    """The drawing of a spoken call, ``width`` CSS pixels wide; ``marks`` are the moments: their number and turn.

    The ``sounds`` ``caller`` and ``trainee`` become waveforms; without them the spans in which each spoke are drawn.
    The page finds the axis in the attributes ``data-left``, ``data-right`` and ``data-end`` (seconds).
    """
    axis = Axis(left=_GUTTER, right=width - (_MOODS if width > _WIDE else _EDGE), end=end_of(record))
    lanes: list[str] = []
    top = 0.0
    for draw in (_anger_lane(marks), _pace_lane, _level_lane, _overlap_lane, _sound_lane(sounds)):
        lane = draw(record, axis, top)
        if lane is not None:
            lanes += lane.parts
            top = lane.bottom + _GAP
    bottom = top - _GAP + 4
    behind = [f'<line class="grid" x1="{x}" x2="{x}" y1="{_TITLE}" y2="{bottom}"/>' for x, _ in axis.ticks()]
    under = [_text("tick", x, bottom + 14, label, "middle") for x, label in axis.ticks()]
    head = f'<line class="playhead" visibility="hidden" x1="0" x2="0" y1="{_TITLE}" y2="{bottom}"/>'
    sizes = f'data-left="{axis.left}" data-right="{axis.right}" data-end="{axis.end / 16_000:.2f}"'
    name = "The call on one time axis; the table below says the same in words"
    return svg(width, bottom + 20, name, [*behind, *lanes, *under, head], f'class="timeline" {sizes}')


def _text(kind: str, x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(text)}</text>'


def _title(text: str, top: float) -> str:
    return _text("lane", 0, top + 12, text)


# -- lanes ------------------------------------------------------------------------------------------------------------


def _anger_lane(marks: Sequence[tuple[int, int]]) -> _Draw:
    def draw(record: CallRecord, axis: Axis, top: float) -> _Lane | None:
        if not record.turns:
            return None
        first, height = top + _TITLE, 120.0

        def y(anger: float) -> float:
            return round(first + height * (1 - anger / _ANGER_TOP), 1)

        parts = [_title("The caller’s anger, 0 to 10", top)]
        parts += [_band(name, low, high, y, axis) for name, (low, high) in record.moods.items()]
        parts += [_text("tick", axis.left - 6, y(a) + 4, str(a), "end") for a in (0, 5, 10)]
        parts.append(f'<path class="anger" d="{anger_path(record.turns, axis, y)}"/>')
        parts += _turn_numbers(record.turns, axis, first + height)
        parts += [_mark(number, record.turns[turn - 1], axis, y) for number, turn in marks]
        return _Lane(parts=tuple(parts), bottom=first + height + 16)

    return draw


def _band(name: str, low: int, high: int, y: Callable[[float], float], axis: Axis) -> str:
    upper, lower = y(min(high + 0.5, _ANGER_TOP)), y(max(low - 0.5, 0))
    place = f'x="{axis.left}" y="{upper}" width="{axis.right - axis.left}" height="{lower - upper:.1f}"'
    return f'<rect class="band heat{heat(high)}" {place}/>' + (
        _text("mood", axis.right + 6, (upper + lower) / 2 + 4, name)
        if axis.right > _WIDE
        else _text("mood inside", axis.left + 5, upper + 12, name)
    )


def anger_path(turns: Sequence[Turn], axis: Axis, y: Callable[[float], float]) -> str:
    """The steps of anger over time: each turn moves it where its reply (or its line) ends."""
    path = [f"M{axis.left} {y(turns[0].before.anger)}"]
    for turn in turns:
        span = reply_span(turn) or turn.line_span
        if span is not None and turn.after.anger != turn.before.anger:
            path.append(f"H{axis.x(span.end)}V{y(turn.after.anger)}")
    return "".join((*path, f"H{axis.right}"))


def _turn_numbers(turns: Sequence[Turn], axis: Axis, y: float) -> list[str]:
    """A number below the anger where each turn begins, as many as fit."""
    made, free = [], axis.left - _NUMBER_PX
    for number, start in turn_starts(turns):
        x = axis.x(start)
        made.append(f'<line class="axis" x1="{x}" x2="{x}" y1="{y:g}" y2="{y + 4:g}"/>')
        if x >= free + _NUMBER_PX:
            made.append(_text("tick", x, y + 15, str(number), "middle"))
            free = x
    return made


def _mark(number: int, turn: Turn, axis: Axis, y: Callable[[float], float]) -> str:
    span = reply_span(turn) or turn.line_span
    if span is None:
        return ""
    return mark(number, axis.x(span.end), y(turn.after.anger))


def mark(number: int, x: float, y: float) -> str:
    """A numbered disc, as the cards of the moments carry it."""
    return f'<circle class="disc" cx="{x}" cy="{y}" r="9"/>' + _text("in-disc", x, y + 4, str(number), "middle")


def _pace_lane(record: CallRecord, axis: Axis, top: float) -> _Lane | None:
    def pace(reply: Reply) -> float | None:
        enough = reply.delivery and len(reply.final.transcript.words) >= PACE_WORDS
        return reply.delivery.articulation_rate_sps if enough and reply.delivery else None

    own = record.baseline.articulation_rate_sps if record.baseline else None
    unit = "syllables a second" if axis.right > _WIDE else "syllables/s"
    dashed = f"; dashed: your own, {own:.1f}" if own else ""
    return _bars(record, axis, top, read=pace, title=f"Your pace, {unit}{dashed}", own=own, least=2.0)


def _level_lane(record: CallRecord, axis: Axis, top: float) -> _Lane | None:
    if record.baseline is None:
        title = "Your loudness, dBFS (no baseline)"
        return _bars(record, axis, top, title=title, own=None, least=8.0, read=lambda r: _of(r, "level_dbfs"))
    title = "Your loudness, dB; dashed: your baseline"
    return _bars(record, axis, top, title=title, own=0.0, least=8.0, read=lambda r: _of(r, "level_db_re_baseline"))


def _of(reply: Reply, measure: str) -> float | None:
    value: float | None = getattr(reply.delivery, measure) if reply.delivery else None
    return value


def _bars(
    record: CallRecord,
    axis: Axis,
    top: float,
    *,
    title: str,
    read: Callable[[Reply], float | None],
    own: float | None,
    least: float,
) -> _Lane | None:
    """A bar as long as each reply, as high as its measure, with the own baseline dashed behind."""
    spans = [
        (span, v) for t in record.turns if t.reply and (span := reply_span(t)) and (v := read(t.reply)) is not None
    ]
    if not spans:
        return None
    values = [v for _, v in spans] + ([own] if own is not None else [])
    missing = max(0.0, least - (max(values) - min(values))) / 2
    low, high = min(values) - missing, max(values) + missing
    first, height = top + _TITLE + 10, 40.0

    def y(value: float) -> float:
        return round(first + height * (1 - (value - low) / (high - low)), 1)

    parts = [_title(title, top)]
    if own is not None:
        parts.append(f'<line class="own" x1="{axis.left}" x2="{axis.right}" y1="{y(own)}" y2="{y(own)}"/>')
    free = 0.0
    for span, value in spans:
        x, end = axis.x(span.start), max(axis.x(span.end), axis.x(span.start) + 3)
        parts.append(f'<line class="bar-of-reply" x1="{x}" x2="{end}" y1="{y(value)}" y2="{y(value)}"/>')
        if (x + end) / 2 - 14 >= free:
            label = f"{value:.1f}" if own != 0.0 else one_decimal(value)
            parts.append(_text("number", (x + end) / 2, y(value) - 6, label, "middle"))
            free = (x + end) / 2 + 14
    return _Lane(parts=tuple(parts), bottom=first + height + 4)


def _overlap_lane(record: CallRecord, axis: Axis, top: float) -> _Lane | None:
    found = overlaps(record)
    if not found:
        return None
    kinds = [k for k in OVERLAPS if any(o.kind is k for _, o in found)]
    named = "; ".join(f"{OVERLAPS[kind][0]} {OVERLAPS[kind][1]}" for kind in kinds)
    y = top + _TITLE + 12
    parts = [_title(f"Both at once: {named}", top)]
    parts.append(f'<line class="axis" x1="{axis.left}" x2="{axis.right}" y1="{y}" y2="{y}"/>')
    for _, overlap in found:
        x, end = axis.x(overlap.span.start), axis.x(overlap.span.end)
        middle = (x + end) / 2
        parts.append(f'<line class="both" x1="{x}" x2="{max(end, x + 2)}" y1="{y}" y2="{y}"/>')
        parts.append(_text(f"over {overlap.kind.value}", middle, y - 3, OVERLAPS[overlap.kind][0], "middle"))
    return _Lane(parts=tuple(parts), bottom=y + 4)


def overlaps(record: CallRecord) -> tuple[tuple[int, Overlap], ...]:
    """Turn and overlap of each overlap whose time is known."""
    replies = [(n, turn.reply) for n, turn in enumerate(record.turns, 1) if turn.reply]
    return tuple((n, o) for n, reply in replies for o in reply.overlaps if o.span.length > 0)


def _sound_lane(sounds: Mapping[str, Samples] | None) -> _Draw:
    def draw(record: CallRecord, axis: Axis, top: float) -> _Lane | None:
        half = 22.0
        title = "Sound: the caller above, you below" if sounds else "Who spoke: the caller above, you below"
        parts = [_title(title, top)]
        y = top + _TITLE + half
        for channel in ("caller", "trainee"):
            if sounds:
                shape = wave(sounds[channel][: axis.end], axis, y, half)
                parts.append(f'<path class="wave {channel}" d="{shape}"/>')
            else:
                parts += [_block(channel, span, axis, y) for span in _spoken_by(channel, record)]
            y += 2 * half + 4
        return _Lane(parts=tuple(parts), bottom=y - half)

    return draw


def wave(channel: Samples, axis: Axis, y: float, half: float) -> str:
    """A path with one upright stroke a pixel, as high as the loudest sample of that pixel."""
    strokes = []
    left, pixels = round(axis.left), round(axis.right - axis.left)
    for i, peak in enumerate(peaks(channel, axis.end, pixels)):
        reach = max(1, round(half * peak))
        strokes.append(f"M{left + i}.5 {y - reach:g}v{2 * reach}")
    return "".join(strokes)


def _spoken_by(channel: str, record: CallRecord) -> list[Span]:
    if channel == "caller":
        return [t.line_span for t in record.turns if t.line_span is not None]
    return [s for t in record.turns if t.reply for s in (t.reply.speech or (t.reply.span,))]


def _block(channel: str, span: Span, axis: Axis, y: float) -> str:
    x = axis.x(span.start)
    return f'<rect class="block {channel}" x="{x}" y="{y - 7:g}" width="{axis.x(span.end) - x:.1f}" height="14"/>'


# -- the strip at the top of the page ---------------------------------------------------------------------------------


def strip(record: CallRecord, *, width: int, marks: Sequence[tuple[int, int]] = ()) -> str:
    """The anger of the call at one glance, with the moments on it: an area over time, or over turns if it was typed."""
    left, right, top, bottom = 4.0, width - 4.0, 18.0, 92.0
    turns = record.turns
    if not turns:
        return ""

    def y(anger: float) -> float:
        return round(bottom - (bottom - top) * anger / _ANGER_TOP, 1)

    axis = Axis(left=left, right=right, end=end_of(record))
    at = [_moved_at(n, turn, axis, len(turns)) for n, turn in enumerate(turns, 1)]
    path = [f"M{left} {y(turns[0].before.anger)}"]
    path += [f"H{x:.1f}V{y(turn.after.anger)}" for x, turn in zip(at, turns, strict=True)]
    line = "".join((*path, f"H{right}"))
    parts = [f'<line class="axis" x1="{left}" x2="{right}" y1="{bottom}" y2="{bottom}"/>']
    parts += [f'<path class="area" d="{line}V{bottom}H{left}Z"/>', f'<path class="anger" d="{line}"/>']
    for number, turn in marks:
        x = min(right - 9, max(left + 9, at[turn - 1]))
        parts.append(mark(number, round(x, 1), y(turns[turn - 1].after.anger)))
    first, last = turns[0].before.anger, turns[-1].after.anger
    most = max(t.after.anger for t in turns)
    parts.append(_text("ends", left + 2, y(first) - 7, f"{first} of 10"))
    parts.append(_text("ends", right, y(last) - 7, f"{last}", "end"))
    name = f"The caller’s anger, 0 to 10: {first} at the start, {max(first, most)} at most, {last} at the end"
    return svg(width, bottom + 6, name, parts)


def _moved_at(number: int, turn: Turn, axis: Axis, turns: int) -> float:
    span = reply_span(turn) or turn.line_span
    if axis.end and span is not None:
        return axis.x(span.end)
    return axis.left + (axis.right - axis.left) * (number - 0.5) / turns
