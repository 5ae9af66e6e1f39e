"""Groups that no JSON can hold: Python and numpy objects of all kinds, right and wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.sonata.nodes.node_ids import CircuitNodeId, CircuitNodeIds

if TYPE_CHECKING:
    from collections.abc import Callable

ODD_GROUPS: tuple[Callable[[], Any], ...] = (
    lambda: np.array([1, 2]), lambda: np.array([1.0, 2.0]), lambda: np.array(["L4"]), lambda: np.array([[1, 2]]),
    lambda: np.array([True, False] * 6), lambda: np.array([True]), lambda: np.array([2**63], "u8"), lambda: np.array(3),
    lambda: np.array([], object), lambda: np.array([None, 1], object), lambda: np.float64("nan"), lambda: float("nan"),
    lambda: {1, 2}, frozenset, lambda: range(3), lambda: range(0, 10**9, 10**8), lambda: iter([1, 2]),
    lambda: (k for k in (3, 3)), lambda: b"layer", lambda: True, lambda: [True, False], lambda: [None], lambda: [[1]],
    lambda: {"layer": np.array(["L4"])}, lambda: {"x": np.array([1.0, 50.0])}, lambda: {"x": (None, 5)}, list,
    lambda: {"layer": {"L4"}}, lambda: {"layer": iter(["L4"])}, lambda: {1: 2}, lambda: {None: None}, lambda: {(1,): 2},
    lambda: {"layer": b"L4"}, lambda: {"count": np.int8(2)}, lambda: {"count": np.uint64(2**63)},
    lambda: {"count": 2.0},
    lambda: {"x": 1j}, lambda: {"layer": object()}, lambda: {"$regex": "a"}, lambda: {"layer": {"$regex": 5}}, object,
    lambda: CircuitNodeId("cortex", 1), lambda: [CircuitNodeId("cortex", 1), CircuitNodeId("x", 1)],
    lambda: [CircuitNodeId("cortex", 99)], lambda: [CircuitNodeId("cortex", 1), 1], lambda: {"x": (np.nan, 5)},
    lambda: CircuitNodeIds.from_dict({"cortex": [1, 2], "other": [0]}), lambda: {"layer": {"$regex": "^(L+)+$"}},
    lambda: {"layer": {"$regex": "(.*)*x"}}, lambda: {"$or": []}, lambda: {"$and": []},
    lambda: {"$or": {"layer": "L4"}},
    lambda: {"$or": [{"$or": [{"$or": [5]}]}]}, lambda: -1, lambda: 10**30, lambda: [10**30],
    lambda: np.datetime64("2020"),
    lambda: np.array([1, 2], "m8[s]"), lambda: "", lambda: "\ud800", lambda: {"": ""}, lambda: {"layer": []},
    lambda: {"layer": [["L4"]]}, lambda: {"node_id": np.array([1, 2])}, lambda: {"node_id": [1.5]},
    lambda: {"node_id": -1},
    lambda: {"node_id": 10**30}, lambda: {"population": ["cortex", 5]}, lambda: {"$node_set": ["layer"]}, dict,
    lambda: {"x": [5, 1]}, lambda: {"x": [np.inf, -np.inf]}, lambda: {"x": float("nan")}, lambda: {"layer": {"$gt": 1}},
    lambda: {"layer": range(3)}, lambda: {"layer": "L4", "$or": [{"layer": "L5"}]}, lambda: [1, "2"], lambda: ["both"],
)  # fmt: skip
"""Each makes one: iterators can be used once only."""
