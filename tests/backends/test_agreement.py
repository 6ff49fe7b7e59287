"""Alpha as Krippendorff's own worked examples have it."""

import sys

import numpy as np
import pytest

from voicesim.backends.agreement import NltkAlpha
from voicesim.errors import MissingPart

_ = None
#: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, C and D: 4 observers, 12 units, values missing.
FOUR_OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3),
    (_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _),
)
#: The same, section A: 2 observers, 10 units, binary.
TWO_OBSERVERS = ((0, 1, 0, 0, 0, 0, 0, 0, 1, 0), (1, 1, 1, 0, 0, 1, 0, 0, 0, 0))


def units(observers):
    columns = zip(*observers, strict=True)
    return [tuple(float(value) for value in column if value is not None) for column in columns]


@pytest.fixture(scope="module")
def alpha():
    return NltkAlpha()


@pytest.mark.parametrize(
    ("observers", "level", "published"),
    [
        (FOUR_OBSERVERS, "nominal", 0.743),
        (FOUR_OBSERVERS, "interval", 0.849),
        (TWO_OBSERVERS, "nominal", 0.095),
    ],
)
def test_alpha_is_that_of_the_published_examples(alpha, observers, level, published):
    assert alpha.alpha(units(observers), level) == pytest.approx(published, abs=0.0005)


@pytest.mark.parametrize("level", ["nominal", "interval"])
def test_a_draw_has_the_alpha_that_its_units_have(alpha, level):
    """What is added up call by call is what the library counts over all units at once."""
    rng = np.random.default_rng(5)
    calls = [[tuple(map(float, rng.integers(0, 4, rng.integers(1, 4)))) for _ in range(3)] for _ in range(6)]
    draws = [list(range(6)), *rng.integers(0, 6, (20, 6)).tolist()]
    whole = [alpha.alpha([unit for call in draw for unit in calls[call]], level) for draw in draws]
    assert alpha.drawn(calls, draws, level) == pytest.approx(whole)


def test_a_draw_without_two_different_values_has_no_alpha(alpha):
    assert alpha.drawn([[(1.0, 1.0)], [(0.0, 1.0)], []], [[0, 0, 0], [2, 2, 2], [0, 1, 2]], "nominal") == (
        None,
        None,
        pytest.approx(0.0),
    )


def test_without_the_library_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "nltk.metrics.agreement", None)
    with pytest.raises(MissingPart, match=r"pip install .voicesim\[review\]"):
        NltkAlpha()
