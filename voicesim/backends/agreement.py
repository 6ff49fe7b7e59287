"""Krippendorff's alpha by NLTK, which is loaded when it is asked for."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from voicesim.errors import MissingPart

Level = Literal["nominal", "interval"]
Unit = tuple[float, ...]


class NltkAlpha:
    """Krippendorff's alpha of units, for :func:`voicesim.coach.agreement.agreement`.

    A unit has the values that judges gave to one thing. Who gave which does not matter to alpha, and a judge who said
    nothing is left out of the unit.
    """

    def __init__(self) -> None:
        """Load the library. Raises MissingPart if it is not there."""
        try:
            from nltk.metrics.agreement import AnnotationTask
            from nltk.metrics.distance import binary_distance, interval_distance
        except ImportError as error:
            mend = 'Run: pip install "voicesim[review]"'
            raise MissingPart("agreement is counted by the library NLTK, which is not installed", mend=mend) from error
        self._task: Callable[..., Any] = AnnotationTask
        self._distance: Mapping[Level, Any] = {"nominal": binary_distance, "interval": interval_distance}

    def alpha(self, units: Sequence[Unit], level: Level) -> float:
        """Alpha: 1 is full agreement, 0 what chance would give, below 0 worse than chance.

        At least one unit must have two values, and not all values of such units may be one.
        """
        said = [(judge, item, value) for item, unit in enumerate(units) for judge, value in enumerate(unit)]
        return float(self._task(said, distance=self._distance[level]).alpha())

    def drawn(
        self, calls: Sequence[Sequence[Unit]], draws: Sequence[Sequence[int]], level: Level
    ) -> tuple[float | None, ...]:
        """Alpha of each draw: numbers of calls, one may come several times. None where it has no two different values.

        What a call adds to the disagreement that is seen, and to the values among which chance would choose, is
        counted once and added up for each draw; the disagreement itself is the library's.
        """
        task = self._task(distance=self._distance[level])
        paired = [[unit for unit in call if len(unit) > 1] for call in calls]
        seen = [sum(task.Disagreement(_counted([unit])) * len(unit) for unit in call) for call in paired]
        values = [_counted(call) for call in paired]
        alphas: list[float | None] = []
        for draw in draws:
            among: dict[float, int] = {}
            for call in draw:
                for value, times in values[call].items():
                    among[value] = among.get(value, 0) + times
            if len(among) < 2:
                alphas.append(None)
                continue
            by_chance = task.Disagreement(among)
            alphas.append(1.0 - sum(seen[call] for call in draw) / sum(among.values()) / by_chance)
        return tuple(alphas)


def _counted(units: Sequence[Unit]) -> dict[float, int]:
    counted: dict[float, int] = {}
    for unit in units:
        for value in unit:
            counted[value] = counted.get(value, 0) + 1
    return counted
