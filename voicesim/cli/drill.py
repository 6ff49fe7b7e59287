"""``voicesim drill``: two minutes of one thing, judged at once, and when it is due again."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voicesim.cli.frame import examples, new_app, note
from voicesim.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from voicesim.cli.drill_answers import Answer, Answers
    from voicesim.coach.bank import Bank
    from voicesim.coach.drills import Chosen, Drill, Verdict
    from voicesim.coach.practised import Practised
    from voicesim.script.model import Script
    from voicesim.settings import Settings
    from voicesim.wiring.bank_check import Place

app = new_app()

_ABUSE_NOTE = "The lines of this drill are abusive; q leaves at any time."


@app.command(
    "drill",
    epilog=examples(
        "voicesim drill",
        "voicesim drill apology --text -",
        "voicesim drill closed_question --minutes 5",
        "voicesim drill pace --replies my-replies",
        "voicesim drill --list",
    ),
)
def drill(
    name: Annotated[str | None, typer.Argument(help="Which drill; else what you need most, or what is due.")] = None,
    minutes: Annotated[float, typer.Option("--minutes", min=0.1, max=60, help="No new line after that long.")] = 2.0,
    text: Annotated[Path | None, typer.Option("--text", help="File of typed answers, one a line; - asks you.")] = None,
    replies: Annotated[Path | None, typer.Option("--replies", help="Folder of sound files: your answers.")] = None,
    baseline: Annotated[Path | None, typer.Option("--baseline", help="A saved baseline, instead of your own.")] = None,
    trainee: Annotated[str | None, typer.Option("--trainee", help="Whose drill; else the setting `trainee`.")] = None,
    list_all: Annotated[bool, typer.Option("--list", help="Show every drill and when it is due.")] = False,
) -> None:
    """Answer one caller's line after the other, each with one technique, and read at once whether it was there."""
    from rich.console import Console

    from voicesim.settings import load_settings
    from voicesim.store.practice_log import practised

    if text is not None and replies is not None:
        raise UsageError("--text and --replies are two trainees for one drill", mend="Give one of them.")
    settings = load_settings()
    settings = replace(settings, trainee=trainee or settings.trainee)
    log, console = practised(settings.trainee), Console(highlight=False)
    if list_all:
        _list(log, console)
        return
    chosen = None if name else _chosen(settings.trainee, log)
    wanted = _named(chosen.drill if chosen else name or "")
    answers, own_sps = _answers(wanted, text, replies, baseline, settings, console)
    _introduce(wanted, chosen, console)
    run = Run(drill=wanted, answers=answers, own_sps=own_sps, console=console, now_s=time.monotonic)
    began = datetime.now(UTC)
    try:
        run.practise(_places(wanted, seed=len(log)), limit_s=60 * minutes)
    finally:
        _settle(settings.trainee, run, began, log)


def _named(name: str) -> "Drill":
    from voicesim.coach.drills import DRILLS
    from voicesim.reading.reader import closest

    key = name.replace("-", "_")
    if key not in DRILLS:
        raise UsageError(f"there is no drill '{name}'", mend=closest(key, DRILLS))
    return DRILLS[key]


def _chosen(trainee: str, log: "tuple[Practised, ...]") -> "Chosen":
    """The drill for the two weak spots of the last calls, else what is due."""
    from voicesim.cli.progress import records_of, weak_of
    from voicesim.coach.drills import choose

    weak = [(spot.drill, spot.why) for spot in weak_of(records_of(trainee))[:2] if spot.drill]
    return choose(log, weak, datetime.now(UTC))


def _answers(
    drill: "Drill",
    text: Path | None,
    replies: Path | None,
    baseline: Path | None,
    settings: "Settings",
    console: "Console",
) -> "tuple[Answers, float | None]":
    """What gives the answers, and the trainee's own pace where the drill is about that."""
    from voicesim.cli.drill_answers import TypedAnswers, spoken_answers
    from voicesim.wiring.inputs import read_baseline

    if text is not None:
        if drill.needs_sound:
            raise UsageError("pace can only be heard", mend="Leave --text out, or give --replies FOLDER.")
        return TypedAnswers(text), None
    return spoken_answers(
        replies,
        None if baseline is None else read_baseline(baseline),
        trainee=settings.trainee,
        recognizer=settings.recognizer,
        pace=drill.needs_sound,
        console=console,
    )


def _places(drill: "Drill", seed: int) -> "Iterable[tuple[Script, Place]]":
    """The lines to answer, from all scripts, in an order that changes with every run."""
    from voicesim.coach.drills import Prompt, prompts_for
    from voicesim.wiring.bank import situation_in
    from voicesim.wiring.bank_check import places_in
    from voicesim.wiring.library import read_script, script_files

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


