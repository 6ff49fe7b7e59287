"""What spoils a take, at amounts that a person hears: each a pure function of a good take's samples and its speech."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from voicesim.model import RATE_HZ, Samples, Span
from voicesim.sound import level_dbfs, resample
from voicesim.speech.level import spoken

Spoil = Callable[[Samples, Sequence[Span], int], Samples]
_RECORDED_HZ = 48_000
_IN_WORD_DB = 15.0


def clipped(share: float, *, turned_down: bool) -> Spoil:
    """The loudest ``share`` of the samples of speech cut off at 48 kHz, as in a microphone, then turned down or not."""

    def spoil(samples: Samples, speech: Sequence[Span], seed: int) -> Samples:
        ceiling = float(np.quantile(np.abs(spoken(samples, speech)), 1 - share))
        wide = np.clip(resample(samples, RATE_HZ, _RECORDED_HZ), -ceiling, ceiling)
        narrow = resample(wide.astype(np.float32), _RECORDED_HZ, RATE_HZ) / np.float32(ceiling)
        return np.clip(narrow * np.float32(0.5 if turned_down else 1.0), -1, 1).astype(np.float32)

    return spoil


def noise(snr_db: float, colour: float) -> Spoil:
    """Steady noise under the speech: white (0) or falling by 3 dB an octave (1)."""

    def spoil(samples: Samples, speech: Sequence[Span], seed: int) -> Samples:
        spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(len(samples)))
        spectrum *= np.maximum(np.fft.rfftfreq(len(samples), 1 / RATE_HZ), 50.0) ** (-colour / 2)
        made = np.fft.irfft(spectrum, len(samples))
        made *= 10 ** ((level_dbfs(spoken(samples, speech)) - snr_db) / 20) / np.sqrt(np.mean(np.square(made)))
        return np.clip(samples + made, -1, 1).astype(np.float32)

    return spoil


def cut(into_s: float, *, at_end: bool) -> Spoil:
    """A recording that starts or stops inside a word, so far or a little further inside what is audible of the speech.

    Inside a word is where 0.03 s have no more than 15 dB under the level of the speech.
    """

    def spoil(samples: Samples, speech: Sequence[Span], seed: int) -> Samples:
        turned = samples[::-1] if at_end else samples
        loud = _loud(turned, level_dbfs(spoken(samples, speech)) - _IN_WORD_DB)
        into = loud[0] + round(into_s * RATE_HZ)
        kept = turned[int(next((at for at in loud if at >= into), loud[-1])) :]
        return kept[::-1] if at_end else kept

    return spoil


def _loud(samples: Samples, level: float) -> list[int]:
    """Where 0.03 s of at least this level begin, every 0.01 s."""
    return [at for at in range(0, len(samples) - 480, 160) if level_dbfs(samples[at : at + 480]) >= level]


def echo(reverberation_s: float, direct_db: float) -> Spoil:
    """A room whose sound dies by 60 dB in a time, and whose answer lies so far under what comes straight."""

    def spoil(samples: Samples, speech: Sequence[Span], seed: int) -> Samples:
        rng = np.random.default_rng(seed)
        length = round(1.2 * reverberation_s * RATE_HZ)
        room = rng.standard_normal(length) * 10 ** (-3 * np.arange(length) / RATE_HZ / reverberation_s)
        room[: RATE_HZ // 250] = 0.0
        room *= np.sqrt(10 ** (-direct_db / 10) / np.sum(room**2))
        room[0] = 1.0
        size = 1 << (len(samples) + length - 1).bit_length()
        heard = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(room, size), size)[: len(samples) + length]
        heard *= np.sqrt(np.sum(np.square(samples)) / np.sum(np.square(heard)))
        return heard.astype(np.float32)

    return spoil


#: Name of the damage, the codes that tell it, and its amounts.
DAMAGES: Mapping[str, tuple[tuple[str, ...], tuple[Spoil, ...]]] = {
    "clipped": (
        ("clipped",),
        tuple(clipped(share, turned_down=down) for share in (0.01, 0.03, 0.1) for down in (False, True)),
    ),
    "noisy": (("noisy",), tuple(noise(snr_db, colour) for snr_db in (15.0, 10.0, 5.0) for colour in (0.0, 1.0))),
    "cut": (
        ("cut_start", "cut_end"),
        tuple(cut(into_s, at_end=at_end) for into_s in (0.15, 0.25, 0.4) for at_end in (False, True)),
    ),
    "echo": (("echo",), (echo(0.6, 0.0), echo(0.8, 3.0), echo(1.2, 3.0), echo(0.5, 0.0))),
}
