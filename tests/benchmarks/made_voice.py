"""A made voice: harmonics of a known pitch and tilt. It has the truth that real speech lacks, and nothing else."""

import numpy as np

from voicesim.model import RATE_HZ, Samples


def made_voice(
    duration_s: float,
    *,
    f0_hz: float = 120.0,
    glide_st: float = 0.0,
    wobble_st: float = 0.0,
    tilt_db: float = -12.0,
    level_dbfs: float = -20.0,
    rng: np.random.Generator | None = None,
) -> Samples:
    """Float32 samples at 16 kHz of a voiced sound.

    ``f0_hz`` is the pitch in its middle, ``glide_st`` the semitones it rises from start to end, ``wobble_st`` the
    amplitude of a 3 Hz vibrato, ``tilt_db`` what is added to
    harmonics above 800 Hz (all fall by 6 dB an octave), ``level_dbfs``
    its RMS. With ``rng`` a faint noise, 50 dB down, is added as every microphone does.
    """
    time_s = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    pitch_st = glide_st * (time_s / duration_s - 0.5) + wobble_st * np.sin(2 * np.pi * 3.0 * time_s)
    phase = 2 * np.pi * np.cumsum(f0_hz * 2 ** (pitch_st / 12)) / RATE_HZ
    sound = np.zeros_like(time_s)
    for harmonic in range(1, int(5000 / f0_hz) + 1):
        from_edge_st = 12 * np.log2(harmonic * f0_hz / 800.0)
        # Nothing sounds near 800 Hz: a harmonic on the edge would belong to both parts.
        if abs(from_edge_st) < abs(glide_st) / 2 + abs(wobble_st) + 1:
            continue
        above = from_edge_st > 0
        sound += 10 ** ((tilt_db if above else 0.0) / 20) / harmonic * np.cos(harmonic * phase)
    sound *= 10 ** (level_dbfs / 20) / np.sqrt(np.mean(sound**2))
    if rng is not None:
        sound += 10 ** ((level_dbfs - 50) / 20) * rng.standard_normal(len(sound))
    return sound.astype(np.float32)
