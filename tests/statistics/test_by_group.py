"""Statistics against elephant, numpy and cases by hand."""

from __future__ import annotations

import numpy as np
import pytest

from spikelib.statistics.by_group import statistics
from spikelib.summary.accumulate import summarise
from spikelib.summary.model import SummarySpec


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


def test_nothing_depends_on_the_bins_of_a_figure(summary, trains, nodes, axis):
    times = np.concatenate(trains)
    rows = np.repeat(np.arange(7, dtype=np.int32), [len(train) for train in trains])
    order = np.argsort(times, kind="stable")
    other = SummarySpec(start=0.0, stop=5000.0, rate_bin=7.0, isi_bin=3.0, frequency_bin=2.0, raster_cap=10)
    assert statistics(summarise([(times[order], rows[order])], other, nodes, axis)) == statistics(summary)


@pytest.mark.parametrize(("intervals", "median"), [([3.0], 3.0), ([1.0, 2.0], 1.5), ([1.0, 2.0, 9.0], 2.0)])
@pytest.mark.parametrize("centred", [False, True])
def test_median_interval_is_that_of_numpy(nodes, axis, intervals, median, centred):
    spec = SummarySpec(start=0.0, stop=100.0, rate_bin=50.0, centred=centred)
    times = np.concatenate([[0.0], np.cumsum(intervals)])
    found = statistics(summarise([(times, np.zeros(len(times), np.int32))], spec, nodes, axis))["overall"]
    assert found["isi_median_ms"] == pytest.approx(median, abs=1e-9 if centred else 0.05 + 1e-9)


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
        "sync_fano",
        "pair_covariance",
        "rhythm_hz",
        "drift",
        "gini",
        "first_spike_median_ms",
    )
    assert [found[name] for name in undefined] == [None] * len(undefined)
