"""From chosen nodes to a Summary: rows, bins, raster axis and positions, for filters and plots alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from spikelib.circuit.resolve_group import resolve_report
from spikelib.selection.bins import check_spec
from spikelib.selection.positions import depths, places
from spikelib.selection.raster_axis import raster_axis
from spikelib.selection.rows import Selection, choose

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from spikelib.circuit.simulated import SimulatedCircuit
    from spikelib.sonata.spikes.arrays import Ids, Mixed
    from spikelib.summary.model import Places, RasterAxis, Summary, SummarySpec


def select(circuit: SimulatedCircuit, group: Any, highest: Mapping[str, int | None]) -> Selection:
    """Choose the nodes of a group in several populations.

    Parameters
    ----------
    circuit
        Knows what the group means and which nodes were simulated.
    group
        As in `spikelib.SpikeReport.filter`.
    highest
        The populations: name -> highest id that fired, None if none did.

    Raises
    ------
    GroupError
        The group is malformed or names what there is not.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.circuit.simulated import SimulatedCircuit
    >>> from spikelib.demo import write_demo
    >>> with TemporaryDirectory() as folder:
    ...     circuit = SimulatedCircuit(write_demo(folder))
    ...     select(circuit, {"layer": "L4"}, {"cortex": 2700, "thalamus": 99}).nodes.offsets
    array([  0, 959, 959])
    """
    return select_resolved(circuit, resolve_report(circuit, list(highest), group), highest)


def select_resolved(
    circuit: SimulatedCircuit, resolved: Mapping[str, Ids | None], highest: Mapping[str, int | None]
) -> Selection:
    """Choose nodes by their ids, None for all of a population; `highest` as in `select`."""
    return Selection([choose(circuit, name, ids, highest[name]) for name, ids in resolved.items()])


def run_window(
    circuit: SimulatedCircuit,
    fired: tuple[float, float] | None,
    t_start: float | None = None,
    t_stop: float | None = None,
) -> tuple[float, float]:
    """Return a window, ms, both ends included; an end that is None is the run's, widened to the spikes beyond it.

    Parameters
    ----------
    circuit
        Knows when the run began and ended.
    fired
        Times of the first and the last spike, ms; None if there is none.
    t_start, t_stop
        The ends that are given.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.circuit.simulated import SimulatedCircuit
    >>> from spikelib.demo import write_demo
    >>> with TemporaryDirectory() as folder:
    ...     circuit = SimulatedCircuit(write_demo(folder))
    ...     run_window(circuit, (3.5, 1500.5), t_start=500.0)
    (500.0, 1500.5)
    """
    first, last = fired or (circuit.time_start, circuit.time_start)
    start = min(circuit.time_start, first) if t_start is None else t_start
    stop = t_stop
    if stop is None:
        stop = max(start, last, -np.inf if circuit.time_stop is None else circuit.time_stop)
    if t_start is None:
        start = min(start, stop)  # the filter may end before the run begins
    return float(start), float(stop)


@dataclass(frozen=True)
class SummarySetup:
    """All that a summary needs besides the spikes."""

    selection: Selection
    spec: SummarySpec
    axis: RasterAxis
    where: Places | None
    """Positions of the nodes; None where no animation is made."""

    @classmethod
    def of(
        cls,
        selection: Selection,
        spec: SummarySpec,
        *,
        y_axis: str | None = None,
        compact: bool = False,
        animation: tuple[str, str] | None = None,
        depth: str | None = None,
    ) -> SummarySetup:
        """Lay out the nodes and check the bins.

        Parameters
        ----------
        selection
            The nodes.
        spec
            Window and bins.
        y_axis, compact
            As in `raster_axis`.
        animation
            Two of "x", "y", "z" for an animation; None for none. Without positions there are no frames.
        depth
            One of them whose positions the nodes get; None for none.

        Raises
        ------
        PlotError
            Bins or axes that make no sense, or too many bins.

        Examples
        --------
        >>> from spikelib.summary.model import SummarySpec
        >>> from tempfile import TemporaryDirectory
        >>> from spikelib.circuit.simulated import SimulatedCircuit
        >>> from spikelib.demo import write_demo
        >>> with TemporaryDirectory() as folder:
        ...     circuit = SimulatedCircuit(write_demo(folder))
        ...     selection = select(circuit, None, {"cortex": 2700})
        ...     setup = SummarySetup.of(selection, SummarySpec(0.0, 1500.0, 10.0, frame=5.0), animation=("x", "y"))
        >>> setup.spec.frame_shape, len(setup.where.xy)
        ((136, 90), 2701)
        """
        spec = check_spec(spec)
        if depth is not None:
            selection.nodes = replace(selection.nodes, depth=depths(selection, depth), depth_axis=depth)
        where = None
        if animation is not None:
            found = places(selection, *animation)
            where, shape = found or (None, spec.frame_shape)
            spec = check_spec(replace(spec, frame_shape=shape))
        if where is None:
            spec = replace(spec, frame=None)
        return cls(selection, spec, raster_axis(selection, y_axis, compact=compact), where)

    def summarise(self, spikes: Iterable[Mixed]) -> Summary:
        """Summarise spikes in canonical order: times (ms), ids and indices of populations, in chunks."""
        from spikelib.summary.accumulate import summarise  # noqa: PLC0415 - numba only for summaries

        chunks = ((times, self.selection.rows(ids, codes)) for times, ids, codes in spikes)
        return summarise(chunks, self.spec, self.selection.nodes, self.axis, self.where)
