"""What must hold before a script is handed out, each in words with the next step."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from voicesim.errors import InputError, VoicesimError
from voicesim.wiring.library import read_bytes, rehearsal_file

if TYPE_CHECKING:
    from voicesim.script.model import Script
    from voicesim.studio.shelf import Shelf


def hindrances(script: "Script", shelf: "Shelf") -> Iterator[str]:
    """One line for everything that has to be mended before the script is handed out; none for one that is ready."""
    yield from _remarks(script)
    yield from _rehearsals(script)
    yield from _takes(script, shelf)
    yield from _licences(script, shelf)
    for path in (Path(script.file), rehearsal_file(script)):
        if path.is_file():
            yield from _personal(path)
    if script.content_note is None and any(line.abuse for line in script.lines()):
        yield f"{script.file}: lines are marked as abuse, but nothing warns of them. Add a 'content_note'."


def _remarks(script: "Script") -> Iterator[str]:
    from voicesim.backends.personas import PERSONAS
    from voicesim.script.lint import lint

    for problem in lint(script, personas=tuple(PERSONAS)):
        yield f"{script.file}:{problem.line}: {problem.code} {problem.what}. {problem.mend}"


def _rehearsals(script: "Script") -> Iterator[str]:
    from voicesim.call.rehearse import load_rehearsals
    from voicesim.call.rehearse import rehearse as hold
    from voicesim.wiring.engines import understood

    path = rehearsal_file(script)
    if not path.is_file():
        yield f"{path}: there are no rehearsals. Write some: docs/scripts.md says how."
        return
    try:
        script_id, rehearsals = load_rehearsals(read_bytes(path), str(path))
    except VoicesimError as error:
        yield str(error)
        return
    if script_id != script.id:
        yield f"{path}: rehearses the script '{script_id}'. Write: script: {script.id}"
        return
    for rehearsal in rehearsals:
        result = hold(script, rehearsal, understood)
        if result.faults:
            where = f"{path}:{rehearsal.line_number}"
            yield f"{where}: '{result.name}' does not hold. See: voicesim script rehearse {script.id}"


def _takes(script: "Script", shelf: "Shelf") -> Iterator[str]:
    known = {line.id for line in script.lines()}
    chosen = [take for take in shelf.every() if take.chosen and take.line_id in known]
    missing = shelf.missing(script)
    if chosen and missing:
        some = ", ".join(line.id for line in missing[:3]) + (" .." if len(missing) > 3 else "")
        yield f"{len(missing)} of {len(known)} lines have no take ({some}). Run: voicesim record {script.id}"
    for take in chosen:
        what = f"take {take.n} of {take.line_id}"
        if not take.checked:
            yield f"{what} was never checked. Record the line again, or choose another take."
        for problem in take.checks:
            if problem.fault:
                yield f"{what}: {problem.what}. Record the line again, or choose another take."


def _licences(script: "Script", shelf: "Shelf") -> Iterator[str]:
    from voicesim.studio.pack import without_consent

    if script.licence == "unknown":
        yield f"{script.file}: no licence is named. Add one, like `licence: CC-BY-4.0`."
    known, speakers = {line.id for line in script.lines()}, shelf.speakers()
    chosen = [take for take in shelf.every() if take.chosen and take.line_id in known]
    for name in without_consent(chosen, speakers):
        yield f"takes by {name}: nobody agreed to hand them out. Ask, then run: voicesim record {script.id}"


def _personal(path: Path) -> Iterator[str]:
    from voicesim.studio.personal import personal_hints

    for number, line in enumerate(read_bytes(path).decode(errors="replace").splitlines(), start=1):
        for hint in personal_hints(line):
            yield f"{path}:{number}: {hint}."


def check_rehearsal(content: bytes, file: str, script_id: str) -> None:
    """Nothing. Raises InputError (ScriptError) for rehearsals that do not load, or are another script's."""
    from voicesim.call.rehearse import load_rehearsals

    rehearsed, _ = load_rehearsals(content, file)
    if rehearsed != script_id:
        raise InputError(f"these rehearsals are of '{rehearsed}', not of '{script_id}'", where=file)
