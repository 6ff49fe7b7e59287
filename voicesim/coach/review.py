"""What people say about a stored call: comments, agreement with a finding, overrides, contests and points.

An entry never changes a finding: the machine's word and every opinion are both kept. Only trainers judge; a trainee
contests. Of several entries by one person about one thing the last one counts (:func:`verdicts`, :func:`overrides`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import isfinite

from voicesim.catalogue import CATALOGUE
from voicesim.coach import evidence
from voicesim.errors import UsageError
from voicesim.model import RATE_HZ, CallRecord, Finding, Phase, Span
from voicesim.reading.reader import closest

#: Longer names and notes are a mistake, not a remark.
LONGEST_NAME, LONGEST_NOTE = 80, 4_000
#: What a phase and a whole call are out of where the call itself does not say.
PHASE_OF, TOTAL_OF = 25, 100


class EntryKind(StrEnum):
    """What an entry does; ``judged``: the whole turn was judged, so what its author did not name is not there."""

    COMMENT = "comment"
    AGREE = "agree"
    DISAGREE = "disagree"
    OVERRIDE = "override"
    CONTEST = "contest"
    SCORE = "score"
    JUDGED = "judged"


class Role(StrEnum):
    """Whether an entry is the trainee's own or a trainer's."""

    TRAINEE = "trainee"
    TRAINER = "trainer"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewEntry:
    """One entry by one person; what does not apply is None.

    ``turn`` counts from 1, ``at_s`` is seconds from the first sample of the microphone. ``verdict`` says whether the
    ``finding`` is in that turn. ``points`` are of ``phase``, or of the whole call. ``blind``: the machine's findings
    were not in view.
    """

    kind: EntryKind
    by: str
    role: Role
    at_utc: str
    turn: int | None = None
    at_s: float | None = None
    finding: str | None = None
    verdict: bool | None = None
    points: int | None = None
    note: str | None = None
    phase: Phase | None = None
    blind: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A finding that the machine names in a turn; ``counts`` if it is scored, with its ``points`` if it has any."""

    finding: Finding
    counts: bool
    points: int | None = None


def named(record: CallRecord) -> Mapping[int, tuple[Named, ...]]:
    """Turn, from 1 -> the findings that the machine names in it: those that count, then the doubtful ones."""
    moments = record.feedback.moments if record.feedback else ()
    points = {(m.id, m.turn): m.points for m in moments}
    found: dict[int, list[Named]] = {number: [] for number in range(1, len(record.turns) + 1)}
    for item in evidence.seen(record):
        its = points.get((item.finding.id, item.turn))
        found[item.turn].append(Named(finding=item.finding, counts=True, points=its))
    for number, turn in enumerate(record.turns, 1):
        reply, there = turn.reply, {item.finding.id for item in found[number]}
        doubtful = () if reply is None else (*evidence.unsure(reply), *(d.finding for d in evidence.disputed(reply)))
        for finding in doubtful:
            if finding.id not in there:
                there.add(finding.id)
                found[number].append(Named(finding=finding, counts=False))
    return {number: tuple(items) for number, items in found.items()}


def machine_says(found: Iterable[Named], finding_id: str) -> bool | None:
    """Whether the machine found an id in a turn; None where it is not sure."""
    return next((True if item.counts else None for item in found if item.finding.id == finding_id), False)


def possible(record: CallRecord, phase: Phase | None) -> int:
    """How many points a phase of the call, or the whole of it, is out of."""
    if phase is None:
        return TOTAL_OF
    part = record.feedback.phases.get(phase) if record.feedback else None
    return part.of if part is not None and part.of else PHASE_OF


def turn_at(record: CallRecord, at_s: float) -> int | None:
    """The turn, from 1, whose line or reply sounded last at ``at_s``; None where the record has no times."""
    begun = [number for number, turn in enumerate(record.turns, 1) for span in (turn.line_span,) if _before(span, at_s)]
    return begun[-1] if begun else None


def _before(span: Span | None, at_s: float) -> bool:
    return span is not None and span.length > 0 and span.start <= at_s * RATE_HZ


# -- checking ---------------------------------------------------------------------------------------------------------

#: What each kind cannot do without, and how it is said.
_NEEDS = {
    EntryKind.COMMENT: ("note",),
    EntryKind.AGREE: ("finding", "turn"),
    EntryKind.DISAGREE: ("finding", "turn"),
    EntryKind.OVERRIDE: ("finding", "turn", "verdict"),
    EntryKind.CONTEST: ("finding", "turn", "note"),
    EntryKind.SCORE: ("points",),
    EntryKind.JUDGED: ("turn",),
}
_CALLED = {"note": "text", "points": "number of points", "verdict": "decision"}
_SAY = {
    "note": "Write what you want to say.",
    "finding": "Name a finding, such as apology.",
    "turn": "Add --turn N.",
    "verdict": "Add --present or --absent.",
    "points": "Give the points.",
}


