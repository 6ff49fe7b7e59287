"""An id for a trainee that says nothing about who it is: chance, kept beside the calls, gone with the trainee."""

import re
import secrets
from pathlib import Path

from voicesim.files import storage_errors, write_text
from voicesim.store.places import make_trainee

_FILE = "opaque-id.txt"
_FORM = re.compile(r"[0-9a-f]{32}")


def opaque_id(trainee: str) -> str:
    """The trainee's id of 32 hexadecimal digits, made by chance the first time. Raises StorageError."""
    path = make_trainee(trainee) / _FILE
    found = _read(path)
    if found is None:
        found = secrets.token_hex(16)
        write_text(path, found + "\n", private=True)
    return found


def _read(path: Path) -> str | None:
    with storage_errors(path, "read"):
        try:
            text = path.read_text(encoding="utf-8", errors="replace").strip()
        except FileNotFoundError:
            return None
    return text if _FORM.fullmatch(text) else None
