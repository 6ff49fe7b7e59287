"""Says what is wrong with the takes of a script: missing, left over, or not fit to be heard. Pure.

Who listened to the takes hands in a :class:`TakeReport` for each; here they are only held against the script.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from voicesim.script.codes import Problem
from voicesim.script.model import ASIDE, SILENCE, Script

#: What a check of takes calls a problem -> the code of lint, and what is wrong.
_MEANINGS = {
    "clipped": ("VS022", "is clipped: it was too loud for the microphone"),
    "silent": ("VS023", "holds no speech"),
    "wrong_words": ("VS024", "does not say its line"),
    "unreadable": ("VS025", "cannot be read"),
    "quiet": ("VS025", "is too quiet"),
    "loud": ("VS025", "is too loud"),
    "noisy": ("VS025", "has too much noise behind the voice"),
    "echo": ("VS025", "has the echo of a room"),
    "cut_start": ("VS025", "begins in the middle of a word"),
    "cut_end": ("VS025", "ends in the middle of a word"),
    "mood": ("VS025", "does not sound like its mood"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeReport:
    """What was found in one take: ``line_id`` it was recorded for, ``problems`` as the checks of takes call them.

    ``orphan``: no line of the script has that id any more.
    """

    line_id: str
    file: str
    problems: tuple[str, ...] = ()
    orphan: bool = False


def lint_takes(script: Script, takes: Sequence[TakeReport]) -> Iterator[Problem]:
    """The problems of the takes; none if there are no takes at all, since a script needs none."""
    if not takes:
        return
    numbers = {
        **{name: step.line_number for name, step in script.steps.items()},
        ASIDE: next((one.line_number for one in script.complications if one.say), 1),
        SILENCE: 1,
    }
    where = {line.id: numbers[line.step] for line in script.lines()}
    yield from _missing(script, {take.line_id for take in takes if not take.orphan}, numbers)
    for take in takes:
        if take.orphan or take.line_id not in where:
            what = f"the take {take.file} is of a line that is not in the script (any more)"
            mend = "Its line was changed: record the new one, or write the old text again. The file stays."
            yield Problem(code="VS021", line=1, what=what, mend=mend)
            continue
        for name in take.problems:
            code, wrong = _MEANINGS.get(name, ("VS025", f"has the problem '{name}'"))
            mend = f"Record the line again: `voicesim record {script.id}`."
            yield Problem(code=code, line=where[take.line_id], what=f"the take {take.file} {wrong}", mend=mend)


def _missing(script: Script, there: set[str], numbers: dict[str, int]) -> Iterator[Problem]:
    """One problem a step: a script of a hundred lines and one take would else be a hundred."""
    by_step: dict[str, list[str]] = {}
    count: dict[str, int] = {}
    for line in {line.id: line for line in script.lines()}.values():
        count[line.step] = count.get(line.step, 0) + 1
        if line.id not in there:
            by_step.setdefault(line.step, []).append(f"'{line.text}' ({line.mood})")
    for step, lacking in by_step.items():
        named = f"step '{step}'" if step in script.steps else f"'{step}'"
        what = f"{named} has no take of {len(lacking)} of its {count[step]} lines, the first is {lacking[0]}"
        mend = f"Record them: `voicesim record {script.id}`. Until then a made voice says them."
        yield Problem(code="VS020", line=numbers[step], what=what, mend=mend)
