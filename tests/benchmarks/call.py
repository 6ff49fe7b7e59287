"""What a call costs and how long people wait: analysis, answers, feedback, memory, installed size, help.

    python tests/benchmarks/call.py

About twelve minutes, five of them one call in real time; ``python tests/benchmarks/call.py help memory`` measures those
parts only. Sound comes from ``audio/demo`` and, if it is there, from the LibriSpeech clips of ``VOICESIM_SPEECH``;
the lines of the caller are rendered before anything is measured. Memory is read from /proc and so from Linux only.
"""

import contextlib
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from tempfile import TemporaryDirectory

from _long_call import long_call
from _processes import peak_memory, voicesim
from _speech_data import rows, sound_of
from _table import HEAD, Row, machine

from voicesim.files import read_sound, shipped
from voicesim.model import RATE_HZ, Sound
from voicesim.wiring.listening import Listener

ROOT = Path(__file__).resolve().parents[2]
SHORT = ROOT / "tests" / "data" / "short.yaml"
HELP_RUNS = 20
FAST_CALLS = 4
CLIPS = 40


def analysis() -> Iterator[Row]:
    """Processor seconds of all threads for a second of a reply: voice activity, final transcript, findings, delivery.

    A third of a second is three times faster than real time on one core.
    """
    listener = Listener.named("whisper")
    demo = [read_sound(path)[0] for path in sorted((shipped("audio") / "demo").glob("*.flac"))]
    clips = [Sound(samples=sound_of(row), rate_hz=RATE_HZ) for row in rows("librispeech")[:CLIPS]]
    listener.listen(demo[0])  # loads the models
    for name, sounds in (("demo replies", demo), ("LibriSpeech", clips)):
        if sounds:
            costs = [_processor_s(listener, sound) / sound.duration_s for sound in sounds]
            yield Row(name=f"analysis of a reply ({name})", values=costs, unit="s/s", below=1 / 3)


def _processor_s(listener: Listener, sound: Sound) -> float:
    begun = time.process_time()
    listener.listen(sound)
    return time.process_time() - begun


def call() -> Iterator[Row]:
    """Answers and feedback of five-minute calls: one in real time, more that become so for their last line."""
    with TemporaryDirectory() as place:
        held = [long_call(Path(place) / str(run), real_time=run == 0) for run in range(1 + FAST_CALLS)]
    yield Row(name="reply committed -> first sample to the device", values=held[0].answers, unit="s", below=0.05)
    yield Row(name="last speech -> first sample to the device", values=held[0].heard, unit="s")
    yield Row(name="end of call -> feedback shown", values=[one.feedback for one in held], unit="s", below=1)
    yield Row(name="end of call -> report written", values=[one.report for one in held], unit="s", below=1)
    yield Row(name="(length of those calls)", values=[one.length for one in held], unit="s")


def memory() -> Iterator[Row]:
    """The most memory of all processes of a call together, looked at ten times a second."""
    demo = str(shipped("audio") / "demo")
    with TemporaryDirectory() as place:
        folder = Path(place)
        system = folder / "short-system.yaml"
        system.write_text(SHORT.read_text(encoding="utf-8").replace("persona: woman", "persona: system_man"))
        calls = {
            "lines rendered before": ("billed-twice", "--fast", {}),
            "lines rendered now": ("billed-twice", "", {"VOICESIM_CACHE": str(folder / "cache")}),
            "the system's voice": (str(system), "", {"VOICESIM_CACHE": str(folder / "cache")}),
        }
        for name, (script, fast, variables) in calls.items():
            out = ("--out", str(folder / name), *([fast] if fast else []))
            peak = peak_memory(voicesim("practice", script, "--replies", demo, *out), variables)
            many = f"{peak.processes} process{'es' if peak.processes > 1 else ''}"
            yield Row(name=f"memory, {name} ({many}), RSS", values=[peak.rss / 1e6], unit="MB", below=800)
            yield Row(name=f"memory, {name} ({many}), PSS", values=[peak.pss / 1e6], unit="MB", below=800)


def size() -> Iterator[Row]:
    """Bytes of all files of voicesim's own distribution and all that it needs, tests and extras left out."""
    names = sorted(_needed("voicesim"))
    packages = [_size(name) for name in names if name != "voicesim"]
    own = sum(path.stat().st_size for part in ("voicesim", "scripts", "audio") for path in _files(ROOT / part))
    yield Row(
        name=f"installed size ({len(names)} distributions)", values=[(sum(packages) + own) / 1e6], unit="MB", below=1200
    )


def _needed(name: str, found: set[str] | None = None) -> set[str]:
    """A distribution and what it requires without extras, by the names of what is installed."""
    from packaging.requirements import Requirement

    found = set() if found is None else found
    own = re.sub(r"[-_.]+", "-", name).lower()
    if own in found:
        return found
    with contextlib.suppress(PackageNotFoundError):
        needs = distribution(own).requires or []
        found.add(own)
        for need in map(Requirement, needs):
            if need.marker is None or need.marker.evaluate({"extra": ""}):
                _needed(need.name, found)
    return found


def _size(name: str) -> int:
    places = (Path(str(file.locate())) for file in distribution(name).files or [])
    return sum(place.stat().st_size for place in places if place.is_file())


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def usage() -> Iterator[Row]:
    """Wall time of ``voicesim --help``, as a person waits for it."""
    spent = []
    for _ in range(HELP_RUNS + 1):
        begun = time.monotonic()
        subprocess.run(voicesim("--help"), stdout=subprocess.DEVNULL, check=True)
        spent.append(time.monotonic() - begun)
    # The first one fills the system's cache of files.
    yield Row(name="voicesim --help", values=spent[1:], unit="s", below=0.3)


PARTS = {"help": usage, "size": size, "analysis": analysis, "memory": memory, "call": call}


def main() -> None:
    """Print the table of the parts that were named, or of all."""
    print(machine())
    print(HEAD)
    for name, part in PARTS.items():
        if name in (sys.argv[1:] or PARTS):
            for row in part():
                print(row, flush=True)


if __name__ == "__main__":
    main()
