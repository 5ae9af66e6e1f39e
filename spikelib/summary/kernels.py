"""The loops over spikes, compiled. Arrays in, arrays changed in place; nothing here allocates per spike.

Sums of statistics are kept as integers (fixed point), because integers add up to the same bits in any grouping and
floats do not: that is what makes merged summaries equal to the summary of the whole, exactly.
"""

from __future__ import annotations

import math
from typing import Any

from spikelib.summary._jit import kernel
from spikelib.summary.model import ANALYSIS_BINS, FIXED_POINT, HISTOGRAM_BINS, LARGEST_SUM, PARTS, SHORTEST_PAIR_MS
from spikelib.summary.state import (
    BIN_FIRST,
    BIN_OPEN,
    BIN_SQUARES,
    BURST_SPIKES,
    BURSTS,
    CLASS,
    COUNT,
    CV2,
    FIRST,
    LAST,
    LV,
    LVR,
    PAIRS,
    PARTS_SEEN,
    PREVIOUS,
    REFRACTORY,
    RUN_FIRST,
    RUN_OPEN,
    SECOND,
    SHORTEST,
    SQUARE_REST,
    SQUARE_WHOLE,
    TRAIN,
)
from spikelib.window import EPSILON_MS

_TICKS = 2.0**20
"""Units of a ms in which trains are compared."""
_MIX, _MORE = -7046029254386353131, -4658895280553007687
"""Odd factors of 64 bits that spread what differs in a few bits over all (Steele, Lea and Flood 2014)."""

_ROUNDING_MS = 1e-5
"""Safely more than what is lost by rounding where a time in ms, below `selection.MAX_SPAN_MS`, meets a bin's edge."""


# Loops over spikes name only their own arguments and call only functions of numbers: an array that is handed on,
# or taken out of another, makes numba count references for each spike, which costs ten times the arithmetic.


@kernel
def _fixed(value: float) -> int:
    """Return a value that is not negative in units of 1 / FIXED_POINT, rounded."""
    return int(value * FIXED_POINT + 0.5)


@kernel
def _bins(interval: float, isi_bin: float, frequency_bin: float) -> tuple[int, int]:
    """Return the narrowest bins of an interval and of its frequency; -1 for the frequency of no interval."""
    # Always the narrowest bin, shifted right by the doublings where it is counted: dividing by the doubled width could
    # round an interval on an edge into another bin than `coarsened` puts it in.
    frequency = int(1000.0 / interval / frequency_bin) if interval > EPSILON_MS else -1
    return int((interval + EPSILON_MS) / isi_bin), frequency


@kernel
def _square(interval: float) -> tuple[int, int]:
    """Return the square of an interval as a whole number and the rest in fixed point."""
    # In two integers, as one in fixed point would overflow: an interval of a minute squared times 2**32 is over 2**63.
    square = interval * interval
    whole = int(square)
    return whole, _fixed(square - whole)


@kernel
def _pair(a: float, b: float, refractoriness: float) -> tuple[int, int, int, int]:
    """Return the terms of CV2, LV and LvR of two neighbouring intervals, and 1; zeros if they are no valid pair."""
    both = a + b
    if both < SHORTEST_PAIR_MS:
        return 0, 0, 0, 0
    ratio = (a - b) / both
    local = 3.0 * ratio * ratio
    return _fixed(2.0 * abs(ratio)), _fixed(local), _fixed(local * (1.0 + 4.0 * refractoriness / both)), 1


@kernel
def pair_bin_of(time: float, pair_bin: float, end: float) -> int:
    """Return the pair bin of a time since the window's start; `end` is the index of the last one."""
    return min(max(int((time + EPSILON_MS) / pair_bin), 0), int(end))


@kernel
def _part(time: float, part: float) -> int:
    """Return in which of `PARTS` equal parts a time since the window's start lies."""
    return min(max(int((time + EPSILON_MS) / part), 0), PARTS - 1) if part > 0.0 else 0


