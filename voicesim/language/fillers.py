"""Fillers of a reply: those that stand among its words, and those that a recognizer dropped."""

import re
from collections.abc import Sequence

from voicesim.model import RATE_HZ, Span, Transcript

#: Speech of this many samples (0.3 s) or more without a recognized word is a filler that was dropped.
SHORTEST_DROPPED = RATE_HZ * 3 // 10
#: Whisper's word times are off by 0.09 s in the median: what reaches less far into speech does not reach it.
_WORD_TIMES_OFF = RATE_HZ // 10

# What says something where it stands is no filler: "do you know", "as you know what", "that is kind of you".
_FILLER = re.compile(
    r"""\b(?:
    um+ | uh+m? (?!\ huh) | er+m* | (?<!mm\ )hm+ | mm+ (?!\ hm)
  | (?<!\bdo\ )(?<!\bdid\ )(?<!\bas\ )(?<!\bif\ )(?<!\bso\ )(?<!\blet\ )(?<!\bthat\ )(?<!\bwhat\ )(?<!\bonce\ )
    (?<!\bwhen\ )(?<!\bwould\ )(?<!\bbefore\ )
    you\ know (?!\ (?:what|how|when|where|why|who|which|whether|if|that|the|this|your|my|our|it|about|more|as)\b)
  | (?<!\bwhat\ ) i\ mean (?!\ (?:it|that)\b)
  | (?<!\ba\ )(?<!\bthe\ )(?<!\bthis\ )(?<!\bthat\ )(?<!\bwhat\ )(?<!\bany\ )(?<!\bsome\ )(?<!\bwhich\ )(?<!\bone\ )
    (?<!\bvery\ )(?<!\bso\ )(?<!\bsame\ )(?<!\bother\ )(?<!\bthese\ )(?<!\bthose\ )(?<!\ball\ )(?<!\bno\ )
    (?:sort|kind)\ of (?!\ (?:you|him|her|them)\b)
  | basically | literally | actually | obviously
    )\b""",
    re.VERBOSE,
)
_WORD = re.compile(r"[\w']+")


def words_as_transcribed(text: str) -> list[str]:
    """The words of a text in lower case, fillers among them (the normal form leaves them out).

    >>> words_as_transcribed("Um, I’ll check.")
    ['um', "i'll", 'check']
    """
    return _WORD.findall(text.lower().replace("’", "'"))


def heard_fillers(text: str) -> list[str]:
    """The fillers among the words of a text, in order; some have two words.

    >>> heard_fillers("Um, it was, you know, late, that kind of day. Do you know it?")
    ['um', 'you know']
    """
    return _FILLER.findall(" ".join(words_as_transcribed(text)))


def dropped_fillers(transcript: Transcript, speech: Sequence[Span]) -> tuple[Span, ...]:
    """The stretches of ``speech`` of 0.3 s or more in which no recognized word was spoken, in order.

    ``speech`` are the spans of voice activity, without overlap, counted like the words (samples at 16 kHz); the shorter
    the pauses that part them, the more is found. Recognizers leave out "um", as they were taught to; its sound stays.
    """
    stretches = sorted(speech, key=lambda span: span.start)
    spoken = {_stretch_of(word.span, stretches) for word in transcript.words} if stretches else set()
    return tuple(s for n, s in enumerate(stretches) if n not in spoken and s.length >= SHORTEST_DROPPED)


def _stretch_of(word: Span, stretches: Sequence[Span]) -> int:
    """The stretch in which a word was spoken.

    Nobody speaks a word across a pause, but a recognizer that drops a filler lets the next word begin where the last
    one ended. So a word belongs to the last stretch that it reaches into, else to the nearest.
    """
    reached = [n for n, stretch in enumerate(stretches) if stretch.overlap(word) >= _WORD_TIMES_OFF]
    if reached:
        return reached[-1]
    return max(
        range(len(stretches)), key=lambda n: min(word.end, stretches[n].end) - max(word.start, stretches[n].start)
    )
