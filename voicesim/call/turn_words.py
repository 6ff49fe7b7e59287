"""What recognized words say about turns: whether a reply could end here, and whether somebody only shows to listen.

English. Works on text with punctuation and capitals (Whisper) and on plain lower case (Vosk).
"""

import re
from enum import Enum, auto

#: What people say to show that they listen, in normal form; several of them in a row still show nothing else.
BACKCHANNELS = tuple(
    "mm|mhm|mm hm|hm|hmm|uh huh|huh|uh|ah|aha|oh|ooh|wow|gosh|okay|ok|yes|yeah|yep|yup|right|all right|alright|sure|"
    "of course|i see|i know|i understand|i hear you|i get it|got it|go on|go ahead|really|good|great|fine|exactly|"
    "absolutely|definitely|certainly|indeed|true|oh no|oh dear|"
    "oh my|oh sorry".split("|")
)
#: What recognizers make of a hum.
_HUMS = ("mama", "mom", "mum", "m hm", "mm mm")
_PHRASES = tuple(tuple(phrase.split()) for phrase in (*BACKCHANNELS, *_HUMS))
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


class Listening(Enum):
    """What words over a line say of who speaks them.

    UNKNOWN: none were recognized. LISTENS: they show listening, and one word more at most. MAYBE_MORE: a word that
    shows something else stands alone. SAYS_MORE: two such words.
    """

    UNKNOWN = auto()
    LISTENS = auto()
    MAYBE_MORE = auto()
    SAYS_MORE = auto()


def is_backchannel(text: str) -> bool:
    """Whether a text holds fewer than two words beyond showing that one listens.

    >>> is_backchannel("mm-hm, I see"), is_backchannel("no listen to me")
    (True, False)
    """
    return _own_words(_words(text)) < 2


def listening_of(text: str) -> Listening:
    """What a glance at speech that goes on says of it.

    A glance ends within a word, mishears what it has least of, and may say a thing twice. So one other word beside a
    backchannel counts for nothing ("Yes, I s"), nor does the rest of one that has begun ("I hear"), nor do letters
    ("F F F") and repetitions.

    >>> listening_of("Okay, yes.").name, listening_of("Yes sir. Yes sir.").name, listening_of("I hear").name
    ('LISTENS', 'LISTENS', 'LISTENS')
    >>> listening_of("Yes, but you").name, listening_of("No. No.").name, listening_of("M M M").name
    ('SAYS_MORE', 'MAYBE_MORE', 'UNKNOWN')
    """
    words = _glanced(text)
    own = _own_words(words)
    if not words:
        return Listening.UNKNOWN
    if own < min(len(words), 2) or (
        len(words) > 1 and any(tuple(words) == phrase[: len(words)] for phrase in _PHRASES)
    ):
        return Listening.LISTENS
    return Listening.SAYS_MORE if own > 1 else Listening.MAYBE_MORE


def _glanced(text: str) -> list[str]:
    """The words of a glance without letters and without their repetition: "okay okay okay" is "okay"."""
    words = [word for word in _words(text) if len(word) > 1 or word in "ia"]
    for length in range(1, len(words)):
        if all(word == words[place % length] for place, word in enumerate(words)):
            return words[:length]
    return words


def _own_words(words: list[str]) -> int:
    """How many words are no part of a backchannel, taking the longest one at each place."""
    own = at = 0
    while at < len(words):
        here = [len(phrase) for phrase in _PHRASES if tuple(words[at : at + len(phrase)]) == phrase]
        own += not here
        at += max(here, default=1)
    return own


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() or c in "' " else " " for c in text.casefold()).split()
