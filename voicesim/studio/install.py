"""A verified pack brought into the data folder: the script to one's own scripts, the takes to its shelf, all or none.

Takes that are on the shelf already stay there; those of the pack become the chosen ones.
"""

import contextlib
import hashlib
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from voicesim.errors import SoundFileError, UsageError
from voicesim.files import make_folder, read_sound, shipped, storage_errors, sync_folder, write_bytes
from voicesim.studio.consent import Speaker
from voicesim.studio.installing import BEING_MADE, READY, finish_installs, move_in, sweep_left
from voicesim.studio.opened_pack import Pack
from voicesim.studio.pack import LONGEST_TAKE_S
from voicesim.studio.shelf import COPY, TAKES, Shelf
from voicesim.studio.takes_file import Taken, encode_taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What installing a pack changes.

    ``files`` are written, by their place below the data folder; ``replaces`` says in words what of one's own would be
    another afterwards. Nothing to do: both are empty.
    """

    files: dict[str, bytes]
    replaces: tuple[str, ...]


def install(pack: Pack, data: Path, *, replacing: bool = False) -> Change:
    """What was changed; nothing if everything was there already.

    Killed at any point it leaves the old state or the new one. Raises UsageError if the pack would change something
    of one's own and ``replacing`` is not set, or has the id of a shipped script; StorageError for a full disk, or if
    another process is changing these takes.
    """
    make_folder(data, private=True)
    finish_installs(data)
    sweep_left(data)
    ready = data / f"{READY}{pack.script.id}"
    with Shelf(data / "audio" / pack.script.id, pack.script.id) as shelf:
        if ready.is_dir():  # left by a process that was killed a moment ago
            move_in(ready, data)
        change = changes(pack, data, shelf)
        if change.replaces and not replacing:
            raise UsageError("; ".join(change.replaces), where=pack.script.id, mend="Add --replace to do that.")
        if change.files:
            with _being_made(data) as made:
                _fill(made, change.files)
                _check_sounds(made)
                with storage_errors(ready, "written"):
                    made.rename(ready)
                sync_folder(data)
            move_in(ready, data)
    return change


def changes(pack: Pack, data: Path, shelf: Shelf) -> Change:
    """What installing would change. Raises UsageError for the id of a shipped script that says something else."""
    script_id = pack.script.id
    files: dict[str, bytes] = {}
    replaces: list[str] = []
    if not _is_shipped(pack):
        path = _own_script(data, script_id)
        own = _content(path)
        if own != pack.source:
            files[f"scripts/{path.name}"] = pack.source
        if own is not None and own != pack.source:
            before = f"{script_id}-{hashlib.sha256(own).hexdigest()[:8]}.yaml"
            files[f"scripts/replaced/{before}"] = own
            replaces.append(f"your script {script_id} would be replaced (the old one stays in scripts/replaced)")
        rehearsal = f"scripts/rehearsals/{script_id}.rehearsal.yaml"
        if pack.rehearsal is not None and _content(data / rehearsal) != pack.rehearsal:
            files[rehearsal] = pack.rehearsal
    before_taken = shelf.read()
    merged, sounds = _merged(pack, shelf, before_taken)
    if merged != before_taken:
        content = encode_taken(merged, script_id)
        files |= {f"audio/{script_id}/{name}": content for name in (TAKES, COPY)}
        files |= {f"audio/{script_id}/{line}/{n}.flac": sound for (line, n), sound in sounds.items()}
        others = sum(merged.chosen[line] != n for line, n in before_taken.chosen.items())
        if others:
            count = "1 line" if others == 1 else f"{others} lines"
            replaces.append(f"{count} would get another chosen take (the old ones stay, not chosen)")
    return Change(files=files, replaces=tuple(replaces))


def _is_shipped(pack: Pack) -> bool:
    """Whether the script comes with voicesim anyway. Raises UsageError if one of its id says something else."""
    content = _content(shipped("scripts") / f"{pack.script.id}.yaml")
    if content is not None and content != pack.source:
        what = f"a script {pack.script.id} comes with voicesim, and says something else than this pack"
        raise UsageError(what, where=str(pack.file), mend="Ask for the pack under another id.")
    return content is not None


def _own_script(data: Path, script_id: str) -> Path:
    """Where one's own script of that id is, or would be."""
    found = [path for path in (data / "scripts" / f"{script_id}{end}" for end in (".yaml", ".yml")) if path.exists()]
    return found[0] if found else data / "scripts" / f"{script_id}.yaml"


def _content(path: Path) -> bytes | None:
    with storage_errors(path, "read"):
        return path.read_bytes() if path.is_file() else None


def _merged(pack: Pack, shelf: Shelf, taken: Taken) -> tuple[Taken, dict[tuple[str, int], bytes]]:
    """The takes that are there and those of the pack, which are chosen; and the sounds that are new."""
    new: dict[tuple[str, int], bytes] = {}
    there = {(take.line_id, _digest(_content(take.path) or b"")): take.n for take in shelf.every()}
    for (line_id, n), sound in pack.sounds.items():
        key = (line_id, _digest(sound))
        number = there.get(key) or 1 + max(taken.takes.get(line_id, {}), default=0)
        if key not in there:
            new[line_id, number] = sound
            there[key] = number
        about = pack.taken.takes[line_id][n]
        if taken.takes.get(line_id, {}).get(number) != about:
            taken = taken.with_take(line_id, number, about)
        if pack.taken.chosen.get(line_id) == n and taken.chosen.get(line_id) != number:
            taken = taken.with_chosen(line_id, number)
    speakers = {**taken.speakers}
    for name, speaker in pack.taken.speakers.items():
        speakers[name] = _later(speaker, speakers.get(name))
    return replace(taken, speakers=speakers), new


def _later(one: Speaker, other: Speaker | None) -> Speaker:
    return one if other is None or one.agreed_utc >= other.agreed_utc else other


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@contextlib.contextmanager
def _being_made(data: Path) -> Iterator[Path]:
    """A new folder beside the others, gone again if it does not become anything."""
    folder = make_folder(data / f"{BEING_MADE}{secrets.token_hex(8)}", private=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fill(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        make_folder(path.parent, private=True)
        write_bytes(path, content, private=True)


def _check_sounds(folder: Path) -> None:
    """Refuse takes that do not play: a right head and a right hash make no sound."""
    for path in sorted(folder.rglob("*.flac")):
        try:
            read_sound(path, longest_s=LONGEST_TAKE_S)
        except SoundFileError as error:
            what = f"a take of the pack is refused: {error.what}"
            raise UsageError(what, where=path.parent.name, mend="Ask for it again where it came from.") from error
