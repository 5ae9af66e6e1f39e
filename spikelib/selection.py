"""From a group to the rows of a summary: which nodes of which populations, and where figures draw them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.errors import PlotError, SpikeFileError
from spikelib.summary.model import Nodes, Places, RasterAxis, SummarySpec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spikelib.circuit.node_population import NodePopulation
    from spikelib.circuit.simulated import SimulatedCircuit

MAX_FRAME_CELLS = 1 << 26
"""Cells of all frames of an animation together: 256 MiB."""

FRAME_CELLS = 96 * 128
"""Cells of a frame of an animation."""

MAX_RATE_BINS = 1_000_000

MAX_SPAN_MS = 2.0**31
"""Longest window, about 25 days; the squares of its intervals add up to less than 2**63."""

MAX_IDS = 1 << 24
"""Up to this id are nodes laid out of a population whose size no circuit tells."""


@dataclass(frozen=True)
class Chosen:
    """The nodes of one population that a filter chooses."""

    name: str
    size: int
    """Number of nodes of the population; of a population that no circuit describes, its highest id + 1."""
    nodes: NodePopulation | None
    """None if no circuit describes the population."""
    ids: NDArray[np.int64]
    """Ascending, unique."""
    simulated: NDArray[np.bool_]
    """Shape of `ids`: known to have been simulated."""

    @property
    def members(self) -> NDArray[np.bool_] | None:
        """Give a mask over the population, shape (size,), or None for all nodes."""
        if len(self.ids) == self.size:
            return None
        mask = np.zeros(self.size, np.bool_)
        mask[self.ids] = True
        return mask


class Selection:
    """The chosen nodes of all populations, as the rows of a summary."""

    def __init__(self, chosen: Sequence[Chosen]) -> None:
        self.chosen = tuple(chosen)
        lengths = [len(part.ids) for part in chosen]
        self.nodes = Nodes(
            populations=tuple(part.name for part in chosen),
            offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            ids=_joined([part.ids for part in chosen], np.int64),
            simulated=_joined([part.simulated for part in chosen], np.bool_),
        )
        self._lookup, self._starts = self._make_lookup()

    def rows(self, ids: NDArray[np.int64], codes: NDArray[Any]) -> NDArray[np.int32]:
        """Find the rows of spikes by their ids and the indices of their populations; shape (spikes,)."""
        from spikelib.summary import kernels  # noqa: PLC0415 - loads numba

        rows = np.empty(len(ids), np.int32)
        kernels.find_rows(ids, codes, self._starts, self._lookup, rows)
        return rows

    def _make_lookup(self) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        starts = np.concatenate([[0], np.cumsum([part.size for part in self.chosen])]).astype(np.int64)
        lookup = np.full(int(starts[-1]), -1, np.int32)
        for p, part in enumerate(self.chosen):
            first = int(self.nodes.offsets[p])
            lookup[starts[p] + part.ids] = np.arange(first, first + len(part.ids), dtype=np.int32)
        return lookup, starts


def choose(
    circuit: SimulatedCircuit, name: str, size: int | None, ids: NDArray[np.int64] | None, id_max: int | None
) -> Chosen:
    """Describe the nodes of one population that a filter chooses.

    Parameters
    ----------
    circuit
        Tells the nodes of each population, and which were simulated.
    name, size
        The population and its number of nodes, None if no circuit tells.
    ids
        The chosen ids in any order; None for all.
    id_max
        The highest id that fired in the whole report, None if none did; it bounds a population of unknown size.

    Raises
    ------
    SpikeFileError
        The size is unknown and ids are so high that there is no room for all nodes below.
    """
    total = size if size is not None else (0 if id_max is None else id_max + 1)
    if size is None and total > MAX_IDS:
        msg = (
            f"{circuit.output.spikes_file}, population {name!r}: its highest id is {id_max}, and no circuit tells "
            "its number of nodes; name a simulation config whose circuit does"
        )
        raise SpikeFileError(msg)
    kept = np.arange(total, dtype=np.int64) if ids is None else np.unique(ids[(ids >= 0) & (ids < total)])
    simulated = np.zeros(len(kept), np.bool_)
    if size is not None:
        run = circuit.simulated_ids(name)
        # A node set that names no node of a population that fired says nothing about it: inputs are such.
        if run is None or (not len(run) and id_max is not None):
            simulated[:] = True
        else:
            simulated = np.isin(kept, run)
    nodes = None if size is None else circuit.circuit.nodes[name]
    return Chosen(name, total, nodes, kept, simulated)


def raster_axis(selection: Selection, y_axis: str | None, *, compact: bool = False) -> RasterAxis:
    """Lay out the vertical axis of a raster.

    Parameters
    ----------
    selection
        The nodes.
    y_axis
        A node property, numeric or categorical; None for the ids, population above population.
    compact
        For ids: leave no room for the nodes that are not selected.

    Raises
    ------
    PlotError
        No population has the property.
    """
    if y_axis is None:
        return _id_axis(selection, compact=compact)
    columns = [_values(part, y_axis) for part in selection.chosen]
    if all(column is None for column in columns):
        known = sorted({name for part in selection.chosen if part.nodes for name in part.nodes.property_names})
        msg = f"no population has the node property {y_axis!r} for the raster; there are {', '.join(known) or 'none'}"
        raise PlotError(msg)
    numeric = all(column is None or column.dtype.kind in "fiub" for column in columns)
    return (_numeric_axis if numeric else _category_axis)(selection, y_axis, columns)


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
        The places and the shape of a frame; None if no population has both positions, selected or not.

    Raises
    ------
    PlotError
        An axis is none of x, y, z.
    """
    for axis in (x_axis, y_axis):
        if axis not in {"x", "y", "z"}:
            msg = f"{axis!r} is no axis of an animation; choose two of 'x', 'y', 'z'"
            raise PlotError(msg)
    xy, placed = np.full((len(selection.nodes.ids), 2), np.nan), False
    for p, part in enumerate(selection.chosen):
        columns = [_values(part, axis) for axis in (x_axis, y_axis)]
        placed |= all(column is not None for column in columns)
        for k, column in enumerate(columns):
            if column is not None and column.dtype.kind in "fiu":
                xy[selection.nodes.offsets[p] : selection.nodes.offsets[p + 1], k] = column[part.ids]
    if not placed:
        return None
    known = np.isfinite(xy).all(axis=1)
    limits = (*_spread(xy[known, 0]), *_spread(xy[known, 1]))
    rows, columns_ = shape = shape or _square_cells(limits)
    cells = np.full(len(xy), -1, np.int64)
    across = _bin(xy[known, 0], limits[0], limits[1], columns_)
    cells[known] = _bin(xy[known, 1], limits[2], limits[3], rows) * columns_ + across
    return Places(x_axis, y_axis, xy, limits, cells), shape


