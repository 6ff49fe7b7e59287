"""How a trainee stands: finished calls, what is weak in them, which drills are due, how far a course is done."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from voicesim.coach.course import Course, ScriptPart, Standing, load_course, standings
from voicesim.coach.drills import DRILLS, PREDICT, Chosen, Due, choose, due
from voicesim.coach.practised import Practised
from voicesim.coach.progress import Progress, progress, weak_spots
from voicesim.errors import VoicesimError
from voicesim.model import CallRecord
from voicesim.store.closing import read_record
from voicesim.store.index import CallIndex
from voicesim.store.places import calls_folder
from voicesim.store.practice_log import practised
from voicesim.store.stored import State
from voicesim.wiring.library import read_script, script_files


def records_of(
    trainee: str, script: str | None = None, tell: Callable[[str], object] = lambda sentence: None
) -> list[CallRecord]:
    """The trainee's finished calls in the order in which they began; ``tell`` is told of each that cannot be read."""
    found = []
    for call in reversed(CallIndex(trainee).find()):
        if call.state in (State.FINISHED, State.DAMAGED) and script in (None, call.script_id):
            try:
                found.append(read_record(calls_folder(trainee) / call.id))
            except VoicesimError as error:
                tell(f"left out: {error}")
    return found


def scripts_of(trainee: str) -> set[str]:
    """The ids of the scripts that the trainee has finished calls of."""
    return {call.script_id for call in CallIndex(trainee).find() if call.state is State.FINISHED}


def dues(log: Iterable[Practised]) -> list[Due]:
    """When each drill that was practised is due again."""
    runs = tuple(log)
    found = (due(runs, drill) for drill in dict.fromkeys(run.drill for run in runs))
    return [one for one in found if one is not None]


def runs_of(records: Sequence[CallRecord], official: bool | None = None, last: int | None = None) -> list[Progress]:
    """The progress over private calls and over official runs (or one of them), each over its ``last`` calls."""
    kinds = (False, True) if official is None else (official,)
    of_kind = [[record for record in records if record.official is kind] for kind in kinds]
    return [
        progress(some if last is None else some[-last:], official=kind)
        for kind, some in zip(kinds, of_kind, strict=True)
    ]


def chosen_drill(trainee: str, log: Sequence[Practised], now: datetime) -> Chosen:
    """The drill for the two weak spots of the last calls, else what is due."""
    weak = [(spot.drill, spot.why) for spot in weak_spots(records_of(trainee))[:2] if spot.drill]
    return choose(log, weak, now)


# -- courses ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class InCourse:
    """A course and how far a trainee is in it."""

    course: Course
    standings: tuple[Standing, ...]


def read_course(data: bytes, file: str) -> Course:
    """The course in the bytes of a YAML file, whose scripts and drills there are. Raises ScriptError."""
    return load_course(data, file, scripts=_paths(), drills=(*DRILLS, PREDICT))


def in_course(course: Course, trainee: str, tell: Callable[[str], object] = lambda sentence: None) -> InCourse:
    """How far a trainee is in a course."""
    paths = _paths()
    titles = {part.script: _title(paths[part.script]) for part in course.parts if isinstance(part, ScriptPart)}
    standing = standings(course, records_of(trainee, tell=tell), practised(trainee), titles)
    return InCourse(course=course, standings=standing)


def _paths() -> Mapping[str, Path]:
    return {path.stem: path for path in script_files()}


def _title(path: Path) -> str:
    """The title of a script; one that cannot be loaded has its id for a title."""
    try:
        return read_script(path).title
    except VoicesimError:
        return path.stem
