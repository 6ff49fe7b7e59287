"""One axis for everything that happened in a call: seconds of a spoken call, turns of a typed one."""

from collections.abc import Sequence
from dataclasses import dataclass

from voicesim.model import RATE_HZ, CallRecord, Span, Turn

#: Seconds between two numbers of the axis, the first that leaves them room.
_STEPS_S = (5, 10, 15, 30, 60, 120, 300, 600)
_ROOM_PX = 56


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """Places times along ``left`` .. ``right`` pixels; the call lasts ``end`` samples."""

    left: float
    right: float
    end: int

    def x(self, sample: int) -> float:
        """The pixel of a sample of the call, held inside the axis."""
        share = min(1.0, max(0.0, sample / max(1, self.end)))
        return round(self.left + (self.right - self.left) * share, 1)

    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Pixel and minutes:seconds of each number of the axis."""
        pixels_a_second = (self.right - self.left) / max(1.0, self.end / RATE_HZ)
        step = next((s for s in _STEPS_S if s * pixels_a_second >= _ROOM_PX), _STEPS_S[-1])
        return tuple((self.x(s * RATE_HZ), clock(s * RATE_HZ)) for s in range(0, self.end // RATE_HZ + 1, step))


def spoken(record: CallRecord) -> bool:
    """Whether it is known when anything was said."""
    return end_of(record) > 0


def end_of(record: CallRecord) -> int:
    """The last sample of the call that is known, 0 for a typed one."""
    return max((span.end for turn in record.turns if (span := heard(turn))), default=0)


def heard(turn: Turn) -> Span | None:
    """From the first to the last sound of a turn; None where none is known."""
    spans = [s for s in (turn.line_span, reply_span(turn)) if s is not None and s.length > 0]
    if not spans:
        return None
    return Span(start=min(s.start for s in spans), end=max(s.end for s in spans))


def reply_span(turn: Turn) -> Span | None:
    """When the reply was spoken, with the words that the voice activity came too late for; None if it is not known."""
    if turn.reply is None:
        return None
    words = [w.span for w in turn.reply.final.transcript.words if w.span.length > 0]
    spans = [s for s in (turn.reply.span, *words[:1], *words[-1:]) if s.length > 0]
    return Span(start=min(s.start for s in spans), end=max(s.end for s in spans)) if spans else None


def turn_starts(turns: Sequence[Turn]) -> tuple[tuple[int, int], ...]:
    """Number and first sample of each turn that was heard."""
    return tuple((n, span.start) for n, turn in enumerate(turns, 1) if (span := heard(turn)))


def clock(samples: int) -> str:
    """Minutes and seconds of a sample.

    >>> clock(75 * 16_000)
    '1:15'
    """
    minutes, seconds = divmod(round(samples / RATE_HZ), 60)
    return f"{minutes}:{seconds:02d}"
