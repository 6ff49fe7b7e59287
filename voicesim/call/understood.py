"""What a call is handed to understand replies with, and what it gets back. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from voicesim.model import Context, Delivery, Heard, Samples, Span, Transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What a transcript means in a call: findings, offers (keys) and mentioned phrases."""

    heard: Heard
    offers: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenReply:
    """The sound of a reply: float32[n] at 16 kHz, its stretches of speech counted from its first sample.

    ``ears`` is what sounded in the trainee's ears at the same time, ``noise`` the second before the reply; ``gap_s``
    the seconds from the end of the line (negative: it began earlier).
    """

    samples: Samples
    ears: Samples
    speech: tuple[Span, ...]
    noise: Samples
    gap_s: float


Understand = Callable[[Transcript, Context], Understood]
Measure = Callable[[SpokenReply, Transcript], Delivery]
