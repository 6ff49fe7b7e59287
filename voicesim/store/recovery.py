"""Saves a call that was cut off: its journal and raw sound become the files of a closed call."""

import contextlib
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from voicesim.call.record import reopened
from voicesim.errors import InputError, UsageError
from voicesim.files import storage_errors
from voicesim.model import RATE_HZ, CallRecord, CallState, Ending, Line, Phase, Reply, ScriptRef, Span, Turn
from voicesim.report.codec import decode
from voicesim.script.load import load_script
from voicesim.store.claim import Claim, is_claimed
from voicesim.store.closing import drop_raw, read_record, write_record, write_sounds
from voicesim.store.journal import SCHEMA, Entry, Opened, read_journal
from voicesim.store.places import CHANNELS, JOURNAL, RECORD, SCRIPT, holds_call, named_by, part_path, trainee_of

State = Literal["running", "interrupted", "finished", "empty"]


def state_of(folder: Path) -> State:
    """``running``: a living process holds the call; ``interrupted``: it was cut off; ``finished``; ``empty``: none."""
    if not holds_call(folder):
        return "empty"
    if (folder / RECORD).exists() and not _raw(folder):
        return "finished"
    return "running" if is_claimed(folder) else "interrupted"


def recover(folder: Path) -> CallRecord:
    """The record of a call that was cut off, whose files are those of a closed call now; a finished one stays as it is.

    The ending is the one that the journal names, else ``incomplete``; ``clock`` says ``recovered``. It may be done
    again and be killed at any point: raw sound goes last. Raises UsageError for a folder without a call, StorageError
    for a call that still runs or a disk that refuses, InputError for a journal or record that cannot be read; the sound
    is in FLAC files then, and the raw sound stays.
    """
    state = state_of(folder)
    if state == "empty":
        raise UsageError("holds no call", where=str(folder), mend="Run `voicesim calls` to see the calls.")
    if state == "finished":
        return read_record(folder)
    with Claim(folder):
        _sweep(folder)
        write_sounds(folder)
        if (folder / RECORD).exists():
            record = read_record(folder)
        else:
            record = _record(folder)
            write_record(folder, record)
        drop_raw(folder)
    return record


def _raw(folder: Path) -> list[Path]:
    return [path for path in (part_path(folder, channel) for channel in CHANNELS) if path.exists()]


def _sweep(folder: Path) -> None:
    """Delete what a killed process had half written."""
    for path in folder.glob(".voicesim-*.tmp"):
        with contextlib.suppress(OSError):
            path.unlink()


def _record(folder: Path) -> CallRecord:
    path = folder / JOURNAL
    entries = read_journal(path)
    replay = _Replay(path)
    for entry in entries:
        replay.take(entry)
    opened = replay.opened or _unopened(folder, replay)
    with storage_errors(folder, "read"):
        length = max((part.stat().st_size // 2 for part in _raw(folder)), default=0)
    return CallRecord(
        script=opened.script,
        seed=opened.seed,
        engines=opened.engines,
        ending=replay.ending,
        turns=replay.turns,
        trainee=opened.trainee,
        baseline=opened.baseline,
        delivery_moves_caller=opened.delivery_moves_caller,
        official=opened.official,
        moods=opened.moods,
        dial=opened.dial,
        clock=_clock(opened, length / RATE_HZ + replay.paused_s),
    )


def _clock(opened: Opened, lasted_s: float) -> dict[str, Any]:
    clock: dict[str, Any] = {"call": opened.call, "recovered": True}
    with contextlib.suppress(ValueError, OverflowError):
        began = datetime.fromisoformat(opened.began_utc)
        clock["began_utc"] = began.isoformat(timespec="seconds")
        clock["ended_utc"] = (began + timedelta(seconds=lasted_s)).isoformat(timespec="seconds")
    return clock


class _Replay:
    """The turns of a call, gone through again by its journal as :class:`~voicesim.call.record.Recorder` did."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turns: list[Turn] = []
        self._open: Turn | None = None
        self.opened: Opened | None = None
        self.ending = Ending.INCOMPLETE
        self.paused_s = 0.0

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Every turn, the one under way included."""
        return tuple(self._turns if self._open is None else (*self._turns, self._open))

    @property
    def seed(self) -> int:
        """The seed of the call, as its states tell."""
        return next((turn.before.seed for turn in self.turns), 0)

    def take(self, entry: Entry) -> None:
        """Go on by one entry. Raises InputError with ``file:line`` for one that does not fit."""
        try:
            self._take(entry.what, entry.values)
        except (InputError, KeyError, IndexError, TypeError, ValueError) as error:
            what = error.what if isinstance(error, InputError) else f"the entry '{entry.what}' does not fit"
            mend = "Was it written by a later voicesim? Then use that one."
            raise InputError(what, where=f"{self._path}:{entry.number}", mend=mend) from error

    def _take(self, what: str, values: Any) -> None:
        match what:
            case "opened":
                if values["schema"] != SCHEMA:
                    raise InputError(f"schema {values['schema']!r:.20} is not {SCHEMA}")
                self.opened = decode(Opened, values, "opened")
            case "line" if not values["repeated"] or self._open is None:
                self._open = _open_turn(values)
            case "sounded" if self._open is not None:
                self._open = replace(self._open, line_span=decode(Span, values["span"], "span"))
            case "turn":
                self._turns.append(decode(Turn, values["turn"], "turn"))
                self._open = None
            case "retracted":
                self._open = reopened(self._turns.pop())
            case "again":
                del self._turns[int(values["turn"]) :]
                self._open = reopened(self._turns.pop())
            case "final":
                index = values["index"]
                self._turns[index] = replace(self._turns[index], reply=decode(Reply, values["reply"], "reply"))
            case "resumed":
                self.paused_s += float(values["after_s"])
            case "ended":
                self.ending = decode(Ending, values["ending"], "ending")
                if self._open is not None and "state" in values:
                    self._open = replace(self._open, after=decode(CallState, values["state"], "state"))


def _open_turn(values: Any) -> Turn:
    state = decode(CallState, values["state"], "state")
    line, phase = decode(Line, values["line"], "line"), decode(Phase, values["phase"], "phase")
    return Turn(line=line, reply=None, before=state, after=state, phase=phase)


def _unopened(folder: Path, replay: _Replay) -> Opened:
    """What can be known of a call whose journal lost its beginning, from its folder and script."""
    named = named_by(folder)
    began, script_id = (named[0].isoformat(), named[1]) if named else ("", "unknown")
    script, moods = ScriptRef(id=script_id, version=0, sha256=""), {}
    with contextlib.suppress(OSError, InputError):
        loaded = load_script((folder / SCRIPT).read_bytes(), SCRIPT)
        script, moods = loaded.ref, dict(loaded.anger.moods)
    return Opened(
        call=folder.name,
        script=script,
        seed=replay.seed,
        engines={},
        trainee=trainee_of(folder),
        baseline=None,
        delivery_moves_caller=False,
        began_utc=began,
        moods=moods,
    )
