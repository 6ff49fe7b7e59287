"""What of a call is handed on: by default its words and its score, nothing of how the trainee sounded, and no name.

:func:`shared_record` is a function of a record; :func:`share` writes what it gives. Left out by default:

- **delivery**: every measure of it, the baseline, what it did to anger, observations on it, and, as pace and pauses
  can be measured from them, when words and replies were spoken;
- **sound**: the clips in the report;
- **name**: the trainee's, also where it was said, and the headset's. Names that are in no profile are not known;
- **review**: what trainers said about the call. What the trainee contests is for trainers, and goes along.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from voicesim.coach.review import ReviewEntry, Role
from voicesim.errors import UsageError
from voicesim.files import make_folder, write_text
from voicesim.model import (
    CallRecord,
    CallState,
    Feedback,
    Finding,
    Heard,
    Moment,
    Overlap,
    Reply,
    Samples,
    Span,
    Turn,
    WhatIf,
)
from voicesim.report.data import dumps, record_to_json
from voicesim.report.html import render_report
from voicesim.settings import DEFAULTS
from voicesim.store.places import RECORD, REPORT
from voicesim.store.reviews import REVIEW, review_of, review_text
from voicesim.store.stored import SHARES, shares_of

#: Findings and causes that delivery alone brings about.
DELIVERY_IDS = frozenset({"tense_delivery", "calm_delivery"})
#: Observations of the feedback that tell a measure of delivery.
DELIVERY_MOMENTS = DELIVERY_IDS | {"pace", "level", "reply_gap", "tension", "cross_talk"}
#: What stands where a name was.
NOBODY = "trainee"
_NOWHERE = Span(start=0, end=0)
_CLOCK = ("call", "id", "began_utc")
#: Fields that hold ids, no words of a person.
_IDS = frozenset({"id", "kind", "cause", "source", "measure", "engine", "phase"})


class Part(StrEnum):
    """What is shared only if it is chosen."""

    DELIVERY = "delivery"
    SOUND = "sound"
    NAME = "name"
    REVIEW = "review"


def shared_record(record: CallRecord, parts: frozenset[Part] = frozenset()) -> CallRecord:
    """The record as it is handed on, with the chosen parts.

    With sound but without delivery the times stay, since the clips need them and the sound tells them anyway. Where
    delivery moved anger, anger stays as it was and its influences no longer add up to it (:func:`delivery_moved`).
    """
    kept = replace(record, unused_replies=(), clock={key: record.clock[key] for key in _CLOCK if key in record.clock})
    if Part.DELIVERY not in parts:
        kept = _without_delivery(kept, times=Part.SOUND in parts)
    return kept if Part.NAME in parts else _without_name(kept)


def shared_review(
    entries: Iterable[ReviewEntry], trainee: str, parts: frozenset[Part] = frozenset()
) -> tuple[ReviewEntry, ...]:
    """The entries of a trainee's call as they are handed on, with the chosen parts."""
    name, times = _name(trainee), bool(parts & {Part.DELIVERY, Part.SOUND})
    kept = [entry for entry in entries if entry.role is Role.TRAINEE or Part.REVIEW in parts]
    if Part.DELIVERY not in parts:
        kept = [entry for entry in kept if entry.finding not in DELIVERY_IDS]
    kept = [entry if times else replace(entry, at_s=None) for entry in kept]
    if Part.NAME in parts:
        return tuple(kept)
    kept = [replace(entry, by=NOBODY) if entry.role is Role.TRAINEE else entry for entry in kept]
    return tuple(
        entry if name is None else replace(entry, by=_mapped(entry.by, name), note=_mapped(entry.note, name))
        for entry in kept
    )


def delivery_moved(record: CallRecord) -> bool:
    """Whether the curve of anger, which is always shared, shows something that delivery did."""
    return any(i.delta for turn in record.turns for i in turn.influences if i.cause in DELIVERY_IDS)


def share(
    record: CallRecord,
    folder: Path,
    out: Path,
    parts: frozenset[Part],
    *,
    now: datetime,
    briefing: Mapping[str, Any] | None = None,
    sounds: Mapping[str, Samples] | None = None,
    encode: Callable[[Samples], bytes] | None = None,
) -> tuple[Path, ...]:
    """The shared ``call.json`` and ``report.html`` in ``out``; ``folder`` of the call notes that it was shared.

    A ``review.json`` goes along as the third if there is something to tell (:func:`shared_review`).

    ``sounds`` and ``encode`` as in :func:`voicesim.report.html.render_report`; they are used if sound was chosen.
    Raises UsageError if ``out`` holds a call already, StorageError.
    """
    if (out / RECORD).exists() or (out / REPORT).exists():
        raise UsageError("holds a call already", where=str(out), mend="Name another folder with --out.")
    handed_on = shared_record(record, parts)
    name = None if Part.NAME in parts else _name(record.trainee)
    told = briefing if name is None else _mapped(briefing, name)
    heard = sounds if Part.SOUND in parts else None
    page = render_report(handed_on, briefing=told, sounds=heard, encode=encode, shared=True)
    review = shared_review(review_of(folder).entries, record.trainee, parts)
    make_folder(out)
    if review:
        write_text(out / REVIEW, review_text(review))
    write_text(out / RECORD, dumps(record_to_json(handed_on)))
    write_text(out / REPORT, page)
    once = {
        "at_utc": now.isoformat(timespec="seconds"),
        "with": sorted(parts),
        "folder": str(out.resolve()),
    }
    shares = {"schema": 1, "shares": [*shares_of(folder), once]}
    write_text(folder / SHARES, json.dumps(shares, indent=2) + "\n", private=True)
    return out / RECORD, out / REPORT, *([out / REVIEW] if review else [])


