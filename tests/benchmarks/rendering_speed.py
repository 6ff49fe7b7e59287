"""How fast the lines of a call are made ahead, against real time, by one worker and by one for each core.

Run in the root of a checkout on an idle machine: ``python tests/benchmarks/rendering_speed.py`` (a minute or two;
``--rounds 2`` for a look). Eight lines are rendered into an empty cache as before a call; both ways take turns, so that
other work on the machine meets both. Then the same lines once more under each effect.
"""

import argparse
import statistics
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.voicebank import WORKERS, LineRequest, VoiceBank
from voicesim.effects import EFFECTS
from voicesim.model import RATE_HZ

#: What callers say, long and short.
SENTENCES = (
    "I have been waiting for an answer since the beginning of the month.",
    "Where is my money?",
    "The driver never came to my door, he just left a card and drove away.",
    "And what are you going to do about it?",
)
LINES = [LineRequest(text=t, persona=p, anger=a) for t in SENTENCES for p, a in (("woman", 0.7), ("man", 0.0))]


def speeds(voice: HibariVoice, workers: int) -> tuple[float, float]:
    """Seconds of sound made in a second: rendered, and put under effects afterwards."""
    with TemporaryDirectory() as folder:
        bank = VoiceBank(cache=Path(folder), voices={"hibari": voice}, workers=workers)
        began_s = time.perf_counter()
        bank.prepare(LINES)
        rendered_s = time.perf_counter()
        under = [replace(line, effect=name) for line in LINES for name in EFFECTS]
        bank.prepare(under)
        done_s = time.perf_counter()
        plain_s = sum(len(bank.sound(line)) for line in LINES) / RATE_HZ
        effects_s = sum(len(bank.sound(line)) for line in under) / RATE_HZ
    return plain_s / (rendered_s - began_s), effects_s / (done_s - rendered_s)


def main() -> None:
    """Print both speeds for one worker and for all cores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="how often each is measured")
    rounds = parser.parse_args().rounds
    voice = HibariVoice()
    speeds(voice, 1)  # the first round loads and warms up
    found: dict[int, list[tuple[float, float]]] = {workers: [] for workers in sorted({1, WORKERS})}
    for _ in range(rounds):
        for workers, measured in found.items():
            measured.append(speeds(voice, workers))
    print("| workers | n | rendered, x real time | under an effect, x real time |\n| --- | --- | --- | --- |")
    for workers, measured in found.items():
        cells = (f"{statistics.median(c):.1f} ({min(c):.1f}-{max(c):.1f})" for c in zip(*measured, strict=True))
        print(f"| {workers} | {rounds} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
