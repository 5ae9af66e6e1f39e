"""Distributions of CV and LV against numpy."""

from __future__ import annotations

import numpy as np
import pytest

from spikelib.statistics.distributions.irregularity import irregularity
from spikelib.summary.by_class import by_class
from tests.statistics.distributions.test_boxes import mixed
from tests.statistics.trains import Case, poisson


def local_variation(train: np.ndarray) -> float:
    """Return LV by its definition (Shinomoto et al. 2003); NaN without a pair of intervals."""
    a, b = np.diff(train)[:-1], np.diff(train)[1:]
    return float((3 * ((a - b) / (a + b)) ** 2).mean()) if len(a) else np.nan


@pytest.mark.parametrize("part", ["cv", "lv"])
def test_counts_are_those_of_numpy(part: str) -> None:
    case = mixed()
    found = irregularity(by_class(case.summary), part)
    for k in range(3):
        trains = case.of_class(k)
        if part == "cv":
            values = np.array([np.diff(train).std() / np.diff(train).mean() for train in trains if len(train) > 10])
        else:
            values = np.array([local_variation(train) for train in trains if len(train) > 2])
        expected = np.histogram(values, found.edges)[0]
        np.testing.assert_array_equal(found.counts[k], expected)
        assert found.n_nodes[k] == len(values)
        assert found.n_beyond[k] == len(values) - expected.sum()


def test_clocks_are_in_the_first_bin_and_what_is_beyond_is_counted() -> None:
    spec = poisson(1, 1, 1.0, 40.0).spec
    clock = np.arange(0.0, 30_000.0, 7.3)
    bursty = np.concatenate([np.arange(0.0, 2000.0, 1.0), [39_999.0]])  # CV above 10
    found = irregularity(Case([clock, bursty], np.array([0, 0]), spec).summary, "cv")
    assert found.counts[0, 0] == 1
    assert found.n_beyond[0] == 1
