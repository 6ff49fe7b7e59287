"""Says texts aloud: rendered by the voice of a persona, for the headphones or for a file."""

from collections.abc import Sequence

import numpy as np
from rich.console import Console

from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.personas import find_persona
from voicesim.backends.system_voice import SystemVoice
from voicesim.backends.voicebank import LineRequest, VoiceBank
from voicesim.cli.headset import choose_devices
from voicesim.files import cache_folder
from voicesim.model import Samples
from voicesim.ports import Voice
from voicesim.wiring.taking import converse, opened, silence

#: Who speaks a reply to try.
PERSONA = "man"
_BETWEEN_S = 0.6
_AFTER_S = 0.3


class Saying:
    """The voice of one persona; what it has said once is kept in the cache."""

    def __init__(self, persona: str = PERSONA) -> None:
        engine = find_persona(persona).engine
        voice: Voice = SystemVoice() if engine == "system" else HibariVoice()
        self._persona = persona
        self._bank = VoiceBank(cache=cache_folder(), voices={engine: voice})

    def sound(self, text: str) -> Samples:
        """A text, float32[n] at 16 kHz, as in the room. Raises MissingPart without the engine."""
        request = LineRequest(
            text=text, persona=self._persona, anger=0.0, speed=1.0, phone="clear", take=None, effect=None
        )
        return self._bank.sound(request)


def joined(sounds: Sequence[Samples]) -> Samples:
    """The sounds one after the other, float32[n] at 16 kHz, with a pause between."""
    parts = [part for sound in sounds for part in (sound, silence(_BETWEEN_S))]
    return np.concatenate(parts) if parts else silence(_AFTER_S)


def play(samples: Samples, console: Console) -> None:
    """Play float32[n] at 16 kHz through the chosen headphones. Raises DeviceError if there are none."""
    with opened(choose_devices(None, None, console).headset()) as duplex:
        converse(duplex, np.concatenate((samples, silence(_AFTER_S))))
