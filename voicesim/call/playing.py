"""A line being played frame by frame: it can be turned down, up again and stopped. Pure."""

import numpy as np

from voicesim.model import FRAME, Samples

#: The caller is turned down by 12 dB while it is open whether the trainee interrupts.
TURNED_DOWN = 10 ** (-12 / 20)


class Playing:
    """The rest of a line as frames of float32[320], and the ``gain`` 0..1 at which they shall be heard."""

    def __init__(self, samples: Samples) -> None:
        self._samples = samples
        #: Samples of silence before the line's first sound.
        self.onset = int(np.argmax(samples != 0)) if len(samples) else 0
        self._at = 0
        self._stopped = False
        self.gain = 1.0

    @property
    def length(self) -> int:
        """Samples of the whole line, rounded up to frames."""
        return -(-len(self._samples) // FRAME) * FRAME

    @property
    def left(self) -> bool:
        """Whether there is more to play."""
        return self._at < len(self._samples) and not self._stopped

    def turn_down(self) -> None:
        """Play on at -12 dB."""
        self.gain = TURNED_DOWN

    def turn_up(self) -> None:
        """Play on at full level."""
        self.gain = 1.0

    def stop(self) -> None:
        """End with the next frame, which fades out."""
        self.gain = 0.0

    def frame(self) -> Samples:
        """The next 20 ms, filled up with silence at the end."""
        piece = np.zeros(FRAME, np.float32)
        part = self._samples[self._at : self._at + FRAME]
        piece[: len(part)] = part
        self._at += FRAME
        self._stopped = self.gain == 0.0
        return piece
