"""Rates and interval histograms against values worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from spikelib.errors import PlotError
from spikelib.statistics.distributions.intervals import isi_cdf, isi_histogram, log_isi_histogram
from spikelib.summary.model import HISTOGRAM_BINS
from tests.figures.builders import build_summary, histogram

if TYPE_CHECKING:
    from spikelib.summary.model import Summary


def _train(intervals: list[float], **options: float):
    times = np.cumsum([0.0, *intervals])
    return build_summary({"a": (1, times, [0] * len(times))}, stop=float(times[-1]) + 1.0, **options)


def _fine(times: list[float] | np.ndarray, stop: float = 95.0, **options: Any) -> Summary:
    """Summarise one node in rate bins of 10 ms that are each counted in five."""
    return build_summary({"a": (1, times, [0] * len(times))}, stop=stop, rate_parts=5, **options)


# --- intervals ---


@pytest.mark.parametrize("n_intervals", [30, 3000])
def test_log_isi_histogram_equals_numpy(n_intervals: int) -> None:
    # Half way between the edges of the fine bins of 0.1 ms: there is no rounding to argue about.
    intervals = np.random.default_rng(8).lognormal(3, 1.2, n_intervals).round(1) + 0.05
    intervals[:3] = 0.05
    view = log_isi_histogram(_train(intervals.tolist()))
    assert view.edges[0] == pytest.approx(0.1)
    assert view.n_below.tolist() == [np.count_nonzero(intervals < 0.1)]
    np.testing.assert_array_equal(view.counts, [np.histogram(intervals, view.edges)[0]])
    assert view.counts.sum() + view.n_below.sum() == view.n_intervals == n_intervals
    assert float(view.density @ np.diff(np.log10(view.edges))) == pytest.approx(1 - view.n_below[0] / n_intervals)


def test_log_isi_edges_are_multiples_of_the_fine_bin_and_evenly_spaced_where_it_allows() -> None:
    view = log_isi_histogram(_train([0.3, 900.05] * 600))
    multiples = view.edges / 0.1
    np.testing.assert_allclose(multiples, multiples.round(), rtol=0, atol=1e-6)
    assert (np.diff(view.edges) > 0).all()
    assert view.edges[-2] <= 900.05 < view.edges[-1]
    long = view.edges[view.edges > 10]
    np.testing.assert_allclose(np.diff(np.log10(long)), 1 / 20, atol=0.005)


def test_log_isi_of_bins_that_grew() -> None:
    largest = 0.1 * HISTOGRAM_BINS * 3
    view = log_isi_histogram(_train([0.05, 5.05, largest]))
    assert view.edges[0] == pytest.approx(0.4)
    assert (view.n_below.tolist(), view.counts.sum()) == ([1], 2)
    assert view.edges[-1] > largest


def test_log_isi_without_intervals() -> None:
    view = log_isi_histogram(build_summary({"a": (2, [1.0, 2.0], [0, 1]), "b": (0, [], [])}))
    assert (view.n_intervals, view.counts.tolist(), view.n_below.tolist()) == (0, [[0], [0]], [0, 0])
    assert view.edges == pytest.approx([0.1, 0.2])
    assert not view.density.any()


def test_isi_cdf_equals_counting() -> None:
    intervals = np.random.default_rng(9).gamma(2, 20, 500).round(1) + 0.05
    edges = np.array([0.0, 0.1, 3.0, 20.0, 55.5, 1e5])
    expected = [np.count_nonzero(intervals < edge) / 500 for edge in edges]
    np.testing.assert_allclose(isi_cdf(_train(intervals.tolist()), edges), expected, atol=1e-12)


def test_isi_cdf_is_linear_within_a_fine_bin_and_zero_without_intervals() -> None:
    summary = _train([5.05, 5.05, 7.05, 7.05])
    np.testing.assert_allclose(isi_cdf(summary, np.array([5.0, 5.025, 5.05, 5.1])), [0, 0.125, 0.25, 0.5])
    assert isi_cdf(_train([]), np.array([1.0, 1e9])).tolist() == [0.0, 0.0]


def test_isi_with_given_binsize() -> None:
    view = isi_histogram(_train([1.0, 2.0, 2.5, 7.0]), binsize=2.0)
    assert view.edges.tolist() == [0.0, 2.0, 4.0, 6.0, 8.0]
    assert view.counts.tolist() == [[1, 2, 0, 1]]
    assert view.density.tolist() == [0.125, 0.25, 0.0, 0.125]
    assert (view.n_intervals, view.n_beyond, view.note) == (4, 0, "")


def test_isi_of_two_populations_never_spans_nodes() -> None:
    summary = build_summary({"a": (2, [0.0, 3.0, 10.0], [0, 1, 0]), "b": (1, [1.0, 6.0], [0, 0])})
    assert isi_histogram(summary, binsize=5.0).counts.tolist() == [[0, 0, 1], [0, 1, 0]]


@pytest.mark.parametrize("use_frequency", [False, True], ids=["intervals", "frequency"])
@pytest.mark.parametrize("binsize", [None, 0.1, 5.0, 1e6], ids=["chosen", "finest", "five", "huge"])
def test_isi_density_has_area_one_and_covers_all(use_frequency: bool, binsize: float | None) -> None:
    intervals = np.random.default_rng(3).gamma(2.0, 20.0, 2000).round(1) + 0.1
    view = isi_histogram(_train(intervals.tolist()), use_frequency=use_frequency, binsize=binsize)
    values = 1000.0 / intervals if use_frequency else intervals
    assert view.counts.sum() == view.n_intervals == 2000
    assert float(view.density @ np.diff(view.edges)) == pytest.approx(1.0)
    assert view.edges[0] == 0.0
    assert view.edges[-2] <= values.max() + 1e-5 < view.edges[-1] + 2e-5


def test_chosen_isi_bins_are_round_and_about_a_hundred_over_the_bulk() -> None:
    intervals = np.random.default_rng(4).gamma(2.0, 20.0, 20_000).round(1) + 0.1
    view = isi_histogram(_train(intervals.tolist()))
    assert view.bin_width == 2.0
    assert 20 <= view.shown / view.bin_width <= 200


@pytest.mark.parametrize("intervals", [[12.3], [5.0] * 50, [0.0, 0.0]], ids=["one", "regular", "zeros"])
def test_chosen_isi_bins_without_any_spread(intervals: list[float]) -> None:
    view = isi_histogram(_train(intervals))
    assert view.counts.max() == view.n_intervals == len(intervals)
    assert view.edges[-1] > max(intervals)


def test_a_long_tail_is_counted_but_not_shown() -> None:
    view = isi_histogram(_train([10.0] * 600 + [1500.0, 1200.0]), binsize=5.0)
    assert view.shown == 15.0
    assert view.n_beyond == 2
    assert view.edges[-1] == 1505.0


def test_zero_intervals_have_no_frequency() -> None:
    view = isi_histogram(_train([0.0, 0.0, 10.0]), use_frequency=True, binsize=50.0)
    assert view.counts.tolist() == [[0, 0, 1]]


def test_no_intervals() -> None:
    view = isi_histogram(build_summary({"a": (2, [1.0, 2.0], [0, 1])}))
    assert (view.n_intervals, view.n_beyond) == (0, 0)
    assert view.edges.tolist() == [0.0, 0.1]
    assert not view.density.any()


def test_bins_that_had_to_grow_are_told() -> None:
    largest = 0.1 * HISTOGRAM_BINS * 3  # two doublings: 0.4 ms
    view = isi_histogram(_train([5.0, largest]), binsize=1.0)
    assert view.bin_width == pytest.approx(0.8)
    assert view.note == "bins of 0.8 ms instead of 1 ms, to hold the largest value"
    assert view.counts.sum() == 2
    assert isi_histogram(_train([5.0, largest]), binsize=2.0).note == ""


@pytest.mark.parametrize(
    ("binsize", "message"),
    [
        (0.25, "0.25 ms is no multiple of the summary's bins of 0.1 ms"),
        (0.01, "0.01 ms is no multiple"),
        (0.0, "must be a positive number"),
        (-1.0, "must be a positive number"),
        (float("nan"), "must be a positive number"),
    ],
)
def test_unusable_binsize(binsize: float, message: str) -> None:
    with pytest.raises(PlotError, match=message):
        isi_histogram(_train([5.0]), binsize=binsize)


def test_builder_doubles_widths_as_the_model_says() -> None:
    grown = histogram(np.array([0.05, 0.1 * HISTOGRAM_BINS]), np.array([0, 0]), 0.1, 1)
    assert (grown.doublings, grown.bin_width) == (1, 0.2)
    assert grown.counts[0, [0, HISTOGRAM_BINS // 2]].tolist() == [1, 1]
