"""How much of its sound a device that goes on owes. Pure: the times come with the blocks."""

import math
from collections import deque

#: What is owed is counted over this long.
WINDOW_S = 10


class Shortfall:
    """Seconds of sound that must have come in the last ten seconds by the clock, and have not.

    Blocks that are late but come owe nothing: the least late one of each second counts.
    """

    def __init__(self) -> None:
        self._given_s = 0.0
        # The second, and how late its least late block was.
        self._seconds: deque[tuple[int, float]] = deque(maxlen=WINDOW_S + 2)

    def add(self, duration_s: float, at_s: float) -> None:
        """So much sound came at ``at_s``, by a clock that never jumps."""
        self._given_s += duration_s
        second, late_s = math.floor(at_s), at_s - self._given_s
        if self._seconds and self._seconds[-1][0] == second:
            late_s = min(late_s, self._seconds.pop()[1])
        self._seconds.append((second, late_s))
        while self._seconds[0][0] < second - WINDOW_S - 1:
            self._seconds.popleft()

    @property
    def owed_s(self) -> float:
        """What is owed of the ten seconds before this one."""
        whole = [late_s for _, late_s in self._seconds][:-1]
        return max(0.0, whole[-1] - min(whole)) if whole else 0.0
