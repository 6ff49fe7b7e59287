"""Packs on their way out and in: what is packed of a script, and what is opened of a file."""

from pathlib import Path

from voicesim.script.model import Script
from voicesim.studio.opened_pack import Pack, open_pack
from voicesim.studio.pack import Packed, pack
from voicesim.studio.shelf import Shelf
from voicesim.wiring.library import read_bytes, rehearsal_file
from voicesim.wiring.publishing import check_rehearsal


def packed_script(script: Script, shelf: Shelf, *, all_takes: bool = False) -> Packed:
    """The pack of a script with its rehearsals and chosen takes (``all_takes``: with all of its lines).

    Raises UsageError for takes that nobody agreed to, SoundFileError for one that cannot be read, StorageError.
    """
    rehearsal = rehearsal_file(script)
    told = read_bytes(rehearsal) if rehearsal.is_file() else None
    return pack(script, read_bytes(Path(script.file)), told, shelf, all_takes=all_takes)


def opened_pack(path: Path) -> Pack:
    """The pack in a file, all of it verified, its rehearsals as well.

    Raises UsageError for a file that is none or is not whole, ScriptError for what does not load, StorageError.
    """
    opened = open_pack(path)
    if opened.rehearsal is not None:
        check_rehearsal(opened.rehearsal, f"{path}: rehearsal.yaml", opened.script.id)
    return opened