def checked_entry(entry: ReviewEntry, record: CallRecord) -> ReviewEntry:
    """The entry, as it may be kept with the call: spaces put in order, a time's turn filled in, a contest's claim too.

    Raises UsageError for what is missing, a turn, time or finding that the call does not have, points out of range.
    """
    note = (entry.note or "").strip() or None
    whole = replace(entry, by=" ".join(entry.by.split()), note=note)
    if not whole.by or len(whole.by) > LONGEST_NAME:
        raise UsageError("a review is signed", mend=f"Say who you are with --by NAME (up to {LONGEST_NAME} letters).")
    if note is not None and len(note) > LONGEST_NOTE:
        raise UsageError(f"a note of {len(note)} letters is too long", mend=f"Keep it below {LONGEST_NOTE}.")
    for need in _NEEDS[whole.kind]:
        if getattr(whole, need) is None:
            raise UsageError(f"'{whole.kind}' needs a {_CALLED.get(need, need)}", mend=_SAY[need])
    if whole.turn is not None and not 1 <= whole.turn <= len(record.turns):
        raise UsageError(f"there is no turn {whole.turn}", mend=f"The call has turns 1 to {len(record.turns)}.")
    if whole.at_s is not None:
        if not isfinite(whole.at_s) or whole.at_s < 0:
            raise UsageError("a call has no such time", mend="Write minutes and seconds, like 1:23.")
        if whole.turn is None:
            whole = replace(whole, turn=turn_at(record, whole.at_s))
    of = possible(record, whole.phase)
    if whole.points is not None and not 0 <= whole.points <= of:
        raise UsageError(f"{whole.points} points are out of range", mend=f"Give 0 to {of} here.")
    return whole if whole.finding is None else _checked_finding(whole, record)


def _checked_finding(entry: ReviewEntry, record: CallRecord) -> ReviewEntry:
    found = named(record)[entry.turn] if entry.turn is not None else ()
    there = [item.finding.id for item in found]
    if entry.finding is not None and entry.finding not in CATALOGUE and entry.finding not in there:
        raise UsageError(f"there is no finding '{entry.finding}'", mend=closest(entry.finding, CATALOGUE))
    if entry.kind in (EntryKind.AGREE, EntryKind.DISAGREE) and entry.finding not in there:
        listed = f" (there: {', '.join(there)})" if there else ""
        raise UsageError(
            f"turn {entry.turn} has no finding '{entry.finding}' to {entry.kind} with{listed}",
            mend=f"If it is there all the same: --override {entry.finding} --turn {entry.turn} --present.",
        )
    if entry.kind is EntryKind.CONTEST:
        # What was named is said not to be there, what was not named to have been missed.
        return replace(entry, verdict=entry.finding not in there)
    return entry


# -- what stands ------------------------------------------------------------------------------------------------------


def same_person(one: str, other: str) -> bool:
    """Whether two signatures are one person's: capitals and spaces around do not count."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def trainers(entries: Iterable[ReviewEntry]) -> tuple[str, ...]:
    """Who judged, each as the first of their signatures is written."""
    first: dict[str, str] = {}
    for entry in entries:
        if entry.role is Role.TRAINER:
            first.setdefault(_plain(entry.by), entry.by)
    return tuple(first.values())


def by_trainer(entries: Iterable[ReviewEntry], name: str) -> tuple[ReviewEntry, ...]:
    """The entries of one trainer, in their order."""
    return tuple(entry for entry in entries if entry.role is Role.TRAINER and same_person(entry.by, name))


def verdicts(entries: Iterable[ReviewEntry]) -> Mapping[tuple[int, str], bool]:
    """(turn, finding) -> whether it is there, by the last word of the entries of one trainer."""
    said: dict[tuple[int, str], bool] = {}
    for entry in entries:
        if entry.turn is None or entry.finding is None:
            continue
        if entry.kind is EntryKind.OVERRIDE and entry.verdict is not None:
            said[entry.turn, entry.finding] = entry.verdict
        elif entry.kind in (EntryKind.AGREE, EntryKind.DISAGREE):
            said[entry.turn, entry.finding] = entry.kind is EntryKind.AGREE
    return said


def overrides(entries: Iterable[ReviewEntry]) -> Mapping[tuple[int, str], ReviewEntry]:
    """(turn, finding) -> the last override by a trainer."""
    return {
        (entry.turn, entry.finding): entry
        for entry in entries
        if entry.kind is EntryKind.OVERRIDE and entry.role is Role.TRAINER
        if entry.turn is not None and entry.finding is not None and entry.verdict is not None
    }


def outvoted(entries: Iterable[ReviewEntry]) -> tuple[tuple[tuple[int, str], ReviewEntry], ...]:
    """Each (turn, finding) with the last override of every trainer but the one whose override is the last."""
    entries = tuple(entries)
    last = overrides(entries)
    return tuple(
        (place, entry)
        for trainer in trainers(entries)
        for place, entry in overrides(by_trainer(entries, trainer)).items()
        if not same_person(trainer, last[place].by)
    )


def contested(entries: Iterable[ReviewEntry]) -> Mapping[tuple[int, str], ReviewEntry]:
    """(turn, finding) -> the trainee's last word against it."""
    return {
        (entry.turn, entry.finding): entry
        for entry in entries
        if entry.kind is EntryKind.CONTEST and entry.turn is not None and entry.finding is not None
    }


def points_given(entries: Iterable[ReviewEntry]) -> Mapping[Phase | None, int]:
    """Phase, or None for the whole call -> the points that the entries of one trainer gave last."""
    return {e.phase: e.points for e in entries if e.kind is EntryKind.SCORE and e.points is not None}


def judged_turns(entries: Iterable[ReviewEntry]) -> Mapping[int, bool]:
    """Turn -> whether it was judged blind, of the turns that the entries of one trainer judged whole.

    The first time decides: nobody is blind any more to what they have seen.
    """
    judged: dict[int, bool] = {}
    for entry in entries:
        if entry.kind is EntryKind.JUDGED and entry.turn is not None:
            judged.setdefault(entry.turn, entry.blind)
    return judged


def merged(*reviews: Sequence[ReviewEntry]) -> tuple[ReviewEntry, ...]:
    """The entries of several copies of one call, each once, in the order in which they were made."""
    every = dict.fromkeys(entry for entries in reviews for entry in entries)
    return tuple(sorted(every, key=lambda entry: entry.at_utc))
