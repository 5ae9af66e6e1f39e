"""Summaries of consecutive time slabs become the summary of the whole, exactly."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from spikelib.errors import SpikelibError
from spikelib.summary import kernels
from spikelib.summary.accumulate import population_of_rows
from spikelib.summary.intervals import Intervals, coarsened
from spikelib.summary.model import GrowingHistogram, NodeCounters, Summary
from spikelib.summary.state import pack, unpack

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from spikelib.summary.model import Floats


_SUMS = ("square_whole", "square_rest", "cv2", "lv", "lvr", "refractory")


def merge(summaries: Iterable[Summary]) -> Summary:
    """Merge summaries of consecutive slabs of one report.

    Parameters
    ----------
    summaries
        In order of time; at least one. No spike of a slab may be earlier than the last of the slab before it. All must
        be made with the same spec and nodes.

    Returns
    -------
    Summary
        Equal, bit for bit, to the summary of all spikes in one pass.

    Raises
    ------
    SpikelibError
        The summaries are of different bins or different nodes.

    Examples
    --------
    >>> from spikelib.summary.accumulate import summarise
    >>> from spikelib.summary.model import Nodes, RasterAxis, SummarySpec
    >>> nodes = Nodes(("exc",), np.array([0, 1]), np.array([0]), np.ones(1, np.bool_))
    >>> axis = RasterAxis("node id", np.zeros(1), (-0.5, 0.5), (), ())
    >>> spec = SummarySpec(start=0.0, stop=20.0, rate_bin=10.0)
    >>> slabs = [summarise([(np.array([t]), np.zeros(1, np.int32))], spec, nodes, axis) for t in (1.0, 12.0)]
    >>> merge(slabs).counters.shortest.tolist()
    [11.0]
    """
    return reduce(_join, summaries)


def _join(a: Summary, b: Summary) -> Summary:
    if a.spec != b.spec or a.nodes.populations != b.nodes.populations or not np.array_equal(a.nodes.ids, b.nodes.ids):
        msg = "summaries of different bins or nodes cannot be merged; make them with the same filter and options"
        raise SpikelibError(msg)
    intervals = Intervals(a.spec, _add_histograms(a.isi, b.isi), _add_histograms(a.frequency, b.frequency))
    counters = _joined(a, b.counters, intervals)
    isi, frequency = intervals.histograms()
    exact = a.times is not None and b.times is not None and a.n_spikes + b.n_spikes <= a.spec.raster_cap
    return replace(
        a,
        counters=counters,
        fine_counts=a.fine_counts + b.fine_counts,
        isi=isi,
        frequency=frequency,
        times=_chain(a.times, b.times) if exact else None,
        rows=_chain_rows(a.rows, b.rows) if exact else None,
        density=a.density + b.density,
        frames=None if a.frames is None or b.frames is None else a.frames + b.frames,
    )


def _joined(a: Summary, later: NodeCounters, intervals: Intervals) -> NodeCounters:
    """Append the trains of a later slab to those of `a`; intervals and pairs across the seam are added on the way."""
    earlier = a.counters
    state = pack(earlier, population_of_rows(a.nodes))
    fired = np.flatnonzero(later.count)
    if a.spec.intervals:
        # The first spike of each later train is added as any spike is: that makes the seam's interval and the pair.
        intervals.fill(kernels.add_to_nodes, len(fired), later.first[fired], fired.astype(np.int32), *state)
        joined = unpack(state)
        joined.count[fired] -= 1  # the later slab has counted that spike, too
    else:
        joined = unpack(state)
    joined.count[:] += later.count
    for name in _SUMS:
        getattr(joined, name)[:] += getattr(later, name)
    np.minimum(joined.shortest, later.shortest, out=joined.shortest)
    # With one spike in the later slab, the kernel has moved `previous` and `last` on already; with more, the later
    # slab knows them.
    several = later.count > 1
    for name in ("previous", "last"):
        getattr(joined, name)[several] = getattr(later, name)[several]
    # Where the earlier slab had one spike, the kernel has set `second`; with two or more it stays.
    begun = earlier.count == 0
    joined.second[begun] = later.second[begun]
    _add_pairs_after_seam(joined, earlier, later)
    return joined


def _add_pairs_after_seam(joined: NodeCounters, earlier: NodeCounters, later: NodeCounters) -> None:
    """Add the pairs of the interval across the seam and the later slab's first one, which neither slab could see."""
    rows = np.flatnonzero((earlier.count > 0) & (later.count > 1))
    terms = np.empty((len(rows), 3), np.int64)
    kernels.pair_terms(later.first[rows] - earlier.last[rows], later.second[rows] - later.first[rows], terms)
    for column, name in enumerate(("cv2", "lv", "lvr")):
        getattr(joined, name)[rows] += terms[:, column]


def _add_histograms(a: GrowingHistogram, b: GrowingHistogram) -> GrowingHistogram:
    doublings = max(a.doublings, b.doublings)
    counts = coarsened(a.counts, doublings - a.doublings) + coarsened(b.counts, doublings - b.doublings)
    return GrowingHistogram(a.width, doublings, counts)


def _chain(a: Floats | None, b: Floats | None) -> Floats | None:
    return None if a is None or b is None else np.concatenate([a, b])


def _chain_rows(a: NDArray[np.int32] | None, b: NDArray[np.int32] | None) -> NDArray[np.int32] | None:
    return None if a is None or b is None else np.concatenate([a, b])
