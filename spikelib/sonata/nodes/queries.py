"""Queries: groups of nodes that are written as a mapping, such as ``{"layer": ["4", "5"], "x": (0, 100)}``.

All keys must hold (AND). A key is one of

- a property: equal to a value or to one of several; of a float property, within ``(low, high)``, ends
  included; of a text property, ``{"$regex": ...}`` that the whole text must match;
- ``node_id`` (ids that the population does not have are ignored), ``population``, ``population_type``;
- ``$and`` and ``$or`` with a list of queries; ``$node_set`` with the name of a node set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.errors import GroupError, UnknownPropertyError
from spikelib.sonata.nodes.id_sets import NOTHING, IdSet, both, either
from spikelib.sonata.nodes.node_ids import CircuitNodeId
from spikelib.sonata.nodes.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from spikelib.sonata.nodes.column import Column, NodeTable
    from spikelib.sonata.nodes.node_sets import NodeSets

_ID_KEYS = ("node_id", "edge_id")
"""bluepysnap takes edge_id for node_id, so queries that were written for it may hold it."""
_PLAIN_KEYS = frozenset({*_ID_KEYS, "population", "population_type"})
_BRANCHES = ("$and", "$or")
_SIGNS = frozenset({*_BRANCHES, "$node_set"})


def properties_asked(query: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of the properties in a query, nested ones too, without those of its node sets.

    Raises
    ------
    GroupError
        The query is malformed.

    Examples
    --------
    >>> sorted(properties_asked({"$or": [{"mtype": "L4_PC"}, {"x": (0, 1), "node_id": 3}]}))
    ['mtype', 'x']
    """
    names: set[str] = set()
    for key, value in query.items():
        if key in _BRANCHES:
            for branch in _branches(key, value):
                names |= properties_asked(branch)
        elif str(key).startswith("$") and key not in _SIGNS:
            msg = f"a query does not know the operator {key!r}; it knows $and, $or, $node_set and $regex"
            raise GroupError(msg)
        elif key not in _PLAIN_KEYS | _SIGNS:
            _check_operators(key, value)
            names.add(key)
    return frozenset(names)


def check_properties(query: Mapping[str, Any], known: AbstractSet[str], where: str = "the circuit") -> None:
    """Check that all properties in a query are ``known`` in ``where``, which is named in the message.

    Raises
    ------
    UnknownPropertyError
        At least one is not.
    GroupError
        The query is malformed.
    """
    unknown = sorted(properties_asked(query) - known)
    if unknown:
        listed = ", ".join(sorted(known)) or "none"
        msg = f"Unknown node properties: {unknown}; {where} has: {listed}"
        raise UnknownPropertyError(msg)


def evaluate(query: Mapping[str, Any], nodes: NodeTable, node_sets: NodeSets, raise_missing_property: bool) -> IdSet:
    """Return the nodes of a population that a query asks for.

    Parameters
    ----------
    query
        The query; it is not changed.
    nodes
        The population.
    node_sets
        Where ``$node_set`` is looked up.
    raise_missing_property
        Whether a property that the population lacks is an error; if not, its part of the query matches none.

    Raises
    ------
    UnknownPropertyError
        The population lacks a property.
    GroupError
        The query is malformed, or a node set does not exist.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from spikelib.sonata.nodes.column import Column
    >>> from spikelib.sonata.nodes.node_sets import NodeSets
    >>> x = Column("float", np.array([0.0, 5.0, 10.0]))
    >>> from spikelib.sonata.nodes.numbering import Numbering
    >>> three = {"size": 3, "numbering": Numbering(3)}
    >>> nodes = SimpleNamespace(name="cortex", **three, property_names={"x"}, column=lambda name: x)
    >>> evaluate({"$or": [{"x": (0, 5)}, {"node_id": 2}], "node_id": [1, 2]}, nodes, NodeSets(), True)
    array([1, 2])
    """
    if raise_missing_property:
        check_properties(query, nodes.property_names, f"population '{nodes.name}'")
    else:
        properties_asked(query)
    return _evaluate(query, nodes, node_sets, raise_missing_property)


def _evaluate(query: Mapping[str, Any], nodes: NodeTable, node_sets: NodeSets, strict: bool) -> IdSet:
    parts: list[IdSet] = [_by_population(query, nodes)]
    for key, value in query.items():
        if key in _BRANCHES:
            branches = [_evaluate(branch, nodes, node_sets, strict) for branch in _branches(key, value)]
            parts.append(both(branches) if key == "$and" else either(branches))
        elif key == "$node_set":
            parts.append(node_sets.select(value, nodes, strict))
        elif key in _ID_KEYS:
            parts.append(_by_id(key, value, nodes))
    properties = [key for key in query if key not in _PLAIN_KEYS | _SIGNS]
    if not nodes.property_names >= set(properties):
        return NOTHING
    # Not in another population: a property of the same name may be of another kind there, and no mistake of the query.
    if properties and parts[0] is None:
        masks = [_mask(nodes.column(key), query[key], f"'{key}' of '{nodes.name}'") for key in properties]
        parts.append(nodes.numbering.ids(np.flatnonzero(np.logical_and.reduce(masks))))
    return both(parts)


