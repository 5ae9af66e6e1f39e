"""The few things that a summary computes of itself."""

from __future__ import annotations

import numpy as np
import pytest

from spikelib.summary.accumulate import summarise
from spikelib.summary.model import GrowingHistogram, RasterAxis, per_population, ratio, united_counts, united_edges


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


@pytest.mark.parametrize(
    ("label", "quantity"),
    [("y [µm]", "y"), ("layer (number of nodes)", "layer"), ("nodes, by id", "nodes, by id"), ("a [b]", "a [b]")],
)
def test_axis_knows_what_it_shows(label: str, quantity: str) -> None:
    assert RasterAxis(label, np.zeros(1), (0.0, 1.0), (), ()).quantity == quantity


@pytest.mark.parametrize(
    ("y", "by_id"), [([0.0, 1.0, 9.0], True), ([0.0, 1.0, 1.0], False), ([0.0, np.nan, 1.0], False), ([], True)]
)
def test_axis_knows_whether_nodes_are_ordered_by_id(y: list[float], by_id: bool) -> None:
    assert RasterAxis("x", np.array(y), (0.0, 9.0), (), ()).by_id is by_id


@pytest.mark.parametrize("separators", [(1.5, 3.0), ()], ids=["separators", "middles"])
def test_bands_are_parted_by_the_separators(separators: tuple[float, ...]) -> None:
    axis = RasterAxis("x", np.zeros(1), (0.0, 4.0), ((2.0, "b"), (1.0, "a"), (4.0, "c")), separators)
    assert axis.bands == ((0.0, 1.5, "a"), (1.5, 3.0, "b"), (3.0, 4.0, "c"))
    assert RasterAxis("x", np.zeros(1), (0.0, 4.0), (), ()).bands == ()


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
