"""Where things lie: names that are safe on every system, folders for their owner only, calls by their names."""

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicesim.errors import StorageError, UsageError
from voicesim.store import places

BEGAN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ODD_NAMES = [
    "../x",
    "..",
    ".",
    "",
    " ",
    "/",
    "a/b",
    "a\\b",
    "CON",
    "nul.txt",
    "com1",
    "José",
    "李小龍",
    "x" * 300,
    "a:b",
]
ODD_NAMES += ["\0", "\udce9", "a\nb", "~root", "-rf", "anna.", "anna ", "🎧", "%2e%2e", "$HOME", "a" * 41, "İ", "ß"]


@pytest.fixture(autouse=True)
def data(monkeypatch, tmp_path):
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def is_safe(slug):
    plain = set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")
    devices = {"con", "prn", "aux", "nul", *(f"{p}{n}" for p in ("com", "lpt") for n in range(10))}
    return plain and 1 <= len(slug) <= 51 and slug not in devices and not slug.startswith("-")


@pytest.mark.parametrize("name", ODD_NAMES)
def test_any_name_makes_one_safe_folder(name, data):
    """Made, found again, and nothing outside the folder of trainees."""
    assert is_safe(places.slug_of(name))
    folder = places.make_trainee(name)
    assert folder.parent == data / "trainees"
    assert [path.name for path in data.iterdir()] == ["trainees"]
    assert sorted(path.name for path in folder.iterdir()) == ["baselines", "calls", "trainee.json"]
    assert places.make_trainee(name) == folder == next(iter(places.trainees().values()))


@given(st.text())
def test_every_text_has_a_safe_slug(name):
    assert is_safe(places.slug_of(name))


def test_two_people_never_share_a_folder():
    """Names that look alike once odd letters are gone stay apart; capitals and spaces around make no other person."""
    names = ["anna lee", "anna-lee", "anna_lee", "anna/lee", "ännä lee", "anna lee!", "annalee", *ODD_NAMES]
    plain = {" ".join(name.casefold().split()) for name in names}
    assert len({places.slug_of(name) for name in names}) == len(plain)
    assert {places.slug_of(name) for name in ("Anna  Lee", " anna lee", "ANNA LEE\n")} == {"anna_lee"}
    assert places.slug_of("Jose\u0301") == places.slug_of("Jos\u00e9")


def test_a_trainee_keeps_the_name_as_it_was_given():
    folder = places.make_trainee("Anna Lee")
    places.make_trainee("anna lee")
    assert json.loads((folder / "trainee.json").read_text()) == {"schema": 1, "name": "Anna Lee"}
    places.make_trainee("you")
    assert places.trainees() == {"Anna Lee": folder, "you": places.trainee_folder("you")}
    (folder / "trainee.json").write_text("?")
    assert set(places.trainees()) == {"anna_lee", "you"}


def test_nobody_has_trained_yet():
    assert places.trainees() == {}
    assert places.call_folders("you") == []


@pytest.mark.skipif(os.name == "nt", reason="no such rights here")
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o277])
def test_everything_is_its_owners_only(data, umask, tmp_path):
    """Folders 0700 and files 0600 whatever the umask; a folder that a person had made before stays as it is."""
    (tmp_path / "mine").mkdir(mode=0o755)
    (tmp_path / "mine").chmod(0o755)
    before = os.umask(umask)
    try:
        call = places.new_call_folder("Anna", "short", BEGAN)
        wanted = places.new_call_folder("Anna", "short", BEGAN, tmp_path / "mine" / "a" / "b")
        places.new_call_folder("Anna", "short", BEGAN, tmp_path / "mine")
    finally:
        os.umask(before)
    made = [*data.rglob("*"), data, wanted, wanted.parent]
    assert call in made
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in made}
    assert modes == {path: 0o700 if path.is_dir() else 0o600 for path in made}
    assert stat.S_IMODE((tmp_path / "mine").stat().st_mode) == 0o755


@pytest.mark.skipif(os.name == "nt", reason="no such rights here")
def test_a_trainees_folder_that_was_open_to_others_is_closed():
    folder = places.make_trainee("you")
    folder.chmod(0o755)
    places.make_trainee("you")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_calls_are_named_after_their_start_in_utc():
    at_noon = datetime(2026, 7, 1, 12, 0, 0, tzinfo=timezone(timedelta(hours=2)))
    assert places.new_call_folder("you", "short", at_noon).name == "20260701-100000-short"


