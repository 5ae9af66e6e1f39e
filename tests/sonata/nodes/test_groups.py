from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from spikelib.errors import GroupError, NodeIdError
from spikelib.sonata.nodes.groups import resolve, resolve_without_nodes, settle
from spikelib.sonata.nodes.node_ids import CircuitNodeId, CircuitNodeIds
from spikelib.sonata.nodes.node_sets import NodeSets
from tests.sonata.nodes.table import Table, example

SETS = NodeSets({"l4": {"layer": 4}, "ghosts": {"population": "ghost"}, "third": {"node_id": 3}})
PAIRS = [CircuitNodeId("pop", 4), CircuitNodeId("other", 1), CircuitNodeId("pop", 0)]


def ids(group: Any) -> list[int]:
    found = resolve(group, example(), SETS)
    assert found.dtype == np.int64
    return [int(node) for node in found]


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        pytest.param(None, [0, 1, 2, 3, 4, 5], id="none"),
        pytest.param(3, [3], id="int"),
        pytest.param(np.uint8(3), [3], id="numpy-int"),
        pytest.param(np.array(3), [3], id="array-without-dimension"),
        pytest.param([4, 0, 4], [4, 0, 4], id="list"),
        pytest.param((4, 0, 4), [4, 0, 4], id="tuple"),
        pytest.param(range(4, 1, -1), [4, 3, 2], id="range"),
        pytest.param([np.uint64(4), 0], [4, 0], id="mixed-integers"),
        pytest.param(np.array([4, 0, 4], dtype=np.uint64), [4, 0, 4], id="array"),
        pytest.param(np.array([4, 0], dtype=object), [4, 0], id="object-array"),
        pytest.param({4, 0}, [0, 4], id="set"),
        pytest.param(iter([4, 0, 4]), [0, 4], id="iterator"),
        pytest.param(pd.Series([4, 0, 4]), [0, 4], id="series"),
        pytest.param([], [], id="empty-list"),
        pytest.param(np.array([]), [], id="empty-array"),
        pytest.param(np.array([], dtype=bool), [], id="empty-mask"),
        pytest.param(np.array([1, 0, 0, 1, 0, 0], dtype=bool), [0, 3], id="mask"),
        pytest.param([True, False, False, True, False, False], [0, 3], id="mask-as-list"),
        pytest.param("l4", [0, 3], id="node-set"),
        pytest.param(PAIRS[0], [4], id="circuit-id"),
        pytest.param(PAIRS[1], [], id="circuit-id-elsewhere"),
        pytest.param(PAIRS, [4, 0], id="circuit-ids-in-list"),
        pytest.param(set(PAIRS), [0, 4], id="circuit-ids-in-set"),
        pytest.param(CircuitNodeIds.from_tuples(PAIRS), [0, 4], id="circuit-ids"),
        pytest.param(CircuitNodeIds.from_tuples(PAIRS, sort_index=False), [4, 0], id="circuit-ids-unsorted"),
        pytest.param(CircuitNodeIds.from_dict({"other": [99]}), [], id="circuit-ids-elsewhere"),
    ],
)
def test_group(group: Any, expected: list[int]) -> None:
    assert ids(group) == expected


@pytest.mark.parametrize(
    "group",
    [6, -1, [0, 6], np.array([-1]), {6}, 2**70, [0, 2**70], np.array([2**63], dtype=np.uint64),
     CircuitNodeId("pop", 6), [CircuitNodeId("pop", 6)], CircuitNodeIds.from_dict({"pop": [6]})],
    ids=repr,
)  # fmt: skip
def test_out_of_range(group: Any) -> None:
    with pytest.raises(NodeIdError, match="All node IDs must be >= 0 and < 6 for population 'pop', but one is"):
        ids(group)


