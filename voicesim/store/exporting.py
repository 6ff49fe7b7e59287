"""Everything of a trainee's own in one ZIP file that needs no voicesim to be read.

::

    manifest.json                     {"schema": 1, "made_utc", "voicesim", "trainee", "calls": [..], "files": [..]}
    calls/<call id>/..                the folders of the calls as they are
    trainee.json, practice.jsonl, shared.jsonl, baselines/..   with everything

Each entry of ``files`` has ``path``, ``bytes`` and ``sha256``. The index is left out: it says what the folders say.
"""

import hashlib
import json
import secrets
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from voicesim import __version__
from voicesim.errors import UsageError
from voicesim.files import owner_only, storage_errors, sync_folder
from voicesim.store.places import trainee_folder

MANIFEST = "manifest.json"
_PACKED = (".flac",)
_PIECE_BYTES = 1 << 20


def export(trainee: str, calls: Sequence[Path], out: Path, *, now: datetime, everything: bool) -> int:
    """How many files are in the new ZIP file ``out``: those of the ``calls`` and, with ``everything``, the baselines.

    The file is whole or not there, and its owner's only. Raises UsageError if ``out`` is there already, StorageError.
    """
    if out.exists():
        raise UsageError("is there already", where=str(out), mend="Name another file with --out.")
    wanted = [*_of_calls(calls), *(_of_trainee(trainee) if everything else ())]
    temporary = out.with_name(f".voicesim-{secrets.token_hex(8)}.tmp")
    head = {"schema": 1, "made_utc": now.isoformat(timespec="seconds"), "voicesim": __version__, "trainee": trainee}
    with storage_errors(out, "written"):
        try:
            with open(temporary, "xb", opener=owner_only) as file, zipfile.ZipFile(file, "w") as archive:
                files = [_add(archive, path, name) for name, path in wanted]
                manifest = {**head, "calls": [call.name for call in calls], "files": files}
                archive.writestr(MANIFEST, json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
            temporary.replace(out)
        finally:
            temporary.unlink(missing_ok=True)
    sync_folder(out.parent)
    return len(files)


def _of_calls(calls: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    for call in calls:
        yield from _files(call, f"calls/{call.name}")


def _of_trainee(trainee: str) -> Iterator[tuple[str, Path]]:
    folder = trainee_folder(trainee)
    for name in ("trainee.json", "practice.jsonl", "shared.jsonl"):
        if (folder / name).is_file():
            yield name, folder / name
    yield from _files(folder / "baselines", "baselines")


def _files(folder: Path, name: str) -> Iterator[tuple[str, Path]]:
    """Plain files below a folder under their names in the ZIP file; links are not followed."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
            yield f"{name}/{path.relative_to(folder).as_posix()}", path


def _add(archive: zipfile.ZipFile, path: Path, name: str) -> dict[str, Any]:
    """The entry of the manifest for a file that is now in the archive."""
    entry = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
    entry.compress_type = zipfile.ZIP_STORED if path.suffix in _PACKED else zipfile.ZIP_DEFLATED
    digest, length = hashlib.sha256(), 0
    # What a file grows by meanwhile is left out: its length was promised.
    with path.open("rb") as source, archive.open(entry, "w") as target:
        while piece := source.read(min(_PIECE_BYTES, entry.file_size - length)):
            target.write(piece)
            digest.update(piece)
            length += len(piece)
    return {"path": name, "bytes": length, "sha256": digest.hexdigest()}
