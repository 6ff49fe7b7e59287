"""Listens to the takes of a script and says what lint needs to know of each."""

from pathlib import Path
from typing import TYPE_CHECKING

from voicesim.errors import SoundFileError

if TYPE_CHECKING:
    from voicesim.model import Line
    from voicesim.script.lint_takes import TakeReport
    from voicesim.script.model import Script
    from voicesim.wiring.listening import Listener


def take_reports(script: "Script") -> "list[TakeReport]":
    """A report for each chosen take, one's own before the shipped ones, and for each that belongs to no line.

    Raises MissingPart if takes are to be heard and no recognizer is there.
    """
    from voicesim.cli.frame import progress_bar
    from voicesim.cli.loading import ready
    from voicesim.files import shipped
    from voicesim.script.lint_takes import TakeReport
    from voicesim.studio.shelf import Shelf, chosen_takes
    from voicesim.wiring.listening import Listener

    lines = {line.id: line for line in script.lines()}
    chosen = {line_id: path for line_id, path in chosen_takes(script.id).items() if line_id in lines}
    shelves = (Shelf.own(script.id), Shelf(shipped("audio") / script.id, script.id))
    left = {take.path: take.line_id for shelf in shelves for take in shelf.orphans(script)}
    reports = [TakeReport(line_id=line_id, file=str(path), orphan=True) for path, line_id in left.items()]
    if chosen:
        listener = Listener(recognizer=ready("auto", script.language))
        with progress_bar("Listening to takes") as tell:
            for number, (line_id, path) in enumerate(chosen.items(), start=1):
                problems = _problems(listener, lines[line_id], path)
                reports.append(TakeReport(line_id=line_id, file=str(path), problems=problems))
                tell(number, len(chosen))
    return reports


def _problems(listener: "Listener", line: "Line", path: Path) -> tuple[str, ...]:
    """What everybody would hear in a take; advice, such as about its mood, was given when it was recorded."""
    from voicesim.files import read_sound
    from voicesim.model import RATE_HZ
    from voicesim.sound import resample
    from voicesim.studio.checks import check_take, faults

    try:
        sound, _ = read_sound(path)
    except SoundFileError:
        return ("unreadable",)
    heard = listener.listen(sound)
    samples = resample(sound.samples, sound.rate_hz, RATE_HZ)
    problems = check_take(
        samples, heard.speech, text=line.text, mood=line.mood, heard=heard.transcript, delivery=heard.delivery
    )
    return tuple(problem.code for problem in faults(problems))
