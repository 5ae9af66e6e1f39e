from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from spikelib.errors import GroupError, MissingFileError, NodeSetsError, UnknownPropertyError
from spikelib.sonata.limits import Limits, set_limits
from spikelib.sonata.nodes.node_sets import NodeSets
from tests.sonata.builders import write_json
from tests.sonata.nodes.table import example

if TYPE_CHECKING:
    from pathlib import Path


def ids(value: Any, others: dict[str, Any] | None = None, strict: bool = True) -> list[int]:
    return [int(node) for node in NodeSets({"a": value} | (others or {})).ids("a", example(), strict)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param({"mtype": "L4_PC"}, [0], id="text-of-library"),
        pytest.param({"region": "b"}, [1, 3, 5], id="plain-text"),
        pytest.param({"layer": 4}, [0, 3], id="integer"),
        pytest.param({"partly": [2, 9]}, [2, 5], id="integer-with-gaps"),
        pytest.param({"mtype": ["L4_PC", "L5_MC"]}, [0, 4], id="list"),
        pytest.param({"mtype": ["L4_PC", ["L5_MC"]]}, [0, 4], id="nested-list"),
        pytest.param({"mtype": "L4_PC", "region": "b"}, [], id="and"),
        pytest.param({"mtype": []}, [], id="empty-list"),
        pytest.param({"node_id": 3}, [3], id="node-id"),
        pytest.param({"node_id": [4, 1, 4, 99]}, [1, 4], id="node-ids"),
        pytest.param({"node_id": [[4], [1]]}, [1, 4], id="nested-node-ids"),
        pytest.param({"gids": [4, 1]}, [1, 4], id="gids"),
        pytest.param({"gids": [4, 1], "node_id": [1, 2]}, [1], id="gids-and-node-id"),
        pytest.param({"node_id": []}, [], id="no-node-id"),
        pytest.param({"population": "pop"}, [0, 1, 2, 3, 4, 5], id="population"),
        pytest.param({"population": ["other", "pop"], "layer": 5}, [1, 4], id="populations"),
        pytest.param({"population": "other"}, [], id="other-population"),
        pytest.param({"population": "other", "layer": "text"}, [], id="other-population-other-kind"),
        pytest.param({"mtype": {"$regex": "4"}}, [0, 3], id="regex-searches"),
        pytest.param({"mtype": {"$regex": "^L4_PC$"}}, [0], id="regex-anchored"),
        pytest.param({"layer": {"$gt": 4}}, [1, 2, 4, 5], id="gt"),
        pytest.param({"layer": {"$gte": 5.5}}, [2, 5], id="gte"),
        pytest.param({"x": {"$lt": 1}}, [0], id="lt"),
        pytest.param({"x": {"$lte": 1}}, [0, 1], id="lte"),
        pytest.param([], [], id="no-member"),
    ],
)
def test_rules(value: Any, expected: list[int]) -> None:
    assert ids(value) == expected


def test_compound() -> None:
    more = {"l4": {"layer": 4}, "l5": {"layer": 5}, "both": ["l4", "l5"]}
    assert ids(["both", "l4"], more) == [0, 1, 3, 4]
    assert ids([["l4"], "l5"], more) == [0, 1, 3, 4]


def test_union_over_a_member_that_lacks_a_property() -> None:
    members = {"no": {"nope": 1}, "l4": {"layer": 4}}
    assert ids(["no", "l4"], members, strict=False) == [0, 3]
    with pytest.raises(UnknownPropertyError, match="node set 'no': population 'pop' has no property nope"):
        ids(["no", "l4"], members)


@pytest.mark.parametrize("name", ["nope", "@dynamics:tau"])
def test_property_that_the_population_lacks(name: str) -> None:
    assert ids({name: 1}, strict=False) == []
    with pytest.raises(UnknownPropertyError, match=f"population 'pop' has no property {name}"):
        ids({name: 1})


