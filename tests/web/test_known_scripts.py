"""Scripts on the page: loaded once, found by their ids alone, and errors that do not name folders of the machine."""

import pytest
from calls_made import SHORT, use
from inside import client_of

from voicesim.script.load import load_script
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
