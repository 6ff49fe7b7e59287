"""How far what was heard is from what a line says: the words that differ, small and like-sounding ones forgiven.

Both sides are brought to tokens: the normal form of each word, contractions written out, numbers as their digits (so
"four four seven one", "forty-four seventy-one" and "4471" are the same). Where tokens differ, the stretch is compared
by sound as well: a recognizer errs towards what sounds alike, a person who says something else does not.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from voicesim.language.normal import SMALL, normal, stem
from voicesim.speech.syllables import spoken_words

#: A stretch whose sound is this like that of the line (0..1) is taken for the line, misheard. Ours, from the dev part
#: of ``tests/benchmarks/takes.py``.
ALIKE = 0.6
#: Below this confidence (0..1) a word is heard unsurely.
SURE = 0.5
#: From this confidence on, and with a sound that is less than this like the line's (both 0..1), a word of weight was
#: said in place of another one. Ours, from the dev part as well.
CERTAIN, UNLIKE = 0.8, 0.5
_SMALL = SMALL | frozenset(
    "and or but so if then than as with from up out off is are am was were be been being do does did have has had "
    "will would shall should can could may might just now well oh ah yes yeah no ok right there here please hey "
    "he she they them his her their him who what that which when where how too very get got go".split()
)
_ONES = dict(zip("zero one two three four five six seven eight nine".split(), range(10), strict=True)) | {"oh": 0}
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NUMBERS = {
    **_ONES,
    **{word: 10 + at for at, word in enumerate(_TEENS)},
    **{word: 20 + 10 * at for at, word in enumerate(_TENS)},
}
_SIZES = {"hundred": 100, "thousand": 1000}
_TITLES = {"mister": "mr", "missus": "mrs", "doctor": "dr"}
_CONTENT_COST, _SMALL_COST = 1.0, 0.5
# How a sound is written in several ways; voiced and voiceless ones count as one, as over a bad line.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"(?<=[^aeiou\s])e(?=\s|$)", ""),
        (r"[^a-z0-9]", ""), (r"ph", "f"), (r"gh(?=t|$|[^aeiou])", ""), (r"^kn|(?<=\s)kn", "n"), (r"wr", "r"),
        (r"t(?=ion)", "s"), (r"c(?=[eiy])", "s"), (r"ck|[cqg]", "k"), (r"x", "ks"), (r"[zj]", "s"), (r"v", "f"),
        (r"d", "t"), (r"b", "p"), (r"m", "n"), (r"(?<=.)h", ""), (r"[aeiouyw]+", "a"), (r"(.)\1+", r"\1"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One comparable word: ``small`` ones are forgiven, ``word`` is the place of the word that it was made from."""

    text: str
    small: bool
    word: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A stretch where a line and what was heard differ: their words of weight.

    ``sure`` counts those that were heard surely, ``certain`` those that were heard with certainty; ``alike`` 0..1 is
    how like the two sound; ``first`` and ``last`` say whether the line begins or ends in it.
    """

    said: tuple[str, ...]
    heard: tuple[str, ...]
    sure: int
    alike: float
    certain: int = 0
    first: bool = False
    last: bool = False

    @property
    def forgiven(self) -> bool:
        """Whether no word of weight differs, or the two sound alike."""
        return not (self.said or self.heard) or self.alike >= ALIKE

    @property
    def exchanged(self) -> bool:
        """Whether other words stand in place of as many of the line, heard with certainty and unlike them in sound."""
        return bool(self.said) and len(self.said) == len(self.heard) == self.certain and self.alike < UNLIKE

    @property
    def wrong(self) -> int:
        """How many words of weight are missing or others."""
        return 0 if self.forgiven else max(len(self.said), self.sure)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A line against what was heard: ``content`` counts its words of weight, ``differences`` in the line's order."""

    content: int
    differences: tuple[Difference, ...]

    @property
    def wrong(self) -> int:
        """Words of weight that are missing, others, or too many."""
        return sum(difference.wrong for difference in self.differences)

    @property
    def share(self) -> float:
        """Wrong words by words of weight of the line; 1 for a line of small words alone, if one is wrong."""
        return min(1.0, self.wrong / max(1, self.content))


