"""What one folder of a call holds, in a few values: the row of a list, read from the folder, which is the truth."""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from voicesim.errors import VoicesimError
from voicesim.model import RATE_HZ, CallRecord
from voicesim.store.attempts import attempt_sounds
from voicesim.store.closing import read_record
from voicesim.store.places import CHANNELS, JOURNAL, RECORD, named_by, part_path, sound_path, trainee_folder
from voicesim.store.recovery import state_of

#: What was shared of a call, in its folder: ``{"schema": 1, "shares": [{"at_utc", "with", "folder"}]}``.
SHARES = "shared.json"
#: Where copies lie that were shared without naming a folder for them, beside the trainee's calls.
SHARED = "shared"
_BYTES_A_SAMPLE = 2


class State(StrEnum):
    """Whether a call is over: ``running`` just now, ``interrupted`` (cut off, not yet put together) or ``finished``.

    ``damaged``: it is over and its ``call.json`` cannot be read.
    """

    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    RUNNING = "running"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCall:
    """One stored call as a list shows it; unknown is None.

    ``began_utc`` is ISO 8601, ``length`` in samples at 16 kHz (None for typed calls), ``total`` the score 0..100,
    ``sound`` whether sound is kept, ``official`` whether it was an official run, ``shared`` how often it was shared.
    ``stamp`` changes with the folder's files.
    """

    id: str
    state: State
    began_utc: str
    script_id: str
    script_title: str = ""
    script_version: int | None = None
    length: int | None = None
    ending: str | None = None
    total: int | None = None
    sound: bool = False
    official: bool = False
    shared: int = 0
    stamp: str = ""

    @property
    def began(self) -> datetime:
        """When the call began, with its time zone."""
        return datetime.fromisoformat(self.began_utc)

    @property
    def length_s(self) -> float | None:
        """How long the call was in seconds, for output."""
        return None if self.length is None else self.length / RATE_HZ


def stamp_of(folder: Path) -> str:
    """A text that differs once files of a call came, went or changed."""
    return " ".join(_stamp(path) for path in (folder / RECORD, folder / SHARES, *sounds_of(folder)))


def sounds_of(folder: Path) -> tuple[Path, ...]:
    """Every file that may hold sound of a call and of attempts at its turns, but for the clips in its report."""
    channels = (path(folder, channel) for path in (sound_path, part_path) for channel in CHANNELS)
    return (*channels, *attempt_sounds(folder))


def _stamp(path: Path) -> str:
    try:
        status = path.stat()
    except OSError:
        return "-"
    return f"{status.st_mtime_ns:x}.{status.st_size:x}"


def describe(folder: Path) -> StoredCall:
    """The row of a folder, whatever state it is in; never raises for what the folder holds."""
    stamp = stamp_of(folder)  # first: what changes while it is read has another one
    state = _state(folder)
    values: dict[str, Any] = _from_name(folder)
    if state is State.FINISHED:
        try:
            values |= _from_record(read_record(folder))
        except VoicesimError:
            state = State.DAMAGED
    if state is not State.FINISHED:
        values |= _from_journal(folder)
    sound = any(path.exists() for path in sounds_of(folder))
    return StoredCall(**values, id=folder.name, state=state, sound=sound, shared=len(shares_of(folder)), stamp=stamp)


def _state(folder: Path) -> State:
    try:
        state = state_of(folder)
    except VoicesimError:  # nobody can tell; nothing may be deleted then
        return State.INTERRUPTED
    return State.DAMAGED if state == "empty" else State(state)


def shares_of(folder: Path) -> tuple[Mapping[str, Any], ...]:
    """What was shared of a call: for each time ``at_utc``, ``with`` and ``folder``."""
    try:
        shares = json.loads((folder / SHARES).read_text(encoding="utf-8"))["shares"]
        return tuple(share for share in shares if isinstance(share, dict))
    except (OSError, ValueError, RecursionError, KeyError, TypeError):
        return ()


def own_shares(trainee: str, folder: Path) -> tuple[tuple[Mapping[str, Any], Path], ...]:
    """The shared copies of a call that lie among what belongs to the trainee: what is known of each, and where."""
    place = (trainee_folder(trainee) / SHARED).resolve()
    there = ((share, Path(str(share.get("folder")))) for share in shares_of(folder))
    return tuple((share, path) for share, path in there if path.resolve().parent == place and path.is_dir())


def length_of(record: CallRecord) -> int | None:
    """Samples until the last that is known of a call; None for a typed one."""
    lines = [turn.line_span for turn in record.turns]
    replies = [turn.reply.span for turn in record.turns if turn.reply is not None]
    return max((span.end for span in (*lines, *replies) if span is not None), default=0) or None


def _from_record(record: CallRecord) -> dict[str, Any]:
    began = _utc(record.clock.get("began_utc"))
    return {
        "script_id": record.script.id,
        "script_title": record.script.title,
        "script_version": record.script.version,
        "length": length_of(record),
        "ending": record.ending.value,
        "total": record.feedback.total if record.feedback else None,
        "official": record.official,
        **({"began_utc": began} if began else {}),
    }


def _from_journal(folder: Path) -> dict[str, Any]:
    """What is known of a call without a record: the first line of its journal, and how much sound there is."""
    values: dict[str, Any] = {}
    with contextlib.suppress(OSError):
        values["length"] = part_path(folder, CHANNELS[1]).stat().st_size // _BYTES_A_SAMPLE
    with contextlib.suppress(OSError, ValueError, RecursionError):
        with (folder / JOURNAL).open(encoding="utf-8") as journal:
            opened = json.loads(journal.readline())
        script = opened.get("script") if isinstance(opened, dict) else None
        if isinstance(script, dict) and isinstance(script.get("id"), str):
            values["script_id"] = script["id"]
            values["script_title"] = str(script.get("title", ""))
            values["script_version"] = script["version"] if isinstance(script.get("version"), int) else None
        values["official"] = isinstance(opened, dict) and opened.get("official") is True
        began = _utc(opened.get("began_utc")) if isinstance(opened, dict) else None
        if began:
            values["began_utc"] = began
    return values


def _from_name(folder: Path) -> dict[str, Any]:
    """What the name of a folder says; its time is that of the folder if the name has none."""
    if named := named_by(folder):
        return {"began_utc": named[0].isoformat(timespec="seconds"), "script_id": named[1]}
    try:
        changed = datetime.fromtimestamp(folder.stat().st_mtime, UTC)
    except OSError:
        changed = datetime.fromtimestamp(0, UTC)
    return {"began_utc": changed.isoformat(timespec="seconds"), "script_id": "unknown"}


def _utc(text: object) -> str | None:
    """A time in ISO 8601 as one in UTC, so that texts sort like times."""
    try:
        time = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="seconds")
