"""Scripts on the page: loaded once, found by their ids alone, and errors that do not name folders of the machine."""

import pytest
from calls_made import SHORT, use
from inside import client_of

from voicesim.errors import StorageError
from voicesim.script.load import load_script
from voicesim.web import courses
from voicesim.wiring import library

PAGES = ("/", "/callers/short", "/scripts", "/scripts/short", "/studio", "/studio/short", "/packs")


@pytest.fixture
def scripts(tmp_path, monkeypatch):
    """The folder of one's own scripts, with the short one."""
    use(tmp_path / "data", monkeypatch)
    folder = tmp_path / "data" / "scripts"
    folder.mkdir(parents=True)
    (folder / "short.yaml").write_bytes(SHORT.read_bytes())
    return folder


def test_all_pages_together_load_a_script_once(scripts, monkeypatch):
    """But the editor, which loads what is typed; one that was changed is loaded again."""
    loads = []
    monkeypatch.setattr(library, "load_script", lambda data, file: loads.append(file) or load_script(data, file))
    library.loaded.cache_clear()
    client = client_of()
    assert [client.get(address).status_code for address in PAGES] == [200] * len(PAGES)
    assert len(loads) == len(set(loads)) > 5
    (scripts / "short.yaml").write_bytes(SHORT.read_bytes().replace(b"Pat Doe", b"Pat Roe"))
    assert "Pat Roe" in client.get("/callers/short").text
    assert loads[-1] == str(scripts / "short.yaml")


def test_no_id_is_taken_for_a_path(scripts, tmp_path, monkeypatch):
    """A file that is called like a path of the folder in which the page was begun does not lead there."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "short.yaml").write_bytes(SHORT.read_bytes())
    (scripts / "short.yaml.yaml").write_bytes(SHORT.read_bytes())
    monkeypatch.chdir(elsewhere)
    ids = ("short.yaml", "../scripts/short", str(elsewhere / "short.yaml"))
    asked = [client_of().post("/calls", data={"script": name, "sound": "typed"}).status_code for name in ids]
    assert asked == [404] * 3


def test_an_id_that_stands_twice_is_ones_own_in_a_call_as_in_the_list(scripts):
    """And nobody is told folders of the machine."""
    (scripts / "billed-twice.yaml").write_bytes(SHORT.read_bytes().replace(b"id: short", b"id: billed-twice"))
    client = client_of()
    assert "Pat Doe" in client.get("/callers/billed-twice").text
    begun = client.post("/calls", data={"script": "billed-twice", "sound": "typed"})
    assert "Pat Doe" in begun.text
    assert client.post(f"{begun.url.path}/wish", data={"wish": "stop"}).status_code == 200


def test_a_course_that_cannot_be_read_is_told_by_its_name_alone(scripts, monkeypatch):
    folder = scripts.parent / "courses"
    folder.mkdir()
    (folder / "broken.yaml").write_text("course: [")

    def read(path):
        raise StorageError("this cannot be read (Permission denied)", where=str(path), mend="Check its rights.")

    monkeypatch.setattr(courses, "read_bytes", read)
    told = client_of().get("/courses").text
    assert "broken.yaml: this cannot be read (Permission denied). Check its rights." in told
    assert str(scripts.parent) not in told
