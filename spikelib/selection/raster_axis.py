"""The vertical axis of a raster: ids, a number or categories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.errors import PlotError
from spikelib.selection.rows import Selection, joined, spread
from spikelib.summary.model import RasterAxis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


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

    Examples
    --------
    >>> from spikelib.selection.rows import Chosen
    >>> from spikelib.sonata.nodes.numbering import Numbering
    >>> two = [Chosen(name, Numbering(9), None, np.array([2, 5]), np.ones(2, np.bool_)) for name in ("exc", "inh")]
    >>> raster_axis(Selection(two), None).ticks
    ((4.0, 'exc'), (13.0, 'inh'))
    >>> raster_axis(Selection(two), None, compact=True).ticks
    ((0.5, 'exc'), (2.5, 'inh'))
    """
    if y_axis is None:
        return _id_axis(selection, compact=compact)
    columns = [part.values(y_axis) for part in selection.chosen]
    if all(column is None for column in columns):
        known = sorted({name for part in selection.chosen if part.nodes for name in part.nodes.property_names})
        msg = f"no population has the node property {y_axis!r} for the raster; there are {', '.join(known) or 'none'}"
        raise PlotError(msg)
    numeric = all(column is None or column.dtype.kind in "fiub" for column in columns)
    return (_numeric_axis if numeric else _category_axis)(selection, y_axis, columns)


def _id_axis(selection: Selection, *, compact: bool) -> RasterAxis:
    sizes = [len(part.ids) if compact else part.size for part in selection.chosen]
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    y = [
        offset + (np.arange(len(part.ids)) if compact else part.rows)
        for offset, part in zip(offsets[:-1], selection.chosen, strict=True)
    ]
    shown = [(part, size, offset) for part, size, offset in zip(selection.chosen, sizes, offsets[:-1], strict=True)]
    several = [row for row in shown if row[1]]
    ticks = tuple((float(offset + (size - 1) / 2), part.name) for part, size, offset in several)
    partial = compact and any(len(part.ids) < part.size for part in selection.chosen)
    are_ids = len(several) == 1 and several[0][0].numbering.labels is None
    return RasterAxis(
        label="selected nodes, by id" if partial else "node id" if are_ids else "nodes, by id",
        y=joined(y, np.float64),
        limits=(-0.5, max(float(offsets[-1]) - 0.5, 0.5)),
        ticks=ticks if len(several) > 1 else (),
        separators=tuple(float(offset) - 0.5 for _, _, offset in several[1:]),
    )


def _numeric_axis(selection: Selection, y_axis: str, columns: Sequence[NDArray[Any] | None]) -> RasterAxis:
    everything = np.concatenate([column.astype(np.float64) for column in columns if column is not None])
    everything = everything[np.isfinite(everything)]
    y = [
        np.full(len(part.ids), np.nan) if column is None else column[part.rows].astype(np.float64)
        for part, column in zip(selection.chosen, columns, strict=True)
    ]
    unit = " [µm]" if y_axis in {"x", "y", "z"} else ""
    return RasterAxis(f"{y_axis}{unit}", joined(y, np.float64), spread(everything), (), ())


def _category_axis(selection: Selection, y_axis: str, columns: Sequence[NDArray[Any] | None]) -> RasterAxis:
    """Assign each category a band of height one around its rank among all; its nodes are spread over the band."""
    values = joined(
        [
            np.full(len(part.ids), None, object) if column is None else column[part.rows].astype(object)
            for part, column in zip(selection.chosen, columns, strict=True)
        ],
        object,
    )
    present = np.array([value is not None and value == value for value in values], np.bool_)  # noqa: PLR0124 - NaN
    texts = np.array([str(value) for value in values[present]], dtype=str)
    labels, codes = np.unique(texts, return_inverse=True)
    sizes = np.bincount(codes, minlength=len(labels))
    # Stable: within a band, nodes keep the order of their ids.
    order = np.argsort(codes, kind="stable")
    rank = np.empty(len(codes), np.int64)
    rank[order] = np.arange(len(codes)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    y = np.full(len(values), np.nan)
    y[present] = codes - 0.5 + (rank + 0.5) / sizes[codes]
    ticks = tuple((float(k), f"{label} ({size})") for k, (label, size) in enumerate(zip(labels, sizes, strict=True)))
    separators = tuple(k + 0.5 for k in range(len(labels) - 1))
    return RasterAxis(f"{y_axis} (number of nodes)", y, (-0.5, max(len(labels) - 0.5, 0.5)), ticks, separators)
