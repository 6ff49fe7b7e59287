"""Takes on a shelf: nothing that was spoken is lost, and nothing is changed behind anybody's back."""

import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from voicesim.errors import InputError, StorageError, UsageError
from voicesim.files import read_sound
from voicesim.model import RATE_HZ
from voicesim.script.load import load_script
from voicesim.studio.checks import TakeProblem
from voicesim.studio.consent import TERMS, agreed, speaker_name
from voicesim.studio.shelf import COPY, TAKES, Shelf, chosen_takes
from voicesim.studio.takes_file import LINE_ID, Taken, decode_taken

SHORT = Path(__file__).parents[1] / "data" / "short.yaml"
SCRIPT = load_script(SHORT.read_bytes(), "short.yaml")
SHIPPED = Path(__file__).parents[2] / "scripts"
LINES = tuple(SCRIPT.lines())
NOW = "2026-11-22T10:00:00+00:00"
QUIET = TakeProblem(code="quiet", what="it is quiet", measure="dBFS", value=-48.5, advice="come closer")


def tone(pitch_hz=220.0, seconds=0.2):
    return (0.3 * np.sin(2 * np.pi * pitch_hz * np.arange(int(seconds * RATE_HZ)) / RATE_HZ)).astype(np.float32)


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "audio" / "short", "short")


def put(shelf, line=LINES[0], pitch_hz=220.0, speaker="Anna", checks=()):
    return shelf.add(line, tone(pitch_hz), RATE_HZ, speaker=speaker, made_utc=NOW, checks=checks)


def again(shelf):
    """The same shelf as another command meets it."""
    return Shelf(shelf.folder, shelf.script_id)


def test_a_take_is_kept_as_it_was_spoken_and_becomes_the_chosen_one(shelf):
    kept = put(shelf, checks=(QUIET,))
    assert (kept.n, kept.text, kept.speaker, kept.made_utc) == (1, LINES[0].text, "Anna", NOW)
    assert kept.checks == (QUIET,)
    assert kept.chosen and kept.checked
    assert again(shelf).takes(LINES[0].id) == (kept,)
    assert again(shelf).chosen() == {LINES[0].id: shelf.folder / LINES[0].id / "1.flac"}
    np.testing.assert_allclose(read_sound(kept.path)[0].samples, tone(), atol=1e-4)


def test_the_earlier_takes_of_a_line_stay(shelf):
    takes = [put(shelf, pitch_hz=pitch_hz) for pitch_hz in (200.0, 300.0, 400.0)]
    assert [take.path.exists() for take in takes] == [True, True, True]
    assert [(take.n, take.chosen) for take in again(shelf).takes(LINES[0].id)] == [(1, False), (2, False), (3, True)]


def test_what_was_done_last_is_taken_back_step_by_step(shelf):
    """Additions and choices alike, even by another command later; the takes stay."""
    put(shelf)
    put(shelf)
    shelf.choose(LINES[0].id, 1)
    assert again(shelf).undo().n == 1
    assert shelf.chosen() == {LINES[0].id: shelf.folder / LINES[0].id / "2.flac"}
    assert again(shelf).undo().n == 2
    assert shelf.chosen() == {LINES[0].id: shelf.folder / LINES[0].id / "1.flac"}
    assert again(shelf).undo().n == 1
    assert shelf.chosen() == {}
    assert shelf.undo() is None
    assert len(shelf.every()) == 2


def test_no_take_may_be_chosen_and_that_taken_back_too(shelf):
    kept = put(shelf)
    shelf.choose(kept.line_id, None)
    assert shelf.chosen() == {}
    assert shelf.undo() == kept
    assert shelf.chosen() == {kept.line_id: kept.path}


def test_a_take_that_is_not_there_cannot_be_chosen(shelf):
    put(shelf)
    with pytest.raises(UsageError, match=r"has no take 7. It has: 1"):
        shelf.choose(LINES[0].id, 7)
    with pytest.raises(UsageError, match=r"has no take 1. It has none"):
        shelf.choose(LINES[1].id, 1)


def test_lines_without_a_chosen_take_are_missing(shelf):
    put(shelf)
    put(shelf, LINES[1])
    shelf.choose(LINES[1].id, None)
    assert [line.id for line in shelf.missing(SCRIPT)] == [line.id for line in LINES[1:]]


