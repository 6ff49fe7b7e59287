"""Finds scripts: by path, among the trainer's own, among the shipped ones."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from voicesim.errors import InputError, UsageError
from voicesim.files import data_folder, shipped, storage_errors
from voicesim.reading.reader import closest
from voicesim.script.load import load_script
from voicesim.script.model import Script
from voicesim.studio.installing import finish_installs

_SUFFIXES = (".yaml", ".yml")


def read_script(path: Path) -> Script:
    """The script in a file, loaded again only once that has changed.

    Raises InputError for a file that is not there, ScriptError for one that cannot be used.
    """
    return loaded(read_bytes(path), str(path))


@lru_cache(maxsize=256)
def loaded(content: bytes, file: str) -> Script:
    """The script in the bytes of a file; the same bytes are loaded once. Raises ScriptError."""
    return load_script(content, file)


def read_bytes(path: Path) -> bytes:
    """The bytes of a file a person named; InputError or StorageError with one clear line."""
    # A name may be too long to be looked for at all.
    with storage_errors(path, "read"):
        if path.is_dir():
            raise InputError("this is a folder, not a file", where=str(path), mend="Name a file.")
        try:
            return path.read_bytes()
        except FileNotFoundError:
            raise InputError("there is no such file", where=str(path), mend="Check the path.") from None


def script_files() -> Iterator[Path]:
    """Every script file, the trainer's own first, then the shipped ones; a pack half moved in is finished before."""
    finish_installs(data_folder())
    for folder in (data_folder() / "scripts", shipped("scripts")):
        if folder.is_dir():
            yield from sorted(p for p in folder.iterdir() if p.suffix in _SUFFIXES and p.is_file())


def script_of_id(script_id: str) -> Script | None:
    """The script of that id, one's own first, by no path; None if there is none, or its file is called otherwise."""
    path = next((path for path in script_files() if path.stem == script_id), None)
    script = None if path is None else read_script(path)
    return script if script is not None and script.id == script_id else None


def find_script(name: str) -> Script:
    """The script that ``name`` means: a path, or the id of one's own or a shipped script.

    Raises UsageError for a name that means nothing, or two files (both are named).
    """
    if name.endswith(_SUFFIXES) or "/" in name or "\\" in name:
        return read_script(Path(name))
    found = [path for path in script_files() if path.stem == name]
    if len(found) > 1:
        both = " and ".join(str(path) for path in found)
        raise UsageError(f"two scripts have the id '{name}'", where=both, mend="Rename one, or name its path.")
    if not found:
        known = [path.stem for path in script_files()]
        raise UsageError(f"there is no script '{name}'", mend=closest(name, known))
    script = read_script(found[0])
    if script.id != name:
        raise UsageError(
            f"the file holds the script '{script.id}'", where=str(found[0]), mend=f"Name it {script.id}.yaml."
        )
    return script


def rehearsal_file(script: Script) -> Path:
    """Where the rehearsals of a script lie: ``rehearsals/ID.rehearsal.yaml`` beside it."""
    return Path(script.file).parent / "rehearsals" / f"{script.id}.rehearsal.yaml"
