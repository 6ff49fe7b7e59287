"""A caller in one file: the same bytes for the same content, nothing without consent, nothing believed unseen."""

import hashlib
import io
import json
import os
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

from voicesim.errors import ScriptError, SoundFileError, StorageError, UsageError
from voicesim.files import encode_flac
from voicesim.model import RATE_HZ
from voicesim.script.load import load_script
from voicesim.studio import opened_pack
from voicesim.studio.checks import TakeProblem
from voicesim.studio.consent import agreed
from voicesim.studio.install import install
from voicesim.studio.installing import finish_installs
from voicesim.studio.opened_pack import open_pack
from voicesim.studio.pack import MANIFEST, SCRIPT, TAKES, manifest, member_of, pack, pack_name, write_pack, zipped
from voicesim.studio.shelf import Shelf

SHORT = Path(__file__).parents[1] / "data" / "short.yaml"
SOURCE = SHORT.read_bytes()
SCRIPT_READ = load_script(SOURCE, "short.yaml")
LINES = tuple(SCRIPT_READ.lines())
REHEARSAL = b"script: short\nrehearsals: []\n"
NOW = "2026-11-22T10:00:00+00:00"
QUIET = TakeProblem(code="quiet", what="it is quiet", measure="dBFS", value=-48.5, advice="come closer")