def compare(line: str, heard: Sequence[str], confidence: Sequence[float | None] = ()) -> Compared:
    """What differs between the text of a line and the words that were heard, with the recognizer's ``confidence``.

    Words that were heard unsurely are taken for noise where the line has none: they are not too many.

    >>> found = compare("I rang four four seven one.", ["I", "rang", "4471", "too."])
    >>> found.content, found.wrong
    (5, 0)
    """
    said = tokens(line.split())
    unsure = {at for at, value in enumerate(confidence) if value is not None and value < SURE}
    certain = {at for at, value in enumerate(confidence) if value is not None and value >= CERTAIN}
    got = tokens(heard)
    pairs = _aligned(said, got)
    differences = tuple(_differences(said, got, pairs, unsure, certain))
    return Compared(content=sum(not token.small for token in said), differences=differences)


def tokens(words: Sequence[str]) -> tuple[Token, ...]:
    """The comparable words of ``words``, as a text or a recognizer has them, in order."""
    plain = [(part, at) for at, word in enumerate(words) for part in _plain(word)]
    found: list[Token] = []
    for is_number, run in groupby(_marked(plain), key=lambda entry: entry[0]):
        parts = [(word, at) for _, word, at in run]
        if is_number:
            digits = "".join(_digits([word for word, _ in parts]))
            last = len(parts) - 1
            found += [
                Token(text=digit, small=digits == "1", word=parts[min(at, last)][1]) for at, digit in enumerate(digits)
            ]
        else:
            found += [
                Token(text=part, small=part in _SMALL, word=at)
                for word, at in parts
                for part in word.split("'")
                if part
            ]
    return tuple(found)


@lru_cache(maxsize=8192)
def same(one: str, other: str) -> bool:
    """Whether two tokens are one word: up to inflection or, if they are long enough to tell, in sound.

    >>> same("charged", "charges"), same("there", "their"), same("refund", "invoice")
    (True, True, False)
    """
    return one == other or stem(one) == stem(other) or (sounding(one) == sounding(other) and not one.isdigit())


@lru_cache(maxsize=8192)
def sounding(text: str) -> str:
    """Roughly how a text sounds: letters of like consonants as one, vowels as ``a``, without spaces."""
    text = text.lower()
    for pattern, sound in _SOUNDS:
        text = pattern.sub(sound, text)
    return text


def likeness(one: str, other: str) -> float:
    """How like two texts sound, 0..1: 1 less the edits between them over the longer one."""
    first, second = sounding(one), sounding(other)
    longest = max(len(first), len(second))
    return 1 - _edits(first, second) / longest if longest else 1.0


def _plain(word: str) -> list[str]:
    """A word as it is spoken, in normal form; "hundred" alone stays that, and does not become "one hundred"."""
    bare = word.lower().strip(".,!?;:")
    bare = _TITLES.get(bare, bare)
    return [bare] if bare in _SIZES or bare in _TITLES.values() else spoken_words(normal(word))


def _marked(plain: Sequence[tuple[str, int]]) -> Iterator[tuple[bool, str, int]]:
    """Each word with whether it belongs to a number: "oh" and "and" do only between numbers, "a" before "hundred"."""
    for at, (word, place) in enumerate(plain):
        before, after = plain[at - 1][0] if at else "", plain[at + 1][0] if at + 1 < len(plain) else ""
        if word == "oh":
            yield before in _NUMBERS or after in _NUMBERS.keys() - {"oh"}, word, place
        elif word == "and":
            yield before in _SIZES and after in _NUMBERS, word, place
        elif word == "a":
            yield after in _SIZES, word, place
        else:
            counted = before == "a" or before in _NUMBERS or before in _SIZES
            yield word in _NUMBERS or (word in _SIZES and counted), word, place


