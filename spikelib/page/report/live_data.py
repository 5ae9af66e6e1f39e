"""What the live pictures of a filter are drawn from: counts and spikes of a summary, packed for the page.

Every number comes from a view of the summary. The page's JavaScript unites whole numbers of fine bins, sorts and
formats; it computes nothing else.
"""

from __future__ import annotations

import math
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.options.figures import STILLS
from spikelib.page.packing import pack
from spikelib.page.report.class_data import Part, class_parts, options_of
from spikelib.statistics.distributions.intervals import isi_histogram, log_isi_histogram
from spikelib.statistics.distributions.rate_distribution import rate_distribution
from spikelib.statistics.rate_curves import rate_curves, rate_widths
from spikelib.summary.by_class import by_class, n_classes
from spikelib.summary.grids import raster_grid
from spikelib.window import EPSILON_MS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from spikelib.summary.model import Floats, Integers, Summary

__all__ = ["payload", "tick_of"]

TICKS_MS = (1, 0.5, 0.25, 0.2, 0.125, 0.1, 0.05, 0.025, 0.02, 0.0125, 0.01, 0.005, 0.0025, 0.001, 1e-4)
"""Units in which spike times may be whole numbers: the time steps of simulators."""

MOST_COLOURS = 7
"""Groups that colours tell apart: those of the page's palette."""

MOST_HALVINGS = 3
"""A density is made coarser at most so often to fit into a page; beyond, it would be worse than the picture."""


def payload(summary: Summary, statistics: Mapping[str, Any], budget: int) -> dict[str, Any]:
    """Pack what a filter's plots show into a dictionary that JSON can hold.

    Parameters
    ----------
    summary
        The filter's spikes.
    statistics
        Its ``statistics.json``: the name, and which figures are drawn with which options.
    budget
        Largest length of ``bytes``. A raster that does not fit becomes a density, then a coarser one, then none;
        if the curves do not fit either, they are left out too.

    Returns
    -------
    dict
        ``filter``, ``window`` [ms], ``populations`` (of the raster) and ``groups`` (of all other charts), those with
        nodes, one entry or None for each still, and the packed ``arrays`` and ``bytes``. Both are classes; the raster
        takes populations where classes are too many for colours to be told apart.

    Examples
    --------
    >>> from spikelib.summary.accumulate import summarise
    >>> from spikelib.summary.model import Nodes, RasterAxis, SummarySpec
    >>> nodes = Nodes(("a",), np.array([0, 2]), np.array([0, 1]), np.array([True, True]))
    >>> axis = RasterAxis("node id", np.array([0.0, 1.0]), (-0.5, 1.5), (), ())
    >>> spikes = [(np.array([1.0, 4.0]), np.array([0, 0], np.int32))]
    >>> summary = summarise(spikes, SummarySpec(0.0, 10.0, rate_bin=5.0), nodes, axis)
    >>> found = payload(summary, {"filter": {"name": "all"}, "figures": {}}, budget=10_000)
    >>> found["window"], found["populations"][0]["n_fired"], found["raster"]["n_spikes"]
    ([0.0, 10.0], 1, 2)
    """
    classes = by_class(summary)
    groups, kept = _groups(classes)
    in_raster = classes if n_classes(summary) <= MOST_COLOURS else summary
    populations, shown = _groups(in_raster)
    head = {
        "filter": statistics["filter"]["name"],
        "window": [summary.spec.start, summary.spec.stop],
        "populations": populations,
        "groups": groups,
    }
    if not summary.n_spikes:
        return head | _packed([])
    curves = [*_curves(classes, statistics, kept), *class_parts(classes, statistics, kept)]
    rasters = _rasters(in_raster, shown) if options_of(statistics, "raster") is not None else ()
    choices: Iterator[list[Part]] = chain(([raster, *curves] for raster in rasters), [curves])
    fitting = (packed for packed in map(_packed, choices) if len(packed["bytes"]) <= budget)
    return head | next(fitting, _packed([]))


def _groups(summary: Summary) -> tuple[list[dict[str, Any]], Integers]:
    """Describe the populations of a summary that have nodes, and return their indices."""
    counted = rate_curves(summary, "all")
    kept = np.flatnonzero(counted.n_nodes > 0)
    fired = rate_curves(summary, "active").n_nodes
    return [
        {
            "name": counted.names[p],
            "colour": int(p),
            "n_nodes": int(counted.n_nodes[p]),
            "n_fired": int(fired[p]),
            "simulated": bool(counted.simulated[p]),
        }
        for p in kept
    ], kept


def tick_of(times: Floats, start: float) -> tuple[float, bool]:
    """Choose the unit in which spike times, counted from `start`, are stored as whole numbers of 32 bits.

    Returns
    -------
    The unit, ms, and whether times had to be rounded to it.

    Examples
    --------
    >>> tick_of(np.array([100.0, 100.1, 112.3]), 100.0)
    (0.1, False)
    >>> tick_of(np.array([0.123456789]), 0.0)
    (0.0001, True)
    """
    since = times - start
    span = float(since.max(initial=0.0))
    fitting = [tick for tick in TICKS_MS if span / tick < 2**31 - 1]
    for tick in fitting:
        if np.abs(since - np.round(since / tick) * tick).max(initial=0.0) <= EPSILON_MS:
            return float(tick), False
    return (float(fitting[-1]) if fitting else 10.0 ** math.ceil(math.log10(span / 2**31))), True


