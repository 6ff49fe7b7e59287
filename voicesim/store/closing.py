"""Closes a call: its record, then FLAC files of both channels, and the raw sound goes last.

Each step can be done again, whatever became of the one after it: :mod:`voicesim.store.recovery` takes the same ones.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from voicesim.errors import InputError
from voicesim.files import read_pcm, storage_errors, sync_folder, write_flac, write_text
from voicesim.model import FRAME, RATE_HZ, CallRecord, Samples
from voicesim.report.data import dumps, is_newer, record_from_json, record_to_json
from voicesim.store.keeper import Keeper
from voicesim.store.places import CHANNELS, JOURNAL, RECORD, part_path, sound_path

_MADE_AGAIN = "Move this file away: `voicesim report` makes it again from the journal of the call, and scores it anew."


def close_call(keeper: Keeper, record: CallRecord) -> dict[str, Samples]:
    """Both channels by name (none for typed calls) of a call that is now closed: its record and its sound are kept.

    Raises StorageError; what could be written stays, and recovery goes on from there.
    """
    try:
        keeper.finish()
        write_record(keeper.folder, record)
        sounds = write_sounds(keeper.folder)
        drop_raw(keeper.folder)
    finally:
        keeper.release()
    return sounds


def write_record(folder: Path, record: CallRecord) -> None:
    """Nothing; afterwards ``call.json`` holds the record. Raises StorageError."""
    write_text(folder / RECORD, dumps(record_to_json(record)), private=True)


def read_record(folder: Path) -> CallRecord:
    """The record in ``call.json``.

    Raises StorageError if it cannot be read, InputError if it is damaged or of a later voicesim.
    """
    path = folder / RECORD
    with storage_errors(path, "read"):
        content = path.read_bytes()
    mend = _MADE_AGAIN if (folder / JOURNAL).is_file() else None
    try:
        data = json.loads(content)
        # Made again, the record of a later voicesim would lose what this one does not know.
        mend = None if is_newer(data) else mend
        return record_from_json(data)
    except InputError as error:
        raise InputError(error.what, where=f"{folder}/{error.where}", mend=mend or error.mend) from error
    except (ValueError, RecursionError) as error:
        raise InputError("this is no record of a call, or it is damaged", where=str(path), mend=mend) from error


def write_sounds(folder: Path) -> dict[str, Samples]:
    """Both channels of the raw sound by name, also as FLAC files of equal length now; none if there is no raw sound.

    Every sample comes back exactly; a channel that is shorter, or not there, ends in silence. A call that ended before
    its first frame gets one frame of silence: a recording without samples is none. Raises StorageError.
    """
    raw = {name: read_pcm(part_path(folder, name)) for name in CHANNELS if part_path(folder, name).exists()}
    filed = {name for name in CHANNELS if sound_path(folder, name).exists()}
    # Raw sound only goes when both files are whole.
    if not raw or (len(raw) < len(CHANNELS) and len(filed) == len(CHANNELS)):
        return {}
    length = max(FRAME, *(len(samples) for samples in raw.values()))
    sounds = {name: _filled_up(raw.get(name), length) for name in CHANNELS if name in raw or name not in filed}
    # Both at once: somebody waits for the report.
    with ThreadPoolExecutor(len(sounds)) as pool:
        jobs = [pool.submit(write_flac, sound_path(folder, n), s, RATE_HZ, private=True) for n, s in sounds.items()]
    for job in jobs:
        job.result()
    return sounds


def drop_raw(folder: Path) -> None:
    """Nothing; afterwards the raw sound is gone. Raises StorageError."""
    for name in CHANNELS:
        path = part_path(folder, name)
        with storage_errors(path, "deleted"):
            path.unlink(missing_ok=True)
    sync_folder(folder)


def _filled_up(samples: Samples | None, length: int) -> Samples:
    """The samples and silence up to ``length``: float32[length]."""
    whole = np.zeros(length, np.float32)
    if samples is not None:
        whole[: len(samples)] = samples
    return whole
