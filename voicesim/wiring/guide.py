"""Who leads a person through a check, a calibration or a recording: the terminal, or a page."""

from collections.abc import Mapping
from typing import Protocol

from voicesim.errors import VoicesimError
from voicesim.model import Samples


class Left(VoicesimError):
    """The person left before the end; nothing was kept that the procedure had not kept by then."""

    def __init__(
        self,
        what: str = "left before the end; nothing was kept",
        *,
        where: str | None = None,
        mend: str | None = "Begin again when you like.",
    ) -> None:
        super().__init__(what, where=where, mend=mend)


class Guide(Protocol):
    """What tells a person the next thing, shows how loud they are, and asks which way to go on."""

    def tell(self, text: str, *, say: str = "") -> None:
        """Show ``text`` and, after it, the words that the person is to say aloud now (a page shows them large)."""
        ...

    def level(self, heard: Samples | None) -> None:
        """Take in 20 ms of the microphone, float32[n] at 16 kHz, while somebody speaks; None: it is over."""
        ...

    def key(self, question: str, choices: Mapping[str, str]) -> str:
        """The key of the chosen way: ``choices`` maps a key (Enter is ``""``) to what it does, the usual one first.

        ``question`` may be empty. Where nobody can be asked, the first one. Raises Left: leaving is always possible.
        """
        ...
