"""What a trainer sees of a call that is reviewed: turns, findings, what people said; and what blind mode keeps back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from voicesim.catalogue import CATALOGUE
from voicesim.coach.review import (
    EntryKind,
    Named,
    ReviewEntry,
    Role,
    by_trainer,
    contested,
    judged_turns,
    named,
    points_given,
    possible,
    verdicts,
)
from voicesim.errors import VoicesimError
from voicesim.model import RATE_HZ, CallRecord, Kind, Phase, Samples, Turn
from voicesim.report.reviewed import Said, said_about
from voicesim.report.wording import PHASE_NAMES, name_of
from voicesim.store.incoming import Incoming, find_incoming, sound_of_copy
from voicesim.store.places import CHANNELS, sound_path
from voicesim.store.reviews import review_of
from voicesim.store.sharing import DELIVERY_IDS
from voicesim.web.desk import Desk
from voicesim.web.stored import caller_of, finished
from voicesim.wiring.keeping import judged_again
from voicesim.wiring.reviewing import finished_record
from voicesim.wiring.stored_calls import sound_of

#: What a trainer can name, by kind: id and name. How replies sounded stays with the trainee.
CHOICES: Mapping[str, tuple[tuple[str, str], ...]] = {
    heading: tuple((e.id, name_of(e.id)) for e in CATALOGUE.values() if e.kind is kind and e.id not in DELIVERY_IDS)
    for heading, kind in (
        ("Techniques", Kind.TECHNIQUE),
        ("Mistakes", Kind.MISTAKE),
        ("Conditions", Kind.CONDITION),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallUnderReview:
    """A call that can be reviewed here: one that came in (``copy``), or one of the trainee's own."""

    folder: Path
    record: CallRecord
    copy: Incoming | None

    @property
    def id(self) -> str:
        """Its id in addresses."""
        return self.folder.name

    @property
    def caller(self) -> str:
        """Who called, or what the script is called."""
        named_there = "" if self.copy is not None else caller_of(self.folder)
        return named_there or self.record.script.title or self.record.script.id

    @property
    def has_sound(self) -> bool:
        """Whether there is sound of it."""
        if self.copy is not None:
            return self.copy.sound
        return all(sound_path(self.folder, name).is_file() for name in CHANNELS)

    def sound(self) -> Mapping[str, Samples]:
        """Its sound by channel. Raises SoundFileError."""
        return sound_of_copy(self.copy) if self.copy is not None else sound_of(self.folder)


