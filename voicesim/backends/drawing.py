"""Turns Graphviz text into pictures with the program of the package ``graphviz-pure``."""

import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Literal

from voicesim.errors import InputError, MissingPart

_PROGRAM = "graphviz-pure"
_LONGEST_S = 120
_MEND = "Install it again: pip install --force-reinstall graphviz-pure"


def picture(dot: str, form: Literal["svg", "png"]) -> bytes:
    """The bytes of an SVG or PNG file with the drawing that ``dot`` describes.

    Raises MissingPart without that package, InputError for what cannot be laid out.
    """
    program = _found()
    try:
        done = subprocess.run(
            [program, f"-T{form}"], input=dot.encode(), capture_output=True, check=False, timeout=_LONGEST_S
        )
    except subprocess.TimeoutExpired:
        raise InputError(
            f"the drawing was not laid out within {_LONGEST_S} s", mend="Draw it as Mermaid: --out FILE.mmd"
        ) from None
    except OSError as error:
        raise MissingPart(f"{_PROGRAM} cannot be run ({error.strerror})", where=program, mend=_MEND) from None
    # It warns of letters that its fonts do not measure, and draws them all the same.
    if done.returncode != 0 or not done.stdout:
        told = done.stderr.decode(errors="replace").strip().splitlines()
        raise InputError(f"the drawing failed: {told[-1] if told else 'no reason given'}", mend="Draw it as Mermaid.")
    return done.stdout


def _found() -> str:
    """The path of the program: beside this Python first, since the folder need not be on the PATH."""
    beside = shutil.which(_PROGRAM, path=sysconfig.get_path("scripts"))
    program = beside or shutil.which(_PROGRAM)
    if program is None:
        raise MissingPart("drawing pictures needs a part that is not installed", where=_PROGRAM, mend=_MEND)
    return str(Path(program))
