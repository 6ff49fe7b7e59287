"""The stretches of speech of which a reply is made, or what is said over a line; counted in samples. Pure."""

from dataclasses import dataclass, field

from voicesim.call.turn_words import Listening
from voicesim.model import Overlap, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Where a reply was spoken, as turn-taking knows it: its stretches, one at least, and speech over the line before.

    ``interrupting_s`` is how much speech made the interruption among the overlaps; None if its words alone did.
    """

    speech: tuple[Span, ...]
    overlaps: tuple[Overlap, ...]
    interrupting_s: float | None


@dataclass(slots=True)
class Stretches:
    """Stretches of speech heard so far; ``run`` is the latest one, still growing while ``talking``.

    ``longest_pause`` is between two runs. ``grown`` is the speech since a text was last asked for. ``glanced`` is how
    much there was at the last glance at its words over a line, ``glancing`` that this glance has not arrived yet;
    ``listens`` is what its words tell, ``sure`` that the last window surely was speech. ``looked`` says that its pause
    has been looked at.
    """

    spans: list[Span] = field(default_factory=list)
    start: int | None = None
    end: int = 0
    talking: bool = False
    run: int = 0
    longest_pause: int = 0
    grown: int = 0
    glanced: int = 0
    glancing: bool = False
    looked: bool = False
    listens: Listening | None = None
    sure: bool = False

    @property
    def first(self) -> int | None:
        """Where the first one begins, in samples; None if nothing was said."""
        return self.spans[0].start if self.spans else self.start

    def closed(self) -> tuple[Span, ...]:
        """All of them, the one that still grows as long as it is by now."""
        if self.start is None:
            return tuple(self.spans)
        return (*self.spans, Span(start=self.start, end=self.end))

    def then(self, later: "Stretches") -> "Stretches":
        """These with ``later`` ones that turned out to be the same reply going on."""
        between = 0 if later.start is None else later.start - self.end
        return Stretches(
            longest_pause=max(self.longest_pause, later.longest_pause, between),
            spans=[*self.closed(), *later.spans],
            start=later.start,
            end=later.end,
            talking=later.talking,
            run=later.run,
        )
