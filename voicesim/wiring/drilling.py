"""One run of a drill: the lines that are asked, each answer judged at once with a better one, and the run kept."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from voicesim.backends.pitch_tracker import SwiftF0
from voicesim.call.text import typed
from voicesim.coach.advice import advice
from voicesim.coach.bank import better_for
from voicesim.coach.drills import LEAST_ITEMS, Drill, Due, Prompt, Verdict, due, judged, judged_pace, prompts_for
from voicesim.coach.practised import Practised
from voicesim.model import Baseline, Heard, Transcript
from voicesim.ports import Recognizer
from voicesim.report.wording import name_of
from voicesim.script.model import Script
from voicesim.speech.delivery import measure_delivery
from voicesim.store.practice_log import log_practice, practised
from voicesim.wiring.bank import bank, situation_in
from voicesim.wiring.bank_check import Place, places_in
from voicesim.wiring.engines import understood
from voicesim.wiring.library import read_script, script_files
from voicesim.wiring.taking import Take, recognized


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What came of an answer: the verdict in rows of sign and words; if it was wrong what to try, why, its source."""

    verdict: Verdict
    rows: tuple[tuple[str, str], ...]
    better: str | None = None
    why: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A run that is over: how it went, and when the drill is due again (None: too few answers to say)."""

    run: Practised
    due: Due | None

    @property
    def when(self) -> str:
        """When to practise again, in a sentence."""
        if self.due is None:
            return f"Answer {LEAST_ITEMS} at least, and it says when to practise again."
        days = "tomorrow" if self.due.days == 1 else f"in {self.due.days} days"
        return f"Practise it again {days}, on {self.due.at.astimezone():%d %B}."


def places_for(drill: Drill, seed: int) -> Iterator[tuple[Script, Place]]:
    """The lines to answer, from all scripts, in an order that changes with every ``seed``."""
    scripts = {script.id: script for script in map(read_script, script_files())}
    there = {(s.id, p.line.id): p for s in scripts.values() for p in places_in(s, situation_in(s))}
    prompts = [
        Prompt(
            script=script,
            line=line,
            text=place.line.text,
            mood=place.line.mood,
            anger=place.situation.anger or 0,
            phase=place.situation.phase,
            abuse=place.line.abuse,
            owned=place.situation.ours,
        )
        for (script, line), place in there.items()
    ]
    for prompt in prompts_for(drill, prompts, seed=seed):
        yield scripts[prompt.script], there[prompt.script, prompt.line]


def known_at(script: Script, place: Place) -> tuple[str, ...]:
    """What the trainee knows when the line comes."""
    return (*script.caller.facts.values(), *(("it was our mistake",) if place.situation.ours else ()))


def spoken_answer(
    take: Take, place: Place, recognizer: Recognizer, own: Baseline | None
) -> tuple[Transcript, Heard, float | None]:
    """What was recognized in a spoken answer, what it means, and with a baseline its syllables a second."""
    transcript = recognized(recognizer, take)
    heard = understood(transcript, place.context).heard
    if own is None:
        return transcript, heard, None
    delivery = measure_delivery(take.samples, take.speech, pitch=SwiftF0(), transcript=transcript, baseline=own)
    return transcript, heard, delivery.articulation_rate_sps


class Drilling:
    """One run of a drill under way; for pace with the trainee's own articulation rate, syllables a second."""

    def __init__(self, drill: Drill, *, own_sps: float | None = None) -> None:
        self.drill, self.own_sps = drill, own_sps
        self.items = self.right = 0
        self._taken: list[str] = []

    def typed(self, text: str, place: Place) -> Judged:
        """What a typed answer to the line at ``place`` was."""
        return self.judge(understood(typed(text), place.context).heard, place)

    def judge(self, heard: Heard, place: Place, rate_sps: float | None = None) -> Judged:
        """What an answer to the line at ``place`` was; it is counted."""
        if self.own_sps is not None:
            verdict = judged_pace(rate_sps, self.own_sps, len(heard.transcript.words))
        else:
            verdict = judged(self.drill, heard.findings)
        self.items += verdict.counts
        self.right += verdict.right
        rows = tuple(self._rows(verdict))
        if verdict.right or self.drill.needs_sound:
            return Judged(verdict=verdict, rows=rows)
        tips = advice(verdict.hurt[0].id if verdict.hurt else self.drill.any_of[0])
        return Judged(verdict=verdict, rows=rows, better=self._better(place), why=tips.why, source=tips.source)

    def _better(self, place: Place) -> str | None:
        """A reply to try which was not given in this run."""
        situation = replace(place.situation, turn=self.items, taken=tuple(self._taken))
        better = better_for(bank(), self.drill.any_of[0], situation)
        if better is None:
            return None
        self._taken.append(better.text)
        return better.text

    def _rows(self, verdict: Verdict) -> Iterable[tuple[str, str]]:
        if verdict.right:
            yield "+", verdict.why or f"{name_of(verdict.shown[0].id)}: “{verdict.shown[0].quote}”"
            return
        if verdict.unsure:
            why = verdict.why or "it may be there, but not surely enough"
            yield "?", f"{why[0].upper()}{why[1:]}. This one does not count."
            return
        for sign, findings in (("+", verdict.shown), ("-", verdict.hurt)):
            for finding in findings:
                yield sign, f"{name_of(finding.id)}: “{finding.quote}”"
        if not verdict.shown:
            yield "-", verdict.why or f"Not found: {self.drill.title.lower()}"

    def settle(self, trainee: str, began: datetime, seconds: float) -> Settled | None:
        """The run, as it is kept now; None for one without an answer that counts, of which nothing is kept."""
        if not self.items:
            return None
        log: Sequence[Practised] = practised(trainee)
        run = Practised(
            at_utc=began.isoformat(timespec="seconds"),
            drill=self.drill.id,
            items=self.items,
            right=self.right,
            seconds=round(seconds, 1),
        )
        log_practice(trainee, run)
        again = due((*log, run), self.drill.id) if self.items >= LEAST_ITEMS else None
        return Settled(run=run, due=again)
