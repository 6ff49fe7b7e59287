"""Recognition by Vosk: partial text while somebody speaks, word times and confidence, final text at once.

What is heard depends on the samples and on when the live transcript was asked for, and on nothing else: the library
hears blocks of 0.1 s whatever the pieces that are fed, and the faint noise it needs comes from a seeded source.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
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
_CONCLUDE_FROM, _CONCLUDE_BY = 18 * RATE_HZ, 22 * RATE_HZ
_QUIET_SHARE = 0.05
# Kaldi's own dither (one step of 16 bits) is drawn from an unseeded source: two runs gave different words. The models
# are trained with it, so it is switched off in the library (vosk_model.load) and added here.
_DITHER = 1.0


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

    def glance(self, samples: Samples, listens_for: Sequence[str] = ()) -> str:
        """The text of some seconds of 16 kHz sound, whatever it ``listens_for``."""
        hearing = self.start(RATE_HZ)
        hearing.feed(samples)
        return hearing.finish().text


class VoskHearing:
    """One reply heard by Vosk; the port :class:`voicesim.ports.Hearing`."""

    def __init__(self, decoder: Any, engine: str) -> None:
        decoder.SetWords(True)
        self._decoder = decoder
        self._engine = engine
        self._waiting: Samples = np.zeros(0, dtype=np.float32)
        self._words: list[Word] = []
        self._noise = np.random.default_rng(0)
        self._partial = ""
        self._length = 0
        self._unconcluded = 0
        self._loudest = 0.0
        self._finished = False

    def feed(self, samples: Samples) -> str:
        """Take 16 kHz samples in, float32[n], and give the text so far, which runs about 1 s late.

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
        """The live transcript of all samples fed; to be asked for in pauses.

        The partial text lacks the last second, so the stretch is concluded, as at the end: what was said up to here
        stays as it is, the words after it are heard afresh, and at the end of a reply live and final are one.
        """
        if len(self._waiting):
            self._hear(self._waiting)
            self._waiting = self._waiting[:0]
        if self._unconcluded:
            self._conclude(self._decoder.FinalResult())
        self._partial = ""
        return Transcript(words=tuple(self._words), text=" ".join(w.text for w in self._words), engine=self._engine)

    def finish(self) -> Transcript:
        """The final transcript, 0.1-0.5 s after the end, at once if nothing came since the live one."""
        self._finished = True
        return self.so_far()

    def _hear(self, block: Samples) -> None:
        """Let the library hear one block and keep what it concludes."""
        loudness = float(np.sqrt(np.mean(np.square(block))))
        self._loudest = max(self._loudest, loudness)
        self._unconcluded += len(block)
        if self._decoder.AcceptWaveform(self._pcm(block)):
            self._conclude(self._decoder.Result())
        elif self._unconcluded >= _CONCLUDE_BY or (
            self._unconcluded >= _CONCLUDE_FROM and loudness <= _QUIET_SHARE * self._loudest
        ):
            self._conclude(self._decoder.FinalResult())

    def _pcm(self, block: Samples) -> bytes:
        """The samples as the library wants them: 16-bit little-endian, with dither."""
        steps = block * 32_767.0 + self._noise.normal(0.0, _DITHER, len(block))
        return np.clip(np.rint(steps), -32_768, 32_767).astype("<i2").tobytes()

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
