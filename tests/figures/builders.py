"""Summaries put together with plain numpy, so that views and figures are tested without the compiled pass."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from typing import Any

import numpy as np

from spikelib.figures.drawing.glow import Glow
from spikelib.figures.drawing.stage import Stage
from spikelib.statistics.distributions.correlations import pair_sample
from spikelib.summary.accumulate import summarise
from spikelib.summary.grids import movie_frames
from spikelib.summary.model import (
    ANALYSIS_BINS,
    HISTOGRAM_BINS,
    PARTS,
    GrowingHistogram,
    NodeCounters,
    Nodes,
    Places,
    RasterAxis,
    Summary,
    SummarySpec,
)

XY = np.array([[0.0, 0.0], [100.0, 0.0], [0.0, 100.0], [100.0, 100.0]])

Trains = dict[str, tuple[int, list[float] | np.ndarray, list[int] | np.ndarray]]
"""Population -> (number of nodes, times in ms, ids 0 ... of the nodes that fired then)."""


def build_summary(
    trains: Trains,
    *,
    axis: RasterAxis | None = None,
    xy: np.ndarray | None = None,
    simulated: bool = True,
    **spec_options: Any,
) -> Summary:
    """Summarise `trains`; the window is 0 to 100 ms with rate bins of 10 ms unless `spec_options` say otherwise."""
    spec = SummarySpec(**{"start": 0.0, "stop": 100.0, "rate_bin": 10.0, **spec_options})
    nodes = _nodes(trains, simulated)
    times = np.concatenate([np.asarray(t, float) for _, t, _ in trains.values()])
    ids = [np.asarray(i, int) + first for (_, _, i), first in zip(trains.values(), nodes.offsets, strict=False)]
    rows = np.concatenate(ids)
    order = np.argsort(times, kind="stable")
    times, rows = times[order], rows[order]
    population = np.repeat(np.arange(len(trains)), np.diff(nodes.offsets))[rows]
    axis = axis or _id_axis(nodes)
    places = _places(xy, spec) if xy is not None else None
    isi, frequency = _intervals(times, rows, population, spec, len(trains))
    fine = spec.rate_bin / spec.rate_parts
    edges = np.minimum(spec.start + fine * np.arange(_bins(spec, fine) + 1), spec.stop)
    kept = len(times) <= spec.raster_cap
    return Summary(
        spec=spec, nodes=nodes, axis=axis, places=places,
        counters=_counters(rows, len(nodes.ids)),
        fine_edges=edges,
        class_fine_counts=_grid(times, population, fine, spec, len(trains)),
        class_isi=isi, class_frequency=frequency,
        intervals=GrowingHistogram(spec.interval_bin, 0, np.zeros((len(trains), ANALYSIS_BINS), np.int64)),
        base_counts=_grid(times, population, spec.base, spec, len(trains)).astype(np.uint32),
        part_counts=_grid(times, population, (spec.stop - spec.start) / PARTS, spec, len(trains)),
        times=times if kept else None,
        rows=rows.astype(np.int32) if kept else None,
        density=_density(times, axis.y[rows], axis, spec),
        frames=_frames(times, rows, places, spec),
    )  # fmt: skip


def _nodes(trains: Trains, simulated: bool) -> Nodes:
    sizes = [n for n, _, _ in trains.values()]
    ids = np.concatenate([np.arange(n) for n in sizes])
    return Nodes(tuple(trains), np.cumsum([0, *sizes]), ids, np.full(len(ids), simulated))


def _id_axis(nodes: Nodes) -> RasterAxis:
    """Nodes one above the other; several populations have named ticks and lines between them."""
    several = len(nodes.populations) > 1
    middles = (nodes.offsets[:-1] + nodes.offsets[1:] - 1) / 2
    ticks = tuple(zip(middles.tolist(), nodes.populations, strict=True)) if several else ()
    n = len(nodes.ids)
    lines = tuple(nodes.offsets[1:-1] - 0.5)
    return RasterAxis("population" if several else "node id", np.arange(float(n)), (-0.5, n - 0.5), ticks, lines)


def _bins(spec: SummarySpec, width: float) -> int:
    return max(1, math.ceil((spec.stop - spec.start) / width - 1e-6))


def _grid(times: np.ndarray, who: np.ndarray, width: float, spec: SummarySpec, n_who: int) -> np.ndarray:
    bins = _bins(spec, width)
    column = np.minimum(((times - spec.start + 1e-6) / width).astype(int), bins - 1)
    return np.bincount(who * bins + column, minlength=n_who * bins).reshape(n_who, bins)


def _counters(rows: np.ndarray, n: int) -> NodeCounters:
    """Only the counts: figures and views use nothing else."""
    times = dict.fromkeys(("first", "second", "previous", "last", "shortest"), np.full(n, np.nan))
    others = {field.name: np.zeros(n, int) for field in fields(NodeCounters) if field.name not in times}
    return NodeCounters(**{**others, **times, "count": np.bincount(rows, minlength=n)})


def _intervals(
    times: np.ndarray, rows: np.ndarray, population: np.ndarray, spec: SummarySpec, n: int
) -> tuple[GrowingHistogram, GrowingHistogram]:
    order = np.lexsort((times, rows))
    same = np.diff(rows[order]) == 0
    intervals, owners = np.diff(times[order])[same], population[order][1:][same]
    positive = intervals > 0
    return (
        histogram(intervals + 1e-6, owners, spec.isi_bin, n),
        histogram(1000.0 / intervals[positive], owners[positive], spec.frequency_bin, n),
    )


def histogram(values: np.ndarray, owners: np.ndarray, width: float, n: int) -> GrowingHistogram:
    doublings = 0
    while values.size and values.max() / (width * 2**doublings) >= HISTOGRAM_BINS:
        doublings += 1
    flat = owners * HISTOGRAM_BINS + (values / (width * 2**doublings)).astype(int)
    counts = np.bincount(flat, minlength=n * HISTOGRAM_BINS).reshape(n, -1)
    return GrowingHistogram(width, doublings, counts)


def _density(times: np.ndarray, heights: np.ndarray, axis: RasterAxis, spec: SummarySpec) -> np.ndarray:
    rows, columns = spec.raster_shape
    low, high = axis.limits
    drawn = np.isfinite(heights)
    row = np.minimum(((heights[drawn] - low) / (high - low) * rows).astype(int), rows - 1)
    column = (times[drawn] - spec.start) / (spec.stop - spec.start) * columns
    flat = row * columns + np.minimum(column.astype(int), columns - 1)
    return np.bincount(flat, minlength=rows * columns).reshape(rows, columns)


def _places(xy: np.ndarray, spec: SummarySpec) -> Places:
    rows, columns = spec.frame_shape
    low, high = np.nanmin(xy, axis=0), np.nanmax(xy, axis=0)
    known = np.isfinite(xy).all(axis=1)
    scaled = np.where(known[:, None], (xy - low) / (high - low), 0.0)
    column = np.minimum((scaled[:, 0] * columns).astype(int), columns - 1)
    row = np.minimum((scaled[:, 1] * rows).astype(int), rows - 1)
    cells = np.where(known, row * columns + column, -1)
    return Places("x", "y", xy, (low[0], high[0], low[1], high[1]), cells)


def _frames(times: np.ndarray, rows: np.ndarray, places: Places | None, spec: SummarySpec) -> np.ndarray | None:
    if places is None or spec.frame is None:
        return None
    cell = places.cells[rows]
    n_cells = math.prod(spec.frame_shape)
    grid = _grid(times[cell >= 0], cell[cell >= 0], spec.frame, spec, n_cells)
    return grid.T.reshape(-1, *spec.frame_shape).astype(np.uint32)


def build_animated(times: list[float], ids: list[int], xy: np.ndarray = XY, **options: object) -> Summary:
    spec = {"stop": 42.0, "frame": 4.0, "frame_shape": (10, 10), **options}
    return build_summary({"a": (4, times, ids)}, xy=xy, **spec)


def build_stage(summary: Summary) -> tuple[Stage, Glow]:
    movie = movie_frames(summary)
    glow = Glow(movie)
    return Stage(summary, movie, glow), glow


def count_pixels(stage: Stage, frame: int, colour: np.ndarray) -> int:
    """Pixels of that colour within the axes."""
    pixels = stage.frame(frame)[32:-50, 80:-165, :3]
    return int((pixels == np.round(colour * 255)).all(axis=2).sum())


def count(trains: Trains, **spec_options: Any) -> Summary:
    """Summarise `trains` by the compiled pass, with positions and correlations; 0 to 4000 ms unless told otherwise."""
    spec = SummarySpec(**{"start": 0.0, "stop": 4000.0, "rate_bin": 100.0, **spec_options})
    nodes = _nodes(trains, simulated=True)
    times = np.concatenate([np.asarray(t, float) for _, t, _ in trains.values()])
    rows = np.concatenate(
        [np.asarray(i, int) + first for (_, _, i), first in zip(trains.values(), nodes.offsets, strict=False)]
    )
    order = np.argsort(times, kind="stable")
    return with_everything(summarise([(times[order], rows[order].astype(np.int32))], spec, nodes, _id_axis(nodes)))


def with_everything(summary: Summary) -> Summary:
    """Add positions, 10 µm from node to node, and correlations to a summary that keeps every spike."""
    depth = 10.0 * np.arange(len(summary.nodes.ids))
    summary = replace(summary, nodes=replace(summary.nodes, depth=depth, depth_axis="y"))
    spikes = (np.asarray(summary.times), np.asarray(summary.rows))
    return replace(summary, pairs=pair_sample(summary, [spikes]))
