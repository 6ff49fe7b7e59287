"""The headsets that passed the check in a browser, by the name that the browser gives, in one file of the data folder.

A browser names devices in its own way and hears them through its own mixer, so these are kept apart from the devices
that the machine itself names, and so are their baselines.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from voicesim.files import data_folder, make_folder, storage_errors, write_text

# A browser tells nothing where it may not.
_UNNAMED = "microphone"


def headset_name(label: str) -> str:
    """What a headset in the browser is called in records and baselines.

    >>> headset_name("USB Headset"), headset_name(" ")
    ('USB Headset (browser)', 'microphone (browser)')
    """
    return f"{label.strip() or _UNNAMED} (browser)"


def browser_headsets_path() -> Path:
    """The file; it may not exist."""
    return data_folder() / "browser_headsets.json"


def checked_headsets() -> Mapping[str, str]:
    """Name (:func:`headset_name`) -> when it passed the check last (ISO 8601), the newest first.

    A damaged file only means that headsets are checked again. Raises StorageError for one that may not be read.
    """
    with storage_errors(browser_headsets_path(), "read"):
        try:
            values: Any = json.loads(browser_headsets_path().read_text(encoding="utf-8"))
            found = {str(name): str(when) for name, when in values["headsets"].items()}
        except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return {}
    return dict(sorted(found.items(), key=lambda item: item[1], reverse=True))


def remember_headset(name: str, checked_utc: str) -> None:
    """Nothing; afterwards the headset of that name counts as checked. Raises StorageError."""
    content = {"schema": 1, "headsets": {**checked_headsets(), name: checked_utc}}
    make_folder(browser_headsets_path().parent, private=True)
    write_text(browser_headsets_path(), json.dumps(content, indent=1, ensure_ascii=False) + "\n", private=True)
