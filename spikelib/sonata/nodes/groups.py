"""Groups: the many ways to say which nodes are meant.

None is all nodes; an id, several ids, a mask, `CircuitNodeId` or several of them are these nodes; a text is
a node set; a mapping is a query (`spikelib.sonata.nodes.queries`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from spikelib.errors import GroupError, NodeIdError, UnknownPropertyError
from spikelib.sonata.nodes.id_sets import NOTHING, IdSet
from spikelib.sonata.nodes.node_ids import CircuitNodeId, CircuitNodeIds
from spikelib.sonata.nodes.numbering import Numbering
from spikelib.sonata.nodes.queries import evaluate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spikelib.sonata.nodes.column import Column, NodeTable
    from spikelib.sonata.nodes.node_sets import NodeSets

__all__ = ["Group", "resolve", "resolve_without_nodes", "settle"]

Group: TypeAlias = "int | str | Mapping[str, Any] | CircuitNodeIds | Iterable[Any] | None"
"""What the parameter ``group`` takes; see `resolve`."""

_NO_LIMIT = np.iinfo(np.int64).max


def resolve(
    group: Group, nodes: NodeTable, node_sets: NodeSets, *, raise_missing_property: bool = True
) -> NDArray[np.int64]:
    """Return the ids of the nodes of a population that a group means.

    Parameters
    ----------
    group
        None for all nodes; an id; a list, tuple, range or array of ids; a set or iterator of ids; a boolean
        array of length ``nodes.size`` in the order of the ids; a `CircuitNodeId`, several of them, or
        `CircuitNodeIds`, of which those of this population count; the name of a node set; or a query.
    nodes
        The population.
    node_sets
        Where names of node sets are looked up.
    raise_missing_property
        Whether a property that the population lacks is an error; if not, it matches no node.

    Returns
    -------
    int64 ids: in the given order and with repetitions for sequences, arrays and `CircuitNodeIds`; else sorted
    and distinct.

    Raises
    ------
    NodeIdError
        No node has an id. (Queries and node sets ignore such ids.)
    UnknownPropertyError
        The population lacks a property.
    GroupError
        The group is malformed, or a node set does not exist.
    NodeSetsError
        A node set breaks the rules of node sets.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from spikelib.sonata.nodes.node_sets import NodeSets
    >>> from spikelib.sonata.nodes.numbering import Numbering
    >>> nodes = SimpleNamespace(name="cortex", size=5, numbering=Numbering(5))
    >>> resolve([3, 1, 3], nodes, NodeSets()), resolve({3, 1}, nodes, NodeSets())
    (array([3, 1, 3]), array([1, 3]))
    """
    with _refusing_depth():
        found = _resolve(group, nodes, node_sets, raise_missing_property)
    return nodes.numbering.ids() if found is None else found


def resolve_without_nodes(
    group: Group,
    population: str,
    node_sets: NodeSets,
    *,
    n_nodes: int | None = None,
    raise_missing_property: bool = False,
) -> NDArray[np.int64] | None:
    """Do as `resolve` for a population of which nothing is known but its name, and maybe its size.

    Queries and node sets about properties match none of its nodes, those about population or ids do.

    Parameters
    ----------
    group
        The group; a boolean array needs ``n_nodes``.
    population
        Name of the population.
    node_sets
        Where names of node sets are looked up.
    n_nodes
        Number of nodes; None if unknown: then every id from 0 on is taken to exist.
    raise_missing_property
        Whether to ask for a property is an error.

    Returns
    -------
    int64 ids as `resolve` orders them, or None for all nodes.

    Examples
    --------
    >>> from spikelib.sonata.nodes.node_sets import NodeSets
    >>> sets = NodeSets({"probe": {"node_id": [7, 2]}, "deep": {"layer": "L6"}})
    >>> resolve_without_nodes("probe", "cortex", sets), resolve_without_nodes("deep", "cortex", sets)
    (array([2, 7]), array([], dtype=int64))
    """
    with _refusing_depth():
        return _resolve(group, _Unknown(population, n_nodes), node_sets, raise_missing_property)


def settle(group: Group) -> Group:
    """Return a group that can be resolved more than once: iterators in it are read and kept.

    Examples
    --------
    >>> settle(node for node in (3, 1))
    [1, 3]
    >>> settle({"mtype": map(str.upper, ["l4_pc"])})
    {'mtype': ['L4_PC']}
    """
    if isinstance(group, Mapping):
        with _refusing_depth():
            return {key: _settle_value(value) for key, value in group.items()}
    if isinstance(group, Iterator):
        return sorted(set(group))
    return group


def _settle_value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return settle(value)
    if isinstance(value, list | tuple | Iterator):
        return [_settle_value(item) for item in value]
    return value


@contextmanager
def _refusing_depth() -> Iterator[None]:
    """Turn the end of Python's stack into words: a query may come from a file that anybody wrote."""
    try:
        yield
    except RecursionError:
        msg = "a group has too many lists and queries in each other; write it flatter"
        raise GroupError(msg) from None


