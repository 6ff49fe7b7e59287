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

    from voicesim.cli.drill_answers import Answers
    from voicesim.coach.drills import Chosen, Drill
    from voicesim.coach.practised import Practised
    from voicesim.script.model import Script
    from voicesim.settings import Settings
    from voicesim.wiring.bank_check import Place
    from voicesim.wiring.drilling import Drilling, Judged, Settled

app = new_app()

_STYLES = {"+": "green", "-": "red", "?": "dim"}
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
    from voicesim.wiring.drilling import Drilling, places_for
    from voicesim.wiring.standing import chosen_drill

    if text is not None and replies is not None:
        raise UsageError("--text and --replies are two trainees for one drill", mend="Give one of them.")
    settings = load_settings()
    settings = replace(settings, trainee=trainee or settings.trainee)
    log, console = practised(settings.trainee), Console(highlight=False)
    if list_all:
        _list(log, console)
        return
    began = datetime.now(UTC)
    chosen = None if name else chosen_drill(settings.trainee, log, began)
    wanted = _named(chosen.drill if chosen else name or "")
    answers, own_sps = _answers(wanted, text, replies, baseline, settings, console)
    _introduce(wanted, chosen, console)
    drilling = Drilling(wanted, own_sps=own_sps)
    run = Run(drilling=drilling, answers=answers, console=console, now_s=time.monotonic)
    began = datetime.now(UTC)
    try:
        run.practise(places_for(wanted, seed=len(log)), limit_s=60 * minutes)
    finally:
        _settle(drilling.settle(settings.trainee, began, run.seconds), console)


def _named(name: str) -> "Drill":
    from voicesim.coach.drills import DRILLS
    from voicesim.reading.reader import closest

    key = name.replace("-", "_")
    if key not in DRILLS:
        raise UsageError(f"there is no drill '{name}'", mend=closest(key, DRILLS))
    return DRILLS[key]


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


# -- one run ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class Run:
    """One run of a drill at a terminal; ``now_s`` is a clock in seconds."""

    drilling: "Drilling"
    answers: "Answers"
    console: "Console"
    now_s: Callable[[], float]
    seconds: float = 0.0

    def practise(self, places: "Iterable[tuple[Script, Place]]", *, limit_s: float) -> None:
        """Ask line after line until the time is over, the answers end, or no line is left."""
        began = self.now_s()
        for number, (script, place) in enumerate(places, 1):
            self.seconds = self.now_s() - began
            if self.seconds >= limit_s or not self.answers.more:
                return
            self._ask(number, script, place)
            answer = self.answers.next(script, place)
            self.seconds = self.now_s() - began
            if answer is None:
                return
            self._tell(self.drilling.judge(answer.heard, place, answer.rate_sps))

    def _ask(self, number: int, script: "Script", place: "Place") -> None:
        from voicesim.wiring.drilling import known_at

        self.console.print()
        self._print(f"{number}  ", f"{script.caller.name}, {place.line.mood}: “{place.line.text}”", style="bold")
        self._print("   ", f"You know: {', '.join(known_at(script, place))}.", style="dim")

    def _tell(self, judged: "Judged") -> None:
        for sign, words in judged.rows:
            self._print(f"   {sign} ", words, style=_STYLES[sign])
        if judged.better is not None:
            self._print("   ", f"Try: “{judged.better}”", style="green")
        if judged.why is not None:
            from voicesim.report.sources import cited

            self._print("   ", f"Why: {judged.why}{cited(judged.source)}", style="dim")

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


def _settle(settled: "Settled | None", console: "Console") -> None:
    """Tell the result and when the drill is due again."""
    if settled is None:
        note("Nothing was answered that counts; nothing is kept.")
        return
    run = settled.run
    minutes, seconds = divmod(round(run.seconds), 60)
    result = f"{run.right} of {run.items} right in {minutes}:{seconds:02d}."
    console.print(f"\n{result} {settled.when}", markup=False)


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
