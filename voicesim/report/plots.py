"""Drawings of progress: a figure over the calls as inline SVG for a page, and as a row of signs for a terminal.

Pure functions from numbers to markup; the SVG is coloured by the report's style sheet and has a table beside it.
"""

from collections.abc import Sequence
from html import escape

_BLOCKS, _PLAIN = "▁▂▃▄▅▆▇█", "_.-=^"
_MISSING = "·"
#: Beyond so many calls the figures at the dots would lie on each other, and only some are written.
_LABELS = 9


def sparkline(values: Sequence[float | None], *, plain: bool = False, least_span: float = 1.0) -> str:
    """One sign for each value, low to high; a dot where there is none.

    ``least_span`` is the smallest difference that fills the whole height, so that small changes look small. ``plain``
    uses ASCII alone.

    >>> sparkline([0, 50, None, 100])
    '▁▅·█'
    >>> sparkline([1, 2, 3], plain=True)
    '_-^'
    """
    signs = _PLAIN if plain else _BLOCKS
    known = [v for v in values if v is not None]
    low, high = _range(known, least_span)
    return "".join(
        ("." if plain else _MISSING)
        if value is None
        else signs[min(len(signs) - 1, int((value - low) / (high - low) * (len(signs) - 1) + 0.5))]
        for value in values
    )


def _range(known: Sequence[float], least_span: float) -> tuple[float, float]:
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    missing = max(0.0, least_span - (high - low)) / 2
    return low - missing, high + missing


def series_chart(
    values: Sequence[float | None],
    labels: Sequence[str],
    *,
    title: str,
    width: int = 340,
    least_span: float = 1.0,
    own: float | None = None,
) -> str:
    """One figure over the calls: a dot a call with its ``label``, a line between them, ``own`` as a dashed line.

    ``width`` in CSS pixels. A call without the figure leaves a gap in the line and a dash at the axis.
    """
    left, right, top, plot = 14, 14, 24, 96
    bottom, height = top + plot, top + plot + 26
    low, high = _range([*(v for v in values if v is not None), *([] if own is None else [own])], least_span)
    air = 0.12 * (high - low)
    low, high = low - air, high + air
    column = (width - left - right) / max(1, len(values))

    def x(index: int) -> float:
        return round(left + column * (index + 0.5), 1)

    def y(value: float) -> float:
        return round(top + plot * (1 - (value - low) / (high - low)), 1)

    parts = [f'<line class="axis" x1="{left}" x2="{width - right}" y1="{bottom}" y2="{bottom}"/>']
    if own is not None:
        parts.append(f'<line class="own" x1="{left}" x2="{width - right}" y1="{y(own)}" y2="{y(own)}"/>')
    parts += [
        f'<polyline class="trail" points="{" ".join(f"{x(i)},{y(v)}" for i, v in run)}"/>' for run in _runs(values)
    ]
    every = max(1, -(-len(values) // _LABELS))
    for i, (value, label) in enumerate(zip(values, labels, strict=True)):
        told = i % every == 0 or i == len(values) - 1
        if told:
            parts.append(f'<text class="tick" x="{x(i)}" y="{bottom + 16}" text-anchor="middle">{i + 1}</text>')
        if value is None:
            parts.append(f'<text class="tick" x="{x(i)}" y="{bottom - 6}" text-anchor="middle">–</text>')
            continue
        parts.append(f'<circle class="value" cx="{x(i)}" cy="{y(value)}" r="4"/>')
        if told:
            text = escape(label.replace("-", "−"))
            parts.append(f'<text class="number" x="{x(i)}" y="{y(value) - 8}" text-anchor="middle">{text}</text>')
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(title)}" xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )


def _runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """Neighbouring values with their places, as far as no gap is between them."""
    runs: list[list[tuple[int, float]]] = [[]]
    for i, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((i, value))
    return [run for run in runs if len(run) > 1]
