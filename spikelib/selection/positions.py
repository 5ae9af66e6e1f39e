"""Where an animation shows each node."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from spikelib.errors import PlotError
from spikelib.selection.rows import Selection, spread
from spikelib.summary.model import Places

if TYPE_CHECKING:
    from numpy.typing import NDArray


FRAME_CELLS = 96 * 128
"""Cells of a frame of an animation."""


def places(
    selection: Selection, x_axis: str, y_axis: str, shape: tuple[int, int] | None = None
) -> tuple[Places, tuple[int, int]] | None:
    """Lay the nodes out for an animation.

    Parameters
    ----------
    selection
        The nodes.
    x_axis, y_axis
        Two of "x", "y", "z".
    shape
        Rows and columns of the cells of a frame; by default about 12,000 cells that are about square.

    Returns
    -------
    tuple or None
        The positions and the shape of a frame; None if no population has both positions, selected or not.

    Raises
    ------
    PlotError
        An axis is none of x, y, z.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.circuit.simulated import SimulatedCircuit
    >>> from spikelib.demo import write_demo
    >>> from spikelib.selection.rows import choose
    >>> with TemporaryDirectory() as folder:
    ...     circuit = SimulatedCircuit(write_demo(folder))
    ...     where, shape = places(Selection([choose(circuit, "cortex", None, None)]), "x", "y")
    >>> shape, where.cells.shape
    ((136, 90), (2701,))
    """
    for axis in (x_axis, y_axis):
        if axis not in {"x", "y", "z"}:
            msg = f"{axis!r} is no axis of an animation; choose two of 'x', 'y', 'z'"
            raise PlotError(msg)
    xy = _positions(selection, x_axis, y_axis)
    if xy is None:
        return None
    known = np.isfinite(xy).all(axis=1)
    limits = (*spread(xy[known, 0]), *spread(xy[known, 1]))
    rows, columns_ = shape = shape or _square_cells(limits)
    cells = np.full(len(xy), -1, np.int64)
    across = _bin(xy[known, 0], limits[0], limits[1], columns_)
    cells[known] = _bin(xy[known, 1], limits[2], limits[3], rows) * columns_ + across
    return Places(x_axis, y_axis, xy, limits, cells), shape


def depths(selection: Selection, axis: str) -> NDArray[np.float64] | None:
    """Return the position of each node on an axis, shape (rows,), µm, NaN where unknown; None if none has one."""
    found = _positions(selection, axis)
    return None if found is None else found[:, 0]


def _positions(selection: Selection, *axes: str) -> NDArray[np.float64] | None:
    """Return the positions of all nodes, shape (rows, axes); None if no population has all of them."""
    found, placed = np.full((len(selection.nodes.ids), len(axes)), np.nan), False
    for p, part in enumerate(selection.chosen):
        columns = [part.values(axis) for axis in axes]
        placed |= all(column is not None for column in columns)
        for k, column in enumerate(columns):
            if column is not None and column.dtype.kind in "fiu":
                found[selection.nodes.offsets[p] : selection.nodes.offsets[p + 1], k] = column[part.rows]
    return found if placed else None


def _square_cells(limits: tuple[float, float, float, float]) -> tuple[int, int]:
    """Choose rows and columns of about `FRAME_CELLS` cells, square unless tissue is over 16 times as long as wide."""
    left, right, low, high = limits
    ratio = min(max((high - low) / (right - left), 1 / 16), 16.0)
    rows = max(round(math.sqrt(FRAME_CELLS * ratio)), 1)
    return rows, max(FRAME_CELLS // rows, 1)


def _bin(values: NDArray[np.float64], low: float, high: float, n_bins: int) -> NDArray[np.int64]:
    # The highest value lies on the upper edge of the last bin, and belongs to it.
    return np.minimum(((values - low) / (high - low) * n_bins).astype(np.int64), n_bins - 1)
