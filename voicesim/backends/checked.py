"""Checks of models that cost too much to be done at every start: what passed is remembered for unchanged files."""

import json
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from voicesim.errors import MissingPart
from voicesim.files import cache_folder

_BLOCK = 1 << 20


def once_for(kind: str, files: Sequence[Path], check: Callable[[], None]) -> None:
    """Run ``check`` (which raises on what is wrong), unless it passed before for just these files.

    Files are the same as long as paths, sizes and times of change are. Only success is remembered, in the cache
    folder. Errors of ``check`` come through.
    """
    note, state = _note(kind, files), _state(files)
    if _read(note) == state:
        return
    check()
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(json.dumps(state), encoding="utf-8")
    except OSError:
        # Without the note the check is done again next time, which costs seconds and breaks nothing.
        return


def check_files(kind: str, name: str, folder: Path, hashes: Mapping[str, str], mend: str) -> None:
    """Make sure that ``folder`` holds the files of ``hashes`` (name -> SHA-256); hashed once for unchanged files.

    Raises MissingPart that says which file of ``name`` is absent or altered.
    """
    files = [folder / file for file in hashes]
    absent = next((file for file in files if not file.is_file()), None)
    if absent:
        raise MissingPart(f"{name} lacks {absent.name}", where=str(folder), mend=mend)

    def hashes_fit() -> None:
        for file in files:
            if sha256_of(file) != hashes[file.name]:
                raise MissingPart(
                    f"{file.name} of {name} was altered (its SHA-256 differs)", where=str(file), mend=mend
                )

    once_for(kind, files, hashes_fit)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal. Raises OSError."""
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _note(kind: str, files: Sequence[Path]) -> Path:
    """Where the success for these files is noted."""
    key = sha256("\n".join(str(path) for path in files).encode()).hexdigest()[:16]
    return cache_folder() / "checked" / f"{kind}-{key}.json"


def _state(files: Sequence[Path]) -> list[list[int | str]]:
    """Path, size and time of change of each file. Raises OSError."""
    return [[str(path), path.stat().st_size, path.stat().st_mtime_ns] for path in files]


def _read(note: Path) -> object:
    """What a note says, None without a readable one."""
    try:
        return json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
