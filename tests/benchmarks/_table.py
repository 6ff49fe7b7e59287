"""Rows of a table: figures with their goals, shares with their intervals, and the machine they were measured on."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What was measured: ``values`` in ``unit``, and the goal that each should stay below (None: told, not judged)."""

    name: str
    values: Sequence[float]
    unit: str
    below: float | None = None

    def __str__(self) -> str:
        """One line of the table."""
        middle, high = float(np.median(self.values)), float(np.percentile(self.values, 95))
        text = f"{self.name:44} {len(self.values):4} {middle:9.3f} {high:9.3f} {max(self.values):9.3f}  {self.unit:4}"
        if self.below is None:
            return text
        met = "met" if high < self.below else "p95 missed" if middle < self.below else "missed"
        return f"{text}  < {self.below:.4g}  {met}"


HEAD = f"{'measured':44} {'n':>4} {'median':>9} {'p95':>9} {'worst':>9}  unit  goal"


def share(name: str, count: int, of: int) -> str:
    """A line with a share and its 95 % interval (Wilson)."""
    if not of:
        return f"{name:52} none"
    z, rate = 1.96, count / of
    middle = (rate + z**2 / (2 * of)) / (1 + z**2 / of)
    half = z * np.sqrt(rate * (1 - rate) / of + z**2 / (4 * of**2)) / (1 + z**2 / of)
    return f"{name:52} {count:4} of {of:4} = {rate:6.1%}  ({max(0, middle - half):.1%} to {min(1, middle + half):.1%})"


def machine() -> str:
    """Processor, cores, memory, system and Python, and how busy the machine is."""
    model = platform.processor() or platform.machine()
    for line in _lines("/proc/cpuinfo"):
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
    memory = next((int(line.split()[1]) / 1e6 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0.0)
    busy = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    system = f"{platform.system()}, Python {platform.python_version()}"
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GB, {system}{busy}"


def _lines(path: str) -> list[str]:
    place = Path(path)
    return place.read_text(encoding="utf-8").splitlines() if place.is_file() else []
