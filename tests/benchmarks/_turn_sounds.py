"""Sounds for the benchmark of turn-taking: spoken from stored texts, cut from recorded speech, and made noises.

Parts never share a speaker: each persona and each recorded speaker belongs to one of them. ``fresh`` holds only what is
said over a line; its real speakers are those of RAVDESS, its personas speak faster or slower than they do by
themselves, or with another accent.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from _speech_data import rows, sound_of

from voicesim import sound as sounds
from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.personas import find_persona
from voicesim.backends.replies_voice import SPEECH_DBFS, fluent, room_noise
from voicesim.backends.system_voice import SystemVoice
from voicesim.backends.vad import SileroVad, speech_spans
from voicesim.model import RATE_HZ, Samples, Span
from voicesim.ports import VoiceStyle

TEXTS = Path(__file__).with_name("turn_taking.tsv")
PERSONAS = {
    "dev": ("woman", "deep_man", "system_woman"),
    "test": ("older_woman", "young_man", "man", "system_man"),
    "fresh": ("young_woman", "older_man", "system_man", "system_woman"),
}
#: How the personas of a part speak where they do not speak by themselves: speed, and language of the system's voice.
_MANNERS = {
    ("fresh", "young_woman"): (0.9, "en-us"),
    ("fresh", "older_man"): (1.15, "en-us"),
    ("fresh", "system_man"): (0.9, "en-gb-scotland"),
    ("fresh", "system_woman"): (1.1, "en-gb"),
}
#: Recorded speakers of the test part; all others are for tuning.
TEST_SPEAKERS = frozenset({"367", "1688", "2609", "11", "12", "13", "14", "15", "16"})
#: Voiced sound ends where the level of 10 ms falls this far below the loudest for good.
_VOICED_DB = -40.0
_HOP = RATE_HZ // 100
_LEAD_S, _TAIL_S = 0.5, 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """Microphone sound with what is true of it: ``voiced`` are first and last voiced sample of what is spoken."""

    name: str
    kind: str
    speaker: str
    samples: Samples
    voiced: Span


def texts(part: str, kind: str) -> list[str]:
    """The stored texts of a part and a kind."""
    with TEXTS.open(encoding="utf-8", newline="") as lines:
        return [
            row["text"] for row in csv.DictReader(lines, delimiter="\t") if (row["part"], row["kind"]) == (part, kind)
        ]


def spoken(part: str, kind: str, *, every_persona: bool = True) -> Iterator[Clip]:
    """Each text by each persona of the part (or by one in turn), in a quiet room, with silence around it."""
    hibari, personas = HibariVoice(), PERSONAS[part]
    for number, text in enumerate(texts(part, kind)):
        for place, persona in enumerate(personas):
            if not every_persona and place != number % len(personas):
                continue
            speed, language = _MANNERS.get((part, persona), (1.0, "en-us"))
            voice = hibari if find_persona(persona).engine == "hibari" else SystemVoice(language=language)
            speech = _with_pauses(voice, text, VoiceStyle(persona=persona, speed=speed))
            yield in_room(speech, name=f"{kind} {persona} {text}", kind=kind, speaker=persona, seed=(number, place))


def in_room(speech: Samples, *, name: str, kind: str, speaker: str, seed: tuple[int, ...]) -> Clip:
    """Speech at a headset's level in a quiet room: 0.5 s before it, 2 s behind it."""
    level = np.sort(np.square(speech, dtype=np.float64))[len(speech) // 2 :].mean()
    speech = speech * np.float32(10 ** (SPEECH_DBFS / 20) / np.sqrt(level))
    lead, tail = round(_LEAD_S * RATE_HZ), round(_TAIL_S * RATE_HZ)
    samples = np.pad(speech, (lead, tail))
    return Clip(
        name=name,
        kind=kind,
        speaker=speaker,
        samples=(samples + room_noise(len(samples), seed)).astype(np.float32),
        voiced=voiced(speech).shifted(lead),
    )


def voiced(speech: Samples) -> Span:
    """From the first to the last voiced sample of clean speech, to 10 ms."""
    blocks = np.abs(speech[: len(speech) // _HOP * _HOP]).reshape(-1, _HOP).max(axis=1)
    loud = np.flatnonzero(blocks > blocks.max() * 10 ** (_VOICED_DB / 20))
    return Span(start=int(loud[0]) * _HOP, end=int(loud[-1] + 1) * _HOP)


def _with_pauses(voice: HibariVoice | SystemVoice, text: str, style: VoiceStyle) -> Samples:
    """The text's pieces with ``|0.6|`` seconds of silence between them, each spoken fluently."""
    pieces = []
    for place, piece in enumerate(re.split(r"\|", text)):
        if place % 2:
            pieces.append(np.zeros(round(float(piece) * RATE_HZ), np.float32))
            continue
        sound = voice.render(piece.strip(), style)
        speech = fluent(sounds.resample(sound.samples, sound.rate_hz, RATE_HZ))
        span = voiced(speech)
        pieces.append(speech[span.start : span.end])
    return np.concatenate(pieces)


def prose(part: str) -> Iterator[Clip]:
    """Read prose of people (LibriSpeech), whole clips."""
    for row in rows("librispeech"):
        if _is_of(part, row):
            samples = sound_of(row)
            whole = Span(start=0, end=len(samples))
            yield Clip(name=row["path"], kind="prose", speaker=row["speaker"], samples=samples, voiced=whole)


def _is_of(part: str, row: Mapping[str, str]) -> bool:
    """Whether a recorded speaker belongs to a part."""
    if row["corpus"] == "ravdess":
        return part == "fresh"
    return (row["speaker"] in TEST_SPEAKERS) == (part == "test") and part != "fresh"


def snippets(part: str) -> Iterator[Clip]:
    """The first 2 s or less of people speaking, 1 s at least.

    LibriSpeech after each pause of 0.5 s, every fifth clip of EmoDB, every seventh of RAVDESS.
    """
    vad = SileroVad()
    for corpus, every in (("librispeech", 1), ("emodb", 5), ("ravdess", 7)):
        for number, row in enumerate(rows(corpus)):
            if not _is_of(part, row):
                continue
            samples = sound_of(row)
            for place, span in enumerate(speech_spans(samples, vad, min_gap_s=0.5)):
                if span.length < RATE_HZ or number % every:
                    continue
                cut = samples[max(0, span.start - RATE_HZ // 10) : min(span.end, span.start + 2 * RATE_HZ)]
                yield in_room(
                    cut,
                    name=f"{row['path']} {place}",
                    kind="interruption",
                    speaker=row["speaker"],
                    seed=(number, place),
                )


def short_words(part: str) -> Iterator[Clip]:
    """Real words between two pauses of read prose that last 0.6 s at most ("well", "but", "he said")."""
    vad = SileroVad()
    for number, row in enumerate(rows("librispeech")):
        if not _is_of(part, row):
            continue
        samples = sound_of(row)
        for place, span in enumerate(speech_spans(samples, vad)):
            if span.length <= 0.6 * RATE_HZ:
                cut = samples[max(0, span.start - RATE_HZ // 10) : span.end + RATE_HZ // 20]
                yield in_room(
                    cut, name=f"{row['path']} {place}", kind="word", speaker=row["speaker"], seed=(number, place)
                )


def noises(seed: int, count: int) -> Iterator[Clip]:
    """Clicks, knocks, breaths and rustling: made, as a headset hears them."""
    rng = np.random.default_rng(seed)
    for number in range(count):
        kind = ("click", "knock", "breath", "rustle")[number % 4]
        length = round(
            {"click": 0.02, "knock": 0.15, "breath": 0.5, "rustle": 0.4}[kind] * RATE_HZ * rng.uniform(0.6, 1.6)
        )
        sound = _noise(kind, length, rng)
        sound *= 10 ** (rng.uniform(-34, -14) / 20) / np.abs(sound).max()
        samples = np.pad(sound, (RATE_HZ, RATE_HZ)).astype(np.float32)
        yield Clip(
            name=f"{kind} {number}",
            kind=kind,
            speaker="",
            samples=samples + room_noise(len(samples), (seed, number)),
            voiced=Span(start=RATE_HZ, end=RATE_HZ + length),
        )


def _noise(kind: str, length: int, rng: np.random.Generator) -> Samples:
    time_s = np.arange(length) / RATE_HZ
    white = rng.standard_normal(length)
    if kind == "click":
        return (white * np.exp(-time_s / 0.004)).astype(np.float32)
    if kind == "knock":
        return (np.sin(2 * np.pi * rng.uniform(90, 300) * time_s) * np.exp(-time_s / 0.03)).astype(np.float32)
    spectrum = np.fft.rfft(white)
    hz = np.fft.rfftfreq(length, 1 / RATE_HZ)
    middle = rng.uniform(500, 1500) if kind == "breath" else rng.uniform(2000, 5000)
    shaped = np.fft.irfft(spectrum / (1 + ((hz - middle) / (0.6 * middle)) ** 2), length)
    bursts = 1.0 if kind == "breath" else np.abs(np.sin(2 * np.pi * 9 * time_s))
    return (shaped * np.sin(np.pi * time_s / time_s[-1]) * bursts).astype(np.float32)
