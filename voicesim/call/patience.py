"""The waits of turn-taking: how patient the caller is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from voicesim.call.turn_words import TextEnding
from voicesim.model import RATE_HZ, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """The waits of turn-taking in seconds; docs/turn-taking.md says what each is for and how it was found.

    ``cut_in_after_s`` is how long a reply may last before the caller cuts in (None: she never does).
    """

    look_s: float = 0.096
    pause_s: float = 0.25
    sure_s: float = 0.35
    complete_s: float = 0.45
    incomplete_s: float = 1.15
    again_s: float = 0.3
    silence_s: float = 5.0
    quieter_s: float = 0.096
    glance_s: float = 0.35
    reglance_s: float = 0.2
    said_s: float = 0.48
    interruption_s: float = 0.57
    listens_s: float = 1.2
    went_on_s: float = 0.5
    going_s: float = 0.25
    onset_s: float = 0.1
    cough_s: float = 0.4
    partial_s: float = 1.0
    yield_s: float = 4.0
    cut_in_after_s: float | None = None

    def scaled(self, factor: float) -> "Patience":
        """The same with the waits for the end of a reply and for a silence ``factor`` times as long."""
        waits = ("sure_s", "complete_s", "incomplete_s", "again_s", "silence_s")
        return replace(self, **{name: factor * getattr(self, name) for name in waits})

    def wait_s(self, ending: TextEnding, longest_pause_s: float) -> float:
        """How long a pause ends a reply whose text has this ending and that has paused that long before."""
        if ending is TextEnding.INCOMPLETE:
            return self.incomplete_s
        least_s = self.sure_s if ending is TextEnding.SURE else self.complete_s
        return min(max(least_s, longest_pause_s + self.again_s), self.incomplete_s)

    def is_cough(self, text: str, speech: Iterable[Span]) -> bool:
        """Whether stretches of speech whose text is ``text`` were none: a short sound without words."""
        return not text.strip() and sum(span.length for span in speech) < round(self.cough_s * RATE_HZ)
