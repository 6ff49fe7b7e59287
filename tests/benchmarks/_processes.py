"""Runs a command and watches how much memory it and all its child processes take (Linux)."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_LOOK_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """The most that all processes of a command had at one time, in bytes.

    ``rss`` counts a page in every process that has it, ``pss`` shares it out among them (all processes of the machine);
    ``processes`` is how many there were at most.
    """

    rss: int
    pss: int
    processes: int


def voicesim(*arguments: str) -> list[str]:
    """The command line of this environment's voicesim."""
    return [sys.executable, "-m", "voicesim", *arguments]


def peak_memory(command: Sequence[str], variables: Mapping[str, str]) -> Peak:
    """Run a command to its end, looking ten times a second; raises RuntimeError if it fails."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, env={**os.environ, **variables}) as process:
        rss = pss = processes = 0
        while process.poll() is None:
            family = list(_family(process.pid))
            now_rss, now_pss = _memory(family)
            rss, pss, processes = max(rss, now_rss), max(pss, now_pss), max(processes, len(family))
            time.sleep(_LOOK_S)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return Peak(rss=rss, pss=pss, processes=processes)


def _family(pid: int) -> Iterator[int]:
    """A process and all that descend from it."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found = children.read_text().split()
        except OSError:  # the thread has just ended
            continue
        for child in found:
            yield from _family(int(child))


def _memory(pids: Sequence[int]) -> tuple[int, int]:
    totals = {"Rss:": 0, "Pss:": 0}
    for pid in pids:
        try:
            rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:  # the process has just ended
            continue
        for name, *value in (row.split() for row in rows):
            if name in totals:
                totals[name] += int(value[0]) * 1024
    return totals["Rss:"], totals["Pss:"]