@kernel
def _mixed(time: float) -> int:
    """Return 64 bits that a time determines, and that say nothing of its neighbours."""
    bits = int(time * _TICKS + 0.5) * _MIX
    bits = (bits ^ (bits >> 29)) * _MORE
    return bits ^ (bits >> 32)


@kernel
def add_to_nodes(  # noqa: PLR0912, PLR0913, PLR0915, PLR0917 - a kernel is given every array, and calls cost
    start: int,
    times: Any,
    rows: Any,
    floats: Any,
    integers: Any,
    isi: Any,
    frequency: Any,
    analysis: Any,
    doublings: Any,
    widths: Any,
) -> int:
    """Add spikes from index `start` on, sorted by time, to the states of their nodes and to the interval histograms.

    Returns the index of the first spike not added: the number of spikes or, where a histogram has no bin for an
    interval, that of its spike; `doublings` are then as many as it needs.
    """
    isi_width, frequency_width, refractory, width, offset, begin, pair_bin, end, part, burst_isi, fewest, lvr_r = widths
    isi_shift, frequency_shift, shift = doublings
    burst_size = int(fewest)
    # Pair bin and part of the spike before: while times lie within them, there is nothing to divide.
    here, low, high = 0, math.inf, -math.inf
    bit, part_high, part_low = 1, -math.inf, math.inf
    for k in range(start, len(times)):
        time, row = times[k], rows[k]
        since = time - begin + EPSILON_MS
        if not low <= since < high:
            here = pair_bin_of(time - begin, pair_bin, end)
            low, high = here * pair_bin + _ROUNDING_MS, (here + 1) * pair_bin - _ROUNDING_MS
        if not part_low <= since < part_high:
            index = _part(time - begin, part)
            bit = 1 << index
            part_low, part_high = index * part + _ROUNDING_MS, (index + 1) * part - _ROUNDING_MS
        seen = integers[row, COUNT]
        if seen == 0:
            floats[row, FIRST] = time
            integers[row, BIN_FIRST] = integers[row, BIN_OPEN] = 1
            integers[row, RUN_FIRST] = integers[row, RUN_OPEN] = 1
        else:
            last = floats[row, LAST]
            interval = time - last
            isi_bin, frequency_bin = _bins(interval, isi_width, frequency_width)
            fine = int((interval + EPSILON_MS) / width + offset)
            if (
                (isi_bin >> isi_shift) >= HISTOGRAM_BINS
                or (frequency_bin >> frequency_shift) >= HISTOGRAM_BINS
                or (fine >> shift) >= ANALYSIS_BINS
            ):
                # Before anything of this spike is counted, so that it can be tried again as if it had not been seen.
                doublings[0] = _doublings(isi_bin, isi_shift, HISTOGRAM_BINS)
                doublings[1] = _doublings(frequency_bin, frequency_shift, HISTOGRAM_BINS)
                doublings[2] = _doublings(fine, shift, ANALYSIS_BINS)
                return k
            group = integers[row, CLASS]
            isi[group, isi_bin >> isi_shift] += 1
            analysis[group, fine >> shift] += 1
            if frequency_bin >= 0:
                frequency[group, frequency_bin >> frequency_shift] += 1
            floats[row, SHORTEST] = min(floats[row, SHORTEST], interval)
            whole, rest = _square(interval)
            integers[row, SQUARE_WHOLE] += whole
            integers[row, SQUARE_REST] += rest
            if interval < refractory - EPSILON_MS:
                integers[row, REFRACTORY] += 1
            if seen == 1:
                floats[row, SECOND] = time  # with FIRST it is the interval that a pair across a merge's seam needs
            else:
                cv2, lv, lvr, valid = _pair(last - floats[row, PREVIOUS], interval, lvr_r)
                integers[row, CV2] += cv2
                integers[row, LV] += lv
                integers[row, LVR] = min(integers[row, LVR] + lvr, LARGEST_SUM)
                integers[row, PAIRS] += valid
            before = last - begin + EPSILON_MS
            joins = before >= low
            if not joins and before >= low - 2.0 * _ROUNDING_MS:
                # Too close to the beginning of the bin to be sure without dividing.
                joins = pair_bin_of(last - begin, pair_bin, end) == here
            # All spikes so far are in the first bin where it has as many as there are.
            alone = integers[row, BIN_FIRST] == seen
            if joins:
                if alone:
                    integers[row, BIN_FIRST] = seen + 1
                integers[row, BIN_OPEN] += 1
            else:
                if not alone:
                    integers[row, BIN_SQUARES] += integers[row, BIN_OPEN] * integers[row, BIN_OPEN]
                integers[row, BIN_OPEN] = 1
            alone = integers[row, RUN_FIRST] == seen
            if interval <= burst_isi + EPSILON_MS:
                if alone:
                    integers[row, RUN_FIRST] = seen + 1
                integers[row, RUN_OPEN] += 1
            else:
                if not alone and integers[row, RUN_OPEN] >= burst_size:
                    integers[row, BURSTS] += 1
                    integers[row, BURST_SPIKES] += integers[row, RUN_OPEN]
                integers[row, RUN_OPEN] = 1
            floats[row, PREVIOUS] = last
        floats[row, LAST] = time
        integers[row, COUNT] = seen + 1
        integers[row, PARTS_SEEN] |= bit
        integers[row, TRAIN] += _mixed(time)
    return len(times)


