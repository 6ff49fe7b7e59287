"""What a live call costs: processor time on a headset, and memory over an hour of talk on sound files."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from _live import BASELINE, PATIENCE_S, practice
from _table import Row
from _turn_sounds import Clip, spoken

from voicesim.files import write_flac
from voicesim.model import RATE_HZ, Span
from voicesim.store.places import part_path

#: The usual mix of a call: this long a reply for each line of the caller, about 45 % of the time.
REPLY_S = 4.5
_TURNS = 20
_TALK_S, _LOOK_S = 3600, 300
#: In the beginning models are loaded and lines are read.
_WARM_S = 300
ENDLESS = Path(__file__).with_name("_endless_call.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spent:
    """Processor seconds of a process, all threads together, at a time."""

    at_s: float
    processor_s: float


def _spent(pid: int) -> _Spent:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    ticks = int(fields[11]) + int(fields[12])
    return _Spent(at_s=time.monotonic(), processor_s=ticks / os.sysconf("SC_CLK_TCK"))


def load(part: str, quick: int | None, folder: Path) -> Iterator[str]:
    """Share of one core that a call takes, turn by turn and as a whole."""
    replies = _long_replies(part)[: quick or _TURNS]
    waiting, spent = list(replies), []
    with practice(folder / "load") as call:
        for event in call.follow():
            if event.what == "line":
                spent.append(_spent(call.process.pid))
            if event.what == "sounded":
                if not waiting:
                    break
                call.speak(waiting.pop(0))
        spent.append(_spent(call.process.pid))
    shares = [
        100 * (after.processor_s - before.processor_s) / (after.at_s - before.at_s) for before, after in pairwise(spent)
    ]
    wall_s = spent[-1].at_s - spent[0].at_s
    whole = 100 * (spent[-1].processor_s - spent[0].processor_s) / wall_s
    caller_s = sum(event.values["span"]["end_s"] - event.values["span"]["start_s"] for event in call.of("sounded"))
    trainee_s = sum(clip.voiced.length for _, clip in call.spoken) / RATE_HZ
    yield str(Row(name="share of one core in the whole call", values=[whole], unit="%", below=60))
    yield str(Row(name="  turn by turn", values=shares, unit="%"))
    mix = f"the caller talks {caller_s / wall_s:.0%} of {wall_s:.0f} s, the trainee {trainee_s / wall_s:.0%}"
    yield f"  {mix}; partial texts included"


def _long_replies(part: str) -> list[Clip]:
    """Fluent replies one after the other by the same voice, until they are long enough."""
    made: list[Clip] = []
    under_way: dict[str, Clip] = {}
    for clip in spoken(part, "fluent", every_persona=False):
        before = under_way.pop(clip.speaker, None)
        both = clip if before is None else _joined(before, clip)
        if both.voiced.length < REPLY_S * RATE_HZ:
            under_way[clip.speaker] = both
        else:
            made.append(both)
    return (made * (1 + _TURNS // len(made)))[:_TURNS]


def _joined(first: Clip, second: Clip) -> Clip:
    """One reply of two, with the pause of a person between them."""
    head = first.samples[: first.voiced.end + RATE_HZ // 4]
    tail = second.samples[second.voiced.start :]
    voiced = Span(start=first.voiced.start, end=len(head) + second.voiced.length)
    return replace(second, samples=np.concatenate([head, tail]), voiced=voiced)


def memory(part: str, quick: int | None, folder: Path) -> Iterator[str]:
    """Resident memory over an hour of talk, looked at every five minutes of it."""
    replies, call = folder / "replies", folder / "endless"
    replies.mkdir()
    for number, clip in enumerate(_long_replies(part)):
        write_flac(replies / f"{number:02d}.flac", clip.samples[RATE_HZ // 4 : clip.voiced.end + RATE_HZ], RATE_HZ)
    talk_s = _TALK_S // 6 if quick else _TALK_S
    command = [sys.executable, str(ENDLESS), str(replies), str(call), str(BASELINE)]
    began_s, looks = time.monotonic(), []
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            for at_s in range(0, talk_s + 1, _LOOK_S // (5 if quick else 1)):
                _until(process, call, at_s)
                looks.append((at_s, _resident_mb(process.pid)))
        finally:
            process.kill()
    warm = [(at_s, mb) for at_s, mb in looks if at_s >= (_WARM_S if not quick else _WARM_S // 3)]
    slope = float(np.polyfit(*np.array(warm).T, 1)[0]) * 3600
    faster = talk_s / (time.monotonic() - began_s)
    yield str(Row(name=f"memory over {talk_s / 60:.0f} minutes of talk", values=[mb for _, mb in warm], unit="MB"))
    yield f"  {', '.join(f'{at_s / 60:.0f} min {mb:.0f}' for at_s, mb in looks)} MB; {faster:.1f} times real time"
    yield f"  slope after the first minutes: {slope:+.1f} MB an hour"


def _until(process: subprocess.Popen[bytes], call: Path, at_s: float) -> None:
    """Wait until so much of the call is on the disk. Raises RuntimeError if the call ends or stands still."""
    sound = part_path(call, "trainee")
    last_s, last = time.monotonic(), 0
    while True:
        size = sound.stat().st_size if sound.exists() else 0
        if size and size >= 2 * RATE_HZ * at_s:
            return
        if size > last:
            last_s, last = time.monotonic(), size
        if process.poll() is not None or time.monotonic() - last_s > PATIENCE_S:
            raise RuntimeError(f"the endless call ended after {size / 2 / RATE_HZ:.0f} s")
        time.sleep(0.1)


def _resident_mb(pid: int) -> float:
    rows = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("VmRSS")) / 1024
