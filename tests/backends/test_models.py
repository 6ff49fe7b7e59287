"""Which recognizer is chosen and which models are listed."""

import pytest

from voicesim.backends import models, vosk_recognizer, whisper_recognizer
from voicesim.backends.models import available, choose_recognizer, find_vosk
from voicesim.errors import MissingPart, UsageError

FOLDER = "vosk-model-small-en-us-0.15"
pytestmark = pytest.mark.usefixtures("own_places")


@pytest.mark.parametrize("place", ["VOSK_MODEL_PATH", "data", ".cache/vosk", "AppData/Local/vosk"])
def test_a_model_is_found_in_each_place(place, own_places, tmp_path, monkeypatch, make_model):
    folder = {"data": tmp_path / "data/models", "VOSK_MODEL_PATH": tmp_path / "own"}.get(place, own_places / place)
    if place == "VOSK_MODEL_PATH":
        monkeypatch.setenv(place, str(folder))
    made = make_model(folder / FOLDER)
    assert find_vosk("en") == made


def test_vosk_model_path_may_be_the_model_itself(tmp_path, monkeypatch, make_model):
    made = make_model(tmp_path / FOLDER)
    monkeypatch.setenv("VOSK_MODEL_PATH", str(made))
    assert find_vosk("en") == made


def test_the_places_have_an_order(own_places, tmp_path, monkeypatch, make_model):
    """Option, variable, data folder, Vosk's own places."""
    monkeypatch.setenv("VOSK_MODEL_PATH", str(tmp_path / "own"))
    places = [tmp_path / "option", tmp_path / "own", tmp_path / "data/models", own_places / ".cache/vosk"]
    made = [make_model(place / FOLDER) for place in places]
    assert find_vosk("en", made[0]) == made[0]
    for model in made[1:]:
        assert find_vosk("en") == model
        (model / "am/final.mdl").unlink()


def test_in_one_place_the_small_model_comes_first(tmp_path, make_model):
    make_model(tmp_path / "data/models/vosk-model-en-us-0.22")
    small = make_model(tmp_path / "data/models/vosk-model-small-en-us-0.15")
    assert find_vosk("en") == small


@pytest.mark.parametrize("name", ["vosk-model-small-de-0.15", "vosk-model-small-ko-0.22", "my-own-model"])
def test_a_model_of_another_or_no_known_language_is_not_found(tmp_path, name, make_model):
    make_model(tmp_path / "data/models" / name)
    assert find_vosk("en") is None


def test_a_named_model_of_unknown_language_is_accepted(tmp_path, make_model):
    made = make_model(tmp_path / "my-own-model")
    assert find_vosk("en", made) == made


def test_a_named_model_of_another_language_is_refused(tmp_path, make_model):
    made = make_model(tmp_path / "vosk-model-small-de-0.15")
    with pytest.raises(UsageError, match="hears 'de', but the script is in 'en'"):
        find_vosk("en", made)


def test_a_named_folder_that_is_no_model_is_refused(tmp_path):
    with pytest.raises(UsageError, match="no Vosk model"):
        find_vosk("en", tmp_path)


@pytest.fixture
def chosen(monkeypatch):
    """Says which recognizer would be made, without making it."""
    monkeypatch.setattr(vosk_recognizer, "VoskRecognizer", lambda folder: f"vosk {folder.name}")
    monkeypatch.setattr(whisper_recognizer, "WhisperRecognizer", lambda: "whisper")


@pytest.mark.parametrize(
    ("name", "language", "installed", "expected"),
    [
        ("auto", "en", None, "whisper"),
        ("auto", "en-GB", None, "whisper"),
        ("auto", "en", FOLDER, f"vosk {FOLDER}"),
        ("auto", "en", "vosk-model-small-de-0.15", "whisper"),
        ("auto", "de", "vosk-model-small-de-0.15", "vosk vosk-model-small-de-0.15"),
        ("vosk", "en-us", FOLDER, f"vosk {FOLDER}"),
        ("whisper", "en", FOLDER, "whisper"),
    ],
)
def test_the_recognizer_fits_name_and_language(chosen, tmp_path, name, language, installed, expected, make_model):
    if installed:
        make_model(tmp_path / "data/models" / installed)
    assert choose_recognizer(name, language) == expected


@pytest.mark.parametrize(
    ("name", "language", "error", "message"),
    [
        ("vosk", "en", MissingPart, "voicesim models install vosk-small-en-us"),
        ("vosk", "de", MissingPart, r"voicesim models install FILE\.zip"),
        ("auto", "de", MissingPart, "hears English only, not 'de'"),
        ("whisper", "ko", MissingPart, "hears English only, not 'ko'"),
        ("siri", "en", UsageError, "Choose one of: auto, vosk, whisper"),
    ],
)
def test_what_cannot_be_chosen_is_said(name, language, error, message):
    with pytest.raises(error, match=message):
        choose_recognizer(name, language)


def test_the_list_says_what_is_there_and_how_to_get_the_rest():
    whisper, vosk = available()
    assert (whisper.name, whisper.installed, whisper.language) == ("whisper-tiny.en", True, "en")
    assert whisper.bytes is not None
    assert whisper.bytes > 75_000_000
    assert (vosk.name, vosk.installed, vosk.bytes) == ("vosk-small-en-us", False, 41_205_931)
    assert vosk.get == "voicesim models install vosk-small-en-us"


def test_the_list_holds_models_found(tmp_path, make_model):
    made = make_model(tmp_path / "data/models" / FOLDER)
    own = make_model(tmp_path / "data/models/my-own-model")
    _, known, other = available()
    assert (known.name, known.path, known.bytes) == ("vosk-small-en-us", made, 8_000)
    assert (other.path, other.language) == (own, None)
    assert other.problem is not None


def test_the_list_says_what_is_wrong_with_the_embedded_model(monkeypatch):
    monkeypatch.setattr(models.whisper_model, "find_spec", lambda name: None)
    whisper = available()[0]
    assert not whisper.installed
    assert "pip install" in str(whisper.get)
