"""``voicesim doctor``: try every part that a call needs, and say what mends it where it is missing."""

import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from voicesim.cli.frame import examples, new_app, working
from voicesim.errors import MissingPart, StorageError, UsageError, VoicesimError

OLDEST_PYTHON = (3, 11)
#: Rendered lines, models and a few calls need about this much.
ENOUGH_DISK_BYTES = 500_000_000
#: Ways to take a call, and how they are called.
WAYS = {
    "headset": "voicesim practice SCRIPT",
    "files": "voicesim practice SCRIPT --replies FOLDER",
    "typed": "voicesim practice SCRIPT --text FILE",
}

app = new_app()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Something a call may need: ``use`` says what for, ``ways`` which ways of taking a call cannot do without it.

    ``probe`` says what was found and raises VoicesimError where it is missing.
    """

    id: str
    use: str
    ways: frozenset[str]
    probe: Callable[[], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What became of one part: ``found`` in words, or what is wrong and the command that mends it."""

    part: Part
    ok: bool
    found: str
    mend: str | None = None


@app.command(
    "doctor",
    epilog=examples("voicesim doctor", "voicesim doctor --json")
    + "\n\nExit code 0 if a call is possible in some way, 3 if in none.",
)
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object (schema 1) instead.")] = False,
) -> None:
    """Try each part that a call needs, say what is missing and the command that mends it."""
    with working("Trying every part"):
        findings = [examine(part) for part in parts()]
    ways = possible(findings)
    if as_json:
        typer.echo(json.dumps(to_json(findings, ways)))
    else:
        _show(findings, ways)
    if not any(ways.values()):
        raise typer.Exit(MissingPart.exit_code)


def examine(part: Part) -> Finding:
    """Whether a part works; never raises for one that does not."""
    try:
        return Finding(part=part, ok=True, found=part.probe())
    except VoicesimError as error:
        return Finding(part=part, ok=False, found=error.what, mend=error.mend)


def possible(findings: list[Finding]) -> dict[str, bool]:
    """Way of taking a call -> whether every part that it needs works."""
    return {way: all(f.ok for f in findings if way in f.part.ways) for way in WAYS}


def to_json(findings: list[Finding], ways: dict[str, bool]) -> dict[str, object]:
    """What ``--json`` prints (schema 1): ``ways`` and, for each part, id, ok, found, for, mend and the ways."""
    rows = [
        {"id": f.part.id, "ok": f.ok, "found": f.found, "for": f.part.use, "mend": f.mend, "ways": sorted(f.part.ways)}
        for f in findings
    ]
    return {"schema": 1, "ways": ways, "parts": rows}


def parts() -> list[Part]:
    """Every part, in the order in which a call meets them."""
    headset, spoken, every = frozenset({"headset"}), frozenset({"headset", "files"}), frozenset(WAYS)
    table: list[tuple[str, str, frozenset[str], Callable[[], str]]] = [
        ("Python", "everything", every, _python),
        ("data folder", "own scripts, takes, installed models", frozenset(), _data_folder),
        ("cache folder", "rendered lines", spoken, _cache_folder),
        ("disk", "calls, models, rendered lines", frozenset(), _disk),
        ("scripts", "the callers that ship with voicesim", every, _scripts),
        ("recognizer", "hearing replies", spoken, _recognizer),
        ("recognition models", "choosing a recognizer", frozenset(), _models),
        ("voice activity", "telling speech from silence", spoken, _voice_activity),
        ("pitch tracker", "measuring delivery", spoken, _pitch),
        ("caller's voice", "speaking the caller's lines", spoken, _hibari),
        ("system voice", "a second voice, other languages", frozenset(), _system_voice),
        ("PortAudio", "reaching the headset", headset, _portaudio),
        ("microphone", "hearing you", headset, _microphone),
        ("headphones", "letting you hear the caller", headset, _headphones),
    ]
    return [Part(id=name, use=use, ways=ways, probe=probe) for name, use, ways, probe in table]


def _python() -> str:
    if sys.version_info < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        raise MissingPart(f"Python {platform.python_version()} is too old", mend=f"Install Python {wanted} or newer.")
    return f"{platform.python_version()} on {platform.system()} {platform.machine()}"


def _data_folder() -> str:
    from voicesim.files import data_folder

    return _writable(data_folder(), "VOICESIM_DATA")


def _cache_folder() -> str:
    from voicesim.files import cache_folder

    return _writable(cache_folder(), "VOICESIM_CACHE")


