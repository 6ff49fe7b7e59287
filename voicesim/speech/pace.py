"""How fast a reply was spoken, and its pauses: counts of the transcript over the time of the voice activity.

The recognizer's own word times are not used: they are 8 to 23 % off, the count of syllables 4 to 5 % (SPEECH: Pace).
Spans count samples at 16 kHz, in order of time and without overlap.
"""

from collections.abc import Sequence
from itertools import pairwise

from voicesim.model import RATE_HZ, Span
from voicesim.speech.syllables import spoken_words, syllables

__all__ = [
    "LEAST_WORDS",
    "PAUSE_S",
    "articulation_rate_sps",
    "extent_s",
    "pauses_s",
    "speech_rate_sps",
    "speech_s",
    "syllables",
    "word_count",
    "words_per_minute",
]

#: A gap between stretches of speech is a pause from here on, in seconds; a shorter one belongs to the speech.
PAUSE_S = 0.25
#: Pace is told of replies with this many words or more.
LEAST_WORDS = 8


def extent_s(speech: Sequence[Span]) -> float:
    """Seconds from the first to the last speech, 0 without speech."""
    return (speech[-1].end - speech[0].start) / RATE_HZ if speech else 0.0


def pauses_s(speech: Sequence[Span]) -> tuple[float, ...]:
    """The pauses between stretches of speech in seconds, each 0.25 s or more."""
    gaps = ((after.start - before.end) / RATE_HZ for before, after in pairwise(speech))
    return tuple(gap for gap in gaps if gap >= PAUSE_S)


def speech_s(speech: Sequence[Span]) -> float:
    """Seconds of speech: from the first to the last, without the pauses.

    Hand labels of the same clips say as much within 3 % (docs/delivery.md, Pace).
    """
    return extent_s(speech) - sum(pauses_s(speech))


def word_count(text: str) -> int:
    """How many words a text has when spoken; ``89`` is two."""
    return len(spoken_words(text))


def articulation_rate_sps(text: str, speech: Sequence[Span]) -> float | None:
    """Syllables a second of speech without the pauses; None without speech."""
    return syllables(text) / speech_s(speech) if speech else None


def speech_rate_sps(text: str, speech: Sequence[Span]) -> float | None:
    """Syllables a second with the pauses; None without speech."""
    return syllables(text) / extent_s(speech) if speech else None


def words_per_minute(text: str, speech: Sequence[Span]) -> float | None:
    """Spoken words a minute with the pauses; None without speech."""
    return 60.0 * word_count(text) / extent_s(speech) if speech else None
