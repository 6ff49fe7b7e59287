"""What a zip file holds, looked at before anything of it is believed."""

import stat
import zipfile
from pathlib import Path, PurePosixPath

from voicesim.errors import UsageError


def looked_at(opened: zipfile.ZipFile, archive: Path, *, mend: str) -> list[tuple[str, zipfile.ZipInfo]]:
    """The name of every entry, as the archive has it, and the entry; ``mend`` is what a person should do otherwise.

    Raises UsageError for a name that leads outside, for links, devices and encryption, and for two entries whose names
    are one where small and large letters are.
    """
    named = [(_checked_name(entry, archive, mend), entry) for entry in opened.infolist()]
    if len({name.casefold() for name, _ in named}) < len(named):
        raise refused(archive, "two entries have one name", mend)
    return named


def refused(archive: Path, why: str, mend: str) -> UsageError:
    """What to raise for an archive of which nothing is taken."""
    return UsageError(f"this archive is refused: {why}", where=str(archive), mend=mend)


def _checked_name(entry: zipfile.ZipInfo, archive: Path, mend: str) -> str:
    """The entry's name, if it stays inside the folder and is a plain file or folder."""
    # The name before the library tidies it: what it would tidy away is what must be seen.
    name = entry.orig_filename
    kind = stat.S_IFMT(entry.external_attr >> 16)
    outside = name.startswith("/") or ".." in PurePosixPath(name).parts
    if outside or any(sign in name for sign in "\\:\0") or not PurePosixPath(name).parts:
        raise refused(archive, "an entry would be written outside its folder", mend)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise refused(archive, "an entry is a link or a device", mend)
    if entry.flag_bits & 1:
        raise refused(archive, "it is encrypted", mend)
    return name.rstrip("/")
