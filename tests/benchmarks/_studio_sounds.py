"""What a trainer records, made from the shipped scripts' lines: single takes and whole sessions in a quiet room.

Voices, scripts and recorded speakers belong to ``dev`` (where thresholds were chosen) or to ``test``, never to both.
Lines are rendered once and kept in voicesim's cache.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.replies_voice import room_noise
from voicesim.backends.system_voice import SystemVoice
from voicesim.backends.voicebank import LineRequest, VoiceBank
from voicesim.files import cache_folder, shipped
from voicesim.model import RATE_HZ, Line, Samples, Span
from voicesim.script.load import load_script
from voicesim.wiring.engines import ANGER_OF_MOOD

SCRIPTS: Mapping[str, tuple[str, ...]] = {"dev": ("billed-twice",), "test": ("benefit-stopped", "parcel-third-time")}
PERSONAS: Mapping[str, tuple[str, ...]] = {
    "dev": ("woman", "man", "system_man"),
    "test": ("older_woman", "young_man", "deep_man", "system_woman"),
}
ROOM_DBFS = -62.0
#: Speech begins and ends where the level of 10 ms passes this, against the loudest, in dB.
_EDGE_DB = -40.0
_HOP = RATE_HZ // 100

CHATTER: Mapping[str, tuple[str, ...]] = {
    "dev": (
        "Hang on, let me have a sip of water.",
        "No, that was rubbish. Again.",
        "Is this thing still recording?",
        "Sorry, the dog wants to come in.",
        "Right, next one.",
        "I will do that one louder.",
    ),
    "test": (
        "Wait, I lost my place on the page.",
        "Oh no, I messed that up, once more.",
        "That was the neighbour's drill, sorry.",
        "Okay. Page two.",
        "How did that sound to you?",
        "Let me try to be a bit more furious here.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One long recording: where each line's last good take is spoken, and what else was said."""

    name: str
    samples: Samples
    lines: tuple[Line, ...]
    spoken: Mapping[str, Span]
    chatter: tuple[Span, ...]


def lines_of(part: str) -> list[Line]:
    """The lines of the part's scripts, each text once, silence lines among them."""
    found: dict[str, Line] = {}
    for name in SCRIPTS[part]:
        path = shipped("scripts") / f"{name}.yaml"
        for line in load_script(path.read_bytes(), path.name).lines():
            found.setdefault(line.text, line)
    return list(found.values())


@cache
def bank() -> VoiceBank:
    """What speaks, with what it has spoken."""
    return VoiceBank(cache=cache_folder(), voices={"hibari": HibariVoice(), "system": SystemVoice()})


def said(text: str, persona: str, mood: str = "calm") -> Samples:
    """A text as a persona says it in a mood, 16 kHz, without a telephone and without silence around it."""
    request = LineRequest(text=text, persona=persona, anger=ANGER_OF_MOOD[mood], phone="clear")
    speech = bank().sound(request)
    edges = audible(speech)
    return speech[edges.start : edges.end]


def audible(speech: Samples) -> Span:
    """First to last 10 ms of a sound that stand 40 dB or less under the loudest."""
    frames = speech[: len(speech) // _HOP * _HOP].reshape(-1, _HOP)
    powers = np.mean(np.square(frames, dtype=np.float64), axis=1)
    loud = np.flatnonzero(powers > powers.max() * 10 ** (_EDGE_DB / 10))
    return Span(start=int(loud[0]) * _HOP, end=int(loud[-1] + 1) * _HOP)


def in_room(speech: Samples, *, lead_s: float, tail_s: float, gain_db: float, seed: Sequence[int]) -> Samples:
    """Speech in a quiet room at another level, with room before and after it."""
    samples = np.pad(speech * np.float32(10 ** (gain_db / 20)), (round(lead_s * RATE_HZ), round(tail_s * RATE_HZ)))
    return np.asarray(samples + room_noise(len(samples), seed, ROOM_DBFS), dtype=np.float32)


def cough(rng: np.random.Generator) -> Samples:
    """A burst of coloured noise that rises at once and dies in 0.3 s, at -20 dBFS: what a cough is to a recognizer."""
    length = round(rng.uniform(0.25, 0.4) * RATE_HZ)
    noise = room_noise(length, (int(rng.integers(1 << 30)),), -14.0)
    return np.asarray(noise * np.exp(-np.arange(length) / (0.1 * RATE_HZ)), dtype=np.float32)


def sessions(part: str, count: int, lines_each: int) -> Iterator[Session]:
    """So many recordings, each of one persona: lines in a shuffled order with repeats, slips, chatter and coughs."""
    every = lines_of(part)
    for number in range(count):
        rng = np.random.default_rng([len(part), number])
        persona = PERSONAS[part][number % len(PERSONAS[part])]
        chosen = [every[at] for at in rng.choice(len(every), lines_each, replace=False)]
        yield _session(f"{part} {number} {persona}", chosen, persona, part, rng)


def _session(name: str, lines: Sequence[Line], persona: str, part: str, rng: np.random.Generator) -> Session:
    """One recording; of ten lines one is said twice, one begun and broken off, one has a cough, two chatter before."""
    parts: list[Samples] = []
    spoken: dict[str, Span] = {}
    chatter: list[Span] = []
    gain = np.float32(10 ** (rng.uniform(-10, 0) / 20))

    def add(sound: Samples) -> Span:
        start = sum(map(len, parts))
        parts.append(sound * gain)
        pause_s = rng.uniform(0.5, 2.0)
        parts.append(np.zeros(round(pause_s * RATE_HZ), dtype=np.float32))
        return Span(start=start, end=start + len(sound))

    parts.append(np.zeros(RATE_HZ // 2, dtype=np.float32))
    for line in lines:
        event = rng.choice(["", "twice", "slip", "cough", "chatter"], p=[0.5, 0.1, 0.1, 0.1, 0.2])
        words = line.text.split()
        if event == "twice":
            add(said(line.text, persona, line.mood))
        elif event == "slip" and len(words) >= 4:
            chatter.append(add(said(" ".join(words[: len(words) // 2]), persona, line.mood)))
        elif event == "cough":
            add(cough(rng))
        elif event == "chatter":
            chatter.append(add(said(str(rng.choice(CHATTER[part])), persona)))
        spoken[line.id] = add(said(line.text, persona, line.mood))
    sound = np.concatenate(parts)
    samples = np.asarray(sound + room_noise(len(sound), (len(lines),), ROOM_DBFS), dtype=np.float32)
    return Session(name=name, samples=samples, lines=tuple(lines), spoken=spoken, chatter=tuple(chatter))