def _branches(key: str, value: Any) -> list[Mapping[str, Any]]:
    branches: list[Any] = [None]
    if isinstance(value, Iterable) and not isinstance(value, str | Mapping):
        branches = list(value)
    if not all(isinstance(branch, Mapping) for branch in branches):
        msg = f"'{key}' of a query must be a list of queries {{...}}, not {value!r}"
        raise GroupError(msg)
    return branches


def _check_operators(key: str, value: Any) -> None:
    unknown = [name for name in value if name != "$regex"] if isinstance(value, Mapping) else []
    if unknown:
        mixed = "; operators cannot be mixed with plain values" if "$regex" in value else ""
        msg = f"'{key}' is asked for with {unknown}, but a query knows only $regex there{mixed}"
        raise GroupError(msg)


def _by_population(query: Mapping[str, Any], nodes: NodeTable) -> IdSet:
    if "population" in query and nodes.name not in _as_list(query["population"]):
        return NOTHING
    if "population_type" in query and nodes.type not in _as_list(query["population_type"]):
        return NOTHING
    return None


def _by_id(key: str, value: Any, nodes: NodeTable) -> NDArray[np.int64]:
    if value is None:
        return NOTHING
    ids = list(_as_list(value))
    if any(isinstance(item, bool | np.bool_) or not isinstance(item, int | np.integer) for item in ids):
        msg = f"'{key}' of a query must be a whole number or several, not {value!r}"
        raise GroupError(msg)
    within = np.unique(np.array([item for item in ids if 0 <= item < nodes.numbering.end], dtype=np.int64))
    return within[nodes.numbering.has(within)]


def _mask(column: Column, value: Any, what: str) -> NDArray[np.bool_]:
    if isinstance(value, Mapping):
        return _modified_mask(column, value, what)
    if column.kind == "float":
        return _range_mask(column, value, what)
    wanted = [item for item in _as_list(value) if item is not None]  # None equals nothing
    fitting = str if column.kind == "text" else int | float | np.number | np.bool_
    if not all(isinstance(item, fitting) for item in wanted):
        remedy = "write the values in quotes" if column.kind == "text" else "write the values without quotes"
        msg = f"{what} holds {column.kind} values: it cannot be compared with {value!r}; {remedy}"
        raise GroupError(msg)
    if column.kind == "text":
        return column.where_text(set(map(str, wanted)).__contains__)
    return column.where_number(wanted)


def _range_mask(column: Column, value: Any, what: str) -> NDArray[np.bool_]:
    ends = list(value) if isinstance(value, Iterable) and not isinstance(value, str) else []
    if len(ends) != 2 or not all(isinstance(end, int | float | np.number) for end in ends):
        msg = f"{what} holds floats, for which a query needs a range (low, high), not {value!r}"
        raise GroupError(msg)
    low, high = (_as_float(end, what) for end in ends)
    if not low <= high:  # a NaN is neither
        msg = f"{what} is asked for in a range that ends before it begins: {value!r}; write it as (low, high)"
        raise GroupError(msg)
    with np.errstate(over="ignore"):  # beyond all that a column of 32 bits can hold is infinite there
        return np.asarray((column.data >= low) & (column.data <= high))


def _as_float(value: Any, what: str) -> float:
    try:
        return float(value)
    except OverflowError:
        msg = f"{what} is compared with a number that is too large"
        raise GroupError(msg) from None


def _modified_mask(column: Column, value: Mapping[str, Any], what: str) -> NDArray[np.bool_]:
    if not value:
        return np.ones(len(column.data), dtype=bool)
    if column.kind != "text" or not isinstance(value["$regex"], str):
        msg = f"{what} cannot be matched with {value!r}: $regex needs a text, and a property that holds texts"
        raise GroupError(msg)
    return column.where_text(Pattern(value["$regex"], lambda reason: GroupError(f"{what}: {reason}")).matches)


def _as_list(value: Any) -> list[Any]:
    """Return several values as a list; texts and node ids count as one value."""
    if isinstance(value, Iterator | Iterable) and not isinstance(value, str | CircuitNodeId):
        return list(value)
    return [value]
