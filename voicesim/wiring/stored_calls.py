"""What a stored call holds: its folder, its script as it was held, its sound."""

from dataclasses import replace
from pathlib import Path

from voicesim.errors import UsageError
from voicesim.files import read_sound, write_text
from voicesim.model import CallRecord, Samples
from voicesim.report.html import render_report
from voicesim.script.dial import dialled
from voicesim.script.model import Script
from voicesim.store.closing import read_record
from voicesim.store.places import CHANNELS, REPORT, SCRIPT, find_call, sound_path, trainee_folder
from voicesim.wiring.briefing import briefing_in
from voicesim.wiring.library import read_script

_LONGEST_CALL_S = 7_200


def call_of(trainee: str, name: str) -> Path:
    """The folder of the call that a person named; UsageError if there is none, or if it is another trainee's."""
    folder = find_call(trainee, name)
    own = trainee_folder(trainee).resolve()
    around = folder.resolve().parents
    if own.parent in around and own not in around:
        raise UsageError("this call is another trainee's", where=name, mend="Say whose with --trainee.")
    return folder


def calls_of(trainee: str, names: list[str]) -> list[Path]:
    """The folders of the calls that a person named, each once; raises as :func:`call_of`."""
    return list({folder.resolve(): folder for folder in (call_of(trainee, name) for name in names)}.values())


def script_of(folder: Path, record: CallRecord) -> Script:
    """The script that a stored call was held with, as difficult as it was then.

    Raises InputError or StorageError if it is not in the folder any more, or cannot be read.
    """
    written = read_script(folder / SCRIPT)
    held = written if record.dial is None else dialled(written, record.dial.level, record.seed).script
    return replace(held, hears_delivery=not record.official)


def sound_of(folder: Path) -> dict[str, Samples]:
    """Both channels of a closed call by name. Raises SoundFileError if one is not there or cannot be read."""
    return {name: read_sound(sound_path(folder, name), longest_s=_LONGEST_CALL_S)[0].samples for name in CHANNELS}


def report_without_sound(folder: Path) -> None:
    """Write the report of a call again, without its sound. Raises VoicesimError for a record that cannot be read."""
    page = render_report(read_record(folder), briefing=briefing_in(folder))
    write_text(folder / REPORT, page, private=True)
