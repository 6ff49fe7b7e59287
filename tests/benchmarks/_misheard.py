"""Written replies as a recognizer might mishear them, learned from replies that were spoken and recognized.

Speaking and recognizing thousands of replies takes hours; what becomes of single words is learned from some of them
(``heard-train-*``, those in the voices that are hardly understood) and done to all others. That is cruder than real
recognition, which garbles words together and writes plausible sentences, but it shows the judges each reply once more
with a third of its words wrong.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher, get_close_matches

from _labelled import Labelled

#: A word that was spoken n times is misheard as one of these with probability n / (n + _TRUST), else like a rare word.
_TRUST = 2
#: Words that were spoken at most so often say how well rare words are heard.
_RARE = 2
#: A rare word is taken for one of so many that begin alike and are spelled this much alike (0..1).
_NEIGHBOURS, _ALIKE = 4, 0.5
#: How often the sign behind a word stays: recognizers set fewer, and others.
_KEPT_SIGNS = 0.7
#: Never misheard: without them a reply means the opposite, and its labels would be wrong.
_DENYING = re.compile(
    r"not|no|nor|never|none|nothing|nobody|without|cannot|\w+n't|"
    r"(?:ca|wo|do|does|did|is|are|was|were|have|has|had|would|could|should)nt"
)
_SEED = 0


class Mishearing:
    """Mishears texts, from pairs of what was said and what was heard; the same pairs and texts, the same result."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._heard_as = _learned(pairs)
        self._random = random.Random(_SEED)
        self._like: dict[str, list[str]] = {}
        self._vocabulary = defaultdict(list)
        for word in sorted({word for taken in self._heard_as.values() for words in taken for word in words}):
            self._vocabulary[word[0]].append(word)
        rare = [words == (said,) for said, taken in self._heard_as.items() if len(taken) <= _RARE for words in taken]
        self._rare_right = sum(rare) / len(rare)

    def of(self, text: str) -> str:
        """The text as it might be heard."""
        heard: list[str] = []
        for word, sign in _words(text):
            taken = list(self._taken(word))
            if taken and self._random.random() < _KEPT_SIGNS:
                taken[-1] += sign
            heard += taken
        said = " ".join(heard)
        return said[:1].upper() + said[1:]

    def _taken(self, word: str) -> tuple[str, ...]:
        if _DENYING.fullmatch(word):
            return (word,)
        known = self._heard_as.get(word, ())
        if known and self._random.random() < len(known) / (len(known) + _TRUST):
            return self._random.choice(known)
        if self._random.random() < self._rare_right:
            return (word,)
        if word not in self._like:
            near = get_close_matches(word, self._vocabulary[word[0]], _NEIGHBOURS + 1, _ALIKE)
            self._like[word] = [other for other in near if other != word] or [word]
        return (self._random.choice(self._like[word]),)


def misheard(written: Sequence[Labelled], heard: Sequence[Labelled]) -> list[Labelled]:
    """The written replies as a recognizer might mishear them, learned from those that it heard."""
    mishear = Mishearing((reply.said, reply.text) for reply in heard if reply.persona.startswith("system"))
    return [replace(reply, text=mishear.of(reply.text) or reply.text) for reply in written]


def _learned(pairs: Iterable[tuple[str, str]]) -> dict[str, list[tuple[str, ...]]]:
    """What each word was taken for, each time that it was spoken."""
    taken = defaultdict(list)
    for said, heard in pairs:
        one, two = ([word for word, _ in _words(text)] for text in (said, heard))
        for _, first, last, begin, end in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
            of, got = last - first, end - begin
            for at in range(of):
                words = two[begin + at * got // of : begin + (at + 1) * got // of]
                taken[one[first + at]].append(tuple(words))
    return dict(taken)


def _words(text: str) -> list[tuple[str, str]]:
    """The words of a text in lower case, each with the sign behind it or ""."""
    found = [(re.sub(r"[^\w']", "", raw.lower()), raw[-1]) for raw in text.replace("-", " ").split()]
    return [(word, sign if sign in ".,?!" else "") for word, sign in found if word]
