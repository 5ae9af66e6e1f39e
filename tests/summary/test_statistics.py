"""Statistics against elephant, numpy and cases by hand."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from spikelib.summary.accumulate import summarise
from spikelib.summary.model import Nodes, SummarySpec
from spikelib.summary.statistics import node_columns, node_measures, statistics


@pytest.fixture(scope="module")
def trains() -> list[np.ndarray]:
    """Gamma trains of seven nodes, the fifth of one spike and the last silent."""
    random = np.random.default_rng(11)
    trains = [np.cumsum(random.gamma(shape, 20.0 / shape, 400)) for shape in (0.5, 1, 2, 4, 8, 1, 1)]
    trains = [train[train < 5000] for train in trains]
    return [*trains[:4], trains[4][:1], trains[5], np.empty(0)]


@pytest.fixture(scope="module")
def summary(trains, nodes, axis):
    times = np.concatenate(trains)
    rows = np.repeat(np.arange(7, dtype=np.int32), [len(train) for train in trains])
    order = np.argsort(times, kind="stable")
    spec = SummarySpec(start=0.0, stop=5000.0, rate_bin=50.0)
    return summarise([(times[order], rows[order])], spec, nodes, axis)


@pytest.mark.parametrize("name", ["cv", "cv2", "lv", "lvr"])
def test_irregularity_equals_elephant(summary, trains, name):
    elephant = pytest.importorskip("elephant.statistics")
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


def test_rates_equal_numpy(summary, trains):
    rates = np.array([len(train) for train in trains]) / 5.0
    found = statistics(summary)
    assert found["overall"]["rate_mean_hz"] == pytest.approx(rates.mean())
    assert found["overall"]["rate_sd_hz"] == pytest.approx(rates.std())
    assert found["overall"]["rate_p95_hz"] == pytest.approx(np.percentile(rates, 95))
    assert found["overall"]["rate_mean_active_hz"] == pytest.approx(rates[rates > 0].mean())
    assert found["populations"]["inh"]["rate_mean_hz"] == pytest.approx(rates[4:].mean())
    assert (found["populations"]["inh"]["n_nodes"], found["populations"]["inh"]["n_active"]) == (3, 2)


def test_intervals_equal_numpy(summary, trains):
    found = statistics(summary)["populations"]["exc"]
    intervals = np.concatenate([np.diff(train) for train in trains[:4]])
    assert found["n_isi"] == len(intervals)
    assert found["isi_mean_ms"] == pytest.approx(intervals.mean())
    assert found["isi_median_ms"] == pytest.approx(np.median(intervals), abs=summary.isi.bin_width)
    assert found["isi_min_ms"] == pytest.approx(intervals.min())
    assert found["refractory_violations"] == np.count_nonzero(intervals < 2.0)


def test_peak_and_fano_equal_numpy(summary, trains):
    counts, edges = np.histogram(np.concatenate(trains), bins=np.arange(0, 5001, 50.0))
    found = statistics(summary)["overall"]
    assert found["peak_rate_hz"] == pytest.approx(counts.max() / 0.05 / 7)
    assert found["peak_time_ms"] == edges[counts.argmax()] + 25
    assert found["fano_factor"] == pytest.approx(counts.var() / counts.mean())


def test_nodes_that_were_not_simulated_count_only_if_they_fired(axis):
    nodes = Nodes(("exc",), np.array([0, 7]), np.arange(7), np.array([1, 1, 0, 0, 0, 0, 0], np.bool_))
    spec = SummarySpec(start=0.0, stop=1000.0, rate_bin=50.0)
    summary = summarise([(np.array([3.0]), np.array([5], np.int32))], spec, nodes, axis)
    found = statistics(summary)["overall"]
    assert (found["n_nodes"], found["n_active"]) == (3, 1)
    assert node_columns(summary)["ids"].tolist() == [0, 1, 5]


def test_nothing_defined_without_spikes(nodes, axis):
    spec = SummarySpec(start=0.0, stop=1000.0, rate_bin=50.0)
    found = statistics(summarise([], spec, nodes, axis))["overall"]
    assert (found["n_nodes"], found["n_spikes"], found["rate_mean_hz"]) == (7, 0, 0.0)
    undefined = (
        "peak_rate_hz",
        "isi_mean_ms",
        "isi_median_ms",
        "cv_mean",
        "lv_mean",
        "fano_factor",
        "first_spike_median_ms",
    )
    assert [found[name] for name in undefined] == [None] * len(undefined)


def test_regular_train_has_no_variation(nodes, axis):
    spec = SummarySpec(start=0.0, stop=1000.0, rate_bin=50.0)
    times = np.arange(1, 100) * 10.0
    summary = summarise([(times, np.zeros(99, np.int32))], spec, nodes, axis)
    measures = node_measures(summary)
    assert measures["cv"][0] == measures["cv2"][0] == measures["lv"][0] == 0.0
