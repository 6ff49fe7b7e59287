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
