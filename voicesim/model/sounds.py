"""Sound and its clock: samples, spans and their one rate."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: The one clock of a call: microphone samples a second.
RATE_HZ = 16_000
#: Samples in one frame of a call (20 ms).
FRAME = 320

#: float32[n], mono, finite, nominally within -1..1.
Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of time, ``start`` (included) to ``end`` (excluded), in samples at 16 kHz."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """Length in samples."""
        return self.end - self.start

    @property
    def start_s(self) -> float:
        """Start in seconds, for output."""
        return self.start / RATE_HZ

    @property
    def end_s(self) -> float:
        """End in seconds, for output."""
        return self.end / RATE_HZ

    @property
    def duration_s(self) -> float:
        """Length in seconds, for output."""
        return self.length / RATE_HZ

    def shifted(self, samples: int) -> "Span":
        """The same span, ``samples`` later."""
        return Span(start=self.start + samples, end=self.end + samples)

    def overlap(self, other: "Span") -> int:
        """How many samples two spans share."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sound:
    """Mono sound: ``samples`` float32[n] nominally within -1..1, ``rate_hz`` samples a second."""

    samples: Samples
    rate_hz: int

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate_hz
