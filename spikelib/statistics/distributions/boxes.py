"""Box plots of nodes: quartiles, whiskers and mean of their rates and CVs."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spikelib.statistics.nodes import counted_nodes, node_measures, window_seconds

if TYPE_CHECKING:
    from spikelib.summary.model import Floats, Summary

__all__ = ["Box", "boxes", "node_values"]

WHISKER = 1.5
"""Whiskers reach to the last node within so many times the distance of the quartiles from them (Tukey 1977)."""


@dataclass(frozen=True)
class Box:
    """The box of one population, or class; all values are NaN without a node."""

    name: str
    n_nodes: int
    """Nodes that have a value."""
    low: float
    """End of the lower whisker."""
    q1: float
    """First quartile, interpolated linearly between nodes, as the others."""
    median: float
    q3: float
    high: float
    """End of the upper whisker."""
    mean: float
    n_below: int
    """Nodes below the lower whisker."""
    n_above: int
    """Nodes above the upper whisker."""
    highest: float


def boxes(summary: Summary, part: str) -> list[Box]:
    """Return the box of each population of a summary, of rates ("rate", Hz, silent nodes included) or of CVs ("cv").

    Examples
    --------
    >>> from spikelib.summary.accumulate import summarise
    >>> from spikelib.summary.model import Nodes, RasterAxis, SummarySpec
    >>> nodes = Nodes(("cortex",), np.array([0, 3]), np.arange(3), np.ones(3, np.bool_))
    >>> axis = RasterAxis("node id", np.arange(3.0), (-0.5, 2.5), (), ())
    >>> spikes = [(np.array([1.0, 5.0, 9.0]), np.array([0, 1, 0], np.int32))]
    >>> box = boxes(summarise(spikes, SummarySpec(0.0, 10.0, rate_bin=5.0), nodes, axis), "rate")[0]
    >>> box.q1, box.median, box.q3, box.mean
    (50.0, 100.0, 150.0, 100.0)
    """
    values, offsets = node_values(summary, part), summary.nodes.offsets
    parts = (values[int(a) : int(b)] for a, b in itertools.pairwise(offsets))
    return [_box(name, of[np.isfinite(of)]) for name, of in zip(summary.nodes.populations, parts, strict=True)]


def node_values(summary: Summary, part: str) -> Floats:
    """Return what a distribution over nodes is of, shape (rows,): NaN for nodes that are no part of it.

    Parameters
    ----------
    summary
        The spikes.
    part
        "rate" (Hz) of every node that counts, "cv" of those with at least ``SummarySpec.cv_min_intervals`` intervals,
        "lv" of those with a valid pair of intervals.
    """
    count, seconds = summary.counters.count, window_seconds(summary)
    if part == "rate":
        known = counted_nodes(summary) & (seconds > 0)
        return np.where(known, count / (seconds or 1.0), np.nan)
    values = node_measures(summary)[part]
    if part == "cv":
        values = np.where(count > summary.spec.cv_min_intervals, values, np.nan)
    return values


def _box(name: str, values: Floats) -> Box:
    if not len(values):
        return Box(name, 0, np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, 0, 0, np.nan)
    q1, median, q3 = np.percentile(values, [25, 50, 75])
    reach = WHISKER * (q3 - q1)
    within = values[(values >= q1 - reach) & (values <= q3 + reach)]
    # A quartile lies between nodes: the last node within reach may lie inside of the box, where a whisker has no place.
    low, high = min(float(within.min()), q1), max(float(within.max()), q3)
    return Box(
        name,
        len(values),
        float(low),
        float(q1),
        float(median),
        float(q3),
        float(high),
        float(values.mean()),
        int((values < low).sum()),
        int((values > high).sum()),
        float(values.max()),
    )