@kernel
def _doublings(index: int, doublings: int, n_bins: int) -> int:
    while (index >> doublings) >= n_bins:
        doublings += 1
    return doublings


@kernel
def pair_terms(first: Any, second: Any, refractoriness: float, terms: Any) -> None:
    """Write the terms of CV2, LV and LvR of pairs of intervals, and whether they are valid, into columns of `terms`."""
    for k in range(len(first)):
        cv2, lv, lvr, valid = _pair(first[k], second[k], refractoriness)
        terms[k, 0] = cv2
        terms[k, 1] = lv
        terms[k, 2] = lvr
        terms[k, 3] = valid


@kernel
def find_rows(ids: Any, codes: Any, starts: Any, lookup: Any, rows: Any) -> None:
    """Write the row of each spike: that of its id in its population, whose part of `lookup` begins at `starts`."""
    for k in range(len(ids)):
        rows[k] = lookup[starts[codes[k]] + ids[k]]


@kernel
def add_to_rate(times: Any, rows: Any, class_of: Any, start: float, width: float, parts: int, counts: Any) -> None:
    """Count spikes, sorted by time, in the `parts` fine bins of each time bin; the very end falls in the last one.

    The time bin is found first: a spike is in the same one, whatever the rounding of the fine bins' edges.
    """
    end = counts.shape[1] - 1
    last = end // parts
    fine = width / parts
    column, limit = 0, -math.inf
    for k in range(len(times)):
        time = times[k] - start + EPSILON_MS
        if time >= limit:  # below it, the bin is that of the spike before, and there is nothing to divide
            index = min(max(int(time / width), 0), last)
            part = min(max(int((time - index * width) / fine), 0), parts - 1)
            column = min(index * parts + part, end)
            # A little early: close to the end of the bin the division decides, as it does for a spike that comes first.
            limit = index * width + (part + 1) * fine - _ROUNDING_MS
        counts[class_of[rows[k]], column] += 1


@kernel
def add_to_grid(times: Any, rows: Any, cell_of: Any, start: float, width: float, grid: Any) -> None:
    """Count spikes in cells (time bin, cell of the node); nodes with cell -1 are not drawn."""
    end = grid.shape[0] - 1
    for k in range(len(times)):
        cell = cell_of[rows[k]]
        if cell >= 0:
            index = min(max(int((times[k] - start + EPSILON_MS) / width), 0), end)
            grid[index, cell] += 1
