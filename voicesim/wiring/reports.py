"""The report of a stored call as a page shows it: as it was written, or written again where something was added."""

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


def report_of(folder: Path, judged: CallRecord) -> Path:
    """The report of a call in its folder, with the attempts and reviews that there are by now. Raises StorageError."""
    report = folder / REPORT
    parts = (folder / RECORD, folder / REVIEW, *(folder / ATTEMPTS).glob("*.jsonl"))
    if not report.is_file() or any(_changed_ns(part) > _changed_ns(report) for part in parts):
        try:
            entries = review_of(folder).entries
        except VoicesimError:
            entries = ()
        page = render_report(
            judged,
            briefing=briefing_in(folder),
            sounds=_sounds(folder),
            encode=encode_flac,
            attempts=attempts_of(folder),
            reviews=entries,
        )
        write_text(report, page, private=True)
    return report


def _changed_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _sounds(folder: Path) -> dict[str, Samples] | None:
    if not any(sound_path(folder, name).is_file() for name in CHANNELS):
        return None
    try:
        return sound_of(folder)
    except SoundFileError:
        return None
