"""Waiting that a terminal shows: for the recognizer, and for the caller's lines."""

from collections.abc import Sequence

from voicesim.cli.frame import progress_bar, working
from voicesim.model import Line
from voicesim.ports import Recognizer
from voicesim.wiring import engines


def ready(name: str, language: str = "en") -> Recognizer:
    """As :func:`voicesim.wiring.engines.ready`, while a line says what is waited for."""
    with working("Loading the recognizer"):
        return engines.ready(name, language)


def prepare(lines: engines.Lines, wanted: Sequence[Line]) -> None:
    """Render the ``wanted`` lines that are not in the cache yet, with a progress bar if that takes long."""
    with progress_bar("Rendering the caller's lines") as tell:
        lines.prepare(wanted, tell)
