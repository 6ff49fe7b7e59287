"""The sound of a call inside its report: one file for the whole call, and what of it each part of the page plays."""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from voicesim.model import RATE_HZ, CallRecord, Moment, Samples, Span, Turn
from voicesim.report.axis import end_of, reply_span

_AIR = RATE_HZ // 5
_BEFORE_A_QUOTE = 3 * RATE_HZ // 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """A stretch of the call's sound: seconds ``start`` to ``end``, as the page writes them."""

    start: str
    end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounds:
    """What the page can play: the call as a data URI and spoken advice by turn.

    ``length_s`` is all of its sound, ``end_s`` where the last of it that is known to be speech ends.
    """

    call: str
    length_s: float
    end_s: str
    advice: Mapping[int, str]


def embedded(
    record: CallRecord,
    channels: Mapping[str, Samples] | None,
    encode: Callable[[Samples], bytes] | None,
    advice: Mapping[int, Samples],
) -> Sounds | None:
    """Both channels of the call in one sound, and the advice of each turn; None without channels.

    Raises TypeError for sounds without an encoder.
    """
    if not channels:
        return None
    if encode is None:
        raise TypeError("sounds need encode= to become part of the report")
    length = min(max(len(c) for c in channels.values()), end_of(record) + RATE_HZ)
    return Sounds(
        call=_data_uri(encode(mixed(list(channels.values()), length))),
        length_s=round(length / RATE_HZ, 2),
        end_s=seconds(end_of(record)),
        advice={turn: _data_uri(encode(samples)) for turn, samples in advice.items()},
    )


def mixed(channels: Sequence[Samples], length: int) -> Samples:
    """The channels in one, ``length`` samples long, held within -1..1."""
    both = np.zeros(length, np.float32)
    for channel in channels:
        part = channel[:length]
        both[: len(part)] += part
    return np.clip(both, -1.0, 1.0)


def _data_uri(flac: bytes) -> str:
    return f"data:audio/flac;base64,{b64encode(flac).decode('ascii')}"


def stretch(span: Span | None) -> Play | None:
    """A span with a little air around it; None for what has no length."""
    if span is None or span.length <= 0:
        return None
    return Play(start=seconds(span.start - _AIR), end=seconds(span.end + _AIR))


def play_of(moment: Moment, turns: Sequence[Turn]) -> Play | None:
    """From a moment before the quote to the end of the reply; the whole turn if no quote is known."""
    if moment.turn is None or not 0 < moment.turn <= len(turns):
        return None
    turn = turns[moment.turn - 1]
    reply = reply_span(turn)
    if moment.span is not None and moment.span.length > 0:
        end = max(moment.span.end, reply.end if reply else 0)
        return Play(start=seconds(moment.span.start - _BEFORE_A_QUOTE), end=seconds(end + _AIR))
    return stretch(reply or turn.line_span)


def seconds(sample: int) -> str:
    """A sample as seconds with two decimals, never before the call.

    >>> seconds(24_000)
    '1.50'
    """
    return f"{max(0, sample) / RATE_HZ:.2f}"
