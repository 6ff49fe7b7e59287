"""The queue between a writer and the sound card, and the change of rate."""

import numpy as np
import pytest

from voicesim.backends.playout import FADE_S, LATEST_S, STORE_LIMIT_S, STORE_S, Converter, Playout
from voicesim.model import FRAME, RATE_HZ

STORE = round(STORE_S * RATE_HZ)
LIMIT = round(STORE_LIMIT_S * RATE_HZ)
LATEST = round(LATEST_S * RATE_HZ)
FADE = round(FADE_S * RATE_HZ)


def counting(start, count):
    return np.arange(start, start + count, dtype=np.float32)


def test_waits_for_its_store():
    """Silence, not counted as lack, until there is enough to go on without a hole."""
    playout = Playout(RATE_HZ)
    playout.put(counting(1, STORE - 1))
    assert not playout.take(FRAME).any()
    playout.put(counting(STORE, 1))
    assert playout.take(FRAME) == pytest.approx(counting(1, FRAME))
    assert playout.starved == 0


def test_fills_up_with_silence_and_counts_it():
    playout = Playout(RATE_HZ)
    playout.put(counting(1, STORE))
    taken = playout.take(STORE + 100)
    assert taken[:STORE] == pytest.approx(counting(1, STORE))
    assert not taken[STORE:].any()
    assert playout.starved == 100


def test_gives_up_the_oldest_of_far_too_many():
    """After a long stall the newest is heard next, so that the ears do not fall behind for good."""
    playout = Playout(RATE_HZ)
    playout.put(counting(1, LATEST + 100))
    assert (playout.dropped, playout.longest) == (100, LATEST)
    assert playout.take(1)[0] == 101


def test_plays_a_late_line_whole():
    """A line written at once after a stall is heard from its first sample; silence before and after it makes way."""
    playout = Playout(RATE_HZ)
    playout.put(np.zeros(LIMIT, dtype=np.float32))
    playout.put(counting(1, 2 * LIMIT))
    assert playout.take(2 * LIMIT) == pytest.approx(counting(1, 2 * LIMIT))
    for _ in range(20):
        playout.put(np.zeros(FRAME, dtype=np.float32))
    playout.put(counting(1, FRAME))
    taken = playout.take(LIMIT)
    assert taken[-FRAME:] == pytest.approx(counting(1, FRAME))
    assert (playout.starved, playout.dropped) == (0, 0)


def test_counts_no_silence_as_lost():
    """A stall between two lines tears no hole into a sound: neither the silence given up nor that put in counts."""
    playout = Playout(RATE_HZ)
    playout.put(np.append(counting(1, STORE - 1), np.float32(0)))
    playout.take(STORE + 500)
    playout.put(np.zeros(LIMIT + 500, dtype=np.float32))
    assert (playout.starved, playout.dropped) == (0, 0)


def ones(count):
    return np.ones(count, dtype=np.float32)


@pytest.mark.parametrize("gain", [0.25, 0.0])
def test_a_gain_holds_for_what_is_queued(gain):
    """What was put before at full level fades to the new gain from the next sample taken, without a jump."""
    playout = Playout(RATE_HZ)
    playout.put(ones(STORE))
    playout.put(ones(FRAME), gain)
    taken = playout.take(STORE + FRAME)
    assert taken[0] == pytest.approx(1.0)
    assert np.diff(taken[:FADE]) == pytest.approx((gain - 1.0) / FADE, abs=1e-4)
    assert taken[FADE:] == pytest.approx(gain)


