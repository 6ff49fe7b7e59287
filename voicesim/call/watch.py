"""What a call tells whoever watches it: a screen, the sound files that play the trainee, a test."""

from voicesim.call.conduct import End, Outcome
from voicesim.model import Line, Span


class Watcher:
    """Is told what happens in a call; every method may be left out. Samples count from the start of the call."""

    def line_begins(self, line: Line, anger: int, span: Span | None) -> None:
        """The caller begins ``line`` at ``anger`` 0..10; ``span`` is where it will sound (None for typed calls)."""

    def partial(self, text: str) -> None:
        """The reply reads ``text`` so far."""

    def turn_ends(self, outcome: Outcome) -> None:
        """A reply (or a silence) was answered; anger moved as ``outcome`` says."""

    def retracted(self) -> None:
        """The reply was not over: the last answer is taken back."""

    def note(self, text: str) -> None:
        """Something worth a line, like a file that was not used."""

    def ends(self, end: End) -> None:
        """The call is over."""


class Watchers(Watcher):
    """Tells several watchers, in their order."""

    def __init__(self, *watchers: Watcher) -> None:
        self._all = watchers

    def line_begins(self, line: Line, anger: int, span: Span | None) -> None:
        """Tell all."""
        for one in self._all:
            one.line_begins(line, anger, span)

    def partial(self, text: str) -> None:
        """Tell all."""
        for one in self._all:
            one.partial(text)

    def turn_ends(self, outcome: Outcome) -> None:
        """Tell all."""
        for one in self._all:
            one.turn_ends(outcome)

    def retracted(self) -> None:
        """Tell all."""
        for one in self._all:
            one.retracted()

    def note(self, text: str) -> None:
        """Tell all."""
        for one in self._all:
            one.note(text)

    def ends(self, end: End) -> None:
        """Tell all."""
        for one in self._all:
            one.ends(end)
