"""What was heard in the ears, beside what the microphone heard: made streams with known clocks and faults."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from voicesim.backends.alignment import Alignment
from voicesim.model import FRAME, RATE_HZ

BLOCK_S = FRAME / RATE_HZ
LIMIT = RATE_HZ // 50
IN_S, OUT_S = 0.04, 0.06


def numbered(start, count):
    """Pauses of 1 s and lines of 4 s: each sounding sample is its own number, plus one."""
    numbers = np.arange(start, start + count)
    return np.where(numbers // RATE_HZ % 5 > 0, numbers + 1, 0).astype(np.float32)


@dataclass(kw_only=True)
class Streams:
    """A microphone and headphones for ``duration_s``, each with a clock ``drift`` of its own and late callbacks.

    A block is due every 20 ms of its own clock and comes ``jitter`` later (the i-th of both directions, seconds).
    The headphones take nothing from ``stall_s[0]`` to ``stall_s[1]``: they play what they have and go on afterwards.
    """

    duration_s: float
    drift: float = 0.0
    late_in: np.ndarray = field(default_factory=lambda: np.zeros(0))
    late_out: np.ndarray = field(default_factory=lambda: np.zeros(0))
    stall_s: tuple[float, float] = (np.inf, np.inf)

    def __post_init__(self):
        blocks = round(self.duration_s / BLOCK_S)
        due = np.arange(blocks) * BLOCK_S
        late_in, late_out = (np.resize(late, blocks) if len(late) else 0 for late in (self.late_in, self.late_out))
        begins = due / (1 + self.drift)
        stalled = begins >= self.stall_s[0]
        # Due when the card has played the block before; after a stall that is later for good by what had run dry.
        dry = self.stall_s[1] - self.stall_s[0] if stalled.any() else 0
        self.heard_s = OUT_S + begins + np.where(stalled, dry, 0)
        taken_s = np.maximum.accumulate(begins + np.where(stalled, dry, 0) + late_out)
        came_s = np.maximum.accumulate(due + late_in)
        self.events = sorted([(at, 0) for at in taken_s] + [(at, 1) for at in came_s])

    def heard(self):
        """What Alignment says was heard beside each sample of the microphone."""
        alignment, taken, heard = Alignment(), 0, []
        for at_s, kind in self.events:
            if kind:
                alignment.received(FRAME, at_s - IN_S)
                heard.append(alignment.ears(FRAME))
            else:
                alignment.took(numbered(taken, FRAME), at_s + OUT_S)
                taken += FRAME
        self.corrected = alignment.corrected
        return np.concatenate(heard)

    def off(self, heard):
        """By how many samples each sounding sample lies wrong, and where it lies."""
        at = np.flatnonzero(heard)
        number = heard[at].astype(int) - 1
        heard_s = self.heard_s[number // FRAME] + number % FRAME / RATE_HZ
        return at - (heard_s + IN_S) * RATE_HZ, at


def late(rng, mean_s):
    return np.minimum(rng.exponential(mean_s, 30_000), 0.055)


def test_gives_steady_streams_whole_and_in_place():
    """Without jitter and drift every sample that was taken is there, once, where it was heard."""
    streams = Streams(duration_s=30)
    heard = streams.heard()
    sounding = heard[heard > 0]
    expected = numbered(0, 30 * RATE_HZ)
    expected = expected[(expected >= sounding[0]) & (expected <= sounding[-1])]
    assert sounding == pytest.approx(expected[expected > 0])
    assert np.abs(streams.off(heard)[0]).max() <= 1
    assert streams.corrected == 0


@pytest.mark.parametrize("drift", [-100e-6, -50e-6, 0.0, 50e-6, 100e-6])
def test_keeps_the_channels_together_for_ten_minutes(rng, drift):
    """Callbacks tens of thousandths of a second late and clocks that drift by 0.06 s: never more than 0.02 s off, and
    what is put right is put right in the pauses."""
    streams = Streams(duration_s=600, drift=drift, late_in=late(rng, 0.006), late_out=late(rng, 0.012))
    heard = streams.heard()
    assert np.abs(streams.off(heard)[0]).max() < LIMIT
    assert streams.corrected == pytest.approx(abs(drift) * 600 * RATE_HZ, abs=RATE_HZ // 50)
    sounding = heard[heard > 0]
    steps = np.diff(sounding)
    assert set(np.unique(steps)) <= {1.0, RATE_HZ + 1.0}


@pytest.mark.parametrize(("burst_in", "burst_out"), [(1, 2), (2, 1), (3, 3), (1, 3)])
def test_bursts_do_not_move_the_channels(burst_in, burst_out):
    """A card that calls every second or third block's time, for two or three blocks at once, is followed too."""

    def bursts(size):
        return np.tile(np.arange(size) * -BLOCK_S, 1 + 600 // size)

    streams = Streams(duration_s=60, late_in=bursts(burst_in), late_out=bursts(burst_out))
    assert np.abs(streams.off(streams.heard())[0]).max() <= 1


@pytest.mark.parametrize("stall_s", [0.05, 0.3, 1.5])
def test_a_stall_is_silence_and_nothing_after_it_is_moved(rng, stall_s):
    """Headphones that take nothing for a while: what was heard before and a second after lies in its place, between
    them is silence, and no sample is there twice."""
    streams = Streams(
        duration_s=60,
        late_in=late(rng, 0.004),
        late_out=late(rng, 0.004),
        stall_s=(22.5, 22.5 + stall_s),
    )
    heard = streams.heard()
    off, at = streams.off(heard)
    dark = (at > 22.5 * RATE_HZ) & (at < (23.5 + stall_s) * RATE_HZ)
    assert np.abs(off[~dark]).max() < LIMIT
    assert (np.diff(heard[heard > 0]) > 0).all()
