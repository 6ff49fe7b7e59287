"""What is wrong with a command line, in one line as every other error: what, in which command, how to mend it."""

import sys
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from voicesim.cli import PROGRAM
from voicesim.errors import UsageError


def refused(refusal: Any, arguments: Sequence[str] | None, commands: Sequence[str]) -> UsageError | None:
    """The error for a refusal of the library of the command line; None if its text is the help of a bare command.

    ``arguments`` are those of the process if None; by ``commands`` the one that is meant is known where the refusal
    does not name it.
    """
    context = refusal.ctx
    if context is None:
        first = next(iter(sys.argv[1:] if arguments is None else arguments), "")
        path = f"{PROGRAM} {first}" if first in commands else PROGRAM
    else:
        path = context.command_path
        if refusal.message == context.get_help():
            return None
    what, nearest = _worded(refusal), _nearest(refusal)
    mend = None if what.endswith("?") else nearest or f"See: {path} --help"
    return UsageError(what, where=path.removeprefix(PROGRAM).strip() or None, mend=mend)


def _worded(refusal: Any) -> str:
    """What is wrong, as a part of a sentence; it may end with the nearest right words."""
    if _unknown_option(refusal):
        return f"no such option {refusal.option_name!r}"
    text = str(refusal.format_message()).rstrip(".")
    if text.startswith("Invalid value"):
        # What the checks of the values say begins with a capital as well.
        start, _, end = text.partition(": ")
        text = f"{start}: {end[:1].lower()}{end[1:]}"
    return text[:1].lower() + text[1:]


def _nearest(refusal: Any) -> str | None:
    """The nearest option of the command, if an option was misspelt and one is near."""
    if not _unknown_option(refusal) or refusal.ctx is None:
        return None
    every = [option for one in refusal.ctx.command.params for option in (*one.opts, *one.secondary_opts)]
    known = [option for option in every if option.startswith("--")] + ["--help"]
    near = get_close_matches(refusal.option_name.lower(), known, n=1, cutoff=0.7)
    return f"Did you mean '{near[0]}'?" if near else None


def _unknown_option(refusal: Any) -> bool:
    # The class moves between versions of the library.
    return hasattr(refusal, "possibilities")
