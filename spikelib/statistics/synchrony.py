"""How much nodes fire together: from the counts of classes in bins of time, and the counts of each node."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.statistics.time_bins import counts_in_bins
from spikelib.summary.intervals import last_bin, pair_bins_of
from spikelib.window import EPSILON_MS

if TYPE_CHECKING:
    from spikelib.statistics.groups import Group
    from spikelib.statistics.settings import Settings
    from spikelib.summary.model import Floats, Summary

__all__ = ["FEWEST_BINS", "count_variances", "peak", "synchrony"]

FEWEST_BINS = 10
"""Fewer bins say nothing of a variance."""


def peak(summary: Summary, group: Group, settings: Settings) -> dict[str, float | None]:
    """Return the highest rate per node in bins of ``peak_bin_ms``, Hz, and the middle of the first bin that has it, ms.

    Null without a full bin, a node or a spike.
    """
    width = settings.peak_bin_ms
    counts = counts_in_bins(summary, group.classes, width)
    if counts is None or not counts.any() or not group.n_nodes:
        return {"peak_rate_hz": None, "peak_time_ms": None}
    place = int(counts.argmax())
    rate = float(counts[place]) / group.n_nodes / (width / 1000.0)
    return {"peak_rate_hz": rate, "peak_time_ms": summary.spec.start + (place + 0.5) * width}


def synchrony(summary: Summary, group: Group, settings: Settings) -> dict[str, Any]:
    """Return how much the nodes of a group fire together.

    ``sync_fano`` is variance / mean of the spikes of all nodes in bins of ``count_bin_ms`` (Potjans and Diesmann 2014),
    ``sync_cv`` their SD / mean in bins of 1 ms (Schmidt et al. 2018). ``pair_covariance`` is the mean covariance of
    the counts of two nodes in bins of ``pair_bin_ms``, over all pairs of active nodes: the variance of their sum less
    the sum of their variances is the sum over all ordered pairs. ``pair_correlation`` divides it by the mean variance
    of a node, and ``chi`` is the SD of the mean count over the root mean variance (Golomb and Rinzel 1994). Variances
    have N in the denominator; each is null with fewer than ten bins, or without spikes.
    """
    found: dict[str, Any] = {"sync_fano": None, "sync_cv": None}
    counts = counts_in_bins(summary, group.classes, settings.count_bin_ms)
    if counts is not None and len(counts) >= FEWEST_BINS and counts.any():
        found["sync_fano"] = float(counts.var() / counts.mean())
    fine = counts_in_bins(summary, group.classes, 1.0)
    if fine is not None and len(fine) >= FEWEST_BINS and fine.any():
        found["sync_cv"] = float(fine.std() / fine.mean())
    return {**found, **_pairs(summary, group)}


def _pairs(summary: Summary, group: Group) -> dict[str, float | None]:
    names = ("pair_covariance", "pair_correlation", "chi")
    counts = counts_in_bins(summary, group.classes, summary.spec.pair_bin)
    if counts is None or len(counts) < FEWEST_BINS or group.n_active < 2:
        return dict.fromkeys(names)
    variances = count_variances(summary)[group.rows]
    single = math.fsum(variances[np.isfinite(variances)])
    together = float(counts.var())
    n_active = group.n_active
    covariance = (together - single) / (n_active * (n_active - 1))
    if single <= 0.0:
        return {"pair_covariance": covariance, "pair_correlation": None, "chi": None}
    mean = single / n_active
    return {
        "pair_covariance": covariance,
        "pair_correlation": covariance / mean,
        "chi": math.sqrt(together / n_active**2 / mean),
    }


def count_variances(summary: Summary) -> Floats:
    """Return the variance of each node's count in full pair bins, shape (rows,); NaN of silent nodes and of no bins."""
    c, spec = summary.counters, summary.spec
    n_bins = int((spec.stop - spec.start + EPSILON_MS) / spec.pair_bin)
    variances = np.full(len(c.count), np.nan)
    if n_bins < 1:
        return variances
    one = c.bin_first == c.count
    squares = c.bin_squares + c.bin_first**2 + np.where(one, 0, c.bin_open**2)
    total = c.count.copy()
    if last_bin(spec, spec.pair_bin) >= n_bins:
        # The last bin is a short one, and does not count.
        short = pair_bins_of(c.last, spec) >= n_bins
        squares -= np.where(short, c.bin_open**2, 0)
        total -= np.where(short, c.bin_open, 0)
    fired = c.count > 0
    mean = total[fired] / n_bins
    variances[fired] = squares[fired] / n_bins - mean * mean
    return variances
