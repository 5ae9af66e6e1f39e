"""The numbers of a summary: rates, intervals and their irregularity, for all nodes and for each population.

Undefined values are None, never NaN: no nodes, no spikes, or fewer intervals than a measure needs. Percentiles are
over nodes. Definitions are in ``docs/statistics.md``.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.statistics.groups import class_group, overall_group, population_group
from spikelib.statistics.nodes import counted_nodes, has_unknown_nodes, node_measures, window_seconds
from spikelib.statistics.rhythm import band_power, find_rhythm, spectrum
from spikelib.statistics.settings import Settings
from spikelib.statistics.steadiness import bursts, evenness, steadiness
from spikelib.statistics.synchrony import peak, synchrony

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from spikelib.statistics.groups import Group
    from spikelib.summary.model import Floats, Integers, PropertyGroups, Summary


def statistics(summary: Summary, settings: Settings | None = None) -> dict[str, Any]:
    """Compute the statistics of a summary.

    Parameters
    ----------
    summary
        The spikes.
    settings
        Widths and limits that are chosen after counting; None for the defaults.

    Returns
    -------
    dict
        ``overall`` (the neurons of all populations together, without inputs unless there are only such),
        ``populations`` (name to the same keys) and ``classes`` (a list of the same with ``population`` and ``class``):
        counts, rates in Hz, intervals in ms. ``bins`` has the widths and limits that they were counted with.
    """
    settings = settings or Settings()
    names, classes = summary.nodes.populations, summary.nodes.classes
    measures = node_measures(summary)

    def of(group: Group) -> dict[str, Any]:
        return _statistics(summary, group, measures, settings)

    return {
        "bins": bins(summary, settings),
        "overall": of(overall_group(summary)),
        "populations": {name: of(population_group(summary, p)) for p, name in enumerate(names)},
        "classes": [
            {"population": names[int(p)], "class": name, **of(class_group(summary, k))}
            for k, (name, p) in enumerate(zip(classes.names, classes.population, strict=True))
        ],
    }


def bins(summary: Summary, settings: Settings) -> dict[str, Any]:
    """Return the widths and limits that statistics were counted with."""
    spec = summary.spec
    return {
        "base_ms": spec.base,
        "peak_bin_ms": settings.peak_bin_ms,
        "count_bin_ms": settings.count_bin_ms,
        "pair_bin_ms": spec.pair_bin,
        "cv_min_intervals": spec.cv_min_intervals,
        "lvr_refractoriness_ms": spec.lvr_refractoriness,
        "burst_spikes": spec.burst_spikes,
        "burst_isi_ms": spec.burst_isi,
        "isi_ms": summary.intervals.bin_width,
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
    cv = np.where(summary.counters.count > summary.spec.cv_min_intervals, node_measures(summary)["cv"], np.nan)
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


def _statistics(summary: Summary, group: Group, every: Mapping[str, Floats], settings: Settings) -> dict[str, Any]:
    counters, rows = summary.counters, group.rows
    counted = counted_nodes(summary)[rows]
    count = counters.count[rows]
    seconds = window_seconds(summary)
    rates: Floats = count / seconds if seconds else np.full(len(count), np.nan)
    n_nodes, n_active, n_spikes = group.n_nodes, group.n_active, int(count.sum())
    n_isi = int(np.maximum(count - 1, 0).sum())
    shortest = counters.shortest[rows]
    measures = {name: values[rows] for name, values in every.items()}
    cv = measures["cv"][np.isfinite(measures["cv"]) & (count > summary.spec.cv_min_intervals)]
    found = spectrum(summary, group)
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
        **peak(summary, group, settings),
        "n_isi": n_isi,
        "isi_mean_ms": float(np.nansum(span)) / n_isi if n_isi else None,
        "isi_median_ms": _median_interval(summary, group),
        "isi_min_ms": float(shortest.min()) if n_isi else None,
        "n_cv": len(cv),
        "cv_mean": _mean(cv),
        "cv_median": _median(cv),
        "n_lv": int((counters.pairs[rows] > 0).sum()),
        "cv2_mean": _mean(measures["cv2"]),
        "lv_mean": _mean(measures["lv"]),
        "lvr_mean": _mean(measures["lvr"]),
        "refractory_violations": int(counters.refractory[rows].sum()),
        "first_spike_median_ms": _median(counters.first[rows]),
        **bursts(summary, group),
        **synchrony(summary, group, settings),
        **find_rhythm(found, len(summary.nodes.classes.names)),
        "band_power": band_power(found),
        **steadiness(summary, group),
        **evenness(rates[counted]),
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


def _median_interval(summary: Summary, group: Group) -> float | None:
    """Return the median interval, ms: the middle of its bin, or of two that an even number of intervals has."""
    counts = summary.intervals.counts[group.classes].sum(axis=0)
    total = int(counts.sum())
    if not total:
        return None
    places = np.searchsorted(np.cumsum(counts), [(total - 1) // 2, total // 2], side="right")
    width, united = summary.intervals.width, 2**summary.intervals.doublings
    # Bins of the time step are centred on its multiples: so is the middle of several that were united.
    offset = (united - 1) / 2.0 + (0.0 if summary.spec.centred else 0.5)
    return float((places * united + offset).mean() * width)


def _mean(values: Floats) -> float | None:
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if len(finite) else None


def _median(values: Floats) -> float | None:
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if len(finite) else None
