"""Summaries of consecutive time slabs become the summary of the whole, exactly."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from spikelib.errors import SpikelibError
from spikelib.summary import kernels
from spikelib.summary.accumulate import kernel_arrays, kernel_widths, population_of_rows
from spikelib.summary.model import GrowingHistogram, NodeCounters, Summary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from spikelib.summary.model import Floats, Integers

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
    """
    return reduce(_join, summaries)


def _join(a: Summary, b: Summary) -> Summary:
    if a.spec != b.spec or a.nodes.populations != b.nodes.populations or not np.array_equal(a.nodes.ids, b.nodes.ids):
        msg = "summaries of different bins or nodes cannot be merged; make them with the same filter and options"
        raise SpikelibError(msg)
    isi, frequency = _add_histograms(a.isi, b.isi), _add_histograms(a.frequency, b.frequency)
    isi_state = isi.counts, np.array([isi.doublings])
    frequency_state = frequency.counts, np.array([frequency.doublings])
    counters = _added_counters(a.counters, b.counters)
    later = b.counters
    trains, intervals, pairs = kernel_arrays(counters, isi_state, frequency_state)
    kernels.join_nodes(
        trains,
        (later.count, later.first, later.second, later.previous, later.last),
        population_of_rows(a.nodes),
        intervals,
        pairs,
        kernel_widths(a.spec),
    )
    exact = a.times is not None and b.times is not None and a.n_spikes + b.n_spikes <= a.spec.raster_cap
    return replace(
        a,
        counters=counters,
        rate_counts=a.rate_counts + b.rate_counts,
        isi=replace(isi, doublings=int(isi_state[1][0])),
        frequency=replace(frequency, doublings=int(frequency_state[1][0])),
        times=_chain(a.times, b.times) if exact else None,
        rows=_chain_rows(a.rows, b.rows) if exact else None,
        density=a.density + b.density,
        frames=None if a.frames is None or b.frames is None else a.frames + b.frames,
    )


def _added_counters(a: NodeCounters, b: NodeCounters) -> NodeCounters:
    """Give new counters: sums and minima of both, the trains of `a` (the kernel appends those of `b`)."""
    values = {field.name: getattr(a, field.name).copy() for field in fields(NodeCounters)}
    for name in _SUMS:
        values[name] += getattr(b, name)
    values["shortest"] = np.minimum(a.shortest, b.shortest)
    return NodeCounters(**values)


def _add_histograms(a: GrowingHistogram, b: GrowingHistogram) -> GrowingHistogram:
    doublings = max(a.doublings, b.doublings)
    counts = _coarsened(a.counts, doublings - a.doublings) + _coarsened(b.counts, doublings - b.doublings)
    return GrowingHistogram(a.width, doublings, counts)


def _coarsened(counts: Integers, doublings: int) -> Integers:
    for _ in range(doublings):
        halves = counts[:, 0::2] + counts[:, 1::2]
        counts = np.concatenate([halves, np.zeros_like(halves)], axis=1)
    return counts


def _chain(a: Floats | None, b: Floats | None) -> Floats | None:
    return None if a is None or b is None else np.concatenate([a, b])


def _chain_rows(a: NDArray[np.int32] | None, b: NDArray[np.int32] | None) -> NDArray[np.int32] | None:
    return None if a is None or b is None else np.concatenate([a, b])
