"""Recognition by the embedded Whisper: nothing to download, English only, no partial text while somebody speaks.

Only what voice activity takes for speech is decoded, in pieces of at most 28 s cut in pauses. So silence, noise and
clicks give no words (Whisper alone makes some up), replies of any length work, and silence after a reply changes
nothing. The live transcript comes from windows cut to the piece (falling back to the stock window where that runs
into a loop), the final one always from the stock 30 s window.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from voicesim.backends import whisper_model
from voicesim.backends.vad import spans_from
from voicesim.backends.whisper_model import LONGEST_S, HeardWord, WhisperModel
from voicesim.errors import UsageError
from voicesim.model import RATE_HZ, Samples, Span, Transcript, Word
from voicesim.ports import Capabilities
from voicesim.sound import checked

#: With less speech than this there are no words.
LEAST_SPEECH_S = 0.15

_LONGEST = round(LONGEST_S * RATE_HZ)
# Sound before and after speech that is decoded with it: beginnings are softer than voice activity hears.
_MARGIN = round(0.4 * RATE_HZ)
# Gapless speech is cut at its quietest moment in the last part of the longest piece.
_CUT_FROM = round(18 * RATE_HZ)
_QUIET = round(0.05 * RATE_HZ)
# A word may reach this far out of what voice activity takes for speech.
_SOFT_EDGE = round(0.1 * RATE_HZ)
#: Over a telephone's band this detector gives low voices 0.3 to 0.8 only; noise, hum and clicks stay under 0.2.
_SPEECH = 0.25


class WhisperRecognizer:
    """The embedded Whisper as a :class:`voicesim.ports.Recognizer`.

    Making one finds and checks the model (MissingPart if it is absent or altered); the first :meth:`start` loads it,
    2 s and about 200 MB, once in a process. Hearings may be used in any thread, each in one at a time.
    """

    def __init__(self) -> None:
        self._folder = whisper_model.find_model()
        self._engine = whisper_model.engine()

    @property
    def capabilities(self) -> Capabilities:
        """English, with word confidence and punctuation, without partials."""
        return Capabilities(engine=self._engine, partials=False, confidence=True, languages=("en",), punctuation=True)

    def start(self, rate_hz: int) -> "WhisperHearing":
        """A new hearing for sound at 16 000 Hz. Raises UsageError for another rate, MissingPart for a broken model."""
        if rate_hz != RATE_HZ:
            raise UsageError(f"the recognizer takes sound at {RATE_HZ} Hz, not at {rate_hz} Hz")
        return WhisperHearing(whisper_model.load(self._folder), self._engine)

    def glance(self, samples: Samples, listens_for: Sequence[str] = ()) -> str:
        """The text of some seconds of 16 kHz sound after 0.1 s of CPU; at times it says a thing twice.

        What it ``listens_for`` is told to the model as sentences said just before.
        """
        model, sound = whisper_model.load(self._folder), checked(samples, RATE_HZ)
        spoken = (sound[piece.start : piece.end] for piece in pieces(sound, _speech(model, sound)))
        before = " ".join(f"{phrase.capitalize()}." for phrase in listens_for)
        texts = [model.glance(piece, before=before) for piece in spoken]
        return " ".join(text for text in texts if text)


class WhisperHearing:
    """One reply heard by Whisper; the port :class:`voicesim.ports.Hearing`."""

    def __init__(self, model: WhisperModel, engine: str) -> None:
        self._model = model
        self._engine = engine
        self._fed: list[Samples] = []
        self._live: dict[Span, tuple[HeardWord, ...]] = {}
        self._finished = False

    def feed(self, samples: Samples) -> str:
        """Take 16 kHz samples in, float32[n]; give "". Raises InputError for bad samples, UsageError once finished."""
        if self._finished:
            raise UsageError("this hearing is finished; start another one")
        self._fed.append(checked(samples, RATE_HZ).copy())
        return ""

    def so_far(self) -> Transcript:
        """The live transcript of all samples fed: 0.1-0.4 s of CPU for the last piece, the others are kept."""
        return self._transcript(live=True)

    def finish(self) -> Transcript:
        """The final transcript, by the stock window: 0.5-0.8 s of CPU a piece. The hearing cannot be fed after it."""
        self._finished = True
        return self._transcript(live=False)

    def _transcript(self, *, live: bool) -> Transcript:
        sound = np.concatenate(self._fed) if self._fed else np.zeros(0, dtype=np.float32)
        self._fed = [sound]
        words: list[Word] = []
        speech = _speech(self._model, sound)
        for piece in pieces(sound, speech):
            heard = self._decode_live(sound, piece) if live else self._model.stock(sound[piece.start : piece.end])
            words.extend(_placed(heard, piece, speech, words[-1].span.end if words else 0))
        return Transcript(words=tuple(words), text=" ".join(word.text for word in words), engine=self._engine)

    def _decode_live(self, sound: Samples, piece: Span) -> tuple[HeardWord, ...]:
        """The words of a piece for now; the same piece is decoded once."""
        if piece not in self._live:
            samples = sound[piece.start : piece.end]
            words = self._model.short(samples)
            self._live[piece] = self._model.stock(samples) if words is None else words
        return self._live[piece]


def _speech(model: WhisperModel, sound: Samples) -> tuple[Span, ...]:
    """What voice activity takes for speech."""
    return spans_from(model.speech(sound), len(sound), threshold=_SPEECH)


def pieces(sound: Samples, speech: Sequence[Span]) -> tuple[Span, ...]:
    """What to decode of 16 kHz ``sound``: its ``speech`` with 0.4 s around it, in pieces of at most 28 s.

    Cut in pauses, where there are any, else at the quietest moment. Nothing if there is under 0.15 s of speech.
    """
    if sum(span.length for span in speech) < LEAST_SPEECH_S * RATE_HZ:
        return ()
    cores: list[Span] = []
    for span in _short_enough(sound, speech):
        if cores and span.end - cores[-1].start <= _LONGEST - 2 * _MARGIN:
            cores[-1] = Span(start=cores[-1].start, end=span.end)
        else:
            cores.append(span)
    return tuple(_with_margins(cores, len(sound)))


def _short_enough(sound: Samples, speech: Iterable[Span]) -> Iterator[Span]:
    """The stretches of speech, those cut that are too long for a piece."""
    for span in speech:
        start = span.start
        while span.end - start > _LONGEST - 2 * _MARGIN:
            cut = start + _CUT_FROM + _quietest(sound[start + _CUT_FROM : start + _LONGEST - 2 * _MARGIN])
            yield Span(start=start, end=cut)
            start = cut
        yield Span(start=start, end=span.end)


def _quietest(samples: Samples) -> int:
    """The middle of the quietest 0.05 s."""
    blocks = samples[: len(samples) - len(samples) % _QUIET].reshape(-1, _QUIET)
    return int(np.argmin(np.square(blocks).sum(axis=1))) * _QUIET + _QUIET // 2


def _with_margins(cores: Sequence[Span], length: int) -> Iterator[Span]:
    """The pieces with sound around them, none reaching beyond the middle of the pause to the next."""
    for number, core in enumerate(cores):
        before = (cores[number - 1].end + core.start) // 2 if number else 0
        after = (core.end + cores[number + 1].start) // 2 if number + 1 < len(cores) else length
        yield Span(start=max(core.start - _MARGIN, before), end=min(core.end + _MARGIN, after))


def _placed(heard: Iterable[HeardWord], piece: Span, speech: Sequence[Span], not_before: int) -> Iterator[Word]:
    """The words at their samples of the reply: in order, within the piece, none over another."""
    for word in heard:
        start = min(max(piece.start + round(word.start_s * RATE_HZ), not_before), piece.end)
        end = min(max(piece.start + round(word.end_s * RATE_HZ), start), piece.end)
        span = _trimmed(Span(start=start, end=end), speech)
        not_before = span.end
        yield Word(text=word.text, span=span, confidence=min(max(word.probability, 0.0), 1.0))


def _trimmed(span: Span, speech: Sequence[Span]) -> Span:
    """A word without the silence that Whisper counts with it, if it touches speech at all."""
    touched = [stretch for stretch in speech if stretch.overlap(span)]
    if not touched:
        return span
    return Span(start=max(span.start, touched[0].start - _SOFT_EDGE), end=min(span.end, touched[-1].end + _SOFT_EDGE))