def under_review(desk: Desk, call: str) -> CallUnderReview:
    """The call of that id. Raises NotThere for anything else, a path and another trainee's call too."""
    copy = find_incoming(call)
    if copy is not None:
        return CallUnderReview(folder=copy.folder, record=copy.record, copy=copy)
    folder = finished(desk, call)
    return CallUnderReview(folder=folder, record=judged_again(folder, finished_record(folder)), copy=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """A finding of the machine: what the trainer said to it (None: nothing), and what the trainee contests."""

    named: Named
    mine: bool | None
    contest: ReviewEntry | None

    @property
    def id(self) -> str:
        """The id of the finding."""
        return self.named.finding.id

    @property
    def name(self) -> str:
        """What was found, in words."""
        return name_of(self.id)

    @property
    def kind(self) -> str:
        """The class of its badge."""
        if not self.named.counts:
            return "badge-unsure"
        entry = CATALOGUE.get(self.id)
        good = entry is not None and (entry.kind is Kind.TECHNIQUE or self.id == "calm_delivery")
        return "badge-good" if good else "badge-bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnView:
    """One turn as a trainer sees it.

    ``covered``: blind mode keeps back what the machine found and what others said of it. ``next``: blind, and this is
    the turn to be judged now. ``missed`` are what the trainee says was not found.
    """

    number: int
    turn: Turn
    at: str
    sound: bool
    judged: bool
    judgeable: bool
    covered: bool
    next: bool
    findings: tuple[FindingView, ...]
    missed: tuple[ReviewEntry, ...]
    said: tuple[Said, ...]

    @property
    def reply(self) -> str:
        """What the trainee said."""
        return self.turn.reply.final.transcript.text if self.turn.reply is not None else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsView:
    """What can be given for a phase (None: the whole call): ``of`` how many, the machine's, and the trainer's own."""

    phase: Phase | None
    name: str
    of: int
    machine: int | None
    mine: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewView:
    """A whole call as one trainer sees it; ``covered``: in blind mode there are turns to be judged yet."""

    turns: tuple[TurnView, ...]
    judged: int
    to_judge: int
    covered: bool
    points: tuple[PointsView, ...]
    said: tuple[Said, ...]
    told: str | None


def entries_of(folder: Path) -> tuple[tuple[ReviewEntry, ...], str | None]:
    """What people said about a call, and what to tell of it where it cannot be read."""
    try:
        review = review_of(folder)
    except VoicesimError as error:
        return (), f"The review of this call cannot be read: {error.what}."
    return review.entries, None if review.told is None else "A part of the review of this call cannot be read."


def review_view(call: CallUnderReview, by: str, *, blind: bool) -> ReviewView:
    """The call as the trainer ``by`` sees it."""
    entries, told = entries_of(call.folder)
    own = by_trainer(entries, by)
    found, judged = named(call.record), judged_turns(own)
    to_judge = [n for n, turn in enumerate(call.record.turns, 1) if turn.reply is not None or found[n]]
    left = [n for n in to_judge if n not in judged]
    covered = blind and bool(left)
    # What nobody has to judge is covered as long as anything is: her last words tell how it went.
    turns = tuple(
        _turn(
            call,
            number,
            found[number],
            entries,
            own,
            covered=covered and (number in left or number not in to_judge),
            is_next=left[:1] == [number],
        )
        for number in range(1, len(call.record.turns) + 1)
    )
    return ReviewView(
        turns=turns,
        judged=len(to_judge) - len(left),
        to_judge=len(to_judge),
        covered=covered,
        points=_points(call.record, own),
        said=said_about(e for e in entries if e.turn is None and not (covered and e.kind is EntryKind.SCORE)),
        told=told,
    )


def _turn(
    call: CallUnderReview,
    number: int,
    found: Sequence[Named],
    entries: Sequence[ReviewEntry],
    own: Sequence[ReviewEntry],
    *,
    covered: bool,
    is_next: bool,
) -> TurnView:
    turn, said, contests = call.record.turns[number - 1], verdicts(own), contested(entries)
    there = {item.finding.id for item in found}
    at = turn.line_span.start if turn.line_span is not None and turn.line_span.length > 0 else None
    shown = (
        entry
        for entry in entries
        if entry.turn == number and entry.kind not in (EntryKind.JUDGED, EntryKind.CONTEST)
        if not covered or entry.kind is EntryKind.COMMENT
    )
    return TurnView(
        number=number,
        turn=turn,
        at="" if at is None else f"{at // RATE_HZ // 60}:{at // RATE_HZ % 60:02d}",
        sound=call.has_sound and (at is not None or bool(turn.reply and turn.reply.span.length > 0)),
        judged=number in judged_turns(own),
        judgeable=turn.reply is not None or bool(found),
        covered=covered,
        next=covered and is_next,
        findings=tuple(
            FindingView(
                named=item, mine=said.get((number, item.finding.id)), contest=contests.get((number, item.finding.id))
            )
            for item in (() if covered else found)
        ),
        missed=tuple(e for (at_turn, name), e in contests.items() if at_turn == number and name not in there)
        if not covered
        else (),
        said=said_about(shown),
    )


def _points(record: CallRecord, own: Sequence[ReviewEntry]) -> tuple[PointsView, ...]:
    given, feedback = points_given(own), record.feedback
    views = []
    for phase in (*Phase, None):
        part = feedback.phases.get(phase) if feedback and phase else None
        machine = part.points if part else (feedback.total if feedback and phase is None else None)
        name = PHASE_NAMES[phase] if phase is not None else "The whole call"
        views.append(
            PointsView(phase=phase, name=name, of=possible(record, phase), machine=machine, mine=given.get(phase))
        )
    return tuple(views)


def contests_in(entries: Sequence[ReviewEntry]) -> int:
    """How many findings the trainee contests."""
    return len(contested(entry for entry in entries if entry.role is Role.TRAINEE))
