"""Whether a call on a headset loses, doubles or shifts a single sample, alone and beside two busy processes.

    python tests/benchmarks/duplex.py [alone] [busy] [--minutes N]

Ten minutes each in real time, on a virtual headset of its own (``tests/headset.sh``). Every sample written for the ears
carries a number, a listener at the ears keeps them, and the microphone hears the ears: so both directions are read
off sample by sample, and so is the distance between the two channels of the call.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from _table import HEAD, Row, machine
from numpy.typing import NDArray

from voicesim.backends.headset import Headset, HeadsetCounts
from voicesim.files import read_pcm
from voicesim.model import FRAME, RATE_HZ, Samples

HEADSET = Path(__file__).resolve().parents[1] / "headset.sh"
#: Numbers go from 1 to this and begin again; as sound they fill 16 bits without the middle of the range, silence.
NUMBERS = 60_000
#: The two channels of a call may be this far apart.
APART_S = 0.02
MINUTE = 60 * RATE_HZ
#: What the devices need to come into their stride is not judged.
BEGINNING = 2 * RATE_HZ
BUSY = 2

Numbers = NDArray[np.int64]


def marked(start: int) -> Samples:
    """20 ms of numbered sound: float32[320]."""
    number = (start + np.arange(FRAME)) % NUMBERS
    level = np.where(number < NUMBERS // 2, number - NUMBERS // 2 - 2_000, number - NUMBERS // 2 + 2_001)
    return (level / 32_768).astype(np.float32)


def numbers(sound: Samples) -> Numbers:
    """The number of each sample, -1 for silence."""
    level = np.rint(sound * 32_768).astype(np.int64)
    number = np.where(level < 0, level + NUMBERS // 2 + 2_000, level + NUMBERS // 2 - 2_001)
    return np.where(np.abs(level) > 1_000, number, -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slips:
    """Per minute: places where the numbers do not go on by one, and samples that are missing there."""

    places: list[float]
    missing: list[float]


def slips(heard: Numbers) -> Slips:
    """What is wrong with a run of numbers between its first and its last sound."""
    sounding = np.flatnonzero(heard >= 0)
    heard = heard[sounding[0] + BEGINNING : sounding[-1] + 1]
    places, missing = [], []
    for start in range(0, len(heard), MINUTE):
        part = heard[start : start + MINUTE + 1]
        steps = np.diff(part[part >= 0]) % NUMBERS
        silences = np.diff((part < 0).astype(int)) > 0
        jumps = steps != 1
        places.append(float(max(jumps.sum(), silences.sum())))
        # A step back is a doubling, not the loss of nearly all numbers.
        missing.append(float((steps[jumps] - 1)[steps[jumps] < NUMBERS // 2].clip(0).sum()))
    return Slips(places=places, missing=missing)


def apart_s(microphone: Numbers, ears: Numbers) -> NDArray[np.float64]:
    """How far the same sound lies apart in the two channels, in seconds, at each of its samples."""
    both = (microphone >= 0) & (ears >= 0)
    away = (ears[both] - microphone[both] + NUMBERS // 2) % NUMBERS - NUMBERS // 2
    return np.abs(away[BEGINNING:]) / RATE_HZ


@contextlib.contextmanager
def virtual_headset() -> Iterator[None]:
    """A headset of which the microphone hears the ears, as this process's only sound device."""
    with TemporaryDirectory(prefix="headset-") as folder:
        begin = {**os.environ, "HEADSET_RATE": str(RATE_HZ)}
        subprocess.run(["bash", HEADSET, "start", folder], check=True, env=begin)
        variables = dict(line.split("=", 1) for line in (Path(folder) / "env").read_text().splitlines())
        os.environ.update(variables | {"PULSE_SOURCE": "caller_out.monitor"})
        try:
            yield
        finally:
            subprocess.run(["bash", HEADSET, "stop", folder], check=False)


@contextlib.contextmanager
def beside(*commands: list[str]) -> Iterator[None]:
    """While these programs run."""
    programs = [subprocess.Popen(command, stderr=subprocess.DEVNULL) for command in commands]
    try:
        yield
    finally:
        for program in programs:
            program.terminate()
            program.wait()


def call(minutes: float) -> tuple[Samples, Samples, HeadsetCounts]:
    """Both channels of a call that plays numbers, and what went through the headset."""
    headset, heard, at = Headset(), [], 0
    duplex = headset.open()
    end_s = time.monotonic() + minutes * 60
    try:
        while time.monotonic() < end_s:
            frames = duplex.read()
            assert frames is not None
            heard.append(frames)
            duplex.write(marked(at))
            at += FRAME
    finally:
        duplex.close()
    microphone, ears = (np.concatenate(channel) for channel in zip(*heard, strict=True))
    counts = headset.counts
    assert counts is not None
    return microphone, ears, counts


def measure(how: str, minutes: float) -> Iterator[Row]:
    """The rows of one call, ``alone`` or ``busy``."""
    with virtual_headset(), TemporaryDirectory() as folder:
        at_the_ears = Path(folder) / "ears.pcm"
        form = ["--raw", "--format=s16le", "--channels=1", f"--rate={RATE_HZ}", str(at_the_ears)]
        listener = ["parec", "--device=caller_out.monitor", *form]
        busy = [[sys.executable, "-c", "while True: pass"]] * (BUSY if how == "busy" else 0)
        with beside(listener, *busy):
            microphone, ears, counts = call(minutes)
        played = numbers(read_pcm(at_the_ears))
    for name, channel in (("to the ears", played), ("there and back", numbers(microphone))):
        found = slips(channel)
        yield Row(name=f"{how}: slips a minute, {name}", values=found.places, unit="", below=0.5)
        yield Row(name=f"{how}: samples missing a minute, {name}", values=found.missing, unit="", below=0.5)
    distances = apart_s(numbers(microphone), numbers(ears))
    if not len(distances):
        raise RuntimeError("the microphone did not hear the ears")
    tens = [float(part.max()) for part in np.array_split(distances, max(1, len(distances) // (10 * RATE_HZ)))]
    yield Row(name=f"{how}: channels apart, worst of each 10 s", values=tens, unit="s", below=APART_S)
    yield Row(name=f"{how}: channels apart in the last second", values=[tens[-1]], unit="s", below=APART_S)
    for part in ("starved", "dropped", "missing", "overflows", "corrected"):
        yield Row(name=f"{how}: counted by the headset: {part}", values=[float(getattr(counts, part))], unit="")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("how", nargs="*", choices=["alone", "busy", []], help="which calls (both)")
    parser.add_argument("--minutes", type=float, default=10.0, help="how long each lasts (10)")
    given = parser.parse_args()
    print(machine(), HEAD, sep="\n", flush=True)
    for how in given.how or ("alone", "busy"):
        for row in measure(how, given.minutes):
            print(row, flush=True)


if __name__ == "__main__":
    main()
