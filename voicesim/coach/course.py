"""A course: an ordered set of scripts, drills and texts with pass marks, as one file that a trainer hands out. Pure.

Nothing about a course is stored: how far a trainee is follows from the calls and the practice log each time.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from voicesim.coach.drills import command_of
from voicesim.coach.practised import Practised
from voicesim.model import CallRecord, Ending
from voicesim.reading.codes import BAD_VALUE, UNKNOWN_KEY
from voicesim.reading.reader import Fields, chosen, closest, flag, whole
from voicesim.reading.tree import Node, decode, parse

FORMAT = 1
_KINDS = ("script", "drill", "read")
_GOOD = tuple(ending for ending in Ending if ending.good)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptPart:
    """Hold a call with ``script`` at ``difficulty`` (None: as written), as an official run if ``official``.

    It is passed by a call that ends as one of ``endings`` with ``score`` points at least (None: any), among the first
    ``tries`` calls (None: any number).
    """

    script: str
    difficulty: int | None
    official: bool
    endings: tuple[Ending, ...]
    score: int | None
    tries: int | None
    line_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillPart:
    """Run ``drill``; passed by one run with ``right`` answers at least, among ``items`` at least."""

    drill: str
    right: int
    items: int
    line_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPart:
    """Read ``read``; nobody watches that, so it counts as read by what was done of the other parts."""

    read: str
    line_number: int


Part = ScriptPart | DrillPart | ReadPart


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A course as a trainer wrote it."""

    id: str
    title: str
    about: str | None
    parts: tuple[Part, ...]


class State(StrEnum):
    """How far a part is: passed, begun, not begun, or its tries are used up."""

    DONE = "done"
    BEGUN = "begun"
    OPEN = "open"
    USED_UP = "used up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A part with its ``state``, what it is and what was reached in words, what is ``missing``, and the command."""

    part: Part
    state: State
    title: str
    reached: str
    missing: str = ""
    command: str | None = None


# -- reading ----------------------------------------------------------------------------------------------------------


def load_course(data: bytes, file: str, *, scripts: Collection[str], drills: Collection[str]) -> Course:
    """The course in ``data`` (the bytes of a YAML file); ``file`` names it in messages.

    ``scripts`` and ``drills`` are the ids that there are. Raises ScriptError with one clear line for the first fault.
    """
    top = Fields(parse(decode(data, file), file), "the course")
    top.of_format(FORMAT)
    course_id = top.own_id()
    parts = top.need("parts")
    if not isinstance(parts.value, list) or not parts.value:
        parts.fail("'parts' must be a list", "Write each part behind a hyphen: `- script: billed-twice`.")
    course = Course(
        id=course_id,
        title=top.text("title"),
        about=top.maybe_text("about"),
        parts=tuple(_part(node, scripts, drills) for node in parts.value),
    )
    if all(isinstance(part, ReadPart) for part in course.parts):
        parts.fail("every part is a text, and nobody sees whether a text is read", "Add a call (script) or a drill.")
    top.done()
    return course


def _part(node: Node, scripts: Collection[str], drills: Collection[str]) -> Part:
    fields = Fields(node, "the part")
    named = [kind for kind in _KINDS if isinstance(node.value, dict) and kind in node.value]
    if len(named) != 1:
        what = f"a part is either {', '.join(_KINDS[:-1])} or {_KINDS[-1]}, and this one has {_counted(named)}"
        keys = [key for key in node.value if key not in _KINDS]
        near = f"{closest(keys[0], _KINDS)} " if not named and keys else ""
        node.fail(what, f"{near}Write one of them behind each hyphen.", code=UNKNOWN_KEY if near else BAD_VALUE)
    if named[0] == "read":
        part: Part = ReadPart(read=fields.text("read"), line_number=node.line)
    elif named[0] == "drill":
        part = _drill_part(fields, drills)
    else:
        part = _script_part(fields, scripts)
    fields.done()
    return part


def _counted(named: Sequence[str]) -> str:
    return "none" if not named else " and ".join(named)


def _drill_part(fields: Fields, drills: Collection[str]) -> DrillPart:
    name = fields.need("drill")
    marks = Fields(fields.need("pass"), "the pass mark")
    right = marks.number("right", 1, 1000)
    items = marks.take("of")
    part = DrillPart(
        drill=chosen(name, "drill", drills),
        right=right,
        items=right if items is None else whole(items, "of", right, 1000),
        line_number=fields.node.line,
    )
    marks.done()
    return part


def _script_part(fields: Fields, scripts: Collection[str]) -> ScriptPart:
    name, difficulty, official = fields.need("script"), fields.take("difficulty"), fields.take("official")
    marks = Fields(fields.need("pass"), "the pass mark")
    score, tries = marks.take("score"), marks.take("tries")
    known = [ending.value for ending in Ending if ending.good is not None]
    wanted = marks.take("endings")
    nodes = [] if wanted is None else wanted.value if isinstance(wanted.value, list) else [wanted]
    part = ScriptPart(
        script=chosen(name, "script", scripts),
        difficulty=None if difficulty is None else whole(difficulty, "difficulty", 0, 4),
        official=flag(official, "official"),
        endings=tuple(Ending(chosen(node, "endings", known)) for node in nodes) or _GOOD,
        score=None if score is None else whole(score, "score", 0, 100),
        tries=None if tries is None else whole(tries, "tries", 1, 100),
        line_number=fields.node.line,
    )
    marks.done()
    return part


