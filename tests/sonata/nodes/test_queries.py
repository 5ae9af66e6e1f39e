from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from spikelib.errors import GroupError, UnknownPropertyError
from spikelib.sonata.nodes.groups import resolve
from spikelib.sonata.nodes.node_sets import NodeSets
from spikelib.sonata.nodes.queries import check_properties, properties_asked
from tests.sonata.nodes.table import example

SETS = NodeSets({"l4": {"layer": 4}, "lacking": {"nope": 1}})
ALL = [0, 1, 2, 3, 4, 5]


def ids(query: Any, strict: bool = True) -> list[int]:
    return [int(node) for node in resolve(query, example(), SETS, raise_missing_property=strict)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param({}, ALL, id="empty"),
        pytest.param({"$and": []}, ALL, id="and-of-nothing"),
        pytest.param({"$or": []}, [], id="or-of-nothing"),
        pytest.param({"$or": [{}, {"layer": 4}]}, ALL, id="or-with-all"),
        pytest.param({"mtype": "L4_PC"}, [0], id="text"),
        pytest.param({"mtype": None}, [], id="none"),
        pytest.param({"mtype": {"L4_PC", "L5_MC"}}, [0, 4], id="set"),
        pytest.param({"mtype": np.array(["L4_PC", "L5_MC"])}, [0, 4], id="array"),
        pytest.param({"mtype": {"$regex": "L4"}}, [], id="regex-matches-whole"),
        pytest.param({"mtype": {"$regex": "L4.*|L5_P."}}, [0, 1, 3], id="regex"),
        pytest.param({"mtype": {}}, ALL, id="no-operator"),
        pytest.param({"layer": 4}, [0, 3], id="integer"),
        pytest.param({"layer": np.int64(4)}, [0, 3], id="numpy-integer"),
        pytest.param({"layer": (4, 6)}, [0, 2, 3, 5], id="pair-of-integers-is-no-range"),
        pytest.param({"partly": 1}, [0, 3], id="integer-with-gaps"),
        pytest.param({"x": (1, 3)}, [1, 2, 3], id="range"),
        pytest.param({"x": [-np.inf, 1.5]}, [0, 1], id="open-range"),
        pytest.param({"x": [-1e300, 1.5]}, [0, 1], id="range-beyond-32-bits"),
        pytest.param({"@dynamics:tau": (4, 9)}, [4, 5], id="dynamics"),
        pytest.param({"layer": 4, "region": "b"}, [3], id="and"),
        pytest.param({"$and": [{"layer": 4}, {"region": "b"}]}, [3], id="dollar-and"),
        pytest.param({"$or": [{"layer": 4}, {"region": "b"}]}, [0, 1, 3, 5], id="or"),
        pytest.param({"$or": [{"$and": [{"layer": 4}, {"x": (0, 1)}]}, {"node_id": 5}]}, [0, 5], id="nested"),
        pytest.param({"layer": 4, "$or": [{"region": "b"}, {"node_id": 5}]}, [3], id="or-beside-key"),
        pytest.param({"node_id": 3}, [3], id="node-id"),
        pytest.param({"node_id": np.int32(3)}, [3], id="numpy-node-id"),
        pytest.param({"node_id": [4, 1, 99, -1, 4]}, [1, 4], id="node-ids-out-of-range"),
        pytest.param({"node_id": []}, [], id="no-node-id"),
        pytest.param({"edge_id": [1]}, [1], id="edge-id"),
        pytest.param({"population": "pop"}, ALL, id="population"),
        pytest.param({"population": ["pop", "b"], "layer": 4}, [0, 3], id="populations"),
        pytest.param({"population": "b"}, [], id="other-population"),
        pytest.param({"population": "b", "x": 1}, [], id="other-population-and-wrong-value"),
        pytest.param({"population_type": "biophysical"}, ALL, id="type"),
        pytest.param({"population_type": ["virtual"]}, [], id="other-type"),
        pytest.param({"$node_set": "l4"}, [0, 3], id="node-set"),
        pytest.param({"$node_set": "l4", "region": "b", "$and": [{"node_id": [3, 4]}]}, [3], id="node-set-and"),
        pytest.param({"$or": [{"$node_set": "l4"}, {"node_id": 5}]}, [0, 3, 5], id="node-set-in-or"),
    ],
)
def test_query(query: Any, expected: list[int]) -> None:
    before = repr(query)
    assert ids(query) == expected
    assert repr(query) == before


