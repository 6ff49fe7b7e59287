"""What pitch trackers cost and how often they are wrong, on speech whose pitch is known.

    python tests/benchmarks/pitch.py

Truth is made: WORLD takes LibriSpeech clips apart (``VOICESIM_SPEECH``; without it, lines of the neural voice) and puts
them together again with a pitch contour that is then known to the frame, at the pitch of the speaker and moved to those
of a deep man and of a shouting woman, clean and with noise 10 dB below. Beside it stand harmonics of a known pitch that
glides, without any voice. A gross error is a frame, voiced in truth and by the tracker, more than 20 % off; recall is
the share of frames voiced in truth that the tracker calls voiced. Processor time of one process with one thread.
"""

import os

# Before numpy: the libraries read it when they are loaded.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import platform
import sys
import time
import warnings
from collections.abc import Callable, Iterator

import numpy as np
from _speech_data import rows, sound_of
from made_voice import made_voice
from numpy.typing import NDArray

from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.pitch_tracker import SwiftF0
from voicesim.model import RATE_HZ, Samples
from voicesim.ports import VoiceStyle
from voicesim.sound import level_dbfs, resample

Floats = NDArray[np.float64]
#: f0 in Hz every 10 ms, 0 where nothing is voiced.
Tracker = Callable[[Samples], Floats]

LOWEST_HZ, HIGHEST_HZ = 65.0, 600.0
GROSS = 0.2
SNR_DB = 10.0
CLIPS = 5
#: Median pitch that the contours are moved to, in Hz; None leaves them.
MEDIANS_HZ = (None, 95.0, 330.0)


def swift() -> Tracker:
    """The tracker that is shipped."""
    tracker = SwiftF0()
    return lambda samples: tracker.track(samples)[0].astype(np.float64)


def pyin() -> Tracker:
    """librosa.pyin with windows of 32 ms (its default of 128 ms blurs speech)."""
    import librosa

    def track(samples: Samples) -> Floats:
        f0_hz, voiced, _ = librosa.pyin(
            samples, fmin=LOWEST_HZ, fmax=HIGHEST_HZ, sr=RATE_HZ, frame_length=512, hop_length=160
        )
        return np.where(voiced, np.nan_to_num(f0_hz), 0.0)

    return track


def yin() -> Tracker:
    """librosa.yin with windows of 32 ms, voiced where the frame is within 25 dB of the loudest."""
    import librosa

    def track(samples: Samples) -> Floats:
        f0_hz = librosa.yin(samples, fmin=LOWEST_HZ, fmax=HIGHEST_HZ, sr=RATE_HZ, frame_length=512, hop_length=160)
        energy = librosa.feature.rms(y=samples, frame_length=512, hop_length=160)[0]
        return np.where(energy > np.percentile(energy, 95) * 10 ** (-25 / 20), f0_hz, 0.0)

    return track


def dio() -> Tracker:
    """WORLD's dio, made finer by stonemask."""
    import pyworld

    def track(samples: Samples) -> Floats:
        sound = samples.astype(np.float64)
        rough, at_s = pyworld.dio(sound, RATE_HZ, f0_floor=LOWEST_HZ, f0_ceil=HIGHEST_HZ, frame_period=10.0)
        return np.asarray(pyworld.stonemask(sound, rough, at_s, RATE_HZ))

    return track


TRACKERS = {
    "swift-f0": swift,
    "librosa.pyin, frame_length=512": pyin,
    "librosa.yin 512, energy gate": yin,
    "WORLD dio + stonemask": dio,
}


