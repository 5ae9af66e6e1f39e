"""Every form of a group, right and wrong, made for any population."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Facts:
    """What the groups of a grid are made of."""

    population: str
    n_ids: int
    """Ids below this exist in every population."""
    node_sets: tuple[str, ...]
    columns: dict[str, tuple[str, list[Any]]]
    """Kind ("text", "integer", "float") to the name of a property and all of its values."""


def groups(facts: Facts, ids: Any) -> dict[str, Any]:
    """Make every form of a group that both libraries take; `ids` is the module of CircuitNodeId of one of them."""
    last = facts.n_ids - 1
    some = [last, 0, last]
    name = facts.population
    found = {
        "None": None,
        "id": last,
        "numpy-id": np.int64(last),
        "list": [last, 0],
        "list-with-repeats": some,
        "tuple": (0, last),
        "range": range(last),
        "array": np.array([last, 0]),
        "array-with-repeats": np.array(some),
        "unsigned-array": np.array([0, last], np.uint32),
        "set": {0, last},
        "iterator": iter(some),
        "generator": (node for node in some),
        "empty-list": [],
        "empty-tuple": (),
        "empty-array": np.array([]),
        "CircuitNodeId": ids.CircuitNodeId(name, last),
        "CircuitNodeId-elsewhere": ids.CircuitNodeId("elsewhere", 0),
        "list-of-CircuitNodeId": [ids.CircuitNodeId(name, last), ids.CircuitNodeId("elsewhere", 0)],
        "CircuitNodeIds": ids.CircuitNodeIds.from_arrays([name, "elsewhere", name], [last, 0, 0]),
        "CircuitNodeIds-in-given-order": ids.CircuitNodeIds.from_arrays([name] * 3, some, sort_index=False),
        "CircuitNodeIds-elsewhere": ids.CircuitNodeIds.from_arrays(["elsewhere"], [0]),
    }
    found |= {str(query).replace(" ", ""): query for query in queries(facts)}
    return found | {f"node-set-{name}": name for name in facts.node_sets}


def queries(facts: Facts) -> list[dict[str, Any]]:
    last = facts.n_ids - 1
    node_sets = [{"$node_set": facts.node_sets[0], "node_id": [0, 1, last]}] if facts.node_sets else []
    node_sets += [{"$or": [{"$node_set": name}, {"node_id": 0}]} for name in facts.node_sets[-1:]]
    return [
        {},
        {"$and": []},
        {"$or": []},
        {"$and": [{}, {}]},
        {"$or": [{}, {}]},
        {"node_id": last},
        {"node_id": [last, 0, 0, 10**6, -1]},
        {"node_id": -1},
        {"population": facts.population},
        {"population": [facts.population, "elsewhere"]},
        {"population": "elsewhere"},
        {"population_type": "biophysical"},
        {"population_type": ["virtual", "point_neuron", "biophysical"]},
        {"population": facts.population, "node_id": [0, last]},
        {"$and": [{"node_id": [0, last]}, {"$or": [{"node_id": last}, {"population": "elsewhere"}]}]},
        *node_sets,
        *text_queries(facts),
        *number_queries(facts),
    ]


def text_queries(facts: Facts) -> list[dict[str, Any]]:
    if "text" not in facts.columns:
        return []
    key, values = facts.columns["text"]
    first, *_, last = sorted(set(values)) * 2
    return [
        {key: first},
        {key: [last, first]},
        {key: (last, "no such value")},
        {key: {last}},
        {key: "no such value"},
        {key: None},
        {key: []},
        {key: {"$regex": f"{first[0]}.*"}},
        {key: {"$regex": first[:1]}},
        {key: first, "node_id": [0, 1]},
        {"$or": [{key: first}, {"node_id": 0}]},
        {"$and": [{key: [first, last]}, {"node_id": [0, facts.n_ids - 1]}]},
    ]


def number_queries(facts: Facts) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if "integer" in facts.columns:
        key, values = facts.columns["integer"]
        found += [
            {key: min(values)},
            {key: [min(values), max(values)]},
            {key: (min(values), max(values))},
            {key: 10**6},
        ]
    if "float" in facts.columns:
        key, values = facts.columns["float"]
        found += [{key: (min(values), max(values))}, {key: (min(values), float(np.median(values)))}]
        found += [{key: [max(values), max(values)]}, {key: (max(values) + 1, max(values) + 2)}]
    return found


def wrong_groups(facts: Facts, ids: Any) -> dict[str, Any]:
    """Make groups for which both libraries raise, bluepysnap now and then a TypeError."""
    plain, named = (facts.population, 0), ids.CircuitNodeId(facts.population, 0)
    texts, integers, floats = (facts.columns[kind][0] for kind in ("text", "integer", "float"))
    return {
        "id-too-large": 10**6,
        "negative-id": -1,
        "list-too-large": [0, 10**6],
        "array-negative": np.array([0, -1]),
        "CircuitNodeId-too-large": ids.CircuitNodeId(facts.population, 10**6),
        "list-of-texts": ["a"],
        "list-of-tuples": [plain],
        "CircuitNodeId-then-tuple": [named, plain],
        "unknown-node-set": "no such set",
        "population-is-no-node-set": facts.population,
        "$node_set-unknown": {"$node_set": "no such set"},
        "$node_set-list": {"$node_set": list(facts.node_sets)},
        "$regex-on-top": {"$regex": "a"},
        "$gt": {texts: {"$gt": 1}},
        "$regex-with-value": {texts: {"$regex": "a", "b": 1}},
        "node_id-text": {"node_id": "a"},
        "float-equals": {floats: 1.0},
        "float-three-values": {floats: (0.0, 1.0, 2.0)},
        "$regex-of-integer": {integers: {"$regex": "1"}},
    }
