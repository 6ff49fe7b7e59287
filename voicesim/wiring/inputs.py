"""What a person hands to a command as a file: text, a saved baseline."""

import json
from pathlib import Path

from voicesim.errors import InputError
from voicesim.model import Baseline
from voicesim.report.codec import decode
from voicesim.wiring.library import read_bytes

_LARGEST_TEXT_BYTES = 10_000_000
_AGAIN = "Make the baseline again, or name sounds."


def read_text(path: Path) -> str:
    """The text of a UTF-8 file, without a byte order mark; line ends as they are.

    Raises InputError for a missing file, a folder, over 10 MB or another encoding, StorageError if it may not be read.
    """
    content = read_bytes(path)
    if len(content) > _LARGEST_TEXT_BYTES:
        raise InputError(f"this is {len(content) / 1e6:.0f} MB of text, over 10 MB", where=str(path))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError("this is not UTF-8 text", where=f"{path}:{line}", mend="Save it as UTF-8.") from error


def read_lines(path: Path) -> list[str]:
    """The lines of a UTF-8 file without their ends; raises as :func:`read_text`.

    Only line feeds end a line (a carriage return before one belongs to it), as everywhere else on a command line.
    """
    lines = read_text(path).split("\n")
    return [line.removesuffix("\r") for line in (lines if lines[-1] else lines[:-1])]


def read_baseline(path: Path) -> Baseline:
    """A saved baseline. Raises InputError, naming the key, for what is none, and as :func:`read_text`."""
    text = read_text(path)
    try:
        values = json.loads(text, parse_constant=_no_number)
        baseline: Baseline = decode(Baseline, values, "baseline")
    except (ValueError, RecursionError) as error:
        raise InputError("this is no saved baseline (no JSON)", where=str(path), mend=_AGAIN) from error
    except InputError as error:
        key = (error.where or "").removeprefix("call.json: ")
        raise InputError(f"this is no saved baseline ({key}: {error.what})", where=str(path), mend=_AGAIN) from error
    if baseline.centroid_st is None:
        raise InputError("this baseline was measured in an earlier way", where=str(path), mend=_AGAIN)
    return baseline


def _no_number(name: str) -> float:
    raise ValueError(name)