def _writable(folder: Path, variable: str) -> str:
    """The folder, or StorageError if nothing could be written in it; a folder that is not there yet is not made."""
    there = _existing(folder)
    try:
        tempfile.TemporaryFile(dir=there).close()
    except OSError as error:
        mend = f"Make it writable, or name another one: {variable}=FOLDER"
        raise StorageError(f"{there} cannot be written ({os.strerror(error.errno or 0)})", mend=mend) from error
    return str(folder)


def _existing(folder: Path) -> Path:
    """What is at that place or, if nothing is, the nearest folder above it."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def _disk() -> str:
    from voicesim.files import data_folder

    free = shutil.disk_usage(_existing(data_folder())).free
    if free < ENOUGH_DISK_BYTES:
        mend = f"Free {ENOUGH_DISK_BYTES / 1e9:.1f} GB, or put the data elsewhere: VOICESIM_DATA=FOLDER"
        raise StorageError(f"only {free / 1e9:.1f} GB are free", mend=mend)
    return f"{free / 1e9:.0f} GB free"


def _scripts() -> str:
    from voicesim.files import shipped

    names = sorted(path.stem for path in shipped("scripts").glob("*.yaml"))
    if not names:
        raise MissingPart("no shipped script was found", mend="Run: pip install --force-reinstall voicesim")
    return ", ".join(names)


def _recognizer() -> str:
    from voicesim.backends.models import choose_recognizer
    from voicesim.model import RATE_HZ

    recognizer = choose_recognizer("auto")
    recognizer.start(RATE_HZ)  # loads the model
    return recognizer.capabilities.engine


def _models() -> str:
    from voicesim.backends.models import available
    from voicesim.cli.models import in_words

    return "\n".join(in_words(model) for model in available())


def _voice_activity() -> str:
    import numpy as np

    from voicesim.backends.vad import WINDOW, SileroVad

    SileroVad().probability(np.zeros(WINDOW, dtype=np.float32))
    return "Silero"


def _pitch() -> str:
    import numpy as np

    from voicesim.backends.pitch_tracker import SwiftF0
    from voicesim.model import RATE_HZ

    SwiftF0().track(np.zeros(RATE_HZ, dtype=np.float32))
    return "SwiftF0"


def _hibari() -> str:
    from voicesim.backends.hibari_voice import HibariVoice
    from voicesim.backends.personas import PERSONAS
    from voicesim.ports import VoiceStyle

    voice = HibariVoice()
    voice.render("Hello.", VoiceStyle(persona=next(iter(PERSONAS))))
    return f"{voice.name}; {len(PERSONAS)} personas"


def _system_voice() -> str:
    from voicesim.backends.personas import PERSONAS
    from voicesim.backends.system_voice import SystemVoice
    from voicesim.ports import VoiceStyle

    voice = SystemVoice()
    voice.render("Hello.", VoiceStyle(persona=next(iter(PERSONAS))))
    return voice.name


def _portaudio() -> str:
    from voicesim.backends.headset import portaudio_version

    return portaudio_version()


def _microphone() -> str:
    return _devices("inputs", "default_input", "microphone")


def _headphones() -> str:
    return _devices("outputs", "default_output", "headphones")


def _devices(channels: str, default: str, name: str) -> str:
    """The devices that can do it, the default one first."""
    from voicesim.backends.headset import list_devices

    able = [device for device in list_devices() if getattr(device, channels) > 0]
    if not able:
        raise UsageError(f"no {name} found", mend="Plug in a headset, or use --replies FOLDER or --text FILE.")
    able.sort(key=lambda device: not getattr(device, default))
    return "; ".join(f"{d.name}{' (default)' if getattr(d, default) else ''}" for d in able)


def _show(findings: list[Finding], ways: dict[str, bool]) -> None:
    """Print the table and, below it, what to do next."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=False)
    for name in ("sign", "part", "found"):
        table.add_column(name, no_wrap=name != "found", overflow="fold")
    mends: set[str] = set()
    for f in findings:
        sign = Text("ok", "green") if f.ok else Text("missing", "red" if f.part.ways else "yellow")
        found = Text(f.found if f.ok else f"{f.found} (needed for {f.part.use})")
        table.add_row(sign, f.part.id, found)
        if f.mend and f.mend not in mends:
            mends.add(f.mend)
            table.add_row("", "", Text(f.mend, "bold"))
    console = Console(highlight=False)
    console.print(table)
    console.print()
    for way, works in ways.items():
        console.print(Text(f"{'You can run' if works else 'Not yet'}: {WAYS[way]}", "" if works else "dim"))