# -- without delivery -------------------------------------------------------------------------------------------------


def _without_delivery(record: CallRecord, *, times: bool) -> CallRecord:
    return replace(
        record,
        baseline=None,
        turns=tuple(_turn(turn, times) for turn in record.turns),
        what_if=tuple(_what_if(one) for one in record.what_if),
        feedback=None if record.feedback is None else _feedback(record.feedback, times),
    )


def _turn(turn: Turn, times: bool) -> Turn:
    return replace(
        turn,
        reply=None if turn.reply is None else _reply(turn.reply, times),
        before=_state(turn.before),
        after=_state(turn.after),
        influences=tuple(i for i in turn.influences if i.cause not in DELIVERY_IDS),
        line_span=turn.line_span if times else None,
    )


def _what_if(one: WhatIf) -> WhatIf:
    """Without the branches that are about how a reply sounded."""
    return replace(one, branches=tuple(b for b in one.branches if not DELIVERY_IDS.intersection(b.ids)))


def _state(state: CallState) -> CallState:
    heard = {finding: times for finding, times in state.heard.items() if finding not in DELIVERY_IDS}
    return replace(state, tension=(), settled=(), heard=heard)


def _reply(reply: Reply, times: bool) -> Reply:
    kept = replace(reply, live=_heard(reply.live, times), final=_heard(reply.final, times), delivery=None)
    if times:
        return kept
    overlaps = tuple(Overlap(span=_NOWHERE, kind=overlap.kind) for overlap in reply.overlaps)
    return replace(kept, span=_NOWHERE, speech=(), overlaps=overlaps)


def _heard(heard: Heard, times: bool) -> Heard:
    findings = tuple(f for f in heard.findings if f.id not in DELIVERY_IDS)
    if times:
        return replace(heard, findings=findings)
    return replace(
        heard,
        transcript=replace(heard.transcript, words=()),
        findings=tuple(_timeless(finding) for finding in findings),
    )


def _timeless(finding: Finding) -> Finding:
    """The finding without when it was, nor how long it lasted."""
    counted = finding if finding.measure is None or "second" not in finding.measure else replace(finding, value=None)
    return replace(counted, span=None)


def _feedback(feedback: Feedback, times: bool) -> Feedback:
    def kept(moments: tuple[Moment, ...]) -> tuple[Moment, ...]:
        told = (m for m in moments if m.id not in DELIVERY_MOMENTS)
        return tuple(moment if times else replace(moment, span=None) for moment in told)

    return replace(
        feedback,
        strengths=kept(feedback.strengths),
        next_steps=kept(feedback.next_steps),
        moments=kept(feedback.moments),
        key_moments=kept(feedback.key_moments),
    )


# -- without the name -------------------------------------------------------------------------------------------------


def _without_name(record: CallRecord) -> CallRecord:
    name = _name(record.trainee)
    baseline = record.baseline
    kept = replace(
        record,
        trainee=NOBODY,
        clock=record.clock if name is None else _mapped(record.clock, name),
        baseline=None if baseline is None else replace(baseline, trainee=NOBODY, headset="headset"),
    )
    if name is None:
        return kept
    return replace(
        kept,
        turns=tuple(_nameless_turn(turn, name) for turn in record.turns),
        feedback=_mapped(record.feedback, name),
    )


def _nameless_turn(turn: Turn, name: re.Pattern[str]) -> Turn:
    line = replace(turn.line, text=_mapped(turn.line.text, name))
    return replace(turn, line=line, reply=_mapped(turn.reply, name), influences=_mapped(turn.influences, name))


def _name(trainee: str) -> re.Pattern[str] | None:
    """What finds the trainee's name, whole or a part of it, in any case; None for a profile without a name."""
    if trainee == DEFAULTS["trainee"]:
        return None
    words = [re.escape(word) for word in re.findall(r"\w+", trainee) if len(word) > 1]
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?:[\s-]+(?:{'|'.join(words)}))*(?!\w)", re.I) if words else None


def _mapped(value: Any, name: re.Pattern[str]) -> Any:
    """The value with every text in it freed of the name; ids stay."""
    if isinstance(value, str) and not isinstance(value, StrEnum):
        return name.sub(f"[{NOBODY}]", value)
    if isinstance(value, tuple | list):
        return tuple(_mapped(item, name) for item in value)
    if isinstance(value, Mapping):
        return {key: _mapped(item, name) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        told = {f.name: getattr(value, f.name) for f in fields(value) if f.name not in _IDS}
        return replace(value, **{key: _mapped(item, name) for key, item in told.items()})
    return value
