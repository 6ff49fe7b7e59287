r"""Takes the kind words out of English lines: thank you, please, sorry and their kin. Pure.

Only whole sentences and words between commas go; where such a word carries the sentence, the line stays as it is.
"""

import re

_THANKS = r"(?:thank you|thanks|many thanks|cheers|ta|bless you)(?:,? (?:so much|very much|a lot|again|then|love))?"
_SORRY = r"(?:sorry|i'm sorry|i am sorry|i do apologi[sz]e|i apologi[sz]e|my apologies|pardon me|excuse me)"
_APPRECIATE = (
    r"(?:i (?:really |do |would |'d )?appreciate (?:it|that|this|your help|you \w+ing .*)"
    r"|(?:that is|that's|you're|you are) (?:very |so |really )?(?:kind|good|helpful)(?: of you)?"
    r"|you(?:'ve| have) been (?:very |really |so )?(?:kind|helpful|good|a great help))"
)
#: A sentence that is nothing but kind.
_WHOLE = re.compile(
    rf"(?:(?:and|but|well|oh|no|yes|yeah|okay|right),? )?(?:{_THANKS}(?: for [^.!?]*)?"
    rf"|{_SORRY}(?: (?:about|for) (?:that|this|the [^.!?]*)| i [^.!?]*| to [^.!?]*)?|{_APPRECIATE}|please)",
    re.IGNORECASE,
)
_TAG = r"(?:please|thank you|thanks|sorry|cheers|i'm sorry|if you don't mind|if you would be so kind)"
_IN_FRONT = re.compile(rf"^(?:{_TAG},\s+|please\s+(?!(?:yourself|god)\b))", re.IGNORECASE)
_BEHIND = re.compile(rf"(?:,\s+(?:and\s+)?{_TAG}|\s+(?:and\s+)?(?:please|thank you|thanks))(?=[.!?]*$)", re.IGNORECASE)
_BETWEEN = re.compile(rf",\s+{_TAG},", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?]+[.!?]*\s*")
#: Behind one of these a kind word belongs to the sentence: "say sorry", "a thank you", "as you please".
_CARRIES = re.compile(
    r"\b(?:say|says|said|saying|a|an|no|not|even|my|your|of|the|is|was|are|am|be|being|so|very|feel|word|with|to|without|"
    r"i|you|he|she|it|we|they)"
    r"\s+(?:thank you|thanks|sorry|please|cheers)[.!?]*$",
    re.IGNORECASE,
)


def without_kind_words(line: str) -> str:
    """The line without thank you, please, sorry and the like; as it is if nothing whole would be left.

    >>> without_kind_words("Thank you. That is all I wanted.")
    'That is all I wanted.'
    >>> without_kind_words("Please give me your name, thanks.")
    'Give me your name.'
    >>> without_kind_words("Thank you.")
    'Thank you.'
    """
    kept = [_bare(sentence) for sentence in _SENTENCE.findall(line)]
    left = " ".join(sentence for sentence in kept if sentence)
    return left if any(letter.isalnum() for letter in left) else line


def _bare(sentence: str) -> str:
    text = sentence.strip()
    words = text.rstrip(".!? ").strip()
    if not words or _WHOLE.fullmatch(words):
        return ""
    bare = _BETWEEN.sub(",", _IN_FRONT.sub("", text))
    if not _CARRIES.search(bare):
        bare = _BEHIND.sub("", bare)
    if bare == text or len(bare.split()) < 2:
        return text
    return bare[0].upper() + bare[1:]
