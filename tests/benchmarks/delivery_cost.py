"""What delivery costs: CPU seconds a second of sound, on one core, and its part without voice activity.

    python tests/benchmarks/delivery_cost.py

Replies are the LibriSpeech clips of ``VOICESIM_SPEECH`` (without it, made voices), each measured once after one that
loads the models. CPU time of the process, not the clock: other work on the machine does not count.
"""

import os
import platform
import sys
import time

import numpy as np
from _speech_data import rows, sound_of
from made_voice import made_voice

from voicesim.backends.pitch_tracker import SwiftF0
from voicesim.backends.vad import SileroVad, speech_spans
from voicesim.model import RATE_HZ, Samples, Span, Transcript
from voicesim.speech.delivery import measure_delivery

TEXT = "So eighty nine euros left your account twice on the third and I will put that right today"


def main() -> None:
    """Print n, median and 95th percentile of both costs."""
    pitch, vad = SwiftF0(), SileroVad()
    transcript = Transcript(words=(), text=TEXT, engine="typed")
    costs = []
    for samples in _replies():
        start_s = time.process_time()
        # A made voice is no speech for voice activity.
        speech = speech_spans(samples, vad) or (Span(start=RATE_HZ // 2, end=len(samples) - RATE_HZ // 2),)
        heard_s = time.process_time()
        measure_delivery(samples, speech, pitch=pitch, transcript=transcript, baseline=None)
        done_s = time.process_time()
        length_s = len(samples) / RATE_HZ
        costs.append(((done_s - heard_s) / length_s, (heard_s - start_s) / length_s))
    # The first one loads the models.
    delivery, voice_activity = np.array(costs[1:]).T
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, n = {len(delivery)}")
    for name, cost in (("delivery", delivery), ("voice activity", voice_activity)):
        print(f"{name}: {np.median(cost):.4f} s a second (median), {np.percentile(cost, 95):.4f} (p95)")


def _replies() -> list[Samples]:
    found = [sound_of(row) for row in rows("librispeech")]
    if not found:
        print("No LibriSpeech here: set VOICESIM_SPEECH. Made voices follow.", file=sys.stderr)
        rng = np.random.default_rng(1)
        quiet = np.zeros(RATE_HZ // 2, dtype=np.float32)
        voices = (made_voice(3.0 + i % 12, f0_hz=100.0 + 5 * i, wobble_st=1.0, rng=rng) for i in range(30))
        found = [np.concatenate([quiet, voice, quiet]) for voice in voices]
    return found


if __name__ == "__main__":
    main()
