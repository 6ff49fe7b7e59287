"""``voicesim predict``: the drill "what will she do?"."""

import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from voicesim.cli.frame import examples, new_app, note

if TYPE_CHECKING:
    from rich.console import Console

    from voicesim.model import Line
    from voicesim.script.model import Script
    from voicesim.wiring.predict_items import Question

app = new_app()

_MOVES = {"f": "falls", "s": "stays", "r": "rises"}
_WORDS = {"falls": "Anger falls", "stays": "Anger stays where it is", "rises": "Anger rises"}


@app.command(
    "predict",
    epilog=examples(
        "voicesim predict",
        "voicesim predict billed-twice --items 3 --seed 7",
        "voicesim predict --sound",
    ),
)
def predict(
    script: Annotated[str | None, typer.Argument(help="Id of a script, or a path; all scripts if none.")] = None,
    items: Annotated[int, typer.Option("--items", min=1, max=50, help="How many questions.")] = 5,
    seed: Annotated[int, typer.Option("--seed", help="Chance of the questions: the same seed, the same ones.")] = 1,
    sound: Annotated[bool, typer.Option("--sound", help="Hear the caller through your headphones.")] = False,
    trainee: Annotated[str | None, typer.Option("--trainee", help="Whose drill; else the setting `trainee`.")] = None,
) -> None:
    """What will she do? A caller's line, three replies: predict how anger moves, then see it and read why."""
    from itertools import islice

    from rich.console import Console

    from voicesim.cli.frame import without_chatter, working
    from voicesim.settings import load_settings
    from voicesim.wiring.bank import bank, situation_in
    from voicesim.wiring.engines import understood
    from voicesim.wiring.predict_items import questions

    console = Console(highlight=False)
    who = trainee or load_settings().trainee
    scripts = [(one, situation_in(one)) for one in _scripts(script)]
    began_utc, began_s = datetime.now(UTC).isoformat(timespec="seconds"), time.monotonic()
    right = answered = 0
    with without_chatter():
        with working("Thinking of questions"):
            asked = list(islice(questions(scripts, bank(), understood, seed=seed), items))
        for number, question in enumerate(asked, start=1):
            _show(question, number, len(asked), console, aloud=sound)
            answer = _answer(question, console)
            if answer is None:
                break
            answered += 1
            right += answer == question.right
            _tell(question, answer, console, aloud=sound)
    _end(who, right, answered, began_utc, time.monotonic() - began_s, console)


def _scripts(name: str | None) -> "list[Script]":
    from voicesim.wiring.library import find_script, read_script, script_files

    return [find_script(name)] if name else [read_script(path) for path in script_files()]


def _show(question: "Question", number: int, of: int, console: "Console", *, aloud: bool) -> None:
    from rich.text import Text

    from voicesim.report.terminal import hang

    caller = question.script.caller
    console.print(f"\n[{number} of {of}] {caller.name}, {question.script.title}", style="dim", markup=False)
    mood = question.script.anger.mood(question.anger)
    console.print(f"Anger {question.anger} of 10 ({mood}). Facts: {', '.join(question.facts)}.", markup=False)
    hang(console, Text("  "), Text(f"“{question.line.text}”", style="bold"))
    if aloud:
        _speak(question.script, question.line, console)
    for at, option in enumerate(question.options, start=1):
        hang(console, Text(f"  {at}  "), Text(option.text))


def _answer(question: "Question", console: "Console") -> str | None:
    """What the trainee predicts, None at the end of the input or for ``q``."""
    from voicesim.wiring.predict_items import Ask

    if question.ask is Ask.BEST:
        asks, known = "Which reply helps most? 1, 2 or 3 (q ends): ", {"1": "1", "2": "2", "3": "3"}
    else:
        asks = f"You give reply {question.about + 1}. Anger: f falls, s stays, r rises (q ends)? "
        known = _MOVES | {word: word for word in _MOVES.values()}
    for word in _typed(asks, console):
        if word == "q":
            return None
        if word in known:
            return known[word]
        console.print(f"  '{word}' is no answer here.", markup=False)
    return None


def _typed(asks: str, console: "Console") -> Iterator[str]:
    """What is typed, a line each, until the input ends."""
    while True:
        console.print(asks, end="", markup=False)
        line = sys.stdin.readline()
        if not sys.stdin.isatty():
            console.print(line.strip(), markup=False)
        if not line:
            return
        yield line.strip().lower()


def _tell(question: "Question", answer: str, console: "Console", *, aloud: bool) -> None:
    from rich.text import Text

    from voicesim.cli.again import reasons
    from voicesim.report.terminal import hang
    from voicesim.wiring.predict_items import Ask

    good = answer == question.right
    best = int(question.right) - 1 if question.ask is Ask.BEST else question.about
    what = f"Reply {question.right} helps most" if question.ask is Ask.BEST else _WORDS[question.right]
    console.print(f"{'Right' if good else 'Not quite'}. {what}.", style="green" if good else "yellow", markup=False)
    for at, option in enumerate(question.options):
        console.print(f"  {at + 1}  anger {option.before} to {option.after}", style="bold", markup=False)
        for sign, why in reasons(option.influences):
            hang(console, Text(f"     {sign}"), Text(why))
    shown = question.options[best]
    who = question.script.caller.name.split()[0]
    ends = f" (the call ends: {shown.ending.value.replace('_', ' ')})" if shown.ending else ""
    console.print(f"After reply {best + 1} {who} says{ends}: “{shown.line.text}”", markup=False)
    if aloud:
        _speak(question.script, shown.line, console)


def _speak(script: "Script", line: "Line", console: "Console") -> None:
    from dataclasses import replace

    from voicesim.cli.saying import play
    from voicesim.wiring.engines import Lines, with_takes

    taken = with_takes(script)
    play(Lines(taken).sound(replace(line, take=taken.takes.get(line.id))), console)


def _end(who: str, right: int, answered: int, began_utc: str, seconds: float, console: "Console") -> None:
    from voicesim.coach.drills import PREDICT
    from voicesim.coach.practised import Practised
    from voicesim.store.practice_log import log_practice

    if not answered:
        note("Nothing was answered; nothing is kept.")
        return
    console.print(f"\n{right} of {answered} right.", style="bold", markup=False)
    run = Practised(at_utc=began_utc, drill=PREDICT, items=answered, right=right, seconds=round(seconds, 1))
    log_practice(who, run)