@pytest.mark.parametrize(
    ("group", "match"),
    [
        (2.7, "2.7 is not a node id; a group is an id, ids, a mask, a node set, a query or None"),
        (True, "True is not a node id"),
        (["l4"], "'l4' is not a node id"),
        ([("pop", 1)], "is not a node id"),
        ([1, 2.0], "2.0 is not a node id"),
        ([True, 2], "True is not a node id"),
        ([None], "None is not a node id"),
        ([*PAIRS, 1], "must hold ids or CircuitNodeId, not both"),
        ([("pop", 1), *PAIRS], "must hold ids or CircuitNodeId, not both"),
        (np.array([1.0, 2.0]), "ids must be whole numbers, not float64"),
        (np.array(["a"]), "ids must be whole numbers, not str"),
        (np.array([[1]]), "an array of ids must have one dimension, not 2"),
        (np.array([True, False]), "a mask must have its size, 6, not 2"),
        ("none", "Undefined node set: 'none'"),
        (object(), "is not a node id"),
    ],
)
def test_malformed(group: Any, match: str) -> None:
    with pytest.raises(GroupError, match=match):
        ids(group)


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        pytest.param(None, None, id="none"),
        pytest.param({}, None, id="empty-query"),
        pytest.param(10**12, [10**12], id="int"),
        pytest.param([7, 1, 7], [7, 1, 7], id="list"),
        pytest.param({7, 1}, [1, 7], id="set"),
        pytest.param(np.array([7]), [7], id="array"),
        pytest.param(CircuitNodeIds.from_dict({"ghost": [9], "pop": [1]}), [9], id="circuit-ids"),
        pytest.param({"population": "ghost"}, None, id="population"),
        pytest.param({"population": "ghost", "node_id": [3, 7]}, [3, 7], id="population-and-ids"),
        pytest.param({"population": "pop"}, [], id="other-population"),
        pytest.param({"population_type": "virtual"}, [], id="type"),
        pytest.param({"layer": 4}, [], id="property"),
        pytest.param({"$or": [{"layer": 4}, {"node_id": 3}]}, [3], id="property-or-id"),
        pytest.param({"$or": [{"layer": 4}, {"population": "ghost"}]}, None, id="property-or-population"),
        pytest.param("l4", [], id="node-set-of-property"),
        pytest.param("ghosts", None, id="node-set-of-population"),
        pytest.param("third", [3], id="node-set-of-ids"),
    ],
)
def test_without_nodes(group: Any, expected: list[int] | None) -> None:
    found = resolve_without_nodes(group, "ghost", SETS)
    assert (None if found is None else found.tolist()) == expected


def test_without_nodes_but_with_a_size() -> None:
    assert resolve_without_nodes(np.array([True, False]), "ghost", SETS, n_nodes=2) is not None
    with pytest.raises(NodeIdError, match="< 2 for population 'ghost'"):
        resolve_without_nodes(2, "ghost", SETS, n_nodes=2)
    with pytest.raises(GroupError, match="a mask must have its size, unknown, not 2"):
        resolve_without_nodes(np.array([True, False]), "ghost", SETS)
    with pytest.raises(NodeIdError, match="but one is -1"):
        resolve_without_nodes(-1, "ghost", SETS)
    with pytest.raises(GroupError, match="Undefined node set: 'none'"):
        resolve_without_nodes("none", "ghost", SETS)


def test_settled_groups_can_be_used_twice() -> None:
    group = settle({"$or": iter([{"mtype": map(str.upper, ["l4_pc"])}, {"node_id": iter([5])}])})
    assert ids(group) == ids(group) == [0, 5]
    assert settle("l4") == "l4"
    assert settle([3, 1]) == [3, 1]


def test_a_group_of_too_many_levels_is_refused() -> None:
    lists: Any = 1
    queries: Any = {"layer": 4}
    for _ in range(100_000):
        lists, queries = [lists], {"$or": [queries]}
    for group in (lists, queries, {"layer": lists}):
        with pytest.raises(GroupError, match="too many lists and queries in each other"):
            resolve(group, example(), SETS)
    for group in (lists, queries):
        with pytest.raises(GroupError, match="too many lists and queries in each other"):
            resolve_without_nodes(group, "ghost", SETS)
    with pytest.raises(GroupError, match="too many lists and queries in each other"):
        settle(queries)


def test_empty_population() -> None:
    assert resolve(None, Table(size=0), SETS).tolist() == []
    assert resolve({"node_id": 0}, Table(size=0), SETS).tolist() == []
    with pytest.raises(NodeIdError, match="< 0 for population"):
        resolve(0, Table(size=0), SETS)
