"""Fakes for every port, public so that anyone can try a call without models, voices or a headset.

The fakes of speech share one list of ``(start_s, end_s, transcript)``: :class:`FakeDevice` lets the trainee say it,
:class:`FakeVad` and :class:`FakeRecognizer` hear it. They need no common clock, because the made sound itself carries
what is said: stretch ``i`` is a square wave whose height tells ``i``, see :func:`speech_sound`. So they hear rightly
whatever part of the microphone they are fed, however often, and from sound files as well as from a device.

>>> speech = [(0.5, 1.5, "hello there")]
>>> hearing = FakeRecognizer(speech).start(16_000)
>>> hearing.feed(speech_sound(speech, duration_s=1.0))
'hello'
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from voicesim.errors import DeviceError, InputError, UsageError
from voicesim.model import FRAME, RATE_HZ, Samples, Sound, Span, Transcript, Word
from voicesim.ports import Capabilities, Frames, Pieces, VoiceStyle
from voicesim.sound import checked, ramped

#: One stretch of made speech: start and end in seconds, and what is said in it.
Speech = Sequence[tuple[float, float, str]]

# Heights of the square wave: stretch i stands at _LOWEST + i x _STEP, which survives 16-bit storage.
_LOWEST, _STEP, _MOST = 0.1, 0.002, 400
_AUDIBLE = _LOWEST / 2
#: Half a period of the made speech in samples: 125 Hz, a low voice.
_HALF_PERIOD = 64
_WINDOW = 512
_HOP = 160


def speech_sound(speech: Speech, duration_s: float | None = None) -> Samples:
    """Made 16 kHz sound of ``speech``, float32[n]: silence with a marked 125 Hz square wave for each stretch.

    ``duration_s`` cuts or lengthens the sound; without it, it ends 1 s after the last stretch. Raises InputError for
    stretches that are out of order, overlap, or are more than 400.
    """
    spans = _spans(speech)
    length = spans[-1].end + RATE_HZ if spans else 0
    sound = np.zeros(max(length, round((duration_s or 0) * RATE_HZ)), dtype=np.float32)
    for number, span in enumerate(spans):
        wave = np.where(np.arange(span.length) // _HALF_PERIOD % 2, -1.0, 1.0)
        sound[span.start : span.end] = wave * (_LOWEST + number * _STEP)
    return sound if duration_s is None else sound[: round(duration_s * RATE_HZ)]


class FakeRecognizer:
    """A recognizer that hears the made speech of a list of ``(start_s, end_s, transcript)`` and nothing else.

    A word is heard when all its samples were fed; words of a stretch share its time by their letters. ``misheard``
    turns a word into what the live transcript says instead, so that live and final transcripts can differ.
    """

    def __init__(
        self, speech: Speech, *, misheard: Mapping[str, str] | None = None, confidence: float | None = 0.9
    ) -> None:
        _spans(speech)
        self._speech = tuple(speech)
        self._misheard = dict(misheard or {})
        self._confidence = confidence

    @property
    def capabilities(self) -> Capabilities:
        """Partials and, unless made without, word confidence."""
        return Capabilities(engine="fake", partials=True, confidence=self._confidence is not None, languages=("en",))

    def start(self, rate_hz: int) -> "FakeHearing":
        """A new hearing at 16 000 Hz; another rate raises UsageError."""
        if rate_hz != RATE_HZ:
            raise UsageError(f"the recognizer takes sound at {RATE_HZ} Hz, not at {rate_hz} Hz")
        return FakeHearing(self._speech, self._misheard, self._confidence)

    def glance(self, samples: Samples, listens_for: Sequence[str] = ()) -> str:
        """The words heard in some seconds of sound, whatever it ``listens_for``."""
        hearing = self.start(RATE_HZ)
        hearing.feed(samples)
        return hearing.so_far().text


class FakeHearing:
    """One reply heard by a :class:`FakeRecognizer`."""

    def __init__(self, speech: Speech, misheard: Mapping[str, str], confidence: float | None) -> None:
        self._speech = speech
        self._misheard = misheard
        self._confidence = confidence
        self._heard: list[tuple[int, Span]] = []
        self._length = 0
        self._finished = False

    def feed(self, samples: Samples) -> str:
        """Take 16 kHz samples in and give the words heard so far. Raises UsageError once finished, InputError."""
        if self._finished:
            raise UsageError("this hearing is finished; start another one")
        for number, span in _marked(checked(samples, RATE_HZ), self._length):
            if self._heard and self._heard[-1][0] == number and self._heard[-1][1].end == span.start:
                self._heard[-1] = (number, Span(start=self._heard[-1][1].start, end=span.end))
            else:
                self._heard.append((number, span))
        self._length += len(samples)
        return self.so_far().text

    def so_far(self) -> Transcript:
        """The live transcript: the words heard in full, ``misheard`` ones replaced."""
        return self._transcript(self._misheard)

    def finish(self) -> Transcript:
        """The final transcript: the words heard in full, as they were said."""
        self._finished = True
        return self._transcript({})

    def _transcript(self, misheard: Mapping[str, str]) -> Transcript:
        words = tuple(
            Word(text=misheard.get(text, text), span=span, confidence=self._confidence)
            for stretch in self._heard
            for text, span in self._words(*stretch)
        )
        return Transcript(words=words, text=" ".join(word.text for word in words), engine="fake")

    def _words(self, number: int, heard: Span) -> Iterator[tuple[str, Span]]:
        """The words of a stretch that ended within ``heard``."""
        if number >= len(self._speech):
            return
        start_s, end_s, text = self._speech[number]
        length = round(end_s * RATE_HZ) - round(start_s * RATE_HZ)
        letters, words = len(text.replace(" ", "")), text.split()
        before = 0
        for word in words:
            start, end = before * length // letters, (before + len(word)) * length // letters
            before += len(word)
            if end <= heard.length:
                yield word, Span(start=heard.start + start, end=heard.start + end)


class FakeVad:
    """Voice activity that takes any loud window for speech: 0.98 from a peak of 0.05 on, else 0.02."""

    def probability(self, window: Samples) -> float:
        """Probability of speech in float32[512] at 16 kHz. Raises InputError for another length."""
        if window.shape != (_WINDOW,):
            raise InputError(f"voice activity hears float32[{_WINDOW}] at 16 kHz; this has the shape {window.shape}")
        return 0.98 if np.max(np.abs(window)) >= _AUDIBLE else 0.02

    def reset(self) -> None:
        """Do nothing: there is no memory."""


class FakePitch:
    """A pitch tracker for made sound: by autocorrelation, 70..400 Hz, good for tones and useless for people."""

    def track(self, samples: Samples) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """``f0_hz[n]`` and ``voiced[n]`` of 16 kHz samples, frame i centred at i x 160, n = 1 + len // 160."""
        frames = 1 + len(samples) // _HOP if len(samples) else 0
        f0_hz, voiced = np.zeros(frames, dtype=np.float32), np.zeros(frames, dtype=np.bool_)
        padded = np.pad(samples, _WINDOW)
        for frame in range(frames):
            centre = frame * _HOP + _WINDOW
            f0_hz[frame] = _tone_hz(padded[centre - _WINDOW : centre + _WINDOW])
            voiced[frame] = f0_hz[frame] > 0
        return f0_hz, voiced


