"""Summaries of consecutive time slabs become the summary of the whole, exactly."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from spikelib.errors import SpikelibError
from spikelib.summary import kernels
from spikelib.summary.intervals import Intervals, coarsened, pair_bins_of
from spikelib.summary.model import LARGEST_SUM, GrowingHistogram, NodeCounters, Summary
from spikelib.summary.state import pack, unpack
from spikelib.window import EPSILON_MS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from spikelib.summary.model import Floats, Integers, Nodes, SummarySpec


_SUMS = ("square_whole", "square_rest", "cv2", "lv", "lvr", "refractory", "pairs")


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
    if a.spec != b.spec or not _of_same_nodes(a.nodes, b.nodes):
        msg = "summaries of different bins or nodes cannot be merged; make them with the same filter and options"
        raise SpikelibError(msg)
    pairs = ((a.class_isi, b.class_isi), (a.class_frequency, b.class_frequency), (a.intervals, b.intervals))
    intervals = Intervals(a.spec, *(_add_histograms(*pair) for pair in pairs))
    counters = _joined(a, b.counters, intervals)
    isi, frequency, analysis = intervals.histograms()
    exact = a.times is not None and b.times is not None and a.n_spikes + b.n_spikes <= a.spec.raster_cap
    return replace(
        a,
        counters=counters,
        class_fine_counts=a.class_fine_counts + b.class_fine_counts,
        class_isi=isi,
        class_frequency=frequency,
        intervals=analysis,
        base_counts=a.base_counts + b.base_counts,
        part_counts=a.part_counts + b.part_counts,
        times=_chain(a.times, b.times) if exact else None,
        rows=_chain_rows(a.rows, b.rows) if exact else None,
        density=a.density + b.density,
        frames=None if a.frames is None or b.frames is None else a.frames + b.frames,
    )


def _joined(a: Summary, later: NodeCounters, intervals: Intervals) -> NodeCounters:
    """Append the trains of a later slab to those of `a`; intervals and pairs across the seam are added on the way."""
    earlier = a.counters
    state = pack(earlier, a.nodes.classes.of_row)
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
    joined.train[:] = earlier.train + later.train
    joined.parts[:] = earlier.parts | later.parts
    _join_runs(joined, earlier, later, a.spec)
    _join_bins(joined, earlier, later, a.spec)
    np.minimum(joined.shortest, later.shortest, out=joined.shortest)
    # With one spike in the later slab, the kernel has moved `previous` and `last` on already; with more, the later
    # slab knows them.
    several = later.count > 1
    for name in ("previous", "last"):
        getattr(joined, name)[several] = getattr(later, name)[several]
    # Where the earlier slab had one spike, the kernel has set `second`; with two or more it stays.
    begun = earlier.count == 0
    joined.second[begun] = later.second[begun]
    _add_pairs_after_seam(joined, earlier, later, a.spec.lvr_refractoriness)
    np.minimum(joined.lvr, LARGEST_SUM, out=joined.lvr)
    return joined


def _join_runs(joined: NodeCounters, earlier: NodeCounters, later: NodeCounters, spec: SummarySpec) -> None:
    """Join runs of short intervals: the last one of the earlier slab may go on in the first one of the later."""
    with np.errstate(invalid="ignore"):  # NaN where a node has not fired
        linked = later.first - earlier.last <= spec.burst_isi + EPSILON_MS
    seam = _seam(earlier, later, linked, ("run_first", "run_open"))
    closed = np.where(seam.closed >= spec.burst_spikes, seam.closed, 0)
    joined.run_first[:], joined.run_open[:] = seam.first, seam.last
    joined.bursts[:] = earlier.bursts + later.bursts + (closed > 0).sum(axis=0)
    joined.burst_spikes[:] = earlier.burst_spikes + later.burst_spikes + closed.sum(axis=0)


def _join_bins(joined: NodeCounters, earlier: NodeCounters, later: NodeCounters, spec: SummarySpec) -> None:
    """Join pair bins: the last one of the earlier slab may be the first one of the later."""
    with np.errstate(invalid="ignore"):
        linked = pair_bins_of(earlier.last, spec) == pair_bins_of(later.first, spec)
    seam = _seam(earlier, later, linked, ("bin_first", "bin_open"))
    joined.bin_first[:], joined.bin_open[:] = seam.first, seam.last
    joined.bin_squares[:] = earlier.bin_squares + later.bin_squares + (seam.closed**2).sum(axis=0)


@dataclass(frozen=True)
class _Seam:
    """Pieces of trains, runs or bins, at the seam of two slabs; arrays of shape (rows,)."""

    first: Integers
    """Spikes in the first piece of both slabs together."""
    last: Integers
    """Spikes in the last one."""
    closed: Integers
    """Shape (2, rows): spikes in pieces that neither slab has counted, since they were its first or last one."""


def _seam(earlier: NodeCounters, later: NodeCounters, linked: NDArray[np.bool_], names: tuple[str, str]) -> _Seam:
    """Join the last piece of the earlier slab and the first piece of the later one, where they are `linked`."""
    (e_first, e_last), (l_first, l_last) = ([getattr(each, name) for name in names] for each in (earlier, later))
    began, goes_on = earlier.count == 0, later.count == 0
    e_one, l_one = e_first == earlier.count, l_first == later.count  # one piece, which is the first and the last
    linked &= ~began & ~goes_on
    both = e_last + l_first
    first = np.where(e_one & linked, both, e_first)
    last = np.where(l_one & linked, both, l_last)
    # Linked: one piece of both, closed if it is neither the first nor the last. Else: the two by themselves.
    inner = np.where(linked, np.where(e_one | l_one, 0, both), np.where(e_one, 0, e_last))
    begun = np.where(linked | l_one, 0, l_first)
    none = np.zeros_like(first)
    return _Seam(
        np.where(began, l_first, first),
        np.where(goes_on, e_last, np.where(began, l_last, last)),
        np.where(began | goes_on, none, np.stack([inner, begun])),
    )


def _of_same_nodes(a: Nodes, b: Nodes) -> bool:
    same = a.populations == b.populations and np.array_equal(a.ids, b.ids)
    return same and a.classes.names == b.classes.names and np.array_equal(a.classes.of_row, b.classes.of_row)


def _add_pairs_after_seam(
    joined: NodeCounters, earlier: NodeCounters, later: NodeCounters, refractoriness: float
) -> None:
    """Add the pairs of the interval across the seam and the later slab's first one, which neither slab could see."""
    rows = np.flatnonzero((earlier.count > 0) & (later.count > 1))
    terms = np.empty((len(rows), 4), np.int64)
    first, second = later.first[rows] - earlier.last[rows], later.second[rows] - later.first[rows]
    kernels.pair_terms(first, second, refractoriness, terms)
    for column, name in enumerate(("cv2", "lv", "lvr", "pairs")):
        getattr(joined, name)[rows] += terms[:, column]


def _add_histograms(a: GrowingHistogram, b: GrowingHistogram) -> GrowingHistogram:
    doublings = max(a.doublings, b.doublings)
    counts = coarsened(a.counts, doublings - a.doublings) + coarsened(b.counts, doublings - b.doublings)
    return GrowingHistogram(a.width, doublings, counts)


def _chain(a: Floats | None, b: Floats | None) -> Floats | None:
    return None if a is None or b is None else np.concatenate([a, b])


def _chain_rows(a: NDArray[np.int32] | None, b: NDArray[np.int32] | None) -> NDArray[np.int32] | None:
    return None if a is None or b is None else np.concatenate([a, b])
