"""The one pass, on cases that can be counted by hand and against numpy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikelib.statistics.by_group import statistics
from spikelib.summary.accumulate import fine_edges, summarise
from spikelib.summary.grids import raster_rows
from spikelib.summary.model import HISTOGRAM_BINS, RasterAxis, Summary, SummarySpec


@pytest.fixture
def random_train() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(5)
    return np.sort(random.uniform(0, 95, 3000)), random.integers(0, 7, 3000).astype(np.int32)


def one(spec: SummarySpec, nodes, axis, spots, *spikes: tuple[float, int]) -> Summary:
    times = np.array([time for time, _ in spikes], np.float64)
    rows = np.array([row for _, row in spikes], np.int32)
    return summarise([(times, rows)], spec, nodes, axis, spots)


def test_counters_of_one_node_by_hand(spec, nodes, axis, spots):
    counters = one(spec, nodes, axis, spots, (1.0, 2), (2.0, 2), (4.0, 2), (10.0, 2)).counters
    assert counters.count.tolist() == [0, 0, 4, 0, 0, 0, 0]
    assert [counters.first[2], counters.second[2], counters.previous[2], counters.last[2]] == [1.0, 2.0, 4.0, 10.0]
    assert counters.shortest[2] == 1.0
    assert counters.square_whole[2] == 1 + 4 + 36
    assert counters.refractory[2] == 1, "only the interval of 1 ms is below 2 ms"
    # pairs (1, 2) and (2, 6): 2 * 1/3 + 2 * 4/8, 3 / 9 + 3 / 4
    assert counters.cv2[2] / 2**32 == pytest.approx(2 / 3 + 1)
    assert counters.lv[2] / 2**32 == pytest.approx(1 / 3 + 3 / 4)
    assert counters.lvr[2] / 2**32 == pytest.approx(1 / 3 * (1 + 20 / 3) + 3 / 4 * (1 + 20 / 8))


def test_last_rate_bin_is_narrower_and_holds_the_spike_at_the_end(spec, nodes, axis, spots):
    summary = one(spec, nodes, axis, spots, (0.0, 0), (9.999, 0), (10.0, 4), (95.0, 4))
    assert summary.rate_edges.tolist() == [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95]
    assert summary.rate_counts.tolist() == [[2, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0, 0, 0, 0, 1]]


def test_float_dust_below_an_edge_belongs_to_the_bin_above(spec, nodes, axis, spots):
    summary = one(spec, nodes, axis, spots, (19.99999999999964, 0), (30.00000000009962, 0))
    assert summary.rate_counts[0].tolist() == [0, 0, 1, 1, 0, 0, 0, 0, 0, 0]
    assert summary.frames is not None
    assert np.flatnonzero(summary.frames[:, 0, 0]).tolist() == [5, 7], "frames of 4 ms: 20 is in [20, 24)"


def test_rate_counts_equal_numpy(spec, nodes, axis, random_train):
    times, rows = random_train
    summary = summarise([random_train], spec, nodes, axis)
    for p, members in enumerate((rows < 4, rows >= 4)):
        expected = np.histogram(times[members], bins=summary.rate_edges)[0]
        np.testing.assert_array_equal(summary.rate_counts[p], expected)


def test_fine_counts_equal_numpy(spec, nodes, axis, random_train):
    times, rows = random_train
    summary = summarise([random_train], spec, nodes, axis)
    np.testing.assert_allclose(summary.fine_edges, [*np.arange(0, 95, 2.0), 95.0], rtol=0, atol=1e-12)
    for p, members in enumerate((rows < 4, rows >= 4)):
        expected = np.histogram(times[members], bins=summary.fine_edges)[0]
        np.testing.assert_array_equal(summary.fine_counts[p], expected)


@settings(deadline=None, max_examples=300)
@given(
    times=st.lists(st.one_of(st.integers(0, 950).map(lambda k: k / 10), st.floats(0.0, 95.0)), max_size=50),
    start=st.sampled_from([0.0, 0.1, 33.3]),
    rate_bin=st.sampled_from([0.1, 0.3, 7.0, 10.0, 200.0]),
    parts=st.integers(2, 13),
)
def test_fine_bins_change_no_rate_bin(nodes, axis, times, start, rate_bin, parts):
    spikes = [(np.sort(start + np.array(times, float)), np.arange(len(times), dtype=np.int32) % 7)]
    coarse = summarise(spikes, SummarySpec(start=start, stop=start + 95.0, rate_bin=rate_bin), nodes, axis)
    fine = summarise(spikes, replace(coarse.spec, rate_parts=parts), nodes, axis)
    np.testing.assert_array_equal(fine.rate_edges, coarse.rate_edges)
    np.testing.assert_array_equal(fine.rate_counts, coarse.rate_counts)
    assert statistics(fine) == statistics(coarse)
    assert (np.diff(fine.fine_edges) > 0).all()
    np.testing.assert_array_equal(fine.fine_edges[:-1:parts], coarse.rate_edges[:-1])


@pytest.mark.parametrize(
    ("span", "n_fine"), [(95.0, 48), (90.0, 45), (90.000000001, 45), (92.0, 46), (92.1, 47), (3.0, 2), (0.0, 5)]
)
def test_number_of_fine_bins(spec, span, n_fine):
    edges = fine_edges(replace(spec, stop=span))
    assert len(edges) - 1 == n_fine
    assert edges[-1] == (span or 10.0)


def test_intervals_equal_numpy(spec, nodes, axis, random_train):
    times, rows = random_train
    spec = replace(spec, isi_bin=0.05)
    summary = summarise([random_train], spec, nodes, axis)
    intervals = np.concatenate([np.diff(times[rows == row]) for row in range(4)])
    edges = np.arange(HISTOGRAM_BINS + 1) * 0.05 - 1e-6
    np.testing.assert_array_equal(summary.isi.counts[0], np.histogram(intervals, bins=edges)[0])
    assert summary.isi.doublings == 0


def test_interval_histogram_doubles_until_the_longest_fits(spec, nodes, axis, spots):
    longest = 90.0
    summary = one(spec, nodes, axis, spots, (0.0, 0), (longest, 0), (1.0, 1), (1.5, 1))
    assert summary.isi.bin_width == 0.001 * 2**3, "16384 bins of 0.001 ms hold 16 ms, of 0.008 ms 131 ms"
    assert summary.isi.counts[0, int(longest / 0.008)] == 1
    assert summary.isi.counts[0, int(0.5 / 0.008)] == 1


def test_frequency_leaves_out_intervals_of_zero(spec, nodes, axis, spots):
    summary = one(spec, nodes, axis, spots, (1.0, 0), (1.0, 0), (11.0, 0))
    assert summary.isi.counts.sum() == 2
    assert summary.frequency.counts.sum() == 1
    assert int(np.flatnonzero(summary.frequency.counts[0])[0]) == int(100.0 / summary.frequency.bin_width)


@pytest.mark.parametrize(("n_spikes", "kept"), [(25, True), (26, False)], ids=["at the cap", "one more"])
def test_raster_keeps_spikes_up_to_the_cap(spec, nodes, axis, n_spikes, kept):
    times = np.linspace(0, 95, n_spikes)
    summary = summarise([(times, np.zeros(n_spikes, np.int32))], spec, nodes, axis)
    assert (summary.times is not None) is kept
    assert summary.density.sum() == n_spikes


def test_density_and_frames_equal_numpy(spec, nodes, axis, spots, random_train):
    times, rows = random_train
    summary = summarise([random_train], spec, nodes, axis, spots)
    expected, _, _ = np.histogram2d(rows, times, bins=(np.arange(8) - 0.5, np.linspace(0, 95, 20)))
    np.testing.assert_array_equal(summary.density, expected)
    edges = [*np.arange(0, 95, 4.0), 96.0]
    frames, _, _ = np.histogram2d(times[rows < 6], rows[rows < 6], bins=(edges, np.arange(7) - 0.5))
    assert summary.frames is not None
    np.testing.assert_array_equal(summary.frames[:, 0, :], frames)


def test_window_of_one_moment_has_one_bin(nodes, axis, spots):
    spec = SummarySpec(start=5.0, stop=5.0, rate_bin=2.0, frame=1.0, frame_shape=(1, 6))
    summary = one(spec, nodes, axis, spots, (5.0, 0))
    assert summary.rate_counts.sum() == 1
    assert fine_edges(spec).tolist() == [5.0, 7.0]


def test_nodes_without_a_place_on_the_axis_are_not_drawn():
    axis = RasterAxis("depth", np.array([0.0, np.nan, 10.0, 4.9]), (0.0, 10.0), (), ())
    assert raster_rows(axis, 10).tolist() == [0, -1, 9, 4]
