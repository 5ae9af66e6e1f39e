"""Firing rates over time, in bins of a chosen width."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from spikelib.errors import PlotError
from spikelib.statistics.bin_widths import FEWEST_BINS, MOST_BINS, TOLERANCE, is_multiple
from spikelib.summary.model import per_population, ratio, united_counts, united_edges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spikelib.summary.model import Floats, Integers, Summary


@dataclass(frozen=True)
class RateCurves:
    """Mean firing rate per node over time, one row per population."""

    edges: Floats
    """Shape (bins + 1,), ms. Bins are [edge, next edge); the last one includes its end."""
    rates_hz: Floats
    """Shape (populations, bins), Hz: spikes / (nodes x true bin width); 0 where there are no nodes."""
    total_hz: Floats
    """Shape (bins,), Hz: the same over the nodes of all populations together."""
    n_nodes: Integers
    """Shape (populations,): the denominators."""
    names: tuple[str, ...]
    """Names of the populations."""
    simulated: NDArray[np.bool_]
    """Shape (populations,): True where silent nodes are in the denominator too, not only those that fired."""
    counts: Integers
    """Shape (populations, bins): spikes."""


def rate_curves(
    summary: Summary, nodes: Literal["active", "all"] = "active", binsize: float | None = None
) -> RateCurves:
    """Return the mean firing rate of each population over time.

    Parameters
    ----------
    summary
        The spikes, counted in rate bins.
    nodes
        The denominator: "active" for the nodes that fired at all in the window (as bluepysnap does), "all"
        for every simulated node, silent or not. Where nothing is known about silent nodes both are the
        same.
    binsize
        Width of the bins, ms: a whole multiple of the summary's fine bins; `rate_widths` lists good ones. None for the
        width of its rate bins.

    Raises
    ------
    PlotError
        If `nodes` is another word, or `binsize` is not positive or no multiple of the fine bins.

    Examples
    --------
    >>> from spikelib.summary.accumulate import summarise
    >>> from spikelib.summary.model import Nodes, RasterAxis, SummarySpec
    >>> nodes = Nodes(("exc",), np.array([0, 2]), np.array([0, 1]), np.ones(2, np.bool_))
    >>> axis = RasterAxis("node id", np.arange(2.0), (-0.5, 1.5), (), ())
    >>> spikes = np.array([1.0, 3.0, 12.0]), np.zeros(3, np.int32)
    >>> summary = summarise([spikes], SummarySpec(start=0.0, stop=20.0, rate_bin=10.0), nodes, axis)
    >>> rate_curves(summary).rates_hz.tolist(), rate_curves(summary, nodes="all").rates_hz.tolist()
    ([[200.0, 100.0]], [[100.0, 50.0]])
    """
    if nodes not in ("active", "all"):
        msg = f"unknown rate normalisation {nodes!r}: nodes must be 'active' or 'all'"
        raise PlotError(msg)
    simulated = summary.nodes.simulated if nodes == "all" else np.zeros_like(summary.nodes.simulated)
    counted = (summary.counters.count > 0) | simulated
    n_nodes = per_population(counted, summary.nodes.offsets)
    merge = summary.spec.rate_parts if binsize is None else _rate_merge(binsize, summary)
    edges = united_edges(summary.fine_edges, merge)
    counts = united_counts(summary.fine_counts, merge)
    seconds = np.diff(edges) / 1000.0
    return RateCurves(
        edges=edges,
        rates_hz=ratio(counts, n_nodes[:, None] * seconds),
        total_hz=ratio(counts.sum(axis=0), n_nodes.sum() * seconds),
        n_nodes=n_nodes,
        names=summary.nodes.populations,
        simulated=per_population(simulated, summary.nodes.offsets) > 0,
        counts=counts,
    )


def rate_widths(summary: Summary) -> tuple[float, ...]:
    """Return the bin widths of `rate_curves` that a reader may choose from, ascending, ms.

    They are the fine bin times 1, 2, 5, 10, 20, 50 and so on, as far as they give between `FEWEST_BINS` and `MOST_BINS`
    bins, and always the width of the summary's own rate bins.
    """
    spec = summary.spec
    span = float(summary.fine_edges[-1] - summary.fine_edges[0])
    # Steps as whole numbers: a width in ms may be no binary fraction, and 0.1 * 3 is not 0.3.
    steps = (m * 10**e for e in range(10) for m in (1, 2, 5))
    bins = {step: span / (spec.rate_bin * step / spec.rate_parts) for step in steps}
    chosen = {step for step, n_bins in bins.items() if FEWEST_BINS * (1 - TOLERANCE) <= n_bins <= MOST_BINS}
    return tuple(spec.rate_bin * step / spec.rate_parts for step in sorted(chosen | {spec.rate_parts}))


def _rate_merge(binsize: float, summary: Summary) -> int:
    """Return how many fine bins make a rate bin of `binsize`."""
    fine = summary.spec.rate_bin / summary.spec.rate_parts
    if not (math.isfinite(binsize) and binsize > 0):
        msg = f"rate binsize {binsize} ms must be a positive number"
        raise PlotError(msg)
    if not is_multiple(binsize, fine):
        msg = f"rate binsize {binsize:g} ms is no multiple of the summary's fine bins of {fine:g} ms"
        raise PlotError(msg)
    return round(binsize / fine)
