"""Boxes against numpy and matplotlib's own."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.cbook import boxplot_stats

from spikelib.statistics.distributions.boxes import boxes, node_values
from spikelib.summary.by_class import by_class
from tests.statistics.trains import Case, poisson


def mixed() -> Case:
    """Return nodes of two classes and an input, silent ones among them."""
    case = poisson(3, 60, 8.0, 4.0)
    trains = [train[: 3 * k] for k, train in enumerate(case.trains[:40])] + case.trains[40:]
    return Case(trains, np.repeat([0, 1, 2], [30, 25, 5]), case.spec)


@pytest.mark.parametrize("part", ["rate", "cv"])
def test_boxes_are_those_of_matplotlib(part: str) -> None:
    case = mixed()
    for k, box in enumerate(boxes(by_class(case.summary), part)):
        trains = case.of_class(k)
        values = [len(train) / 4.0 for train in trains]
        if part == "cv":
            values = [np.diff(train).std() / np.diff(train).mean() for train in trains if len(train) > 10]
        expected = boxplot_stats(values, whis=1.5)[0]
        assert box.n_nodes == len(values)
        found = (box.low, box.q1, box.median, box.q3, box.high, box.mean)
        names = ("whislo", "q1", "med", "q3", "whishi", "mean")
        assert found == pytest.approx([expected[name] for name in names], rel=1e-6)
        assert box.n_below + box.n_above == len(expected["fliers"])
        assert box.highest == pytest.approx(max(values), rel=1e-6)


def test_fewest_intervals_are_those_of_the_config() -> None:
    case = mixed()
    few = Case(case.trains, case.of_row, type(case.spec)(**{**vars(case.spec), "cv_min_intervals": 3}))
    n_nodes = [int(np.isfinite(node_values(each.summary, "cv")).sum()) for each in (case, few)]
    assert n_nodes == [sum(len(train) > least for train in case.trains) for least in (10, 3)]
    assert n_nodes[0] < n_nodes[1]


def test_a_class_without_a_value_has_an_empty_box() -> None:
    case = Case([np.array([1.0, 2.0]), np.empty(0)], np.array([0, 1]), poisson(1, 1, 1.0, 1.0).spec)
    box = boxes(by_class(case.summary), "cv")[0]
    assert (box.n_nodes, box.n_below, box.n_above) == (0, 0, 0)
    assert np.isnan([box.low, box.median, box.mean]).all()
