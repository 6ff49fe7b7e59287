"""A pack read without trusting it: every member is known, has the bytes it was promised with, and means something.

Nothing is written here, and nothing of an archive is used that was not looked at. Members lie uncompressed, so that a
pack never holds more than its own size.
"""

import hashlib
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from voicesim.archive import looked_at, refused
from voicesim.errors import InputError, UsageError
from voicesim.files import storage_errors
from voicesim.script.load import load_script
from voicesim.script.model import Script
from voicesim.studio.pack import KIND, LICENCES, LONGEST_TAKE_S, MANIFEST, REHEARSAL, SCHEMA, SCRIPT, TAKES, member_of
from voicesim.studio.takes_file import LINE_ID, Taken, decode_taken

#: A pack may have this many bytes and members, a text in it and a take this many bytes.
MOST_BYTES, MOST_MEMBERS, MOST_TEXT, MOST_TAKE = 500_000_000, 5_000, 5_000_000, 20_000_000
_MEND = "Ask for it again where it came from."
_TAKE = re.compile(rf"takes/{LINE_ID.pattern}/[1-9][0-9]{{0,5}}\.flac")
_TEXTS = (MANIFEST, SCRIPT, REHEARSAL, TAKES, LICENCES)
_RATES_HZ = range(8_000, 48_001)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """What a pack holds: ``source`` the script's file, ``sounds`` (line id, n) -> the bytes of a take."""

    file: Path
    script: Script
    source: bytes
    rehearsal: bytes | None
    taken: Taken
    sounds: Mapping[tuple[str, int], bytes]


def open_pack(path: Path) -> Pack:
    """The pack in a file, all of it verified.

    Raises UsageError for a file that is none, is damaged, was tampered with or made by a newer voicesim, ScriptError
    for a script that does not load, StorageError if it cannot be read.
    """
    members = _members(path)
    script_id, listed = _manifest(members.pop(MANIFEST, b""), path)
    _verify(members, listed, path)
    if SCRIPT not in members:
        raise _no(path, "it holds no script")
    script = load_script(members[SCRIPT], f"{path}: {SCRIPT}")
    if script_id != script.id:
        raise _no(path, "its list names another script than it holds")
    if not all(_harmless(text) for text in _texts_of(asdict(script))):
        raise _no(path, "a text of its script holds signs that control a terminal")
    taken, sounds = _takes(members, script, path)
    return Pack(
        file=path,
        script=script,
        source=members[SCRIPT],
        rehearsal=members.get(REHEARSAL),
        taken=taken,
        sounds=sounds,
    )


def _members(path: Path) -> dict[str, bytes]:
    """Name -> content of every member, once all names and sizes were looked at."""
    with storage_errors(path, "read"):
        if not path.is_file():
            raise UsageError("there is no such file", where=str(path), mend="Check the path.")
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise _no(path, f"it has {size / 1e6:.0f} MB")
        try:
            with zipfile.ZipFile(path) as opened:
                named = looked_at(opened, path, mend=_MEND)
                _check_entries(named, size, path)
                return {name: opened.read(entry) for name, entry in named}
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as broken:
            raise UsageError("this is no pack, or a damaged one", where=str(path), mend=_MEND) from broken


def _check_entries(named: list[tuple[str, zipfile.ZipInfo]], size: int, path: Path) -> None:
    if len(named) > MOST_MEMBERS:
        raise _no(path, f"it holds {len(named)} files")
    for name, entry in named:
        if entry.compress_type != zipfile.ZIP_STORED:
            raise _no(path, "an entry is compressed")
        most = MOST_TEXT if name in _TEXTS else MOST_TAKE
        if entry.file_size > most:
            raise _no(path, f"an entry has {entry.file_size / 1e6:.0f} MB")
        if entry.is_dir() or not (name in _TEXTS or _TAKE.fullmatch(name)):
            raise _no(path, f"it holds a file that no pack has: '{_shown(name)}'")
    # Entries that share their bytes would hold more than the file itself.
    if sum(entry.file_size for _, entry in named) > size:
        raise _no(path, "it would unpack to more than it holds")


