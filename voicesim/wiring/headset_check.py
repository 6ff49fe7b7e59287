"""Checks whether a headset is fit for a call: a quiet second, soft tones, and a few words that are recognized."""

import re
from dataclasses import dataclass

import numpy as np

from voicesim.backends.vad import SileroVad
from voicesim.model import Samples
from voicesim.ports import AudioDevice, Duplex, Recognizer
from voicesim.speech.room_check import Judgement, Rating, chime, find_echo, judge_echo, judge_noise, judge_voice
from voicesim.wiring.guide import Guide
from voicesim.wiring.taking import Take, converse, opened, recognized, record_sentence, silence

#: What is said into the microphone, and how many of its words must be recognized.
TEST_WORDS = "testing one two three"
_LEAST_WORDS = 2
_TRIES = 3
# A recognizer writes numbers as words or digits, also together.
_TOKEN = re.compile(r"[^\W\d_]+|\d")
_SAME = {"test": "testing", "tested": "testing", "1": "one", "2": "two", "to": "two", "too": "two", "3": "three"}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadsetCheck:
    """What the check found: ``usable`` if nothing needs mending."""

    judgements: tuple[Judgement, ...]

    @property
    def usable(self) -> bool:
        """Whether calls can be taken with it."""
        return all(judgement.rating is not Rating.BAD for judgement in self.judgements)


def check_headset(headset: AudioDevice, recognizer: Recognizer, guide: Guide) -> HeadsetCheck:
    """What a quiet second, soft tones and a spoken test sentence (three tries) say about a headset; takes 10 s.

    ``headset`` is not open yet. Raises Left, and what opening and reading the device raises.
    """
    guide.key("Put the headset on.", {"": "begin"})
    while True:
        noise, heard, ears = _tones(headset, guide)
        # Only the person knows whether sound comes out of these headphones.
        heard_them = {"": "yes", "r": "play them again (turn the sound up)"}
        if guide.key("Did you hear the tones?", heard_them) != "r":
            break
    with opened(headset) as duplex:
        said = _test_sentence(duplex, recognizer, guide)
    return HeadsetCheck(judgements=(*said, judge_noise(noise), judge_echo(find_echo(heard, ears))))


def _tones(headset: AudioDevice, guide: Guide) -> tuple[Samples, Samples, Samples]:
    """A quiet second of the microphone, then microphone and ears while the chime is played."""
    with opened(headset) as duplex:
        guide.tell("Please be quiet for a moment; you will hear soft tones.")
        noise, _ = converse(duplex, silence(1.0))
        after = silence(0.7 + headset.latency_s)
        heard, ears = converse(duplex, np.concatenate((silence(0.2), chime(), after)))
    return noise, heard, ears


def _test_sentence(duplex: Duplex, recognizer: Recognizer, guide: Guide) -> tuple[Judgement, ...]:
    """What the last try of the test sentence showed: of the microphone, and of the words if it got that far."""
    vad = SileroVad()
    judgements: tuple[Judgement, ...] = ()
    for left in reversed(range(_TRIES)):
        guide.tell("Now say: ", say=f'"{TEST_WORDS}"')
        judgements = judge_take(record_sentence(duplex, vad, guide), recognizer)
        wrong = [judgement for judgement in judgements if judgement.rating is Rating.BAD]
        if not wrong:
            break
        guide.tell(f"  {wrong[0].found}. {wrong[0].advice}")
        if left:
            guide.tell("  Let us try again.")
    return judgements


def judge_take(take: Take, recognizer: Recognizer) -> tuple[Judgement, ...]:
    """What one try of the test sentence shows of the microphone and, if that is usable, of the words."""
    microphone = judge_voice(take.samples, take.speech)
    if microphone.rating is Rating.BAD:
        return (microphone,)
    text = recognized(recognizer, take).text
    if words_found(text) >= _LEAST_WORDS:
        return microphone, Judgement(about="words", rating=Rating.GOOD, found="your words were recognized")
    found = f'other words were heard: "{text}"' if text else "no words were heard"
    advice = f'Say "{TEST_WORDS}" clearly and not too fast, a hand\'s width beside the microphone.'
    return microphone, Judgement(about="words", rating=Rating.BAD, found=found, advice=advice)


def words_found(text: str) -> int:
    """How many of the test words are in a text, however it writes numbers.

    >>> words_found("Testing 1-2-3."), words_found("to the three of us")
    (4, 2)
    """
    tokens = _TOKEN.findall(text.lower())
    return len({_SAME.get(token, token) for token in tokens} & set(TEST_WORDS.split()))
