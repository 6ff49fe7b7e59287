"""Made speech with a known truth for the tests of this room."""

from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest

from voicesim.model import Baseline, Delivery, Samples, Span, Transcript, Word


@pytest.fixture(scope="session")
def made_voice(beside: Callable[[str], ModuleType]) -> Callable[..., Samples]:
    """The maker of voices of known pitch and tilt that the benchmarks use as well."""
    return beside("benchmarks/made_voice.py").made_voice


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(5)


@pytest.fixture(scope="session")
def typed() -> Callable[[str], Transcript]:
    """A transcript of a text whose words have empty spans."""

    def transcript(text: str) -> Transcript:
        nowhere = Span(start=0, end=0)
        return Transcript(words=tuple(Word(text=w, span=nowhere) for w in text.split()), text=text, engine="typed")

    return transcript


@pytest.fixture
def baseline() -> Baseline:
    return Baseline(
        trainee="sam",
        headset="desk",
        f0_median_st=82.0,
        alpha_db=-14.0,
        centroid_st=107.0,
        f0_velocity_stps=12.0,
        level_dbfs=-26.0,
        articulation_rate_sps=4.4,
        speech_s=9.0,
        snr_db=40.0,
        made_utc="2030-01-01T00:00:00Z",
    )


@pytest.fixture(scope="session")
def baseline_like() -> Callable[[Delivery], Baseline]:
    """The baseline of somebody who always sounds like one reply, heard for so long that it is taken at its word."""

    def like(delivery: Delivery) -> Baseline:
        own = (
            "f0_median_st",
            "alpha_db",
            "centroid_st",
            "f0_velocity_stps",
            "level_dbfs",
            "articulation_rate_sps",
            "snr_db",
        )
        values = {name: getattr(delivery, name) for name in own}
        return Baseline(trainee="sam", headset="desk", speech_s=1e9, made_utc="2030-01-01T00:00:00Z", **values)

    return like


class KnownPitch:
    """A tracker that is told the truth: one pitch for every 10 ms, 0 where nothing is voiced."""

    def __init__(self, f0_hz: float = 120.0) -> None:
        self.f0_hz = f0_hz

    def track(self, samples):
        frames = 1 + len(samples) // 160
        f0_hz = np.full(frames, self.f0_hz, dtype=np.float32)
        return f0_hz, f0_hz > 0


@pytest.fixture(scope="session")
def known_pitch() -> type[KnownPitch]:
    return KnownPitch