def _square_cells(limits: tuple[float, float, float, float]) -> tuple[int, int]:
    """Choose rows and columns of about `FRAME_CELLS` cells, square unless tissue is over 16 times as long as wide."""
    left, right, low, high = limits
    ratio = min(max((high - low) / (right - left), 1 / 16), 16.0)
    rows = max(round(math.sqrt(FRAME_CELLS * ratio)), 1)
    return rows, max(FRAME_CELLS // rows, 1)


def check_spec(spec: SummarySpec) -> SummarySpec:
    """Refuse bins so narrow that they would not fit in memory.

    Raises
    ------
    PlotError
        A bin width is not positive, there would be too many bins or frames, or the window is too long to be counted.
    """
    span = max(spec.stop - spec.start, 0.0)
    if span > MAX_SPAN_MS:
        msg = f"the window from {spec.start:g} to {spec.stop:g} ms is over 24 days long; give t_start and t_stop"
        raise PlotError(msg)
    widths = (
        ("time_binsize", spec.rate_bin),
        ("binsize", spec.isi_bin),
        ("binsize", spec.frequency_bin),
        ("dt", spec.frame),
    )
    for name, width in widths:
        if width is not None and not 0 < width < math.inf:
            msg = f"{name}={width:g} must be a positive number"
            raise PlotError(msg)
    if min(spec.isi_bin, spec.frequency_bin) < 2.0**-30:  # int64 holds the index of the last bin
        msg = f"binsize={min(spec.isi_bin, spec.frequency_bin):g} is too narrow; choose a wider bin"
        raise PlotError(msg)
    if span / spec.rate_bin > MAX_RATE_BINS:
        msg = f"time_binsize={spec.rate_bin:g} ms gives over a million bins in {span:g} ms; choose a wider bin"
        raise PlotError(msg)
    most = MAX_FRAME_CELLS // math.prod(spec.frame_shape)
    if spec.frame is not None and span / spec.frame > most:
        msg = f"dt={spec.frame:g} ms gives over {most} frames in {span:g} ms; choose at least dt={span / most:.3g}"
        raise PlotError(msg)
    return spec


def _id_axis(selection: Selection, *, compact: bool) -> RasterAxis:
    sizes = [len(part.ids) if compact else part.size for part in selection.chosen]
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    y = [
        offset + (np.arange(len(part.ids)) if compact else part.ids)
        for offset, part in zip(offsets[:-1], selection.chosen, strict=True)
    ]
    shown = [(part, size, offset) for part, size, offset in zip(selection.chosen, sizes, offsets[:-1], strict=True)]
    several = [row for row in shown if row[1]]
    ticks = tuple((float(offset + (size - 1) / 2), part.name) for part, size, offset in several)
    partial = compact and any(len(part.ids) < part.size for part in selection.chosen)
    return RasterAxis(
        label="selected nodes, by id" if partial else "node id" if len(several) == 1 else "nodes, by id",
        y=_joined(y, np.float64),
        limits=(-0.5, max(float(offsets[-1]) - 0.5, 0.5)),
        ticks=ticks if len(several) > 1 else (),
        separators=tuple(float(offset) - 0.5 for _, _, offset in several[1:]),
    )


def _numeric_axis(selection: Selection, y_axis: str, columns: Sequence[NDArray[Any] | None]) -> RasterAxis:
    everything = np.concatenate([column.astype(np.float64) for column in columns if column is not None])
    everything = everything[np.isfinite(everything)]
    y = [
        np.full(len(part.ids), np.nan) if column is None else column[part.ids].astype(np.float64)
        for part, column in zip(selection.chosen, columns, strict=True)
    ]
    unit = " [µm]" if y_axis in {"x", "y", "z"} else ""
    return RasterAxis(f"{y_axis}{unit}", _joined(y, np.float64), _spread(everything), (), ())


def _category_axis(selection: Selection, y_axis: str, columns: Sequence[NDArray[Any] | None]) -> RasterAxis:
    """Give each category a band of height one around its place in the sorted list, its nodes spread over the band."""
    values = _joined(
        [
            np.full(len(part.ids), None, object) if column is None else column[part.ids].astype(object)
            for part, column in zip(selection.chosen, columns, strict=True)
        ],
        object,
    )
    present = np.array([value is not None and value == value for value in values], np.bool_)  # noqa: PLR0124 - NaN
    texts = np.array([str(value) for value in values[present]], dtype=str)
    labels, codes = np.unique(texts, return_inverse=True)
    sizes = np.bincount(codes, minlength=len(labels))
    order = np.argsort(codes, kind="stable")
    rank = np.empty(len(codes), np.int64)
    rank[order] = np.arange(len(codes)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    y = np.full(len(values), np.nan)
    y[present] = codes - 0.5 + (rank + 0.5) / sizes[codes]
    ticks = tuple((float(k), f"{label} ({size})") for k, (label, size) in enumerate(zip(labels, sizes, strict=True)))
    separators = tuple(k + 0.5 for k in range(len(labels) - 1))
    return RasterAxis(f"{y_axis} (number of nodes)", y, (-0.5, max(len(labels) - 0.5, 0.5)), ticks, separators)


def _values(part: Chosen, name: str) -> NDArray[Any] | None:
    if part.nodes is None or name not in part.nodes.property_names:
        return None
    return part.nodes.values(name)


def _spread(values: NDArray[np.float64]) -> tuple[float, float]:
    """Give the least and the greatest value, half a unit apart from a lone one."""
    if not len(values):
        return -0.5, 0.5
    low, high = float(values.min()), float(values.max())
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _bin(values: NDArray[np.float64], low: float, high: float, n_bins: int) -> NDArray[np.int64]:
    return np.minimum(((values - low) / (high - low) * n_bins).astype(np.int64), n_bins - 1)


def _joined(parts: Sequence[Any], dtype: Any) -> NDArray[Any]:
    return np.concatenate([np.empty(0, dtype), *parts]).astype(dtype, copy=False)
