"""Whether a group fires all the time and evenly, in bursts, and by few of its nodes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.statistics.time_bins import counts_in_parts
from spikelib.summary.model import PARTS

if TYPE_CHECKING:
    from spikelib.statistics.groups import Group
    from spikelib.summary.model import Floats, Integers, Summary

__all__ = ["bursts", "evenness", "node_bursts", "node_presence", "steadiness"]

_FALSE_ALARMS = 0.01
_CHANGE = 0.2
"""A first tenth that differs by less from the others is no transient, however sure the difference is."""


def steadiness(summary: Summary, group: Group) -> dict[str, Any]:
    """Return whether the rate of a group stays the same.

    ``presence_mean``: mean over active nodes of the share of ten equal parts of the window in which they fire.
    ``drift``: rate of the second half less that of the first, over the rate of the whole. ``transient``: whether the
    first tenth's count differs from the others' mean by more than 20 % and by more than their scatter explains, in
    1 % of steady Poisson runs over all classes. Null without spikes; ``transient`` where the others are all equal.
    """
    parts = counts_in_parts(summary, group.classes)
    total = int(parts.sum())
    if not total:
        return {"presence_mean": None, "drift": None, "transient": None}
    presence = node_presence(summary)[group.rows & (summary.counters.count > 0)]
    half = PARTS // 2
    return {
        "presence_mean": float(presence.mean()),
        "drift": 2.0 * float(parts[half:].sum() - parts[:half].sum()) / total,
        "transient": _transient(parts, len(summary.nodes.classes.names)),
    }


def _transient(parts: Integers, n_classes: int) -> bool | None:
    others = parts[1:]
    if (others == others[0]).all():
        return None
    from scipy.special import stdtrit  # noqa: PLC0415 - only statistics need it

    n = len(others)
    limit = float(stdtrit(n - 1, 1.0 - _FALSE_ALARMS / max(n_classes, 1) / 2.0))
    scatter = float(others.std(ddof=1)) * math.sqrt(1.0 + 1.0 / n)
    difference = abs(float(parts[0]) - float(others.mean()))
    return bool(difference > _CHANGE * others.mean() and difference > limit * scatter)


def bursts(summary: Summary, group: Group) -> dict[str, float | None]:
    """Return the share of spikes in bursts, of active nodes with a burst, and the spikes in one; null without spikes.

    A burst is a run of at least ``burst_spikes`` spikes of a node with intervals of at most ``burst_isi_ms``.
    """
    n_bursts, n_spikes = (values[group.rows] for values in node_bursts(summary))
    count = summary.counters.count[group.rows]
    if not group.n_active:
        return dict.fromkeys(("burst_spike_share", "bursting_share", "burst_length_mean"))
    total = int(n_bursts.sum())
    return {
        "burst_spike_share": float(n_spikes.sum() / count.sum()),
        "bursting_share": float((n_bursts > 0).sum() / group.n_active),
        "burst_length_mean": float(n_spikes.sum() / total) if total else None,
    }


def node_bursts(summary: Summary) -> tuple[Integers, Integers]:
    """Return the bursts of each node and the spikes in them, each of shape (rows,)."""
    c, fewest = summary.counters, summary.spec.burst_spikes
    first = np.where(c.run_first >= fewest, c.run_first, 0)
    last = np.where((c.run_first != c.count) & (c.run_open >= fewest), c.run_open, 0)
    return c.bursts + (first > 0) + (last > 0), c.burst_spikes + first + last


def node_presence(summary: Summary) -> Floats:
    """Return the share of ten equal parts of the window in which each node has a spike, shape (rows,)."""
    bits = summary.counters.parts[:, None] >> np.arange(PARTS)
    presence: Floats = (bits & 1).sum(axis=1) / PARTS
    return presence


def evenness(rates: Floats) -> dict[str, float | None]:
    """Return how unevenly nodes fire: ``sparseness`` (Vinje and Gallant 2000) and ``gini`` of their rates.

    Parameters
    ----------
    rates
        Rates of all nodes that count, Hz, silent ones included.

    Examples
    --------
    >>> evenness(np.array([0.0, 0.0, 0.0, 8.0]))
    {'sparseness': 1.0, 'gini': 0.75}
    >>> evenness(np.zeros(4))
    {'sparseness': None, 'gini': None}
    """
    n, total = len(rates), float(rates.sum()) if len(rates) else 0.0
    if not np.isfinite(total) or total <= 0.0:
        return {"sparseness": None, "gini": None}
    even = float(rates.mean() ** 2 / (rates**2).mean())
    ascending = np.sort(rates)
    gini = 2.0 * float((np.arange(1, n + 1) * ascending).sum()) / (n * total) - (n + 1) / n
    return {"sparseness": (1.0 - even) / (1.0 - 1.0 / n) if n > 1 else None, "gini": gini}
