"""Recognition by Vosk: partial text while somebody speaks, word times and confidence, final text at once.

The library hears blocks of 0.1 s whatever the pieces that are fed, so the transcript depends on the samples alone.
"""

import json
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from voicesim.backends import vosk_model
from voicesim.errors import UsageError
from voicesim.model import RATE_HZ, Samples, Span, Transcript, Word
from voicesim.ports import Capabilities
from voicesim.sound import checked

#: Samples that the library hears at a time.
BLOCK = RATE_HZ // 10
# Speech without a pause is concluded after about 20 s, at a quiet block if one comes: the decoder's memory and time
# grow with the length of what it has not concluded.
_CONCLUDE_FROM, _CONCLUDE_BY = 180, 220
_QUIET_SHARE = 0.05


class VoskRecognizer:
    """A Vosk model in a folder as a :class:`voicesim.ports.Recognizer`.

    Making one looks at the folder and tries it out (MissingPart, see :func:`vosk_model.check_model`); the first
    :meth:`start` loads it, once in a process. Hearings share one model; each may be used in one thread at a time.
    """

    def __init__(self, model_path: Path | str) -> None:
        self._folder = Path(model_path).resolve()
        vosk_model.check_model(self._folder)
        self._engine = f"vosk {metadata.version('vosk')} {self._folder.name}"

    @property
    def capabilities(self) -> Capabilities:
        """Partials, word confidence and the model's language (none given if it does not tell)."""
        language = vosk_model.language_of(self._folder)
        languages = (language,) if language else ()
        return Capabilities(engine=self._engine, partials=True, confidence=True, languages=languages)

    def start(self, rate_hz: int) -> "VoskHearing":
        """A new hearing for sound at 16 000 Hz. Raises UsageError for another rate, MissingPart for a broken model."""
        # Some rates hang the library and some abort the process, so none but the one reaches it.
        if rate_hz != RATE_HZ:
            raise UsageError(f"the recognizer takes sound at {RATE_HZ} Hz, not at {rate_hz} Hz")
        model = vosk_model.load(self._folder)
        try:
            decoder = vosk_model.library().KaldiRecognizer(model, float(RATE_HZ))
        except Exception as broken:
            raise vosk_model.damaged(self._folder) from broken
        return VoskHearing(decoder, self._engine)


class VoskHearing:
    """One reply heard by Vosk; the port :class:`voicesim.ports.Hearing`."""

    def __init__(self, decoder: Any, engine: str) -> None:
        decoder.SetWords(True)
        self._decoder = decoder
        self._engine = engine
        self._waiting: Samples = np.zeros(0, dtype=np.float32)
        self._words: list[Word] = []
        self._partial = ""
        self._length = 0
        self._unconcluded = 0
        self._loudest = 0.0
        self._finished = False

    def feed(self, samples: Samples) -> str:
        """Take 16 kHz samples in, float32[n], and give the text so far.

        Up to 0.1 s waits until its block is full. Raises InputError for bad samples, UsageError once finished.
        """
        if self._finished:
            raise UsageError("this hearing is finished; start another one")
        mono = checked(samples, RATE_HZ)
        self._length += len(mono)
        waiting = np.concatenate([self._waiting, mono])
        whole = len(waiting) - len(waiting) % BLOCK
        for block in waiting[:whole].reshape(-1, BLOCK):
            self._hear(block)
        if whole:
            self._partial = json.loads(self._decoder.PartialResult()).get("partial", "")
        self._waiting = waiting[whole:]
        return " ".join([*(word.text for word in self._words), *self._partial.split()])

    def so_far(self) -> Transcript:
        """The live transcript of all full blocks fed, without concluding anything."""
        if self._finished:
            return self._transcript(self._words)
        self._decoder.SetPartialWords(True)
        result = json.loads(self._decoder.PartialResult()).get("partial_result", ())
        self._decoder.SetPartialWords(False)
        return self._transcript([*self._words, *self._placed(result)])

    def finish(self) -> Transcript:
        """The final transcript, 0.02-0.05 s after the end. The hearing cannot be fed after it."""
        if not self._finished:
            self._finished = True
            if len(self._waiting):
                self._decoder.AcceptWaveform(_pcm(self._waiting))
            self._conclude(self._decoder.FinalResult())
        return self._transcript(self._words)

    def _hear(self, block: Samples) -> None:
        """Let the library hear one block and keep what it concludes."""
        loudness = float(np.sqrt(np.mean(np.square(block))))
        self._loudest = max(self._loudest, loudness)
        self._unconcluded += 1
        if self._decoder.AcceptWaveform(_pcm(block)):
            self._conclude(self._decoder.Result())
        elif self._unconcluded >= _CONCLUDE_BY or (
            self._unconcluded >= _CONCLUDE_FROM and loudness <= _QUIET_SHARE * self._loudest
        ):
            self._conclude(self._decoder.FinalResult())

    def _conclude(self, result: str) -> None:
        """Keep the words of a concluded stretch."""
        self._words.extend(self._placed(json.loads(result).get("result", ())))
        self._unconcluded = 0

    def _placed(self, words: Iterable[dict[str, Any]]) -> Iterator[Word]:
        """The library's words at their samples: in order, within the sound, none over another."""
        not_before = self._words[-1].span.end if self._words else 0
        for word in words:
            start = min(max(round(word["start"] * RATE_HZ), not_before), self._length)
            end = min(max(round(word["end"] * RATE_HZ), start), self._length)
            not_before = end
            yield Word(text=word["word"], span=Span(start=start, end=end), confidence=min(max(word["conf"], 0.0), 1.0))

    def _transcript(self, words: Iterable[Word]) -> Transcript:
        """The words with their text."""
        kept = tuple(words)
        return Transcript(words=kept, text=" ".join(word.text for word in kept), engine=self._engine)


def _pcm(samples: Samples) -> bytes:
    """The samples as the library wants them: 16-bit little-endian."""
    return (np.clip(samples, -1.0, 1.0) * 32_767).round().astype("<i2").tobytes()
