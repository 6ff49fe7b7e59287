"""The journal of a call: what happened, in order, a JSON object a line; the truth from which a record can be made.

Each line is ``{"at": <samples queued before it>, "what": "<kind>", ..}``::

    opened     schema and the fields of :class:`Opened`
    line       line, state, phase: the caller begins a line; repeated: whether it was said before and is no new turn
    sounded    span: where that line sounded
    turn       turn: a whole turn, as in call.json
    retracted  the last turn's reply was not over: that turn is open again
    again      turn (from 1): the trainee took that turn's reply back, with the silences after it; it is open again
    final      index (from 0), reply: the final understanding of that turn's reply
    paused     why (a sentence), by: "trainee", "again", "headset" or "disk"
    resumed    after_s of the wall clock
    note       text
    ended      ending; state, where the call itself came to its end

Partial texts are never written. Later versions may add kinds and keys.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from voicesim.call.answer import open_call
from voicesim.call.conduct import End, Outcome
from voicesim.call.record import Undone
from voicesim.call.watch import Watcher
from voicesim.errors import InputError
from voicesim.files import storage_errors
from voicesim.model import Baseline, Dial, Ending, Line, Reply, ScriptRef, Span, Turn
from voicesim.report.codec import encode
from voicesim.script.model import Script
from voicesim.store.keeper import Keeper

SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What is known of a call before it begins: everything in its record that no turn holds.

    ``call`` is its id, ``began_utc`` ISO 8601, ``headset`` the names of its devices, if it has one.
    """

    call: str
    script: ScriptRef
    seed: int
    engines: Mapping[str, str]
    trainee: str
    baseline: Baseline | None
    delivery_moves_caller: bool
    began_utc: str
    headset: Mapping[str, str] | None = None
    moods: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    dial: Dial | None = None
    official: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a journal: ``at`` in samples, ``what`` kind, its other ``values``; ``number`` is its line's."""

    at: int
    what: str
    values: Mapping[str, Any]
    number: int


class Journal(Watcher):
    """Writes down what a call tells its watchers, through a keeper."""

    def __init__(self, keeper: Keeper, script: Script, opened: Opened) -> None:
        """Write ``opened`` first."""
        self._keeper, self._script = keeper, script
        # The state in which the next line is said, and whether that line is a new one.
        self._state, _ = open_call(script, opened.seed)
        self._new = True
        self._before = self._state
        self._ended = False
        keeper.entry("opened", schema=SCHEMA, **encode(opened))

    def line_begins(self, line: Line, anger: int, span: Span | None) -> None:
        """Write ``line``."""
        phase = self._script.steps[line.step].phase
        said = {"line": encode(line), "state": encode(self._state), "phase": phase.value}
        self._keeper.entry("line", **said, repeated=not self._new)
        self._new = False

    def sounded(self, span: Span) -> None:
        """Write where the line sounded."""
        self._keeper.entry("sounded", span=encode(span))

    def turn_ends(self, outcome: Outcome) -> None:
        """Remember the state that the next line is said in."""
        self._before, self._state, self._new = outcome.before, outcome.after, True

    def turn_kept(self, turn: Turn) -> None:
        """Write a turn that is complete."""
        self._keeper.entry("turn", turn=encode(turn))

    def retracted(self) -> None:
        """Write that the last reply goes on."""
        self._state, self._new = self._before, False
        self._keeper.entry("retracted")

    def undone(self, undone: Undone) -> None:
        """Write that a reply was taken back."""
        self._state, self._new = undone.turn.before, False
        self._keeper.entry("again", turn=undone.number)

    def finalised(self, index: int, reply: Reply) -> None:
        """Write the final understanding of a reply."""
        self._keeper.entry("final", index=index, reply=encode(reply))

    def paused(self, why: str, by: str) -> None:
        """Write why the call waits."""
        self._keeper.entry("paused", why=why, by=by)

    def resumed(self, after_s: float) -> None:
        """Write that the call goes on."""
        self._keeper.entry("resumed", after_s=round(after_s, 3))

    def note(self, text: str) -> None:
        """Write a note."""
        self._keeper.entry("note", text=text)

    def ends(self, end: End) -> None:
        """Write how the call came to its end."""
        self._ended = True
        self._keeper.entry("ended", ending=end.ending.value, state=encode(end.state))

    def closes(self, ending: Ending) -> None:
        """Write how a call is closed that did not come to its own end; nothing for one that did."""
        if not self._ended:
            self._keeper.entry("ended", ending=ending.value)


def read_journal(path: Path) -> tuple[Entry, ...]:
    """The entries of a journal in their order; a last line that was cut is left out.

    Raises StorageError for a file that is missing or cannot be read, InputError with ``file:line`` for any other line
    that is no entry.
    """
    with storage_errors(path, "read"):
        lines = path.read_bytes().rstrip(b"\n").split(b"\n")
    entries = []
    for number, line in enumerate(lines, 1):
        entry = _entry(line, number)
        if entry is not None:
            entries.append(entry)
        elif number < len(lines):
            mend = "Restore the file, or take that line out and run the command again."
            raise InputError("this line of the journal is damaged", where=f"{path}:{number}", mend=mend)
    return tuple(entries)


def _entry(line: bytes, number: int) -> Entry | None:
    """The entry in a line, None if it holds none."""
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict):
        return None
    at, what = values.pop("at", None), values.pop("what", None)
    if type(at) is not int or not isinstance(what, str):
        return None
    return Entry(at=at, what=what, values=values, number=number)
