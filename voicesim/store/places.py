"""Where trainees, their calls and their baselines lie, for their owner's eyes only.

::

    <data>/trainees/<slug of the name>/
        trainee.json                              {"schema": 1, "name": ..}
        baselines/<slug of the headset>.json
        calls/<YYYYMMDD-HHMMSS-script id>[-n]/    the folder of one call

Folders are made 0700, files 0600, whatever the umask; where a system has no such rights, its own apply.
"""

import contextlib
import hashlib
import json
import re
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

from voicesim.errors import UsageError
from voicesim.files import data_folder, is_folder, make_folder, storage_errors, sync_folder, write_text

#: Both channels of a call, by the names of their files.
CHANNELS = ("caller", "trainee")
JOURNAL, RECORD, REPORT, SCRIPT = "journal.jsonl", "call.json", "report.html", "script.yaml"
#: What `voicesim report --captions` and `voicesim score --keep` leave in the folder of a call.
CAPTIONS, SCORES, NOTES = "captions.vtt", "scores", "call-notes.txt"
#: The name of the most recent call, wherever a call is named.
LAST = "last"

_TRAINEE = "trainee.json"
# Names that Windows keeps for devices, whatever follows a dot.
_DEVICES = frozenset(["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))])
_LONGEST = 40
_LONGEST_ID = 80


def slug_of(name: str) -> str:
    """The name as part of a path: ``a``..``z``, digits, ``-`` and ``_``, at most 51 characters, never empty.

    Capitals and spaces around do not count; a name of which anything else had to be left out gets a few digits that
    only it has, so that two people never share a folder.

    >>> slug_of("Anna  Lee"), slug_of("you")
    ('anna_lee', 'you')
    >>> slug_of("../anna")
    'anna__ec02c7241'
    """
    plain = " ".join(unicodedata.normalize("NFC", name).casefold().split())
    slug = plain.replace(" ", "_")
    whole = "_" not in plain and re.fullmatch(r"[a-z0-9]+([-_][a-z0-9]+)*", slug)
    if whole and len(slug) <= _LONGEST and slug not in _DEVICES:
        return slug
    letters = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "-", letters)[:_LONGEST].strip("-")
    digits = hashlib.sha256(plain.encode(errors="surrogatepass")).hexdigest()[:9]
    return f"{stem}__{digits}"


def trainee_folder(trainee: str) -> Path:
    """Where everything of a trainee lies; it may not exist."""
    return data_folder() / "trainees" / slug_of(trainee)


def calls_folder(trainee: str) -> Path:
    """Where the calls of a trainee lie; it may not exist."""
    return trainee_folder(trainee) / "calls"


def baseline_path(trainee: str, headset: str) -> Path:
    """The file for a trainee's baselines through one headset; it may not exist."""
    return trainee_folder(trainee) / "baselines" / f"{slug_of(headset)}.json"


def index_path(trainee: str) -> Path:
    """The file of a trainee's index; it may not exist."""
    return trainee_folder(trainee) / "index.sqlite"


def part_path(folder: Path, channel: str) -> Path:
    """The file that holds a channel while the call runs."""
    return folder / f"{channel}.pcm.part"


def sound_path(folder: Path, channel: str) -> Path:
    """The file that holds a channel once the call is closed."""
    return folder / f"{channel}.flac"


def make_trainee(trainee: str) -> Path:
    """The folder of a trainee with ``calls`` and ``baselines``, made if it was not there. Raises StorageError."""
    folder = trainee_folder(trainee)
    for made in (folder / "calls", folder / "baselines"):
        make_folder(made, private=True)
    # Made by hand or copied, it may be open to others.
    with contextlib.suppress(OSError):
        folder.chmod(0o700)
    if not (folder / _TRAINEE).exists():
        write_text(folder / _TRAINEE, json.dumps({"schema": 1, "name": trainee}) + "\n", private=True)
    return folder


def trainees() -> dict[str, Path]:
    """The folders of all trainees of this data folder by name, sorted. Raises StorageError."""
    every = data_folder() / "trainees"
    with storage_errors(every, "read"):
        found = {_name_of(folder): folder for folder in every.iterdir() if folder.is_dir()} if is_folder(every) else {}
    return dict(sorted(found.items()))


def trainee_of(call: Path) -> str:
    """Whose call a call's folder is: ``you`` where it lies outside the data folder."""
    owner = call.absolute().parent.parent
    return _name_of(owner) if (owner / _TRAINEE).is_file() else "you"


def _name_of(folder: Path) -> str:
    try:
        return str(json.loads((folder / _TRAINEE).read_text(encoding="utf-8"))["name"])
    except (OSError, ValueError, KeyError, TypeError):
        return folder.name


def new_call_folder(trainee: str, script_id: str, began: datetime, wanted: Path | None = None) -> Path:
    """An empty folder for one call: the wanted one, or a new one among the trainee's calls, named after its start.

    Raises UsageError if the wanted one holds a call already, StorageError if it cannot be made.
    """
    if wanted is not None:
        refuse_used(wanted)
        return make_folder(wanted, private=True)
    plain = script_id if re.fullmatch(rf"[a-z0-9-]{{1,{_LONGEST_ID}}}", script_id) else slug_of(script_id)
    stem, calls = f"{began.astimezone(UTC):%Y%m%d-%H%M%S}-{plain}", make_trainee(trainee) / "calls"
    folder, number = calls / stem, 1
    while True:
        # Making it is asking for it: another call may begin in the same second.
        with storage_errors(folder, "made"), contextlib.suppress(FileExistsError):
            folder.mkdir(0o700)
            folder.chmod(0o700)
            sync_folder(calls)
            return folder
        number += 1
        folder = calls / f"{stem}-{number}"


def named_by(folder: Path) -> tuple[datetime, str] | None:
    """When a call began and the id of its script, as the name of its folder tells; None for a folder of another name.

    >>> named_by(Path("20261122-070501-billed-twice"))[1]
    'billed-twice'
    """
    named = re.fullmatch(r"(\d{8}-\d{6})-(.+)", folder.name)
    with contextlib.suppress(ValueError):
        if named:
            return datetime.strptime(named[1], "%Y%m%d-%H%M%S").replace(tzinfo=UTC), named[2]
    return None


def refuse_used(wanted: Path | None) -> None:
    """Raise UsageError if a wanted folder holds a call already, or one that was cut off."""
    if wanted is None:
        return
    if (wanted / RECORD).exists():
        raise UsageError("holds a call already", where=str(wanted), mend="Name another folder, or delete it.")
    if any(path.exists() for path in (*_parts(wanted), wanted / JOURNAL)):
        kept = "Name another folder: this one keeps the sound of a call that was cut off."
        raise UsageError("holds a call already", where=str(wanted), mend=kept)


def holds_call(folder: Path) -> bool:
    """Whether a folder holds a call in any state."""
    return any(path.is_file() for path in (folder / RECORD, folder / JOURNAL, *_parts(folder)))


def _parts(folder: Path) -> list[Path]:
    return [part_path(folder, channel) for channel in CHANNELS]


def call_folders(trainee: str) -> list[Path]:
    """The folders of a trainee's calls, in the order in which they began."""
    calls = calls_folder(trainee)
    with storage_errors(calls, "read"):
        found = [folder for folder in calls.iterdir() if holds_call(folder)] if is_folder(calls) else []
    return sorted(found, key=lambda folder: _by_number(folder.name))


def _by_number(name: str) -> list[tuple[int, str]]:
    """A key that puts ``-2`` before ``-10``."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]


def find_call(trainee: str, name: str) -> Path:
    """The folder of a call: its id, the beginning of only one id, ``last``, a path, or that of its ``call.json``.

    Raises UsageError if there is none, or if the beginning fits several.
    """
    folders = call_folders(trainee)
    if name == LAST and folders:
        return folders[-1]
    if exact := [folder for folder in folders if folder.name == name]:
        return exact[0]
    # What is no path at all, like 5 000 letters, is an error of the system.
    with contextlib.suppress(OSError):
        named = Path(name)
        folder = named.parent if named.name == RECORD else named
        if name and holds_call(folder):
            return folder
    fitting = [folder for folder in folders if name and folder.name.startswith(name)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        few = ", ".join(folder.name for folder in fitting[-3:])
        raise UsageError(f"{len(fitting)} calls begin with '{name}'", mend=f"Give more of the name, like {few}.")
    said = "there is no call yet in the data folder" if not folders else f"there is no call '{name}'"
    mend = (
        "Hold one: voicesim practice billed-twice; one that was held with --out is named by its folder"
        if not folders
        else f"Run `voicesim calls` to see them; `{LAST}` is the last one."
    )
    raise UsageError(said, mend=mend)
