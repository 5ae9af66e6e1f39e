"""The digest of a simulation, ``overview.json``: the little that a page of a thousand simulations needs of each."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.errors import TableError
from spikelib.files import write_text
from spikelib.findings import WARNINGS, read_findings
from spikelib.page.campaign.thumbnail import thumbnail
from spikelib.page.captions import group_text
from spikelib.results import FilterResults, SimulationResults, read_json
from spikelib.statistics.distributions.intervals import isi_cdf
from spikelib.statistics.distributions.rate_distribution import rate_steps
from spikelib.statistics.nodes import counted_nodes, in_overall, rows_in_overall
from spikelib.statistics.rate_curves import rate_curves
from spikelib.summary.model import ratio
from spikelib.summary.store import load_summary
from spikelib.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from spikelib.summary.model import Floats, Summary

__all__ = ["ISI_EDGES_MS", "KEYS", "POPULATION_KEYS", "SCHEMA", "overview", "read_overview", "write_overview"]

SCHEMA = 2

KEYS = (
    "n_nodes",
    "n_active",
    "active_fraction",
    "n_spikes",
    "rate_mean_hz",
    "rate_median_hz",
    "peak_rate_hz",
    "isi_median_ms",
    "cv_mean",
    "lv_mean",
    "sync_fano",
    "pair_correlation",
    "rhythm_hz",
)
"""Keys of ``statistics.json`` that the digest holds for all nodes of a filter."""

POPULATION_KEYS = ("n_nodes", "n_spikes", "rate_mean_hz", "cv_mean")
"""Those that it holds for each population."""

MOST_POINTS = 120
"""Most points of the curve of the firing rate."""

SHARE_DIGITS = 4
"""Decimals of shares of intervals."""


def _isi_edges() -> Floats:
    # On the grid of the summaries' fine bins, where their distribution functions are exact, not interpolated.
    steps = np.unique(np.round(10 ** (np.arange(121) / 20)))
    return np.round(steps / 10, 1)


ISI_EDGES_MS = _isi_edges()
"""Where the distribution function of the ISIs is given for every simulation: 0.1 ms to 100 s, 20 a decade, but never
finer than 0.1 ms."""


def overview(name: str, filters: Iterable[tuple[Mapping[str, Any], Summary | None]]) -> dict[str, Any]:
    """Digest a simulation.

    Parameters
    ----------
    name
        The simulation.
    filters
        For each filter its ``statistics.json``, and its summary; without one (None) the digest has only numbers.

    Examples
    --------
    >>> told = {"filter": {"name": "all", "group": None}, "window": {"start": 0, "stop": 10}}
    >>> told |= {"overall": {"rate_mean_hz": 4.123456789}, "populations": {}, "notes": []}
    >>> overview("weak", [(told, None)])["filters"][0]["statistics"]["rate_mean_hz"]
    4.123457
    """
    return {
        "schema": SCHEMA,
        "spikelib": __version__,
        "name": name,
        "filters": [
            _numbers(statistics) | ({} if summary is None else _pictures(summary)) for statistics, summary in filters
        ],
    }


def write_overview(results: Path, filters: Sequence[str]) -> None:
    """Write ``overview.json`` into the folder of a simulation that has statistics and summaries of these filters.

    Raises
    ------
    MissingFileError, TableError
        If a filter has no statistics, or a file is damaged.
    OutputError
        If the digest cannot be written.
    """
    digest = overview(
        results.resolve().name, (_read_filter(SimulationResults(results).filter(name)) for name in filters)
    )
    write_text(SimulationResults(results).overview, json.dumps(digest, separators=(",", ":")))


def read_overview(path: Path) -> dict[str, Any]:
    """Read an ``overview.json``.

    Raises
    ------
    MissingFileError
        If there is none.
    TableError
        If it is damaged, or of another schema.
    """
    content = read_json(path)
    if content.get("schema") != SCHEMA:
        msg = (
            f"{path}: a digest of schema {content.get('schema')}, but this spikelib reads {SCHEMA}; make the page again"
        )
        raise TableError(msg)
    filters = content.get("filters")
    if not isinstance(filters, list) or not all(map(_is_filter, filters)):
        msg = f"{path}: this digest is damaged; make the page again"
        raise TableError(msg)
    return content


def _is_filter(value: Any) -> bool:
    return (
        isinstance(value, dict) and isinstance(value.get("name"), str) and isinstance(value.get("warnings", []), list)
    )


def _read_filter(files: FilterResults) -> tuple[dict[str, Any], Summary | None]:
    return read_json(files.statistics), load_summary(files.summary) if files.summary.exists() else None


def _numbers(statistics: Mapping[str, Any]) -> dict[str, Any]:
    overall, populations = statistics["overall"], statistics["populations"]
    return {
        "name": statistics["filter"]["name"],
        "group": group_text(statistics["filter"]["group"]),
        "window": [statistics["window"]["start"], statistics["window"]["stop"]],
        "warnings": [finding.text for finding in read_findings(statistics["notes"]) if finding.kind in WARNINGS],
        "statistics": {key: _short(overall.get(key), 7) for key in KEYS},
        "populations": {
            name: {key: _short(values.get(key), 7) for key in POPULATION_KEYS} for name, values in populations.items()
        },
    }


def _pictures(summary: Summary) -> dict[str, Any]:
    return {
        "curve": _curve(summary),
        "rates": _rates(summary),
        "isi": np.round(isi_cdf(summary, ISI_EDGES_MS), SHARE_DIGITS).tolist() if summary.isi.counts.any() else [],
        "thumbnail": base64.b64encode(thumbnail(summary)).decode("ascii"),
    }


def _curve(summary: Summary) -> dict[str, Any]:
    """Return the firing rate per neuron of all populations together, in at most `MOST_POINTS` bins of time."""
    width = summary.spec.rate_bin / summary.spec.rate_parts
    merge = max(1, -(-(summary.fine_edges.size - 1) // MOST_POINTS))
    curves, neurons = rate_curves(summary, "all", merge * width), in_overall(summary)
    seconds = np.diff(curves.edges) / 1000.0
    hz = ratio(curves.counts[neurons].sum(axis=0), curves.n_nodes[neurons].sum() * seconds)
    return {
        "start": float(curves.edges[0]),
        "stop": float(curves.edges[-1]),
        "bin": _short(merge * width, 10),
        "hz": [_short(rate, 4) for rate in hz.tolist()],
    }


def _rates(summary: Summary) -> dict[str, Any]:
    """Return the distribution function of the nodes' rates in whole numbers, in which it is exact."""
    steps = rate_steps(summary)
    seconds = (summary.spec.stop - summary.spec.start) / 1000.0
    n_nodes = int(np.count_nonzero(counted_nodes(summary) & rows_in_overall(summary)))
    return {
        "seconds": seconds,
        "n_nodes": n_nodes,
        "spikes": np.rint(steps.rates_hz * seconds).astype(np.int64).tolist(),
        "nodes": np.rint(steps.shares * n_nodes).astype(np.int64).tolist(),
        "exact": steps.exact,
    }


def _short(value: float | None, digits: int) -> float | int | None:
    """Round to significant digits; whole numbers stay what they are."""
    if value is None or isinstance(value, int):
        return value
    rounded = float(f"{value:.{digits}g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 1e15 else rounded
