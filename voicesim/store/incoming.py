"""Calls that trainees shared with the trainer of this machine, each in a private folder of its own.

::

    <data>/shared/<id>/            the id is of chance, and no part of what came
        call.json                  the record, read, checked and written again
        review.json                what came along, and what trainers say here
        sound.flac                 the sound that was in its report.html, if any: decoded and encoded again
        from.json                  {"schema": 1, "who": .., "came_utc": ..}: who handed it in, for counting people

Nothing of an upload is kept as it came: a page that somebody else wrote is never shown from here.
"""

import binascii
import contextlib
import json
import re
import secrets
import shutil
import tempfile
import zipfile
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from voicesim.archive import looked_at, refused
from voicesim.coach.agreement import identity
from voicesim.coach.review import ReviewEntry, checked_entry, merged
from voicesim.errors import InputError, SoundFileError, StorageError, UsageError, VoicesimError
from voicesim.files import data_folder, encode_flac, make_folder, read_sound, storage_errors, write_bytes, write_text
from voicesim.model import RATE_HZ, CallRecord, Samples
from voicesim.report.data import dumps, record_to_json
from voicesim.store.closing import read_record
from voicesim.store.places import RECORD, REPORT
from voicesim.store.reviews import REVIEW, add_entries, review_in, review_of

