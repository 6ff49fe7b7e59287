"""Inline SVG drawings of the report: pure functions from numbers to markup, coloured by the page's style sheet.

Each drawing is sized in CSS pixels for the width it is given, so that its letters stay as large as the page's; the
page shows a wide and a narrow one and hides what does not fit. Every drawing has a table beside it in the page.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from voicesim.model import Turn
from voicesim.report.wording import heat, signed

_ANGER_TOP = 10
#: Below this many pixels a turn shows how far anger moved, but not why.
_ROOM_FOR_CAUSES = 76
_CAUSES = 2
#: Width of a letter of a cause (11 px type), in pixels.
_LETTER = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One measured reply: its ``turn``, the ``value`` (None if it was not taken) and a ``label`` to show instead."""

    turn: int
    value: float | None
    label: str | None = None
    mark: str = ""


def anger_chart(turns: Sequence[Turn], moods: Mapping[str, tuple[int, int]], *, width: int) -> str:
    """Anger over the turns as steps over the bands of the moods, with what moved it under each turn.

    ``width`` in CSS pixels. Anger runs from 0 to 10; a turn's step is the anger its line was said with.
    """
    left, top, plot = (64 if width > 500 else 20), 12, 200
    column = (width - left - 8) / max(1, len(turns))
    causes = column >= _ROOM_FOR_CAUSES
    height = top + plot + (79 if causes else 47)

    def y(anger: float) -> float:
        return round(top + plot * (1 - anger / _ANGER_TOP), 1)

    parts = [_mood_band(name, low, high, y, left, width) for name, (low, high) in moods.items()]
    parts += [f'<text class="tick" x="{left - 6}" y="{y(a) + 4}" text-anchor="end">{a}</text>' for a in (0, 5, 10)]
    path = [f"M{left} {y(turns[0].before.anger)}"] if turns else []
    for i, turn in enumerate(turns):
        right = round(left + column * (i + 1), 1)
        path.append(f"H{right}")
        if turn.after.anger != turn.before.anger:
            path.append(f"V{y(turn.after.anger)}")
        parts.append(_turn_label(i + 1, turn, left + column * (i + 0.5), top + plot, column))
    parts.append(f'<path class="anger" d="{" ".join(path)}"/>')
    for i, turn in enumerate(turns):
        at = y(turn.before.anger)
        parts.append(
            f'<circle class="dot heat{heat(turn.before.anger)}" cx="{left + column * (i + 0.5):.1f}" cy="{at}" r="5"/>'
        )
    first, last = (turns[0].before.anger, turns[-1].after.anger) if turns else (0, 0)
    title = f"The caller's anger over {len(turns)} turns, from {first} to {last} of 10"
    return svg(width, height, title, parts)


def _mood_band(name: str, low: int, high: int, y: Callable[[float], float], left: int, width: int) -> str:
    upper, lower = y(min(high + 0.5, _ANGER_TOP)), y(max(low - 0.5, 0))
    place = f'x="{left}" y="{upper}" width="{width - left - 8}" height="{lower - upper:.1f}"'
    band = f'<rect class="band heat{heat(high)}" {place}/>'
    if left < 40:
        return band + f'<text class="mood" x="{left + 4}" y="{upper + 13}">{escape(name)}</text>'
    return band + f'<text class="mood" x="0" y="{(upper + lower) / 2 + 4:.1f}">{escape(name)}</text>'


def _fitting(name: str, room: float) -> str:
    """A name of a cause that fits into ``room`` pixels, cut after a letter if it must be."""
    letters = int(room / _LETTER) - 1
    return name if len(name) <= letters else f"{name[: letters - 1].rstrip()}…"


