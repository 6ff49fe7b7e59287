"""``voicesim calibrate``: the trainee's own neutral voice, from three sentences read aloud; numbers only are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicesim.cli.frame import examples, new_app, without_chatter
from voicesim.errors import InputError, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from voicesim.cli.taking import Take, Taker
    from voicesim.model import Baseline, Transcript
    from voicesim.ports import PitchTracker, Recognizer
    from voicesim.speech.baseline import Sentence
    from voicesim.store.baselines import StoredBaseline

app = new_app()

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

    take: "Take"
    transcript: "Transcript"
    sentence: "Sentence"


@app.command(
    "calibrate",
    epilog=examples(
        "voicesim calibrate",
        "voicesim calibrate --trainee Anna",
        "voicesim calibrate --replies my-sentences",
        "voicesim calibrate --show",
        "voicesim calibrate --forget",
    ),
)
def calibrate(
    trainee: Annotated[str | None, typer.Option("--trainee", help="Whose voice this is.")] = None,
    replies: Annotated[Path | None, typer.Option("--replies", help="Folder of sound files: the microphone.")] = None,
    input_device: Annotated[str | None, typer.Option("--input", help="Microphone, by a part of its name.")] = None,
    output_device: Annotated[str | None, typer.Option("--output", help="Headphones, by a part of their name.")] = None,
    recognizer: Annotated[str | None, typer.Option("--recognizer", help="auto, vosk or whisper.")] = None,
    show: Annotated[bool, typer.Option("--show", help="Print what is kept, and record nothing.")] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Delete what is kept, for all headsets.")] = False,
) -> None:
    """Read three neutral sentences aloud, so that later replies can be compared with your own voice."""
    from rich.console import Console

    from voicesim.cli.headset import choose_devices
    from voicesim.cli.loading import ready
    from voicesim.cli.taking import Microphone, Recordings, asks
    from voicesim.settings import load_settings

    console, settings = Console(highlight=False), load_settings()
    whose = trainee or settings.trainee
    if show and forget:
        raise UsageError("--show and --forget exclude each other", mend="Give one of them.")
    if show or forget:
        _show_kept(whose, console) if show else _forget(whose, console)
        return
    with without_chatter():
        taker: Taker
        if replies is not None:
            taker = Recordings(replies)
        else:
            chosen = choose_devices(input_device, output_device, console)
            moving = console.is_terminal and asks()
            taker = Microphone(chosen.headset(), chosen.input.name, console, moving=moving)
        calibrate_with(taker, ready(recognizer or settings.recognizer), console, trainee=whose)


def calibrate_with(taker: "Taker", recognizer: "Recognizer", console: "Console", *, trainee: str) -> "Baseline":
    """The trainee's neutral baseline through ``taker``, which is kept together with the helpful voice.

    Shows each sentence, takes it again with the reason where it is not good enough (three tries), and says in the end
    what was measured. Raises InputError if no baseline comes of it, DeviceError, StorageError; q leaves the command.
    """
    from voicesim.backends.pitch_tracker import SwiftF0
    from voicesim.store.baselines import StoredBaseline, save_baseline

    pitch = SwiftF0()
    session = _Session(taker, recognizer, pitch, console)
    console.print("Read three sentences aloud, in the voice in which you would tell a colleague the time.")
    heard = [session.sentence(text, f"{number} of 3") for number, text in enumerate(NEUTRAL, start=1)]
    neutral = session.agreeing(heard, trainee)
    helpful = session.helpful(trainee)
    save_baseline(neutral, helpful)
    show_stored(StoredBaseline(neutral=neutral, helpful=helpful), console)
    for line in WHAT_FOR:
        console.print(line)
    return neutral


class _Session:
    """One calibration under way."""

    def __init__(self, taker: "Taker", recognizer: "Recognizer", pitch: "PitchTracker", console: "Console") -> None:
        self._taker, self._recognizer, self._pitch, self._console = taker, recognizer, pitch, console

    def sentence(self, text: str, name: str) -> Heard:
        """One sentence, taken until it is good enough. Raises InputError after three tries."""
        from voicesim.cli.taking import key

        problem = ""
        for _ in range(_TRIES):
            self._console.print(f"\n{name}:  {text}", markup=False)
            if self._taker.spoken:
                key("Press Enter, then read it aloud (q leaves).", self._console)
            heard, problem = self._take(text)
            if not problem and not self._again():
                return heard
            if problem:
                self._console.print(f"  Not yet: {problem}", markup=False)
        raise InputError(problem or "the sentence was not accepted", where=name, mend="Run voicesim calibrate again.")

    def agreeing(self, heard: list[Heard], trainee: str) -> "Baseline":
        """The baseline of the sentences; if they do not agree, the odd one is read once more."""
        from voicesim.speech.baseline import make_baseline

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
                self._console.print(f"  Not yet: {error.what}. Please read sentence {odd + 1} once more.", markup=False)
                heard[odd] = self.sentence(NEUTRAL[odd], f"{odd + 1} of 3")
        raise AssertionError("unreachable")

    def helpful(self, trainee: str) -> "Baseline | None":
        """The helpful voice from one sentence; None if it was not good enough or there was no file for it."""
        from voicesim.speech.baseline import mean_of

        if not self._taker.more:
            return None
        self._console.print("\nNow your helpful voice: say this as to a customer whom you like.")
        try:
            heard = self.sentence(HELPFUL, "helpful")
        except InputError as error:
            self._console.print(f"  Left out: {error.what}", markup=False)
            return None
        made_utc = datetime.now(UTC).isoformat(timespec="seconds")
        return mean_of([heard.sentence], trainee=trainee, headset=self._taker.name, made_utc=made_utc)

    def _take(self, text: str) -> tuple[Heard, str]:
        """One take and what is wrong with it, in words with what to do (empty if it is good)."""
        from voicesim.cli.taking import recognized
        from voicesim.speech.baseline import measure_sentence

        take = self._taker.take()
        transcript = recognized(self._recognizer, take)
        sentence = measure_sentence(take.samples, take.speech, transcript, self._pitch)
        return Heard(take=take, transcript=transcript, sentence=sentence), problem_of(take, transcript, sentence, text)

    def _again(self) -> bool:
        """Whether the person wants to read a good sentence once more."""
        from voicesim.cli.taking import key

        self._console.print("  Good.")
        return self._taker.spoken and key("Enter: go on, r: read it again, q: leave.", self._console) == "r"


def problem_of(take: "Take", transcript: "Transcript", sentence: "Sentence", text: str) -> str:
    """What is wrong with a take of ``text``, with its figure and what to do; empty if it is good enough."""
    from voicesim.speech.room_check import Rating, judge_voice

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
    from voicesim.language.normal import normal

    return SequenceMatcher(None, normal(heard).split(), normal(asked).split()).ratio()


def odd_one(sentences: "Sequence[Sentence]") -> int:
    """The index of the sentence that lies farthest from the middle of all, in pitch and level by their limits."""
    from statistics import median

    from voicesim.speech.baseline import MOST_APART_DB, MOST_APART_ST

    pitches = [sentence.voice.f0_median_st if sentence.voice else 0.0 for sentence in sentences]
    levels = [sentence.level_dbfs for sentence in sentences]
    apart = [
        abs(pitch - median(pitches)) / MOST_APART_ST + abs(level - median(levels)) / MOST_APART_DB
        for pitch, level in zip(pitches, levels, strict=True)
    ]
    return apart.index(max(apart))


def show_stored(stored: "StoredBaseline", console: "Console") -> None:
    """Print a neutral and a helpful voice side by side."""
    from rich.table import Table

    both = [voice for voice in (stored.neutral, stored.helpful) if voice]
    table = Table(
        "", *("neutral", "helpful")[: len(both)], box=None, title_justify="left", header_style="bold", pad_edge=False
    )
    for name, row in zip(_ROWS, zip(*(figures(voice) for voice in both), strict=True), strict=True):
        table.add_row(name, *row)
    console.print(f"\n{stored.neutral.trainee}, {stored.neutral.headset}, {stored.neutral.made_utc[:10]}", markup=False)
    console.print(table)


_ROWS = ("pace", "pitch", "level", "voice over noise", "speech")


def figures(voice: "Baseline") -> tuple[str, ...]:
    """Pace, pitch, level, distance from the noise and length of a voice, each with its unit."""
    pace, snr_db = voice.articulation_rate_sps, voice.snr_db
    return (
        "not known" if pace is None else f"{pace:.1f} syllables a second",
        f"{2 ** (voice.f0_median_st / 12):.0f} Hz",
        f"{voice.level_dbfs:.0f} dBFS",
        "not known" if snr_db is None else f"{snr_db:.0f} dB",
        f"{voice.speech_s:.1f} s",
    )


def _show_kept(trainee: str, console: "Console") -> None:
    from voicesim.store.baselines import stored_baselines

    kept = stored_baselines(trainee)
    if not kept:
        console.print(f"Nothing is kept of {trainee} yet. Run: voicesim calibrate", markup=False)
    for stored in kept:
        show_stored(stored, console)


def _forget(trainee: str, console: "Console") -> None:
    from voicesim.store.baselines import forget_baselines

    count = forget_baselines(trainee)
    console.print(f"Deleted: the baselines of {trainee}, {count} in all.", markup=False)
