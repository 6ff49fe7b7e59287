"""Packs on the page: checked, handed out, looked at before they are installed; hostile ones refused, nothing left."""

import io
import struct
import zipfile
from pathlib import Path

import pytest
from inside import client_of
from studio_parts import CLIPPED, OPENING, SHORT, agree, desk, own_script, put

from voicesim.backends.replies_voice import render_replies
from voicesim.studio.opened_pack import open_pack
from voicesim.studio.pack import pack
from voicesim.studio.shelf import Shelf
from voicesim.web import packs
from voicesim.wiring.engines import with_takes
from voicesim.wiring.library import find_script


@pytest.fixture(scope="session")
def opening(tmp_path_factory):
    """The opening of the short script as somebody speaks it."""
    [made] = render_replies([OPENING], tmp_path_factory.mktemp("trainer"), persona="deep_man", anger=0.6)
    return made


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A data folder with the short script as one's own."""
    return own_script(tmp_path / "data", monkeypatch)


@pytest.fixture
def spoken(data, opening):
    script = find_script("short")
    shelf = Shelf.own("short")
    agree(shelf, script)
    put(shelf, next(line for line in script.lines() if line.text == OPENING), opening)
    return shelf


@pytest.fixture
def packed(spoken):
    """The bytes of a pack."""
    return pack(find_script("short"), SHORT.read_bytes(), None, spoken).content


@pytest.fixture
def client(data):
    with client_of(desk()) as client:
        yield client


@pytest.fixture
def elsewhere(tmp_path, monkeypatch, packed):
    """A page with another data folder, in which nothing is."""
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "elsewhere"))
    with client_of(desk()) as client:
        yield client


def sent(client, content, name="short-v1.voicesim"):
    return client.post("/packs", files={"pack": (name, content)})


def uploads(folder):
    """Files of uploads that lie below a folder."""
    return [path for path in (folder / ".uploads").rglob("*") if path.is_file() and path.name != "lock"]


def everything(folder):
    """All files of a data folder but those of uploads."""
    return {path for path in folder.rglob("*") if path.is_file() and ".uploads" not in path.parts}


# -- out --


def test_what_has_to_be_mended_is_listed_for_people_without_a_terminal(client, spoken):
    shelf = spoken
    line = next(line for line in find_script("short").lines() if line.text == OPENING)
    put(shelf, line, shelf.chosen()[line.id], checks=(CLIPPED,))
    told = client.get("/packs/short").text
    assert "things to mend" in told
    assert "it is clipped" in told
    assert "5 of 6 lines have no take" in told
    assert "no licence is named" in told
    assert "there are no rehearsals" in told
    assert "voicesim record" not in told
    assert str(Path(find_script("short").file).parent) not in told


def test_a_pack_is_downloaded_under_its_name(client, spoken, tmp_path):
    answer = client.get("/packs/short/download")
    assert answer.headers["content-disposition"] == 'attachment; filename="short-v1.voicesim"'
    (tmp_path / "a.voicesim").write_bytes(answer.content)
    opened = open_pack(tmp_path / "a.voicesim")
    assert list(opened.taken.speakers) == ["Anna"]
    assert len(opened.sounds) == 1


def test_takes_that_are_not_chosen_go_along_if_wanted(client, spoken, tmp_path, opening):
    put(spoken, next(line for line in find_script("short").lines() if line.text == OPENING), opening)
    for query, count in (("", 1), ("?all_takes=true", 2)):
        (tmp_path / "a.voicesim").write_bytes(client.get(f"/packs/short/download{query}").content)
        assert len(open_pack(tmp_path / "a.voicesim").sounds) == count


def test_takes_without_consent_are_not_handed_out(client, data, opening):
    line = next(line for line in find_script("short").lines() if line.text == OPENING)
    put(Shelf.own("short"), line, opening, speaker="Ben")
    assert "Ben cannot be handed out" in client.get("/packs/short").text
    assert client.get("/packs/short/download").status_code == 400


# -- in --


def test_a_pack_is_looked_at_before_it_is_installed(elsewhere, packed, tmp_path):
    told = sent(elsewhere, packed)
    assert str(told.url.path).startswith("/packs/waiting/")
    for shown in (
        "A short call",
        "Pat Doe",
        "Anna, who agreed on 2026-11-22",
        "training calls only",
        "1 take, for 1 of 6 lines",
    ):
        assert shown in told.text
    assert not everything(tmp_path / "elsewhere")
    [file] = uploads(tmp_path / "elsewhere")
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_an_installed_pack_is_heard_in_calls(elsewhere, packed, tmp_path):
    told = sent(elsewhere, packed)
    done = elsewhere.post(f"{told.url}/install")
    assert "1 of 6</strong> lines have a take" in done.text
    script = with_takes(find_script("short"))
    assert [line.text for line in script.lines() if line.id in script.takes] == [OPENING]
    assert not uploads(tmp_path / "elsewhere")


def test_a_pack_that_is_not_wanted_is_deleted(elsewhere, packed, tmp_path):
    told = sent(elsewhere, packed)
    assert elsewhere.post(f"{told.url}/discard").url.path == "/packs"
    assert not uploads(tmp_path / "elsewhere")
    assert not everything(tmp_path / "elsewhere")
    assert elsewhere.get(str(told.url)).status_code == 404


