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


def test_peak_and_fano_equal_numpy(summary, trains):
    counts, edges = np.histogram(np.concatenate(trains), bins=np.arange(0, 5001, 50.0))
    found = statistics(summary)["overall"]
    assert found["peak_rate_hz"] == pytest.approx(counts.max() / 0.05 / 7)
    assert found["peak_time_ms"] == edges[counts.argmax()] + 25
    assert found["fano_factor"] == pytest.approx(counts.var() / counts.mean())


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
