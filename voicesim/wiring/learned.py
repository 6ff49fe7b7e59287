"""The coefficients of the learned detectors, read from the package, with the text reader that they belong to."""

from functools import cache
from importlib.resources import files
from io import BytesIO
from threading import Lock
from typing import Any
from zipfile import BadZipFile

import numpy as np

from voicesim.backends.text_reader import LAYERS, MATRICES, TextReader
from voicesim.errors import MissingPart
from voicesim.language.learned import Learned
from voicesim.ports import Adapter

#: The file that ``tests/benchmarks/fit_techniques.py --write`` makes.
FILE = "learned.npz"
_MEND = "Run: pip install --force-reinstall voicesim"
_LOADING = Lock()


def load_learned() -> Learned:
    """What was learned, with its text reader (0.5 s, 110 MB the first time). Raises MissingPart. Any thread may ask."""
    with _LOADING:
        return _loaded()


@cache
def _loaded() -> Learned:
    try:
        content = files("voicesim.language").joinpath(FILE).read_bytes()
    except OSError as absent:
        raise MissingPart(f"{FILE} is missing", mend=_MEND) from absent
    return unpacked(content)


def packed(learned: Learned, adapter: Adapter) -> bytes:
    """The coefficients and what was learned on top of the reader as the bytes of an npz file.

    The weights of words as 8 bits with a scale for each id, what is read with as 16.
    """
    scale = np.abs(learned.word_weights).max(axis=0) / 127
    values: dict[str, Any] = {
        "version": np.array(learned.version),
        "ids": np.array(learned.ids),
        "runs": np.frombuffer("\n".join(learned.runs).encode(), np.uint8),
        "rarity": learned.rarity.astype(np.float16),
        "word_weights": np.rint(learned.word_weights / scale).astype(np.int8),
        "word_scale": scale.astype(np.float32),
        "word_constants": learned.word_constants.astype(np.float32),
        "look": learned.look.astype(np.float16),
        "meaning_weights": learned.meaning_weights.astype(np.float16),
        "meaning_constants": learned.meaning_constants.astype(np.float32),
        "join": learned.join.astype(np.float32),
        "lines": learned.lines.astype(np.float32),
        **{f"down_{n}": matrix.astype(np.float16) for n, matrix in enumerate(adapter.down)},
        **{f"up_{n}": matrix.astype(np.float16) for n, matrix in enumerate(adapter.up)},
    }
    file = BytesIO()
    np.savez_compressed(file, **values)
    return file.getvalue()


def unpacked(content: bytes) -> Learned:
    """The coefficients from the bytes of :func:`packed`, with a reader of their own. Raises MissingPart."""
    try:
        return _unpacked(content)
    except (BadZipFile, EOFError, KeyError, OSError, ValueError) as damaged:
        raise MissingPart(f"{FILE} is damaged or of another version", mend=_MEND) from damaged


def _unpacked(content: bytes) -> Learned:
    with np.load(BytesIO(content), allow_pickle=False) as values:
        found = {name: values[name] for name in values.files}
    names = found["runs"].tobytes().decode().split("\n")
    down, up = (
        tuple(found[f"{part}_{number}"].astype(np.float32) for number in range(LAYERS * len(MATRICES)))
        for part in ("down", "up")
    )
    return Learned(
        version=str(found["version"]),
        ids=tuple(map(str, found["ids"])),
        runs={run: row for row, run in enumerate(names)},
        rarity=found["rarity"].astype(np.float32),
        word_weights=found["word_weights"].astype(np.float32) * found["word_scale"],
        word_constants=found["word_constants"],
        look=found["look"].astype(np.float32),
        meaning_weights=found["meaning_weights"].astype(np.float32),
        meaning_constants=found["meaning_constants"],
        join=found["join"],
        lines=found["lines"],
        reader=TextReader(Adapter(down=down, up=up)),
    )
