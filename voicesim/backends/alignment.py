"""What the ears heard, placed on the sample clock of the microphone. Pure: the times come with the blocks."""

from collections import deque
from collections.abc import Iterable

import numpy as np

from voicesim.model import RATE_HZ, Samples

# How a stream runs is judged by its last seconds; a lasting jump shows in the last quarter of a second.
_WINDOW_S = 4.0
_RECENT_S = 0.25
_JUMP = RATE_HZ // 100
# The first blocks after a stop fill the device's own store and come all at once, too early.
_FILLING = 4
_ENOUGH = 3
# A block that is this soon after another was fetched along with it, by a device that tells no times of its own.
_SAME_BURST_S = 0.005
# The ears are put right in silence when they are 0.008 s off, in the middle of a sound when they are 0.015 s off.
_OFF = RATE_HZ // 125
_FAR_OFF = 3 * RATE_HZ // 200
# -80 dBFS: what a change of rate leaves of silence.
_SILENCE = 1e-4


class Pace:
    """How far a stream of sound is ahead of the clock: its steady course, whatever the jitter of its blocks."""

    def __init__(self) -> None:
        self._count = 0
        self._filling = _FILLING
        self._last_s = -np.inf
        self._points: deque[tuple[float, float]] = deque()
        self._ahead: float | None = None

    @property
    def ahead(self) -> float | None:
        """Samples that came before those the clock gives, up to a constant; None while too little has come."""
        return self._ahead

    def add(self, count: int, at_s: float) -> None:
        """A block of ``count`` samples, the first of them at ``at_s`` by a clock that never jumps."""
        self._filling = max(0, self._filling - 1)
        if not self._filling and at_s - self._last_s >= _SAME_BURST_S:
            self._points.append((at_s, self._count - at_s * RATE_HZ))
            while self._points[0][0] < at_s - _WINDOW_S:
                self._points.popleft()
            self._ahead = self._judge()
        self._count, self._last_s = self._count + count, at_s

    def restart(self) -> None:
        """Forget how it ran."""
        self._points.clear()
        self._ahead = None
        self._filling = _FILLING

    def _judge(self) -> float | None:
        since_s = self._points[-1][0] - _RECENT_S
        recent = [ahead for at_s, ahead in self._points if at_s > since_s]
        before = [ahead for at_s, ahead in self._points if at_s <= since_s]
        if len(recent) < _ENOUGH:
            return _steady(before + recent) if before else None
        # The more the blocks jitter, the further it must be.
        spread = float(np.subtract(*np.percentile(recent, (75, 25))))
        if before and abs(_steady(recent) - _steady(before)) > _JUMP + 4 * spread:
            for _ in before:
                self._points.popleft()
            before = []
        return _steady(before + recent)


class Alignment:
    """The sound that a card took, cut and filled so that it lies beside the microphone's sound sample for sample.

    Both streams are counted, and the time of each block says, roughly, which samples of one belong to which of the
    other. Sound is taken before it is heard, and the microphone's comes after it was caught. So what was heard is known
    by the time the microphone's sound of the same moment comes; what was not taken by then was not heard, and silence
    stands for it. The clocks of two devices drift: samples are put in or left out, in silence if there is one in time.

    So are they, but at once, where a sound card's stop left a hole of another length than was thought.

    ``corrected`` counts the samples put in or left out.
    """

    def __init__(self) -> None:
        self.corrected = 0
        self._in, self._out = Pace(), Pace()
        self._taken = np.zeros(0, dtype=np.float32)
        # Which sample is next in turn: of all that were taken, and of all that the microphone gave.
        self._next = self._at = 0
        self._stopped = True

    def took(self, samples: Samples, at_s: float) -> None:
        """The card took these samples (16 kHz), to be heard from ``at_s`` on."""
        self._out.add(len(samples), at_s)
        self._taken = np.concatenate((self._taken, samples))

    def received(self, count: int, at_s: float) -> None:
        """The microphone gave ``count`` samples, caught from ``at_s`` on."""
        self._in.add(count, at_s)

    def ears(self, count: int) -> Samples:
        """What was heard during the next ``count`` samples of the microphone: float32[count]."""
        heard = np.zeros(count, dtype=np.float32)
        late = self._late()
        begin = min(count, self._begin(late, count) if self._stopped else self._correct(late))
        self._at += count
        if not self._stopped:
            ready = self._taken[: count - begin]
            heard[begin : begin + len(ready)] = ready
            self._let_go(len(ready))
            if len(ready) < count - begin:
                # The card took too little, too late. It goes on in its own time.
                self._stopped = True
                self._out.restart()
        return heard

    def _late(self) -> int | None:
        """By how many samples the next one in turn would now be heard too late (negative: too early)."""
        if self._in.ahead is None or self._out.ahead is None:
            return None
        return round(self._at + self._out.ahead - self._in.ahead) - self._next

    def _begin(self, late: int | None, count: int) -> int:
        """How many samples of silence come before the first that the card took, if that comes now."""
        if late is None and self._next:
            # How it goes on shows later; what is there now is heard now or soon.
            late = 0
        if late is None or late <= -count or not len(self._taken):
            return count
        self._stopped = False
        self._let_go(min(max(0, late), _silent(self._taken)))
        return max(0, -late)

    def _correct(self, late: int | None) -> int:
        """How many samples of silence to put in; those that come too late are left out."""
        silent = _silent(self._taken)
        if late is None or abs(late) < (_OFF if silent else _FAR_OFF):
            return 0
        if late < 0:
            put_in = min(-late, RATE_HZ // 50)
            self.corrected += put_in
            return put_in
        left_out = min(late, len(self._taken)) if late >= _FAR_OFF else min(late, silent)
        self.corrected += left_out
        self._let_go(left_out)
        return 0

    def _let_go(self, count: int) -> None:
        self._taken, self._next = self._taken[count:], self._next + count


def _steady(values: Iterable[float]) -> float:
    """The mean of the upper half without its top tenth: blocks come late, or very late, but hardly early."""
    ordered = np.sort(list(values))
    return float(ordered[len(ordered) // 2 : len(ordered) - len(ordered) // 10].mean())


def _silent(samples: Samples) -> int:
    """How many samples at the front are silence."""
    sounding = np.flatnonzero(np.abs(samples) > _SILENCE)
    return int(sounding[0]) if len(sounding) else len(samples)