# -- one run ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class Run:
    """One run of a drill under way; ``now_s`` is a clock in seconds."""

    drill: "Drill"
    answers: "Answers"
    own_sps: float | None
    console: "Console"
    now_s: Callable[[], float]
    items: int = 0
    right: int = 0
    seconds: float = 0.0

    def practise(self, places: "Iterable[tuple[Script, Place]]", *, limit_s: float) -> None:
        """Ask line after line until the time is over, the answers end, or no line is left."""
        from voicesim.wiring.bank import bank

        known, taken, began = bank(), list[str](), self.now_s()
        for number, (script, place) in enumerate(places, 1):
            self.seconds = self.now_s() - began
            if self.seconds >= limit_s or not self.answers.more:
                return
            self._ask(number, script, place)
            answer = self.answers.next(script, place)
            self.seconds = self.now_s() - began
            if answer is None:
                return
            verdict = self._judged(answer)
            self.items += verdict.counts
            self.right += verdict.right
            self._tell(verdict)
            if not verdict.right and not self.drill.needs_sound:
                self._advise(verdict, known, place, taken)

    def _judged(self, answer: "Answer") -> "Verdict":
        from voicesim.coach.drills import judged, judged_pace

        if self.own_sps is not None:
            return judged_pace(answer.rate_sps, self.own_sps, len(answer.heard.transcript.words))
        return judged(self.drill, answer.heard.findings)

    def _ask(self, number: int, script: "Script", place: "Place") -> None:
        known = [*script.caller.facts.values(), *(["it was our mistake"] if place.situation.ours else [])]
        self.console.print()
        self._print(f"{number}  ", f"{script.caller.name}, {place.line.mood}: “{place.line.text}”", style="bold")
        self._print("   ", f"You know: {', '.join(known)}.", style="dim")

    def _tell(self, verdict: "Verdict") -> None:
        from voicesim.report.wording import name_of

        if verdict.right:
            told = verdict.why or f"{name_of(verdict.shown[0].id)}: “{verdict.shown[0].quote}”"
            self._print("   + ", told, style="green")
            return
        if verdict.unsure:
            why = verdict.why or "it may be there, but not surely enough"
            self._print("   ? ", f"{why[0].upper()}{why[1:]}. This one does not count.", style="dim")
            return
        for finding in verdict.shown:
            self._print("   + ", f"{name_of(finding.id)}: “{finding.quote}”", style="green")
        for finding in verdict.hurt:
            self._print("   - ", f"{name_of(finding.id)}: “{finding.quote}”", style="red")
        if not verdict.shown:
            self._print("   - ", verdict.why or f"Not found: {self.drill.title.lower()}", style="yellow")

    def _advise(self, verdict: "Verdict", known: "Bank", place: "Place", taken: list[str]) -> None:
        """A reply to try, which was not given in this run, and the reason: of the mistake, if there was one."""
        from voicesim.coach.advice import advice
        from voicesim.coach.bank import better_for
        from voicesim.report.wording import cited

        situation = replace(place.situation, turn=self.items, taken=tuple(taken))
        better = better_for(known, self.drill.any_of[0], situation)
        if better is not None:
            taken.append(better.text)
            self._print("   ", f"Try: “{better.text}”", style="green")
        tips = advice(verdict.hurt[0].id if verdict.hurt else self.drill.any_of[0])
        self._print("   ", f"Why: {tips.why}{cited(tips.source)}", style="dim")

    def _print(self, head: str, told: str, style: str) -> None:
        from rich.text import Text

        from voicesim.report.terminal import hang

        hang(self.console, Text(head, style), Text(told, style))


# -- before and after -------------------------------------------------------------------------------------------------


def _introduce(drill: "Drill", chosen: "Chosen | None", console: "Console") -> None:
    console.print(f"{drill.title} ({drill.id})", style="bold", markup=False)
    if chosen is not None:
        console.print(f"Why this one: {chosen.why}.", markup=False)
    console.print(drill.ask, markup=False)
    if drill.abuse:
        console.print(_ABUSE_NOTE, markup=False)


def _settle(trainee: str, run: Run, began: datetime, log: "tuple[Practised, ...]") -> None:
    """Keep the run and tell its result and when the drill is due again; nothing is kept of one without answers."""
    from voicesim.coach.drills import LEAST_ITEMS, due
    from voicesim.coach.practised import Practised
    from voicesim.store.practice_log import log_practice

    if not run.items:
        note("Nothing was answered that counts; nothing is kept.")
        return
    done = Practised(
        at_utc=began.isoformat(timespec="seconds"),
        drill=run.drill.id,
        items=run.items,
        right=run.right,
        seconds=round(run.seconds, 1),
    )
    log_practice(trainee, done)
    minutes, seconds = divmod(round(run.seconds), 60)
    result = f"\n{run.right} of {run.items} right in {minutes}:{seconds:02d}."
    date = due((*log, done), run.drill.id)
    if run.items < LEAST_ITEMS or date is None:
        run.console.print(f"{result} Answer {LEAST_ITEMS} at least, and it says when to practise again.", markup=False)
        return
    days = "tomorrow" if date.days == 1 else f"in {date.days} days"
    run.console.print(f"{result} Practise it again {days}, on {date.at.astimezone():%d %B}.", markup=False)


def _list(log: "tuple[Practised, ...]", console: "Console") -> None:
    from rich.table import Table
    from rich.text import Text

    from voicesim.coach.drills import DRILLS, due

    table = Table(box=None, pad_edge=False, collapse_padding=True)
    for column in ("drill", "what it is", "last", "due"):
        table.add_column(column, no_wrap=column == "drill")
    now = datetime.now(UTC)
    for one in DRILLS.values():
        runs, date = [run for run in log if run.drill == one.id], due(log, one.id)
        last = f"{runs[-1].right} of {runs[-1].items}" if runs else "-"
        when = "-" if date is None else "now" if date.at <= now else f"{date.at.astimezone():%d %B}"
        table.add_row(*map(Text, (one.id, one.title, last, when)))
    console.print(table)
