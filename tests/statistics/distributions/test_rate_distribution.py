"""Distributions of rates over nodes, against numpy and cases by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikelib.statistics.distributions.intervals import isi_histogram, log_isi_histogram
from spikelib.statistics.distributions.rate_distribution import rate_distribution, rate_steps
from spikelib.statistics.rate_curves import rate_curves, rate_widths
from tests.figures.builders import build_summary

if TYPE_CHECKING:
    from spikelib.summary.model import Summary

SECONDS = 1.5


def of_counts(*populations: list[int] | np.ndarray, simulated: bool = True, stop: float = 1000 * SECONDS) -> Summary:
    """Summarise populations of which node i fired as often as the i-th number says, all at once."""
    trains = {
        f"p{k}": (len(counts), np.full(int(np.sum(counts)), 1.0), np.repeat(np.arange(len(counts)), counts))
        for k, counts in enumerate(populations)
    }
    return build_summary(trains, simulated=simulated, stop=stop, raster_shape=(1, 1))


def with_rates(spikes: list[int] | np.ndarray) -> Summary:
    """Return a summary that knows of one population how often each node fired, and nothing else."""
    empty = build_summary({"p": (len(spikes), [], [])}, stop=1000 * SECONDS, raster_shape=(1, 1))
    return replace(empty, counters=replace(empty.counters, count=np.array(spikes, np.int64)))


@pytest.fixture(scope="module")
def skewed() -> np.ndarray:
    """Return the spikes of 900 nodes, a third of them silent."""
    random = np.random.default_rng(21)
    return np.where(random.random(900) < 1 / 3, 0, random.lognormal(2.5, 1, 900).astype(int))


def test_linear_bins_equal_numpy(skewed: np.ndarray) -> None:
    view = rate_distribution(of_counts(skewed, skewed[:100]))
    for row, counts in zip(view.counts, (skewed, skewed[:100]), strict=True):
        # A quarter of a spike below the edges: k / T compares there as it should.
        np.testing.assert_array_equal(row, np.histogram(counts / SECONDS, view.edges - 0.25 / SECONDS)[0])
    assert view.n_silent.tolist() == [np.count_nonzero(skewed == 0), np.count_nonzero(skewed[:100] == 0)]
    assert view.n_nodes.tolist() == [900, 100]


def test_log_bins_equal_numpy_and_leave_out_the_silent(skewed: np.ndarray) -> None:
    view = rate_distribution(of_counts(skewed))
    fired = skewed[skewed > 0]
    np.testing.assert_array_equal(view.log_counts[0], np.histogram(fired / SECONDS, view.log_edges - 0.25 / SECONDS)[0])
    assert view.log_counts.sum() == fired.size
    assert view.log_edges[0] == fired.min() / SECONDS
    large = view.log_edges[view.log_edges > 20]
    np.testing.assert_allclose(np.diff(np.log10(large))[:-1], 0.1, atol=0.01)


def test_edges_are_multiples_of_one_spike_in_the_window(skewed: np.ndarray) -> None:
    view = rate_distribution(of_counts(skewed))
    for edges in (view.edges * SECONDS, view.log_edges * SECONDS):
        np.testing.assert_allclose(edges, edges.round(), atol=1e-9)
        assert (np.diff(edges) > 0).all()
    assert np.diff(view.edges)[0] == pytest.approx(2.0), "a round number of Hz, not of spikes"


@pytest.mark.parametrize("most", [19, 20, 45, 333, 100_000], ids="{} spikes".format)
def test_number_of_linear_bins_without_a_tail(most: int) -> None:
    spikes = np.linspace(0, most, 200).astype(int)
    assert 20 <= rate_distribution(with_rates(spikes)).counts.shape[1] <= 62


def test_a_long_tail_does_not_hide_the_bulk() -> None:
    view = rate_distribution(with_rates([*range(101), *range(101), 950]))
    assert np.count_nonzero(view.edges < 100 / SECONDS) >= 20
    assert view.counts.shape[1] <= 200
    assert view.counts[0, -1] == 1


def test_few_spikes_have_a_bin_for_each_count() -> None:
    view = rate_distribution(of_counts([0, 1, 1, 3], [2], stop=2000.0))
    assert view.edges.tolist() == [0.0, 0.5, 1.0, 1.5, 2.0]
    assert view.counts.tolist() == [[1, 2, 0, 1], [0, 0, 1, 0]]
    assert view.log_edges.tolist() == [0.5, 1.0, 1.5, 2.5]
    assert view.log_counts.tolist() == [[2, 0, 1], [0, 1, 0]]
    assert view.simulated.tolist() == [True, True]


def test_nodes_that_are_not_known_as_simulated_count_if_they_fired() -> None:
    view = rate_distribution(of_counts([0, 5, 0, 2], simulated=False))
    assert (view.n_nodes.tolist(), view.n_silent.tolist(), view.simulated.tolist()) == ([2], [0], [False])
    assert view.counts.sum() == 2


@pytest.mark.parametrize(
    "populations", [([],), ([], []), ([0, 0, 0],), ([], [0])], ids=["none", "two", "silent", "both"]
)
def test_nothing_fired(populations: tuple[list[int], ...]) -> None:
    view = rate_distribution(of_counts(*populations))
    sizes = [len(population) for population in populations]
    assert view.counts.sum(axis=1).tolist() == view.n_silent.tolist() == view.n_nodes.tolist() == sizes
    assert not view.log_counts.any()
    assert view.log_counts.shape == (len(populations), len(view.log_edges) - 1)


def test_a_window_of_one_moment_has_no_rates() -> None:
    summary = of_counts([0, 1, 2], stop=2.0)
    moment = replace(summary, spec=replace(summary.spec, start=1.0, stop=1.0))
    view = rate_distribution(moment)
    assert view.note == "the window is a single moment: there are no rates"
    assert (view.counts.sum(), view.log_counts.sum()) == (0, 0)
    assert (view.n_nodes.tolist(), view.n_silent.tolist()) == ([3], [1])
    assert rate_steps(moment).rates_hz.size == 0


def test_steps_are_the_distribution_function() -> None:
    steps = rate_steps(of_counts([0, 0, 3, 3], [6, 3]))
    assert steps.exact
    assert steps.rates_hz.tolist() == [0.0, 2.0, 4.0]
    np.testing.assert_allclose(steps.shares, [2 / 6, 5 / 6, 1])


def test_many_steps_are_thinned_to_quantiles_that_lie_on_the_function() -> None:
    counts = np.random.default_rng(2).integers(0, 4000, 3000)
    steps = rate_steps(of_counts(counts))
    assert not steps.exact
    assert steps.rates_hz.size == 256
    exact = np.searchsorted(np.sort(counts), np.round(steps.rates_hz * SECONDS), side="right") / 3000
    np.testing.assert_allclose(steps.shares, exact)
    # Just before a point the function is at most 1/256 above the point before.
    before = np.searchsorted(np.sort(counts), np.round(steps.rates_hz * SECONDS), side="left") / 3000
    assert (before[1:] - steps.shares[:-1]).max() <= 1 / 256
    assert steps.shares[-1] == 1.0


def test_no_nodes_have_no_steps() -> None:
    steps = rate_steps(of_counts([]))
    assert (steps.rates_hz.size, steps.shares.size, steps.exact) == (0, 0, True)


@settings(deadline=None, max_examples=150)
@given(
    counts=st.lists(st.lists(st.one_of(st.integers(0, 4), st.integers(0, 900)), max_size=15), min_size=1, max_size=3),
    stop=st.sampled_from([1.0, 95.0, 1000.0, 1234.5]),
)
def test_every_view_counts_what_the_summary_counted(counts: list[list[int]], stop: float) -> None:
    summary = of_counts(*counts, stop=stop)
    spikes = [sum(row) for row in counts]
    fired = [np.count_nonzero(row) for row in counts]
    n_intervals = sum(spikes) - sum(fired)
    view = rate_distribution(summary)
    assert view.counts.sum(axis=1).tolist() == view.n_nodes.tolist() == [len(row) for row in counts]
    assert view.log_counts.sum(axis=1).tolist() == fired == (view.n_nodes - view.n_silent).tolist()
    for width in rate_widths(summary):
        assert rate_curves(summary, binsize=width).counts.sum(axis=1).tolist() == spikes
    logarithmic = log_isi_histogram(summary)
    assert logarithmic.counts.sum() + logarithmic.n_below.sum() == logarithmic.n_intervals == n_intervals
    assert isi_histogram(summary).counts.sum() == n_intervals
    steps = rate_steps(summary)
    heights = np.diff(steps.shares, prepend=0.0) * sum(map(len, counts))
    assert float(heights @ steps.rates_hz) * stop / 1000 == pytest.approx(sum(spikes))
