"""The coefficients of the learned detectors, read from the package, with the sentence encoder that they belong to."""

from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any

import numpy as np

from voicesim.backends.sentence_encoder import load_encoder
from voicesim.errors import MissingPart
from voicesim.language.learned import Learned
from voicesim.ports import SentenceEncoder

#: The file that ``tests/benchmarks/fit_techniques.py --write`` makes.
FILE = "learned.npz"


@cache
def load_learned() -> Learned:
    """What was learned, with the encoder of this process (0.6 s the first time). Raises MissingPart."""
    try:
        content = files("voicesim.language").joinpath(FILE).read_bytes()
    except OSError as absent:
        raise MissingPart(f"{FILE} is missing", mend="Run: pip install --force-reinstall voicesim") from absent
    return unpacked(content, load_encoder())


def packed(learned: Learned) -> bytes:
    """The coefficients as the bytes of an npz file; the weights of words as 8 bits with a scale for each id."""
    scale = np.abs(learned.word_weights).max(axis=0) / 127
    values: dict[str, Any] = {
        "version": np.array(learned.version),
        "ids": np.array(learned.ids),
        "runs": np.frombuffer("\n".join(learned.runs).encode(), np.uint8),
        "rarity": learned.rarity.astype(np.float16),
        "word_weights": np.rint(learned.word_weights / scale).astype(np.int8),
        "word_scale": scale.astype(np.float32),
        "word_constants": learned.word_constants.astype(np.float32),
        "meaning_weights": learned.meaning_weights.astype(np.float16),
        "meaning_constants": learned.meaning_constants.astype(np.float32),
        "join": learned.join.astype(np.float32),
        "lines": learned.lines.astype(np.float32),
    }
    file = BytesIO()
    np.savez_compressed(file, **values)
    return file.getvalue()


def unpacked(content: bytes, encoder: SentenceEncoder) -> Learned:
    """The coefficients from the bytes of :func:`packed`."""
    with np.load(BytesIO(content), allow_pickle=False) as values:
        found = {name: values[name] for name in values.files}
    names = found["runs"].tobytes().decode().split("\n")
    return Learned(
        version=str(found["version"]),
        ids=tuple(map(str, found["ids"])),
        runs={run: row for row, run in enumerate(names)},
        rarity=found["rarity"].astype(np.float32),
        word_weights=found["word_weights"].astype(np.float32) * found["word_scale"],
        word_constants=found["word_constants"],
        meaning_weights=found["meaning_weights"].astype(np.float32),
        meaning_constants=found["meaning_constants"],
        join=found["join"],
        lines=found["lines"],
        encoder=encoder,
    )
