"""Word error rate and cost of the embedded Whisper: ``python tests/benchmarks/recognition.py``.

Hears the LibriSpeech clips of the folder ``VOICESIM_SPEECH`` (else ``../shared/speech`` beside the checkout), whose
``manifest.tsv`` holds their texts; without it, sentences that the neural voice speaks, which is much easier. Both sides
are compared in the normal form of voicesim.language.normal. The interval is a bootstrap over speakers: few of them, so
it is wide. Time is that of the processor, in one process, with whatever else the machine does.
"""

import csv
import json
import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.whisper_recognizer import WhisperRecognizer
from voicesim.files import read_sound
from voicesim.language.normal import normal
from voicesim.model import RATE_HZ, Samples
from voicesim.ports import VoiceStyle
from voicesim.sound import resample

SENTENCES = (
    "I am sorry about the two charges on your bill.",
    "Let me look at the account while you stay on the line.",
    "I will send the money back today, it takes three working days.",
    "Would you rather have a refund or a credit on the next bill?",
    "Your reference is four four seven one.",
    "That would upset me as well.",
    "My colleague in claims can approve this.",
    "Is there anything else I can do for you today?",
)
PERSONAS = ("woman", "young_man", "older_woman")
KINDS = ("live", "final")


@dataclass(frozen=True, kw_only=True)
class Clip:
    """Sound at 16 kHz, its speaker and what is said."""

    speaker: str
    sound: Samples
    text: str


@dataclass(frozen=True, kw_only=True)
class Result:
    """Word errors of one clip, live and final and between the two, and processor time in seconds."""

    speaker: str
    words: int
    errors: dict[str, int]
    apart: int
    cost_s: dict[str, float]


def speech_folder() -> Path | None:
    """The folder of recorded speech, None if there is none."""
    chosen = os.environ.get("VOICESIM_SPEECH")
    folder = Path(chosen) if chosen else Path(__file__).parents[3] / "shared" / "speech"
    return folder if (folder / "manifest.tsv").is_file() else None


def recorded(folder: Path) -> Iterator[Clip]:
    """LibriSpeech test-other: read prose by people, with difficult accents and recordings."""
    with (folder / "manifest.tsv").open(encoding="utf-8", newline="") as manifest:
        for row in csv.DictReader(manifest, delimiter="\t"):
            if row["corpus"] == "librispeech":
                sound, _ = read_sound(folder / row["path"])
                samples = resample(sound.samples, sound.rate_hz, RATE_HZ)
                yield Clip(speaker=row["speaker"], sound=samples, text=row["transcript"])


def made() -> Iterator[Clip]:
    """Agents' sentences by the neural voice."""
    voice = HibariVoice()
    for persona in PERSONAS:
        for text in SENTENCES:
            sound = voice.render(text, VoiceStyle(persona=persona))
            yield Clip(speaker=persona, sound=resample(sound.samples, sound.rate_hz, RATE_HZ), text=text)


def word_errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """Words to put in, leave out or change (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for count, word in enumerate(said, 1):
        before, row[0] = row[0], count
        for at, other in enumerate(heard, 1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (word != other))
    return row[-1]


def measure(recognizer: WhisperRecognizer, clip: Clip) -> Result:
    """Hear one clip live and for good."""
    hearing = recognizer.start(RATE_HZ)
    hearing.feed(clip.sound)
    said, texts, cost_s = normal(clip.text).split(), {}, {}
    for kind, transcript in zip(KINDS, (hearing.so_far, hearing.finish), strict=True):
        began = time.process_time()
        texts[kind] = normal(transcript().text).split()
        cost_s[kind] = time.process_time() - began
    return Result(
        speaker=clip.speaker,
        words=len(said),
        errors={kind: word_errors(said, texts[kind]) for kind in KINDS},
        apart=word_errors(texts["final"], texts["live"]),
        cost_s=cost_s,
    )


def rate_with_interval(results: Sequence[Result], errors: Sequence[int]) -> dict[str, float]:
    """Errors by words in percent with the 95 % interval of 10 000 draws of the speakers."""
    speakers = sorted({result.speaker for result in results})
    table = np.zeros((len(speakers), 2))
    for result, wrong in zip(results, errors, strict=True):
        table[speakers.index(result.speaker)] += wrong, result.words
    drawn = table[np.random.default_rng(0).integers(0, len(speakers), (10_000, len(speakers)))].sum(axis=1)
    low, high = np.percentile(100 * drawn[:, 0] / drawn[:, 1], [2.5, 97.5])
    return {"percent": 100 * table[:, 0].sum() / table[:, 1].sum(), "low": float(low), "high": float(high)}


def summary(results: Sequence[Result], source: str, engine: str, sound_s: float) -> dict[str, object]:
    """All figures."""
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "engine": engine,
        "speech": source,
        "clips": len(results),
        "speakers": len({result.speaker for result in results}),
        "words": sum(result.words for result in results),
        "seconds": round(sound_s, 1),
        "word_error_rate": {
            kind: rate_with_interval(results, [result.errors[kind] for result in results]) for kind in KINDS
        },
        "live_against_final": rate_with_interval(results, [result.apart for result in results]),
        "clips_with_equal_words": sum(result.apart == 0 for result in results),
        "cost_s": {
            kind: dict(
                zip(("median", "p90"), np.percentile([r.cost_s[kind] for r in results], [50, 90]).tolist(), strict=True)
            )
            for kind in KINDS
        },
    }


def main() -> None:
    """Measure and print."""
    folder = speech_folder()
    if folder is None:
        sys.stderr.write("No recorded speech here (VOICESIM_SPEECH): made sentences instead, which are much easier.\n")
    clips = list(recorded(folder) if folder else made())
    recognizer = WhisperRecognizer()
    measure(recognizer, clips[0])
    results = [measure(recognizer, clip) for clip in clips]
    seconds = sum(len(clip.sound) for clip in clips) / RATE_HZ
    source = "LibriSpeech test-other" if folder else "sentences by the neural voice"
    figures = summary(results, source, recognizer.capabilities.engine, seconds)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
