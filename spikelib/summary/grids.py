"""What the pictures show: the density of a raster and the frames of an animation, from a `Summary`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spikelib.errors import PlotError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spikelib.summary.model import Floats, Integers, RasterAxis, Summary

__all__ = [
    "MovieFrames",
    "RasterDensity",
    "RasterGrid",
    "movie_frames",
    "n_without_place",
    "n_without_position",
    "raster_density",
    "raster_grid",
    "raster_rows",
]

_FEWEST_COLUMNS = 600
_FEWEST_ROWS = 150
_SPIKES_PER_CELL = 4


@dataclass(frozen=True)
class RasterGrid:
    """Spikes on a grid of time and nodes."""

    counts: Integers
    """Shape (rows, columns): spikes; row 0 is the lower end of the axis."""
    nodes: Integers
    """Shape (rows,): nodes in each row."""
    shown: Integers
    """Shape (rows,): the row that each row shows: itself, or the nearest with nodes where nodes are close together."""
    cell_ms: float
    """Duration of a column, ms."""


@dataclass(frozen=True)
class RasterDensity:
    """Firing rate on a grid of time and nodes."""

    rates_hz: Floats
    """Shape (rows, columns), Hz per node; row 0 is the lower end of the axis. NaN where there is no node."""
    cell_ms: float
    """Duration of a column, ms."""
    n_drawn: int
    """Spikes in the grid."""


@dataclass(frozen=True)
class MovieFrames:
    """Spikes per frame in the cells of the animation that hold nodes."""

    edges: Floats
    """Shape (frames + 1,), ms: frame f is [edges[f], edges[f + 1]), the last with its end and maybe short."""
    cells: Integers
    """Shape (cells,): flat indices, ascending, of the cells that hold a node (row-major, row 0 lowest y)."""
    counts: NDArray[np.uint32]
    """Shape (frames, cells): spikes."""
    steps: tuple[int, ...]
    """Spike counts at which the colour changes, ascending from 1."""
    n_unplaced: int
    """Spikes of nodes without a position: in no frame."""


def raster_grid(summary: Summary, halvings: int = 0) -> RasterGrid:
    """Return the spikes in each cell of a grid of time and nodes.

    Where spikes are few for so many cells, neighbouring cells are united, so that the picture shows rates
    rather than the noise of single spikes.

    Parameters
    ----------
    summary
        With the density grid.
    halvings
        How often rows and columns are halved beyond that; an odd number of them is not halved.

    Examples
    --------
    >>> from spikelib.summary.accumulate import summarise
    >>> from spikelib.summary.model import Nodes, RasterAxis, SummarySpec
    >>> nodes = Nodes(("exc",), np.array([0, 2]), np.array([0, 1]), np.ones(2, np.bool_))
    >>> axis = RasterAxis("node id", np.arange(2.0), (-0.5, 1.5), (), ())
    >>> spec = SummarySpec(start=0.0, stop=20.0, rate_bin=10.0, raster_shape=(2, 4))
    >>> spikes = np.array([1.0, 3.0, 12.0]), np.array([0, 1, 0], np.int32)
    >>> raster_grid(summarise([spikes], spec, nodes, axis)).counts.tolist()
    [[1, 0, 1, 0], [1, 0, 0, 0]]
    """
    nodes = _nodes_per_row(summary)
    counts = summary.density
    while counts.sum() < _SPIKES_PER_CELL * counts.shape[1] * max(1, np.count_nonzero(nodes)):
        rows, columns = counts.shape
        if columns % 2 == 0 and columns > _FEWEST_COLUMNS:
            counts = _halved(counts, 1)
        elif rows % 2 == 0 and rows > _FEWEST_ROWS and np.count_nonzero(nodes) > rows / 2:
            counts, nodes = _halved(counts, 0), _halved(nodes, 0)
        else:
            break
    for _ in range(halvings):
        counts, nodes = _halved(_halved(counts, 1), 0), _halved(nodes, 0)
    cell_ms = float(summary.rate_edges[-1] - summary.rate_edges[0]) / counts.shape[1]
    return RasterGrid(counts, nodes, _nearest_occupied(nodes > 0), cell_ms)


def raster_density(summary: Summary) -> RasterDensity:
    """Return the firing rate per node in each cell of `raster_grid`.

    Empty rows between nodes that are close together take the nearest node's rate.
    """
    grid = raster_grid(summary)
    node_seconds = grid.nodes * grid.cell_ms / 1000.0
    rates = np.full(grid.counts.shape, np.nan)
    np.divide(grid.counts, node_seconds[:, None], out=rates, where=node_seconds[:, None] > 0)
    return RasterDensity(rates[grid.shown], grid.cell_ms, int(grid.counts.sum()))


def movie_frames(summary: Summary, most: int | None = None) -> MovieFrames:
    """Return the frames of the animation.

    Parameters
    ----------
    summary
        With places and frames.
    most
        Upper limit of the number of frames: consecutive ones are united if there are more. None for no limit.

    Raises
    ------
    PlotError
        If the summary was made without an animation.

    Examples
    --------
    >>> from spikelib.summary.accumulate import summarise
    >>> from spikelib.summary.model import Nodes, Places, RasterAxis, SummarySpec
    >>> nodes = Nodes(("exc",), np.array([0, 2]), np.array([0, 1]), np.ones(2, np.bool_))
    >>> axis = RasterAxis("node id", np.arange(2.0), (-0.5, 1.5), (), ())
    >>> places = Places("x", "y", np.eye(2), (0.0, 1.0, 0.0, 1.0), np.array([1, 2]))
    >>> spec = SummarySpec(start=0.0, stop=20.0, rate_bin=10.0, frame=10.0, frame_shape=(2, 2))
    >>> spikes = np.array([1.0, 3.0, 12.0]), np.array([0, 1, 0], np.int32)
    >>> movie_frames(summarise([spikes], spec, nodes, axis, places)).counts.tolist()
    [[1, 1], [1, 0]]
    """
    if summary.frames is None or summary.places is None or summary.spec.frame is None:
        msg = "no animation in this summary: the nodes have no positions, or no frames were asked for"
        raise PlotError(msg)
    # Cells without a node never light up, and are most of the rectangle: without them the counts are far smaller.
    cells = np.unique(summary.places.cells)
    cells = cells[cells >= 0]
    counts = summary.frames.reshape(len(summary.frames), -1)[:, cells]
    starts = np.arange(0, len(counts), -(-len(counts) // most) if most else 1)
    edges = summary.spec.start + np.append(starts, len(counts)) * summary.spec.frame
    edges[-1] = min(edges[-1], summary.rate_edges[-1])
    united = counts if len(starts) == len(counts) else np.add.reduceat(counts, starts, axis=0, dtype=np.uint32)
    return MovieFrames(edges, cells, united, _steps(united), n_without_position(summary) or 0)


def n_without_place(summary: Summary) -> int:
    """Return how many spikes the raster leaves out, since their nodes have no value of what it is ordered by."""
    placed = (summary.axis.y >= summary.axis.limits[0]) & (summary.axis.y <= summary.axis.limits[1])
    return int(summary.counters.count[~placed].sum())


def n_without_position(summary: Summary) -> int | None:
    """Return how many spikes the animation leaves out, since their nodes have no position; None without one."""
    return None if summary.places is None else int(summary.counters.count[summary.places.cells < 0].sum())


def raster_rows(axis: RasterAxis, n_rows: int) -> Integers:
    """Return the row of the density grid in which each node is drawn, -1 for none; shape (rows,)."""
    low, high = axis.limits
    drawn = (axis.y >= low) & (axis.y <= high)
    place = np.where(drawn, (axis.y - low) / (high - low) * n_rows, 0.0)
    return np.where(drawn, np.minimum(place.astype(np.int64), n_rows - 1), -1)


def _halved(counts: Integers, axis: int) -> Integers:
    """Add neighbours along an axis, if their number is even."""
    size = counts.shape[axis]
    if size % 2:
        return counts
    halved: Integers = counts.reshape(*counts.shape[:axis], size // 2, 2, *counts.shape[axis + 1 :]).sum(axis=axis + 1)
    return halved


def _nodes_per_row(summary: Summary) -> Integers:
    """Return how many nodes each row of the density grid holds."""
    rows = raster_rows(summary.axis, summary.density.shape[0])
    return np.bincount(rows[rows >= 0], minlength=summary.density.shape[0])


def _nearest_occupied(occupied: NDArray[np.bool_]) -> Integers:
    """Return for each row the nearest occupied one; itself in gaps that are wider than the usual ones."""
    own = np.arange(occupied.size)
    rows = np.flatnonzero(occupied)
    # Where nodes are sparser than rows, rounding leaves rows without a node, which would look like stripes of silence:
    # these show a neighbour. Gaps wider than the usual ones, as between layers, are real and stay empty.
    if rows.size == 0:
        return own
    usual = np.median(np.diff(rows)) if rows.size > 1 else occupied.size
    after = np.clip(np.searchsorted(rows, own), 0, rows.size - 1)
    before = np.maximum(after - 1, 0)
    nearest = np.where(np.abs(rows[after] - own) <= np.abs(own - rows[before]), rows[after], rows[before])
    return np.where(np.abs(nearest - own) <= usual, nearest, own)


def _steps(counts: NDArray[np.uint32]) -> tuple[int, ...]:
    """Choose up to four spike counts, evenly spaced by ratio, from 1 to what few cells ever exceed."""
    active = counts[counts > 0]
    top = float(np.percentile(active, 99.9)) if active.size else 1.0
    return tuple(sorted({max(1, round(top ** (i / 4))) for i in range(4)}))
