"""What the core needs from the outside world, as Protocols of at most three methods.

Each has a real back-end (``voicesim.backends``) and a public fake (``voicesim.backends.fakes``); both pass the same
contract tests in ``tests/contracts``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from voicesim.model import Samples, Sound, Transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a recognizer can do: ``partials`` while it is fed, word ``confidence``, ``punctuation`` that ends sentences.

    ``languages`` like ``en``.
    """

    engine: str
    partials: bool
    confidence: bool
    languages: tuple[str, ...]
    punctuation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceStyle:
    """How a line is spoken: ``persona``, ``anger`` 0..1 (neutral to shouting), ``speed`` (1 is the persona's own)."""

    persona: str
    anger: float = 0.0
    speed: float = 1.0


class Hearing(Protocol):
    """One reply being recognized; spans in its transcripts count from the first sample fed."""

    def feed(self, samples: Samples) -> str:
        """Take 16 kHz samples in and give the partial text so far ("" if there is none)."""
        ...

    def so_far(self) -> Transcript:
        """The live transcript of all samples fed; feeding may go on after it."""
        ...

    def finish(self) -> Transcript:
        """The final transcript; the hearing cannot be fed after it."""
        ...


class Recognizer(Protocol):
    """What hears replies."""

    @property
    def capabilities(self) -> Capabilities:
        """What this recognizer can do."""
        ...

    def start(self, rate_hz: int) -> Hearing:
        """A new hearing for sound at ``rate_hz`` (16 000; others raise UsageError); cheap, one for each reply."""
        ...

    def glance(self, samples: Samples, listens_for: Sequence[str] = ()) -> str:
        """What some seconds of 16 kHz sound seem to say, as soon as can be: for a look at it, not for a transcript.

        What it ``listens_for`` it may hear where it is in doubt, and nowhere else.
        """
        ...


class Voice(Protocol):
    """What speaks lines."""

    @property
    def name(self) -> str:
        """Engine and version, part of the cache key (``"hibari 0.2.1 heart"``)."""
        ...

    def render(self, text: str, style: VoiceStyle) -> Sound:
        """The text as sound at the voice's own rate; never plays. Raises MissingPart if the engine is not there."""
        ...


class Frames(NamedTuple):
    """The same 20 ms in both directions, each float32[320] at 16 kHz.

    ``ears`` is what the trainee heard while the microphone heard ``microphone``: both lie on the microphone's clock.
    """

    microphone: Samples
    ears: Samples


class Duplex(Protocol):
    """An open headset in both directions, in step: for each frame read one frame is written.

    ``read`` gives the next 20 ms, what was heard in the ears with it. ``write`` takes 20 ms for the trainee's ears,
    float32[320] at 16 kHz, to be heard a little later; silence is written as zeros. ``gain`` 0..1 holds at once, also
    for what was written before and is not heard yet, and changes within 20 ms. Raises DeviceError when the device went
    away.
    """

    def read(self) -> Frames | None:
        """The next frames, None when the source has ended for good."""
        ...

    def write(self, frame: Samples, gain: float = 1.0) -> None:
        """Queue the next frame to be heard."""
        ...

    def close(self) -> None:
        """Stop both directions; may be called twice."""
        ...


class AudioDevice(Protocol):
    """A headset, or something that stands in for one."""

    @property
    def latency_s(self) -> float:
        """Input plus output latency of an open duplex in seconds (0 for files)."""
        ...

    def open(self, play_rate_hz: int) -> Duplex:
        """Open both directions at ``play_rate_hz`` (16 000). Raises MissingPart or DeviceError."""
        ...


class VoiceActivity(Protocol):
    """Tells speech from other sound."""

    def probability(self, window: Samples) -> float:
        """Probability (0..1) that float32[512] at 16 kHz, the window after the last one, holds speech."""
        ...

    def reset(self) -> None:
        """Forget earlier windows."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """What was learned on top of a reader's weights: for each matrix float32[in, out] a small product of two.

    ``down`` float32[in, r] and ``up`` float32[r, out], in the order of its matrices; without any nothing changes.
    """

    down: tuple[NDArray[np.float32], ...] = ()
    up: tuple[NDArray[np.float32], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """A text as it was read: a point for its beginning, for each of its n word pieces, and for its end.

    ``points`` float32[n + 2, d]; ``spans`` tell where the n pieces stand in the text (start, end).
    """

    points: NDArray[np.float32]
    spans: tuple[tuple[int, int], ...]


class TextReader(Protocol):
    """Reads a text so that each word becomes a point that knows the words around it."""

    def read(self, text: str, before: str = "") -> Pieces:
        """The pieces of a text; what was said ``before`` it, if anything, is known to its points as well."""
        ...


class PitchTracker(Protocol):
    """Measures fundamental frequency."""

    def track(self, samples: Samples) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """``f0_hz[n]`` and ``voiced[n]`` of 16 kHz samples, one value per 10 ms hop (frame i is centred at i x 160)."""
        ...
