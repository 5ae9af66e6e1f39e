"""Histograms that widen: no interval is lost or counted twice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from spikelib.summary.intervals import Intervals, coarsened
from spikelib.summary.model import ANALYSIS_BINS, HISTOGRAM_BINS, SummarySpec

SPEC = SummarySpec(start=0.0, stop=1.0, rate_bin=1.0, isi_bin=0.5, frequency_bin=2.0, refractory=3.0)
COUNTS = arrays.arrays(np.int64, (2, 16), elements=st.integers(0, 100))


def test_coarsened_by_hand() -> None:
    counts = np.array([[1, 2, 3, 4, 5, 6, 7, 8]])
    assert coarsened(counts, 0).tolist() == [[1, 2, 3, 4, 5, 6, 7, 8]]
    assert coarsened(counts, 1).tolist() == [[3, 7, 11, 15, 0, 0, 0, 0]]
    assert coarsened(counts, 2).tolist() == [[10, 26, 0, 0, 0, 0, 0, 0]]


@given(counts=COUNTS, doublings=st.integers(0, 4))
def test_bin_k_moves_to_k_shifted_and_nothing_is_lost(counts: np.ndarray, doublings: int) -> None:
    expected = np.zeros_like(counts)
    for k in range(counts.shape[1]):
        expected[:, k >> doublings] += counts[:, k]
    np.testing.assert_array_equal(coarsened(counts, doublings), expected)


@given(a=COUNTS, b=COUNTS, doublings=st.integers(0, 4))
def test_adding_and_coarsening_may_change_places(a: np.ndarray, b: np.ndarray, doublings: int) -> None:
    np.testing.assert_array_equal(coarsened(a + b, doublings), coarsened(a, doublings) + coarsened(b, doublings))


def test_a_kernel_that_stops_goes_on_where_it_stopped() -> None:
    calls: list[tuple[int, int]] = []

    def kernel(start: int, values: list[int], isi: np.ndarray, *rest: np.ndarray) -> int:
        """Count whole numbers of bins; stop at one that does not fit."""
        _, _, doublings, widths = rest
        calls.append((start, int(doublings[0])))
        assert widths.tolist()[:3] == [0.5, 2.0, 3.0]
        for k in range(start, len(values)):
            if values[k] >> doublings[0] >= HISTOGRAM_BINS:
                doublings[0] += 2
                return k
            isi[0, values[k] >> doublings[0]] += 1
        return len(values)

    intervals = Intervals.empty(SPEC, 1)
    values = [3, HISTOGRAM_BINS - 1, HISTOGRAM_BINS * 4 - 1, 3]
    intervals.fill(kernel, len(values), values)
    isi, frequency, _ = intervals.histograms()
    assert calls == [(0, 0), (2, 2)]
    assert isi.counts.sum() == len(values)
    assert isi.bin_width == 2.0
    assert {int(k): int(isi.counts[0, k]) for k in np.flatnonzero(isi.counts[0])} == {
        0: 2,
        (HISTOGRAM_BINS - 1) >> 2: 1,
        HISTOGRAM_BINS - 1: 1,
    }
    assert (frequency.doublings, int(frequency.counts.sum())) == (0, 0), "each histogram doubles by itself"


@pytest.mark.parametrize("n_classes", [1, 3])
def test_empty_ones_have_a_row_for_each_class(n_classes: int) -> None:
    isi, frequency, analysis = Intervals.empty(SPEC, n_classes).histograms()
    assert isi.counts.shape == frequency.counts.shape == (n_classes, HISTOGRAM_BINS)
    assert analysis.counts.shape == (n_classes, ANALYSIS_BINS)
    assert (isi.bin_width, frequency.bin_width, analysis.bin_width) == (0.5, 2.0, 0.1)
    assert isi.counts is not frequency.counts
