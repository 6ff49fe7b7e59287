"""What rooms, headsets and lines do to speech: each damage a pure function of clean 16 kHz samples and its speech.

Each gives the damaged sound and the second before it, where the noise that it carries is heard alone (None if it has
none of its own). Chance is seeded by clip, so that a table can be made again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voicesim.model import RATE_HZ, Samples, Span
from voicesim.sound import level_dbfs, telephone
from voicesim.speech.level import spoken

SNR_DB = 10.0
#: Share of the samples of speech that clipping cuts off: five times what delivery accepts.
CLIPPED = 0.05
#: An automatic gain: the level it steers to, how fast it turns up and down, and how far.
STEERED_DBFS, UP_DB_PER_S, DOWN_DB_PER_S, MOST_GAIN_DB = -20.0, 6.0, 40.0, 30.0


@dataclass(frozen=True, kw_only=True)
class Damaged:
    """The damaged sound, as long as the clean one, and the noise that was heard before it."""

    samples: Samples
    noise: Samples | None = None


Damage = Callable[[Samples, Sequence[Span], int], Damaged]


def noisy(colour: float) -> Damage:
    """Noise 10 dB below the speech: white (``colour`` 0) or falling by 3 dB an octave from 50 Hz on (1)."""

    def damage(samples: Samples, speech: Sequence[Span], seed: int) -> Damaged:
        noise = _noise(len(samples) + RATE_HZ, colour, np.random.default_rng(seed))
        noise *= 10 ** ((level_dbfs(spoken(samples, speech)) - SNR_DB) / 20)
        return Damaged(samples=(samples + noise[RATE_HZ:]).astype(np.float32), noise=noise[:RATE_HZ].astype(np.float32))

    return damage


def clipped(samples: Samples, speech: Sequence[Span], seed: int) -> Damaged:
    """The loudest twentieth of the samples of speech cut off, and the whole turned down, as behind a gain control."""
    ceiling = float(np.quantile(np.abs(spoken(samples, speech)), 1 - CLIPPED))
    return Damaged(samples=(0.5 * np.clip(samples, -ceiling, ceiling)).astype(np.float32))


def steered(samples: Samples, speech: Sequence[Span], seed: int) -> Damaged:
    """An automatic gain that turns up slowly and down fast, by the level of every 20 ms above the noise."""
    frame = RATE_HZ // 50
    levels_db = [level_dbfs(samples[i : i + frame]) for i in range(0, len(samples), frame)]
    quiet_db = max(levels_db) - 35.0
    gain_db = float(np.clip(STEERED_DBFS - level_dbfs(spoken(samples, speech)), -MOST_GAIN_DB, MOST_GAIN_DB))
    gains_db = [gain_db]
    for level_db in levels_db:
        if level_db > quiet_db:
            wanted_db = float(np.clip(STEERED_DBFS - level_db, -MOST_GAIN_DB, MOST_GAIN_DB))
            gain_db += float(np.clip(wanted_db - gain_db, -DOWN_DB_PER_S / 50, UP_DB_PER_S / 50))
        gains_db.append(gain_db)
    course_db = np.interp(np.arange(len(samples)), np.arange(len(gains_db)) * frame, gains_db)
    return Damaged(samples=np.clip(samples * 10 ** (course_db / 20), -1, 1).astype(np.float32))


def gained(gain_db: float) -> Damage:
    """Another gain, after a headroom of 12 dB that keeps it from clipping."""

    def damage(samples: Samples, speech: Sequence[Span], seed: int) -> Damaged:
        peak = float(np.abs(samples).max()) or 1.0
        return Damaged(samples=(samples / peak * 10 ** ((gain_db - 12.0) / 20)).astype(np.float32))

    return damage


def narrow(samples: Samples, speech: Sequence[Span], seed: int) -> Damaged:
    """The telephone band of 300-3400 Hz with the noise of a line."""
    return Damaged(samples=telephone(samples, RATE_HZ, noise_dbfs=level_dbfs(samples) - 35.0, seed=seed))


DAMAGES: Mapping[str, Damage] = {
    "white noise 10 dB below": noisy(0.0),
    "pink noise 10 dB below": noisy(1.0),
    "5 % of the samples clipped": clipped,
    "automatic gain": steered,
    "gain -20 dB": gained(-20.0),
    "gain +12 dB": gained(12.0),
    "telephone band": narrow,
}


def _noise(length: int, colour: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Noise of the power 1."""
    spectrum = np.fft.rfft(rng.standard_normal(length))
    spectrum *= np.maximum(np.fft.rfftfreq(length, 1 / RATE_HZ), 50.0) ** (-colour / 2)
    made = np.fft.irfft(spectrum, length)
    return np.asarray(made / np.sqrt(np.mean(made**2)))
