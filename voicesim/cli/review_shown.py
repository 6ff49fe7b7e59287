"""Reviews in words, for every command that shows them."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voicesim.coach.review import EntryKind, ReviewEntry, Role, contested, overrides, trainers
from voicesim.errors import VoicesimError
from voicesim.report.wording import name_of

if TYPE_CHECKING:
    from voicesim.coach.review import Named


def clock_of(at_s: float) -> str:
    """A time in a call.

    >>> clock_of(83.4)
    '1:23'
    """
    minutes, seconds = divmod(int(at_s), 60)
    return f"{minutes}:{seconds:02d}"


def entry_told(entry: ReviewEntry) -> str:
    """An entry in one line: where, who, what, and the note."""
    where = [] if entry.turn is None else [f"turn {entry.turn}"]
    where += [] if entry.at_s is None else [f"at {clock_of(entry.at_s)}"]
    note = "" if entry.note is None else f"“{entry.note}”"
    what = _what(entry)
    said = f"{what}: {note}" if what and note else what or note
    return f"{', '.join(where) or 'the call'}, {entry.by} ({entry.role}){' (blind)' if entry.blind else ''}: {said}"


def _what(entry: ReviewEntry) -> str:
    finding = f"“{name_of(entry.finding)}” ({entry.finding})" if entry.finding is not None else ""
    there = "is there" if entry.verdict else "is not there"
    return {
        EntryKind.COMMENT: "",
        EntryKind.AGREE: f"agrees with {finding}",
        EntryKind.DISAGREE: f"disagrees with {finding}",
        EntryKind.OVERRIDE: f"overrides: {finding} {there}",
        EntryKind.CONTEST: f"contests: {finding} {there}",
        EntryKind.SCORE: f"{entry.points} points for {entry.phase or 'the whole call'}",
        EntryKind.JUDGED: "judged the whole turn",
    }[entry.kind]


def named_told(item: "Named") -> str:
    """A finding of the machine in one line: what, its quote, its points."""
    finding = item.finding
    quote = f": “{finding.quote}”" if finding.quote else ""
    points = "" if not item.points else f", {item.points:+d} points"
    unsure = "" if item.counts else " (unsure, does not count)"
    return f"{name_of(finding.id)} ({finding.id}){quote}{points}{unsure}"


def told_in_short(entries: Sequence[ReviewEntry], call: str) -> list[str]:
    """What ``show`` says of a review: contests, overrides and comments, and how to see all of it."""
    notable: Iterable[ReviewEntry] = (
        *contested(entries).values(),
        *overrides(entries).values(),
        *(entry for entry in entries if entry.kind is EntryKind.COMMENT),
    )
    lines = [f"  {entry_told(entry)}" for entry in notable]
    people = trainers(entries)
    if people:
        count = sum(entry.role is Role.TRAINER for entry in entries)
        words = f"{count} {'entry' if count == 1 else 'entries'} by {', '.join(people)}"
        lines.append(f"  {words}. All of it: voicesim review {call} --list")
    return ["Review:", *lines] if lines else []


def review_lines(folder: Path, call: str) -> list[str]:
    """What ``show`` says of the review in a folder; a file that cannot be read is one line."""
    from voicesim.store.reviews import review_of

    try:
        review = review_of(folder)
    except VoicesimError as error:
        return ["Review:", f"  {error}"]
    return [*told_in_short(review.entries, call), *([] if review.told is None else [review.told])]


def review_json(folder: Path) -> list[Any] | None:
    """The entries of the review in a folder as JSON values; None for a file that cannot be read."""
    from voicesim.report.codec import encode
    from voicesim.store.reviews import review_of

    try:
        entries: list[Any] = encode(review_of(folder).entries)
    except VoicesimError:
        return None
    return entries