FOLDER, SOUND, FROM = "shared", "sound.flac", "from.json"
#: What of a copy is looked at, and how many bytes of it at most.
LARGEST: Mapping[str, int] = {RECORD: 8_000_000, REPORT: 120_000_000, REVIEW: 4_000_000}
#: The most entries of a ZIP file, the most turns of a call, the longest call.
_MOST_ENTRIES, _MOST_TURNS, _LONGEST_S = 500, 300, 3_600
_LONGEST_WHO = 80
#: Larger than any seed, count or sample of a call.
_LARGEST_NUMBER = 2**64
_MEND = "Choose what `voicesim share` or the page has written."
_SOUND_IN_PAGE = re.compile(rb'<audio id="sound"[^>]{0,200} src="data:audio/flac;base64,([A-Za-z0-9+/=]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A call that was shared: ``who`` handed it in, ``came_utc`` when."""

    folder: Path
    record: CallRecord
    who: str
    came_utc: str

    @property
    def id(self) -> str:
        """Its id, by which alone it is found."""
        return self.folder.name

    @property
    def sound(self) -> bool:
        """Whether its sound was shared."""
        return (self.folder / SOUND).is_file()


def incoming() -> tuple[Incoming, ...]:
    """The calls that came in and can be read, the newest first. Raises StorageError."""
    found = []
    for folder in _folders():
        with contextlib.suppress(VoicesimError):
            found.append(_read(folder))
    return tuple(sorted(found, key=lambda one: (one.came_utc, one.id), reverse=True))


def find_incoming(wanted: str) -> Incoming | None:
    """The call of that id; None if there is none. Raises InputError, StorageError for one that cannot be read."""
    return next((_read(folder) for folder in _folders() if folder.name == wanted), None)


def sound_of_copy(one: Incoming) -> dict[str, Samples]:
    """The sound of a shared call, both channels in one; none if it was not shared. Raises SoundFileError."""
    path = one.folder / SOUND
    return {"both": read_sound(path, longest_s=_LONGEST_S)[0].samples} if path.is_file() else {}


def bring_in(copy: Path, who: str, now_utc: str) -> Incoming:
    """The call of a copy (a folder with ``call.json``), from now on among those that came in.

    What people said about another copy of the call that is here is in it; :func:`supersede` takes that one away.
    Raises InputError for what cannot be read, UsageError for what is no shared call or is not signed, StorageError.
    """
    name = " ".join(who.split())
    if not name or len(name) > _LONGEST_WHO:
        raise UsageError("nobody is named who handed this in", mend="Write a name or a sign, 80 letters at most.")
    record, entries, sound = _checked_record(copy), _entries(copy), _sound(copy)
    said = merged(*(review_of(one.folder).entries for one in _same(record)), _fitting(entries, record))
    folder = make_folder(data_folder() / FOLDER / f".{secrets.token_hex(8)}", private=True)
    try:
        write_text(folder / RECORD, dumps(record_to_json(record)), private=True)
        if said:
            add_entries(folder, said)
        if sound is not None:
            write_bytes(folder / SOUND, encode_flac(sound), private=True)
        told = {"schema": 1, "who": name, "came_utc": now_utc}
        write_text(folder / FROM, json.dumps(told, ensure_ascii=False) + "\n", private=True)
        whole = folder.with_name(folder.name[1:])
        with storage_errors(whole, "written"):
            folder.rename(whole)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return _read(whole)


def supersede(taken: Sequence[Incoming]) -> int:
    """How many copies were here of the calls that were taken in now; they are gone. Raises StorageError."""
    new, older = {one.id for one in taken}, 0
    for one in reversed(taken):
        others = [other for other in _same(one.record) if other.id != one.id] if one.folder.is_dir() else []
        for other in others:
            drop(other)
            older += other.id not in new
    return older


def _same(record: CallRecord) -> list[Incoming]:
    """The copies of a call that are here."""
    known = identity(record)
    return [one for one in incoming() if known is not None and identity(one.record) == known]


def drop_old_sound(end: datetime) -> int:
    """How many calls that came in have no sound any more, since they began before ``end``; what was said stays.

    A call that does not say when it began, or says so of a time after it came, counts from when it came.
    Raises StorageError.
    """
    old = [folder for folder in _folders() if (folder / SOUND).is_file() and _begun(folder) <= end]
    for folder in old:
        with storage_errors(folder / SOUND, "deleted"):
            (folder / SOUND).unlink(missing_ok=True)
    return len(old)


def _begun(folder: Path) -> datetime:
    with storage_errors(folder, "read"):
        times = [datetime.fromtimestamp((folder / RECORD).stat().st_mtime, UTC)]
    with contextlib.suppress(VoicesimError):
        one = _read(folder)
        for told in (one.came_utc, one.record.clock.get("began_utc")):
            with contextlib.suppress(ValueError):
                time = datetime.fromisoformat(str(told))
                times.append(time if time.tzinfo else time.replace(tzinfo=UTC))
    return min(times)


def drop(one: Incoming) -> None:
    """Nothing; afterwards a call that came in is gone, with what was said about it here. Raises StorageError."""
    gone = one.folder.with_name(f".gone-{secrets.token_hex(8)}")
    with storage_errors(one.folder, "deleted"):
        one.folder.rename(gone)
        shutil.rmtree(gone)


@contextlib.contextmanager
def unpacked(archive: Path, around: Path) -> Iterator[Path]:
    """A folder in ``around`` with what of a ZIP file belongs to a shared call, for as long as it is looked at.

    Raises UsageError for what is no ZIP file, is hostile, too large, or holds not exactly one call.
    """
    with _opened(archive) as opened:
        wanted = _wanted(opened, archive)
        folder = Path(tempfile.mkdtemp(dir=around))
        try:
            for name, entry in wanted.items():
                write_bytes(folder / name, _content(opened, entry, archive, LARGEST[name]), private=True)
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


# -- what a ZIP file holds --------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    try:
        opened = zipfile.ZipFile(archive)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UsageError("this is no ZIP file, or it is damaged", where=str(archive), mend=_MEND) from error
    with opened:
        yield opened


def _wanted(opened: zipfile.ZipFile, archive: Path) -> dict[str, zipfile.ZipInfo]:
    if len(opened.infolist()) > _MOST_ENTRIES:
        raise refused(archive, "it has too many entries", _MEND)
    named = looked_at(opened, archive, mend=_MEND)
    calls = [PurePosixPath(name) for name, entry in named if PurePosixPath(name).name == RECORD and not entry.is_dir()]
    if len(calls) != 1:
        held = "no call" if not calls else f"{len(calls)} calls"
        raise UsageError(f"this ZIP file holds {held}", where=str(archive), mend=_MEND)
    beside = {str(calls[0].with_name(name)): name for name in LARGEST}
    return {beside[name]: entry for name, entry in named if name in beside and not entry.is_dir()}


def _content(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, archive: Path, most: int) -> bytes:
    """The bytes of an entry, whatever it says of its size."""
    try:
        with opened.open(entry) as file:
            content = file.read(most + 1)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError, EOFError, NotImplementedError) as error:
        raise refused(archive, "it is damaged", _MEND) from error
    except Exception as error:  # each kind of compression has errors of its own
        raise refused(archive, "it cannot be unpacked", _MEND) from error
    if len(content) > most:
        raise refused(archive, "an entry is too large", _MEND)
    return content


