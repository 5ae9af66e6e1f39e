"""The rules of node sets, with the answers that libsonata gives (SONATA's node-set file)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikelib.errors import NodeSetsError, UnknownPropertyError
from spikelib.sonata.nodes.column import Column
from spikelib.sonata.nodes.node_set_rules import check_rules, select
from tests.sonata.nodes.table import Table, example, texts

OPERATORS = {
    "$gt": lambda values, limit: values > limit,
    "$lt": lambda values, limit: values < limit,
    "$gte": lambda values, limit: values >= limit,
    "$lte": lambda values, limit: values <= limit,
}


def ids(rules: dict[str, Any], nodes: Table | None = None, *, strict: bool = True) -> list[int] | None:
    check_rules(rules, "set 's'")
    found = select(rules, nodes or example(), "set 's'", strict)
    return None if found is None else found.tolist()


def test_a_population_alone_is_all_of_its_nodes_and_no_list() -> None:
    assert ids({"population": "pop"}) is None
    assert ids({"population": "another"}) == []


def test_ids_that_do_not_exist_are_ignored_and_repeated_ones_count_once() -> None:
    assert ids({"node_id": [5, 0, 5, 6, 2**40]}) == [0, 5]


def test_regular_expressions_search_anywhere() -> None:
    assert ids({"mtype": {"$regex": "6"}}) == [2]
    assert ids({"mtype": {"$regex": "^6"}}) == []
    assert ids({"region": {"$regex": "a|b"}}) == [0, 1, 2, 3, 4, 5]


@given(
    values=st.lists(st.one_of(st.integers(-5, 5).map(float), st.just(np.nan)), min_size=1, max_size=12),
    sign=st.sampled_from(sorted(OPERATORS)),
    limit=st.integers(-6, 6),
)
def test_comparisons_equal_numpy_and_missing_values_match_none(values: list[float], sign: str, limit: int) -> None:
    nodes = Table({"x": Column("float", np.array(values))}, size=len(values))
    assert ids({"x": {sign: limit}}, nodes) == np.flatnonzero(OPERATORS[sign](np.array(values), limit)).tolist()


@given(st.lists(st.integers(0, 4), min_size=1, max_size=10), st.lists(st.integers(0, 5), max_size=4))
def test_a_list_is_any_of_its_values_and_several_rules_are_all_of_them(layers: list[int], wanted: list[int]) -> None:
    nodes = Table({"layer": Column("integer", np.array(layers))}, size=len(layers))
    assert ids({"layer": wanted}, nodes) == [node for node, layer in enumerate(layers) if layer in wanted]
    both = {"layer": wanted, "node_id": list(range(0, len(layers), 2))}
    assert ids(both, nodes) == [node for node, layer in enumerate(layers) if layer in wanted and node % 2 == 0]


def test_a_property_called_gids_is_a_property() -> None:
    nodes = Table({"gids": Column("integer", np.array([7, 8, 7]))}, size=3)
    assert ids({"gids": 7}, nodes) == [0, 2]
    assert ids({"gids": 1}, Table({}, size=3)) == [1], "else it is the old word for node_id"


@pytest.mark.parametrize("name", ["missing", "@dynamics:tau"])
def test_properties_that_there_are_not(name: str) -> None:
    assert ids({name: {"$gt": 0}}, strict=False) == []
    with pytest.raises(UnknownPropertyError, match=f"set 's': population 'pop' has no property {name}"):
        ids({name: {"$gt": 0}})


@pytest.mark.parametrize(
    ("rules", "match"),
    [
        ({"layer": "4"}, "'layer' of population 'pop' holds integer values: .* write the values without quotes"),
        ({"mtype": 4}, "holds text values: it cannot be compared with 4; write the values in quotes"),
        ({"x": 1}, r"holds float values: it cannot be compared with 1; use \$gte and \$lte in two sets"),
        ({"layer": {"$regex": "4"}}, r"holds integer values: \$regex needs texts"),
        ({"mtype": {"$gt": 1}}, r"holds texts, and \$gt compares numbers"),
        ({"layer": 4.5}, r"'layer' is compared exactly with 4\.5; use \$gte and \$lte for such numbers"),
        ({"layer": True}, "must be compared with texts or with whole numbers, not true"),
        ({"layer": [4, "L4"]}, r"must be compared with texts or with whole numbers, not \[4, \"L4\"\]"),
        ({"layer": {"$gt": 1, "$lt": 3}}, "'layer' must have one operator, not 2"),
        ({"layer": {"$gt": "4"}}, "'layer' has an unknown operator"),
        ({"layer": {"$gt": True}}, "'layer' has an unknown operator"),
        ({"mtype": {"$regex": "("}}, r"'mtype' has a wrong regular expression '\('"),
        ({"node_id": -1}, "'node_id' must be a whole number from 0 on, or a list of such, not -1"),
        ({"node_id": [1, True]}, "'node_id' must be a whole number from 0 on"),
        ({"population": 3}, "'population' must be a name or a list of names, not 3"),
        ({"$or": []}, r"the operator \$or must be inside a property; there is no \$and and no \$or"),
    ],
)
def test_wrong_rules_are_refused(rules: dict[str, Any], match: str) -> None:
    with pytest.raises(NodeSetsError, match=match):
        ids(rules)


def test_long_values_are_shortened_in_messages() -> None:
    with pytest.raises(NodeSetsError, match=r"not \[\"a+ \.\.\.$"):
        ids({"layer": ["a" * 200, 1]}, Table({"layer": texts("a")}, size=1))