def test_calls_that_begin_in_the_same_second_have_folders_of_their_own():
    """Also when they are made at the same time."""
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: places.new_call_folder("you", "short", BEGAN), range(24)))
    stem = "20260102-030405-short"
    assert {path.name for path in made} == {stem, *(f"{stem}-{n}" for n in range(2, 25))}


@pytest.mark.parametrize("script_id", ["../../x", "", "a" * 200])
def test_an_odd_script_id_leads_nowhere_else(script_id):
    folder = places.new_call_folder("you", script_id, BEGAN)
    assert folder.parent == places.calls_folder("you")
    assert is_safe(folder.name[16:])


@pytest.mark.parametrize(
    ("there", "mend"),
    [
        ("call.json", "Name another folder, or delete it"),
        ("caller.pcm.part", "this one keeps the sound of a call that was cut off"),
        ("trainee.pcm.part", "this one keeps the sound of a call that was cut off"),
        ("journal.jsonl", "this one keeps the sound of a call that was cut off"),
    ],
)
def test_a_wanted_folder_that_holds_a_call_is_refused(tmp_path, there, mend):
    (tmp_path / there).touch()
    with pytest.raises(UsageError, match=f"holds a call already. .*{mend}"):
        places.new_call_folder("you", "short", BEGAN, tmp_path)


def test_a_wanted_folder_may_hold_other_things(tmp_path):
    (tmp_path / "notes.txt").touch()
    assert places.new_call_folder("you", "short", BEGAN, tmp_path) == tmp_path


def test_a_wanted_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="this is a file, not a folder"):
        places.new_call_folder("you", "short", BEGAN, tmp_path / "file")


@pytest.fixture
def calls():
    """Three calls in the order in which they began, and a folder that is none."""
    made = [places.new_call_folder("you", name, BEGAN) for name in ("short", "short", "small")]
    for _ in range(9):
        made.insert(-1, places.new_call_folder("you", "short", BEGAN))
    for folder in made:
        (folder / "call.json").touch()
    (places.calls_folder("you") / "20270101-000000-none").mkdir()
    return made


def test_finds_calls_by_their_names(calls, tmp_path, monkeypatch):
    """An id wins over the ids that it begins, a beginning must fit one, the last began last, a path is a path."""
    assert places.call_folders("you") == calls
    assert places.find_call("you", "20260102-030405-short") == calls[0]
    assert places.find_call("you", "20260102-030405-short-10") == calls[9]
    assert places.find_call("you", "20260102-030405-sm") == calls[-1] == places.find_call("you", "last")
    assert places.find_call("somebody else", str(calls[1])) == calls[1]
    monkeypatch.chdir(calls[2])
    assert places.find_call("somebody else", ".") == Path()


def test_the_record_of_a_call_names_its_folder(calls, tmp_path, monkeypatch):
    assert places.find_call("somebody else", str(calls[1] / "call.json")) == calls[1]
    monkeypatch.chdir(calls[2])
    assert places.find_call("somebody else", "call.json") == Path()
    with pytest.raises(UsageError, match="there is no call"):
        places.find_call("you", str(tmp_path / "nothing" / "call.json"))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("20260102", r"12 calls begin with '20260102'. Give more of the name, like "),
        ("2025", r"there is no call '2025'. Run `voicesim calls`"),
        ("", r"there is no call ''"),
        ("../calls", r"there is no call"),
        ("x" * 5_000, r"there is no call"),
        ("\0", r"there is no call"),
        ("20270101-000000-none", r"there is no call"),
    ],
)
def test_says_which_call_it_cannot_find(calls, name, message):
    with pytest.raises(UsageError, match=message):
        places.find_call("you", name)


def test_says_that_there_is_no_call_yet():
    """A call may lie elsewhere: `last` looks in one place alone, and the message says which."""
    told = r"there is no call yet in the data folder. Hold one: voicesim practice billed-twice; .* --out .* its folder"
    with pytest.raises(UsageError, match=told):
        places.find_call("you", "last")


def test_a_trainee_does_not_find_the_calls_of_another(calls):
    places.make_trainee("anna")
    with pytest.raises(UsageError, match="there is no call yet"):
        places.find_call("anna", calls[0].name)


def test_knows_whose_call_a_folder_is(calls, tmp_path):
    assert places.trainee_of(places.new_call_folder("Anna Lee", "short", BEGAN)) == "Anna Lee"
    assert places.trainee_of(tmp_path / "some" / "folder") == "you"
