"""The few statistics that the tension benchmarks need: a ridge logistic fit, ROC figures, intervals by speaker."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: Ridge on the standardized weights: keeps three nearly collinear features from trading places. Set, not searched.
RIDGE = 0.01


def logistic(features: Floats, positive: Flags, weight: Floats) -> Floats:
    """Intercept and weights, float64[1 + k], of a ridge logistic fit of float64[n, k] by Newton's steps."""
    middle = np.average(features, axis=0, weights=weight)
    spread = np.sqrt(np.average((features - middle) ** 2, axis=0, weights=weight))
    design = np.column_stack([np.ones(len(features)), (features - middle) / spread])
    ridge = np.diag([0.0] + [RIDGE] * features.shape[1])
    weight = weight / weight.sum()
    fitted = np.zeros(design.shape[1])
    for _ in range(100):
        chance = 1 / (1 + np.exp(-design @ fitted))
        slope = design.T @ (weight * (chance - positive)) + ridge @ fitted
        curvature = (design.T * (weight * chance * (1 - chance))) @ design + ridge
        step = np.linalg.solve(curvature, slope)
        fitted = fitted - step
        if np.abs(step).max() < 1e-10:
            break
    slopes = fitted[1:] / spread
    return np.concatenate([[fitted[0] - slopes @ middle], slopes])


def quantile(values: Floats, weight: Floats, share: float) -> float:
    """The value that ``share`` of the weight lies at or below."""
    order = np.argsort(values)
    running = np.cumsum(weight[order]) / weight.sum()
    return float(values[order][min(len(values) - 1, np.searchsorted(running, share))])


def area(scores: Floats, positive: Flags, weight: Floats) -> float:
    """Area under the ROC curve: how often a positive stands above a negative (ties count half)."""
    above, below = scores[positive], scores[~positive]
    order = np.argsort(below)
    running = np.concatenate([[0.0], np.cumsum(weight[~positive][order])])
    low, high = (running[np.searchsorted(below[order], above, side=side)] for side in ("left", "right"))
    return float(np.average((low + high) / 2, weights=weight[positive]) / running[-1])


def equal_error(scores: Floats, positive: Flags, weight: Floats) -> float:
    """Equal error rate, 0..1: where false alarms and misses meet (their mean at the nearest threshold)."""
    order = np.argsort(scores)
    negative = np.where(positive, 0.0, weight)[order]
    missed = np.cumsum(np.where(positive, weight, 0.0)[order]) / weight[positive].sum()
    alarms = 1.0 - np.cumsum(negative) / negative.sum()
    nearest = int(np.argmin(np.abs(alarms - missed)))
    return float((alarms[nearest] + missed[nearest]) / 2)


def interval(by_speaker: Mapping[str, object], figure: Callable[[Sequence[str]], float]) -> tuple[float, float]:
    """The 95 % interval of ``figure(speakers)`` by 1000 draws of whole speakers with replacement (seed 2)."""
    rng = np.random.default_rng(2)
    names = sorted(by_speaker)
    drawn = [figure([names[i] for i in rng.integers(0, len(names), len(names))]) for _ in range(1000)]
    low, high = np.nanpercentile(drawn, (2.5, 97.5))
    return float(low), float(high)
