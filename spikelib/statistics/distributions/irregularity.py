"""How CV and LV are distributed over nodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spikelib.statistics.distributions.boxes import node_values

if TYPE_CHECKING:
    from spikelib.summary.model import Floats, Integers, Summary

__all__ = ["Irregularity", "irregularity"]

WIDTH = 0.05
"""Width of the bins."""
MOST_BINS = 200
"""Values beyond so many bins are counted in `Irregularity.n_beyond`."""


@dataclass(frozen=True)
class Irregularity:
    """Number of nodes in bins of CV or LV, a row for each population, or class."""

    edges: Floats
    """Shape (bins + 1,), from 0. Bins are [edge, next edge)."""
    counts: Integers
    """Shape (populations, bins): nodes."""
    n_nodes: Integers
    """Shape (populations,): nodes that have a value."""
    n_beyond: Integers
    """Shape (populations,): those of `n_nodes` whose value is beyond the last edge."""
    names: tuple[str, ...]


def irregularity(summary: Summary, part: str) -> Irregularity:
    """Return how many nodes have which CV ("cv") or LV ("lv"): of nodes with enough intervals, as `node_values` says.

    Examples
    --------
    >>> from spikelib.summary.accumulate import summarise
    >>> from spikelib.summary.model import Nodes, RasterAxis, SummarySpec
    >>> nodes = Nodes(("clock",), np.array([0, 1]), np.arange(1), np.ones(1, np.bool_))
    >>> axis = RasterAxis("node id", np.zeros(1), (-0.5, 0.5), (), ())
    >>> spikes = [(np.arange(0.0, 100.0, 5.0), np.zeros(20, np.int32))]
    >>> found = irregularity(summarise(spikes, SummarySpec(0.0, 100.0, rate_bin=5.0), nodes, axis), "cv")
    >>> int(found.counts[0, 0]), found.n_nodes
    (1, array([1]))
    """
    values, nodes = node_values(summary, part), summary.nodes
    known = np.flatnonzero(np.isfinite(values))
    population = np.searchsorted(nodes.offsets, known, side="right") - 1
    # To within rounding, a value on an edge belongs above it: that of a clock is 0 or a little more.
    places = np.floor(values[known] / WIDTH + 1e-9).astype(np.int64)
    n_bins = int(min(max(int(places.max(initial=0)) + 1, 30), MOST_BINS))
    shape = len(nodes.populations), n_bins
    inside = places < n_bins
    flat = population[inside] * n_bins + places[inside]
    n_nodes = np.bincount(population, minlength=shape[0])
    counts = np.bincount(flat, minlength=shape[0] * n_bins).reshape(shape)
    return Irregularity(
        WIDTH * np.arange(n_bins + 1.0), counts, n_nodes, n_nodes - counts.sum(axis=1), nodes.populations
    )
