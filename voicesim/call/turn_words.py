"""What recognized words say about turns: whether a reply could end here, and whether somebody only shows to listen.

English. Works on text with punctuation and capitals (Whisper) and on plain lower case (Vosk).
"""

import re
from enum import Enum, auto

#: What people say to show that they listen (normal form, one or two words).
BACKCHANNELS = frozenset(
    "mm hm mhm mm-hm uh-huh uh huh hmm hm okay ok yes yeah yep i see right sure of course go on oh ah really".split()
)
_INCOMPLETE = frozenset(
    "a an the my your his her its our their and or but so because if when while which who "
    "of in on at by for from with without to into about i we he she they it's i'm i'll we'll um uh er erm "
    "is are was were will would could should may might must has had does let not very".split()
)
_INCOMPLETE_PAIRS = frozenset(
    {"let me", "i can", "i have", "i do", "we can", "we have", "you can", "you have", "that you"}
)
#: A sentence that opens with one of these and has no comma is only the first half of one.
_SUBORDINATE = frozenset("when if as because although though while before after since once unless until".split())


class TextEnding(Enum):
    """How much a text looks like the end of a reply."""

    SURE = auto()
    COMPLETE = auto()
    INCOMPLETE = auto()


def ending_of(text: str, *, punctuated: bool = False) -> TextEnding:
    """How much a reply's text so far looks like its end.

    ``punctuated`` says that the recognizer is known to set full stops: where there is none, the sentence goes on.
    SURE is a question, which hands the turn over; after any other sentence another one may follow.

    >>> ending_of("Would Thursday suit you?").name, ending_of("I can refund it today.").name
    ('SURE', 'COMPLETE')
    >>> ending_of("If I look at the bill.").name, ending_of("I can refund it", punctuated=True).name
    ('INCOMPLETE', 'INCOMPLETE')
    """
    text = text.strip()
    if not looks_complete(text) or len(set(_words(text))) < 3:
        return TextEnding.INCOMPLETE
    stopped = text[-1] in ".?!" and not text.endswith("..")
    if not stopped and (punctuated or is_punctuated(text)):
        return TextEnding.INCOMPLETE
    if text.endswith("?"):
        return TextEnding.SURE
    sentence = re.split(r"(?<=[.?!])\s+", text)[-1]
    words = _words(sentence)
    if words[0] in _SUBORDINATE and "," not in sentence and stopped:
        return TextEnding.INCOMPLETE
    return TextEnding.COMPLETE


def is_punctuated(text: str) -> bool:
    """Whether a text shows that its recognizer sets full stops and capitals (other than in "I")."""
    return any(c in ".,?!" for c in text) or any(w[0].isupper() for w in text.split() if w.split("'")[0] != "I")


def looks_complete(text: str) -> bool:
    """Whether a reply could end with this text.

    It has three words at least ("Right." opens more replies than it ends) and does not stop at an article, a
    conjunction, "let me", "I will" ..

    >>> looks_complete("I will ring you by five"), looks_complete("so what I can do is let me")
    (True, False)
    """
    words = _words(text)
    return len(words) > 2 and words[-1] not in _INCOMPLETE and " ".join(words[-2:]) not in _INCOMPLETE_PAIRS


def is_backchannel(text: str) -> bool:
    """Whether a text holds fewer than two words beyond showing that one listens.

    >>> is_backchannel("mm-hm, I see"), is_backchannel("no listen to me")
    (True, False)
    """
    return sum(word not in BACKCHANNELS for word in _words(text)) < 2


def only_listens(text: str) -> bool:
    """Whether a text has words and all of them only show that one listens.

    >>> only_listens("Okay, yes."), only_listens("no"), only_listens("")
    (True, False, False)
    """
    words = _words(text)
    return bool(words) and all(word in BACKCHANNELS for word in words)


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() or c in "' " else " " for c in text.casefold()).split()
