"""Takes as they are made and taken back: kept with their checks before anybody is asked, withdrawn with all traces."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime

from voicesim.files import cache_folder
from voicesim.model import RATE_HZ, Baseline, Line, Samples, Sound
from voicesim.studio.checks import check_take
from voicesim.studio.shelf import KeptTake, Shelf
from voicesim.studio.trim import trimmed
from voicesim.wiring.listening import Listener


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """What keeps takes of one speaker: trimmed, checked against the line, and on the shelf before anybody is asked."""

    shelf: Shelf
    speaker: str
    heard: Listener
    neutral: Baseline | None = None

    def keep(self, line: Line, samples: Samples) -> KeptTake:
        """The take of float32[n] at 16 kHz, which is the chosen one whatever its checks say."""
        listened = self.heard.listen(Sound(samples=samples, rate_hz=RATE_HZ), baseline=self.neutral)
        problems = check_take(
            samples,
            listened.speech,
            text=line.text,
            mood=line.mood,
            heard=listened.transcript,
            delivery=listened.delivery,
            neutral=self.neutral,
        )
        short = trimmed(samples, listened.speech) if listened.speech else samples
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return self.shelf.add(line, short, RATE_HZ, speaker=self.speaker, made_utc=now, checks=problems)


def withdraw(shelf: Shelf, speaker: str) -> int:
    """How many takes of a speaker were there; they, the agreement and all rendered lines are gone.

    Raises UsageError for somebody who is not known there, StorageError.
    """
    count = shelf.withdraw(speaker)
    # Rendered lines can be made again; among them are the takes as they sound on the telephone.
    shutil.rmtree(cache_folder() / "lines", ignore_errors=True)
    return count
