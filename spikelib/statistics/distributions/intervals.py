"""Histograms and cumulative shares of interspike intervals, from the counts of a `Summary`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spikelib.errors import PlotError
from spikelib.statistics.bin_widths import ROUND_NUMBERS, is_multiple
from spikelib.statistics.nodes import in_overall
from spikelib.summary.model import ratio

if TYPE_CHECKING:
    from spikelib.summary.model import Floats, GrowingHistogram, Integers, Summary

__all__ = [
    "IsiHistogram",
    "LogIsi",
    "isi_cdf",
    "isi_histogram",
    "log_isi_histogram",
]

BULK = 0.995
"""Fraction of the intervals that the ISI figure shows at least; a longer tail is counted, not drawn."""


_MANY_INTERVALS = 1000


@dataclass(frozen=True)
class IsiHistogram:
    """Histogram of the interspike intervals, or of their reciprocals, of all nodes."""

    edges: Floats
    """Shape (bins + 1,), ms or Hz, from 0 to beyond the largest value. Bins are [edge, next edge)."""
    counts: Integers
    """Shape (populations, bins)."""
    density: Floats
    """Shape (bins,): over all populations; its integral is 1, or 0 if there are no intervals."""
    names: tuple[str, ...]
    """Names of the populations."""
    n_intervals: int
    """How many values were counted."""
    shown: float
    """An edge: a figure that ends here shows at least `BULK` of the values, and all if the tail is short."""
    n_beyond: int
    """How many values are at or above `shown`."""
    note: str
    """What the reader must know about the bins, for example that they had to grow; empty if nothing."""

    @property
    def bin_width(self) -> float:
        """Width of the bins, ms or Hz."""
        return float(self.edges[1] - self.edges[0])


@dataclass(frozen=True)
class LogIsi:
    """Histogram of the interspike intervals of all nodes in bins that widen with the interval."""

    edges: Floats
    """Shape (bins + 1,), ms, ascending from the end of the first fine bin (0.1 ms by default) to beyond the largest
    interval. Bins are [edge, next edge), 10 or 20 a decade; as edges are whole multiples of the fine bin, those of the
    shortest intervals are wider than that."""
    counts: Integers
    """Shape (populations, bins)."""
    n_below: Integers
    """Shape (populations,): intervals in [0, ``edges[0]``), which have no place on a logarithmic axis."""
    density: Floats
    """Shape (bins,): share per decade of the intervals of all populations; unlike counts it does not depend on the
    widths of the bins. Its integral over log10 of the interval is 1 less the share of `n_below`."""
    names: tuple[str, ...]
    """Names of the populations."""
    n_intervals: int
    """How many intervals were counted, `n_below` included."""


def isi_histogram(summary: Summary, *, use_frequency: bool = False, binsize: float | None = None) -> IsiHistogram:
    """Return the histogram of interspike intervals, in bins that cover the largest one.

    Parameters
    ----------
    summary
        The spikes; it counted their intervals in fine bins, of which each bin here unites a whole number.
    use_frequency
        Count 1000 / interval [Hz] instead of intervals [ms]; intervals of zero have no frequency and are
        left out.
    binsize
        Width of the bins, ms or Hz: a multiple of the summary's ``isi_bin`` or ``frequency_bin``. None
        chooses a readable width from the data. If the summary's own bins had to grow to hold the largest
        value, the nearest width that they allow is taken and `IsiHistogram.note` says so.

    Raises
    ------
    PlotError
        If `binsize` is not positive, or no multiple of the summary's bins.

    Examples
    --------
    >>> from spikelib.summary.accumulate import summarise
    >>> from spikelib.summary.model import Nodes, RasterAxis, SummarySpec
    >>> nodes = Nodes(("exc",), np.array([0, 1]), np.array([0]), np.ones(1, np.bool_))
    >>> axis = RasterAxis("node id", np.zeros(1), (-0.5, 0.5), (), ())
    >>> spikes = np.array([1.0, 6.0, 16.0]), np.zeros(3, np.int32)
    >>> summary = summarise([spikes], SummarySpec(start=0.0, stop=20.0, rate_bin=10.0), nodes, axis)
    >>> isi_histogram(summary, binsize=5.0).counts.tolist()
    [[0, 1, 1]]
    """
    fine = summary.frequency if use_frequency else summary.isi
    filled = np.flatnonzero(fine.counts.any(axis=0))
    # The fine bins reach far beyond the largest value (16384 of them): those are no part of the histogram.
    kept = fine.counts[:, : int(filled[-1]) + 1 if filled.size else 1]
    unit = "Hz" if use_frequency else "ms"
    if binsize is None:
        merge, note = _readable_merge(kept.sum(axis=0), fine.bin_width), ""
    else:
        merge, note = _merge_for(binsize, fine, unit)
    counts = np.add.reduceat(kept, np.arange(0, kept.shape[1], merge), axis=1)
    # Rounded, so that an edge reads 0.3 and not 0.30000000000000004 on axes and in pages.
    edges = np.round(np.arange(counts.shape[1] + 1) * (merge * fine.bin_width), 9)
    totals = counts.sum(axis=0)
    shown, n_beyond = _shown(edges, totals)
    return IsiHistogram(
        edges=edges,
        counts=counts,
        density=ratio(totals, totals.sum() * np.diff(edges)),
        names=summary.nodes.populations,
        n_intervals=int(totals.sum()),
        shown=shown,
        n_beyond=n_beyond,
        note=note,
    )


def log_isi_histogram(summary: Summary) -> LogIsi:
    """Return the histogram of interspike intervals in bins for a logarithmic axis."""
    fine = summary.isi
    totals = fine.counts.sum(axis=0)
    n_intervals = int(totals.sum())
    filled = np.flatnonzero(totals)
    end = max(int(filled[-1]) + 1 if filled.size else 0, 2)
    per_decade = 20 if n_intervals >= _MANY_INTERVALS else 10
    # Below 10 fine bins the wanted edges are closer than these: rounding makes equal ones, which count once.
    steps = np.unique(np.round(10 ** (np.arange(5 * per_decade) / per_decade)).astype(np.int64))
    steps = steps[: int(np.searchsorted(steps, end)) + 1]
    counts = np.add.reduceat(fine.counts, steps[:-1], axis=1)
    edges = np.round(steps * fine.bin_width, 9)
    return LogIsi(
        edges=edges,
        counts=counts,
        n_below=fine.counts[:, 0].copy(),
        density=ratio(counts.sum(axis=0), n_intervals * np.diff(np.log10(edges))),
        names=summary.nodes.populations,
        n_intervals=n_intervals,
    )


def isi_cdf(summary: Summary, edges_ms: Floats) -> Floats:
    """Return the share of the intervals of the nodes of "overall", neurons, that are shorter than each of `edges_ms`.

    Parameters
    ----------
    summary
        The spikes.
    edges_ms
        Intervals, ms, of any shape. Within a fine bin of the summary (0.1 ms by default) the share rises linearly.

    Returns
    -------
    numpy.ndarray
        Shares from 0 to 1 in the shape of `edges_ms`; 0 everywhere if there are no intervals.

    Examples
    --------
    >>> from spikelib.summary.accumulate import summarise
    >>> from spikelib.summary.model import Nodes, RasterAxis, SummarySpec
    >>> nodes = Nodes(("exc",), np.array([0, 1]), np.array([0]), np.ones(1, np.bool_))
    >>> axis = RasterAxis("node id", np.zeros(1), (-0.5, 0.5), (), ())
    >>> spikes = np.array([1.0, 6.0, 16.0]), np.zeros(3, np.int32)
    >>> summary = summarise([spikes], SummarySpec(start=0.0, stop=20.0, rate_bin=10.0), nodes, axis)
    >>> isi_cdf(summary, np.array([4.0, 8.0, 12.0]))
    array([0. , 0.5, 1. ])
    """
    running = np.concatenate(([0], np.cumsum(summary.isi.counts[in_overall(summary)].sum(axis=0))))
    places = np.arange(running.size) * summary.isi.bin_width
    shares: Floats = np.interp(edges_ms, places, running / max(int(running[-1]), 1))
    return shares


def _merge_for(binsize: float, fine: GrowingHistogram, unit: str) -> tuple[int, str]:
    """Return how many fine bins make one of `binsize`, and a note if they cannot."""
    if not (math.isfinite(binsize) and binsize > 0):
        msg = f"ISI binsize {binsize} {unit} must be a positive number"
        raise PlotError(msg)
    if is_multiple(binsize, fine.bin_width):
        return round(binsize / fine.bin_width), ""
    # A width that was valid when the summary was begun stays so: a single long interval must not make a plot fail.
    if fine.doublings and is_multiple(binsize, fine.width):
        merge = max(1, round(binsize / fine.bin_width))
        width = merge * fine.bin_width
        return merge, f"bins of {width:g} {unit} instead of {binsize:g} {unit}, to hold the largest value"
    msg = f"ISI binsize {binsize:g} {unit} is no multiple of the summary's bins of {fine.width:g} {unit}"
    raise PlotError(msg)


def _readable_merge(totals: Integers, width: float) -> int:
    """Choose how many fine bins to unite: Freedman and Diaconis's width, rounded to 1, 2 or 5 times 10^n.

    The bulk of the values gets 20 to about 100 bins. Rounded widths that are no multiple of `width` (it may
    have doubled to 0.8) are passed over; if none is near, the number of fine bins is rounded instead.
    """
    n = int(totals.sum())
    if n == 0:
        return 1
    running = np.concatenate(([0], np.cumsum(totals)))
    lower, upper, bulk = np.interp(np.array([0.25, 0.75, BULK]) * n, running, np.arange(running.size) * width)
    wanted = float(np.clip(2 * (upper - lower) / np.cbrt(n), bulk / 100, bulk / 20))
    near = [w for w in ROUND_NUMBERS if wanted / 2 <= w <= wanted * 2 and is_multiple(w, width)]
    choices = near or [width * w for w in ROUND_NUMBERS if w >= 1]
    return max(1, round(min(choices, key=lambda w: abs(math.log(w / wanted))) / width))


def _shown(edges: Floats, totals: Integers) -> tuple[float, int]:
    """Return where a figure should end, and how many values are beyond: none unless half would be tail."""
    running = np.cumsum(totals)
    end = int(np.searchsorted(running, BULK * running[-1])) + 1
    if edges[-1] <= 2 * edges[end]:
        end = totals.size
    return float(edges[end]), int(running[-1] - running[end - 1])
