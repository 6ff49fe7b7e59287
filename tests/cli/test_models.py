"""``voicesim models``: what is there is listed, what cannot be installed is refused in one line."""

import json
import zipfile

import pytest

from voicesim.cli import main
from voicesim.cli.models import stages


@pytest.fixture(autouse=True)
def own_data_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("VOICESIM_DATA", str(tmp_path / "data"))


def test_list_names_the_embedded_model_and_those_to_be_had(capsys):
    """The embedded Whisper is installed; a model that is not there comes with the command that brings it."""
    assert main(["models", "list"]) == 0
    out = capsys.readouterr().out
    assert "whisper-tiny.en (whisper, en" in out
    assert "vosk-small-en-us" in out


def test_list_as_json(capsys):
    """One object, schema 1; every model says whether it is installed or how to get it."""
    assert main(["models", "list", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == 1
    whisper = next(model for model in found["models"] if model["kind"] == "whisper")
    assert whisper["installed"] is True
    assert whisper["bytes"] > 70_000_000
    assert all(model["installed"] or model["get"] for model in found["models"])


def test_an_unknown_name_is_refused_with_the_known_ones(capsys):
    """A name that means nothing exits 2 and names what there is; nothing is fetched."""
    assert main(["models", "install", "no-such-model"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("voicesim: ")
    assert "vosk-small-en-us" in err


def test_an_archive_that_holds_no_model_is_refused(tmp_path, capsys):
    """A zip file without a model in it exits with one clear line and leaves nothing behind."""
    archive = tmp_path / "model.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("model/README", "nothing here")
    assert main(["models", "install", str(archive)]) in (2, 3)
    complaints = [line for line in capsys.readouterr().err.splitlines() if line.startswith("voicesim: ")]
    assert len(complaints) == 1
    assert [p for p in (tmp_path / "data").rglob("*") if p.is_file()] == []


def test_each_stage_has_a_bar_of_its_own(capsys):
    """Downloading and unpacking are told apart."""
    with stages() as tell:
        for stage in ("downloading", "unpacking"):
            for done in (10, 50, 100):
                tell(stage, done, 100)
    err = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in err] == ["Downloading", "Downloading", "Unpacking", "Unpacking"]
