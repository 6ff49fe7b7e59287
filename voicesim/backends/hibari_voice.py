"""The voice of hibari-tts: natural, offline, one female American voice inside the package.

Its other voices would be fetched from the network on first use; this module never names one.
"""

from importlib.metadata import PackageNotFoundError, version
from threading import Lock
from typing import Any

import numpy as np

from voicesim.backends.personas import in_persona
from voicesim.errors import InputError, MissingPart
from voicesim.model import Samples, Sound
from voicesim.ports import VoiceStyle

#: The only voice inside the package.
_SPEAKER = "heart"
#: Fixes the breath noise of the voice, so that a text sounds the same each time.
_SEED = 0
_MEND = "Run: pip install --force-reinstall hibari-tts==0.2.1"


class HibariVoice:
    """A voice that speaks English text in any persona of the engine ``hibari``; loads its model at the first text.

    Several threads may render with one of these; they take turns in the model, which is a small part of the work.
    """

    def __init__(self) -> None:
        self._speaker: Any = None
        self._turn = Lock()

    @property
    def name(self) -> str:
        """Engine, version and speaker, part of the cache key; MissingPart if the package is not there."""
        try:
            return f"hibari {version('hibari-tts')} {_SPEAKER}"
        except PackageNotFoundError as error:
            raise MissingPart("the voice hibari-tts is not installed", mend=_MEND) from error

    def render(self, text: str, style: VoiceStyle) -> Sound:
        """The text as sound at 24 kHz, equal for equal text and style; speech starts 0.05 s into it.

        Raises InputError for a text without words or a style out of range, UsageError for an unknown persona,
        MissingPart when package or model cannot be used.
        """
        if not any(character.isalnum() for character in text):
            raise InputError("a line without a word cannot be spoken")
        with self._turn:
            speaker = self._loaded()
            spoken = self._speak(speaker, text)
        return Sound(samples=in_persona(spoken, speaker.sample_rate, style), rate_hz=speaker.sample_rate)

    def _loaded(self) -> Any:
        """The model, with one thread; loaded once."""
        if self._speaker is None:
            try:
                from hibari import Hibari

                self._speaker = Hibari(voice=_SPEAKER, threads=1)
            except Exception as error:  # onnxruntime raises classes of its own that have no common root
                raise MissingPart(f"the voice hibari cannot be loaded ({type(error).__name__})", mend=_MEND) from error
        return self._speaker

    def _speak(self, speaker: Any, text: str) -> Samples:
        try:
            spoken = np.asarray(speaker(text, seed=_SEED), dtype=np.float32)
        except Exception as error:  # as above; the text itself stays out of the message
            what = f"the voice hibari failed on a line of {len(text)} characters ({type(error).__name__})"
            raise MissingPart(what, mend=_MEND) from error
        return spoken
