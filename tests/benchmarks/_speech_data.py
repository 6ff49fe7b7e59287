"""Acted speech for the benchmarks of delivery: clips of ``VOICESIM_SPEECH`` or ``../shared/speech``, measured.

Not part of the package and not copied into it. Without the folder :func:`clips` says so and measures a made set:
voices of known pitch and brightness, which show that the benchmark runs and nothing about people.
"""

import csv
import os
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from _damages import Damage
from made_voice import made_voice

from voicesim.backends.pitch_tracker import SwiftF0
from voicesim.backends.vad import SileroVad, speech_spans
from voicesim.model import RATE_HZ, Samples, Span
from voicesim.sound import resample
from voicesim.speech.baseline import Sentence, measure_sentence

REPOSITORY = Path(__file__).resolve().parents[2]
#: Women among the speakers of EmoDB; in RAVDESS they have even numbers.
EMODB_WOMEN = frozenset({"08", "09", "13", "14", "16"})


#: A line of the manifest, its samples and the speech in them.
_Heard = tuple[dict[str, str], Samples, tuple[Span, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """One measured clip; ``strong`` whether the actor was told to be intense (None where nobody was told)."""

    name: str
    speaker: str
    woman: bool
    emotion: str
    strong: bool | None
    sentence: Sentence


def folder() -> Path | None:
    """Where the clips are, or None."""
    named = os.environ.get("VOICESIM_SPEECH")
    place = Path(named) if named else REPOSITORY.parent / "shared" / "speech"
    return place if (place / "manifest.tsv").is_file() else None


def clips(corpus: str, *, damage: Damage | None = None, only: Collection[str] | None = None) -> list[Clip]:
    """The measured clips of ``emodb``, ``ravdess`` or ``librispeech`` by name; a made set without the folder.

    ``damage`` is done to each before anything is heard in it; ``only`` names the emotions that are wanted.
    """
    if folder() is None:
        print(
            f"No {corpus} here: set VOICESIM_SPEECH. A made set follows; it says nothing about people.", file=sys.stderr
        )
        return _measured(_made(), damage)
    return _measured(_read(corpus, only), damage)


def rows(corpus: str) -> list[dict[str, str]]:
    """The lines of the manifest for a corpus, sorted by path; none without the folder."""
    place = folder()
    if place is None:
        return []
    with (place / "manifest.tsv").open(encoding="utf-8", newline="") as lines:
        found = [row for row in csv.DictReader(lines, delimiter="\t") if row["corpus"] == corpus]
    return sorted(found, key=lambda row: row["path"])


def sound_of(row: dict[str, str]) -> Samples:
    """The 16 kHz samples of a line of the manifest."""
    samples, rate_hz = soundfile.read(str((folder() or Path()) / row["path"]), dtype="float32")
    return resample(samples, rate_hz, RATE_HZ)


def _read(corpus: str, only: Collection[str] | None) -> Iterator[_Heard]:
    vad = SileroVad()
    for row in rows(corpus):
        if only is None or row["emotion"] in only:
            samples = sound_of(row)
            yield row, samples, speech_spans(samples, vad)


def _made() -> Iterator[_Heard]:
    """Four made speakers, each eight neutral and eight tense clips."""
    rng = np.random.default_rng(7)
    for number, own_hz in enumerate((105.0, 190.0, 125.0, 215.0), start=9):
        for emotion, up_st, tilt_db in (("neutral", 0.0, -12.0), ("angry", 7.0, -6.0)):
            for take in range(8):
                f0_hz = own_hz * 2 ** ((up_st + rng.normal(0, 1.5)) / 12)
                samples = made_voice(
                    2.2, f0_hz=f0_hz, tilt_db=tilt_db + rng.normal(0, 2), wobble_st=1 + up_st / 7, rng=rng
                )
                row = {"path": f"{emotion}-{take}", "speaker": f"{number:02d}", "emotion": emotion, "intensity": ""}
                quiet = (1e-4 * rng.standard_normal(RATE_HZ // 2)).astype(np.float32)
                yield row, np.concatenate([quiet, samples]), (Span(start=len(quiet), end=len(quiet) + len(samples)),)


def _measured(sounds: Iterator[_Heard], damage: Damage | None) -> list[Clip]:
    pitch, vad = SwiftF0(), SileroVad()
    measured = []
    for seed, (row, clean, clean_speech) in enumerate(sounds):
        samples, speech, noise = clean, clean_speech, None
        if damage is not None and clean_speech:
            damaged = damage(clean, clean_speech, seed)
            samples, noise = damaged.samples, damaged.noise
            speech = speech_spans(samples, vad) if "corpus" in row else clean_speech
        speaker, intensity = row["speaker"], row.get("intensity")
        emodb = row.get("corpus") == "emodb"
        measured.append(
            Clip(
                name=row["path"],
                speaker=speaker,
                woman=speaker in EMODB_WOMEN if emodb else int(speaker) % 2 == 0,
                emotion=row["emotion"] or "neutral",
                strong={"strong": True, "normal": False}.get(intensity or ""),
                sentence=measure_sentence(samples, speech, None, pitch, noise=noise),
            )
        )
    return measured
