"""What may be scored: findings that are sure and on which the live and the final transcript agree."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from voicesim.catalogue import CATALOGUE, Evidence
from voicesim.model import CallRecord, Ending, Finding, Kind, OverlapKind, Phase, Reply, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A finding that counts: in which turn and phase, and by how many points that cause moved the caller's anger."""

    turn: int
    phase: Phase
    finding: Finding
    moved: int
    effect: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A finding that only one of the two transcripts holds; ``live`` says whether that is the live one."""

    finding: Finding
    live: bool


def _from_channels(finding: Finding) -> bool:
    entry = CATALOGUE.get(finding.id)
    return entry is not None and entry.evidence is Evidence.CHANNELS


def _sure(findings: Iterable[Finding]) -> dict[str, Finding]:
    """Sure findings by id, the first of each."""
    first: dict[str, Finding] = {}
    for finding in findings:
        if finding.sure:
            first.setdefault(finding.id, finding)
    return first


def agreed(reply: Reply) -> tuple[Finding, ...]:
    """The findings of a reply that may be scored, each id once, with the evidence of the final transcript.

    What the two sound channels show (interruptions, silence, delivery) does not depend on a transcript and counts
    from either side; an overlap that was an interruption counts even without a finding.
    """
    live, final = _sure(reply.live.findings), _sure(reply.final.findings)
    kept = {key: f for key, f in final.items() if key in live or _from_channels(f)}
    kept.update({key: f for key, f in live.items() if key not in kept and _from_channels(f)})
    cut_in = next((o.span for o in reply.overlaps if o.kind is OverlapKind.INTERRUPTION), None)
    if cut_in is not None:
        kept.setdefault("interrupt", Finding(kind=Kind.MISTAKE, id="interrupt", span=cut_in))
    return tuple(kept.values())


def disputed(reply: Reply) -> tuple[Dispute, ...]:
    """The findings that only one transcript holds for sure: shown, never scored."""
    live, final = _sure(reply.live.findings), _sure(reply.final.findings)
    only_live = [Dispute(finding=f, live=True) for key, f in live.items() if key not in final]
    only_final = [Dispute(finding=f, live=False) for key, f in final.items() if key not in live]
    return tuple(d for d in (*only_live, *only_final) if not _from_channels(d.finding))


def unsure(reply: Reply) -> tuple[Finding, ...]:
    """The findings of the final transcript that are below their line of confidence."""
    return tuple(f for f in reply.final.findings if not f.sure)


def suspected(record: CallRecord) -> tuple[Seen, ...]:
    """The mistakes that were perhaps said: below their line of confidence, or in one transcript alone."""
    return tuple(
        Seen(turn=number, phase=turn.phase, finding=replace(finding, turn=number), moved=0, effect=effect(turn))
        for number, turn in enumerate(record.turns, 1)
        if turn.reply
        for finding in turn.reply.final.findings
        if finding.kind is Kind.MISTAKE
        and not _from_channels(finding)
        and finding.id not in {found.id for found in agreed(turn.reply)}
    )


def doubtful(record: CallRecord) -> frozenset[str]:
    """The ids that may have been in the call: unsure in a reply, or in one of its two transcripts only."""
    replies = [turn.reply for turn in record.turns if turn.reply]
    in_dispute = {d.finding.id for reply in replies for d in disputed(reply)}
    return frozenset(in_dispute | {f.id for reply in replies for f in unsure(reply)})


def effect(turn: Turn) -> int:
    """By how many points anger moved in a turn."""
    return turn.after.anger - turn.before.anger


def seen(record: CallRecord) -> tuple[Seen, ...]:
    """All that counts in a call, in order; a silence and an unannounced end are read from the turn and the ending."""
    found: list[Seen] = []
    for number, turn in enumerate(record.turns, 1):
        findings = list(agreed(turn.reply)) if turn.reply else []
        silent = any(i.cause == "long_silence" for i in turn.influences)
        if silent and not any(f.id == "long_silence" for f in findings):
            findings.append(Finding(kind=Kind.CONDITION, id="long_silence"))
        moved = {i.cause: i.delta for i in turn.influences}
        found += [
            Seen(
                turn=number,
                phase=turn.phase,
                finding=replace(f, turn=number),
                moved=moved.get(f.id, 0),
                effect=effect(turn),
            )
            for f in findings
        ]
    return tuple(found) + _unannounced_end(record, found)


def _unannounced_end(record: CallRecord, found: Iterable[Seen]) -> tuple[Seen, ...]:
    ids = {s.finding.id for s in found}
    if record.ending is not Ending.ABANDONED or not record.turns or ids & {"set_limit", "hang_up_unannounced"}:
        return ()
    finding = Finding(kind=Kind.MISTAKE, id="hang_up_unannounced", turn=len(record.turns))
    last = record.turns[-1]
    return (Seen(turn=len(record.turns), phase=last.phase, finding=finding, moved=0, effect=effect(last)),)
