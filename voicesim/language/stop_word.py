"""Whether somebody said the word that ends an exercise. Pure."""

from difflib import SequenceMatcher

from voicesim.language.normal import normal

#: Letters that must agree, 0..1: one sound heard otherwise is still the stop word, another sentence is not.
ALIKE = 0.85
#: In a stop word shorter than this one letter makes another word of it ("red", "read"): all must agree.
_SHORT = 12


def is_long(stop_word: str) -> bool:
    """Whether it is long enough to be known by most of its letters, and so to be listened for.

    >>> is_long("stop the exercise"), is_long("red card")
    (True, False)
    """
    return len(normal(stop_word)) >= _SHORT


def says_stop(text: str, stop_word: str) -> bool:
    """Whether a reply holds the stop word, also if a sound of it was heard otherwise.

    Somebody who wants to stop must be believed: neither negation nor quotation is looked at.

    >>> says_stop("Okay. Stop the exercise, please.", "stop the exercise")
    True
    >>> says_stop("stop this exercise", "stop the exercise"), says_stop("I will stop the payment", "stop the exercise")
    (True, False)
    """
    words, wanted = normal(text).split(), normal(stop_word).split()
    if not wanted:
        return False
    windows = (" ".join(words[at : at + len(wanted)]) for at in range(len(words) - len(wanted) + 1))
    phrase = " ".join(wanted)
    alike = ALIKE if is_long(stop_word) else 1.0
    return any(SequenceMatcher(None, phrase, window, autojunk=False).ratio() >= alike for window in windows)
