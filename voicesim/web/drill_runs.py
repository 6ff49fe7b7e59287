"""One run of a drill on the page: two minutes of lines, each answered typed or aloud and judged at once."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from voicesim.coach.drills import Drill
from voicesim.model import Heard
from voicesim.script.model import Script
from voicesim.store.practice_log import practised
from voicesim.web.kept import Kept
from voicesim.wiring.bank_check import Place
from voicesim.wiring.drilling import Drilling, Judged, Settled, known_at, places_for
from voicesim.wiring.learned import load_learned

#: No new line after that long.
LIMIT_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A line that waits for its answer: the ``number``-th (from 1) of a run, with what the trainee knows."""

    number: int
    script: Script
    place: Place

    @property
    def known(self) -> tuple[str, ...]:
        """What the trainee knows."""
        return known_at(self.script, self.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A line, the answer to it and what came of that."""

    ask: Ask
    said: str
    judged: Judged


class DrillRun:
    """A run of a drill under way or over; several requests may come at a time."""

    def __init__(self, drill: Drill, trainee: str, *, own_sps: float | None = None) -> None:
        self.drill, self.trainee = drill, trainee
        self.drilling = Drilling(drill, own_sps=own_sps)
        self.answered: list[Answered] = []
        #: What is kept of it, once it is over; None of one without an answer that counts.
        self.settled: Settled | None = None
        self.over = False
        load_learned()
        self._places: Iterator[tuple[Script, Place]] = places_for(drill, seed=len(practised(trainee)))
        self._lock = threading.Lock()
        self._began, self._began_s = datetime.now(UTC), time.monotonic()
        self.ask = self._following()

    @property
    def left_s(self) -> int:
        """How many seconds are left for new lines."""
        return max(0, round(LIMIT_S - (time.monotonic() - self._began_s)))

    def take_typed(self, number: int, text: str) -> None:
        """Take a typed answer to line ``number``; one that comes twice is not counted twice."""
        with self._lock:
            if self.ask is not None and self.ask.number == number and not self.over:
                self._take(self.ask, text, self.drilling.typed(text, self.ask.place))

    def take_heard(self, said: str, heard: Heard, rate_sps: float | None) -> Judged | None:
        """What a spoken answer to the line that waits was."""
        with self._lock:
            if self.ask is None or self.over:
                return None
            judged = self.drilling.judge(heard, self.ask.place, rate_sps)
            self._take(self.ask, said, judged)
            return judged

    def end(self) -> None:
        """Keep the run; nothing more is asked."""
        with self._lock:
            self._end()

    def _take(self, ask: Ask, said: str, judged: Judged) -> None:
        self.answered.append(Answered(ask=ask, said=said, judged=judged))
        self.ask = self._following() if self.left_s else None
        if self.ask is None:
            self._end()

    def _following(self) -> Ask | None:
        following = next(self._places, None)
        if following is None:
            return None
        return Ask(number=len(self.answered) + 1, script=following[0], place=following[1])

    def _end(self) -> None:
        if not self.over:
            self.over, self.ask = True, None
            self.settled = self.drilling.settle(self.trainee, self._began, time.monotonic() - self._began_s)


RUNS: Kept[DrillRun] = Kept("this drill")
