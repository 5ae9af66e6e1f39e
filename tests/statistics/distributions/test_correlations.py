"""Correlations against numpy's matrix, whatever the chunks; a sample that stays the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikelib.statistics.distributions import correlations as module
from spikelib.statistics.distributions.correlations import class_correlations, correlations, pair_histogram, pair_sample
from spikelib.summary.model import PAIR_BINS
from tests.statistics.trains import Case, cases, poisson

if TYPE_CHECKING:
    from spikelib.summary.model import Summary


def spikes_of(case: Case, n_chunks: int = 1) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return all spikes in order, in so many chunks."""
    times = np.concatenate([np.empty(0), *case.trains])
    rows = np.repeat(np.arange(len(case.trains), dtype=np.int32), [len(train) for train in case.trains])
    order = np.argsort(times, kind="stable")
    return list(zip(np.array_split(times[order], n_chunks), np.array_split(rows[order], n_chunks), strict=True))


def by_numpy(case: Case, rows: np.ndarray) -> np.ndarray:
    """Return the matrix of the counts of some nodes in full bins of 2 ms."""
    counts = case.counts([case.trains[int(row)] for row in rows], case.spec.pair_bin)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.atleast_2d(np.corrcoef(counts)) if len(rows) else np.empty((0, 0))


@pytest.mark.parametrize(("n_chunks", "cells"), [(1, 1 << 22), (7, 1 << 22), (5, 200), (1, 1)])
def test_coefficients_are_those_of_numpy(n_chunks: int, cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CELLS", cells)
    case = poisson(5, 30, 20.0, 1.001, depth=1.0)
    case = Case(case.trains, np.repeat([0, 1, 2], 10), case.spec)
    for each in class_correlations(case.summary, spikes_of(case, n_chunks)):
        np.testing.assert_allclose(each.matrix, by_numpy(case, each.rows), atol=1e-12)
        assert len(each.pairs) == 45


@given(cases(), st.integers(1, 4))
@settings(deadline=None, max_examples=60)
def test_coefficients_of_any_trains_are_those_of_numpy(case: Case, n_chunks: int) -> None:
    summary = case.summary
    for k, each in enumerate(class_correlations(summary, spikes_of(case, n_chunks))):
        active = [row for row, train in enumerate(case.trains) if case.of_row[row] == k and len(train)]
        assert each.rows.tolist() == active
        expected = by_numpy(case, each.rows)
        np.testing.assert_array_equal(np.isnan(each.matrix), np.isnan(expected))
        np.testing.assert_allclose(each.matrix, expected, atol=1e-9)


def crowd(first_id: int = 0) -> tuple[Case, Summary]:
    """Return 500 active nodes, and one that is silent."""
    case = poisson(6, 500, 5.0, 2.0)
    case = Case([*case.trains, np.empty(0)], np.zeros(501, int), case.spec)
    summary = case.summary
    return case, replace(summary, nodes=replace(summary.nodes, ids=summary.nodes.ids + first_id))


def test_sample_is_the_same_each_time_and_no_stretch_of_ids() -> None:
    case, summary = crowd()
    rows = class_correlations(summary, spikes_of(case))[0].rows
    assert len(rows) == module.MOST_NODES
    assert np.array_equal(rows, class_correlations(summary, spikes_of(case, 3))[0].rows)
    assert (summary.counters.count[rows] > 0).all()
    assert np.diff(rows).max() > 1
    # A node is taken for its own id: others that are silent now change only who takes their place.
    without = Case([t if k != rows[0] else np.empty(0) for k, t in enumerate(case.trains)], case.of_row, case.spec)
    fewer = class_correlations(without.summary, spikes_of(without))[0].rows
    assert len(set(rows.tolist()) - set(fewer.tolist())) == 1


def test_sample_depends_on_ids_alone() -> None:
    case, summary = crowd(first_id=10_000)
    _, other = crowd()
    shifted, plain = (class_correlations(each, spikes_of(case))[0].rows for each in (summary, other))
    assert not np.array_equal(shifted, plain)


def test_mean_of_a_whole_class_comes_near_the_pair_correlation_of_equal_nodes() -> None:
    from spikelib.statistics.by_group import statistics

    case = poisson(7, 60, 20.0, 20.0, depth=1.0)
    summary = case.summary
    found = pair_sample(summary, spikes_of(case))
    ratio = statistics(summary)["classes"][0]["pair_correlation"]
    assert found.means[0] == pytest.approx(ratio, rel=0.02)  # all of one rate: the mean and the ratio of means agree


def test_counts_are_of_all_pairs_and_words_tell_how() -> None:
    case = poisson(5, 30, 20.0, 1.0)
    case = Case(case.trains, np.repeat([0, 1, 2], [20, 9, 1]), case.spec)
    summary = case.summary
    assert correlations(summary) is None
    found = pair_sample(summary, spikes_of(case))
    pairs = [each.pairs for each in class_correlations(summary, spikes_of(case))]
    for k in range(3):
        assert found.counts[k].tolist() == np.histogram(pairs[k], np.linspace(-1, 1, PAIR_BINS + 1))[0].tolist()
    told = correlations(replace(summary, pairs=found))
    assert told is not None
    assert (told["bin_ms"], told["most_nodes"]) == (2.0, 200)
    assert [row["n_pairs"] for row in told["classes"]] == [190, 36, 0]
    assert told["classes"][0]["mean"] == pytest.approx(pairs[0].mean())
    assert told["classes"][0]["sd"] == pytest.approx(pairs[0].std())
    assert (told["classes"][2]["mean"], told["classes"][2]["sd"]) == (None, None)


def test_short_windows_have_none() -> None:
    case = poisson(5, 10, 50.0, 0.019)
    assert [len(each.rows) for each in class_correlations(case.summary, spikes_of(case))] == [0, 0, 0]


def test_bins_that_are_shown_unite_the_finest_and_leave_out_few_pairs() -> None:
    case, summary = crowd()
    found = pair_sample(summary, spikes_of(case))
    for binsize in (None, 0.001, 0.01, 0.1):
        shown = pair_histogram(found, binsize)
        united = PAIR_BINS // shown.counts.shape[1]
        np.testing.assert_array_equal(shown.counts, found.counts.reshape(3, -1, united).sum(axis=2))
        assert binsize is None or shown.edges[1] - shown.edges[0] == pytest.approx(binsize)
        low, high = shown.shown
        assert low < 0 < high
        pairs = class_correlations(summary, spikes_of(case))[0].pairs
        assert shown.n_beyond[0] == ((pairs < low - 1e-9) | (pairs >= high - 1e-9)).sum()
        assert shown.n_beyond.sum() <= 0.01 * found.counts.sum()
