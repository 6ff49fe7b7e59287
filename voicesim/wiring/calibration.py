"""Measures a trainee's own neutral voice from three sentences read aloud, and a helpful one; numbers only are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from statistics import median

from voicesim.backends.pitch_tracker import SwiftF0
from voicesim.errors import InputError
from voicesim.language.normal import normal
from voicesim.model import Baseline, Transcript
from voicesim.ports import PitchTracker, Recognizer
from voicesim.speech.baseline import MOST_APART_DB, MOST_APART_ST, Sentence, make_baseline, mean_of, measure_sentence
from voicesim.speech.room_check import Rating, judge_voice
from voicesim.store.baselines import StoredBaseline, save_baseline
from voicesim.wiring.guide import Guide
from voicesim.wiring.taking import Take, Taker, recognized

#: Everyday, neither glad nor sad, and between them nearly all sounds of English.
NEUTRAL = (
    "The meeting on Thursday starts at nine and usually takes about an hour.",
    "Please choose a folder, put your name on it, and close the drawer.",
    "We keep the yellow forms on a shelf beside the window near reception.",
)
#: As to a customer whom one likes.
HELPFUL = "Of course, I am glad that you called; let us look at this together."

LEAST_SENTENCE_S = 1.5
#: So much of a sentence must be heard, 0..1: enough to know that it was read, however it was recognized.
LEAST_ALIKE = 0.5
_TRIES = 3

WHAT_FOR = (
    "Later replies are compared with these numbers: how you sound against yourself, never against others.",
    "No sound is kept. The numbers lie in your own folder, and nobody sees them unless you share them.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One sentence that was good enough: its take, words and measures."""

    take: Take
    transcript: Transcript
    sentence: Sentence


def calibrate_with(taker: Taker, recognizer: Recognizer, guide: Guide, *, trainee: str) -> StoredBaseline:
    """The trainee's neutral baseline through ``taker`` and the helpful voice, which are kept now.

    Shows each sentence and takes it again with the reason where it is not good enough (three tries). Raises InputError
    if no baseline comes of it, Left, DeviceError, StorageError.
    """
    session = _Session(taker, recognizer, SwiftF0(), guide)
    guide.tell("Read three sentences aloud, in the voice in which you would tell a colleague the time.")
    heard = [session.sentence(text, f"{number} of 3") for number, text in enumerate(NEUTRAL, start=1)]
    neutral = session.agreeing(heard, trainee)
    helpful = session.helpful(trainee)
    save_baseline(neutral, helpful)
    return StoredBaseline(neutral=neutral, helpful=helpful)