@pytest.mark.parametrize(
    ("value", "match"),
    [
        (None, "must be an object of rules or a list of names, not null"),
        (3, "or a list of names, not 3"),
        ("b", 'or a list of names, not "b"'),
        (["b"], "names 'b', which is not a node set"),
        ([3], "must list names of node sets, not 3"),
        (["a"], "contains itself: a -> a"),
        ({"population": 1}, "'population' must be a name or a list of names, not 1"),
        ({"population": ["pop", 1]}, r'not \["pop", 1\]'),
        ({"node_id": -1}, "'node_id' must be a whole number from 0 on"),
        ({"node_id": 1.5}, "not 1.5"),
        ({"node_id": "1"}, 'not "1"'),
        ({"node_id": True}, "not true"),
        ({"layer": True}, "'layer' must be compared with texts or with whole numbers, not true"),
        ({"layer": None}, "not null"),
        ({"layer": ["4", 5]}, "must be compared with texts or with whole numbers"),
        ({"x": 1.5}, r"'x' is compared exactly with 1.5; use \$gte and \$lte"),
        ({"x": 1}, "'x' of population 'pop' holds float values: it cannot be compared with 1; use \\$gte"),
        ({"x": "1"}, "holds float values: it cannot equal the text"),
        ({"layer": "4"}, r"holds integer values: .*; write the values without quotes"),
        ({"mtype": 4}, r"holds text values: .*; write the values in quotes"),
        ({"layer": {"$regex": "4"}}, "holds integer values: \\$regex needs texts"),
        ({"mtype": {"$gt": 4}}, "holds texts, and \\$gt compares numbers"),
        ({"x": {"$gt": 0, "$lt": 5}}, "'x' must have one operator, not 2"),
        ({"x": {}}, "'x' must have one operator, not 0"),
        ({"x": {"$in": [1]}}, "unknown operator"),
        ({"x": {"$gt": "0"}}, "unknown operator .*; known are \\$regex with a text"),
        ({"mtype": {"$regex": "("}}, "'mtype' has a wrong regular expression '\\('"),
        ({"$or": [{"layer": 4}]}, "there is no \\$and and no \\$or"),
    ],
)
def test_wrong_set_is_an_error_when_used(value: Any, match: str) -> None:
    sets = NodeSets({"a": value, "good": {"layer": 4}}, "sets.json")
    assert sets.ids("good", example()).tolist() == [0, 3]
    with pytest.raises(NodeSetsError, match=rf"sets\.json: node set 'a'.*{match}"):
        sets.ids("a", example())


def test_circle_of_two() -> None:
    with pytest.raises(NodeSetsError, match="contains itself: a -> b -> a"):
        ids(["b"], {"b": ["a"]})


def test_undefined() -> None:
    with pytest.raises(GroupError, match=r"Undefined node set: 'b'; defined are: a$"):
        NodeSets({"a": {"layer": 4}}).ids("b", example())
    with pytest.raises(GroupError, match=r"the population is asked for as \{'population': 'pop'\}"):
        NodeSets().ids("pop", example())
    with pytest.raises(GroupError, match="Undefined node set: 'b'"):
        NodeSets()["b"]


def test_empty_set_is_ignored_and_noted() -> None:
    sets = NodeSets({"a": {}, "b": ["a"]}, "sets.json")
    assert list(sets) == ["b"]
    assert sets.notes == ("sets.json: the node set 'a' is empty and ignored",)
    with pytest.raises(NodeSetsError, match="names 'a', which is not a node set"):
        sets.ids("b", example())


def test_update_redefines_members() -> None:
    sets = NodeSets({"all": ["l"], "l": {"layer": 4}})
    assert sets.update(NodeSets({"l": {"layer": 5}, "more": ["all"]})) == {"l"}
    assert sets.ids("more", example()).tolist() == [1, 4]
    assert sorted(sets) == ["all", "l", "more"]


def test_content_is_a_copy() -> None:
    sets = NodeSets.from_dict({"a": {"node_id": [1]}})
    sets.content["a"]["node_id"].append(2)
    assert sets["a"].get_ids(example()).tolist() == [1]
    assert ("a" in sets, "b" in sets, len(sets), repr(sets)) == (True, False, 1, "NodeSets(['a'])")


