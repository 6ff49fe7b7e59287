"""A trainer's walk through a call: each turn is shown, played, judged; what is said is kept at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from voicesim.catalogue import CATALOGUE
from voicesim.cli.review_shown import clock_of, entry_told, named_told
from voicesim.coach.review import (
    EntryKind,
    Named,
    ReviewEntry,
    by_trainer,
    checked_entry,
    judged_turns,
    named,
    points_given,
    possible,
    verdicts,
)
from voicesim.errors import UsageError, VoicesimError
from voicesim.model import CallRecord, Phase, Samples, Turn
from voicesim.store.places import CHANNELS, sound_path
from voicesim.store.reviews import add_entries, review_of
from voicesim.wiring.reviewing import clip_of, trainer_entry

if TYPE_CHECKING:
    from voicesim.backends.headset import Headset

_SEEING = "a agree (a 2: with the second) · d 2 WHY disagree"
_SAYING = "+ ID WHY it is there · - ID WHY it is not · c TEXT comment"
_MOVING = "Enter next turn · b back · q stop here · ? names"


@dataclass(slots=True, kw_only=True)
class Walk:
    """A walk by one trainer; ``blind``: the machine's findings, and what they did, are not shown."""

    folder: Path
    record: CallRecord
    by: str
    blind: bool
    console: Console
    _headset: "Headset | None" = None
    _sound: "dict[str, Samples] | None" = None

    def go(self, start: int | None = None) -> None:
        """Walk from ``start``, or from the first turn that this trainer has not judged; everything said is kept."""
        self._entry(EntryKind.COMMENT, note="-", turn=start)  # who and where, refused before anything is shown
        found = named(self.record)
        turns = [n for n, turn in enumerate(self.record.turns, 1) if turn.reply is not None or found[n]]
        judged = judged_turns(self._own())
        left = [n for n in turns if n not in judged]
        first = start if start is not None else (left[0] if left else None)
        if first is None:
            self._say("You have judged every turn. Look at one again with --turn N.")
        elif start is None and judged:
            self._say(f"You have judged {len(judged)} of {len(turns)} turns; here is the next one.")
        at = 0 if first is None else next((i for i, n in enumerate(turns) if n >= first), len(turns))
        while first is not None and at < len(turns):
            move = self._turn(turns[at], found[turns[at]], f"Turn {turns[at]} of {len(self.record.turns)}")
            if move is None:
                self._say("Stopped here; everything you said is kept. The next walk goes on where this one ended.")
                return
            at = max(0, at + move)
        self._points()
        self._say(f"Done. All of it: voicesim review {self.folder} --list")

    # -- one turn --

    def _turn(self, number: int, found: Sequence[Named], heading: str) -> int | None:
        """How many turns to go on: 1, or -1 for one back; None to stop."""
        turn = self.record.turns[number - 1]
        self._show(number, turn, found, heading)
        self.console.print(f"  {self._keys()}", style="dim", markup=False)
        while True:
            answer = self._ask()
            word, _, rest = answer.partition(" ")
            if not word:
                if number not in judged_turns(self._own()):
                    self._keep(EntryKind.JUDGED, turn=number)
                return 1
            if word in ("q", "b"):
                return None if word == "q" else -1
            try:
                self._do(word, rest.strip(), number, found)
            except VoicesimError as error:
                self._say(f"  {error}")

    def _show(self, number: int, turn: Turn, found: Sequence[Named], heading: str) -> None:
        moved = "" if self.blind else f", anger {turn.before.anger} to {turn.after.anger}"
        when = "" if turn.line_span is None or not turn.line_span.length else f", {clock_of(turn.line_span.start_s)}"
        self.console.print(f"\n{heading}: {turn.line.mood}{moved}{when}", style="bold", markup=False)
        self._say(f"  caller  {turn.line.text}")
        self._say(f"  reply   {'(silence)' if turn.reply is None else turn.reply.final.transcript.text}")
        entries = review_of(self.folder).entries
        if not self.blind:
            said = verdicts(by_trainer(entries, self.by))
            for place, item in enumerate(found, 1):
                mine = said.get((number, item.finding.id))
                word = "" if mine is None else f"   you: {'agree' if mine else 'disagree'}"
                self._say(f"  {place}. {named_told(item)}{word}")
            if not found:
                self._say("  The machine found nothing here.")
        for entry in entries:
            contests = entry.kind is EntryKind.CONTEST and not self.blind
            if entry.turn == number and (contests or entry.kind is EntryKind.COMMENT):
                self._say(f"  > {entry_told(entry)}")

    def _do(self, word: str, rest: str, number: int, found: Sequence[Named]) -> None:
        if word == "a" and not self.blind:
            items = [_chosen(rest, found)] if rest else [item for item in found if item.counts]
            for item in items:
                self._keep(EntryKind.AGREE, turn=number, finding=item.finding.id)
        elif word == "d" and not self.blind:
            which, _, why = rest.partition(" ")
            item = _chosen(which, found)
            self._keep(EntryKind.DISAGREE, turn=number, finding=item.finding.id, note=why or None)
        elif word in ("+", "-"):
            finding, _, why = rest.partition(" ")
            self._keep(EntryKind.OVERRIDE, turn=number, finding=finding, verdict=word == "+", note=why or None)
        elif word == "c":
            self._keep(EntryKind.COMMENT, turn=number, note=rest)
        elif word == "p":
            self._play(self.record.turns[number - 1])
        elif word == "?":
            for entry in CATALOGUE.values():
                self._say(f"  {entry.id}: {entry.meaning}")
        else:
            raise UsageError(f"'{word}' is no key here", mend=self._keys())

    # -- the whole call --

    def _points(self) -> None:
        """Ask for the points of each phase that this trainer has given none yet."""
        given, feedback = points_given(self._own()), self.record.feedback
        for phase in (*Phase, None):
            part = feedback.phases.get(phase) if feedback and phase else None
            machine = part.points if part else (feedback.total if feedback and phase is None else None)
            if phase in given or (phase is not None and machine is None):
                continue
            of, name = possible(self.record, phase), phase or "the whole call"
            seen = "" if self.blind or machine is None else f", the machine {machine}"
            while answer := self._ask(f"Points for {name} (0 to {of}{seen}) · Enter none · q stop here "):
                if answer == "q":
                    return
                try:
                    self._keep(EntryKind.SCORE, points=_number(answer), phase=phase)
                    break
                except UsageError as error:
                    self._say(f"  {error}")

    # -- keeping, asking, playing --

    def _own(self) -> tuple[ReviewEntry, ...]:
        return by_trainer(review_of(self.folder).entries, self.by)

    def _entry(self, kind: EntryKind, **values: Any) -> ReviewEntry:
        return checked_entry(trainer_entry(kind, self.by, blind=self.blind, **values), self.record)

    def _keep(self, kind: EntryKind, **values: Any) -> None:
        entry = self._entry(kind, **values)
        told = add_entries(self.folder, [entry])
        if told is not None:
            self._say(f"  {told}")
        if kind is not EntryKind.JUDGED:
            self._say(f"  kept: {entry_told(entry)}")

    def _keys(self) -> str:
        sound = "p play" if self._has_sound() else ""
        return " · ".join(part for part in ("" if self.blind else _SEEING, _SAYING, sound, _MOVING) if part)

    def _ask(self, question: str = "") -> str:
        """What was typed; the end of the input stops."""
        try:
            return self.console.input(f"{question}> ", markup=False).strip()
        except EOFError:
            return "q"

    def _say(self, text: str) -> None:
        self.console.print(text, markup=False)

    def _has_sound(self) -> bool:
        return all(sound_path(self.folder, name).is_file() for name in CHANNELS)

    def _play(self, turn: Turn) -> None:
        from voicesim.cli.frame import without_chatter
        from voicesim.cli.headset import choose_devices
        from voicesim.wiring.stored_calls import sound_of
        from voicesim.wiring.taking import converse, opened

        if not self._has_sound():
            raise UsageError("there is no sound in this folder", mend="The report may have it: open report.html.")
        with without_chatter():
            if self._sound is None:
                self._sound = sound_of(self.folder)
            if self._headset is None:
                self._headset = choose_devices(None, None, self.console).headset()
            with opened(self._headset) as duplex:
                converse(duplex, clip_of(turn, self._sound))
        self._say("  played.")


def _chosen(which: str, found: Sequence[Named]) -> Named:
    """The finding of that number or id."""
    by_id = {item.finding.id: item for item in found}
    if which in by_id:
        return by_id[which]
    if which.isdecimal() and 1 <= int(which) <= len(found):
        return found[int(which) - 1]
    raise UsageError("say which finding", mend=f"Give its number, 1 to {len(found)}." if found else "There is none.")


def _number(text: str) -> int:
    if not text.isdecimal():
        raise UsageError(f"'{text[:10]}' is no number of points", mend="Give a whole number, or Enter for none.")
    return int(text)
