"""Saying the caller's facts back: her own sentence, turned to the trainee's side of the call.

The better replies of the bank use it, so that they speak of this caller and not of callers. It is deliberately shy: a
sentence that cannot be turned safely is left out, and another reply is used.
"""

import re
from collections.abc import Collection

_FLIP = {
    "i": "you",
    "i'm": "you're",
    "i've": "you've",
    "i'd": "you'd",
    "i'll": "you'll",
    "am": "are",
    "me": "you",
    "my": "your",
    "mine": "yours",
    "myself": "yourself",
    "we": "you",
    "we're": "you're",
    "we've": "you've",
    "us": "you",
    "our": "your",
    "ours": "yours",
    "you": "we",
    "you've": "we've",
    "you're": "we're",
    "your": "our",
    "yours": "ours",
}
_CONCRETE = re.compile(
    r"\d|\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|"
    r"eighty|ninety|hundred|thousand|once|twice|times|first|second|third|fourth|fifth|twelfth|fourteenth|monday|"
    r"tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|"
    r"october|november|december|weeks|days|months|hours|pounds?|euros?|dollars?)\b",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(my|our|i|i've|i'm|we|we've|me)\b", re.IGNORECASE)
_HARM = re.compile(r"\b(my|our) \w+ (was |were |got |gets )?\w+ed\b", re.IGNORECASE)
_UNSAFE = re.compile(
    r"\b(you people|thie(f|ves)|idiots?|stupid|useless|rubbish|hell|damn|bloody|believe|listening|mad|trust|say|"
    r"tell|told|explain|dare|want|need|whole|promised|poor|unbelievable|care|funny|lovely|answer|like|love|wait|thought|"
    r"waiting|for once|words|off (me|us)|you('re| are) (the|not)|do not|don't|not|never)\b",
    re.IGNORECASE,
)
_KEEPS_CAPITAL = re.compile(
    r"^(Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|May|June|July|August|"
    r"September|October|November|December)\b"
)
#: Without one of these it is no sentence: "sixty-two pounds, two times" cannot stand behind "you told me that".
_VERB = re.compile(
    r"\b(is|are|was|were|am|has|have|had|do|does|did|will|would|can|could|got|get|gets|went|took|came|paid|rang|sent|lost|"
    r"left|stood|bought|cost|costs|takes?|gave|put|read|heard|made|kept|sat|lay|wrote|drove|stopped|(?!hundred)\w{2,}ed)\b|'(s|re|ve|d|ll|m)\b",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:(?:yes|no|right|well|so|look|listen|fine|at last|and|but|then|before you start)\b[ ,]*)+", re.IGNORECASE
)
#: Figures one by one, a year of birth, a word agreed upon: what was asked for to know who she is.
_DIGIT = "(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double)"
_SPELT = re.compile(
    rf"\b{_DIGIT}(?:,? {_DIGIT}){{2,}}\b|\b\d{{4,}}\b|\bnineteen\b|\b(?:word|birthday) (?:is|and)\b", re.IGNORECASE
)
_LONGEST = 20


def _turned(sentence: str, names: Collection[str]) -> str | None:
    """One sentence turned round, None if it is a question, an accusation, a number or has nothing to hold on to."""
    if "?" in sentence or _UNSAFE.search(sentence) or _SPELT.search(sentence):
        return None
    bare = _LEAD.sub("", sentence.strip(" .!")).strip()
    words = bare.split()
    second = re.findall(r"\byou\b", bare, re.IGNORECASE)
    starts = bool(words) and words[0].lower() in ("you", "you've", "you're")
    if not 4 <= len(words) <= _LONGEST or len(second) > int(starts) or not _concrete(bare) or not _VERB.search(bare):
        return None
    flipped = re.sub(r"\b([Yy]ou) was\b", r"\1 were", " ".join(_flip(word) for word in words))
    if flipped.lower().startswith("there you "):
        return None
    named = any(flipped.startswith(name) for name in names)
    return flipped if named or _KEEPS_CAPITAL.match(flipped) else flipped[0].lower() + flipped[1:]


def _concrete(text: str) -> bool:
    """Whether a figure, a date, something that happened to the caller or two words about her own life are in it."""
    return bool(_CONCRETE.search(text) or _HARM.search(text)) or len(_OWN.findall(text)) > 1


def _flip(word: str) -> str:
    match = re.match(r"^([A-Za-z']+)(\W*)$", word)
    if match is None or match[1].lower() not in _FLIP:
        return word
    return _FLIP[match[1].lower()] + match[2]


def said_back(line: str, names: Collection[str] = ()) -> str | None:
    """The caller's facts as the trainee would say them, None if the line holds none that can be turned safely.

    At most two sentences and 26 words; no capital at the start and no stop at the end, so that it can stand inside a
    sentence; words of ``names`` keep theirs.

    >>> said_back("I paid that invoice once. Once! And you took it twice.")
    'you paid that invoice once, and we took it twice'
    >>> said_back("What are you going to do about it?") is None
    True
    """
    turned = [t for s in re.findall(r"[^.!?]+[.!?]?", line) if (t := _turned(s, names))]
    if not turned:
        return None
    both = f"{turned[0]}, and {turned[1]}" if len(turned) > 1 else turned[0]
    return both if len(both.split()) <= 26 else turned[0]
