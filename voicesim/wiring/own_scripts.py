"""Keeps the trainer's own scripts: lists, writes, copies and puts away script files with their rehearsals.

A file is never written over that changed since it was read, what is replaced is kept under ``scripts/kept``, and what
is deleted lies under ``scripts/trash``. Names in those folders hold the time, so that nothing there is ever replaced.
"""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from voicesim.errors import InputError, ScriptError, UsageError
from voicesim.files import data_folder, make_folder, storage_errors, write_bytes
from voicesim.reading.reader import closest
from voicesim.reading.tree import decode
from voicesim.script.edit import with_value
from voicesim.script.load import load_script
from voicesim.script.model import Script
from voicesim.script.new import Answers, id_of, rehearsal_text, script_text
from voicesim.wiring.library import loaded, read_bytes, script_files

#: Replaced versions of one file that are kept.
_KEPT = 30
_SAVING = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptFile:
    """A script file as it was read: its id is the file's name; ``script`` is None where it cannot be loaded."""

    id: str
    path: Path
    own: bool
    data: bytes
    script: Script | None
    fault: ScriptError | None

    @property
    def sha256(self) -> str:
        """What the file held, as a digest."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def rehearsals(self) -> Path:
        """Where its rehearsals lie, if it has any."""
        return self.path.parent / "rehearsals" / f"{self.id}.rehearsal.yaml"


class Changed(InputError):
    """The file holds something else than what was read; ``now`` is its text of this moment."""

    def __init__(self, path: Path, now: str) -> None:
        self.now = now
        super().__init__(
            f"{path.name} was changed by somebody else meanwhile; nothing was written over",
            mend="Compare both, and take what you need into one of them.",
        )


def every_script() -> Iterator[ScriptFile]:
    """Every script file, one's own first, each id once; files that cannot be loaded are among them."""
    seen: set[str] = set()
    for path in script_files():
        if path.stem not in seen:
            seen.add(path.stem)
            yield _read(path)


def script_of(script_id: str) -> ScriptFile | None:
    """The script file of that name, one's own first; None if there is none."""
    return next((_read(path) for path in script_files() if path.stem == script_id), None)


def _read(path: Path) -> ScriptFile:
    data, script, fault = read_bytes(path), None, None
    try:
        script = loaded(data, str(path))
    except ScriptError as error:
        fault = error
    own = path.is_relative_to(data_folder())
    return ScriptFile(id=path.stem, path=path, own=own, data=data, script=script, fault=fault)


def own_file(name: str) -> Path:
    """The file that a path or an id of one's own means. Raises UsageError for what comes with voicesim."""
    import voicesim

    mend = "Copy it into the folder `scripts` of your data folder first."
    if name.endswith((".yaml", ".yml")) or "/" in name or "\\" in name:
        path = Path(name)
        if path.resolve().is_relative_to(Path(voicesim.__file__).resolve().parent):
            raise UsageError("this file belongs to the installed voicesim", where=name, mend=mend)
        return path
    own = {path.stem: path for path in script_files() if path.is_relative_to(data_folder())}
    if name in own:
        return own[name]
    if name in {path.stem for path in script_files()}:
        raise UsageError(f"the script '{name}' comes with voicesim", mend=mend)
    known = closest(name, own) if own else "You have none so far: voicesim script new"
    raise UsageError(f"you have no script '{name}'", mend=known)


def free(script_id: str, out: Path | None = None) -> None:
    """Nothing; raises UsageError for an id that does not fit or is taken, and for a file that is there."""
    if id_of(script_id) != script_id:
        mend = f"Use small letters, digits and hyphens: {id_of(script_id)}"
        raise UsageError(f"the id '{script_id}' does not fit", mend=mend)
    if out is not None:
        if out.exists():
            raise UsageError("this file is there already", where=str(out), mend="Choose another name.")
        return
    taken = next((path for path in script_files() if path.stem == script_id), None)
    if taken is not None:
        raise UsageError(f"there is a script '{script_id}' already", where=str(taken), mend="Choose another id.")


def write_new(answers: Answers, out: Path | None = None) -> tuple[Path, Path]:
    """The paths of a first script and its rehearsals, written from some answers, among one's own if there is no path.

    Raises UsageError for answers that fit nowhere, and for an id that is taken.
    """
    return _write_both(answers.id, script_text(answers).encode(), rehearsal_text(answers).encode(), out)


def add(data: bytes, file: str) -> Path:
    """The path of a script file that somebody brings, now among one's own, by the id that it holds.

    Raises ScriptError if it cannot be loaded, UsageError if its id is taken.
    """
    script = load_script(data, file)
    return _write_both(script.id, data, None, None)[0]


