"""Vosk models on disk: which folder is one, which language it hears, whether it works, and the loaded one.

Vosk is unforgiving: what is wrong with a model shows as a hang, an abort or a crash of the process. So a folder is
looked at first, then tried out in another process, once for unchanged files, before it is loaded here.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from voicesim.backends.checked import once_for
from voicesim.errors import MissingPart

#: What brings an English model.
INSTALL = "Run: voicesim models install vosk-small-en-us"

_NEEDED = ("am/final.mdl", "conf/model.conf", "ivector/final.ie")
_GRAPHS = (("graph/HCLG.fst",), ("graph/HCLr.fst", "graph/Gr.fst"))
# Loading the largest models from a slow disk takes a minute; a damaged one may hang for ever.
_SELF_TEST_S = 180
_LOADING = Lock()

_FOLDER_NAME = re.compile(r"vosk-model-(?:small-|big-)?([a-z]{2,3})(?![a-z])", re.IGNORECASE)
# Where the names of models use the code of a country for that of a language.
_CODES = {"cn": "zh", "kz": "kk", "vn": "vi", "ua": "uk", "jp": "ja", "kr": "ko", "cz": "cs", "spk": ""}
_NAMES = {
    "arabic": "ar",
    "catalan": "ca",
    "chinese": "zh",
    "czech": "cs",
    "dutch": "nl",
    "english": "en",
    "esperanto": "eo",
    "farsi": "fa",
    "french": "fr",
    "german": "de",
    "greek": "el",
    "hindi": "hi",
    "italian": "it",
    "japanese": "ja",
    "kazakh": "kk",
    "korean": "ko",
    "polish": "pl",
    "portuguese": "pt",
    "russian": "ru",
    "spanish": "es",
    "swedish": "sv",
    "turkish": "tr",
    "ukrainian": "uk",
    "uzbek": "uz",
    "vietnamese": "vi",
}


def is_model(folder: Path) -> bool:
    """Whether a folder looks like a Vosk model: the files that loading needs are there and not empty."""
    return _absent(folder) is None


def check_model(folder: Path) -> None:
    """Make sure that ``folder`` holds a Vosk model that decodes; the trial is done once for unchanged files.

    Raises MissingPart, saying what is wrong, for a folder that is none, a damaged model, or vosk not installed.
    """
    absent = _absent(folder)
    if absent:
        raise MissingPart(f"this is no Vosk model: {absent} is not there or empty", where=str(folder), mend=INSTALL)
    files = [folder / name for name in _NEEDED] + [
        path for graph in _GRAPHS for name in graph if (path := folder / name).is_file()
    ]
    once_for("vosk", files, lambda: _self_test(folder))


def language_of(folder: Path) -> str | None:
    """The language (``en``) that a model hears, by its folder's name, else by its README; None if neither tells.

    >>> language_of(Path("vosk-model-small-en-us-0.15"))
    'en'
    """
    named = _FOLDER_NAME.match(folder.name)
    if named:
        code = named[1].lower()
        return _CODES.get(code, code) or None
    try:
        readme = (folder / "README").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    languages = {_NAMES[word] for word in re.findall(r"[a-z]+", readme[:400].lower()) if word in _NAMES}
    return languages.pop() if len(languages) == 1 else None


def load(folder: Path) -> Any:
    """The library's model of a checked folder, loaded once in a process. Raises MissingPart."""
    with _LOADING:
        return _loaded(folder)


def library() -> Any:
    """The module vosk, made quiet. Raises MissingPart if it is not installed or does not load."""
    try:
        import vosk
    except (ImportError, OSError, TypeError) as missing:
        raise MissingPart(
            "recognition by Vosk needs the package vosk", mend="Run: pip install 'vosk>=0.3.45'"
        ) from missing
    vosk.SetLogLevel(-1)
    return vosk


@cache
def _loaded(folder: Path) -> Any:
    """The model, kept. The library takes a path only as text; ``lang`` or ``model_name`` would go to the network."""
    vosk = library()
    with _without_dither(folder) as quiet:
        try:
            return vosk.Model(model_path=str(quiet))
        except Exception as broken:
            raise damaged(folder) from broken


@contextmanager
def _without_dither(folder: Path) -> Iterator[Path]:
    """A passing copy of a model, of links mostly, whose settings switch the library's own dither off.

    That dither is random and cannot be seeded; the hearing adds one that can. A model is read whole when it is loaded.
    """
    with tempfile.TemporaryDirectory(prefix="voicesim-vosk-", ignore_cleanup_errors=True) as place:
        copy = Path(place) / folder.name
        shutil.copytree(folder, copy, copy_function=_link)
        settings = copy / "conf" / "mfcc.conf"
        own = settings.read_text(encoding="utf-8") if settings.exists() else ""
        settings.unlink(missing_ok=True)
        settings.write_text(f"{own.rstrip()}\n--dither=0\n", encoding="utf-8")
        yield copy


def _link(source: str, target: str) -> str:
    """Put a file in a second place, copying it only where links are not allowed."""
    for place in (os.symlink, os.link):
        try:
            place(source, target)
        except OSError:
            # Windows wants a right for symbolic links; other disks do not take hard ones.
            continue
        return target
    return str(shutil.copy2(source, target))


def damaged(folder: Path) -> MissingPart:
    """What to say of a model that does not work."""
    return MissingPart("this Vosk model is damaged: it does not decode", where=str(folder), mend=INSTALL)


def _absent(folder: Path) -> str | None:
    """The first file that a model needs and ``folder`` lacks."""
    lacking = next((name for name in _NEEDED if not _is_full(folder / name)), None)
    if lacking:
        return lacking
    if any(all(_is_full(folder / name) for name in graph) for graph in _GRAPHS):
        return None
    return " or ".join("+".join(graph) for graph in _GRAPHS)


def _is_full(file: Path) -> bool:
    """Whether a file is there with something in it."""
    try:
        return file.is_file() and file.stat().st_size > 0
    except OSError:
        return False


def _self_test(folder: Path) -> None:
    """Decode with the model in another process, which may crash."""
    library()
    program = Path(__file__).with_name("vosk_self_test.py")
    try:
        done = subprocess.run(
            [sys.executable, "-P", str(program), str(folder)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SELF_TEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired as hung:
        raise damaged(folder) from hung
    if done.returncode or b"OK" not in done.stdout:
        raise damaged(folder)