@pytest.mark.parametrize(
    "query",
    [{"nope": 1}, {"$or": [{"nope": 1}]}, {"layer": 4, "nope": 1}, {"$node_set": "lacking"}],
)
def test_property_that_the_population_lacks(query: Any) -> None:
    assert ids(query, strict=False) == []
    with pytest.raises(UnknownPropertyError, match="nope"):
        ids(query)


def test_lacking_property_spares_the_other_branch() -> None:
    assert ids({"$or": [{"nope": 1}, {"layer": 4}]}, strict=False) == [0, 3]


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize(
    ("query", "match"),
    [
        ({"x": 1}, r"'x' of 'pop' holds floats, for which a query needs a range \(low, high\), not 1"),
        ({"x": (1, 2, 3)}, "needs a range"),
        ({"x": None}, "needs a range"),
        ({"x": "12"}, "needs a range"),
        ({"mtype": 4}, r"'mtype' of 'pop' holds text values: it cannot be compared with 4; write the values in quotes"),
        ({"mtype": ["L4_PC", 4]}, "holds text values"),
        ({"mtype": True}, "holds text values"),
        ({"mtype": (1, 2)}, "holds text values"),
        ({"layer": "4"}, r"holds integer values: it cannot be compared with '4'; write the values without quotes"),
        ({"layer": [4, "5"]}, "holds integer values"),
        ({"x": (5, 1)}, r"in a range that ends before it begins: \(5, 1\)"),
        ({"x": (float("nan"), 1)}, "in a range that ends before it begins"),
        ({"x": (0, 10**400)}, "compared with a number that is too large"),
        ({"x": {"$regex": "1"}}, "needs a text, and a property that holds texts"),
        ({"layer": {"$regex": "4"}}, "needs a text, and a property that holds texts"),
        ({"mtype": {"$regex": 4}}, "needs a text"),
        ({"mtype": {"$regex": "("}}, r"wrong regular expression '\('"),
        ({"mtype": {"$gt": 4}}, r"asked for with \['\$gt'\], but a query knows only \$regex"),
        ({"mtype": {"$regex": "a", "b": 1}}, "operators cannot be mixed with plain values"),
        ({"$regex": "a"}, r"does not know the operator '\$regex'"),
        ({"$not": [{"layer": 4}]}, r"does not know the operator '\$not'; it knows \$and, \$or"),
        ({"$or": {"layer": 4}}, r"'\$or' of a query must be a list of queries"),
        ({"$and": ["layer"]}, r"'\$and' of a query must be a list of queries"),
        ({"node_id": "3"}, "'node_id' of a query must be a whole number or several, not '3'"),
        ({"node_id": [1.5]}, "must be a whole number or several"),
        ({"node_id": [True]}, "must be a whole number or several"),
        ({"$node_set": ["l4"]}, "a node set is named by a text, not by list"),
        ({"$node_set": "none"}, "Undefined node set: 'none'"),
    ],
)
def test_malformed(query: Any, match: str, strict: bool) -> None:
    with pytest.raises(GroupError, match=match):
        ids(query, strict)


def test_properties_asked() -> None:
    query = {"a": 1, "$or": [{"b": 2, "$and": [{"c": 3}]}, {"$node_set": "d"}], "population": "e", "node_id": 1}
    assert properties_asked(query) == {"a", "b", "c"}


def test_check_properties() -> None:
    check_properties({"a": 1}, {"a"})
    with pytest.raises(UnknownPropertyError, match=r"Unknown node properties: \['b'\]; the circuit has: a, c"):
        check_properties({"a": 1, "b": 1}, {"c", "a"})


def test_none_and_huge_numbers_equal_nothing() -> None:
    assert ids({"mtype": None}) == ids({"layer": None}) == ids({"layer": [10**30]}) == []
