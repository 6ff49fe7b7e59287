"""From which echo on a caller interrupts herself, and how surely the tones of the headset check find it.

    python tests/benchmarks/headset_echo.py

Prints the tables of docs/headset.md: spoken lines through voice activity, then misses and false alarms of the tones in
made rooms, made noise and under made talk. Needs no data; takes two minutes.
"""

import numpy as np

from voicesim.backends.hibari_voice import HibariVoice
from voicesim.backends.replies_voice import room_noise
from voicesim.backends.vad import SileroVad, speech_spans
from voicesim.model import RATE_HZ, Samples
from voicesim.ports import VoiceStyle
from voicesim.sound import match_loudness, resample, telephone
from voicesim.speech.room_check import ECHO_DB, FAINT_ECHO_DB, chime, find_echo

LINES = (
    "You took my money twice and nobody picks up the phone!",
    "I have been waiting for three weeks now, this is ridiculous.",
    "What are you going to do about it?",
    "Well, at least somebody listens to me for once.",
)
#: Persona and anger of the callers; anger makes up to 4 dB louder, as in a call.
CALLERS = (("woman", 0.7), ("young_man", 0.3))
INTERRUPTS_S = 0.25
TAKE = RATE_HZ * 11 // 5
SENT_AT = RATE_HZ // 5
ROOMS, NOISES = 60, 200


def spoken_lines() -> list[Samples]:
    """The lines of all callers at the loudness of a call, in the telephone band."""
    voice, made = HibariVoice(), []
    for persona, anger in CALLERS:
        for text in LINES:
            sound = voice.render(text, VoiceStyle(persona=persona, anger=anger))
            loud = match_loudness(sound.samples, sound.rate_hz, -23.0 + 4.0 * anger)
            made.append(telephone(resample(loud, sound.rate_hz, RATE_HZ), RATE_HZ))
    return made


def room(rng: np.random.Generator) -> Samples:
    """The answer of a made room to a click, 0 dB of power: a first sound and a tail that falls 60 dB in 0.15..0.8 s."""
    tail = rng.standard_normal(round(rng.uniform(0.15, 0.8) * RATE_HZ))
    tail *= 10 ** (-3 * np.arange(len(tail)) / len(tail))
    tail[:32] = 0
    tail /= np.linalg.norm(tail)
    tail[0] = 10 ** (rng.uniform(-10, 6) / 20)
    return tail / np.linalg.norm(tail)


def heard(rng: np.random.Generator, gain_db: float) -> Samples:
    """What comes back of a chime through a made room, 0 to 0.3 s late."""
    size = 1 << 16
    back = np.fft.irfft(np.fft.rfft(ears(), size) * np.fft.rfft(room(rng) * 10 ** (gain_db / 20), size))
    return np.roll(back, round(rng.uniform(0, 0.3) * RATE_HZ))[:TAKE]


def ears() -> Samples:
    """What the ears were given."""
    sent = np.zeros(TAKE, np.float32)
    sent[SENT_AT : SENT_AT + len(chime())] = chime()
    return sent


def interruptions(lines: list[Samples]) -> None:
    """Print in how many lines voice activity hears somebody speak, by echo and noise."""
    vad = SileroVad()
    print(f"lines of {len(lines)} with {INTERRUPTS_S} s of speech in the microphone")
    for gain_db in (-20, -25, -30, -35, -40, -45):
        counts = []
        for noise_dbfs in (-70, -60, -50):
            sounds = (
                line * 10 ** (gain_db / 20) + room_noise(len(line), (1, number), noise_dbfs)
                for number, line in enumerate(lines)
            )
            speech = [speech_spans(sound.astype(np.float32), vad, min_speech_s=INTERRUPTS_S) for sound in sounds]
            counts.append(sum(bool(spans) for spans in speech))
        print(f"  echo {gain_db:4} dB, rooms of -70, -60, -50 dBFS: {counts}")


def misses(rng: np.random.Generator) -> None:
    """Print how often an echo is refused, and refused or remarked on."""
    print(f"refused (and remarked on) of {ROOMS} rooms; error of the gain")
    for noise_dbfs in (-70, -50, -40, -30):
        for gain_db in (-20, -28, -32, -36, -40, -44):
            takes = (heard(rng, gain_db) + room_noise(TAKE, (9, n), noise_dbfs) for n in range(ROOMS))
            gains = [echo.gain_db for take in takes if (echo := find_echo(take, ears())) and echo.found]
            refused, told = (sum(gain > limit for gain in gains) for limit in (ECHO_DB, FAINT_ECHO_DB))
            error = f"{np.mean(gains) - gain_db:+.1f} dB, sd {np.std(gains):.1f}" if gains else "-"
            print(f"  noise {noise_dbfs} dBFS, echo {gain_db} dB: {refused} ({told})  {error}")


def false_alarms(rng: np.random.Generator, lines: list[Samples]) -> None:
    """Print how often tones are found that did not come back."""
    echoes = [find_echo(room_noise(TAKE, (9, n), -40.0), ears()) for n in range(NOISES)]
    contrasts = [echo.contrast_db for echo in echoes if echo]
    print(
        f"noise alone: {sum(bool(e and e.found) for e in echoes)} of {NOISES}, p99 {np.percentile(contrasts, 99):.1f}"
    )
    for level_db in (0, -10, -20, -30):
        found = 0
        for n in range(ROOMS):
            line = np.resize(lines[n % len(lines)], 2 * TAKE)[rng.integers(0, TAKE) :][:TAKE]
            echo = find_echo(line * 10 ** (level_db / 20) + room_noise(TAKE, (3, n)), ears())
            found += bool(echo and echo.found)
        print(f"talk of {level_db - 23} dBFS over the tones: {found} of {ROOMS}")


def main() -> None:
    """Print all tables."""
    rng, lines = np.random.default_rng(7), spoken_lines()
    interruptions(lines)
    misses(rng)
    false_alarms(rng, lines)


if __name__ == "__main__":
    main()