# -- how far ----------------------------------------------------------------------------------------------------------


def standings(
    course: Course, calls: Sequence[CallRecord], runs: Sequence[Practised], titles: Mapping[str, str]
) -> tuple[Standing, ...]:
    """Each part with what was reached of it; ``calls`` and ``runs`` are in the order of their beginning.

    ``titles`` are those of scripts.
    """
    worked = [
        _of_script(part, calls, titles) if isinstance(part, ScriptPart) else _of_drill(part, runs)
        for part in course.parts
        if not isinstance(part, ReadPart)
    ]
    made: list[Standing] = []
    # Behind a text at the end nothing can be begun: it counts as read when nothing else is left to do.
    read = all(one.state in (State.DONE, State.USED_UP) for one in worked)
    for part in reversed(course.parts):
        if isinstance(part, ReadPart):
            last = all(isinstance(one.part, ReadPart) for one in made)
            standing = _of_text(part, done=read, last=last)
        else:
            standing = worked.pop()
        read = read or standing.state is not State.OPEN
        made.append(standing)
    return tuple(reversed(made))


def next_of(standing: Sequence[Standing]) -> Standing | None:
    """The part to do next: the first that is open or begun; None if there is none.

    A text is only next while nothing after it was begun, and never at the end.
    """
    return next((one for one in standing if one.state in (State.OPEN, State.BEGUN)), None)


def _of_script(part: ScriptPart, calls: Sequence[CallRecord], titles: Mapping[str, str]) -> Standing:
    fitting = [call for call in calls if _fits(part, call)][: part.tries]
    passed = [call for call in fitting if _passes(part, call)]
    level = "" if part.difficulty is None else f" at difficulty {part.difficulty}"
    run = ", official run" if part.official else ""
    options = "" if part.difficulty is None else f" --difficulty {part.difficulty}"
    options += " --official" if part.official else ""
    used_up = not passed and part.tries is not None and len(fitting) >= part.tries
    state = State.DONE if passed else State.USED_UP if used_up else State.BEGUN if fitting else State.OPEN
    return Standing(
        part=part,
        state=state,
        title=f"Call: {titles.get(part.script, part.script)} ({part.script}){level}{run}",
        reached=_reached(passed or fitting[-1:], len(fitting)),
        missing="" if passed else _missing(part, len(fitting)),
        command=f"voicesim practice {part.script}{options}" if state in (State.OPEN, State.BEGUN) else None,
    )


def _fits(part: ScriptPart, call: CallRecord) -> bool:
    """Whether it is a call of this part; one that was stopped or cut off is no try."""
    level = call.dial.level if call.dial else None
    same = call.script.id == part.script and level == part.difficulty
    return same and call.ending.good is not None and (call.official or not part.official)


def _passes(part: ScriptPart, call: CallRecord) -> bool:
    total = call.feedback.total if call.feedback else None
    return call.ending in part.endings and (part.score is None or (total is not None and total >= part.score))


def _reached(calls: Sequence[CallRecord], n: int) -> str:
    """How the call that counts went: the one that passed, else the last one."""
    if not calls:
        return "no call yet"
    call = calls[0]
    total = call.feedback.total if call.feedback else None
    points = "" if total is None else f", {total} of 100"
    return f"{_calls(n)}: {call.ending.value.replace('_', ' ')}{points}"


def _missing(part: ScriptPart, n: int) -> str:
    endings = " or ".join(ending.value.replace("_", " ") for ending in part.endings)
    points = "" if part.score is None else f" with {part.score} points at least"
    wanted = f"a call that ends {endings}{points}"
    if part.tries is None:
        return wanted
    if n >= part.tries:
        return f"{wanted}; {'the one try is' if n == 1 else f'all {n} tries are'} used, so ask your trainer"
    return f"{wanted}, {part.tries - n} of {part.tries} tries left"


def _of_drill(part: DrillPart, runs: Sequence[Practised]) -> Standing:
    fitting = [run for run in runs if run.drill == part.drill]
    passed = [run for run in fitting if run.items >= part.items and run.right >= part.right]
    best = max(fitting, key=lambda run: run.right, default=None)
    return Standing(
        part=part,
        state=State.DONE if passed else State.BEGUN if fitting else State.OPEN,
        title=f"Drill: {part.drill.replace('_', ' ')}",
        reached="no run yet" if best is None else f"best run: {best.right} of {best.items} right",
        missing="" if passed else f"a run with {part.right} right, of {part.items} items at least",
        command=None if passed else command_of(part.drill),
    )


def _of_text(part: ReadPart, *, done: bool, last: bool) -> Standing:
    reason = "nothing else is left to do" if last else "something after it was begun"
    missing = "the other parts; then read it" if last else "read it and go on with the next part"
    return Standing(
        part=part,
        state=State.DONE if done else State.OPEN,
        title=f"Read: {part.read}",
        reached=f"read, as {reason}" if done else "to read",
        missing="" if done else missing,
    )


def _calls(n: int) -> str:
    return "1 call" if n == 1 else f"{n} calls"