def test_takes_of_an_edited_line_are_orphans_and_stay(shelf):
    kept = put(shelf)
    source = SHORT.read_text(encoding="utf-8").replace("You took my money twice", "You took my money two times")
    edited = load_script(source.encode(), "short.yaml")
    assert shelf.orphans(SCRIPT) == ()
    assert shelf.orphans(edited) == (kept,)
    assert len(shelf.missing(edited)) == len(LINES)
    assert kept.path.exists()


def test_the_text_of_a_take_is_that_of_its_line_then(shelf):
    assert put(shelf).text == LINES[0].text


@pytest.mark.parametrize(("value", "kept"), [(np.float32(0.5), 0.5), (-np.inf, None), (np.nan, None), (3, 3.0)])
def test_a_measure_is_kept_as_a_plain_number_or_as_unknown(value, kept, shelf):
    put(shelf, checks=(replace(QUIET, value=value),))
    [take] = again(shelf).every()
    assert take.checks == (replace(QUIET, value=kept),)
    assert "Infinity" not in (shelf.folder / TAKES).read_text()


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_line_of_a_shipped_script_has_a_place_on_a_shelf(path):
    """Its name is that of a folder, on every system another one."""
    ids = {line.id for line in load_script(path.read_bytes(), str(path)).lines()}
    assert {line_id for line_id in ids if not LINE_ID.fullmatch(line_id)} == set()


@pytest.mark.skipif(sys.platform == "win32", reason="rights of Linux and macOS")
def test_everything_is_its_owners_alone(shelf):
    before = os.umask(0)
    try:
        put(shelf)
    finally:
        os.umask(before)
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in (shelf.folder.parent, *shelf.folder.parent.rglob("*"))
    }
    assert modes == {
        "audio": 0o700,
        "short": 0o700,
        ".short.lock": 0o600,
        LINES[0].id: 0o700,
        "1.flac": 0o600,
        TAKES: 0o600,
        COPY: 0o600,
    }


def test_reading_changes_nothing_on_the_disk(tmp_path):
    shelf = Shelf(tmp_path / "audio" / "short", "short")
    assert (shelf.chosen(), shelf.every(), shelf.speakers(), shelf.notes) == ({}, (), {}, ())
    assert list(tmp_path.iterdir()) == []


def test_own_takes_come_before_shipped_ones(tmp_path, monkeypatch):
    """Line by line: what one has not recorded oneself is shipped."""
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "data"))
    monkeypatch.setattr("voicesim.studio.shelf.shipped", lambda kind: tmp_path / "shipped" / kind)
    theirs = Shelf(tmp_path / "shipped" / "audio" / "short", "short")
    put(theirs)
    second = put(theirs, LINES[1])
    assert chosen_takes("short") == theirs.chosen()
    own = put(Shelf.own("short"))
    assert chosen_takes("short") == {LINES[0].id: own.path, LINES[1].id: second.path}
    assert own.path.is_relative_to(tmp_path / "data" / "audio" / "short")


# -- who agreed --


def test_who_agreed_is_kept_with_the_words_that_were_shown(shelf):
    anna = agreed("  Anna   Berg ", title=SCRIPT.title, agreed_utc=NOW)
    shelf.agree(anna)
    assert again(shelf).speakers() == {"Anna Berg": anna}
    assert "A short call" in anna.terms
    assert "training calls" in TERMS and "take this back" in TERMS


@pytest.mark.parametrize("name", ["", "  ", "a" * 81, "An\x1bna"])
def test_what_is_no_name_is_refused(name, shelf):
    with pytest.raises(InputError, match="is no name of a speaker"):
        speaker_name(name)
    with pytest.raises(InputError, match="is no name of a speaker"):
        put(shelf, speaker=name)
    assert shelf.every() == ()


