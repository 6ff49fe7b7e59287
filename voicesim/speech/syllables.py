"""How many syllables an English text has when spoken: a rule of spelling, with numbers read out.

The rule is our own (no pronouncing dictionary is needed or shipped); its error is measured by
``tests/benchmarks/syllables.py`` and told in docs/delivery.md.
"""

import re

_BELOW_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
_BY_TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety"
_ONES, _TENS = _BELOW_TWENTY.split(), _BY_TENS.split()
_SIGNS = {"%": "percent", "€": "euros", "£": "pounds", "$": "dollars", "&": "and", "+": "plus", "@": "at"}

# Common words whose spelling misleads the rules below, by the number of their syllables.
_LISTED = {
    1: "clothes eyes mhm ms they're we're you're",
    2: """business colleague colleagues evening every everyone fatigue hour hours maybe mr mrs our ours poem require
          required scheduled theatre tired wednesday whereas""",
    3: "element everything genius poetry recipe whoever",
    4: "anxiety everybody",
}
_KNOWN = {word: count for count, words in _LISTED.items() for word in words.split()}

_GROUP = re.compile(r"[aeiouy]+")
# Two vowels side by side that are spoken as two; each match adds one to the groups.
_SPLIT = re.compile(
    r"""
    (?<![cstgx])i[ao](?!ge|rs?\b)                                   # medi-a, ri-ot; not nation, carriage
  | (?<=[stc])ia(?=t[ei]) | iu | (?<=[^qg])ua(?!r[dt])              # negoti-ate, stadi-um, actu-al; not guard
  | (?<=[^q])uou | (?<=[vrpdlbnh])iou | (?<=ne)ou                   # ambigu-ous, vari-ous; not spacious
  | [aeiouy]ing | [aeo]y(?=[ao]|er)                                 # go-ing, loy-al, play-er
  | (?<=[^aeiou])eo(?!u|ns?\b|p) | (?<=[^aeiou])ye[rd]\b            # vide-o; not people, pigeon
  | (?<=[dlucrp])ie(?=t\b|ty|nc|nt) | \bdie(?=t) | (?<=[^aeiou])ie(?=rs?\b|st\b)      # qui-et, cli-ent, earli-er
  | (?<=cr)ea(?=t[eio]) | \brea(?=l[ily]|ct) | thea(?=t) | idea | (?<=[^aeiouy])ea\b  # cre-ate, re-act, are-a
  | isms?\b | thms?\b                                               # rhyth-m
    """,
    re.VERBOSE,
)
# An e that is written and not spoken; each match takes one off.
_MUTE = re.compile(
    r"""
    (?<=[^aeiouy])e\b(?<![^aeiouy]le)                               # like; not table
  | (?<=[^aeiouylszxcgh])es\b | (?<=[aeiouyr]l)es\b | (?<=[^sc]h)es\b                 # likes; not boxes
  | (?<=[^aeiouytdl])ed\b | (?<=[aeiouyrl]l)ed\b                    # asked, called; not handled, waited
  | (?<=[aeiouyrsn][^aeiouyl])e(?=(?:ly|ments?|ful|fully|less|ness)\b)                # surely, statement
  | (?<=[aeiouy]l)e(?=(?:ly|ful|less)\b)
  | \b(?:some|there|where|here|home|time|life|name|more|fore)(?=[^aeiouysrdn])        # someone, before a consonant
    """,
    re.VERBOSE,
)

_NUMBER = re.compile(r"\d+(?:,\d{3})*")
_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?")


def syllables(text: str) -> int:
    """The number of syllables of an English text when it is read out, 0 for a text without words.

    Digits count as they are spoken (``89`` is eighty-nine), ``%`` and signs of currencies as words.

    >>> syllables("Is the light on the router red or green?")
    10
    """
    return sum(_of_word(word) for word in spoken_words(text))


def spoken_words(text: str) -> list[str]:
    """The words of a text in lower case as they are spoken, with numbers and signs as words.

    >>> spoken_words("I'll refund the 89 euros.")
    ["i'll", 'refund', 'the', 'eighty', 'nine', 'euros']
    """
    plain = text.lower().replace("’", "'")
    for sign, word in _SIGNS.items():
        plain = plain.replace(sign, f" {word} ")
    plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", plain)
    plain = _NUMBER.sub(lambda found: f" {' '.join(_number(found.group()))} ", plain)
    return _TOKEN.findall(plain)


def _number(digits: str) -> list[str]:
    """The words of a number: 89, 1,250; 2024 in pairs like a year; a long or zero-led row digit by digit."""
    value = int(digits.replace(",", ""))
    if "," not in digits and (len(digits) > 4 or (len(digits) > 1 and digits[0] == "0")):
        return [_ONES[int(d)] for d in digits]
    if len(digits) == 4 and value % 1000 >= 10:
        return _below_hundred(value // 100) + (_below_hundred(value % 100) if value % 100 else ["hundred"])
    return _cardinal(value)


def _cardinal(value: int) -> list[str]:
    for size, name in ((1_000_000, "million"), (1_000, "thousand"), (100, "hundred")):
        if value >= size:
            rest = value % size
            return [*_cardinal(value // size), name, *(_cardinal(rest) if rest else [])]
    return _below_hundred(value)


def _below_hundred(value: int) -> list[str]:
    if value < 20:
        return [_ONES[value]]
    return [_TENS[value // 10], *([_ONES[value % 10]] if value % 10 else [])]


def _of_word(word: str) -> int:
    stem, _, ending = word.partition("'")
    if word in _KNOWN or not ending:
        return _KNOWN.get(word) or _of_plain(word)
    if ending == "t" and stem.endswith("n"):
        # did-n't has one more than did; don't, can't, weren't have not.
        return _of_plain(stem[:-1]) + (stem[-2:-1] in ("d", "s", "t"))
    hissing = re.search(r"(?:[sxz]|[cs]h|[cg]e)$", stem) is not None
    vowelless = ending in ("ll", "ve", "d", "re") and stem[-1] in "bcdfghklmnpstvxz"
    return (_KNOWN.get(stem) or _of_plain(stem)) + (hissing if ending == "s" else vowelless)


def _of_plain(word: str) -> int:
    if word in _KNOWN:
        return _KNOWN[word]
    return max(1, len(_GROUP.findall(word)) + len(_SPLIT.findall(word)) - len(_MUTE.findall(word)))
