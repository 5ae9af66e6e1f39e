"""How firing rates are distributed over nodes, silent ones included, computed from the counters of a `Summary`.

A node with k spikes in a window of T seconds has a rate of k / T: rates are on a grid, and edges of bins on the same.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spikelib.statistics.bin_widths import ROUND_NUMBERS
from spikelib.statistics.nodes import counted_nodes, rows_in_overall, window_seconds
from spikelib.summary.model import per_population

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spikelib.summary.model import Floats, Integers, Summary

__all__ = ["RateDistribution", "RateSteps", "rate_distribution", "rate_steps"]

FEWEST_BINS, MOST_BINS, MOST_WITH_TAIL = 20, 60, 200
"""The bulk of the nodes that fired, 99 %, has 20 to 60 linear bins, or one for each number of spikes where these are
fewer; with the tail there are at most 200."""

MOST_STEPS = 256
"""Most points of `RateSteps`."""

_PER_DECADE = 10


@dataclass(frozen=True)
class RateDistribution:
    """Number of nodes in bins of their firing rate, one row per population."""

    edges: Floats
    """Shape (bins + 1,), Hz, evenly spaced from 0 to above the highest rate, each a whole multiple of 1 / T. Bins are
    [edge, next edge)."""
    counts: Integers
    """Shape (populations, bins): nodes; silent ones are in the first bin. Sums over bins are `n_nodes`."""
    log_edges: Floats
    """Shape (log bins + 1,), Hz, ascending from the lowest rate of a node that fired to above the highest, each a whole
    multiple of 1 / T and therefore only about evenly spaced in the logarithm. Bins are [edge, next edge)."""
    log_counts: Integers
    """Shape (populations, log bins): nodes that fired. Sums over bins are ``n_nodes - n_silent``."""
    n_silent: Integers
    """Shape (populations,): nodes of `n_nodes` without a spike."""
    n_nodes: Integers
    """Shape (populations,): nodes that were simulated or fired."""
    names: tuple[str, ...]
    """Names of the populations."""
    simulated: NDArray[np.bool_]
    """Shape (populations,): True where silent nodes are known and counted, not only those that fired."""
    note: str
    """What the reader must know; empty if nothing. A window of a single moment has no rates: all counts are then 0."""


@dataclass(frozen=True)
class RateSteps:
    """Empirical distribution function of the rates of all nodes, silent ones included: a step function."""

    rates_hz: Floats
    """Shape (points,), Hz, ascending."""
    shares: Floats
    """Shape (points,), ascending up to 1: share of the nodes whose rate is at most that of the point."""
    exact: bool
    """True if every step is a point. If not, points are on the function but between two of them it may rise by up to
    1 / 256 beyond what any single rate contributes."""


def rate_distribution(summary: Summary) -> RateDistribution:
    """Return how many nodes of each population fired at which rate over the whole window."""
    nodes, count = summary.nodes, summary.counters.count
    counted = nodes.simulated | (count > 0)
    n_nodes = per_population(counted, nodes.offsets)
    seconds = window_seconds(summary)
    rows = np.flatnonzero(counted) if seconds else np.empty(0, np.int64)
    population = np.searchsorted(nodes.offsets, rows, side="right") - 1
    spikes = count[rows]
    linear, logarithmic = _linear_steps(spikes, seconds), _log_steps(spikes[spikes > 0])
    fired = spikes > 0
    shape = len(nodes.populations)
    return RateDistribution(
        edges=linear / (seconds or 1.0),
        counts=_count(spikes, population, linear, shape),
        log_edges=logarithmic / (seconds or 1.0),
        log_counts=_count(spikes[fired], population[fired], logarithmic, shape),
        n_silent=per_population(counted & (count == 0), nodes.offsets),
        n_nodes=n_nodes,
        names=nodes.populations,
        simulated=per_population(nodes.simulated, nodes.offsets) > 0,
        note="" if seconds else "the window is a single moment: there are no rates",
    )


def rate_steps(summary: Summary) -> RateSteps:
    """Return the distribution function of the rates of all nodes that "overall" is of: neurons.

    Returns
    -------
    RateSteps
        Every step if there are at most `MOST_STEPS` distinct rates, else those at `MOST_STEPS` evenly spaced quantiles.
        No points if there are no nodes, or the window is a single moment.
    """
    count, seconds = summary.counters.count, window_seconds(summary)
    counts = count[counted_nodes(summary) & rows_in_overall(summary)]
    if not counts.size or not seconds:
        return RateSteps(np.empty(0), np.empty(0), exact=True)
    distinct, number = np.unique(counts, return_counts=True)
    shares = np.cumsum(number) / counts.size
    if exact := distinct.size <= MOST_STEPS:
        kept = np.arange(distinct.size)
    else:
        kept = np.unique(np.searchsorted(shares, np.arange(1, MOST_STEPS + 1) / MOST_STEPS))
    return RateSteps(distinct[kept] / seconds, shares[kept], exact)


def _linear_steps(spikes: Integers, seconds: float) -> Integers:
    """Choose edges in spikes per node: 0 to beyond the most, a width of a round number of Hz if one fits."""
    most = int(spikes.max(initial=0))
    if most < FEWEST_BINS:
        return np.arange(most + 2)
    lower, upper, bulk = np.percentile(spikes[spikes > 0], [25, 75, 99])
    narrowest = max(bulk / MOST_BINS, most / MOST_WITH_TAIL, 1.0)
    widest = max(bulk / FEWEST_BINS, narrowest)
    wanted = float(np.clip(2 * (upper - lower) / np.cbrt(spikes.size), narrowest, widest))
    near = [w * seconds for w in ROUND_NUMBERS if narrowest <= w * seconds * (1 + 1e-9) and w * seconds <= widest]
    # Edges between two possible rates would put 2 and 3 possible rates into bins in turn: a comb that is not there.
    whole = [round(w) for w in near if abs(w - round(w)) <= 1e-9 * w]
    width = min(whole, key=lambda w: abs(w - wanted)) if whole else max(math.ceil(narrowest), math.floor(wanted))
    return np.arange(-(-(most + 1) // width) + 1) * width


def _log_steps(spikes: Integers) -> Integers:
    """Choose edges in spikes per node that rise by about a constant factor, from the fewest to beyond the most."""
    if not spikes.size:
        return np.array([1, 2])
    lowest, most = int(spikes.min()), int(spikes.max())
    n_steps = int(np.ceil(_PER_DECADE * np.log10((most + 1) / lowest)))
    steps = np.unique(np.round(lowest * 10 ** (np.arange(n_steps + 1) / _PER_DECADE)).astype(np.int64))
    return np.append(steps[steps <= most], max(most + 1, int(steps[-1])))


def _count(spikes: Integers, population: Sequence[int] | Integers, edges: Integers, n_populations: int) -> Integers:
    """Count values in half-open bins for each population; all are between the first and the last edge."""
    places = np.searchsorted(edges, spikes, side="right") - 1 + np.asarray(population) * (len(edges) - 1)
    return np.bincount(places, minlength=n_populations * (len(edges) - 1)).reshape(n_populations, -1)