def test_a_speaker_who_withdraws_leaves_nothing(shelf):
    """Neither takes nor name; other speakers' takes stay, also undone ones."""
    for name in ("Anna", "Ben"):
        shelf.agree(agreed(name, title="A short call", agreed_utc=NOW))
    annas, bens = put(shelf), put(shelf, speaker="Ben")
    put(shelf, LINES[1])
    shelf.choose(LINES[0].id, 1)
    assert shelf.withdraw("Anna") == 2
    assert not annas.path.exists()
    assert bens.path.exists()
    assert again(shelf).chosen() == {}
    assert [take.speaker for take in again(shelf).every()] == ["Ben"]
    assert list(again(shelf).speakers()) == ["Ben"]
    assert not any(b"Anna" in path.read_bytes() for path in shelf.folder.rglob("*") if path.is_file())
    assert again(shelf).notes == ()


def test_nobody_can_withdraw_who_is_not_known(shelf):
    put(shelf)
    with pytest.raises(UsageError, match=r"no takes here are by 'Carla'. Speakers are: Anna"):
        shelf.withdraw("Carla")


# -- what can go wrong --


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b'{"schema": 1}', b"\xff\xfe", b'{"schema": 1, "script": "x"}'])
def test_a_broken_takes_json_is_put_together_from_its_copy(shelf, broken):
    """Told in one line; the broken file is kept aside by the next change."""
    shelf.agree(agreed("Anna", title="A short call", agreed_utc=NOW))
    first, second = put(shelf), put(shelf)
    (shelf.folder / TAKES).write_bytes(broken)
    met = again(shelf)
    assert met.takes(LINES[0].id) == (replace(first, chosen=False), second)
    assert list(met.speakers()) == ["Anna"]
    [note] = met.notes
    assert note == f"{shelf.folder / TAKES} is broken: put together again from its copy."
    met.choose(LINES[0].id, 1)
    mended = again(shelf)
    assert mended.chosen() == {LINES[0].id: first.path}
    assert mended.notes == ()
    assert [path.read_bytes() for path in shelf.folder.glob("takes.broken-*.json")] == [broken]


def places(told, path=()):
    """The path to every value of something told in JSON."""
    yield path
    inside = told.items() if isinstance(told, dict) else enumerate(told) if isinstance(told, list) else ()
    for key, value in inside:
        yield from places(value, (*path, key))


def test_whatever_stands_in_takes_json_is_read_or_told_to_be_broken(shelf):
    """Any value exchanged for any other kind of value."""
    shelf.agree(agreed("Anna", title="A short call", agreed_utc=NOW))
    put(shelf, checks=(QUIET,))
    content = (shelf.folder / TAKES).read_text()
    for path in places(json.loads(content)):
        for other in (None, True, -1, 0, 1e308 * 10, "x", "", [], [[]], {}, {"x": {}}, {"1": 1}):
            told = {"": json.loads(content)}
            inside = told
            for key in ("", *path)[:-1]:
                inside = inside[key]
            inside[("", *path)[-1]] = other
            try:
                assert isinstance(decode_taken(json.dumps(told[""]).encode(), "short", "takes.json"), Taken)
            except InputError as error:
                assert "takes.json: " in str(error)


def test_without_takes_json_and_copy_the_files_tell_what_they_can(shelf):
    """Every take is there, the last one is chosen; who agreed must be asked again."""
    put(shelf)
    last = put(shelf)
    (shelf.folder / TAKES).write_text("half a fi")
    (shelf.folder / COPY).unlink()
    met = again(shelf)
    assert met.chosen() == {LINES[0].id: last.path}
    assert [(take.n, take.speaker, take.checked) for take in met.every()] == [(1, "", False), (2, "", False)]
    [note] = met.notes
    assert "is broken: put together from the 2 takes there; who agreed has to be asked again." in note
    assert put(met).n == 3
    met.every()
    assert met.notes == ()


def test_a_take_whose_file_went_is_told_and_its_number_not_chosen(shelf):
    put(shelf)
    put(shelf).path.unlink()
    met = again(shelf)
    assert met.chosen() == {}
    assert [take.n for take in met.every()] == [1]
    assert "1 take that takes.json names is not there any more" in met.notes[0]


def test_takes_of_a_newer_voicesim_are_left_alone(shelf):
    put(shelf)
    told = json.loads((shelf.folder / TAKES).read_text())
    (shelf.folder / TAKES).write_text(json.dumps({**told, "schema": 2}))
    with pytest.raises(UsageError, match=r"written by a newer voicesim \(schema 2\). Update voicesim"):
        put(shelf)
    assert json.loads((shelf.folder / TAKES).read_text())["schema"] == 2