def _packed(parts: list[Part]) -> dict[str, Any]:
    arrays = {f"{part.kind}.{name}": array for part in parts for name, array in part.arrays.items()}
    delta = {f"{part.kind}.{name}" for part in parts for name in part.delta}
    facts: dict[str, Any] = dict.fromkeys(STILLS)
    return facts | {part.kind: part.facts for part in parts} | pack(arrays, delta)


def _rasters(summary: Summary, kept: Integers) -> Iterator[Part]:
    """Return the raster, then ever smaller substitutes."""
    if summary.times is not None and summary.rows is not None:
        yield _spikes(summary, kept)
    for halvings in range(MOST_HALVINGS + 1):
        yield _density(summary, halvings)


def _axis(summary: Summary) -> dict[str, Any]:
    axis = summary.axis
    return {
        "label": axis.label,
        "limits": list(axis.limits),
        "ticks": [[place, text] for place, text in axis.ticks],
        "separators": list(axis.separators),
        "is_id": bool(np.array_equal(axis.y, summary.nodes.ids)),
    }


def _spikes(summary: Summary, kept: Integers) -> Part:
    """Return every spike of the nodes that have a place on the axis."""
    times, rows = np.asarray(summary.times), np.asarray(summary.rows)
    low, high = summary.axis.limits
    heights = summary.axis.y[rows]
    placed = (heights >= low) & (heights <= high)
    nodes, index = np.unique(rows[placed], return_inverse=True)
    tick_ms, rounded = tick_of(times[placed], summary.spec.start)
    population = np.searchsorted(summary.nodes.offsets, nodes, side="right") - 1
    ids, y = summary.nodes.ids[nodes], _narrowed(summary.axis.y[nodes])
    whole = {"times"} | ({"y"} if y.dtype.kind == "i" else set())
    fits = not ids.size or int(ids.max()) < 2**31
    facts = {
        "kind": "spikes",
        "tick_ms": tick_ms,
        "rounded": rounded,
        "n_spikes": int(placed.sum()),
        "n_left_out": int(summary.n_spikes - placed.sum()),
        "axis": _axis(summary),
    }
    arrays = {
        "times": np.round((times[placed] - summary.spec.start) / tick_ms).astype(np.int64),
        "nodes": index,
        "ids": ids if fits else ids.astype(np.float64),
        "y": y,
        "populations": np.searchsorted(kept, population),
    }
    return Part("raster", facts, arrays, frozenset(whole | ({"ids"} if fits else set())))


def _narrowed(y: Floats) -> NDArray[Any]:
    """Return whole numbers as such, else floats of 32 bits: a picture has fewer digits."""
    if np.array_equal(y, np.round(y)) and np.abs(y).max(initial=0.0) < 2**31:
        return y.astype(np.int64)
    return y.astype(np.float32)


def _density(summary: Summary, halvings: int) -> Part:
    grid = raster_grid(summary, halvings)
    rows, columns = grid.counts.shape
    n_drawn = int(grid.counts.sum())
    facts = {
        "kind": "density",
        "rows": rows,
        "columns": columns,
        "cell_ms": grid.cell_ms,
        "halved": halvings,
        "n_spikes": n_drawn,
        "n_left_out": summary.n_spikes - n_drawn,
        "axis": _axis(summary),
    }
    return Part("raster", facts, {"counts": grid.counts, "row_nodes": grid.nodes, "shown": grid.shown})


def _curves(summary: Summary, statistics: Mapping[str, Any], kept: Integers) -> list[Part]:
    """Return the plots that are curves, in the order of the page."""
    parts = []
    rate, isi = options_of(statistics, "rate"), options_of(statistics, "isi")
    if rate is not None:
        widths = rate_widths(summary)
        edges = summary.fine_edges
        facts = {
            "nodes": rate.get("nodes", "all"),
            "fine_ms": float(edges[1] - edges[0]),
            "widths_ms": list(widths),
            "default_ms": min(widths, key=lambda width: abs(width - summary.spec.rate_bin)),
        }
        parts.append(Part("rate", facts, {"counts": summary.fine_counts[kept]}))
    if isi is not None:
        parts.append(_isi(summary, isi, kept))
    if options_of(statistics, "rates") is not None:
        parts.append(_rates(summary, kept))
    return parts


def _isi(summary: Summary, options: Mapping[str, Any], kept: Integers) -> Part:
    use_frequency = bool(options.get("use_frequency"))
    found = isi_histogram(summary, use_frequency=use_frequency, binsize=options.get("binsize"))
    facts: dict[str, Any] = {
        "unit": "Hz" if use_frequency else "ms",
        "width_ms": found.bin_width,
        "shown_ms": found.shown,
        "n_intervals": found.n_intervals,
        "n_beyond": found.n_beyond,
        "n_below": None,
        "note": found.note,
    }
    arrays: dict[str, NDArray[Any]] = {"counts": found.counts[kept]}
    if not use_frequency:
        logs = log_isi_histogram(summary)
        facts["n_below"] = logs.n_below[kept].tolist()
        arrays |= {"log_edges": logs.edges, "log_counts": logs.counts[kept]}
    return Part("isi", facts, arrays)


def _rates(summary: Summary, kept: Integers) -> Part:
    found = rate_distribution(summary)
    facts = {
        "n_silent": found.n_silent[kept].tolist(),
        "width_hz": float(found.edges[1] - found.edges[0]) if found.edges.size > 1 else 0.0,
    }
    arrays = {
        "edges": found.edges,
        "counts": found.counts[kept],
        "log_edges": found.log_edges,
        "log_counts": found.log_counts[kept],
    }
    return Part("rates", facts, arrays)
