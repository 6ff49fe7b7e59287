"""How surely a leak of the caller into the microphone is told from two people talking at the same time.

    python tests/benchmarks/leak.py

A reply is speech of LibriSpeech or EmoDB (``VOICESIM_SPEECH``; without it, lines of the neural voice), the caller is
another speaker at the same time. The caller comes into the microphone through a small loudspeaker and a room (an echo
that dies away, seeded), so many dB under the reply, or alone; "none" is no leak at all. Told: the share in which
delivery would abstain, and how far tension moves where it would not. The line was drawn on every other speaker; the
rest judge it.
"""

import sys
from collections.abc import Iterator, Sequence
from itertools import permutations

import numpy as np
from _speech_data import rows, sound_of

from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.pitch_tracker import SwiftF0
from voicesim.backends.vad import SileroVad, speech_spans
from voicesim.model import RATE_HZ, Samples
from voicesim.ports import VoiceStyle
from voicesim.sound import level_dbfs, resample
from voicesim.speech import tension
from voicesim.speech.leak import find_leak
from voicesim.speech.tension_fit import CALIBRATED

#: Level of the leak against the reply in dB; None: no leak; inf: nothing but the leak.
LEVELS_DB = (None, -20.0, -10.0, -5.0, 0.0, float("inf"))
LONGEST_S = 6.0
CLIPS_A_PAIR = 1


def through_room(samples: Samples, seed: int) -> Samples:
    """The sound as a small loudspeaker and a room make it: 300-6000 Hz, 20 to 150 ms late, an echo of 0.1 to 0.4 s."""
    rng = np.random.default_rng(seed)
    delay, decay_s = int(rng.uniform(0.02, 0.15) * RATE_HZ), rng.uniform(0.1, 0.4)
    tail = rng.standard_normal(int(decay_s * RATE_HZ)) * 10 ** (
        -3 * np.arange(int(decay_s * RATE_HZ)) / decay_s / RATE_HZ
    )
    response = np.concatenate([np.zeros(delay), [1.0], 0.05 * tail])
    size = 1 << (len(samples) + len(response)).bit_length()
    spectrum = np.fft.rfft(samples, size) * np.fft.rfft(response, size)
    frequency_hz = np.fft.rfftfreq(size, 1 / RATE_HZ)
    spectrum[(frequency_hz < 300) | (frequency_hz > 6000)] = 0.0
    return np.fft.irfft(spectrum, size)[: len(samples)].astype(np.float32)


def speakers() -> dict[str, list[Samples]]:
    """Clips of 4 to 6 s of each speaker of LibriSpeech and EmoDB (there two clips joined)."""
    found: dict[str, list[Samples]] = {}
    for row in rows("librispeech"):
        found.setdefault(row["speaker"], []).append(sound_of(row)[: int(LONGEST_S * RATE_HZ)])
    halves: dict[str, list[Samples]] = {}
    for row in rows("emodb"):
        if row["emotion"] in ("neutral", "angry"):
            halves.setdefault(row["speaker"], []).append(sound_of(row))
    for speaker, clips in halves.items():
        found[speaker] = [np.concatenate(two) for two in zip(clips[::2], clips[1::2], strict=False)]
    if not found:
        print("No speech here: set VOICESIM_SPEECH. Lines of the neural voice follow.", file=sys.stderr)
        voice = HibariVoice()
        for persona in ("woman", "man", "young_man", "older_woman"):
            for number in range(4):
                sound = voice.render(f"Take {number}: the parcel comes on Wednesday.", VoiceStyle(persona=persona))
                found.setdefault(persona, []).append(resample(sound.samples, sound.rate_hz, RATE_HZ))
    return found


def pairs(names: Sequence[str], clips: dict[str, list[Samples]]) -> Iterator[tuple[Samples, Samples]]:
    """Replies, each with what another speaker says at the same time."""
    for reply, caller in permutations(names, 2):
        for number in range(CLIPS_A_PAIR):
            own, other = clips[reply][number], clips[caller][-1 - number]
            length = min(len(own), len(other))
            yield own[:length], other[:length]


def main() -> None:
    """Print both halves."""
    clips, vad, pitch = speakers(), SileroVad(), SwiftF0()
    names = sorted(clips)
    for title, half in (("chosen on", names[::2]), ("judged on", names[1::2])):
        found = list(pairs(half, clips))
        clean = [tension.measure_voice(reply, speech_spans(reply, vad), pitch) for reply, _ in found]
        print(f"\n{title} {len(half)} speakers, {len(found)} pairs\n")
        print(
            "| leak against the reply | n | abstaining | correlation (5 to 95 %) | tension moved where told, points |"
        )
        print("|---" * 5 + "|")
        for level_db in LEVELS_DB:
            print(_line(level_db, found, clean, vad, pitch), flush=True)


def _line(
    level_db: float | None,
    found: Sequence[tuple[Samples, Samples]],
    clean: Sequence[tension.VoiceMeasures | None],
    vad: SileroVad,
    pitch: SwiftF0,
) -> str:
    correlations, told, shifts = [], [], []
    for seed, (reply, caller) in enumerate(found):
        heard = _heard(reply, caller, level_db, seed)
        speech = speech_spans(heard, vad)
        leak = find_leak(heard, speech, caller)
        if leak is None:
            continue
        correlations.append(leak.correlation)
        told.append(leak.found)
        own, mixed = clean[seed], None if leak.found else tension.measure_voice(heard, speech, pitch)
        if own and mixed:
            names = ("f0_median_st", "centroid_st", "f0_velocity_stps")
            moved = (getattr(mixed, name) - getattr(own, name) for name in names)
            shifts.append(sum(w * m for w, m in zip(CALIBRATED[1:], moved, strict=True)))
    low, middle, high = np.percentile(correlations, (5, 50, 95))
    name = "none" if level_db is None else "the caller alone" if level_db == float("inf") else f"{level_db:+.0f} dB"
    moved_by = f"{np.median(np.abs(shifts)):.2f} (p95 {np.percentile(np.abs(shifts), 95):.2f})" if shifts else "-"
    return f"| {name} | {len(told)} | {np.mean(told):.1%} | {middle:.2f} ({low:.2f}-{high:.2f}) | {moved_by} |"


def _heard(reply: Samples, caller: Samples, level_db: float | None, seed: int) -> Samples:
    if level_db is None:
        return reply
    leak = through_room(caller, seed)
    if level_db == float("inf"):
        return leak
    gain = 10 ** ((level_dbfs(reply) + level_db - level_dbfs(leak)) / 20)
    return (reply + gain * leak).astype(np.float32)


if __name__ == "__main__":
    main()