def _turn_label(number: int, turn: Turn, x: float, bottom: int, column: float) -> str:
    """Under the axis: the number of the turn, how far anger moved, and by what where a ``column`` has room for it."""
    delta = turn.after.anger - turn.before.anger
    sign = "fell" if delta < 0 else "rose" if delta > 0 else "same"
    text = [f'<text class="tick" x="{x:.1f}" y="{bottom + 20}" text-anchor="middle">{number}</text>']
    if turn.reply is not None or delta:
        text.append(f'<text class="{sign}" x="{x:.1f}" y="{bottom + 37}" text-anchor="middle">{signed(delta)}</text>')
    if column >= _ROOM_FOR_CAUSES:
        moved = sorted((i for i in turn.influences if i.delta and i.cause != "limit"), key=lambda i: -abs(i.delta))
        for row, influence in enumerate(moved[:_CAUSES]):
            name = escape(_fitting(influence.cause.replace("_", " "), column))
            text.append(
                f'<text class="cause" x="{x:.1f}" y="{bottom + 53 + 14 * row}" text-anchor="middle">{name}</text>'
            )
    return "".join(text)


def measure_chart(
    points: Sequence[Point],
    *,
    title: str,
    width: int = 340,
    band: tuple[float, float] | None = None,
    own: float | None = None,
    least_span: float = 1.0,
) -> str:
    """One measure over the turns: dots with their values, the ``band`` to aim for, the ``own`` baseline as a line.

    ``least_span`` is the smallest height of the scale in the measure's unit, so that small changes look small.
    """
    left, right, top, plot = 12, 12, 22, 104
    bottom, height = top + plot, top + plot + 26
    low, high = _range([p.value for p in points], band, own, least_span)

    def y(value: float) -> float:
        return round(top + plot * (1 - (value - low) / (high - low)), 1)

    column = (width - left - right) / max(1, len(points))
    parts = [f'<line class="axis" x1="{left}" x2="{width - right}" y1="{bottom}" y2="{bottom}"/>']
    if band is not None:
        parts.append(
            f'<rect class="target" x="{left}" y="{y(band[1])}" width="{width - left - right}" '
            f'height="{y(band[0]) - y(band[1]):.1f}" rx="3"/>'
        )
    if own is not None:
        parts.append(f'<line class="own" x1="{left}" x2="{width - right}" y1="{y(own)}" y2="{y(own)}"/>')
    at = [(left + column * (i + 0.5), p) for i, p in enumerate(points)]
    trail = " ".join(f"{x:.1f},{y(p.value)}" for x, p in at if p.value is not None)
    parts.append(f'<polyline class="trail" points="{trail}"/>')
    for x, point in at:
        parts.append(f'<text class="tick" x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{point.turn}</text>')
        if point.value is None:
            parts.append(f'<text class="tick" x="{x:.1f}" y="{bottom - 6}" text-anchor="middle">–</text>')
            continue
        label = (
            point.label
            if point.label is not None
            else f"{point.value + 0.0:.1f}".replace("-0.0", "0.0").replace("-", "−")
        )
        parts.append(f'<circle class="value {escape(point.mark)}" cx="{x:.1f}" cy="{y(point.value)}" r="4.5"/>')
        parts.append(
            f'<text class="number" x="{x:.1f}" y="{y(point.value) - 9}" text-anchor="middle">{escape(label)}</text>'
        )
    return svg(width, height, title, parts)


def _range(
    values: Sequence[float | None], band: tuple[float, float] | None, own: float | None, least_span: float
) -> tuple[float, float]:
    """The lowest and highest value of a scale that holds everything, at least ``least_span`` apart."""
    known = [v for v in values if v is not None] + list(band or ()) + ([own] if own is not None else [])
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    missing = max(0.0, least_span - (high - low)) / 2
    low, high = low - missing, high + missing
    air = 0.12 * (high - low)
    return low - air, high + air


def svg(width: int, height: float, title: str, parts: Sequence[str], more: str = "") -> str:
    """A drawing of that many CSS pixels with its name for who does not see it; ``more`` attributes as they are."""
    size = f'viewBox="0 0 {width} {height:g}" width="{width}" height="{height:g}"'
    name = f'role="img" aria-label="{escape(title)}" xmlns="http://www.w3.org/2000/svg"'
    return f"<svg {size} {name} {more}>{''.join(parts)}</svg>"
