"""From a group to the rows of a summary: which nodes of which populations, and where figures draw them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.circuit.simulated import is_neuron
from spikelib.errors import NodesError, SpikeFileError
from spikelib.sonata.nodes.numbering import Numbering
from spikelib.sonata.spikes.chosen_ids import ChosenIds
from spikelib.summary.model import Nodes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spikelib.circuit.node_population import NodePopulation
    from spikelib.circuit.simulated import SimulatedCircuit
    from spikelib.summary.model import Classes


MAX_IDS = 1 << 24
"""Up to this id, all ids of a population whose size is unknown are laid out; beyond, only those that fired."""


@dataclass(frozen=True)
class Chosen:
    """The nodes of one population that a filter chooses."""

    name: str
    numbering: Numbering
    """The ids of all nodes of the population, and their rows in its columns."""
    nodes: NodePopulation | None
    """None if no circuit describes the population."""
    ids: NDArray[np.int64]
    """Ascending, unique."""
    simulated: NDArray[np.bool_]
    """Shape of `ids`: known to have been simulated."""

    @property
    def size(self) -> int:
        """Number of nodes of the population, chosen or not; of one that no circuit describes, as far as is known."""
        return self.numbering.size

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """Shape of `ids`: the rows of the chosen nodes in the columns of the population."""
        return self.numbering.rows(self.ids)

    @property
    def members(self) -> ChosenIds | None:
        """The chosen ids, or None for all nodes."""
        return None if len(self.ids) == self.size else ChosenIds(self.ids)

    def values(self, name: str) -> NDArray[Any] | None:
        """Return a property of all nodes of the population, shape (size,); None if it does not have the property."""
        if self.nodes is None or name not in self.nodes.property_names:
            return None
        return self.nodes.values(name)


class Selection:
    """The chosen nodes of all populations, as the rows of a summary."""

    def __init__(self, chosen: Sequence[Chosen]) -> None:
        self.chosen = tuple(chosen)
        lengths = [len(part.ids) for part in chosen]
        self.nodes = Nodes(
            populations=tuple(part.name for part in chosen),
            offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            ids=joined([part.ids for part in chosen], np.int64),
            simulated=joined([part.simulated for part in chosen], np.bool_),
            inputs=tuple(part.name for part in chosen if part.nodes is not None and not is_neuron(part.nodes.type)),
        )
        self._lookup, self._starts = self._make_lookup()

    def group_by(self, classes: Classes | None) -> None:
        """Have spikes counted by classes; None for populations."""
        self.nodes = replace(self.nodes, grouped=classes)

    def rows(self, ids: NDArray[np.int64], codes: NDArray[Any]) -> NDArray[np.int32]:
        """Find the rows of spikes by their ids and the indices of their populations; shape (spikes,)."""
        from spikelib.summary import kernels  # noqa: PLC0415 - loads numba

        if any(part.numbering.labels is not None for part in self.chosen):
            ids = self._places(ids, codes)
        rows = np.empty(len(ids), np.int32)
        kernels.find_rows(ids, codes, self._starts, self._lookup, rows)
        return rows

    def _places(self, ids: NDArray[np.int64], codes: NDArray[Any]) -> NDArray[np.int64]:
        """Return the rows of nodes in the columns of their populations, where ids may be labels."""
        places = ids.copy()
        for code, part in enumerate(self.chosen):
            if part.numbering.labels is not None:
                own = codes == code
                places[own] = part.numbering.rows(ids[own])
        if len(places) and places.min() < 0:
            first = int(np.argmax(places < 0))
            msg = (
                f"population {self.chosen[codes[first]].name!r}: node {ids[first]} fired, but its nodes file does not "
                "list it; the nodes file has changed since the spikes were extracted: extract and filter again"
            )
            raise NodesError(msg)
        return places

    def _make_lookup(self) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        # One table for all populations: the row of a spike is one look-up, at the start of its population + its id.
        starts = np.concatenate([[0], np.cumsum([part.size for part in self.chosen])]).astype(np.int64)
        lookup = np.full(int(starts[-1]), -1, np.int32)
        for p, part in enumerate(self.chosen):
            first = int(self.nodes.offsets[p])
            lookup[starts[p] + part.rows] = np.arange(first, first + len(part.ids), dtype=np.int32)
        return lookup, starts


def choose(circuit: SimulatedCircuit, name: str, ids: NDArray[np.int64] | None, id_max: int | None) -> Chosen:
    """Describe the nodes of one population that a filter chooses.

    Parameters
    ----------
    circuit
        Knows the nodes of each population, and which were simulated.
    name
        The population.
    ids
        The chosen ids in any order; None for all.
    id_max
        The highest id that fired in the whole report, None if none did; it bounds a population of unknown size.

    Raises
    ------
    SpikeFileError
        No circuit describes the population, and more nodes fired than there is room for.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.circuit.simulated import SimulatedCircuit
    >>> from spikelib.demo import write_demo
    >>> with TemporaryDirectory() as folder:
    ...     circuit = SimulatedCircuit(write_demo(folder))
    ...     choose(circuit, "cortex", np.array([7, 5, 9999]), None).ids
    array([5, 7])
    """
    nodes = circuit.described([name]).get(name)
    numbering = _numbering_of_fired(circuit, name, id_max) if nodes is None else nodes.numbering
    kept = numbering.ids() if ids is None else np.unique(ids[numbering.has(ids)])
    simulated = np.zeros(len(kept), np.bool_)
    if nodes is not None:
        run = circuit.simulated_ids(name)
        # A node set that names no node of a population that fired says nothing about it: inputs are such.
        if run is None or (not len(run) and id_max is not None):
            simulated[:] = True
        else:
            simulated = np.isin(kept, run)
    return Chosen(name, numbering, nodes, kept, simulated)


def _numbering_of_fired(circuit: SimulatedCircuit, name: str, id_max: int | None) -> Numbering:
    """Return the ids of a population that no circuit describes: up to the highest, or only those that fired."""
    if id_max is None or id_max < MAX_IDS:
        return Numbering(0 if id_max is None else id_max + 1)
    fired = np.empty(0, np.int64)
    for ids in circuit.fired_ids(name):
        fired = np.union1d(fired, ids[(ids >= 0) & (ids <= id_max)])
        if len(fired) > MAX_IDS:
            msg = (
                f"{circuit.output.spikes_file}, population {name!r}: more than {MAX_IDS} nodes fired, with ids up to "
                f"{id_max}, and no circuit describes them; name a simulation config whose circuit does"
            )
            raise SpikeFileError(msg)
    return Numbering(len(fired), fired)


def spread(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the least and the greatest value, half a unit apart from a lone one."""
    if not len(values):
        return -0.5, 0.5
    low, high = float(values.min()), float(values.max())
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def joined(parts: Sequence[Any], dtype: Any) -> NDArray[Any]:
    """Return arrays one after the other; an empty one if there are none."""
    return np.concatenate([np.empty(0, dtype), *parts]).astype(dtype, copy=False)
