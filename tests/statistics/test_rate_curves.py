"""Firing rates over time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from spikelib.errors import PlotError
from spikelib.statistics.rate_curves import rate_curves, rate_widths
from tests.figures.builders import build_summary
from tests.statistics.distributions.test_intervals import _fine


def test_rates_divide_by_nodes_and_true_bin_widths() -> None:
    # Window 0 to 25 ms in bins of 10 ms: the last bin is 5 ms wide. Two of four nodes of a fire, one of two of b.
    summary = build_summary({"a": (4, [1.0, 2.0, 11.0, 25.0], [0, 1, 0, 0]), "b": (2, [21.0], [1])}, stop=25.0)
    active = rate_curves(summary)
    assert active.edges.tolist() == [0.0, 10.0, 20.0, 25.0]
    assert active.n_nodes.tolist() == [2, 1]
    np.testing.assert_allclose(active.rates_hz, [[100.0, 50.0, 100.0], [0.0, 0.0, 200.0]])
    np.testing.assert_allclose(active.total_hz, [2 / 0.03, 1 / 0.03, 2 / 0.015])
    assert not active.simulated.any()
    every = rate_curves(summary, "all")
    assert every.n_nodes.tolist() == [4, 2]
    np.testing.assert_allclose(every.rates_hz, [[50.0, 25.0, 50.0], [0.0, 0.0, 100.0]])
    assert every.simulated.all()


def test_a_constant_train_has_a_constant_rate_to_the_end() -> None:
    summary = build_summary({"a": (1, np.arange(0.5, 96.0), [0] * 96)}, stop=96.0)
    np.testing.assert_allclose(rate_curves(summary).rates_hz, 1000.0)


def test_all_counts_nodes_that_fired_without_being_known_as_simulated() -> None:
    curves = rate_curves(build_summary({"a": (4, [5.0], [2])}, simulated=False), "all")
    assert curves.n_nodes.tolist() == [1]
    assert not curves.simulated.any()


def test_no_nodes_that_fired_give_zero_rates() -> None:
    curves = rate_curves(build_summary({"a": (3, [], []), "b": (2, [5.0], [0])}))
    assert curves.n_nodes.tolist() == [0, 1]
    assert not curves.rates_hz[0].any()


def test_unknown_denominator() -> None:
    with pytest.raises(PlotError, match=r"'some'.*'active' or 'all'"):
        rate_curves(build_summary({"a": (1, [], [])}), "some")  # type: ignore[arg-type]


@pytest.mark.parametrize("binsize", [None, 2.0, 4.0, 6.0, 10.0, 20.0, 94.0, 96.0, 1000.0])
def test_rates_in_any_multiple_of_the_fine_bin_equal_numpy(binsize: float | None) -> None:
    times = np.random.default_rng(6).uniform(0, 95, 400)
    curves = rate_curves(_fine(times), binsize=binsize)
    width = binsize or 10.0
    edges = [*np.arange(0, 95, width), 95.0]
    np.testing.assert_allclose(curves.edges, edges, rtol=1e-12)
    counts = np.histogram(times, edges)[0]
    np.testing.assert_array_equal(curves.counts, [counts])
    np.testing.assert_allclose(curves.rates_hz[0], counts / np.diff(edges) * 1000)
    np.testing.assert_allclose(curves.total_hz, curves.rates_hz[0])


@pytest.mark.parametrize(
    ("binsize", "message"),
    [
        (3.0, "rate binsize 3 ms is no multiple of the summary's fine bins of 2 ms"),
        (1.0, "1 ms is no multiple"),
        (0.0, "must be a positive number"),
        (float("inf"), "must be a positive number"),
    ],
)
def test_unusable_rate_binsize(binsize: float, message: str) -> None:
    with pytest.raises(PlotError, match=message):
        rate_curves(_fine([5.0]), binsize=binsize)


@pytest.mark.parametrize(
    ("options", "widths"),
    [
        ({"rate_bin": 10.0, "rate_parts": 10, "stop": 1500.0}, (1, 2, 5, 10, 20, 50, 100)),
        ({"rate_bin": 10.0, "rate_parts": 10, "stop": 5000.0}, (5, 10, 20, 50, 100, 200, 500)),
        ({"rate_bin": 5.0, "rate_parts": 1, "stop": 1000.0}, (5, 10, 25, 50, 100)),
        ({"rate_bin": 30.0, "rate_parts": 3, "stop": 1000.0}, (10, 20, 30, 50, 100)),
        ({"rate_bin": 500.0, "rate_parts": 10, "stop": 100.0}, (500,)),
        ({"rate_bin": 0.1, "rate_parts": 1, "stop": 1000.0}, (0.1, 0.5, 1, 2, 5, 10, 20, 50, 100)),
    ],
    ids=["demo", "too many", "undivided", "own is no round number", "own is too wide", "own is too narrow"],
)
def test_widths_to_choose_from(options: dict[str, Any], widths: tuple[float, ...]) -> None:
    summary = build_summary({"a": (1, [], [])}, raster_shape=(1, 1), **options)
    assert rate_widths(summary) == pytest.approx(widths)
    assert summary.spec.rate_bin in rate_widths(summary)
    for width in rate_widths(summary):
        assert rate_curves(summary, binsize=width).edges[1] == pytest.approx(min(width, options["stop"]))
