"""The few things that a summary computes of itself."""

from __future__ import annotations

import numpy as np
import pytest

from spikelib.summary.accumulate import summarise
from spikelib.summary.model import GrowingHistogram, per_population, ratio, united_counts, united_edges


@pytest.mark.parametrize(
    ("merge", "edges", "counts"),
    [
        (1, [0, 1, 2, 3, 3.5], [[1, 2, 3, 4], [5, 6, 7, 8]]),
        (2, [0, 2, 3.5], [[3, 7], [11, 15]]),
        (3, [0, 3, 3.5], [[6, 4], [18, 8]]),
        (9, [0, 3.5], [[10], [26]]),
    ],
)
def test_neighbouring_bins_are_united(merge: int, edges: list[float], counts: list[list[int]]) -> None:
    assert united_edges(np.array([0, 1, 2, 3, 3.5]), merge).tolist() == edges
    assert united_counts(np.arange(1, 9).reshape(2, 4), merge).tolist() == counts


def test_flags_are_counted_in_each_population() -> None:
    flags = np.array([True, False, True, True, False])
    assert per_population(flags, np.array([0, 2, 2, 5])).tolist() == [1, 0, 2], "the second population has no nodes"


def test_ratio_of_nothing_is_zero() -> None:
    assert ratio(np.array([[4, 0], [3, 3]]), np.array([[2.0], [0.0]])).tolist() == [[2.0, 0.0], [0.0, 0.0]]


def test_bin_width_doubles() -> None:
    assert [GrowingHistogram(0.1, k, np.zeros((1, 2), np.int64)).bin_width for k in (0, 1, 3)] == [0.1, 0.2, 0.8]


def test_rate_bins_unite_the_fine_ones(spec, nodes, axis) -> None:
    times = np.array([0.0, 1.9, 2.0, 9.9, 10.0, 94.9])
    summary = summarise([(times, np.array([0, 1, 4, 2, 5, 3], np.int32))], spec, nodes, axis)
    assert summary.n_spikes == 6
    assert len(summary.fine_edges) == 49
    assert summary.rate_edges.tolist() == [*range(0, 91, 10), 95.0]
    assert summary.rate_counts[:, [0, 1, -1]].tolist() == [[3, 0, 1], [1, 1, 0]]
    assert summary.fine_counts[:, :2].tolist() == [[2, 0], [0, 1]]
