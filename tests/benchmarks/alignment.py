"""How well one long recording is split into takes: ``python tests/benchmarks/alignment.py``.

Recordings are made: lines of shipped scripts, spoken by personas, in a shuffled order with pauses of 0.5 to 2 s, lines
said twice, lines begun and broken off, coughs and chatter between. All lines of the part's scripts are looked for, not
only those that were spoken. A line is placed if the start and the end of its last good take are both at most 0.2 s off.
``--part dev`` measures the part on which the figures were chosen. The interval is Wilson's, at 95 %.
"""

import argparse
import sys
import time
from dataclasses import dataclass
from math import sqrt

import numpy as np
from _studio_sounds import Session, lines_of, sessions
from _table import machine

from voicesim.backends.models import choose_recognizer
from voicesim.backends.vad import SileroVad, speech_spans
from voicesim.model import RATE_HZ, Line, Samples, Span, Transcript
from voicesim.studio.align import Placed, placed_takes

WITHIN_S = 0.2
GOAL = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one session: how far off each spoken line is (None: not found), and what was found wrongly."""

    off_s: tuple[float | None, ...]
    invented: int
    chatter: int
    chatter_told: int
    took_s: float
    sound_s: float


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    if not of:
        return 0.0, 1.0
    z, share = 1.96, hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return middle - half, middle + half


def measure(session: Session, every: list[Line], vad: SileroVad) -> Outcome:
    """Split one session."""
    recognizer = choose_recognizer("auto", "en")

    def transcribe(samples: Samples) -> Transcript:
        hearing = recognizer.start(RATE_HZ)
        hearing.feed(samples)
        return hearing.finish()

    began = time.process_time()
    placed = placed_takes(session.samples, every, transcribe, speech_spans(session.samples, vad))
    took_s = time.process_time() - began
    found = {line.id: span for (line, _), span in zip(placed.takes, placed.spoken, strict=True)}
    off_s = tuple(_off_s(found.get(line_id), truth) for line_id, truth in session.spoken.items())
    report(session, placed, off_s)
    return Outcome(
        off_s=off_s,
        invented=len(found.keys() - session.spoken.keys()),
        chatter=len(session.chatter),
        chatter_told=sum(_told(span, placed) for span in session.chatter),
        took_s=took_s,
        sound_s=len(session.samples) / RATE_HZ,
    )


def _off_s(found: Span | None, truth: Span) -> float | None:
    return None if found is None else max(abs(found.start - truth.start), abs(found.end - truth.end)) / RATE_HZ


def _told(span: Span, placed: Placed) -> bool:
    """Whether half of a stretch of chatter was told as speech without a line."""
    return 2 * sum(span.overlap(other) for other in placed.unplaced_spans) >= span.length


def report(session: Session, placed: Placed, off_s: tuple[float | None, ...]) -> None:
    """One line a session, and one a line that is not placed."""
    good = sum(off is not None and off <= WITHIN_S for off in off_s)
    print(f"{session.name:32} {len(session.samples) / RATE_HZ:6.0f} s  {good} of {len(off_s)} placed")
    texts = {line.id: line.text for line in session.lines}
    for (line_id, truth), off in zip(session.spoken.items(), off_s, strict=True):
        if off is None or off > WITHIN_S:
            told = "not found" if off is None else f"{off:.2f} s off"
            print(f"    at {truth.start_s:.1f}-{truth.end_s:.1f} s: {told}: {texts[line_id]}")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=("dev", "test"), default="test")
    parser.add_argument("--sessions", type=int, default=3)
    parser.add_argument("--lines", type=int, default=24, help="lines in each session")
    options = parser.parse_args()
    every, vad = lines_of(options.part), SileroVad()
    outcomes = [measure(session, every, vad) for session in sessions(options.part, options.sessions, options.lines)]
    off_s = [off for outcome in outcomes for off in outcome.off_s]
    found_s = [off for off in off_s if off is not None]
    good = sum(off <= WITHIN_S for off in found_s)
    low, high = wilson(good, len(off_s))
    chatter, told = (sum(getattr(outcome, name) for outcome in outcomes) for name in ("chatter", "chatter_told"))
    took_s, sound_s = (sum(getattr(outcome, name) for outcome in outcomes) for name in ("took_s", "sound_s"))
    print(
        f"\n{machine()}\n{options.part}: {len(every)} lines looked for, {len(off_s)} spoken in {sound_s:.0f} s of sound"
    )
    print(f"placed within {WITHIN_S} s: {good / len(off_s):.1%} [{low:.1%}, {high:.1%}], goal {GOAL:.0%}")
    print(f"not found: {off_s.count(None)}; lines found that nobody said: {sum(o.invented for o in outcomes)}")
    print(f"off by: median {np.median(found_s):.3f} s, 95 % within {np.percentile(found_s, 95):.3f} s")
    print(f"slips and chatter told as no line: {told} of {chatter}")
    print(f"processor time: {took_s / sound_s:.2f} s a second of sound")
    return 0 if good >= GOAL * len(off_s) else 1


if __name__ == "__main__":
    sys.exit(main())
