"""From a group to the rows of a summary: which nodes of which populations, and where figures draw them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.errors import SpikeFileError
from spikelib.summary.model import Nodes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spikelib.circuit.node_population import NodePopulation
    from spikelib.circuit.simulated import SimulatedCircuit


MAX_IDS = 1 << 24
"""Highest id up to which nodes are laid out if no circuit gives the size of the population."""


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
        """Return a mask over the population, shape (size,), or None for all nodes."""
        if len(self.ids) == self.size:
            return None
        mask = np.zeros(self.size, np.bool_)
        mask[self.ids] = True
        return mask

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
        )
        self._lookup, self._starts = self._make_lookup()

    def rows(self, ids: NDArray[np.int64], codes: NDArray[Any]) -> NDArray[np.int32]:
        """Find the rows of spikes by their ids and the indices of their populations; shape (spikes,)."""
        from spikelib.summary import kernels  # noqa: PLC0415 - loads numba

        rows = np.empty(len(ids), np.int32)
        kernels.find_rows(ids, codes, self._starts, self._lookup, rows)
        return rows

    def _make_lookup(self) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        # One table for all populations: the row of a spike is one look-up, at the start of its population + its id.
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
        Knows the nodes of each population, and which were simulated.
    name, size
        The population and its number of nodes, None if no circuit gives it.
    ids
        The chosen ids in any order; None for all.
    id_max
        The highest id that fired in the whole report, None if none did; it bounds a population of unknown size.

    Raises
    ------
    SpikeFileError
        The size is unknown and ids are so high that there is no room for all nodes below.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.circuit.simulated import SimulatedCircuit
    >>> from spikelib.demo import write_demo
    >>> with TemporaryDirectory() as folder:
    ...     circuit = SimulatedCircuit(write_demo(folder))
    ...     choose(circuit, "cortex", 2701, np.array([7, 5, 9999]), None).ids
    array([5, 7])
    """
    total = size if size is not None else (0 if id_max is None else id_max + 1)
    if size is None and total > MAX_IDS:
        msg = (
            f"{circuit.output.spikes_file}, population {name!r}: its highest id is {id_max}, and no circuit gives "
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


def spread(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the least and the greatest value, half a unit apart from a lone one."""
    if not len(values):
        return -0.5, 0.5
    low, high = float(values.min()), float(values.max())
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def joined(parts: Sequence[Any], dtype: Any) -> NDArray[Any]:
    """Return arrays one after the other; an empty one if there are none."""
    return np.concatenate([np.empty(0, dtype), *parts]).astype(dtype, copy=False)