def test_file(tmp_path: Path) -> None:
    path = tmp_path / "sets.json"
    path.write_text('{"a": {"layer": 4}, "a": {"layer": 5}, "mc0;Rt": {"node_id": 1}}')
    sets = NodeSets.from_file(path)
    assert sets.ids("a", example()).tolist() == [1, 4]
    assert sets.ids("mc0;Rt", example()).tolist() == [1]
    assert sets.notes == (f"{path}: 'a' is given twice; the last one counts",)


def test_broken_files(tmp_path: Path) -> None:
    with pytest.raises(NodeSetsError, match=r"sets\.json: node sets must be an object .* at the top, not list"):
        NodeSets.from_file(write_json(tmp_path / "sets.json", []))
    with pytest.raises(NodeSetsError, match="line 1, column 2"):
        NodeSets.from_string("{")
    with pytest.raises(MissingFileError, match="there is no such node-set file"):
        NodeSets.from_file(tmp_path / "none.json")


def test_from_string() -> None:
    assert NodeSets.from_string(json.dumps({"a": {"layer": 4}})).ids("a", example()).tolist() == [0, 3]


# --- node sets that explode ---


def test_sets_of_sets_are_each_resolved_once() -> None:
    content = {f"s{k}": [f"s{k - 1}"] * 10 for k in range(1, 30)} | {"s0": {"node_id": [1]}}
    assert NodeSets(content).ids("s29", example()).tolist() == [1]


def test_sets_that_hold_too_many_ids_together() -> None:
    content: dict[str, Any] = {"s0": {"node_id": [0, 1, 2]}} | {f"s{k}": [f"s{k - 1}"] for k in range(1, 50)}
    with set_limits(Limits(node_set_ids=100)):
        assert NodeSets(content).ids("s30", example()).tolist() == [0, 1, 2]
        with pytest.raises(
            NodeSetsError, match=r"node set 's49' is made of sets that hold 102 ids together \(the limit"
        ):
            NodeSets(content).ids("s49", example())


def test_chain_of_a_thousand_sets() -> None:
    content = {f"s{k}": [f"s{k - 1}"] for k in range(1, 3000)} | {"s0": {"node_id": [1]}}
    assert NodeSets(content).ids("s2999", example()).tolist() == [1]


def test_circle_through_a_long_chain_is_found() -> None:
    content = {f"s{k}": [f"s{k - 1}", "a"] for k in range(1, 50)} | {"s0": ["s49"], "a": {"node_id": [1]}}
    with pytest.raises(NodeSetsError, match="node set 's49' contains itself: s49 -> s48"):
        NodeSets(content).ids("s49", example())


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"layer": {"$gt": 10**400}}, "compared with a number of 401 digits, which is too large"),
        ({"layer": {"$regex": "a{99999999999}"}}, "has a wrong regular expression"),
    ],
)
def test_rules_beyond_all_measure(rule: dict[str, Any], says: str) -> None:
    with pytest.raises(NodeSetsError, match=says):
        NodeSets({"a": rule}).ids("a", example())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            '{"a":' + "[" * 10**6 + "]" * 10**6 + "}",
            "node sets: lists and objects lie too deep in each other .the limit",
        ),
        ('{"a":{"node_id":' + "9" * 10**6 + "}}", "node sets: this text holds a number of 1000000 digits .the limit"),
    ],
    ids=["depth", "digits"],
)
def test_text_that_is_too_much(text: str, says: str) -> None:
    with pytest.raises(NodeSetsError, match=says):
        NodeSets.from_string(text)


def test_mapping_that_is_too_deep() -> None:
    deep: Any = "x"
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(NodeSetsError, match=r"lie too deep in each other \(the limit json_depth is 100"):
        NodeSets.from_dict({"a": deep})


@pytest.mark.parametrize("wrong", [-1, 2**63, True, 0.5, "x"])
def test_ids_that_are_none(wrong: Any) -> None:
    for listed in ([0, wrong], [[0], [wrong]]):
        with pytest.raises(NodeSetsError, match="'node_id' must be a whole number from 0 on, or a list of such"):
            ids({"node_id": listed})
