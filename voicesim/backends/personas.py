"""How callers and made-up trainees sound: a few named personas, so that a script never names an engine's number.

A persona is one engine's voice with its fundamental frequency multiplied by ``f0_ratio`` and its spectral envelope
(what makes a vocal tract sound long or short) warped by ``envelope_warp``. With these ratios a persona is
recognized as well as the voice it is made from (``tests/benchmarks/rendering.py``); no listeners have judged them yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from voicesim.backends.anger_rendering import convert
from voicesim.errors import InputError, UsageError
from voicesim.model import Samples
from voicesim.ports import VoiceStyle

Engine = Literal["hibari", "system"]
Sex = Literal["female", "male"]

#: Speech starts and ends where its 20 ms level rises above this share of the loudest 20 ms (-40 dB).
_SPEECH_SHARE = 0.01
_LEAD_S = 0.05
_TAIL_S = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """How somebody sounds.

    ``sentence`` describes it for people; ``f0_ratio``, ``envelope_warp`` and ``speed`` are factors on the engine's own
    voice (1 leaves it as it is); ``age`` is a word for people. ``sex`` also picks among the voices of a system.
    """

    name: str
    sentence: str
    engine: Engine
    sex: Sex
    age: str
    f0_ratio: float = 1.0
    envelope_warp: float = 1.0
    speed: float = 1.0


_ALL = (
    Persona(name="woman", sentence="a woman, clear and quick", engine="hibari", sex="female", age="adult"),
    Persona(
        name="older_woman",
        sentence="an older woman, a little darker and slower",
        engine="hibari",
        sex="female",
        age="older",
        f0_ratio=0.85,
        envelope_warp=0.95,
        speed=0.95,
    ),
    Persona(
        name="man",
        sentence="a man with a middle voice",
        engine="hibari",
        sex="male",
        age="adult",
        f0_ratio=0.58,
        envelope_warp=0.84,
    ),
    Persona(
        name="deep_man",
        sentence="a man with a deep voice, taking his time",
        engine="hibari",
        sex="male",
        age="older",
        f0_ratio=0.50,
        envelope_warp=0.80,
        speed=0.97,
    ),
    Persona(
        name="older_man",
        sentence="an older man, lighter than the deep one and slow",
        engine="hibari",
        sex="male",
        age="older",
        f0_ratio=0.54,
        envelope_warp=0.86,
        speed=0.92,
    ),
    Persona(
        name="young_woman",
        sentence="a young woman, light and fast",
        engine="hibari",
        sex="female",
        age="young",
        f0_ratio=1.13,
        envelope_warp=1.05,
        speed=1.04,
    ),
    Persona(
        name="young_man",
        sentence="a young man with a light voice",
        engine="hibari",
        sex="male",
        age="young",
        f0_ratio=0.68,
        envelope_warp=0.88,
    ),
    Persona(
        name="system_man",
        sentence="a man, a voice of this system",
        engine="system",
        sex="male",
        age="adult",
    ),
    Persona(
        name="system_woman",
        sentence="a woman, a voice of this system",
        engine="system",
        sex="female",
        age="adult",
    ),
)

#: Every persona by its name.
PERSONAS: Mapping[str, Persona] = MappingProxyType({persona.name: persona for persona in _ALL})


def find_persona(name: str) -> Persona:
    """The persona of that name; UsageError names those that exist."""
    if name not in PERSONAS:
        raise UsageError(f"unknown persona {name!r}", mend=f"Use one of: {', '.join(PERSONAS)}.")
    return PERSONAS[name]


def trimmed(samples: Samples, rate_hz: int) -> Samples:
    """The speech of float32[n] with 0.05 s before and 0.15 s after it, so that a caller answers without delay.

    Raises InputError when there is no sound at all.
    """
    window = max(1, int(rate_hz * 0.02))
    blocks = np.abs(samples[: len(samples) // window * window]).reshape(-1, window).max(axis=1)
    if not len(blocks) or not blocks.max() > 0:
        raise InputError("the voice made no sound")
    loud = np.flatnonzero(blocks > blocks.max() * _SPEECH_SHARE)
    start = max(0, loud[0] * window - int(rate_hz * _LEAD_S))
    end = (loud[-1] + 1) * window + int(rate_hz * _TAIL_S)
    return samples[start:end]


def in_persona(samples: Samples, rate_hz: int, style: VoiceStyle) -> Samples:
    """The engine's speech, float32[n] at ``rate_hz``, as ``style`` wants it: trimmed, in its persona, anger and speed.

    Engines speak at their own speed, since they round or lose the speed they are asked for; it is changed here, to the
    sample. Raises UsageError for an unknown persona, InputError for an anger outside 0..1 or a speed outside 0.5..2.
    """
    persona = find_persona(style.persona)
    return convert(
        trimmed(samples, rate_hz),
        rate_hz,
        f0_ratio=persona.f0_ratio,
        envelope_warp=persona.envelope_warp,
        anger=style.anger,
        speed=persona.speed * style.speed,
    )
