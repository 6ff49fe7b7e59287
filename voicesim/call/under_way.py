"""The reply that is made of what was spoken, and one whose end nobody waits for: the call is paused or left in it."""

from concurrent.futures import Future
from dataclasses import dataclass

from voicesim.call.ear import Ahead
from voicesim.call.stretches import Spoken
from voicesim.call.understood import Understood
from voicesim.catalogue import CATALOGUE
from voicesim.model import Finding, Heard, Kind, OverlapKind, Reply, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """A reply that was being given when the call stopped listening, and what is understood of it, live and for good."""

    spoken: Spoken
    ahead: Future[Ahead]
    final: Future[Understood]


def reply_of(spoken: Spoken, ahead: Ahead, turn: int | None) -> Reply:
    """The reply of a ``turn`` by what is understood of it; its final understanding is still the live one."""
    understood = ahead.understood
    findings = (*understood.heard.findings, *_interruptions(spoken, turn))
    live = Heard(transcript=understood.heard.transcript, findings=findings)
    return Reply(
        span=Span(start=spoken.speech[0].start, end=spoken.speech[-1].end),
        live=live,
        final=live,
        delivery=ahead.delivery,
        speech=spoken.speech,
        overlaps=spoken.overlaps,
        offers=understood.offers,
        mentions=understood.mentions,
    )


def _interruptions(spoken: Spoken, turn: int | None) -> tuple[Finding, ...]:
    cuts = [overlap for overlap in spoken.overlaps if overlap.kind is OverlapKind.INTERRUPTION]
    return tuple(
        Finding(
            kind=Kind.MISTAKE,
            id="interrupt",
            turn=turn,
            span=cut.span,
            measure="speech over the caller in seconds",
            value=round(cut.span.duration_s, 2),
            threshold=spoken.interrupting_s,
            source=CATALOGUE["interrupt"].source,
        )
        for cut in cuts
    )