def test_links_and_other_files_are_no_takes(shelf, tmp_path):
    put(shelf)
    folder = shelf.folder / LINES[0].id
    (tmp_path / "secret.flac").write_bytes(b"x")
    (folder / "2.flac").symlink_to(tmp_path / "secret.flac")
    (folder / "03.flac").touch()
    (folder / "notes.txt").touch()
    (shelf.folder / "Not-A-Line").mkdir()
    assert len(again(shelf).every()) == 1


def test_two_processes_do_not_change_takes_at_once(shelf):
    """The second is told at once; reading is possible all the time."""
    put(shelf)
    hold = "import sys; from pathlib import Path; from voicesim.studio.shelf import Shelf\n"
    hold += "with Shelf(Path(sys.argv[1]), 'short'): print('ready', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", hold, str(shelf.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "ready\n"
        with pytest.raises(StorageError, match=r"another voicesim is just changing these takes. End it first"):
            put(shelf)
        assert len(shelf.every()) == 1
        child.kill()
    assert put(shelf).n == 2


def test_a_full_disk_is_one_line_and_harms_nothing(small_disk, rng):
    shelf = Shelf(small_disk / "audio" / "short", "short")
    kept = put(shelf)
    noise = rng.uniform(-0.5, 0.5, 3 * RATE_HZ).astype(np.float32)
    with pytest.raises(StorageError, match=r"2.flac: cannot be written: the disk is full. Free some space") as told:
        shelf.add(LINES[0], noise, RATE_HZ, speaker="Anna", made_utc=NOW)
    assert "\n" not in str(told.value)
    assert again(shelf).every() == (kept,)
    assert put(shelf).n == 2


KILLED = f"""
import numpy as np
from voicesim.script.load import load_script
from voicesim.studio.shelf import Shelf
line = next(load_script(Path({str(SHORT)!r}).read_bytes(), "short").lines())
take = np.full(1600, 0.25, np.float32)
"""


def test_a_kill_while_a_take_is_written_loses_that_take_at_most(tmp_path, killed_at_every_step):
    """Before each step that changes the disk; what was chosen stays chosen, and the next take goes on as ever."""
    before = put(Shelf(tmp_path / "old" / "short", "short"))
    work = 'Shelf(folder / "short", "short").add(line, take, 16000, speaker="Anna", made_utc="2026")'
    for folder in killed_at_every_step(tmp_path / "old", imports=KILLED, work=work):
        met = Shelf(folder / "short", "short")
        takes = met.every()
        assert met.notes == ()
        assert (takes[0].text, takes[0].speaker) == (before.text, "Anna")
        assert met.chosen()[LINES[0].id] in [take.path for take in takes]
        assert all(len(read_sound(take.path)[0].samples) for take in takes)
        after = put(met)
        assert after.chosen
        assert after.n == len(takes) + 1
        assert not list(folder.rglob("*.tmp"))


def test_a_kill_while_a_speaker_withdraws_brings_nothing_back(tmp_path, killed_at_every_step):
    """Either nothing has happened yet, or no command uses her takes again and the next change deletes the rest."""
    shelf = Shelf(tmp_path / "old" / "short", "short")
    shelf.agree(agreed("Anna", title="A short call", agreed_utc=NOW))
    put(shelf)
    put(shelf)
    put(shelf, LINES[1], speaker="Ben")
    work = 'Shelf(folder / "short", "short").withdraw("Anna")'
    begun = set()
    for folder in killed_at_every_step(tmp_path / "old", imports=KILLED, work=work):
        met = Shelf(folder / "short", "short")
        begun.add(len(met.every()) == 1)
        if len(met.every()) > 1:
            assert len(met.every()) == 3
            met.withdraw("Anna")
        put(met, LINES[1], speaker="Ben")
        assert [take.speaker for take in again(met).every()] == ["Ben", "Ben"]
        assert dict(again(met).speakers()) == {}
        assert not list(met.folder.glob(f"{LINES[0].id}/*"))
        assert not any(b"Anna" in path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert begun == {True, False}
