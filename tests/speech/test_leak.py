"""A leak of the caller into the microphone, on sound of which it is known whether there is one."""

import numpy as np
import pytest

from voicesim.model import RATE_HZ, Samples, Span
from voicesim.speech.leak import LEAST_SHARE, LEAST_TOGETHER_S, Leak, find_leak, refusal


def talk(duration_s: float, seed: int, dbfs: float = -26.0) -> Samples:
    """Noise in syllables of 0.1 to 0.3 s with a colour of their own: as irregular as speech, and known."""
    rng = np.random.default_rng(seed)
    parts: list[np.ndarray] = []
    while sum(map(len, parts)) < duration_s * RATE_HZ:
        length = int(rng.uniform(0.1, 0.3) * RATE_HZ)
        spectrum = np.fft.rfft(rng.standard_normal(length))
        frequency_hz = np.fft.rfftfreq(length, 1 / RATE_HZ)
        spectrum *= np.exp(-(((frequency_hz - rng.uniform(300, 3000)) / 600) ** 2)) + 0.05
        parts.append(np.fft.irfft(spectrum, length) * np.hanning(length) * rng.uniform(0.2, 1.0))
    sound = np.concatenate(parts)[: int(duration_s * RATE_HZ)]
    return (sound * 10 ** (dbfs / 20) / np.sqrt(np.mean(sound**2))).astype(np.float32)


def whole(samples: Samples) -> list[Span]:
    return [Span(start=0, end=len(samples))]


def delayed(samples: Samples, lag_s: float) -> Samples:
    lag = round(lag_s * RATE_HZ)
    return np.concatenate([np.zeros(lag, dtype=np.float32), samples])[: len(samples)]


@pytest.mark.parametrize("lag_s", [0.0, 0.05, 0.15, 0.28])
@pytest.mark.parametrize("gain", [1.0, 0.01])
def test_the_caller_alone_in_the_microphone_is_found_at_its_delay(lag_s, gain):
    ears = talk(3.0, seed=1)
    leak = find_leak(delayed(ears, lag_s) * np.float32(gain), whole(ears), ears)
    assert leak.correlation > 0.95
    assert leak.lag_s == pytest.approx(lag_s, abs=0.011)
    assert refusal(leak) == "the caller's voice leaks into the microphone"


@pytest.mark.parametrize("seed", range(2, 8))
def test_two_who_talk_at_the_same_time_are_no_leak(seed):
    leak = find_leak(talk(4.0, seed=1), whole(talk(4.0, seed=1)), talk(4.0, seed=seed))
    assert leak.correlation < 0.3
    assert refusal(leak) is None


def test_a_leak_far_below_the_reply_changes_nothing_and_is_not_told():
    ears, reply = talk(4.0, seed=1), talk(4.0, seed=2)
    leak = find_leak(reply + np.float32(0.03) * ears, whole(reply), ears)
    assert refusal(leak) is None


def test_a_leak_as_loud_as_the_reply_is_told():
    ears, reply = talk(4.0, seed=1), talk(4.0, seed=2)
    assert refusal(find_leak(reply + ears, whole(reply), ears)) is not None


@pytest.mark.parametrize("ears", [np.zeros(32_000, dtype=np.float32), np.zeros(0, dtype=np.float32)])
def test_silent_ears_cannot_leak(ears):
    reply = talk(2.0, seed=2)
    assert find_leak(reply, whole(reply), ears) is None
    assert find_leak(reply, [], talk(2.0, seed=1)) is None
    assert refusal(None) is None


def test_only_what_sounds_together_counts():
    """The ears fall silent after the first second of four, and the reply goes on alone."""
    ears = talk(4.0, seed=1)
    ears[RATE_HZ:] = 0.0
    leak = find_leak(talk(4.0, seed=2), whole(ears), ears)
    assert leak.together_s == pytest.approx(1.3, abs=0.05)
    assert leak.share == pytest.approx(1.3 / 4, abs=0.02)


@pytest.mark.parametrize(("together_s", "share"), [(LEAST_TOGETHER_S - 0.01, 0.5), (2.0, LEAST_SHARE - 0.01)])
def test_a_short_leak_is_not_told(together_s, share):
    assert not Leak(correlation=0.9, lag_s=0.05, together_s=together_s, share=share).found