class _Unknown:
    """A population of unknown properties."""

    def __init__(self, name: str, n_nodes: int | None) -> None:
        self.name = name
        self.size = _NO_LIMIT if n_nodes is None else n_nodes
        self.numbering = Numbering(self.size)
        self.type = None
        self.property_names: frozenset[str] = frozenset()

    def column(self, name: str) -> Column:
        msg = f"population '{self.name}' is not in the circuit, so its property '{name}' is unknown"
        raise UnknownPropertyError(msg)


def _resolve(group: Any, nodes: NodeTable, node_sets: NodeSets, raise_missing_property: bool) -> IdSet:
    if group is None:
        return None
    if isinstance(group, str):
        return node_sets.select(group, nodes, raise_missing_property)
    if isinstance(group, Mapping):
        return evaluate(group, nodes, node_sets, raise_missing_property)
    return _resolve_ids(group, nodes)


def _resolve_ids(group: Any, nodes: NodeTable) -> NDArray[np.int64]:
    if isinstance(group, np.ndarray) and group.ndim == 0:
        group = group.item()
    if isinstance(group, CircuitNodeIds):
        return _checked(group.filter_population(nodes.name).get_ids(), nodes)
    if isinstance(group, np.ndarray) and group.dtype != object:
        return _from_array(group, nodes)
    if isinstance(group, CircuitNodeId) or not isinstance(group, Iterable):
        return _from_items([group], nodes)
    ids = _from_items(list(group), nodes)
    return ids if isinstance(group, Sequence | np.ndarray) else np.unique(ids)


def _from_items(items: list[Any], nodes: NodeTable) -> NDArray[np.int64]:
    types = set(map(type, items))  # of a million ids it is one or two types, and no id needs a look of its own
    if CircuitNodeId in types:
        if len(types) > 1:
            msg = f"population '{nodes.name}': a list must hold ids or CircuitNodeId, not both"
            raise GroupError(msg)
        return _from_items([item.id for item in items if item.population == nodes.name], nodes)
    # One boolean alone is as likely a slip for an id: True is 1 to Python. Only several are taken for a mask.
    if len(items) > 1 and types <= {bool, np.bool_}:
        return _from_array(np.array(items, dtype=bool), nodes)
    wrong = next((kind for kind in types if kind is bool or not issubclass(kind, int | np.integer)), None)
    if wrong is not None:
        item = next(item for item in items if type(item) is wrong)
        forms = "an id, ids, a mask, a node set, a query or None"
        msg = f"population '{nodes.name}': {item!r} is not a node id; a group is {forms}"
        raise GroupError(msg)
    try:
        return _from_array(np.array(items, dtype=np.int64), nodes)
    except OverflowError as error:
        raise _out_of_range(nodes, max(items, key=abs)) from error


def _from_array(array: NDArray[Any], nodes: NodeTable) -> NDArray[np.int64]:
    if array.ndim != 1:
        msg = f"population '{nodes.name}': an array of ids must have one dimension, not {array.ndim}"
        raise GroupError(msg)
    if array.dtype == bool and len(array):
        if len(array) != nodes.size:
            size = "unknown" if nodes.size == _NO_LIMIT else nodes.size
            msg = f"population '{nodes.name}': a mask must have its size, {size}, not {len(array)}"
            raise GroupError(msg)
        return nodes.numbering.ids(np.flatnonzero(array))
    if not len(array):
        return NOTHING
    if array.dtype.kind not in "iu":
        msg = f"population '{nodes.name}': ids must be whole numbers, not {array.dtype.name}"
        raise GroupError(msg)
    return _checked(array, nodes)


def _checked(ids: NDArray[Any], nodes: NodeTable) -> NDArray[np.int64]:
    if len(ids):
        lowest, highest = int(ids.min()), int(ids.max())
        if lowest < 0 or highest >= nodes.numbering.end:
            raise _out_of_range(nodes, lowest if lowest < 0 else highest)
        known = nodes.numbering.labels is None or nodes.numbering.has(ids.astype(np.int64))
        if not np.all(known):
            raise _out_of_range(nodes, int(ids[~known][0]))
    return ids.astype(np.int64)


def _out_of_range(nodes: NodeTable, node: int) -> NodeIdError:
    allowed = nodes.numbering.describe()
    return NodeIdError(f"All node IDs must be {allowed} for population '{nodes.name}', but one is {node}")
