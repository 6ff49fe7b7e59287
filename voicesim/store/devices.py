"""The devices that were chosen and checked last, by name, in ``<data>/headset.json``."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from voicesim.files import data_folder, make_folder, storage_errors, write_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices:
    """A microphone and headphones by their full names; ``checked_utc`` is when they passed the check (ISO 8601)."""

    input: str
    output: str
    checked_utc: str


def devices_path() -> Path:
    """The file of the remembered devices; it may not exist."""
    return data_folder() / "headset.json"


def remembered_devices() -> Devices | None:
    """The devices that were remembered last; None if there are none, or if the file holds something else.

    A damaged file only means that the devices are checked and remembered again. Raises StorageError for one that may
    not be read.
    """
    with storage_errors(devices_path(), "read"):
        try:
            values = json.loads(devices_path().read_text(encoding="utf-8"))
            devices = Devices(input=values["input"], output=values["output"], checked_utc=values["checked_utc"])
        except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError, RecursionError):
            return None
    return devices if all(isinstance(text, str) for text in asdict(devices).values()) else None


def remember_devices(devices: Devices) -> None:
    """Nothing; afterwards :func:`remembered_devices` gives ``devices``. Raises StorageError."""
    make_folder(devices_path().parent, private=True)
    write_text(devices_path(), json.dumps({"schema": 1, **asdict(devices)}, indent=1) + "\n", private=True)
