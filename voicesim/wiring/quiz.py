"""The drill "what will they do?" as a quiz: question after question, each answered once, and the run kept."""

import threading
import time
from datetime import UTC, datetime
from itertools import islice

from voicesim.coach.drills import PREDICT
from voicesim.coach.practised import Practised
from voicesim.store.practice_log import log_practice
from voicesim.wiring.bank import bank, situation_in
from voicesim.wiring.engines import understood
from voicesim.wiring.library import read_script, script_files
from voicesim.wiring.predict_items import Ask, Move, Question, questions


class Quiz:
    """A quiz of a trainee under way or over; several requests may come at a time.

    ``question`` is the current one, ``number`` (from 1) counts it, ``answer`` is None until it was answered.
    """

    def __init__(self, trainee: str, *, of: int, seed: int) -> None:
        scripts = [(script, situation_in(script)) for script in map(read_script, script_files())]
        self._left = islice(questions(scripts, bank(), understood, seed=seed), of)
        self._trainee, self._lock = trainee, threading.Lock()
        self._began, self._began_s = datetime.now(UTC), time.monotonic()
        self.of, self.number, self.right, self.answered = of, 0, 0, 0
        self.answer: str | None = None
        self.over = False
        self.question: Question | None = None
        self.go_on(0)

    @property
    def choices(self) -> tuple[str, ...]:
        """The answers that the question can have: how anger moves, or the number of a reply."""
        if self.question is None:
            return ()
        if self.question.ask is Ask.MOVE:
            return tuple(move.value for move in Move)
        return tuple(str(n) for n in range(1, len(self.question.options) + 1))

    @property
    def is_right(self) -> bool:
        """Whether the answer was right."""
        return self.question is not None and self.answer == self.question.right

    def give(self, number: int, answer: str) -> None:
        """Answer question ``number``; a second answer to it, or one that it cannot have, changes nothing."""
        with self._lock:
            if number == self.number and self.answer is None and answer in self.choices:
                self.answer = answer
                self.answered += 1
                self.right += self.is_right

    def go_on(self, number: int) -> None:
        """Go on to the question after ``number``; after the last one the run is kept."""
        with self._lock:
            if number != self.number or self.over:
                return
            self.answer, self.question = None, next(self._left, None)
            self.number += 1
            if self.question is None:
                self._end()

    def end(self) -> None:
        """Keep the run as it is; nothing more is asked."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self.over:
            return
        self.over = True
        if self.answered:
            seconds = round(time.monotonic() - self._began_s, 1)
            at_utc = self._began.isoformat(timespec="seconds")
            run = Practised(at_utc=at_utc, drill=PREDICT, items=self.answered, right=self.right, seconds=seconds)
            log_practice(self._trainee, run)
