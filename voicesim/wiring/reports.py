"""The report of a stored call: written with everything there is by now, attempts and reviews included."""

from collections.abc import Callable
from pathlib import Path

from voicesim.errors import SoundFileError, VoicesimError
from voicesim.files import encode_flac, write_text
from voicesim.model import CallRecord, Samples
from voicesim.report.html import render_report
from voicesim.store.attempts import ATTEMPTS, attempts_of
from voicesim.store.places import CHANNELS, RECORD, REPORT, sound_path
from voicesim.store.reviews import REVIEW, review_of
from voicesim.wiring.briefing import briefing_in
from voicesim.wiring.stored_calls import sound_of


def write_report(
    folder: Path, record: CallRecord, tell: Callable[[str], None], sounds: dict[str, Samples] | None = None
) -> Path:
    """Write ``report.html`` from the record and both channels (read from the folder if None); gives its path.

    ``tell`` is told what the report lacks. Raises StorageError.
    """
    try:
        reviews = review_of(folder).entries
    except VoicesimError as error:
        tell(f"the report is without reviews: {error}")
        reviews = ()
    page = render_report(
        record,
        briefing=briefing_in(folder),
        sounds=sounds or _sounds(folder, tell),
        encode=encode_flac,
        attempts=attempts_of(folder),
        reviews=reviews,
    )
    write_text(folder / REPORT, page, private=True)
    return folder / REPORT


def report_of(folder: Path, judged: CallRecord) -> Path:
    """The report of a call in its folder as it is, or written again if something was added. Raises StorageError."""
    report = folder / REPORT
    parts = (folder / RECORD, folder / REVIEW, *(folder / ATTEMPTS).glob("*.jsonl"))
    if not report.is_file() or any(_changed_ns(part) > _changed_ns(report) for part in parts):
        write_report(folder, judged, lambda lacks: None)
    return report


def _changed_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _sounds(folder: Path, tell: Callable[[str], None]) -> dict[str, Samples] | None:
    if not any(sound_path(folder, name).is_file() for name in CHANNELS):
        return None
    try:
        return sound_of(folder)
    except SoundFileError as error:
        tell(f"the report is without sound: {error.where}: {error.what}")
        return None
