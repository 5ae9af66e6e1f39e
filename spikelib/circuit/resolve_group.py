"""What a group means in a report: in one population, and in several at once.

A report may hold populations that the circuit does not describe, and populations of different sizes and properties. So
a group is an error only if no population can answer it: an id that none is large enough to hold, a property that none
has. Each population alone gives the nodes it has.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.errors import NodeIdError, SpikelibWarning, UnknownPopulationError
from spikelib.sonata.names import did_you_mean
from spikelib.sonata.nodes.groups import resolve, resolve_without_nodes, settle
from spikelib.sonata.nodes.numbering import Numbering
from spikelib.sonata.nodes.queries import check_properties

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spikelib.circuit.node_population import NodePopulation
    from spikelib.circuit.simulated import SimulatedCircuit

    Ids = NDArray[np.int64]


def resolve_population(
    simulated: SimulatedCircuit, population: str, group: Any, *, raise_missing_property: bool
) -> Ids | None:
    """Find the ids of a group in one population; None for all nodes of one that the circuit does not describe.

    Raises
    ------
    GroupError
        The group is malformed, or names nodes, node sets or properties that there are not.
    """
    nodes = _nodes(simulated, population, warn=group is not None)
    if nodes is not None:
        return resolve(group, nodes, simulated.node_sets, raise_missing_property=raise_missing_property)
    return resolve_without_nodes(group, population, simulated.node_sets, raise_missing_property=raise_missing_property)


def resolve_report(simulated: SimulatedCircuit, populations: list[str], group: Any) -> dict[str, Ids | None]:
    """Find the ids of a group in each of the populations; None where all nodes are meant.

    Raises
    ------
    GroupError
        The group is malformed, names a node set that there is not, an id that no population is large enough to hold,
        or a property that no population has.
    """
    if group is None:
        return dict.fromkeys(populations)
    group = settle(group)  # it is resolved once for each population, and an iterator could be read only once
    found: dict[str, Ids | None] = {}
    known: list[NodePopulation] = []
    for name in populations:
        nodes = _nodes(simulated, name, warn=True)
        if nodes is None:
            found[name] = resolve_without_nodes(group, name, simulated.node_sets)
            continue
        known.append(nodes)
        try:
            found[name] = resolve(group, nodes, simulated.node_sets, raise_missing_property=False)
        except NodeIdError:
            ids = _plain_ids(group)
            if ids is None:  # ids that name their population are wrong wherever that population is too small
                raise
            found[name] = ids[nodes.numbering.has(ids)]
    if isinstance(group, Mapping):
        check_properties(
            group, {name for nodes in known for name in nodes.property_names}, str(simulated.output.spikes_file)
        )
    _check_ids(group, known, all_known=len(known) == len(populations))
    return found


def _nodes(simulated: SimulatedCircuit, population: str, *, warn: bool) -> NodePopulation | None:
    """Return the nodes of a population, or None with a warning where the circuit does not describe it."""
    circuit = simulated.circuit
    try:
        return circuit.nodes[population]
    except UnknownPopulationError:
        if warn and len(circuit.nodes):
            msg = (
                f"{simulated.output.spikes_file}: population {population!r} is not in the circuit; "
                "its ids can be chosen, queries of properties match none of its nodes"
            ) + did_you_mean(population, circuit.nodes)
            warnings.warn(msg, SpikelibWarning, stacklevel=4)
        return None


def _plain_ids(group: Any) -> Ids | None:
    """Return the ids of a group that is made of plain ids, else None."""
    values = list(group) if isinstance(group, (list, tuple, set, frozenset, range)) else group
    array = np.asarray(values)
    return np.unique(array.astype(np.int64)) if array.dtype.kind in "iu" and array.ndim <= 1 else None


def _check_ids(group: Any, known: list[NodePopulation], *, all_known: bool) -> None:
    ids = None if isinstance(group, (str, Mapping)) else _plain_ids(group)
    if ids is None or not len(ids):
        return
    if not all_known:  # a population of which nothing is known may have any id
        wrong = ids[ids < 0]
    else:
        nowhere = np.ones(len(ids), np.bool_)
        for nodes in known:
            nowhere &= ~nodes.numbering.has(ids)
        wrong = ids[nowhere]
    if len(wrong):
        most = max((nodes.numbering for nodes in known), key=lambda numbering: numbering.size, default=Numbering(0))
        first = 0 if most.labels is None else most.labels[0]
        ids_there = f"ids {first} to {most.end - 1}" if most.size else "no ids"
        msg = f"node {wrong[0]} is in none of the populations; the largest has {most.size} nodes, {ids_there}"
        raise NodeIdError(msg)
