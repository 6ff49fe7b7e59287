"""A caller in one file to hand out: script, rehearsals, takes, who spoke and agreed, and the SHA-256 of each.

::

    manifest.json              {"schema": 1, "kind": "voicesim pack", "script": {..},
                                "members": [{"path", "bytes", "sha256"}]}
    script.yaml                as the trainer wrote it
    rehearsal.yaml             if there are rehearsals
    takes.json                 as on the shelf, for the takes that are packed; only with takes
    takes/<line id>/<n>.flac
    licences.txt               licences, speakers and what they agreed to, in words

The bytes depend on the content alone: no clock, no order of the disk, no compression that differs between versions.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voicesim.errors import UsageError
from voicesim.files import read_sound, storage_errors, write_bytes
from voicesim.script.model import Script
from voicesim.studio.consent import Speaker
from voicesim.studio.shelf import KeptTake, Shelf
from voicesim.studio.takes_file import About, Taken, encode_taken

SCHEMA, KIND = 1, "voicesim pack"
MANIFEST, SCRIPT, REHEARSAL, TAKES, LICENCES = (
    "manifest.json",
    "script.yaml",
    "rehearsal.yaml",
    "takes.json",
    "licences.txt",
)
#: A take is one line: nobody speaks longer without a pause.
LONGEST_TAKE_S = 120
# The earliest time that a zip file can tell, and rw-r--r-- of a plain file.
_NO_TIME, _PLAIN, _UNIX = (1980, 1, 1, 0, 0, 0), 0o100644, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """What went into a pack: ``takes`` packed, ``lines`` of the script in all, ``orphans`` left out."""

    content: bytes
    takes: int
    lines: int
    orphans: int
    speakers: tuple[Speaker, ...]


def pack_name(script: Script) -> str:
    """``ID-vN.voicesim``."""
    return f"{script.id}-v{script.version}.voicesim"


def pack(script: Script, source: bytes, rehearsal: bytes | None, shelf: Shelf, *, all_takes: bool = False) -> Packed:
    """The pack of a script, whose file is ``source``, with the chosen takes of its lines (``all_takes``: with all).

    Raises UsageError for takes that nobody agreed to, SoundFileError for one that cannot be read, StorageError.
    """
    known = {line.id for line in script.lines()}
    every = shelf.every()
    packed = [take for take in every if take.line_id in known and (take.chosen or all_takes)]
    speakers = _agreed(packed, shelf.speakers(), script.id)
    members = {SCRIPT: source, LICENCES: _licences(script, speakers).encode()}
    if rehearsal is not None:
        members[REHEARSAL] = rehearsal
    if packed:
        members[TAKES] = encode_taken(_taken(packed, speakers), script.id)
    for take in packed:
        read_sound(take.path, longest_s=LONGEST_TAKE_S)
        with storage_errors(take.path, "read"):
            members[member_of(take.line_id, take.n)] = take.path.read_bytes()
    orphans = sum(take.line_id not in known for take in every)
    return Packed(
        content=zipped({MANIFEST: manifest(script, members), **members}),
        takes=len(packed),
        lines=len(known),
        orphans=orphans,
        speakers=tuple(speakers.values()),
    )


def write_pack(out: Path, content: bytes) -> bool:
    """Whether ``out`` was written: not if it is the same already.

    Raises UsageError if another file is there: nobody who has a pack may be given another one of its name.
    """
    with storage_errors(out, "read"):
        if out.exists():
            if out.is_file() and out.read_bytes() == content:
                return False
            mend = "Count up 'version' in the script, or name another file with --out."
            raise UsageError("is there already, and holds something else", where=str(out), mend=mend)
    write_bytes(out, content)
    return True


def member_of(line_id: str, n: int) -> str:
    """The name of a take inside a pack."""
    return f"takes/{line_id}/{n}.flac"


def manifest(script: Script, members: Mapping[str, bytes]) -> bytes:
    """``manifest.json`` for these members."""
    told: dict[str, Any] = {
        "schema": SCHEMA,
        "kind": KIND,
        "script": {
            "id": script.id,
            "version": script.version,
            "title": script.title,
            "language": script.language,
            "licence": script.licence,
            "authors": list(script.authors),
            "content_note": script.content_note,
            "sha256": hashlib.sha256(members[SCRIPT]).hexdigest(),
        },
        "members": [
            {"path": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in sorted(members.items())
        ],
    }
    return (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode()


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A zip file of these members in their order, uncompressed: the same bytes everywhere."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.create_system, entry.external_attr = _UNIX, _PLAIN << 16
            archive.writestr(entry, content)
    return made.getvalue()


def without_consent(takes: Sequence[KeptTake], speakers: Mapping[str, Speaker]) -> tuple[str, ...]:
    """Who spoke these takes and did not agree, in words; empty if everybody did."""
    names = sorted({take.speaker for take in takes} - set(speakers))
    return tuple(name or "somebody whose name is not known" for name in names)


def _agreed(takes: Sequence[KeptTake], speakers: Mapping[str, Speaker], script_id: str) -> dict[str, Speaker]:
    """The speakers of these takes by name. Raises UsageError if one did not agree."""
    missing = without_consent(takes, speakers)
    if missing:
        raise UsageError(
            f"takes by {', '.join(missing)} cannot be handed out: nobody agreed to that",
            where=script_id,
            mend=f"Ask, and record with: voicesim record {script_id}",
        )
    return {name: speakers[name] for name in sorted({take.speaker for take in takes})}


def _taken(takes: Sequence[KeptTake], speakers: Mapping[str, Speaker]) -> Taken:
    taken = Taken(speakers=speakers, chosen={take.line_id: take.n for take in takes if take.chosen})
    for take in takes:
        about = About(
            text=take.text,
            made_utc=take.made_utc,
            speaker=take.speaker,
            checks=take.checks if take.checked else None,
        )
        taken = taken.with_take(take.line_id, take.n, about)
    return taken


def _licences(script: Script, speakers: Mapping[str, Speaker]) -> str:
    authors = ", ".join(script.authors) or "unknown"
    lines = [f"{script.title} ({script.id}, version {script.version})", ""]
    lines += [f"Script: by {authors}. Licence: {script.licence}.", ""]
    for speaker in speakers.values():
        lines += [f"Takes by {speaker.name}: agreed {speaker.agreed_utc}. Licence: {speaker.licence}.", speaker.terms]
        lines += [""]
    return "\n".join(lines)