def tone(pitch_hz):
    return (0.3 * np.sin(2 * np.pi * pitch_hz * np.arange(RATE_HZ // 5) / RATE_HZ)).astype(np.float32)


def put(shelf, line, pitch_hz, speaker="Anna"):
    return shelf.add(line, tone(pitch_hz), RATE_HZ, speaker=speaker, made_utc=NOW, checks=(QUIET,))


@pytest.fixture
def shelf(tmp_path):
    """Two takes of the first line, one of the second, by somebody who agreed."""
    shelf = Shelf(tmp_path / "studio" / "audio" / "short", "short")
    shelf.agree(agreed("Anna", title=SCRIPT_READ.title, agreed_utc=NOW))
    for line, pitch_hz in ((LINES[0], 200.0), (LINES[0], 220.0), (LINES[1], 240.0)):
        put(shelf, line, pitch_hz)
    return shelf


@pytest.fixture
def packed(shelf):
    return pack(SCRIPT_READ, SOURCE, REHEARSAL, shelf).content


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


def as_file(tmp_path, content, name="short-v1.voicesim"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def members_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def everything(folder):
    """Path -> content of every file of a data folder but locks."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }


# -- packing --


def test_a_pack_holds_the_script_and_the_chosen_takes(packed, shelf):
    members = members_of(packed)
    takes = {member_of(LINES[0].id, 2), member_of(LINES[1].id, 1)}
    assert set(members) == {MANIFEST, SCRIPT, "rehearsal.yaml", TAKES, "licences.txt", *takes}
    assert members[SCRIPT] == SOURCE
    assert members[member_of(LINES[0].id, 2)] == shelf.chosen()[LINES[0].id].read_bytes()
    told = json.loads(members[MANIFEST])
    assert told["schema"] == 1
    assert {one["path"]: one["sha256"] for one in told["members"]} == {
        name: hashlib.sha256(content).hexdigest() for name, content in members.items() if name != MANIFEST
    }


def test_who_spoke_and_agreed_is_told_in_words(packed):
    licences = members_of(packed)["licences.txt"].decode()
    assert f"Takes by Anna: agreed {NOW}. Licence: training calls only." in licences
    assert "I can take this back at any time" in licences


def test_takes_that_are_not_chosen_are_packed_if_asked_for(shelf):
    put(shelf, LINES[2], 260.0)
    shelf.choose(LINES[2].id, None)
    assert pack(SCRIPT_READ, SOURCE, None, shelf).takes == 2
    more = pack(SCRIPT_READ, SOURCE, None, shelf, all_takes=True)
    assert more.takes == 4
    assert member_of(LINES[0].id, 1) in members_of(more.content)


def test_the_same_content_has_the_same_bytes(shelf, packed, tmp_path):
    """Whatever was chosen and undone meanwhile, and wherever it lies."""
    shelf.choose(LINES[0].id, 1)
    shelf.undo()
    shelf.choose(LINES[1].id, None)
    shelf.choose(LINES[1].id, 1)
    elsewhere = Shelf(tmp_path / "elsewhere" / "short", "short")
    shutil.copytree(shelf.folder, elsewhere.folder)
    for path in elsewhere.folder.rglob("*.flac"):
        os.utime(path, (0, 0))
    assert pack(SCRIPT_READ, SOURCE, REHEARSAL, elsewhere).content == packed


def test_takes_without_consent_are_not_packed(shelf):
    put(shelf, LINES[2], 260.0, speaker="Ben")
    with pytest.raises(UsageError, match=r"takes by Ben cannot be handed out: nobody agreed to that. Ask, and record"):
        pack(SCRIPT_READ, SOURCE, None, shelf)


def test_takes_of_edited_lines_stay_where_they_are(shelf):
    edited = SOURCE.replace(b"You took my money twice", b"You took my money two times")
    made = pack(load_script(edited, "short.yaml"), edited, None, shelf)
    assert (made.takes, made.orphans) == (1, 2)


def test_a_take_that_does_not_play_is_not_packed(shelf):
    shelf.chosen()[LINES[0].id].write_bytes(b"fLaC, so to say")
    with pytest.raises(SoundFileError, match="no recording that can be read"):
        pack(SCRIPT_READ, SOURCE, None, shelf)


def test_a_pack_is_never_another_one_under_the_same_name(packed, tmp_path):
    out = tmp_path / pack_name(SCRIPT_READ)
    assert out.name == "short-v1.voicesim"
    assert write_pack(out, packed)
    assert not write_pack(out, packed)
    with pytest.raises(UsageError, match=r"is there already, and holds something else. Count up 'version'"):
        write_pack(out, packed + b"x")
    assert out.read_bytes() == packed


# -- installing --


def test_an_installed_pack_is_what_was_packed(packed, shelf, tmp_path, data):
    install(open_pack(as_file(tmp_path, packed)), data)
    there = Shelf(data / "audio" / "short", "short")
    assert (data / "scripts" / "short.yaml").read_bytes() == SOURCE
    assert (data / "scripts" / "rehearsals" / "short.rehearsal.yaml").read_bytes() == REHEARSAL
    assert {take.line_id: take.path.read_bytes() for take in there.every()} == {
        line_id: path.read_bytes() for line_id, path in shelf.chosen().items()
    }
    assert set(there.chosen()) == {LINES[0].id, LINES[1].id}
    assert there.speakers() == shelf.speakers()
    assert there.takes(LINES[1].id)[0].checks == (QUIET,)
    assert pack(SCRIPT_READ, SOURCE, REHEARSAL, there).takes == 2


def test_what_is_installed_again_changes_nothing(packed, tmp_path, data):
    opened = open_pack(as_file(tmp_path, packed))
    assert install(opened, data).files
    before = everything(data)
    assert not install(opened, data).files
    assert everything(data) == before


def test_another_script_of_the_same_id_is_replaced_only_if_asked_for(packed, tmp_path, data):
    """The old one is kept aside."""
    (data / "scripts").mkdir(parents=True)
    (data / "scripts" / "short.yaml").write_bytes(SOURCE + b"# mine\n")
    before = everything(data)
    opened = open_pack(as_file(tmp_path, packed))
    with pytest.raises(UsageError, match=r"your script short would be replaced .*Add --replace"):
        install(opened, data)
    assert everything(data) == before
    install(opened, data, replacing=True)
    assert (data / "scripts" / "short.yaml").read_bytes() == SOURCE
    [old] = (data / "scripts" / "replaced").iterdir()
    assert old.read_bytes() == SOURCE + b"# mine\n"


def test_own_takes_stay_when_a_pack_brings_others(packed, tmp_path, data):
    """Those of the pack are chosen, if that was asked for; a take that is there already is not doubled."""
    own = Shelf(data / "audio" / "short", "short")
    own.agree(agreed("Ben", title=SCRIPT_READ.title, agreed_utc=NOW))
    mine = put(own, LINES[0], 300.0, speaker="Ben")
    put(own, LINES[1], 240.0)
    opened = open_pack(as_file(tmp_path, packed))
    with pytest.raises(UsageError, match=r"1 line would get another chosen take \(the old ones stay, not chosen\)"):
        install(opened, data)
    install(opened, data, replacing=True)
    assert [(take.n, take.speaker, take.chosen) for take in own.takes(LINES[0].id)] == [
        (1, "Ben", False),
        (2, "Anna", True),
    ]
    assert mine.path.exists()
    assert len(own.takes(LINES[1].id)) == 1
    assert set(own.speakers()) == {"Anna", "Ben"}


def test_a_pack_of_a_shipped_script_brings_takes_alone(tmp_path, data, monkeypatch):
    """One that says something else under its id is refused."""
    monkeypatch.setattr("voicesim.studio.install.shipped", lambda kind: SHORT.parent)
    content = pack(SCRIPT_READ, SOURCE, None, Shelf(tmp_path / "none" / "short", "short")).content
    assert not install(open_pack(as_file(tmp_path, content)), data).files
    other = SOURCE + b"# more\n"
    content = pack(load_script(other, "x"), other, None, Shelf(tmp_path / "none" / "short", "short")).content
    with pytest.raises(UsageError, match="a script short comes with voicesim, and says something else"):
        install(open_pack(as_file(tmp_path, content)), data)


def test_a_killed_installation_leaves_the_old_state_or_the_new_one(packed, tmp_path, killed_at_every_step):
    """Before each step that changes the disk, script and takes alike."""
    old, new = tmp_path / "old", tmp_path / "new"
    put(Shelf(old / "audio" / "short", "short"), LINES[0], 300.0, speaker="Ben")
    (old / "scripts").mkdir()
    (old / "scripts" / "short.yaml").write_bytes(SOURCE + b"# mine\n")
    file = as_file(tmp_path, packed)
    shutil.copytree(old, new)
    install(open_pack(file), new, replacing=True)
    imports = "from voicesim.studio.install import install\nfrom voicesim.studio.opened_pack import open_pack\n"
    work = f"install(open_pack(Path({str(file)!r})), folder, replacing=True)"
    seen = set()
    for data in killed_at_every_step(old, imports=imports, work=work):
        finish_installs(data)
        found = {name: content for name, content in everything(data).items() if not name.startswith(".installing-")}
        assert found in (everything(old), everything(new))
        seen.add(found == everything(new))
        install(open_pack(file), data, replacing=True)
        assert Shelf(data / "audio" / "short", "short").chosen().keys() == {LINES[0].id, LINES[1].id}
    assert seen == {True, False}


def test_an_installation_that_another_process_is_moving_is_left_to_it(packed, tmp_path, data):
    with Shelf(data / "audio" / "short", "short"):
        (data / ".installed-short" / "scripts").mkdir(parents=True)
        (data / ".installed-short" / "scripts" / "short.yaml").write_bytes(SOURCE)
        finish_installs(data)
        assert not (data / "scripts").exists()
        with pytest.raises(StorageError, match="another voicesim is just changing these takes"):
            install(open_pack(as_file(tmp_path, packed)), data)
    finish_installs(data)
    assert (data / "scripts" / "short.yaml").read_bytes() == SOURCE


def test_what_killed_installations_left_is_swept_up_later(packed, tmp_path, data):
    left, fresh = data / ".installing-0", data / ".installing-1"
    left.mkdir(parents=True)
    fresh.mkdir()
    os.utime(left, (0, 0))
    install(open_pack(as_file(tmp_path, packed)), data)
    assert not left.exists()
    assert fresh.exists()


# -- hostile packs --


def listed(members):
    """The members with a manifest that fits them."""
    rest = {name: content for name, content in members.items() if name != MANIFEST}
    return {MANIFEST: manifest(SCRIPT_READ, rest), **rest}


def told_otherwise(name, **other):
    def spoil(members):
        return listed({**members, name: json.dumps({**json.loads(members[name]), **other}).encode()})

    return spoil


def manifest_with(**other):
    def spoil(members):
        return {**members, MANIFEST: json.dumps({**json.loads(members[MANIFEST]), **other}).encode()}

    return spoil


def added(name, content=b"x"):
    return lambda members: listed({**members, name: content})


def exchanged(name, content):
    return lambda members: {**members, name: content}


def without(name):
    return lambda members: {other: content for other, content in members.items() if other != name}


def flac(channels=1, rate_hz=RATE_HZ, samples=100):
    import soundfile

    made = io.BytesIO()
    soundfile.write(made, np.zeros((samples, channels)), rate_hz, format="FLAC")
    return made.getvalue()


TAKE = member_of(LINES[1].id, 1)
HOSTILE = {
    "no list": (without(MANIFEST), "list of files is missing"),
    "list is no JSON": (exchanged(MANIFEST, b"{"), "list of files is missing or damaged"),
    "list is deep": (exchanged(MANIFEST, b"[" * 100_000), "list of files is missing or damaged"),
    "another kind": (manifest_with(kind="other"), "list of files is missing or damaged"),
    "schema of a newer voicesim": (manifest_with(schema=2), "made by a newer voicesim .*Update voicesim"),
    "schema is no number": (manifest_with(schema="1"), "list of files is missing or damaged"),
    "another script in the list": (manifest_with(script={"id": "other"}), "another script than it holds"),
    "member not listed": (exchanged("licences2.txt", b""), "a file that no pack has"),
    "unknown member": (added("run.sh"), "a file that no pack has: 'run.sh'"),
    "take of no line": (added("takes/opening/1.flac"), "a file that no pack has"),
    "take named 0": (added(f"takes/{LINES[1].id}/0.flac"), "a file that no pack has"),
    "listed, not there": (without(TAKE), "does not fit"),
    "there, not listed": (lambda m: {**m, member_of(LINES[2].id, 1): b"x"}, "does not fit"),
    "another script than listed": (exchanged(SCRIPT, SOURCE + b"# more"), "is not what it was"),
    "another take than listed": (exchanged(TAKE, b"fLaC"), "is not what it was"),
    "no script": (lambda m: listed({**without(SCRIPT)(m), SCRIPT: b""}), "script.yaml"),
    "outside": (added("../evil.yaml"), "outside its folder"),
    "absolute": (added("/etc/evil"), "outside its folder"),
    "Windows": (added("takes\\evil.flac"), "outside its folder"),
    "drive": (added("C:evil"), "outside its folder"),
    "two names by case": (added("Script.yaml"), "two entries have one name"),
    "takes without words": (lambda m: listed(without(TAKES)(m)), "takes that it says nothing about"),
    "broken takes.json": (lambda m: listed({**m, TAKES: b"{"}), "says about its takes is damaged"),
    "takes of another script": (told_otherwise(TAKES, script="other"), "says about its takes is damaged"),
    "newer takes": (told_otherwise(TAKES, schema=2), "newer voicesim"),
    "speaker who did not agree": (told_otherwise(TAKES, speakers={}), "whose speaker did not agree"),
    "takes that are not there": (lambda m: listed(without(TAKE)(m)), "not those that it tells of"),
    "speaker with control signs": (
        told_otherwise(TAKES, speakers={"Anna": {"agreed_utc": "\x1b[2J", "terms": "", "licence": ""}}),
        "says about its takes is damaged",
    ),
    "text of a half sign": (
        lambda m: listed({**m, TAKES: m[TAKES].replace(b'"text": "', b'"text": "\\ud800')}),
        "says about its takes is damaged",
    ),
    "speaker just leaving": (told_otherwise(TAKES, leaving=["Anna"]), "says about its takes is damaged"),
    "take is no sound": (lambda m: listed({**m, TAKE: b"RIFF" + bytes(60)}), "is no FLAC file"),
    "take is short": (lambda m: listed({**m, TAKE: b"fLaC"}), "is no FLAC file"),
    "take in stereo": (lambda m: listed({**m, TAKE: flac(channels=2)}), "no take of one line"),
    "take of hours": (lambda m: listed({**m, TAKE: flac(samples=130 * RATE_HZ)}), "no take of one line"),
    "take at 96 kHz": (lambda m: listed({**m, TAKE: flac(rate_hz=96_000)}), "no take of one line"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_pack_is_refused_and_nothing_written(kind, packed, tmp_path):
    spoil, why = HOSTILE[kind]
    path = as_file(tmp_path, zipped(spoil(members_of(packed))))
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises((UsageError, ScriptError), match=why) as told:
        open_pack(path)
    assert "\n" not in str(told.value)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_script_that_does_not_load_is_told_with_its_line(packed, tmp_path):
    broken = SOURCE.replace(b"phase: control", b"phase: anger")
    path = as_file(tmp_path, zipped(listed({**members_of(packed), SCRIPT: broken})))
    with pytest.raises(ScriptError, match=r"short-v1.voicesim: script.yaml:\d+: "):
        open_pack(path)


def test_a_script_that_would_move_the_cursor_is_refused(packed, tmp_path):
    """Its title is shown before anybody agrees to install it."""
    moving = SOURCE.replace(b'title: "A short call"', rb'title: "A short\e[2J call"')
    path = as_file(tmp_path, zipped(listed({**members_of(packed), SCRIPT: moving})))
    with pytest.raises(UsageError, match="signs that control a terminal"):
        open_pack(path)


def test_takes_of_lines_that_the_script_has_not_are_refused(packed, tmp_path):
    edited = SOURCE.replace(b"You took my money twice", b"You took my money two times")
    path = as_file(tmp_path, zipped(listed({**members_of(packed), SCRIPT: edited})))
    with pytest.raises(UsageError, match="takes of lines that its script has not"):
        open_pack(path)


def rezipped(members, change):
    """The members zipped by hand; ``change`` may spoil the entry of the script."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name)
            if name == SCRIPT:
                change(entry)
            archive.writestr(entry, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda entry: setattr(entry, "external_attr", 0o120777 << 16), "a link or a device"),
        (lambda entry: setattr(entry, "external_attr", 0o020666 << 16), "a link or a device"),
        (lambda entry: setattr(entry, "compress_type", zipfile.ZIP_DEFLATED), "an entry is compressed"),
    ],
    ids=["link", "device", "compressed"],
)
def test_entries_of_another_kind_are_refused(change, why, packed, tmp_path):
    path = as_file(tmp_path, rezipped(members_of(packed), change))
    with pytest.raises(UsageError, match=why):
        open_pack(path)


def test_entries_that_claim_more_than_there_is_are_refused(packed, tmp_path, monkeypatch):
    """As those of an archive that unpacks to more than its own size, whose entries share their bytes."""
    path = as_file(tmp_path, packed)
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    for entry in entries:
        entry.file_size += len(packed)
    monkeypatch.setattr(zipfile.ZipFile, "infolist", lambda archive: entries)
    with pytest.raises(UsageError, match="it would unpack to more than it holds"):
        open_pack(path)


@pytest.mark.parametrize("limit", ["MOST_BYTES", "MOST_MEMBERS", "MOST_TEXT", "MOST_TAKE"])
def test_a_pack_beyond_a_limit_is_refused(limit, packed, tmp_path, monkeypatch):
    monkeypatch.setattr(opened_pack, limit, 5)
    with pytest.raises(UsageError, match=r"this archive is refused: (it|an entry) (has|holds) "):
        open_pack(as_file(tmp_path, packed))


@pytest.mark.parametrize("content", [b"", b"no zip file", b"PK\x03\x04 torn"])
def test_what_is_no_pack_is_told(content, tmp_path):
    with pytest.raises(UsageError, match="this is no pack, or a damaged one"):
        open_pack(as_file(tmp_path, content))


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(UsageError, match="there is no such file"):
        open_pack(tmp_path / "none.voicesim")


def test_any_flipped_byte_is_found(packed, tmp_path, rng):
    """Wherever it lies, the pack is refused or says exactly the same."""
    whole = open_pack(as_file(tmp_path, packed))
    for at in rng.integers(0, len(packed), 60):
        torn = bytearray(packed)
        torn[at] ^= 0x41
        try:
            opened = open_pack(as_file(tmp_path, bytes(torn), "torn.voicesim"))
        except (UsageError, ScriptError, StorageError):
            continue
        assert (opened.source, opened.taken, opened.sounds) == (whole.source, whole.taken, whole.sounds)


def test_a_take_with_the_right_head_that_does_not_play_is_refused(packed, tmp_path, data):
    """Found before anything is in place."""
    spoilt = bytearray(encode_flac(tone(200.0)))
    spoilt[60:-20] = bytes(len(spoilt) - 80)
    path = as_file(tmp_path, zipped(listed({**members_of(packed), TAKE: bytes(spoilt)})))
    with pytest.raises(UsageError, match="a take of the pack is refused"):
        install(open_pack(path), data)
    assert everything(data) == {}
