"""The folder of a call: both channels while it runs, then sound files, record and report."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from voicesim.cli.frame import note
from voicesim.cli.screen import briefing_of
from voicesim.errors import SoundFileError, UsageError
from voicesim.files import (
    PcmWriter,
    data_folder,
    encode_flac,
    make_folder,
    read_pcm,
    read_sound,
    write_flac,
    write_text,
)
from voicesim.model import FRAME, RATE_HZ, CallRecord, Samples
from voicesim.ports import Frames
from voicesim.report.data import dumps, record_to_json
from voicesim.report.html import render_report
from voicesim.script.model import Script

CHANNELS = ("caller", "trainee")


def new_folder(wanted: Path | None, script_id: str) -> Path:
    """An empty folder for one call: the wanted one, or a new one among the trainee's own calls.

    Raises UsageError if the wanted one holds a call already, StorageError if it cannot be made.
    """
    if wanted is not None:
        refuse_used(wanted)
        return make_folder(wanted)
    began = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    folder, number = data_folder() / "calls" / f"{began}-{script_id}", 1
    while folder.exists():
        number += 1
        folder = folder.with_name(f"{began}-{script_id}-{number}")
    return make_folder(folder)


def refuse_used(wanted: Path | None) -> None:
    """Raise UsageError if a wanted folder holds a call already, or the sound of one that was cut off."""
    if wanted is None:
        return
    if (wanted / "call.json").exists():
        raise UsageError("holds a call already", where=str(wanted), mend="Name another folder, or delete it.")
    if any((wanted / _part(channel)).exists() for channel in CHANNELS):
        kept = "Name another folder: this one keeps the sound of a call that was cut off."
        raise UsageError("holds a call already", where=str(wanted), mend=kept)


def _part(channel: str) -> str:
    """The name of the file that holds a channel while the call runs."""
    return f"{channel}.pcm.part"


class Channels:
    """Both channels of a running call on disk; :meth:`close` makes them FLAC files of one length."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers = {name: PcmWriter(folder / _part(name)) for name in CHANNELS}

    def keep(self, frames: Frames) -> None:
        """Append 20 ms to both channels."""
        self._writers["trainee"].append(frames.microphone)
        self._writers["caller"].append(frames.ears)

    def close(self) -> dict[str, Samples]:
        """Both channels, written as ``caller.flac`` and ``trainee.flac``, as long as the trainee's; the raw sound goes.

        A call that ended before its first frame leaves one frame of silence: a recording without samples is none.
        """
        length = max(FRAME, self._writers["trainee"].length)
        for writer in self._writers.values():
            writer.close()
        sounds = {name: _cut(read_pcm(writer.path), length) for name, writer in self._writers.items()}
        # Both at once: somebody waits for the report.
        with ThreadPoolExecutor(len(sounds)) as pool:
            jobs = [pool.submit(write_flac, self._folder / f"{name}.flac", sounds[name], RATE_HZ) for name in sounds]
        for job in jobs:
            job.result()
        for writer in self._writers.values():
            writer.path.unlink()
        return sounds


def _cut(samples: Samples, length: int) -> Samples:
    """The first samples, filled up with silence: float32[length]."""
    if len(samples) >= length:
        return samples[:length]
    whole = np.zeros(length, np.float32)
    whole[: len(samples)] = samples
    return whole


def write_record(folder: Path, record: CallRecord) -> None:
    """Write ``call.json``."""
    write_text(folder / "call.json", dumps(record_to_json(record)))


def write_report(
    folder: Path, record: CallRecord, script: Script | None, sounds: dict[str, Samples] | None = None
) -> Path:
    """Write ``report.html`` from the record and both channels (read from the folder if None); gives its path."""
    briefing = None if script is None else briefing_of(script)
    page = render_report(record, briefing=briefing, sounds=sounds or _sounds(folder), encode=encode_flac)
    write_text(folder / "report.html", page)
    return folder / "report.html"


def _sounds(folder: Path) -> dict[str, Samples] | None:
    paths = {name: folder / f"{name}.flac" for name in CHANNELS}
    if not any(path.is_file() for path in paths.values()):
        return None
    try:
        return {name: np.asarray(read_sound(path)[0].samples) for name, path in paths.items()}
    except SoundFileError as error:
        note(f"the report is without sound: {error.where}: {error.what}")
        return None
