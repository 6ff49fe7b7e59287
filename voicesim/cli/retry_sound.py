"""What is heard in the turn gym, played on a headset until a key is pressed."""

from collections.abc import Callable

import numpy as np

from voicesim.model import FRAME, Samples
from voicesim.ports import AudioDevice
from voicesim.wiring.taking import next_frames, opened, silence


def play(device: AudioDevice, samples: Samples, stopped: Callable[[], bool]) -> None:
    """Return when the sound was heard, or ``stopped`` says so. Raises DeviceError."""
    whole = np.concatenate((samples, silence(0.2 + getattr(device, "latency_s", 0.0))))
    with opened(device) as duplex:
        for start in range(0, len(whole), FRAME):
            piece = whole[start : start + FRAME]
            next_frames(duplex, np.pad(piece, (0, FRAME - len(piece))))
            if stopped():
                return
