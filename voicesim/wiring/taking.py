"""Takes one spoken sentence: from a device until the speaker has stopped, or from sound files in its place."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from voicesim.backends.vad import WINDOW, SileroVad, spans_from, speech_spans
from voicesim.call.replies import read_replies
from voicesim.errors import DeviceError, UsageError
from voicesim.model import FRAME, RATE_HZ, Samples, Span, Transcript
from voicesim.ports import AudioDevice, Duplex, Recognizer
from voicesim.wiring.guide import Guide

#: A sentence is over after this much silence; nobody waits longer for its beginning, nor for its end.
SILENCE_S = 0.8
BEGIN_WITHIN_S = 8.0
LONGEST_S = 20.0
#: What a device does in its first moments (clicks, gain finding its place) is not listened to.
SETTLE_S = 0.4
# Shorter speech is a click or a cough.
_LEAST_WINDOWS = 4
_SPEECH = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """One spoken sentence: float32[n] at 16 kHz with the room before and after it, and where in it speech is."""

    samples: Samples
    speech: tuple[Span, ...]


class Taker(Protocol):
    """What gives sentences, one after the other; ``spoken`` by a person now, who can be asked and can try again."""

    name: str
    spoken: bool

    @property
    def more(self) -> bool:
        """Whether another sentence can be had."""
        ...

    def take(self) -> Take:
        """The next sentence. Raises DeviceError or UsageError where there is none."""
        ...


class Microphone:
    """Sentences from a device, which is open only while one is taken."""

    spoken = True
    more = True

    def __init__(self, device: AudioDevice, name: str, guide: Guide) -> None:
        self.name = name
        self._device, self._guide = device, guide
        self._vad = SileroVad()

    def take(self) -> Take:
        """The next sentence, from the moment when it is asked for."""
        with opened(self._device) as duplex:
            self._guide.tell("  Speak now.")
            return record_sentence(duplex, self._vad, self._guide)


class Recordings:
    """Sentences from the sound files of a folder, in their natural order."""

    name = "files"
    spoken = False

    def __init__(self, folder: Path) -> None:
        self._waiting = list(read_replies(folder)[0])
        self._folder = folder
        self._vad = SileroVad()

    @property
    def more(self) -> bool:
        """Whether there is a file that was not taken yet."""
        return bool(self._waiting)

    def take(self) -> Take:
        """The next file. Raises UsageError when all were taken."""
        if not self._waiting:
            mend = "Put three neutral sentences there, and one in your helpful voice."
            raise UsageError("there is no further sound file", where=str(self._folder), mend=mend)
        samples = self._waiting.pop(0).samples
        return Take(samples=samples, speech=speech_spans(samples, self._vad))


def record_sentence(duplex: Duplex, vad: SileroVad, guide: Guide) -> Take:
    """What the microphone hears until 0.8 s of silence after speech, at most 20 s; 8 s if nobody speaks."""
    vad.reset()
    frames: list[Samples] = []
    probabilities: list[float] = []
    unheard: Samples = np.zeros(0, dtype=np.float32)
    try:
        while not _over(probabilities):
            frame = next_frames(duplex)[0]
            frames.append(frame)
            guide.level(frame)
            unheard = np.concatenate((unheard, frame))
            while len(unheard) >= WINDOW:
                probabilities.append(vad.probability(unheard[:WINDOW]))
                unheard = unheard[WINDOW:]
    finally:
        guide.level(None)
    samples = np.concatenate(frames)
    return Take(samples=samples, speech=spans_from(probabilities, len(samples)))


def _over(probabilities: list[float]) -> bool:
    """Whether the speaker has stopped, or will not begin."""
    heard_s = len(probabilities) * WINDOW / RATE_HZ
    spoken = [at for at, probability in enumerate(probabilities) if probability >= _SPEECH]
    if len(spoken) < _LEAST_WINDOWS:
        return heard_s >= BEGIN_WITHIN_S
    silent = len(probabilities) - 1 - spoken[-1]
    return silent * WINDOW / RATE_HZ >= SILENCE_S or heard_s >= LONGEST_S


@contextmanager
def opened(device: AudioDevice) -> Iterator[Duplex]:
    """A device that is open for so long as the context lasts, and past its first moments."""
    duplex = device.open(RATE_HZ)
    try:
        converse(duplex, silence(SETTLE_S))
        yield duplex
    finally:
        duplex.close()


def converse(duplex: Duplex, play: Samples) -> tuple[Samples, Samples]:
    """What microphone and ears heard, float32[n] each, while ``play`` was written frame by frame."""
    heard, ears = [], []
    for start in range(0, len(play), FRAME):
        frames = next_frames(duplex, np.pad(play[start : start + FRAME], (0, max(0, start + FRAME - len(play)))))
        heard.append(frames[0])
        ears.append(frames[1])
    return np.concatenate(heard), np.concatenate(ears)


def next_frames(duplex: Duplex, play: Samples | None = None) -> tuple[Samples, Samples]:
    """The next 20 ms of microphone and ears; ``play`` (silence if None) is written for them. Raises DeviceError."""
    frames = duplex.read()
    if frames is None:
        raise DeviceError("the microphone has ended", mend="Plug the headset in and begin again.")
    duplex.write(silence(FRAME / RATE_HZ) if play is None else play)
    return frames.microphone, frames.ears


def silence(duration_s: float) -> Samples:
    """float32[n] of zeros at 16 kHz."""
    return np.zeros(round(duration_s * RATE_HZ), dtype=np.float32)


def recognized(recognizer: Recognizer, take: Take) -> Transcript:
    """The words of a sentence; without speech none, since a recognizer would make words up."""
    if not take.speech:
        return Transcript(words=(), text="", engine=recognizer.capabilities.engine)
    hearing = recognizer.start(RATE_HZ)
    hearing.feed(take.samples)
    return hearing.finish()
