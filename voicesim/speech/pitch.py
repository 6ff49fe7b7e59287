"""Fundamental frequency of a reply as three numbers: where it lies, how far it spreads, how fast it moves.

A track has one value per 10 ms (:class:`voicesim.ports.PitchTracker`). Pitch is told in semitones above 1 Hz,
12 log2 of the frequency in Hz: 100 Hz is 79.7, an octave is 12.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from voicesim.model import Samples, Span
from voicesim.ports import PitchTracker
from voicesim.speech.level import FLOOR_DBFS, speech_level_dbfs, within

#: Samples at 16 kHz from one frame of a track to the next (10 ms).
HOP = 160
#: Frames in a second.
FRAMES_PER_S = 100
#: A voiced run shorter than this many frames (40 ms) is a click or a slip of the tracker, not a voice.
SHORTEST_RUN = 4
#: Farther from the median of the reply than this, in semitones, is an octave error, not a voice.
FARTHEST_ST = 14.0
#: Steps between neighbouring frames above this, in semitones, are slips of the tracker.
LARGEST_STEP_ST = 2.0
#: A tracker hears every reply with its speech at this level, in dB below full scale, so that gain cannot matter.
HEARD_AT_DBFS = -23.0

Track = NDArray[np.float32]
Mask = NDArray[np.bool_]


def semitones(f0_hz: NDArray[np.floating]) -> NDArray[np.float64]:
    """Semitones above 1 Hz of positive frequencies in Hz; same shape.

    >>> semitones(np.array([1.0, 2.0, 4.0])).tolist()
    [0.0, 12.0, 24.0]
    """
    return 12.0 * np.log2(np.asarray(f0_hz, dtype=np.float64))


def frames_in(speech: Sequence[Span], frames: int, length: int) -> Mask:
    """Which of so many 10 ms frames of a sound of ``length`` samples have their centre in speech: bool[frames]."""
    inside = np.zeros(frames, dtype=np.bool_)
    for span in within(speech, length):
        inside[-(-span.start // HOP) : -(-span.end // HOP)] = True
    return inside


def track_voice(samples: Samples, speech: Sequence[Span], tracker: PitchTracker) -> tuple[Track, Mask]:
    """``f0_hz[n]`` of 16 kHz samples and which of these 10 ms frames are voiced, within speech, and to be trusted.

    Gain does not matter: the tracker hears the samples with their speech at a set level.
    """
    level_dbfs = speech_level_dbfs(samples, speech)
    gain_db = HEARD_AT_DBFS - level_dbfs if level_dbfs > FLOOR_DBFS else 0.0
    f0_hz, voiced = tracker.track((samples * np.float32(10 ** (gain_db / 20))).astype(np.float32))
    return f0_hz, trusted(f0_hz, voiced & frames_in(speech, len(f0_hz), len(samples)))


def trusted(f0_hz: Track, voiced: Mask) -> Mask:
    """The voiced frames that can be trusted: bool[n] for ``f0_hz[n]`` and ``voiced[n]``.

    Left out are runs under 40 ms and, then, values more than 14 semitones from the median of the reply.
    """
    kept = np.asarray(voiced, dtype=np.bool_) & np.isfinite(f0_hz) & (np.asarray(f0_hz) > 0)
    kept = _without_short_runs(kept)
    if kept.any():
        pitch_st = semitones(np.where(kept, f0_hz, 1.0))
        kept &= np.abs(pitch_st - np.median(pitch_st[kept])) <= FARTHEST_ST
    return kept


def _without_short_runs(voiced: Mask) -> Mask:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], voiced, [False])).astype(np.int8)))
    kept = np.zeros(len(voiced), dtype=np.bool_)
    for start, end in edges.reshape(-1, 2):
        kept[start:end] = end - start >= SHORTEST_RUN
    return kept


def median_st(f0_hz: Track, voiced: Mask) -> float | None:
    """Median pitch of the voiced frames in semitones above 1 Hz, None if none is voiced."""
    return float(np.median(semitones(f0_hz[voiced]))) if voiced.any() else None


def spread_st(f0_hz: Track, voiced: Mask) -> float | None:
    """How far pitch spreads in semitones: from its 10th to its 90th percentile; None if nothing is voiced."""
    if not voiced.any():
        return None
    low, high = np.percentile(semitones(f0_hz[voiced]), (10, 90))
    return float(high - low)


def velocity_stps(f0_hz: Track, voiced: Mask) -> float | None:
    """How fast pitch moves, in semitones a second: the mean absolute step between neighbouring voiced frames.

    Steps over 2 semitones are left out as slips of the tracker. None if no two neighbours are voiced.
    """
    both = voiced[1:] & voiced[:-1]
    if not both.any():
        return None
    step_st = np.abs(np.diff(semitones(np.where(voiced, f0_hz, 1.0))))[both]
    step_st = step_st[step_st <= LARGEST_STEP_ST]
    return float(step_st.mean()) * FRAMES_PER_S if step_st.size else None
