"""The compiled loops one by one, against loops in Python."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikelib.summary import kernels
from spikelib.summary.model import ANALYSIS_BINS, FIXED_POINT, HISTOGRAM_BINS, SHORTEST_PAIR_MS, NodeCounters
from spikelib.summary.state import COUNT, LAST, PREVIOUS, SECOND, empty_state, unpack

# Widths of intervals, frequencies and refractoriness; of intervals for statistics, and their offset; start, pair bins
# and the last of them, a tenth, bursts, LvR.
WIDTHS = [1.0, 1.0, 2.0, 1.0, 0.0, 0.0, 2.0, 99.0, 20.0, 10.0, 3.0, 5.0]


def histograms() -> tuple[np.ndarray, ...]:
    """Return empty histograms of one class, their doublings and widths (1 ms, 1 Hz, refractory 2 ms)."""
    held = [np.zeros((1, size), np.int64) for size in (HISTOGRAM_BINS, HISTOGRAM_BINS, ANALYSIS_BINS)]
    return *held, np.zeros(3, np.int64), np.array(WIDTHS)


def add(times: list[float], state: Any, held: Any, start: int = 0) -> int:
    rows = np.zeros(len(times), np.int32)
    return int(kernels.add_to_nodes(start, np.array(times), rows, *state, *held))


def test_a_spike_whose_interval_does_not_fit_is_left_untouched():
    state, held = empty_state(np.zeros(1, np.int32)), histograms()
    times = [0.0, 10.0, 10.0 + 3.0 * HISTOGRAM_BINS]
    assert add(times, state, held) == 2
    floats, integers = state
    assert integers[0, COUNT] == 2
    assert (floats[0, SECOND], floats[0, LAST]) == (10.0, 10.0)
    assert held[0].sum() == 1
    assert held[3].tolist() == [2, 0, 0], "4 ms wide bins hold it; the frequencies keep theirs"


def test_the_kernel_goes_on_once_there_is_room():
    state, held = empty_state(np.zeros(1, np.int32)), histograms()
    times = [0.0, 10.0, 10.0 + 3.0 * HISTOGRAM_BINS]
    stopped = add(times, state, held)
    assert add(times, state, held, stopped) == 3
    assert unpack(state).count.tolist() == [3]
    assert int(held[0].sum()) == 2
    assert state[0][0, PREVIOUS] == 10.0


@settings(deadline=None)
@given(st.lists(st.floats(0.0, 200.0, allow_subnormal=False), max_size=20))
def test_counters_equal_numpy(times: list[float]):
    times = sorted(times)
    state, held = empty_state(np.zeros(1, np.int32)), histograms()
    done = add(times, state, held)
    while done < len(times):  # intervals of less than 1 / 16 ms are more than 16384 Hz
        for which in range(3):
            held[which][:] = 0
        state = empty_state(np.zeros(1, np.int32))
        done = add(times, state, held)
    found, intervals = unpack(state), np.diff(times)
    assert found.count[0] == len(times)
    assert int(held[0].sum()) == len(intervals)
    assert int(held[1].sum()) == int((intervals > 1e-6).sum())
    square = found.square_whole[0] + found.square_rest[0] / FIXED_POINT
    assert square == pytest.approx((intervals**2).sum(), abs=len(times) / FIXED_POINT)
    a, b = intervals[:-1], intervals[1:]
    with np.errstate(invalid="ignore", divide="ignore"):
        terms = np.where(a + b >= SHORTEST_PAIR_MS, 2 * np.abs(a - b) / (a + b), 0.0)
    assert found.cv2[0] / FIXED_POINT == pytest.approx(terms.sum(), abs=1e-6)
    assert found.pairs[0] == int((a + b >= SHORTEST_PAIR_MS).sum())
    assert int(held[2].sum()) == len(intervals)
    check_pieces(found, np.array(times))


def check_pieces(found: NodeCounters, times: np.ndarray) -> None:
    """Check bins, runs and parts of one train, by counting each anew."""
    _, bins = np.unique(np.minimum((times + 1e-6) // 2.0, 99), return_counts=True)
    runs = [len(run) for run in np.split(times, np.flatnonzero(np.diff(times) > 10.0 + 1e-6) + 1) if len(run)]
    for names, pieces in ((("bin_first", "bin_open"), bins), (("run_first", "run_open"), runs)):
        first, last = (int(getattr(found, name)[0]) for name in names)
        assert (first, last) == ((int(pieces[0]), int(pieces[-1])) if len(pieces) else (0, 0))
    assert found.bin_squares[0] == int((bins[1:-1] ** 2).sum())
    inner = [run for run in runs[1:-1] if run >= 3]
    assert (found.bursts[0], found.burst_spikes[0]) == (len(inner), sum(inner))
    assert found.parts[0] == sum({1 << min(int((time + 1e-6) / 20.0), 9) for time in times})


def test_trains_are_told_apart_by_their_hash():
    hashes = []
    for times in ([1.0, 2.0], [1.0, 2.1], [1.0], [2.0], [], [0.0], [0.0, 0.0]):
        state = empty_state(np.zeros(1, np.int32))
        add(times, state, histograms())
        hashes.append(int(unpack(state).train[0]))
    assert len(set(hashes[:5])) == 5
    state = empty_state(np.zeros(1, np.int32))
    add([1.0, 2.0], state, histograms())
    assert int(unpack(state).train[0]) == hashes[0]


def test_terms_of_pairs_by_hand():
    terms = np.empty((4, 4), np.int64)
    kernels.pair_terms(np.array([1.0, 4.0, 0.0, 0.001]), np.array([3.0, 4.0, 0.0, 0.005]), 5.0, terms)
    lv = 3 * (2 / 4) ** 2
    np.testing.assert_allclose(terms[0, :3] / FIXED_POINT, [2 * 2 / 4, lv, lv * (1 + 20 / 4)], rtol=1e-9)
    assert terms[:, 3].tolist() == [1, 1, 0, 0], "less than 0.01 ms together says nothing"
    assert terms[1:, :3].tolist() == [[0, 0, 0]] * 3, "equal intervals differ by nothing"


def test_rows_of_spikes_are_looked_up_in_their_population():
    lookup = np.array([7, 8, 9, 20, -1, 22], np.int32)  # three nodes of population 0, then three of population 1
    rows = np.empty(4, np.int32)
    kernels.find_rows(np.array([2, 0, 0, 2]), np.array([0, 0, 1, 1], np.int32), np.array([0, 3]), lookup, rows)
    assert rows.tolist() == [9, 7, 20, 22]


@settings(deadline=None)
@given(
    times=st.lists(st.integers(0, 990).map(lambda k: k / 10), max_size=50),
    width=st.sampled_from([10.0, 7.0, 0.3, 33.0]),
    parts=st.integers(1, 4),
)
def test_rates_equal_a_loop_that_divides_for_each_spike(times: list[float], width: float, parts: int):
    times = sorted(times)
    n_bins = int(np.ceil(99.0 / width))
    expected = np.zeros((1, n_bins * parts), np.int64)
    for time in times:
        index = min(int((time + 1e-6) / width), n_bins - 1)
        part = min(int((time + 1e-6 - index * width) / (width / parts)), parts - 1)
        expected[0, index * parts + part] += 1
    counts, rows = np.zeros_like(expected), np.zeros(len(times), np.int32)
    kernels.add_to_rate(np.array(times, float), rows, np.zeros(1, np.int32), 0.0, width, parts, counts)
    np.testing.assert_array_equal(counts, expected)


def test_nodes_without_a_cell_are_not_drawn_and_the_end_is_in_the_last_column():
    grid = np.zeros((2, 3), np.int64)
    times, rows = np.array([0.0, 4.9, 5.0, 9.0, 10.0]), np.array([0, 1, 2, 0, 0], np.int32)
    kernels.add_to_grid(times, rows, np.array([2, -1, 0]), 0.0, 5.0, grid)
    assert grid.tolist() == [[0, 0, 1], [1, 0, 2]]
