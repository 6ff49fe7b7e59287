"""Which recognition models there are, and the recognizer that a call uses.

``auto`` takes a Vosk model for the script's language if one is found, else the embedded Whisper (English only). A model
of another language is never used, and one whose language is not known only when it is named.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from voicesim import files
from voicesim.backends import vosk_model, whisper_model
from voicesim.backends.model_install import KNOWN, install, models_folder
from voicesim.errors import MissingPart, UsageError
from voicesim.ports import Recognizer

__all__ = ["NAMES", "ModelInfo", "available", "choose_recognizer", "find_vosk", "install"]

#: What a recognizer may be called on the command line.
NAMES = ("auto", "vosk", "whisper")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInfo:
    """A model of a recognizer: ``kind`` ``whisper`` or ``vosk``, ``language`` like ``en`` (None if not known).

    ``path`` is its folder and ``bytes`` what it takes there; before it is installed, ``path`` is None and ``bytes`` the
    size of the download, if known. ``get`` is the command that brings it, ``problem`` what is wrong with it or None.
    """

    name: str
    kind: str
    language: str | None
    installed: bool
    path: Path | None = None
    bytes: int | None = None
    get: str | None = None
    problem: str | None = None


def choose_recognizer(name: str = "auto", language: str = "en", option: Path | str | None = None) -> Recognizer:
    """The recognizer that ``auto``, ``vosk`` or ``whisper`` means for a ``language`` (``en``, ``en-GB``).

    ``option`` is a Vosk model named by a person. The model is checked, and loaded by the first ``start``. Raises
    UsageError for another name or an ``option`` of another language, MissingPart if there is no working model.
    """
    if name not in NAMES:
        raise UsageError(f"there is no recognizer {name!r}", mend=f"Choose one of: {', '.join(NAMES)}")
    spoken = language.lower().split("-")[0]
    folder = None if name == "whisper" else find_vosk(spoken, option)
    if folder:
        from voicesim.backends.vosk_recognizer import VoskRecognizer

        return VoskRecognizer(folder)
    if name == "vosk":
        raise MissingPart(f"no Vosk model for {spoken!r} was found", mend=_how_to_get(spoken))
    if spoken != "en":
        raise MissingPart(f"the embedded Whisper hears English only, not {spoken!r}", mend=_how_to_get(spoken))
    from voicesim.backends.whisper_recognizer import WhisperRecognizer

    return WhisperRecognizer()


def find_vosk(language: str, option: Path | str | None = None, data_folder: Path | None = None) -> Path | None:
    """The folder of a Vosk model for ``language`` (``en``), None if there is none.

    Looked for in ``option``, ``VOSK_MODEL_PATH`` (a model or a folder of models), voicesim's data folder and Vosk's own
    places; in one place small models come first, then by name. An ``option`` must be a model, and of that language as
    far as it tells: else UsageError.
    """
    if option is not None:
        return _named(Path(option).expanduser(), language)
    found = (folder for folder in _found(data_folder) if vosk_model.language_of(folder) == language)
    return next(found, None)


def available(data_folder: Path | None = None) -> list[ModelInfo]:
    """All models: the embedded one, those that can be installed by name, and any other Vosk model found."""
    found = list(_found(data_folder))
    models = [_embedded()]
    for name, known in KNOWN.items():
        folder = next((folder for folder in found if folder.name == known.folder), None)
        get = f"voicesim models install {name}"
        models.append(
            _vosk_info(name, folder, known.language, get)
            if folder
            else ModelInfo(name=name, kind="vosk", language=known.language, installed=False, bytes=known.bytes, get=get)
        )
    listed = {known.folder for known in KNOWN.values()}
    models += [
        _vosk_info(folder.name, folder, vosk_model.language_of(folder)) for folder in found if folder.name not in listed
    ]
    return models


def _found(data_folder: Path | None) -> Iterator[Path]:
    """All folders that look like Vosk models, each once, in the order of preference."""
    seen: set[Path] = set()
    for place in _places(data_folder):
        for folder in [place] if vosk_model.is_model(place) else _inside(place):
            if folder.resolve() not in seen and vosk_model.is_model(folder):
                seen.add(folder.resolve())
                yield folder


def _places(data_folder: Path | None) -> Iterator[Path]:
    """Where Vosk models may lie."""
    named = os.environ.get("VOSK_MODEL_PATH")
    if named:
        yield Path(named).expanduser()
    yield models_folder(data_folder or files.data_folder())
    yield Path.home() / ".cache" / "vosk"
    yield Path.home() / "AppData" / "Local" / "vosk"
    yield Path("/usr/share/vosk")


def _inside(place: Path) -> list[Path]:
    """The folders in a place, small models first; none if it cannot be read."""
    try:
        return sorted(
            (path for path in place.iterdir() if path.is_dir()), key=lambda path: ("small" not in path.name, path.name)
        )
    except OSError:
        # A place that is absent or closed to us holds no model for us.
        return []


def _named(folder: Path, language: str) -> Path:
    """The model that a person named, after making sure that it may be used."""
    if not vosk_model.is_model(folder):
        raise UsageError(
            "this is no Vosk model", where=str(folder), mend="Name the folder that holds am, conf and graph"
        )
    spoken = vosk_model.language_of(folder)
    if spoken not in (None, language):
        raise UsageError(f"this Vosk model hears {spoken!r}, but the script is in {language!r}", where=str(folder))
    return folder


def _embedded() -> ModelInfo:
    """The Whisper in the wheel."""
    info = ModelInfo(name="whisper-tiny.en", kind="whisper", language="en", installed=False)
    try:
        folder = whisper_model.find_model()
    except MissingPart as missing:
        return replace(info, get=missing.mend, problem=missing.what)
    return replace(info, installed=True, path=folder, bytes=_size(folder))


def _vosk_info(name: str, folder: Path, language: str | None, get: str | None = None) -> ModelInfo:
    """A Vosk model that is there."""
    return ModelInfo(
        name=name,
        kind="vosk",
        language=language,
        installed=True,
        path=folder,
        bytes=_size(folder),
        get=get,
        problem=None if language else "its language is not known: used only when it is named",
    )


def _size(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _how_to_get(language: str) -> str:
    """The command that brings a model for a language."""
    known = next((name for name, known in KNOWN.items() if known.language == language), None)
    if known:
        return f"Run: voicesim models install {known}"
    return "Fetch one from the page of the Vosk project and run: voicesim models install FILE.zip"
