"""Measures of single nodes."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from spikelib.statistics.by_group import statistics
from spikelib.statistics.node_table import node_columns
from spikelib.statistics.nodes import node_measures
from spikelib.summary.accumulate import summarise
from spikelib.summary.model import Nodes, SummarySpec


@pytest.mark.parametrize("name", ["cv", "cv2", "lv", "lvr"])
def test_irregularity_equals_elephant(summary, trains, name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # elephant 1.1 warns of an invalid escape in a docstring of its own
        import elephant.statistics as elephant

    measured = node_measures(summary)[name]
    for row, train in enumerate(trains):
        intervals = np.diff(train)
        if len(intervals) < 2:
            assert np.isnan(measured[row])
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = getattr(elephant, name)(intervals)
        assert measured[row] == pytest.approx(float(expected), rel=1e-6)


def test_nodes_that_were_not_simulated_count_only_if_they_fired(axis):
    nodes = Nodes(("exc",), np.array([0, 7]), np.arange(7), np.array([1, 1, 0, 0, 0, 0, 0], np.bool_))
    spec = SummarySpec(start=0.0, stop=1000.0, rate_bin=50.0)
    summary = summarise([(np.array([3.0]), np.array([5], np.int32))], spec, nodes, axis)
    found = statistics(summary)["overall"]
    assert (found["n_nodes"], found["n_active"]) == (3, 1)
    assert node_columns(summary)["ids"].tolist() == [0, 1, 5]


def test_regular_train_has_no_variation(nodes, axis):
    spec = SummarySpec(start=0.0, stop=1000.0, rate_bin=50.0)
    times = np.arange(1, 100) * 10.0
    summary = summarise([(times, np.zeros(99, np.int32))], spec, nodes, axis)
    measures = node_measures(summary)
    assert measures["cv"][0] == measures["cv2"][0] == measures["lv"][0] == 0.0
