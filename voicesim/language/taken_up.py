"""What a text names: content words, and figures (numbers, amounts, times, dates); and which of them another has named.

Without a tagger, a content word is a word of four letters or more that is neither a function word nor one that every
reply may hold ("help", "problem", "sorry"). Verbs and adjectives are among them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from voicesim.language.normal import normal, stem
from voicesim.language.numbers import is_number
from voicesim.model import Context

#: Letters of the shortest content word.
SHORTEST = 4

_MONTHS = frozenset("january february march april may june july august september october november december".split())
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday today tonight tomorrow yesterday".split())
#: Months that are also other words name a date only beside a number or after one of these.
_ALSO_OTHERS = frozenset(("may", "march"))
_BEFORE_MONTH = frozenset("in since until till of last next by from before after during this".split())
#: They say what a number counts and belong to it.
_UNITS = (
    "euros pounds dollars cents pence penny percent seconds minutes hours days weeks months years minute hour day "
    "week month year oclock"
)
_FUNCTION = """
    that this these those they them their theirs there here your yours yourself mine myself ours ourselves
    himself herself itself themselves someone somebody something anyone anybody anything everyone everybody everything
    nobody nothing none each every either neither both other another such same some many much more most less least
    several enough what which when where whose whom while whatever whichever whoever whenever wherever
    have been were will would shall should could might must does done
    with without within from into onto upon about above below after before again against along among around because
    between beyond during except inside outside over since than then though although through throughout towards under
    unless until whether also else ever even just only very quite rather really still already always never often
    sometimes maybe perhaps almost actually basically literally obviously definitely certainly absolutely completely
    totally exactly simply probably possibly hopefully instead together once therefore however otherwise away back
    down first second third next last soon later
"""
#: Words that fit any reply: courtesy, verbs for everything and nouns for anything tell nobody that one has listened.
_ANYWHERE = """
    please thank cheers sorry apologise apology hello good morning afternoon evening welcome sure okay fine alright
    right course yeah indeed madam great nice well better happy glad able possible whole
    make take give come goes going gone keep know think feel believe hope wish guess suppose mean understand understood
    appreciate want need like love help look seem hear listen tell talk speak said show find call happen
    thing stuff matter issue problem situation sort kind time moment
"""
_NO_CONTENT = frozenset(stem(word) for words in (_UNITS, _FUNCTION, _ANYWHERE) for word in words.split())
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a text names, each once: ``content`` as stems, ``figures`` in normal form (``89``, ``4:00``, ``3 may``)."""

    content: frozenset[str]
    figures: frozenset[str]

    def taken_up(self, caller: "Named") -> "Named":
        """Those that ``caller`` names too; "the third" and "3 May" are the same day."""
        return Named(
            content=self.content & caller.content,
            figures=frozenset(f for f in self.figures if any(_same(f, other) for other in caller.figures)),
        )


def named(texts: Iterable[str]) -> Named:
    """What the texts name.

    >>> found = named(["I see 89 euros left your account on May 3rd, and on Friday."])
    >>> sorted(found.content), sorted(found.figures)
    (['account', 'leav'], ['3 may', '89', 'friday'])
    """
    content: set[str] = set()
    figures: set[str] = set()
    for text in texts:
        words = normal(text).split()
        content |= {stem(word) for word in words if _is_content(word)}
        figures |= set(_figures(words))
    return Named(content=frozenset(content), figures=frozenset(figures))


def named_by_caller(context: Context) -> Named:
    """What the caller has named so far: in her lines, and the facts that are hers to tell."""
    return named([*context.caller_lines, context.caller_line or "", *context.facts.values()])


def _is_content(word: str) -> bool:
    return (
        len(word) >= SHORTEST
        and word.isalpha()
        and word not in _MONTHS
        and word not in _DAYS
        and stem(word) not in _NO_CONTENT
    )


def _figures(words: list[str]) -> Iterable[str]:
    """Numbers and dates in order; a day with its month is one."""
    for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False):
        if is_number(word):
            yield f"{word} {after}" if word.isdecimal() and after in _MONTHS else word
        elif word in _DAYS or (
            word in _MONTHS and not before.isdecimal() and (word not in _ALSO_OTHERS or before in _BEFORE_MONTH)
        ):
            yield word


def _same(one: str, other: str) -> bool:
    """Whether two figures are the same, or one is the day of the month that the other gives in full."""
    if one == other:
        return True
    for short, full in ((one, other), (other, one)):
        day = _ORDINAL.fullmatch(short)
        if day and full.startswith(f"{day[1]} "):
            return True
    return False
