"""Spikes of classes together in bins of time: from the base grid of a summary, whose counts add up exactly."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from spikelib.summary.model import PARTS
from spikelib.window import EPSILON_MS

if TYPE_CHECKING:
    from spikelib.summary.model import Integers, Summary

__all__ = ["counts_in_bins", "counts_in_parts"]


def counts_in_bins(summary: Summary, classes: Integers, width_ms: float) -> Integers | None:
    """Return the spikes of some classes together in the full bins of a width from the window's start.

    Parameters
    ----------
    summary
        The spikes.
    classes
        Indices of classes.
    width_ms
        Width of the bins, ms.

    Returns
    -------
    numpy.ndarray or None
        Shape (full bins,), int64; a spike at the very end of a full last bin is in it. None if the base grid is too
        coarse for the width, or not a part of it.

    Examples
    --------
    >>> from spikelib.summary.accumulate import summarise
    >>> from spikelib.summary.model import Nodes, RasterAxis, SummarySpec
    >>> nodes = Nodes(("exc",), np.array([0, 1]), np.array([0]), np.ones(1, np.bool_))
    >>> axis = RasterAxis("node id", np.zeros(1), (-0.5, 0.5), (), ())
    >>> spikes = np.array([1.0, 6.0, 10.0]), np.zeros(3, np.int32)
    >>> summary = summarise([spikes], SummarySpec(start=0.0, stop=10.0, rate_bin=5.0), nodes, axis)
    >>> counts_in_bins(summary, np.array([0]), 5.0).tolist()
    [1, 2]
    """
    steps = round(width_ms / summary.spec.base)
    if steps < 1 or not math.isclose(steps * summary.spec.base, width_ms, rel_tol=1e-9):
        return None
    n_full = int((summary.spec.stop - summary.spec.start + EPSILON_MS) / width_ms)
    together = summary.base_counts[classes].sum(axis=0, dtype=np.int64)
    counts: Integers = together[: n_full * steps].reshape(n_full, steps).sum(axis=1)
    return counts


def counts_in_parts(summary: Summary, classes: Integers) -> Integers:
    """Return the spikes of some classes together in ten equal parts of the window, shape (10,)."""
    counts: Integers = summary.part_counts[classes].sum(axis=0, dtype=np.int64).reshape(PARTS)
    return counts
