"""Five kinds of made-up agents, best first, and how well a score keeps them in that order."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from voicesim.call.agents import AVERAGE, EXCELLENT, POOR, Profile

#: ``good`` and ``harmful`` lie beyond or between those that scripts are rehearsed with.
KINDS: tuple[Profile, ...] = (
    EXCELLENT,
    Profile(
        name="good",
        attention=0.75,
        techniques=(0, 2),
        mistakes={one: share / 2 for one, share in AVERAGE.mistakes.items()},
        silence=0.01,
    ),
    replace(AVERAGE, name="mixed"),
    POOR,
    Profile(
        name="harmful",
        attention=0.05,
        techniques=(0, 0),
        mistakes={one: min(0.9, 3 * share) for one, share in POOR.mistakes.items()},
        silence=0.08,
    ),
)


def spearman(places: Sequence[float], totals: Sequence[float]) -> float:
    """Spearman's rank correlation, -1..1; equal values share their middle rank.

    >>> round(spearman([1, 2, 3, 4], [10, 20, 20, 90]), 3)
    0.949
    """
    first, second = _ranks(places), _ranks(totals)
    return float(np.corrcoef(first, second)[0, 1])


def _ranks(values: Sequence[float]) -> np.ndarray:
    every = np.asarray(values, float)
    return np.array([(every < one).sum() + ((every == one).sum() - 1) / 2 for one in every])
