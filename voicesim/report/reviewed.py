"""What people said about a call, in words for pages: who, where, what, and their note."""

from collections.abc import Iterable
from dataclasses import dataclass

from voicesim.coach.review import EntryKind, ReviewEntry, Role
from voicesim.report.wording import PHASE_NAMES, name_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One entry of a review: by whom, at which turn (from 1, None: the whole call) and time, what, and the note."""

    by: str
    trainer: bool
    turn: int | None
    at: str
    what: str
    note: str


def said_about(entries: Iterable[ReviewEntry]) -> tuple[Said, ...]:
    """The entries in words, those about the whole call first, then by turn."""
    shown = (
        Said(
            by=entry.by,
            trainer=entry.role is Role.TRAINER,
            turn=entry.turn,
            at="" if entry.at_s is None else f"{int(entry.at_s) // 60}:{int(entry.at_s) % 60:02d}",
            what=what_said(entry),
            note=entry.note or "",
        )
        for entry in entries
    )
    return tuple(sorted(shown, key=lambda said: said.turn or 0))


def what_said(entry: ReviewEntry) -> str:
    """What an entry does, without its note; "" for a comment."""
    finding = f"“{name_of(entry.finding)}”" if entry.finding is not None else ""
    there = "is there" if entry.verdict else "is not there"
    whole = PHASE_NAMES[entry.phase] if entry.phase is not None else "the whole call"
    return {
        EntryKind.COMMENT: "",
        EntryKind.AGREE: f"agrees with {finding}",
        EntryKind.DISAGREE: f"disagrees with {finding}",
        EntryKind.OVERRIDE: f"decides: {finding} {there}",
        EntryKind.CONTEST: f"contests: {finding} {there}",
        EntryKind.SCORE: f"gives {entry.points} points for {whole}",
        EntryKind.JUDGED: "judged the whole turn",
    }[entry.kind]