def voices() -> list[Samples]:
    """Speech whose contours are borrowed."""
    found = [sound_of(row) for row in rows("librispeech")[:: 50 // CLIPS]]
    if not found:
        print("No LibriSpeech here: set VOICESIM_SPEECH. Lines of the neural voice follow.", file=sys.stderr)
        texts = [f"Your reference is {number} and the parcel will arrive on Wednesday." for number in range(10, 20)]
        sounds = [HibariVoice().render(text, VoiceStyle(persona="woman")) for text in texts]
        found = [resample(sound.samples, sound.rate_hz, RATE_HZ) for sound in sounds]
    return found


def spoken_again(samples: Samples, median_hz: float | None) -> tuple[Samples, Floats]:
    """The speech with a contour that is known, and that contour (Hz every 10 ms, 0 where unvoiced)."""
    import pyworld

    sound = samples.astype(np.float64)
    f0_hz, at_s = pyworld.harvest(sound, RATE_HZ, f0_floor=LOWEST_HZ, f0_ceil=HIGHEST_HZ, frame_period=5.0)
    envelope = pyworld.cheaptrick(sound, f0_hz, at_s, RATE_HZ)
    noise = pyworld.d4c(sound, f0_hz, at_s, RATE_HZ)
    # What harvest calls voiced at random in silence is not a truth to be judged by.
    power = np.array([np.mean(sound[max(0, i - 80) : i + 80] ** 2) for i in (at_s * RATE_HZ).astype(int)])
    f0_hz = np.where(power > np.percentile(power, 95) * 1e-3, f0_hz, 0.0)
    if median_hz:
        f0_hz = np.clip(f0_hz * median_hz / np.median(f0_hz[f0_hz > 0]), 0.0, HIGHEST_HZ * 0.95)
    made = pyworld.synthesize(f0_hz, envelope, noise, RATE_HZ, 5.0)
    return made.astype(np.float32), f0_hz[::2]


def glides() -> Iterator[tuple[Samples, Floats]]:
    """Harmonics of a known pitch, 2 s each, that glide by 6 semitones, and their contours."""
    rng = np.random.default_rng(3)
    for f0_hz in (80.0, 110.0, 150.0, 210.0, 290.0, 400.0):
        samples = made_voice(2.0, f0_hz=f0_hz, glide_st=6.0, rng=rng)
        at_s = np.arange(1 + len(samples) // 160) / 100
        yield samples, f0_hz * 2 ** (6.0 * (at_s / 2.0 - 0.5) / 12)


def noisy(samples: Samples, seed: int) -> Samples:
    """The same with white noise 10 dB below it."""
    noise = np.random.default_rng(seed).standard_normal(len(samples))
    return (samples + noise * 10 ** ((level_dbfs(samples) - SNR_DB) / 20)).astype(np.float32)


def judged(told_hz: Floats, true_hz: Floats) -> tuple[int, int, int, int, int]:
    """Frames: voiced in truth, of these voiced as told, of these gross errors; not voiced, of these told voiced."""
    length = min(len(told_hz), len(true_hz))
    told_hz, true_hz = told_hz[:length], true_hz[:length]
    voiced, told = true_hz > 0, told_hz > 0
    both = voiced & told
    gross = np.abs(told_hz[both] / true_hz[both] - 1) > GROSS
    return int(voiced.sum()), int(both.sum()), int(gross.sum()), int((~voiced).sum()), int((told & ~voiced).sum())


def line(name: str, tracker: Tracker, sets: dict[str, list[tuple[Samples, Floats]]]) -> str:
    """One row of the table: cost, then gross errors, recall and false voicing of each set."""
    tracker(sets["speech"][0][0])
    cells, cost_s, length_s = [], 0.0, 0.0
    for sounds in sets.values():
        counts = np.zeros(5, dtype=int)
        for samples, truth in sounds:
            start_s = time.process_time()
            told = tracker(samples)
            cost_s += time.process_time() - start_s
            length_s += len(samples) / RATE_HZ
            counts += judged(told, truth)
        voiced, both, gross, silent, false = counts
        cells += [f"{gross / both:.1%}", f"{both / voiced:.0%}", f"{false / silent:.0%}" if silent else "-"]
    return f"| {name} | {cost_s / length_s:.4f} | {' | '.join(cells)} |"


def main() -> None:
    """Print the table."""
    warnings.simplefilter("ignore")
    speech = [spoken_again(samples, median_hz) for samples in voices() for median_hz in MEDIANS_HZ]
    sets = {
        "speech": speech,
        "speech, noise 10 dB below": [(noisy(samples, seed), truth) for seed, (samples, truth) in enumerate(speech)],
        "glides": list(glides()),
    }
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for name, sounds in sets.items():
        frames = sum(int((truth > 0).sum()) for _, truth in sounds)
        print(f"- {name}: {len(sounds)} sounds, {frames} voiced frames")
    heads = [f"{name}: {what}" for name in sets for what in ("gross errors", "recall", "false voice")]
    print(f"| tracker | s a second | {' | '.join(heads)} |")
    print("|---" * (2 + len(heads)) + "|")
    for name, make in TRACKERS.items():
        print(line(name, make(), sets), flush=True)


if __name__ == "__main__":
    main()