def _manifest(content: bytes, path: Path) -> tuple[str, dict[str, tuple[int, str]]]:
    """The script's id, and path -> (bytes, SHA-256) of every member."""
    try:
        told = json.loads(content)
        schema = told["schema"]
        if told["kind"] != KIND or not isinstance(schema, int) or schema < 1:
            raise ValueError("another kind")
        if schema > SCHEMA:
            what = f"this pack was made by a newer voicesim (schema {schema})"
            raise UsageError(what, where=str(path), mend="Update voicesim.")
        listed = {str(one["path"]): (one["bytes"], one["sha256"]) for one in told["members"]}
        if len(listed) != len(told["members"]):
            raise ValueError("a file named twice")
        return str(told["script"]["id"]), listed
    except (ValueError, TypeError, KeyError, RecursionError) as broken:
        raise _no(path, "its list of files is missing or damaged") from broken


def _verify(members: Mapping[str, bytes], listed: Mapping[str, tuple[int, str]], path: Path) -> None:
    """Refuse members that are not listed, missing, or other than listed."""
    odd = sorted(set(listed) ^ set(members))
    if odd:
        raise _no(path, f"its list of files does not fit: '{_shown(odd[0])}'")
    for name, content in members.items():
        if listed[name] != (len(content), hashlib.sha256(content).hexdigest()):
            raise _no(path, f"'{name}' is not what it was when the pack was made")


def _takes(members: Mapping[str, bytes], script: Script, path: Path) -> tuple[Taken, Mapping[tuple[str, int], bytes]]:
    if TAKES not in members:
        if any(name.startswith("takes/") for name in members):
            raise _no(path, "it holds takes that it says nothing about")
        return Taken(), {}
    try:
        taken = decode_taken(members[TAKES], script.id, f"{path}: {TAKES}")
    except UsageError:
        raise
    except InputError as broken:
        raise _no(path, "what it says about its takes is damaged") from broken
    sounds = {(line, n): member_of(line, n) for line, kept in taken.takes.items() for n in kept}
    if set(sounds.values()) != {name for name in members if name.startswith("takes/")}:
        raise _no(path, "its takes are not those that it tells of")
    texts = {line.id: line.text for line in script.lines()}
    if any(texts.get(line) != about.text for line, kept in taken.takes.items() for about in kept.values()):
        raise _no(path, "it holds takes of lines that its script has not")
    if any(a.speaker not in taken.speakers for kept in taken.takes.values() for a in kept.values()):
        raise _no(path, "it holds takes whose speaker did not agree")
    if taken.leaving or taken.steps:
        raise _no(path, "what it says about its takes is damaged")
    for name in sounds.values():
        _check_sound(members[name], name, path)
    return taken, {key: members[name] for key, name in sounds.items()}


def _check_sound(content: bytes, name: str, path: Path) -> None:
    """Refuse what is no mono FLAC file of a line's length, by its head (RFC 9639): a small file can hold hours."""
    head = content[:42]
    if len(head) < 42 or head[:4] != b"fLaC" or head[4] & 0x7F:
        raise _no(path, f"'{name}' is no FLAC file")
    packed = int.from_bytes(head[18:26])
    rate_hz, channels, samples = packed >> 44, (packed >> 41 & 7) + 1, packed & (1 << 36) - 1
    if channels != 1 or rate_hz not in _RATES_HZ or not 0 < samples <= LONGEST_TAKE_S * rate_hz:
        raise _no(path, f"'{name}' is no take of one line")


def _texts_of(told: object) -> Iterator[str]:
    """Every text in nested values."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, Mapping):
        for key, value in told.items():
            yield from _texts_of(key)
            yield from _texts_of(value)
    elif isinstance(told, (tuple, list)):
        for value in told:
            yield from _texts_of(value)


def _harmless(text: str) -> bool:
    return not any(unicodedata.category(sign) in ("Cc", "Cs") for sign in "".join(text.split()))


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:80]


def _no(path: Path, why: str) -> UsageError:
    return refused(path, why, _MEND)
