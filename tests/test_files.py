"""Where files lie."""

import pytest

from voicesim.errors import StorageError
from voicesim.files import cache_folder, data_folder


@pytest.mark.parametrize(("variable", "folder"), [("VOICESIM_DATA", data_folder), ("VOICESIM_CACHE", cache_folder)])
def test_a_file_where_a_folder_is_needed_is_told_and_never_taken_for_an_empty_one(
    variable, folder, tmp_path, monkeypatch
):
    (tmp_path / "notes").write_text("mine", encoding="utf-8")
    monkeypatch.setenv(variable, str(tmp_path / "notes"))
    with pytest.raises(StorageError, match=f"{variable} names a file"):
        folder()


@pytest.mark.parametrize(("place", "folder"), [("DATA", data_folder), ("CACHE", cache_folder)])
def test_a_file_where_the_system_keeps_such_a_folder_is_told(place, folder, monkeypatch, tmp_path):
    """No folder was chosen, and what lies at the system's place is a file, or it lies below one."""
    monkeypatch.delenv(f"VOICESIM_{place}", raising=False)
    home = tmp_path / "home"
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: home / "voicesim")
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: home / "voicesim")
    assert folder() == home / "voicesim"
    home.touch()
    with pytest.raises(StorageError, match="a file where a folder is meant to be") as caught:
        folder()
    assert caught.value.where == str(home)
