"""A benchmark of several parts that are run by their names, with a caller whose lines are rendered before."""

import argparse
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from _live import SCRIPT, virtual_headset
from _table import HEAD, machine

from voicesim.wiring.engines import Lines
from voicesim.wiring.library import read_script

Effort = TypeVar("Effort")
#: Gives lines of the table; takes whose voices and texts (``dev`` or ``test``), how much to do, and a folder.
Part = Callable[[str, Effort, Path], Iterator[str]]


def print_table(about: str | None, parts: Mapping[str, Part[Effort]], *, whole: Effort, quick: Effort) -> None:
    """Print what the parts give that the command line names, all if none, on a virtual headset; ``about`` is its help.

    Each part is told ``whole``, or with ``--quick`` what is ``quick``.
    """
    parser = argparse.ArgumentParser(description=(about or "").splitlines()[0])
    parser.add_argument("what", nargs="*", choices=[*parts, []], help="which parts (all)")
    parser.add_argument("--part", choices=("dev", "test"), default="test", help="whose voices and texts (test)")
    parser.add_argument("--quick", action="store_true", help="a few of each")
    options = parser.parse_args()
    script = read_script(SCRIPT)
    Lines(script).prepare(list(script.sounds()), lambda done, of: None)
    print(machine(), HEAD, sep="\n", flush=True)
    with virtual_headset(), TemporaryDirectory() as folder:
        for name in options.what or parts:
            for line in parts[name](options.part, quick if options.quick else whole, Path(folder)):
                print(line, flush=True)
    print(machine())