# -- what a copy holds ------------------------------------------------------------------------------------------------


def _folders() -> list[Path]:
    place = data_folder() / FOLDER
    with storage_errors(place, "read"):
        whole = [one for one in place.iterdir() if not one.name.startswith(".")] if place.is_dir() else []
        return [one for one in whole if (one / RECORD).is_file()]


def _read(folder: Path) -> Incoming:
    try:
        told = json.loads((folder / FROM).read_text(encoding="utf-8"))
        who, came = str(told["who"]), str(told["came_utc"])
    except (OSError, ValueError, RecursionError, KeyError, TypeError) as error:
        raise StorageError("nobody is named who handed this in", where=str(folder)) from error
    return Incoming(folder=folder, record=read_record(folder), who=who, came_utc=came)


def _checked_record(copy: Path) -> CallRecord:
    path = copy / RECORD
    if not path.is_file():
        raise UsageError("there is no call.json in it", mend=_MEND)
    if path.stat().st_size > LARGEST[RECORD]:
        raise UsageError("this call.json is too large", mend=_MEND)
    record = read_record(copy)
    try:
        sane = _largest(json.loads(dumps(record_to_json(record)))) <= _LARGEST_NUMBER
    except (OverflowError, ValueError, RecursionError) as error:  # what no file of ours can hold
        raise InputError("this is no record of a call, or it is damaged", where=RECORD) from error
    if not sane:
        raise InputError("this call has numbers that no call has", where=RECORD, mend=_MEND)
    if not 0 < len(record.turns) <= _MOST_TURNS:
        raise UsageError(f"this call has {len(record.turns)} turns", mend=_MEND)
    return record


def _largest(value: Any) -> float:
    """The largest number in a JSON value, whatever its sign."""
    if isinstance(value, dict | list):
        parts = value.values() if isinstance(value, dict) else value
        return max(map(_largest, parts), default=0)
    return abs(value) if isinstance(value, int | float) else 0


def _entries(copy: Path) -> tuple[ReviewEntry, ...]:
    return review_in(copy / REVIEW).entries if (copy / REVIEW).is_file() else ()


def _fitting(entries: Sequence[ReviewEntry], record: CallRecord) -> tuple[ReviewEntry, ...]:
    kept = []
    for entry in entries:
        with contextlib.suppress(UsageError):
            kept.append(checked_entry(entry, record))
    return tuple(kept)


def _sound(copy: Path) -> Samples | None:
    """The sound in a report; None if there is none. Of the page itself nothing is taken."""
    path = copy / REPORT
    if not path.is_file():
        return None
    if path.stat().st_size > LARGEST[REPORT]:
        raise UsageError("this report.html is too large", mend=_MEND)
    with storage_errors(path, "read"):
        found = _SOUND_IN_PAGE.search(path.read_bytes())
    if found is None:
        return None
    try:
        flac = b64decode(found[1], validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError("the sound in the report is damaged", where=REPORT, mend=_MEND) from error
    return _decoded(flac, copy)


def _decoded(flac: bytes, copy: Path) -> Samples:
    """The samples of a FLAC file as reports hold it: one channel at 16 kHz; others could be of any size in memory."""
    rate_hz = int.from_bytes(flac[18:21], "big") >> 4
    channels = (flac[20] >> 1 & 7) + 1 if len(flac) > 42 else 0
    if flac[:4] != b"fLaC" or flac[4] & 0x7F or (rate_hz, channels) != (RATE_HZ, 1):
        raise InputError("the sound in the report is not as reports hold it", where=REPORT, mend=_MEND)
    path = copy / f"{secrets.token_hex(8)}.flac"
    try:
        write_bytes(path, flac, private=True)
        return read_sound(path, longest_s=_LONGEST_S)[0].samples
    except SoundFileError as error:
        raise InputError("the sound in the report is damaged", where=REPORT, mend=_MEND) from error
    finally:
        path.unlink(missing_ok=True)