def _digits(run: Sequence[str]) -> Iterator[str]:
    """The numbers of a run of number words, each in digits: sixty two -> 62; five oh eight three -> 5, 0, 8, 3."""
    number, room = 0, 0
    begun = False
    for word in run:
        if word == "and":
            continue
        if word == "a":
            if begun:
                yield str(number)
            number, room, begun = 1, 0, True
            continue
        if word in _SIZES:
            number, room, begun = max(number, 1) * _SIZES[word], _SIZES[word], True
            continue
        value = _NUMBERS[word]
        if begun and 0 < value < room:
            number += value
        else:
            if begun:
                yield str(number)
            number, begun = value, True
        room = 10 if value >= 20 else 0
    if begun:
        yield str(number)


def _aligned(said: Sequence[Token], heard: Sequence[Token]) -> list[tuple[int | None, int | None]]:
    """Places of both sides in pairs, None where one side has nothing, by the fewest and smallest changes."""
    costs = [[0.0] * (len(heard) + 1) for _ in range(len(said) + 1)]
    for j, token in enumerate(heard):
        costs[0][j + 1] = costs[0][j] + cost(token)
    for i, mine in enumerate(said):
        row, below = costs[i], costs[i + 1]
        below[0] = row[0] + cost(mine)
        for j, theirs in enumerate(heard):
            below[j + 1] = min(row[j] + exchange(mine, theirs), row[j + 1] + cost(mine), below[j] + cost(theirs))
    pairs: list[tuple[int | None, int | None]] = []
    i, j = len(said), len(heard)
    while i or j:
        if i and j and costs[i][j] == costs[i - 1][j - 1] + exchange(said[i - 1], heard[j - 1]):
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif i and costs[i][j] == costs[i - 1][j] + cost(said[i - 1]):
            i -= 1
            pairs.append((i, None))
        else:
            j -= 1
            pairs.append((None, j))
    return pairs[::-1]


def cost(token: Token) -> float:
    """What it costs to leave a token out or put it in."""
    return _SMALL_COST if token.small else _CONTENT_COST


def exchange(one: Token, other: Token) -> float:
    """What it costs to take one token for the other."""
    return 0.0 if same(one.text, other.text) else max(cost(one), cost(other))


def _differences(
    said: Sequence[Token],
    heard: Sequence[Token],
    pairs: Sequence[tuple[int | None, int | None]],
    unsure: set[int],
    certain: set[int],
) -> Iterator[Difference]:
    """The stretches that do not match, in order."""

    def matches(pair: tuple[int | None, int | None]) -> bool:
        i, j = pair
        return i is not None and j is not None and same(said[i].text, heard[j].text)

    seen = 0
    for matching, stretch in groupby(pairs, key=matches):
        run = list(stretch)
        mine = [said[i] for i, _ in run if i is not None]
        if not matching:
            theirs = [heard[j] for _, j in run if j is not None]
            yield Difference(
                said=tuple(token.text for token in mine if not token.small),
                heard=tuple(token.text for token in theirs if not token.small),
                sure=sum(not token.small and token.word not in unsure for token in theirs),
                certain=sum(not token.small and token.word in certain for token in theirs),
                alike=likeness(" ".join(t.text for t in mine), " ".join(t.text for t in theirs)),
                first=bool(mine) and seen == 0,
                last=bool(mine) and seen + len(mine) == len(said),
            )
        seen += len(mine)


def _edits(one: str, other: str) -> int:
    """Letters to put in, leave out or change."""
    row = list(range(len(other) + 1))
    for count, letter in enumerate(one, 1):
        before, row[0] = row[0], count
        for at, theirs in enumerate(other, 1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (letter != theirs))
    return row[-1]