class _Session:
    """One calibration under way."""

    def __init__(self, taker: Taker, recognizer: Recognizer, pitch: PitchTracker, guide: Guide) -> None:
        self._taker, self._recognizer, self._pitch, self._guide = taker, recognizer, pitch, guide

    def sentence(self, text: str, name: str) -> Heard:
        """One sentence, taken until it is good enough. Raises InputError after three tries."""
        problem = ""
        for _ in range(_TRIES):
            self._guide.tell(f"\n{name}:  ", say=text)
            if self._taker.spoken:
                self._guide.key("Read it aloud when you are ready.", {"": "begin"})
            heard, problem = self._take(text)
            if not problem and not self._again():
                return heard
            if problem:
                self._guide.tell(f"  Not yet: {problem}")
        raise InputError(problem or "the sentence was not accepted", where=name, mend="Run voicesim calibrate again.")

    def agreeing(self, heard: list[Heard], trainee: str) -> Baseline:
        """The baseline of the sentences; if they do not agree, the odd one is read once more."""
        made_utc = datetime.now(UTC).isoformat(timespec="seconds")
        for left in (1, 0):
            try:
                return make_baseline(
                    [(one.take.samples, one.take.speech, one.transcript) for one in heard],
                    pitch=self._pitch,
                    trainee=trainee,
                    headset=self._taker.name,
                    made_utc=made_utc,
                )
            except InputError as error:
                if not left or not self._taker.more:
                    raise
                odd = odd_one([one.sentence for one in heard])
                self._guide.tell(f"  Not yet: {error.what}. Please read sentence {odd + 1} once more.")
                heard[odd] = self.sentence(NEUTRAL[odd], f"{odd + 1} of 3")
        raise AssertionError("unreachable")

    def helpful(self, trainee: str) -> Baseline | None:
        """The helpful voice from one sentence; None if it was not good enough or there was no file for it."""
        if not self._taker.more:
            return None
        self._guide.tell("\nNow your helpful voice: say this as to a customer whom you like.")
        try:
            heard = self.sentence(HELPFUL, "helpful")
        except InputError as error:
            self._guide.tell(f"  Left out: {error.what}")
            return None
        made_utc = datetime.now(UTC).isoformat(timespec="seconds")
        return mean_of([heard.sentence], trainee=trainee, headset=self._taker.name, made_utc=made_utc)

    def _take(self, text: str) -> tuple[Heard, str]:
        """One take and what is wrong with it, in words with what to do (empty if it is good)."""
        take = self._taker.take()
        transcript = recognized(self._recognizer, take)
        sentence = measure_sentence(take.samples, take.speech, transcript, self._pitch)
        return Heard(take=take, transcript=transcript, sentence=sentence), problem_of(take, transcript, sentence, text)

    def _again(self) -> bool:
        """Whether the person wants to read a good sentence once more."""
        self._guide.tell("  Good.")
        return self._taker.spoken and self._guide.key("", {"": "go on", "r": "read it again"}) == "r"


def problem_of(take: Take, transcript: Transcript, sentence: Sentence, text: str) -> str:
    """What is wrong with a take of ``text``, with its figure and what to do; empty if it is good enough."""
    voice = judge_voice(take.samples, take.speech)
    if voice.rating is Rating.BAD:
        return f"{voice.found}. {voice.advice}"
    if sentence.speech_s < LEAST_SENTENCE_S:
        return f"only {sentence.speech_s:.1f} s of speech were heard. Read the whole sentence, without haste."
    if sentence.voice is None:
        return "no voiced speech was heard. Speak with your usual voice, do not whisper."
    if alike(transcript.text, text) < LEAST_ALIKE:
        return f'other words were heard: "{transcript.text}". Read the sentence as it stands, clearly.'
    return ""


def alike(heard: str, asked: str) -> float:
    """How much of a sentence was heard in its order, 0..1, whatever the case and signs.

    >>> alike("please choose a folder", "Please, choose a folder!")
    1.0
    """
    return SequenceMatcher(None, normal(heard).split(), normal(asked).split()).ratio()


def odd_one(sentences: Sequence[Sentence]) -> int:
    """The index of the sentence that lies farthest from the middle of all, in pitch and level by their limits."""
    pitches = [sentence.voice.f0_median_st if sentence.voice else 0.0 for sentence in sentences]
    levels = [sentence.level_dbfs for sentence in sentences]
    apart = [
        abs(pitch - median(pitches)) / MOST_APART_ST + abs(level - median(levels)) / MOST_APART_DB
        for pitch, level in zip(pitches, levels, strict=True)
    ]
    return apart.index(max(apart))


#: What the figures are called.
ROWS = ("pace", "pitch", "level", "voice over noise", "speech")


def figures(voice: Baseline) -> tuple[str, ...]:
    """Pace, pitch, level, distance from the noise and length of a voice, each with its unit."""
    pace, snr_db = voice.articulation_rate_sps, voice.snr_db
    return (
        "not known" if pace is None else f"{pace:.1f} syllables a second",
        f"{2 ** (voice.f0_median_st / 12):.0f} Hz",
        f"{voice.level_dbfs:.0f} dBFS",
        "not known" if snr_db is None else f"{snr_db:.0f} dB",
        f"{voice.speech_s:.1f} s",
    )