def copied(one: ScriptFile, script_id: str) -> Path:
    """The path of a copy under another id among one's own, with its rehearsals. Raises UsageError for a taken id."""
    text = with_value(decode(one.data, str(one.path)), ("id",), script_id)
    rehearsals = None
    if one.rehearsals.is_file():
        file = str(one.rehearsals)
        rehearsals = with_value(decode(read_bytes(one.rehearsals), file), ("script",), script_id).encode()
    return _write_both(script_id, text.encode(), rehearsals, None)[0]


def _write_both(script_id: str, data: bytes, rehearsals: bytes | None, out: Path | None) -> tuple[Path, Path]:
    path = out or data_folder() / "scripts" / f"{script_id}.yaml"
    beside = path.parent / "rehearsals" / f"{script_id}.rehearsal.yaml"
    with _SAVING:
        free(script_id, out)
        if rehearsals is not None and beside.exists():
            raise UsageError("rehearsals of that id are there already", where=str(beside), mend="Choose another id.")
        make_folder(beside.parent)
        if rehearsals is not None:
            write_bytes(beside, rehearsals)
        write_bytes(path, data)
    return path, beside


def save(path: Path, text: str, read_sha256: str | None) -> str:
    """The digest of what ``path`` holds now: ``text``, with the line ends that the file had.

    ``read_sha256`` is the digest of what was read before (None: there was no file); what was there is kept.
    Raises Changed if the file is another one by now.
    """
    with _SAVING:
        before = read_bytes(path) if path.is_file() else None
        if read_sha256 != (None if before is None else hashlib.sha256(before).hexdigest()):
            raise Changed(path, "" if before is None else before.decode(errors="replace"))
        data = _with_line_ends(text, before).encode()
        if data != before:
            make_folder(path.parent)
            if before is not None:
                _keep(path, before)
            write_bytes(path, data)
        return hashlib.sha256(data).hexdigest()


def _with_line_ends(text: str, before: bytes | None) -> str:
    """A text as a browser sends it, in the line ends of the file: a form sends other ones than were read."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return plain.replace("\n", "\r\n") if before is not None and b"\r\n" in before else plain


def _keep(path: Path, data: bytes) -> None:
    folder = make_folder(path.parent / "kept")
    write_bytes(folder / f"{path.stem}.{_now()}{path.suffix}", data)
    older = sorted(one for one in folder.iterdir() if one.name.rsplit(".", 2)[0] == path.stem)
    for one in older[:-_KEPT]:
        with storage_errors(one, "removed"):
            one.unlink(missing_ok=True)


def throw_away(one: ScriptFile) -> Path:
    """Where a script of one's own lies from now on, with its rehearsals beside it. Raises UsageError for others."""
    if not one.own:
        raise UsageError(f"the script '{one.id}' comes with voicesim and stays", mend="Only your own can be deleted.")
    with _SAVING:
        folder, when = make_folder(one.path.parent / "trash"), _now()
        there = folder / f"{one.id}.{when}{one.path.suffix}"
        with storage_errors(one.path, "moved"):
            if one.rehearsals.is_file():
                one.rehearsals.replace(folder / f"{one.id}.{when}.rehearsal")
            one.path.replace(there)
    return there


def thrown_away() -> tuple[str, ...]:
    """The names of what lies in the trash, the last one first."""
    folder = data_folder() / "scripts" / "trash"
    names = [one.name for one in folder.iterdir() if one.suffix in (".yaml", ".yml")] if folder.is_dir() else []
    return tuple(sorted(names, key=lambda name: name.rsplit(".", 2)[-2:], reverse=True))


def bring_back(name: str) -> str:
    """The id of a script that was in the trash under ``name`` and is back. Raises UsageError if its id is taken."""
    if name not in thrown_away():
        raise UsageError("this does not lie in the trash any more", mend="Load the page again.")
    script_id, when, suffix = name.rsplit(".", 2)
    folder = data_folder() / "scripts"
    with _SAVING:
        if any(path.stem == script_id for path in script_files()):
            raise UsageError(f"there is a script '{script_id}' by now", mend="Delete or rename that one first.")
        rehearsal = folder / "trash" / f"{script_id}.{when}.rehearsal"
        with storage_errors(folder, "moved"):
            (folder / "trash" / name).replace(folder / f"{script_id}.{suffix}")
            if rehearsal.is_file():
                rehearsal.replace(make_folder(folder / "rehearsals") / f"{script_id}.rehearsal.yaml")
    return script_id


def _now() -> str:
    return datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
