"""The one pass: chunks of spikes, in order of time, added up into a `Summary`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from spikelib.summary import kernels
from spikelib.summary.grids import raster_rows
from spikelib.summary.intervals import Intervals, last_bin
from spikelib.summary.model import PARTS, Floats, Nodes, Places, RasterAxis, Summary, SummarySpec
from spikelib.summary.state import COUNT, empty_state, unpack
from spikelib.window import EPSILON_MS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


def summarise(
    chunks: Iterable[tuple[Floats, NDArray[np.int32]]],
    spec: SummarySpec,
    nodes: Nodes,
    axis: RasterAxis,
    places: Places | None = None,
) -> Summary:
    """Summarise spikes in one pass.

    Parameters
    ----------
    chunks
        Pairs (times, rows): ms and rows of `nodes`, each of shape (spikes,), sorted by time within and across chunks
        and all within the window of `spec`.
    spec
        The bins.
    nodes, axis, places
        The nodes and where figures draw them. No `places`, no animation.

    Returns
    -------
    Summary
        Equal, bit for bit, whatever the cuts between the chunks.

    Examples
    --------
    >>> nodes = Nodes(("exc",), np.array([0, 2]), np.array([0, 1]), np.ones(2, np.bool_))
    >>> axis = RasterAxis("node id", np.arange(2.0), (-0.5, 1.5), (), ())
    >>> chunks = [(np.array([1.0, 3.0]), np.array([0, 1], np.int32)), (np.array([12.0]), np.array([0], np.int32))]
    >>> summary = summarise(chunks, SummarySpec(start=0.0, stop=20.0, rate_bin=10.0), nodes, axis)
    >>> summary.rate_counts.tolist(), summary.counters.shortest.tolist()
    ([[2, 1]], [11.0, inf])
    """
    accumulator = Accumulator(spec, nodes, axis, places)
    for times, rows in chunks:
        accumulator.add(times, rows)
    return accumulator.result()


class Accumulator:
    """Accumulates chunks of spikes into a `Summary`."""

    def __init__(self, spec: SummarySpec, nodes: Nodes, axis: RasterAxis, places: Places | None) -> None:
        n_classes = len(nodes.classes.names)
        self._given = spec, nodes, axis, places
        self._class_of = nodes.classes.of_row
        self._state = empty_state(self._class_of)
        self._intervals = Intervals.empty(spec, n_classes)
        self._edges = fine_edges(spec)
        self._rate = np.zeros((n_classes, len(self._edges) - 1), np.int64)
        self._base = np.zeros((n_classes, last_bin(spec, spec.base) + 1), np.uint32)
        self._parts = np.zeros((n_classes, PARTS), np.int64)
        self._raster_row = raster_rows(axis, spec.raster_shape[0])
        # Time first: neighbours in time are neighbours in memory while counting.
        self._density = np.zeros(spec.raster_shape[::-1], np.int64)
        self._frames = _empty_frames(spec) if places is not None else None
        self._exact: list[tuple[Floats, NDArray[np.int32]]] | None = []
        self._n_spikes = 0

    def add(self, times: Floats, rows: NDArray[np.int32]) -> None:
        """Add the next spikes in time; arrays of shape (spikes,)."""
        spec, _, _, places = self._given
        if spec.intervals:
            self._intervals.fill(kernels.add_to_nodes, len(times), times, rows, *self._state)
        else:
            # Counts alone fit in one compact array, where the kernel would walk through whole rows of the state.
            self._state[1][:, COUNT] += np.bincount(rows, minlength=len(self._class_of))
        bins = (spec.start, spec.rate_bin, spec.rate_parts)
        kernels.add_to_rate(times, rows, self._class_of, *bins, self._rate)
        kernels.add_to_rate(times, rows, self._class_of, spec.start, spec.base, 1, self._base)
        part = (spec.stop - spec.start) / PARTS or 1.0
        kernels.add_to_rate(times, rows, self._class_of, spec.start, part, 1, self._parts)
        column = _span(spec) / spec.raster_shape[1]
        kernels.add_to_grid(times, rows, self._raster_row, spec.start, column, self._density)
        if places is not None and self._frames is not None and spec.frame is not None:
            kernels.add_to_grid(times, rows, places.cells, spec.start, spec.frame, self._frames)
        self._n_spikes += len(times)
        if self._n_spikes > spec.raster_cap:
            self._exact = None
        elif self._exact is not None:
            # Copies, as views would keep the whole chunk in memory.
            self._exact.append((np.array(times), np.array(rows, np.int32)))

    def result(self) -> Summary:
        """Return the summary of all spikes added so far."""
        spec, nodes, axis, places = self._given
        exact = self._exact
        isi, frequency, analysis = self._intervals.histograms()
        frames = None if self._frames is None else self._frames.reshape(-1, *spec.frame_shape)
        return Summary(
            spec=spec,
            nodes=nodes,
            axis=axis,
            places=places,
            counters=unpack(self._state),
            fine_edges=self._edges,
            class_fine_counts=self._rate,
            class_isi=isi,
            class_frequency=frequency,
            intervals=analysis,
            base_counts=self._base,
            part_counts=self._parts,
            times=None if exact is None else np.concatenate([np.empty(0), *(pair[0] for pair in exact)]),
            rows=None if exact is None else np.concatenate([np.empty(0, np.int32), *(pair[1] for pair in exact)]),
            density=self._density.T,
            frames=frames,
        )


def population_of_rows(nodes: Nodes) -> NDArray[np.int32]:
    """Return the index of each row's population, shape (rows,)."""
    return np.repeat(np.arange(len(nodes.populations), dtype=np.int32), np.diff(nodes.offsets))


def fine_edges(spec: SummarySpec) -> Floats:
    """Return the edges of the fine bins, shape (fine bins + 1,), ms; the last bin may be narrower than the others."""
    # The last rate bin is computed apart: in a window that is no multiple of it, it has fewer fine bins. The tolerance
    # keeps a window of 90.000000001 ms from getting one more bin, too narrow to be shown.
    whole = max(1, math.ceil(_span(spec) / spec.rate_bin - EPSILON_MS)) - 1
    rest = math.ceil((_span(spec) - whole * spec.rate_bin) / (spec.rate_bin / spec.rate_parts) - EPSILON_MS)
    n_fine = whole * spec.rate_parts + min(max(rest, 1), spec.rate_parts)
    # k / parts is whole at every edge of a rate bin, so those edges are the same floats for any number of parts.
    edges = spec.start + spec.rate_bin * (np.arange(n_fine + 1) / spec.rate_parts)
    edges[-1] = max(spec.stop, spec.start + min(spec.rate_bin, _span(spec)))
    return edges


def _span(spec: SummarySpec) -> float:
    """Length of the window, ms; that of one rate bin where the window is a single moment."""
    return spec.stop - spec.start if spec.stop > spec.start else spec.rate_bin


def _empty_frames(spec: SummarySpec) -> NDArray[np.uint32] | None:
    if spec.frame is None:
        return None
    n_frames = max(1, math.ceil(_span(spec) / spec.frame - EPSILON_MS))
    return np.zeros((n_frames, math.prod(spec.frame_shape)), np.uint32)
