"""Firing rates of nodes against their position."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spikelib.errors import PlotError
from spikelib.statistics.nodes import counted_nodes, window_seconds

if TYPE_CHECKING:
    from spikelib.summary.model import Floats, Integers, Summary

__all__ = ["DepthProfile", "axis_profile", "depth_profile"]

MOST_BINS = 10_000


@dataclass(frozen=True)
class DepthProfile:
    """Mean rate of the nodes in bins of their position, a row for each population, or class."""

    axis: str
    """The axis: "x", "y" or "z"."""
    edges: Floats
    """Shape (bins + 1,), µm, whole multiples of the width. Bins are [edge, next edge)."""
    rates_hz: Floats
    """Shape (populations, bins), Hz, silent nodes included; NaN where there is no node."""
    n_nodes: Integers
    """Shape (populations, bins): nodes that count."""
    n_unplaced: int
    """Nodes that count, but have no position."""
    names: tuple[str, ...]


def depth_profile(summary: Summary, bin_um: float = 50.0) -> DepthProfile | None:
    """Return mean rates in bins of the position of nodes; None if no node has a position, or the window no length.

    Raises
    ------
    PlotError
        The bins are too many.

    Examples
    --------
    >>> from spikelib.summary.accumulate import summarise
    >>> from spikelib.summary.model import Nodes, RasterAxis, SummarySpec
    >>> places = np.array([-20.0, 10.0, 60.0])
    >>> nodes = Nodes(("cortex",), np.array([0, 3]), np.arange(3), np.ones(3, np.bool_), depth=places, depth_axis="y")
    >>> axis = RasterAxis("node id", np.arange(3.0), (-0.5, 2.5), (), ())
    >>> spikes = [(np.array([1.0, 5.0, 9.0]), np.array([0, 1, 0], np.int32))]
    >>> found = depth_profile(summarise(spikes, SummarySpec(0.0, 10.0, rate_bin=5.0), nodes, axis))
    >>> found.edges.tolist(), found.rates_hz.tolist()
    ([-50.0, 0.0, 50.0, 100.0], [[200.0, 100.0, 0.0]])
    """
    nodes, seconds = summary.nodes, window_seconds(summary)
    if nodes.depth is None or not seconds:
        return None
    counted = counted_nodes(summary)
    known = counted & np.isfinite(nodes.depth)
    if not known.any():
        return None
    places = np.floor(nodes.depth[known] / bin_um)
    first, n_bins = places.min(), places.max() - places.min() + 1
    if n_bins > MOST_BINS:
        msg = f"depth.bin_um: bins of {bin_um:g} µm are over {MOST_BINS:,}; choose wider ones"
        raise PlotError(msg)
    size = int(n_bins)
    population = np.searchsorted(nodes.offsets, np.flatnonzero(known), side="right") - 1
    flat = population * size + (places - first).astype(np.int64)
    shape = len(nodes.populations), size
    n_nodes = np.bincount(flat, minlength=shape[0] * size).reshape(shape)
    spikes = np.bincount(flat, weights=summary.counters.count[known], minlength=shape[0] * size).reshape(shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        rates = spikes / n_nodes / seconds
    edges = (first + np.arange(size + 1)) * bin_um
    return DepthProfile(nodes.depth_axis, edges, rates, n_nodes, int((counted & ~known).sum()), nodes.populations)


def axis_profile(summary: Summary, n_bins: int = 60) -> tuple[Floats, Floats]:
    """Return the mean rate of nodes along the vertical axis of the raster.

    Returns
    -------
    edges, rates
        Shapes (bins + 1,), in units of the axis, and (bins,), Hz, silent nodes included; NaN where there is no node.
    """
    axis, seconds = summary.axis, window_seconds(summary)
    low, high = axis.limits
    placed = counted_nodes(summary) & np.isfinite(axis.y) & (axis.y >= low) & (axis.y <= high)
    places = np.minimum(((axis.y[placed] - low) / (high - low) * n_bins).astype(np.int64), n_bins - 1)
    n_nodes = np.bincount(places, minlength=n_bins)
    spikes = np.bincount(places, weights=summary.counters.count[placed], minlength=n_bins)
    with np.errstate(invalid="ignore", divide="ignore"):
        rates = spikes / n_nodes / (seconds or np.nan)
    return np.linspace(low, high, n_bins + 1), rates