def test_a_gain_is_taken_back_in_the_middle_of_its_fade():
    """Turned down and up again before the card took more: full level from there on, and no jump."""
    playout = Playout(RATE_HZ)
    playout.put(ones(STORE))
    playout.put(ones(FRAME), 0.25)
    taken = [playout.take(FADE // 2)]
    playout.put(ones(FRAME), 1.0)
    taken.append(playout.take(STORE + 2 * FRAME - FADE // 2))
    whole = np.concatenate(taken)
    assert np.abs(np.diff(whole)).max() < 0.02
    assert whole[-FRAME:] == pytest.approx(1.0)


def test_the_sound_after_a_stop_is_heard_whole():
    """Gain 0 gives up what is queued: the next sound brings nothing of it back, and does not fade in itself."""
    playout = Playout(RATE_HZ)
    playout.put(ones(STORE))
    playout.put(ones(FRAME), 0.0)
    playout.put(counting(1, FRAME), 1.0)
    taken = playout.take(STORE + 2 * FRAME)
    assert not taken[FADE:-FRAME].any()
    assert taken[-FRAME:] == pytest.approx(counting(1, FRAME))


def test_any_block_sizes_give_the_same_sound(rng):
    """What is taken is what was put, in order, however both are cut."""
    playout, sound, taken, at = Playout(RATE_HZ), counting(0, 40_000), [], 0
    playout.put(sound[:STORE])
    at = STORE
    while at < len(sound):
        step = int(rng.integers(1, 400))
        taken.append(playout.take(len(sound[at : at + step])))
        playout.put(sound[at : at + step])
        at += step
    together = np.concatenate(taken)
    assert (playout.starved, playout.dropped) == (0, 0)
    assert (together == sound[: len(together)]).all()


def test_ends_when_everything_is_taken():
    playout = Playout(RATE_HZ)
    playout.put(counting(1, 10))
    playout.finish(0, wait_s=0.0)
    assert playout.take(20)[9] == 10
    playout.finish(0, wait_s=60.0)
    assert playout.starved == 0


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 44_100, 48_000, 96_000, 192_000])
def test_converts_a_stream_steadily(rate_hz):
    """Each frame gives a frame's worth at once in both directions, so that nothing starves."""
    there, back, own = Converter(RATE_HZ, rate_hz), Converter(rate_hz, RATE_HZ), round(rate_hz * 0.02)
    lengths = [len(there(np.zeros(FRAME, dtype=np.float32))) for _ in range(50)]
    assert lengths == pytest.approx([rate_hz * 0.02] * 50, abs=1)
    assert sum(lengths) == rate_hz
    lengths = [len(back(np.zeros(own, dtype=np.float32))) for _ in range(50)]
    assert lengths == pytest.approx([own * RATE_HZ / rate_hz] * 50, abs=1)


@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("frequency_hz", [100, 1_000, 6_000])
def test_converts_there_and_back(rate_hz, frequency_hz):
    """Frames to another rate and back keep their count and a tone within 0.1 dB."""
    there, back = Converter(RATE_HZ, rate_hz), Converter(rate_hz, RATE_HZ)
    tone = (0.5 * np.sin(2 * np.pi * frequency_hz * np.arange(2 * RATE_HZ) / RATE_HZ)).astype(np.float32)
    made = np.concatenate([back(there(tone[at : at + FRAME])) for at in range(0, len(tone), FRAME)])
    assert len(made) == pytest.approx(len(tone), abs=1)
    body = made[RATE_HZ // 2 : RATE_HZ]
    assert 20 * np.log10(np.sqrt(np.mean(body**2)) / np.sqrt(0.125)) == pytest.approx(0.0, abs=0.1)


@pytest.mark.parametrize("frequency_hz", [9_000, 12_000, 20_000])
def test_keeps_out_what_the_lower_rate_cannot_hold(frequency_hz):
    """A tone above 8 kHz does not come back as another tone: it is 60 dB down."""
    tone = np.sin(2 * np.pi * frequency_hz * np.arange(48_000) / 48_000).astype(np.float32)
    made = Converter(48_000, RATE_HZ)(tone)[1_000:-1_000]
    assert 10 * np.log10(np.mean(made**2) / 0.5) < -60


def test_leaves_an_equal_rate_alone(rng):
    samples = rng.standard_normal(FRAME).astype(np.float32)
    assert Converter(RATE_HZ, RATE_HZ)(samples) is samples
