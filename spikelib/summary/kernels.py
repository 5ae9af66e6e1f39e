"""The loops over spikes, compiled. Arrays in, arrays changed in place; nothing here allocates per spike.

Sums of statistics are kept as integers (fixed point), because integers add up to the same bits in any grouping and
floats do not: that is what makes merged summaries equal to the summary of the whole, exactly.
"""

from __future__ import annotations

import math
from typing import Any

from spikelib.summary._jit import kernel
from spikelib.summary.model import EPSILON_MS, FIXED_POINT, HISTOGRAM_BINS

LVR_REFRACTORINESS_MS = 5.0
"""R of Shinomoto et al. 2009."""


@kernel
def _fixed(value: float) -> int:
    return math.floor(value * FIXED_POINT + 0.5)


@kernel
def _add_to_histogram(counts: Any, doublings: Any, population: int, index: int) -> None:
    """Count one value whose index in bins of the narrowest width is `index`; double the width if it must be."""
    while (index >> doublings[0]) >= HISTOGRAM_BINS:
        half = HISTOGRAM_BINS // 2
        for p in range(counts.shape[0]):
            for k in range(half):
                counts[p, k] = counts[p, 2 * k] + counts[p, 2 * k + 1]
            counts[p, half:] = 0
        doublings[0] += 1
    counts[population, index >> doublings[0]] += 1


@kernel
def _add_interval(interval: float, row: int, population: int, widths: Any, state: Any) -> None:
    shortest, square_whole, square_rest, refractory, isi, isi_doublings, frequency, frequency_doublings = state
    shortest[row] = min(shortest[row], interval)
    square = interval * interval
    whole = math.floor(square)
    square_whole[row] += int(whole)
    square_rest[row] += _fixed(square - whole)
    if interval < widths[2] - EPSILON_MS:
        refractory[row] += 1
    _add_to_histogram(isi, isi_doublings, population, int((interval + EPSILON_MS) / widths[0]))
    if interval > EPSILON_MS:
        _add_to_histogram(frequency, frequency_doublings, population, int(1000.0 / interval / widths[1]))


@kernel
def _add_pair(a: float, b: float, row: int, cv2: Any, lv: Any, lvr: Any) -> None:
    """Add the terms of two neighbouring intervals; two intervals of zero length say nothing and add nothing."""
    both = a + b
    if both <= 0.0:
        return
    ratio = (a - b) / both
    local = 3.0 * ratio * ratio
    cv2[row] += _fixed(2.0 * abs(ratio))
    lv[row] += _fixed(local)
    lvr[row] += _fixed(local * (1.0 + 4.0 * LVR_REFRACTORINESS_MS / both))


@kernel
def add_to_nodes(
    times: Any, rows: Any, population_of: Any, trains: Any, intervals: Any, pairs: Any, widths: Any
) -> None:
    """Add spikes, sorted by time, to the counters of their nodes and to the interval histograms."""
    count, first, second, previous, last = trains
    cv2, lv, lvr = pairs
    for k in range(len(times)):
        time, row = times[k], rows[k]
        seen = count[row]
        if seen == 0:
            first[row] = time
        else:
            interval = time - last[row]
            _add_interval(interval, row, population_of[row], widths, intervals)
            if seen == 1:
                second[row] = time
            else:
                _add_pair(last[row] - previous[row], interval, row, cv2, lv, lvr)
            previous[row] = last[row]
        last[row] = time
        count[row] = seen + 1


@kernel
def join_nodes(trains: Any, later: Any, population_of: Any, intervals: Any, pairs: Any, widths: Any) -> None:
    """Append the trains of a later slab; intervals and pairs across the seam are added, the sums are not."""
    count, first, second, previous, last = trains
    count_b, first_b, second_b, previous_b, last_b = later
    cv2, lv, lvr = pairs
    for row in range(len(count)):
        if count_b[row] == 0:
            continue
        if count[row] == 0:
            first[row], second[row] = first_b[row], second_b[row]
            previous[row], last[row] = previous_b[row], last_b[row]
        else:
            seam = first_b[row] - last[row]
            _add_interval(seam, row, population_of[row], widths, intervals)
            if count[row] > 1:
                _add_pair(last[row] - previous[row], seam, row, cv2, lv, lvr)
            else:
                second[row] = first_b[row]
            if count_b[row] > 1:
                _add_pair(seam, second_b[row] - first_b[row], row, cv2, lv, lvr)
                previous[row] = previous_b[row]
            else:
                previous[row] = last[row]
            last[row] = last_b[row]
        count[row] += count_b[row]


@kernel
def add_to_rate(times: Any, rows: Any, population_of: Any, start: float, width: float, counts: Any) -> None:
    """Count spikes in time bins; what lies at the very end falls in the last bin."""
    end = counts.shape[1] - 1
    for k in range(len(times)):
        index = min(max(int((times[k] - start + EPSILON_MS) / width), 0), end)
        counts[population_of[rows[k]], index] += 1


@kernel
def add_to_grid(times: Any, rows: Any, cell_of: Any, start: float, width: float, grid: Any) -> None:
    """Count spikes in cells (time bin, cell of the node); nodes with cell -1 are not drawn."""
    end = grid.shape[0] - 1
    for k in range(len(times)):
        cell = cell_of[rows[k]]
        if cell >= 0:
            index = min(max(int((times[k] - start + EPSILON_MS) / width), 0), end)
            grid[index, cell] += 1
