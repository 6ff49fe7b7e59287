"""Files of JSON objects, one a line, only ever appended to; nobody loses a file for one line."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from voicesim.files import owner_only, storage_errors, sync_folder


def append_line(path: Path, entry: Mapping[str, Any]) -> None:
    """Nothing; afterwards the file ends with the entry, which is on the disk. Raises StorageError."""
    line = json.dumps(entry, ensure_ascii=False) + "\n"
    with storage_errors(path, "written"):
        is_new = not path.exists()
        with open(path, "a+b", opener=owner_only) as file:
            # What a cut-off line left must not swallow this one.
            torn = _ends_torn(file.fileno())
            file.write((b"\n" if torn else b"") + line.encode(errors="replace"))
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            sync_folder(path.parent)


def lines_in(path: Path, schema: int) -> Iterator[dict[str, Any]]:
    """Every object of that schema in the file; what was cut off, or is of another schema, is left out.

    Raises StorageError for a file that may not be read; one that is not there holds nothing.
    """
    with storage_errors(path, "read"):
        try:
            lines = path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return
    for line in lines:
        try:
            values = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(values, dict) and values.get("schema") == schema:
            yield values


def _ends_torn(handle: int) -> bool:
    length = os.lseek(handle, 0, os.SEEK_END)
    if not length:
        return False
    os.lseek(handle, length - 1, os.SEEK_SET)
    return os.read(handle, 1) != b"\n"
