"""The table of single nodes: counts, rates, irregularity, bursts and presence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.statistics.nodes import counted_nodes, node_measures, window_seconds
from spikelib.statistics.steadiness import node_bursts, node_presence
from spikelib.statistics.synchrony import count_variances
from spikelib.summary.accumulate import population_of_rows

if TYPE_CHECKING:
    from spikelib.summary.model import Summary


def node_columns(summary: Summary) -> dict[str, Any]:
    """Compute the statistics of every node that was simulated or fired.

    Returns
    -------
    dict
        Columns, each of shape (nodes,): population (index of its name), ids, n_spikes, rate_hz, first_ms, last_ms,
        isi_mean_ms, isi_min_ms, cv, cv2, lv, lvr, n_pairs (valid pairs of intervals), refractory_violations, n_bursts,
        n_burst_spikes, presence (share of ten parts of the window with a spike), count_variance (of the spikes in
        bins of ``pair_bin_ms``); NaN where undefined.
    """
    counters, nodes = summary.counters, summary.nodes
    kept = counted_nodes(summary)
    trains, (n_bursts, n_burst_spikes) = node_measures(summary), node_bursts(summary)
    columns = {
        "ids": nodes.ids,
        "n_spikes": counters.count,
        "rate_hz": counters.count / seconds if (seconds := window_seconds(summary)) else np.full(len(kept), np.nan),
        "first_ms": counters.first,
        "last_ms": counters.last,
        "isi_mean_ms": trains["isi_mean"],
        "isi_min_ms": np.where(np.isfinite(counters.shortest), counters.shortest, np.nan),
        **{name: trains[name] for name in ("cv", "cv2", "lv", "lvr")},
        "n_pairs": counters.pairs,
        "refractory_violations": counters.refractory,
        "n_bursts": n_bursts,
        "n_burst_spikes": n_burst_spikes,
        "presence": node_presence(summary),
        "count_variance": count_variances(summary),
    }
    return {"population": population_of_rows(nodes)[kept], **{name: values[kept] for name, values in columns.items()}}