class FakeTextReader:
    """A text reader for which a piece is a word: its point says how long the word is, and how many were said before."""

    def read(self, text: str, before: str = "") -> Pieces:
        """Points float32[n + 2, 2] of the n words of a text."""
        spans = tuple(word.span() for word in re.finditer(r"\S+", text))
        lengths = [0, *(end - start for start, end in spans), 0]
        points = np.array([[length, len(before.split())] for length in lengths], np.float32)
        return Pieces(points=points, spans=spans)


class FakeVoice:
    """A voice that hums: one 0.3 s tone for each word, higher and louder with anger, the same each time."""

    name = "fake 1"

    def render(self, text: str, style: VoiceStyle) -> Sound:
        """The text as tones at 24 kHz, peak at most 0.5. Raises InputError for a text without words."""
        words = text.split()
        if not words:
            raise InputError("there are no words to speak")
        rate_hz = 24_000
        seconds = 0.3 * len(words) / style.speed
        at_s = np.arange(round(seconds * rate_hz)) / rate_hz
        tone = np.sin(2 * np.pi * 180 * 2 ** (style.anger / 3) * at_s)
        rhythm = 0.6 + 0.4 * np.sin(2 * np.pi * at_s * style.speed / 0.3)
        sound = 0.25 * (1 + style.anger) * tone * rhythm
        return Sound(samples=sound.astype(np.float32), rate_hz=rate_hz)


class FakeDevice:
    """A headset of which the microphone says a list of ``(start_s, end_s, transcript)``, or any 16 kHz samples.

    ``start_s`` counts from the opening. ``breaks_after_s`` makes the device go away then, as a pulled plug does;
    ``latency_s`` is how late (in whole frames) it is heard what was written. What was written last time it was open
    can be read from :attr:`heard`.
    """

    def __init__(
        self,
        trainee: Speech | Samples,
        *,
        duration_s: float | None = None,
        breaks_after_s: float | None = None,
        latency_s: float = 0.0,
    ) -> None:
        self._latency_s = latency_s
        self._sound = trainee if isinstance(trainee, np.ndarray) else speech_sound(trainee, duration_s)
        self._breaks_after_s = breaks_after_s
        self._duplex: FakeDuplex | None = None

    @property
    def latency_s(self) -> float:
        """As it was made with."""
        return self._latency_s

    @property
    def heard(self) -> Samples:
        """All that was played into the trainee's ears, float32[n] at 16 kHz; empty before the first opening."""
        return self._duplex.heard if self._duplex else np.zeros(0, dtype=np.float32)

    def open(self, play_rate_hz: int) -> "FakeDuplex":
        """Open both directions at 16 000 Hz; another rate raises UsageError."""
        if play_rate_hz != RATE_HZ:
            raise UsageError(f"the device plays at {RATE_HZ} Hz, not at {play_rate_hz} Hz")
        self._duplex = FakeDuplex(
            self._sound, breaks_after_s=self._breaks_after_s, late=round(self._latency_s * RATE_HZ / FRAME)
        )
        return self._duplex


