"""The other evaluation of groups, on cases that can be counted by hand in `tests.fuzz.circuits`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fuzz.expected_groups import UnknownMeaningError, of_query, of_set

SETS: dict[str, Any] = {
    "l4": {"layer": {"$regex": "^L4$"}},
    "far": {"x": {"$gte": 90}},
    "few": {"node_id": [0, 50], "population": "cortex"},
    "all of them": ["l4", ["far"], "few"],
    "both": ["l4", "few"],
    "itself": ["itself"],
}


@pytest.mark.parametrize(
    ("query", "nodes"),
    [
        ({"layer": "L4"}, {3, 4, 5}),
        ({"layer": ["L4", "L5"], "kind": "IN"}, {3, 5, 7}),
        ({"count": 5}, {0, 1}),
        ({"x": [10, 20]}, {1, 2}),
        ({"y": [-1.0, 0.5]}, {0, 1}),
        ({"$or": [{"layer": "L1"}, {"$and": [{"layer": "L4"}, {"kind": "PC"}]}]}, {0, 4}),
        ({"node_id": [3, 99]}, {3}),
        ({"population": "other"}, set()),
    ],
)
def test_queries(query: Any, nodes: set[int]) -> None:
    assert of_query(query) == nodes


@pytest.mark.parametrize("query", [{}, {"layer": 4}, {"count": True}, {"x": 1.0}, {"$or": []}, {"nothing": 1}, "l4"])
def test_queries_that_it_leaves_alone(query: Any) -> None:
    with pytest.raises(UnknownMeaningError):
        of_query(query)


def test_sets() -> None:
    assert [of_set(name, SETS) for name in ("l4", "far", "few", "both")] == [{3, 4, 5}, {9, 10, 11}, {0}, {0, 3, 4, 5}]


@pytest.mark.parametrize("name", ["all of them", "itself", "none", 5])
def test_sets_that_it_leaves_alone(name: Any) -> None:
    with pytest.raises(UnknownMeaningError):
        of_set(name, SETS)
