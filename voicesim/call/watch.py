"""What a call tells whoever watches it: a screen, a journal, the sound files that play the trainee, a test."""

from collections.abc import Callable
from typing import Any

from voicesim.call.conduct import End, Outcome
from voicesim.call.on_hold import Hold
from voicesim.call.record import Undone
from voicesim.model import Line, Reply, Span, Turn


class Watcher:
    """Is told what happens in a call; every method may be left out. Samples count from the start of the call."""

    def rings(self) -> None:
        """The phone rings; the trainee may accept the call."""

    def line_begins(self, line: Line, anger: int, span: Span | None) -> None:
        """The caller begins ``line`` at ``anger`` 0..10; ``span`` is where it will sound (None for typed calls)."""

    def sounded(self, span: Span) -> None:
        """The line was heard in ``span``; less than planned if it was broken off."""

    def partial(self, text: str) -> None:
        """The reply reads ``text`` so far."""

    def turn_ends(self, outcome: Outcome) -> None:
        """A reply (or a silence) was answered; anger moved as ``outcome`` says."""

    def turn_kept(self, turn: Turn) -> None:
        """A turn is complete; its final transcript may still come."""

    def retracted(self) -> None:
        """The reply was not over: the last answer is taken back."""

    def asks_again(self, undone: Undone) -> None:
        """The trainee wants to say the last reply again; the call waits for a key."""

    def undone(self, undone: Undone) -> None:
        """The last reply is taken back, with the silences after it; the caller says her line before it again."""

    def finalised(self, index: int, reply: Reply) -> None:
        """The reply of turn ``index`` (from 0) has its final understanding."""

    def paused(self, why: str, by: str) -> None:
        """The call waits; ``why`` is a sentence, ``by`` is ``"trainee"``, ``"again"``, ``"headset"`` or ``"disk"``."""

    def resumed(self, after_s: float) -> None:
        """The call goes on, ``after_s`` seconds of the wall clock after it was paused."""

    def on_hold(self, hold: Hold) -> None:
        """The caller is put on hold; told again when the trainee is back, and once more after the reply to that."""

    def note(self, text: str) -> None:
        """Something worth a line, like a file that was not used."""

    def ends(self, end: End) -> None:
        """The call is over."""


class Watchers(Watcher):
    """Tells several watchers everything, in their order."""

    def __init__(self, *watchers: Watcher) -> None:
        self.all = watchers


def _to_all(name: str) -> Callable[..., None]:
    def tell(self: Watchers, *told: Any) -> None:
        for one in self.all:
            getattr(one, name)(*told)

    tell.__doc__ = "Tell all."
    return tell


for _name in [name for name in vars(Watcher) if not name.startswith("_")]:
    setattr(Watchers, _name, _to_all(_name))