def test_what_is_ones_own_is_replaced_only_if_agreed(client, packed, data, opening):
    path = data / "scripts" / "short.yaml"
    path.write_text(path.read_text().replace("A short call", "My own call"))
    told = sent(client, packed)
    assert "your script short would be replaced" in told.text
    assert client.post(f"{told.url}/install").status_code == 400
    assert "My own call" in path.read_text()
    client.post(f"{told.url}/install", data={"replace": "yes"})
    assert "A short call" in path.read_text()


def test_only_the_last_packs_wait(elsewhere, packed, tmp_path):
    addresses = [str(sent(elsewhere, packed).url) for _ in range(4)]
    assert [elsewhere.get(address).status_code for address in addresses] == [404, 200, 200, 200]
    assert len(uploads(tmp_path / "elsewhere")) == packs._MOST_WAITING


def test_a_pack_that_was_changed_while_it_waited_is_refused(elsewhere, packed, tmp_path):
    told = sent(elsewhere, packed)
    [file] = uploads(tmp_path / "elsewhere")
    file.write_bytes(packed[:-40] + bytes(40))
    assert elsewhere.post(f"{told.url}/install").status_code == 400
    assert not everything(tmp_path / "elsewhere")


def test_a_page_that_ends_takes_its_uploads_along(packed, tmp_path, monkeypatch):
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "elsewhere"))
    with client_of(desk()) as client:
        sent(client, packed)
        assert uploads(tmp_path / "elsewhere")
        client.app._app.state.uploads.close()
    assert not uploads(tmp_path / "elsewhere")


def test_uploads_that_a_killed_page_left_are_swept_up_by_the_next(packed, tmp_path, monkeypatch):
    left = tmp_path / "elsewhere" / ".uploads" / "0123456789abcdef"
    left.mkdir(parents=True)
    for name in ("lock", "an upload"):
        (left / name).write_bytes(b"")
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "elsewhere"))
    with client_of(desk()) as client:
        sent(client, packed)
        assert not left.exists()
        with client_of(desk()) as another:
            sent(another, packed)
            assert len(uploads(tmp_path / "elsewhere")) == 2


# -- hostile --


def zipped(members, compression=zipfile.ZIP_STORED):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def added(content, name, more, compression=zipfile.ZIP_STORED):
    """A pack with one file more."""
    made = io.BytesIO(content)
    with zipfile.ZipFile(made, "a", compression) as archive:
        archive.writestr(name, more)
    return made.getvalue()


def bomb(content):
    """A file of 100 MB of zeros that is 100 kB small."""
    return added(content, "takes/opening-angry-00000000/1.flac", bytes(100_000_000), zipfile.ZIP_DEFLATED)


def claims_more(content):
    """An entry that says that it is larger than the whole pack."""
    at = content.rindex(b"PK\x01\x02")
    return content[: at + 20] + struct.pack("<II", 19_000_000, 19_000_000) + content[at + 28 :]


HOSTILE = {
    "zip slip": lambda packed: added(packed, "../../evil.yaml", b"x"),
    "absolute": lambda packed: added(packed, "/tmp/evil.yaml", b"x"),
    "backslash": lambda packed: added(packed, "..\\evil.yaml", b"x"),
    "bomb": bomb,
    "claims more": claims_more,
    "truncated": lambda packed: packed[: len(packed) // 2],
    "one byte": lambda packed: packed[:200] + bytes([packed[200] ^ 1]) + packed[201:],
    "a sound": lambda packed: b"RIFF\x24\x00\x00\x00WAVEfmt ",
    "a page": lambda packed: b"<!doctype html><script>alert(1)</script>",
    "another zip": lambda packed: zipped({"hello.txt": b"hello"}),
    "empty zip": lambda packed: zipped({}),
    "unknown file": lambda packed: added(packed, "evil.py", b"x"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_pack_is_refused_and_nothing_left(elsewhere, packed, tmp_path, kind):
    answer = sent(elsewhere, HOSTILE[kind](packed), "../../evil.voicesim")
    assert answer.status_code == 400
    assert "That did not work" in answer.text
    assert str(tmp_path) not in answer.text
    assert not uploads(tmp_path / "elsewhere")
    assert not everything(tmp_path / "elsewhere")


def test_an_upload_that_breaks_off_leaves_nothing(elsewhere, packed, tmp_path):
    """The body ends before its form does."""
    head = b'--x\r\ncontent-disposition: form-data; name="pack"; filename="a.voicesim"\r\n\r\n'
    answer = elsewhere.post(
        "/packs", content=head + packed[:1000], headers={"content-type": "multipart/form-data; boundary=x"}
    )
    assert answer.status_code in (400, 422)
    assert not uploads(tmp_path / "elsewhere")


def test_an_upload_that_is_larger_than_it_may_be_is_refused(elsewhere, monkeypatch, tmp_path):
    from voicesim.web import guard

    monkeypatch.setitem(guard.LARGER, "/packs", 10_000)
    assert sent(elsewhere, bytes(20_000)).status_code == 413
    assert not uploads(tmp_path / "elsewhere")


def test_no_pack_at_all_is_told(elsewhere, packed):
    assert sent(elsewhere, b"").status_code == 400
    assert elsewhere.post("/packs").status_code == 422
