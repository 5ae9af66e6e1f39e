"""The numbers of a summary: rates, intervals and their irregularity, for all nodes and for each population.

Undefined values are None, never NaN: no nodes, no spikes, or fewer intervals than a measure needs. Percentiles are
over nodes. Definitions are in ``docs/statistics.md``.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.statistics.nodes import (
    counted_nodes,
    has_unknown_nodes,
    in_overall,
    node_measures,
    rows_in_overall,
    window_seconds,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from spikelib.summary.model import Floats, Integers, PropertyGroups, Summary


def statistics(summary: Summary) -> dict[str, Any]:
    """Compute the statistics of a summary.

    Returns
    -------
    dict
        ``overall`` (the neurons of all populations together, without inputs unless there are only such) and
        ``populations`` (name to the same keys): counts, rates in Hz, intervals in ms.
    """
    names = summary.nodes.populations
    offsets = summary.nodes.offsets
    everything = np.arange(len(names))
    return {
        "overall": _statistics(summary, rows_in_overall(summary), everything[in_overall(summary)]),
        "populations": {
            name: _statistics(summary, slice(int(offsets[p]), int(offsets[p + 1])), everything[p : p + 1])
            for p, name in enumerate(names)
        },
    }


def statistics_by_property(summary: Summary, groups: Iterable[PropertyGroups]) -> list[dict[str, Any]]:
    """Compute the statistics of groups of nodes, silent nodes included.

    Returns
    -------
    list of dict
        For each of `groups`: ``population``, ``property``, ``values`` (a dict for each group that has nodes: ``value``,
        counts, rates in Hz, intervals in ms), ``n_missing`` (counted nodes without a value) and ``note``.
    """
    counted = counted_nodes(summary)
    cv = node_measures(summary)["cv"]
    tables = []
    for group in groups:
        first = int(summary.nodes.offsets[group.population])
        # -2 sorts nodes that are not counted before those without a value (-1), which `n_missing` counts.
        codes = np.where(counted[first : first + len(group.codes)], group.codes, -2)
        order = np.argsort(codes, kind="stable")  # one sort for all groups, and ascending rows within each
        ends = np.searchsorted(codes[order], np.arange(-1, len(group.labels) + 1))
        rows = [first + order[low:high] for low, high in itertools.pairwise(ends)]
        tables.append(
            {
                "population": summary.nodes.populations[group.population],
                "property": group.name,
                "values": [
                    {"value": label, **_group_statistics(summary, members, cv)}
                    for label, members in zip(group.labels, rows[1:], strict=True)
                    if len(members)
                ],
                "n_missing": len(rows[0]),
                "note": group.note,
            }
        )
    return tables


def _statistics(summary: Summary, rows: slice | NDArray[np.bool_], populations: NDArray[np.int64]) -> dict[str, Any]:
    counters = summary.counters
    counted = counted_nodes(summary)[rows]
    count = counters.count[rows]
    seconds = window_seconds(summary)
    rates: Floats = count / seconds if seconds else np.full(len(count), np.nan)
    n_nodes, n_active, n_spikes = int(counted.sum()), int((count > 0).sum()), int(count.sum())
    n_isi = int(np.maximum(count - 1, 0).sum())
    shortest = counters.shortest[rows]
    measures = {name: values[rows] for name, values in node_measures(summary).items()}
    with np.errstate(invalid="ignore"):
        span = (counters.last - counters.first)[rows]
    return {
        "n_nodes": n_nodes,
        "n_active": n_active,
        "active_fraction": n_active / n_nodes if n_nodes and not has_unknown_nodes(summary, rows) else None,
        "n_spikes": n_spikes,
        "duration_ms": seconds * 1000.0,
        **_rates(rates[counted], "rate"),
        **_active_rates(rates[count > 0]),
        **_peak(summary, populations, n_nodes),
        "n_isi": n_isi,
        "isi_mean_ms": float(np.nansum(span)) / n_isi if n_isi else None,
        "isi_median_ms": _median_interval(summary, populations),
        "isi_min_ms": float(shortest.min()) if n_isi else None,
        "n_cv": int(np.isfinite(measures["cv"]).sum()),
        "cv_mean": _mean(measures["cv"]),
        "cv_median": _median(measures["cv"]),
        "cv2_mean": _mean(measures["cv2"]),
        "lv_mean": _mean(measures["lv"]),
        "lvr_mean": _mean(measures["lvr"]),
        "refractory_violations": int(counters.refractory[rows].sum()),
        "first_spike_median_ms": _median(counters.first[rows]),
        "fano_factor": _fano(summary, populations),
    }


def _group_statistics(summary: Summary, rows: Integers, cv: Floats) -> dict[str, Any]:
    """Return the statistics of the nodes that share a value of a property."""
    counters, seconds = summary.counters, window_seconds(summary)
    count = counters.count[rows]
    rates = _rates(count / seconds if seconds else np.full(len(count), np.nan), "rate")
    n_active, n_isi = int((count > 0).sum()), int(np.maximum(count - 1, 0).sum())
    with np.errstate(invalid="ignore"):
        # Last less first is the sum of a node's intervals; silent nodes have NaN there, and none.
        span = float(np.nansum(counters.last[rows] - counters.first[rows]))
    return {
        "n_nodes": len(rows),
        "n_active": n_active,
        "active_fraction": n_active / len(rows),
        "n_spikes": int(count.sum()),
        **{key: rates[key] for key in rates if key != "rate_p05_hz"},
        "isi_mean_ms": span / n_isi if n_isi else None,
        "cv_mean": _mean(cv[rows]),
    }


def _rates(rates: Floats, name: str) -> dict[str, float | None]:
    if not np.isfinite(rates).any():
        return {f"{name}_{key}_hz": None for key in ("mean", "median", "sd", "p05", "p95", "max")}
    p05, median, p95 = np.percentile(rates, [5, 50, 95])
    values = {
        "mean": rates.mean(),
        "median": median,
        "sd": rates.std(),
        "p05": p05,
        "p95": p95,
        "max": rates.max(),
    }
    return {f"{name}_{key}_hz": float(value) for key, value in values.items()}


def _active_rates(rates: Floats) -> dict[str, float | None]:
    return {"rate_mean_active_hz": _mean(rates), "rate_median_active_hz": _median(rates)}


def _peak(summary: Summary, populations: NDArray[np.int64], n_nodes: int) -> dict[str, float | None]:
    """Return the highest population rate over the rate bins and the middle of its bin."""
    counts = summary.rate_counts[populations].sum(axis=0)
    if not n_nodes or not counts.any() or not window_seconds(summary):
        return {"peak_rate_hz": None, "peak_time_ms": None}
    rates = counts / (np.diff(summary.rate_edges) / 1000.0) / n_nodes
    peak = int(rates.argmax())
    middle = summary.rate_edges[peak : peak + 2].mean()
    return {"peak_rate_hz": float(rates[peak]), "peak_time_ms": float(middle)}


def _median_interval(summary: Summary, populations: NDArray[np.int64]) -> float | None:
    """Interpolate the median in the interval histogram: exact to a fraction of its bin width."""
    counts = summary.isi.counts[populations].sum(axis=0)
    cumulative = np.cumsum(counts)
    if not cumulative[-1]:
        return None
    half = cumulative[-1] / 2.0
    index = int(np.searchsorted(cumulative, half))
    before = cumulative[index] - counts[index]
    return float((index + (half - before) / counts[index]) * summary.isi.bin_width)


def _fano(summary: Summary, populations: NDArray[np.int64]) -> float | None:
    """Variance over mean of the population's spike count in the rate bins of full width."""
    counts = summary.rate_counts[populations].sum(axis=0)
    widths = np.diff(summary.rate_edges)
    counts = counts[widths > 0.999 * widths[0]]  # the shorter last bin has a lower mean, which would add variance
    return float(counts.var() / counts.mean()) if len(counts) > 1 and counts.any() else None


def _mean(values: Floats) -> float | None:
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if len(finite) else None


def _median(values: Floats) -> float | None:
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if len(finite) else None
