"""What the pages of scripts share: the script that an address means, its remarks as values, and their explanations."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import voicesim
from voicesim.backends.personas import PERSONAS
from voicesim.errors import ScriptError, VoicesimError
from voicesim.script.codes import CODES
from voicesim.script.lint import lint
from voicesim.script.load import load_script
from voicesim.script.model import Script
from voicesim.web.sessions import NotThere
from voicesim.wiring.own_scripts import ScriptFile, script_of

#: How a script that is not in a file yet is named in messages.
UNSAVED = "script.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One remark of the checker, or the one reason why a text cannot be loaded (``fault``)."""

    code: str
    line: int
    what: str
    mend: str
    fault: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the checker says of a text; ``script`` is None if it cannot be loaded."""

    script: Script | None
    remarks: tuple[Remark, ...]


def wanted(script_id: str) -> ScriptFile:
    """The script file that an address means. Raises NotThere."""
    found = script_of(script_id)
    if found is None:
        raise NotThere(f"there is no script '{script_id[:60]}'", mend="Go back to the list of scripts.")
    return found


@lru_cache(maxsize=64)
def checked(data: bytes) -> Checked:
    """What the checker says of the bytes of a script; the same bytes are looked at once."""
    try:
        script = load_script(data, UNSAVED)
    except ScriptError as error:
        return Checked(script=None, remarks=(fault_of(error),))
    problems = lint(script, personas=tuple(PERSONAS))
    return Checked(
        script=script,
        remarks=tuple(Remark(code=p.code, line=p.line, what=p.what, mend=p.mend) for p in problems),
    )


def fault_of(error: ScriptError) -> Remark:
    """Why a text cannot be loaded, with its line (1 where none is known)."""
    return Remark(
        code=error.code or "VS037", line=line_of(error) or 1, what=error.what, mend=error.mend or "", fault=True
    )


def line_of(error: VoicesimError) -> int | None:
    """The line of a file that an error is about; None where none is known."""
    _, _, number = (error.where or "").rpartition(":")
    return int(number) if number.isascii() and number.isdecimal() else None


@lru_cache(maxsize=1)
def _explanations() -> dict[str, str]:
    """The sections of the page on what the checker says, by code; nothing where the page did not come along."""
    package = Path(voicesim.__file__).parent
    for path in (package / "shipped" / "lint.md", package.parent / "docs" / "lint.md"):
        if path.is_file():
            parts = re.split(r"^## (VS\d{3}): .*$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
            return dict(zip(parts[1::2], parts[2::2], strict=True))
    return {}


def explained(code: str) -> tuple[tuple[str, str], ...]:
    """What a code means, as (kind, text) with kinds ``p`` and ``code``. Raises NotThere for a code that is none."""
    if code not in CODES:
        raise NotThere(f"there is no code '{code[:20]}'", mend="Go back to the list of scripts.")
    found: list[tuple[str, str]] = []
    for number, part in enumerate(re.split(r"^```\w*\n(.*?)^```\n", _explanations().get(code, ""), flags=re.M | re.S)):
        if number % 2:
            found.append(("code", part.rstrip()))
            continue
        paragraphs = (" ".join(block.split()) for block in part.split("\n\n"))
        found += [("p", _without_marks(block)) for block in paragraphs if block]
    return tuple(found)


def _without_marks(text: str) -> str:
    return re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text).replace("**", "").replace("`", "")