class FakeDuplex:
    """An open :class:`FakeDevice`."""

    def __init__(self, sound: Samples, *, breaks_after_s: float | None = None, late: int = 0) -> None:
        """``late``: in how many frames it is heard what was written."""
        self._late = late
        self._gain = 1.0
        self._sound = sound
        self._breaks_at = None if breaks_after_s is None else round(breaks_after_s * RATE_HZ)
        self._position = 0
        self._played: list[Samples] = []
        self._closed = False

    @property
    def heard(self) -> Samples:
        """All frames written so far as one, float32[n] at 16 kHz."""
        return np.concatenate(self._played) if self._played else np.zeros(0, dtype=np.float32)

    def read(self) -> Frames | None:
        """The next 20 ms, the last ones filled with silence; None at the end or once closed.

        Raises DeviceError when the device is made to break.
        """
        self._break_if_due()
        if self._closed or self._position >= len(self._sound):
            return None
        frame = self._sound[self._position : self._position + FRAME]
        self._position += FRAME
        microphone = np.pad(frame, (0, FRAME - len(frame))).astype(np.float32)
        at = self._position // FRAME - 1 - self._late
        return Frames(microphone, self._played[at] if 0 <= at < len(self._played) else np.zeros(FRAME, np.float32))

    def write(self, frame: Samples, gain: float = 1.0) -> None:
        """Keep the next 20 ms for :attr:`heard`. Raises InputError for another length, DeviceError when broken."""
        self._break_if_due()
        if frame.shape != (FRAME,):
            raise InputError(f"a frame is float32[{FRAME}]; this has the shape {frame.shape}")
        self._played.append(ramped(frame, self._gain, gain))
        self._gain = gain

    def close(self) -> None:
        """Stop; may be called twice."""
        self._closed = True

    def _break_if_due(self) -> None:
        """Go away, if that time has come."""
        if self._breaks_at is not None and self._position >= self._breaks_at:
            raise DeviceError("the headset went away", where="fake", mend="Plug it in again")


def _spans(speech: Speech) -> list[Span]:
    """The stretches of ``speech`` as spans, after making sure that they follow each other."""
    spans = [Span(start=round(start_s * RATE_HZ), end=round(end_s * RATE_HZ)) for start_s, end_s, _ in speech]
    if len(spans) > _MOST:
        raise InputError(f"made speech has at most {_MOST} stretches, not {len(spans)}")
    at = 0
    for span, (start_s, end_s, text) in zip(spans, speech, strict=True):
        if span.start < at or span.length <= 0 or not text.split():
            raise InputError(f"stretches must follow each other and hold words, unlike the one at {start_s}..{end_s} s")
        at = span.end
    return spans


def _marked(samples: Samples, offset: int) -> Iterator[tuple[int, Span]]:
    """Number and span of each stretch of made speech in ``samples``, of which the first one is sample ``offset``."""
    height = np.abs(samples)
    number = np.rint((height - _LOWEST) / _STEP).astype(np.int64)
    made = (number >= 0) & (np.abs(height - _LOWEST - number * _STEP) < _STEP / 4)
    marks = np.where(made, number, -1)
    edges = [0, *(np.flatnonzero(np.diff(marks)) + 1).tolist(), len(marks)]
    for start, end in pairwise(edges):
        if end > start and marks[start] >= 0:
            yield int(marks[start]), Span(start=offset + start, end=offset + end)


def _tone_hz(frame: Samples) -> float:
    """Frequency of a tone in one frame, 0 if there is none."""
    centred = frame - frame.mean()
    power = float(np.dot(centred, centred))
    if power < len(frame) * 1e-6:
        return 0.0
    lags = np.correlate(centred, centred, "full")[len(frame) - 1 :] / power
    shortest, longest = RATE_HZ // 400, RATE_HZ // 70
    fading = 1 - np.arange(longest + 1) / len(frame)
    peaks = lags[: longest + 1] / fading
    best = peaks[shortest:].max()
    if best < 0.7:
        return 0.0
    first = shortest + int(np.argmax(peaks[shortest:] >= 0.95 * best))
    while first < longest and peaks[first + 1] > peaks[first]:
        first += 1
    return RATE_HZ / first
