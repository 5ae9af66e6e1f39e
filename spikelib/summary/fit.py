"""Whether the arrays of a summary that was read fit together: what does not would be wrong numbers, or worse.

The compiled loops that merge summaries look up rows and bins without asking whether they are there.
"""

from __future__ import annotations

from dataclasses import fields
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.summary.intervals import last_bin
from spikelib.summary.model import PAIR_BINS, PARTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spikelib.summary.model import Summary


def misfit(summary: Summary) -> str | None:
    """Return in a few words what does not fit in a summary, None if all does.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from spikelib.summary.accumulate import summarise
    >>> from spikelib.summary.model import Nodes, RasterAxis, SummarySpec
    >>> nodes = Nodes(("exc",), np.array([0, 2]), np.array([0, 1]), np.ones(2, np.bool_))
    >>> axis = RasterAxis("node id", np.arange(2.0), (-0.5, 1.5), (), ())
    >>> summary = summarise([], SummarySpec(start=0.0, stop=20.0, rate_bin=10.0), nodes, axis)
    >>> misfit(summary), misfit(replace(summary, nodes=replace(nodes, offsets=np.array([0, 3]))))
    (None, 'nodes.offsets')
    """
    return next((name for name, fits in _checks(summary) if not fits), None)


def _checks(summary: Summary) -> Iterator[tuple[str, bool]]:
    nodes, spec = summary.nodes, summary.spec
    offsets, n_rows, n_populations = nodes.offsets, len(nodes.ids), len(nodes.populations)
    yield "nodes.offsets", _is(offsets, "iu", (n_populations + 1,))
    yield "nodes.offsets", int(offsets[0]) == 0 and int(offsets[-1]) == n_rows and bool((np.diff(offsets) >= 0).all())
    yield "nodes.ids", _is(nodes.ids, "iu", (n_rows,))
    yield "nodes.simulated", _is(nodes.simulated, "b", (n_rows,))
    yield "nodes.depth", nodes.depth is None or _is(nodes.depth, "f", (n_rows,))
    yield "axis.y", _is(summary.axis.y, "f", (n_rows,))
    for field in fields(summary.counters):
        yield f"counters.{field.name}", _is(getattr(summary.counters, field.name), "iuf", (n_rows,))
    n_bins = len(summary.fine_edges) - 1
    yield "fine_edges", n_bins > 0 and bool((np.diff(summary.fine_edges) > 0).all())
    classes, n_classes = nodes.classes, len(nodes.classes.names)
    yield "classes.population", _is(classes.population, "iu", (n_classes,))
    yield "classes.of_row", _is(classes.of_row, "iu", (n_rows,))
    yield "classes.of_row", _are_within(classes.of_row, n_classes) and _are_within(classes.population, n_populations)
    of_row = np.repeat(np.arange(n_populations), np.diff(offsets))
    yield "classes.of_row", bool((classes.population[classes.of_row] == of_row).all())
    fine_counts = summary.class_fine_counts
    yield "fine_counts", _is(fine_counts, "iu", (n_classes, n_bins))
    n_spikes = int(summary.counters.count.sum())
    are_counts = summary.counters.count.min(initial=0) >= 0 and fine_counts.min(initial=0) >= 0
    yield "counters.count", bool(are_counts) and n_spikes == int(fine_counts.sum())
    for name in ("class_isi", "class_frequency", "intervals"):
        counts = getattr(summary, name).counts
        yield name, counts.ndim == 2 and len(counts) == n_classes and counts.dtype.kind in "iu"
    yield "base_counts", _is(summary.base_counts, "u", (n_classes, last_bin(spec, spec.base) + 1))
    yield "base_counts", int(summary.base_counts.sum()) == n_spikes
    yield "part_counts", _is(summary.part_counts, "iu", (n_classes, PARTS))
    yield "part_counts", int(summary.part_counts.sum()) == n_spikes
    yield "density", _is(summary.density, "iu", tuple(spec.raster_shape))
    if summary.times is not None and summary.rows is not None:
        yield "times", _is(summary.times, "f", (n_spikes,)) and bool((np.diff(summary.times) >= 0).all())
        rows = summary.rows
        yield "rows", _is(rows, "iu", (n_spikes,)) and bool(((rows >= 0) & (rows < n_rows)).all())
    if summary.pairs is not None:
        for name in ("n_nodes", "means", "deviations"):
            yield f"pairs.{name}", _is(getattr(summary.pairs, name), "iuf", (n_classes,))
        yield "pairs.counts", _is(summary.pairs.counts, "iu", (n_classes, PAIR_BINS))
    if summary.places is not None:
        cells = summary.places.cells
        yield "places.xy", _is(summary.places.xy, "f", (n_rows, 2))
        yield "places.cells", _is(cells, "iu", (n_rows,)) and int(cells.max(initial=-1)) < prod(spec.frame_shape)


def _are_within(array: Any, size: int) -> bool:
    return not len(array) or bool(0 <= array.min() <= array.max() < size)


def _is(array: Any, kinds: str, shape: tuple[int, ...]) -> bool:
    return isinstance(array, np.ndarray) and array.dtype.kind in kinds and array.shape == shape
