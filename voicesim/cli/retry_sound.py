"""What is heard in the turn gym: a reply of the call, a better one, and both without their words."""

from collections.abc import Callable

import numpy as np

from voicesim.model import FRAME, RATE_HZ, Samples
from voicesim.ports import AudioDevice
from voicesim.sound import without_words
from voicesim.wiring.taking import next_frames, opened, silence

#: Room before and after a clip, so that no consonant is lost (0.2 s).
_ROOM = RATE_HZ // 5
_BETWEEN_S = 0.6
_LONGEST_CALL_S = 7_200


def tones_of(*clips: Samples | None) -> Samples:
    """The clips one after the other, without their words, a pause between them."""
    pieces = []
    for clip in clips:
        if clip is not None:
            pieces += [without_words(clip, RATE_HZ), silence(_BETWEEN_S)]
    return np.concatenate(pieces) if pieces else silence(0)


def play(device: AudioDevice, samples: Samples, stopped: Callable[[], bool]) -> None:
    """Return when the sound was heard, or ``stopped`` says so. Raises DeviceError."""
    whole = np.concatenate((samples, silence(0.2 + getattr(device, "latency_s", 0.0))))
    with opened(device) as duplex:
        for start in range(0, len(whole), FRAME):
            piece = whole[start : start + FRAME]
            next_frames(duplex, np.pad(piece, (0, FRAME - len(piece))))
            if stopped():
                return
