"""Groups and nodes mean the same as in bluepysnap, but for the departures that the documentation lists."""

from __future__ import annotations

import json
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import bluepysnap
import numpy as np
import pandas as pd
import pytest
from bluepysnap.circuit_ids import CircuitNodeIds as UpstreamIds
from bluepysnap.circuit_ids_types import CircuitNodeId as UpstreamId
from bluepysnap.exceptions import BluepySnapError

from spikelib.circuit.circuit import Circuit
from spikelib.errors import SpikelibError
from spikelib.simulation.simulation import Simulation
from spikelib.sonata.nodes.node_ids import CircuitNodeId, CircuitNodeIds

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

POPULATIONS = [
    ("pd_microcircuit_nest/circuit_config.json", "cortex"),
    ("pd_microcircuit_nest/circuit_config.json", "thalamus"),
    ("brunel_campaign_nest/circuit/circuit_config.json", "exc"),
    ("brunel_campaign_nest/circuit/circuit_config.json", "inh"),
    ("bluecellulab_hippocampus/circuit_hipp_mooc_most_central_10_SP_PC/circuit_config.json", "hippocampus_neurons"),
    ("bluecellulab_quick_scx/sim_quick_scx_sonata_multicircuit/circuit_sonata.json", "NodeA"),
    ("bluecellulab_quick_scx/sim_quick_scx_sonata_multicircuit/circuit_sonata.json", "NodeB"),
]  # fmt: skip

PAIRS = [("cortex", 7), ("exc", 1), ("cortex", 3), ("NodeA", 2), ("NodeA", 2), ("hippocampus_neurons", 4)]

GROUPS: dict[str, Callable[[], Any]] = {
    "none": lambda: None,
    "empty query": dict,
    "empty and": lambda: {"$and": []},
    "and of empty": lambda: {"$and": [{}, {}]},
    "or of empty": lambda: {"$or": [{}, {}]},
    "empty or": lambda: {"$or": []},
    "int": lambda: 1,
    "numpy int": lambda: np.uint32(1),
    "int too large": lambda: 10**6,
    "negative": lambda: -1,
    "list": lambda: [1, 0, 1],
    "tuple": lambda: (1, 0, 1),
    "range": lambda: range(2),
    "list too large": lambda: [0, 10**6],
    "list negative": lambda: [0, -1],
    "array": lambda: np.array([1, 0, 1]),
    "unsigned array": lambda: np.array([1, 0, 1], dtype=np.uint64),
    "array too large": lambda: np.array([0, 10**6]),
    "set": lambda: {1, 0},
    "iterator": lambda: iter([1, 0, 1]),
    "series": lambda: pd.Series([1, 0, 1]),
    "empty list": list,
    "empty tuple": tuple,
    "empty array": lambda: np.array([]),
    "unknown node set": lambda: "no such set",
    "node id": lambda: {"node_id": 1},
    "node ids": lambda: {"node_id": [1, 0, 1]},
    "node ids too large": lambda: {"node_id": [1, 10**6]},
    "node id negative": lambda: {"node_id": [-1]},
    "no node ids": lambda: {"node_id": []},
    "edge id": lambda: {"edge_id": [1]},
    "population": lambda: {"population": "cortex"},
    "populations": lambda: {"population": ["cortex", "exc", "NodeA"]},
    "unknown population": lambda: {"population": "no such population"},
    "type": lambda: {"population_type": "point_neuron"},
    "types": lambda: {"population_type": ["point_neuron", "virtual"]},
    "unknown type": lambda: {"population_type": "no such type"},
    "text": lambda: {"synapse_class": "EXC"},
    "texts": lambda: {"synapse_class": ["EXC", "INH"]},
    "text set": lambda: {"mtype": {"L4_PC", "L5_TPC:A"}},
    "text iterator": lambda: {"mtype": map(str, ["L4_PC", "L5_TPC:A"])},
    "regex": lambda: {"mtype": {"$regex": "L4.*"}},
    "regex with choice": lambda: {"mtype": {"$regex": "L4_.*|L5_.*"}},
    "regex is anchored": lambda: {"mtype": {"$regex": "L4"}},
    "property none": lambda: {"mtype": None},
    "range of floats": lambda: {"x": (0, 100)},
    "range as list": lambda: {"x": [-50.5, 50.5]},
    "range beyond": lambda: {"x": (1e9, 2e9)},
    "float32 range": lambda: {"x": (np.float32(0), np.float32(100))},
    "dynamics": lambda: {"@dynamics:holding_current": (-1, 1.5)},
    "and": lambda: {"synapse_class": "EXC", "node_id": [0, 1, 2]},
    "dollar and": lambda: {"$and": [{"synapse_class": "EXC"}, {"node_id": [0, 1, 2]}]},
    "dollar or": lambda: {"$or": [{"synapse_class": "INH"}, {"node_id": [0, 1, 2]}]},
    "nested": lambda: {"$or": [{"$and": [{"layer": ["4", "LB"]}, {"x": (0, 500)}]}, {"node_id": 1}]},
    "node set": lambda: {"$node_set": "Excitatory"},
    "node set and": lambda: {"$node_set": "Layer4", "synapse_class": "EXC"},
    "node set in or": lambda: {"$or": [{"$node_set": "Mosaic_A"}, {"node_id": 1}]},
    "node set as list": lambda: {"$node_set": ["Excitatory"]},
    "unknown property": lambda: {"nope": 1},
    "unknown property in or": lambda: {"$or": [{"nope": 1}, {"node_id": 1}]},
    "mixed operators": lambda: {"mtype": {"$regex": "L4.*", "b": 1}},
}


@cache
def circuits(path: Path) -> tuple[Any, Circuit]:
    return bluepysnap.Circuit(str(path)), Circuit(path)


def outcome(action: Callable[[], Any], error: type[Exception]) -> tuple[str, Any]:
    """Return ids and their dtype, or that the library's own error was raised."""
    try:
        ids = action()
    except error:
        return "error", None
    return str(ids.dtype), ids.tolist()


@pytest.fixture(params=POPULATIONS, ids=lambda value: value[1])
def populations(request: pytest.FixtureRequest, real_data: Path) -> tuple[Any, Any]:
    path, name = request.param
    upstream, ours = circuits(real_data / path)
    return upstream.nodes[name], ours.nodes[name]


@pytest.mark.parametrize("strict", [True, False], ids=["strict", "lenient"])
@pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS.keys())
def test_group(populations: tuple[Any, Any], group: Callable[[], Any], strict: bool) -> None:
    theirs, ours = populations
    expected = outcome(lambda: theirs.ids(group(), raise_missing_property=strict), BluepySnapError)
    found = outcome(lambda: ours.ids(group(), raise_missing_property=strict), SpikelibError)
    assert found == expected


@pytest.mark.parametrize("sort", [True, False], ids=["sorted", "unsorted"])
@pytest.mark.parametrize("wanted", [PAIRS, PAIRS[:1], [("cortex", 10**6)], []], ids=["many", "one", "large", "none"])
def test_circuit_ids(populations: tuple[Any, Any], wanted: list[tuple[str, int]], sort: bool) -> None:
    theirs, ours = populations
    if wanted:
        upstream = UpstreamIds.from_tuples(wanted, sort_index=sort)
        expected = outcome(lambda: theirs.ids(upstream), BluepySnapError)
        assert outcome(lambda: ours.ids(CircuitNodeIds.from_tuples(wanted, sort)), SpikelibError) == expected
    expected = outcome(lambda: theirs.ids([UpstreamId(*pair) for pair in wanted]), BluepySnapError)
    assert outcome(lambda: ours.ids([CircuitNodeId(*pair) for pair in wanted]), SpikelibError) == expected


@pytest.mark.parametrize("strict", [True, False], ids=["strict", "lenient"])
def test_every_node_set(populations: tuple[Any, Any], strict: bool) -> None:
    theirs, ours = populations
    for name in theirs._circuit.node_sets:
        expected = outcome(partial(theirs.ids, name, raise_missing_property=strict), BluepySnapError)
        found = outcome(partial(ours.ids, name, raise_missing_property=strict), SpikelibError)
        assert found == expected, name


def test_properties(populations: tuple[Any, Any]) -> None:
    theirs, ours = populations
    assert (ours.name, ours.size, ours.type) == (theirs.name, theirs.size, theirs.type)
    assert ours.property_names == theirs.property_names
    assert ours.property_dtypes.index.tolist() == theirs.property_dtypes.index.tolist()
    assert ours.property_dtypes.map(kind).tolist() == theirs.property_dtypes.map(kind).tolist()
    for name in theirs.property_names:
        assert ours.property_values(name) == theirs.property_values(name)
        assert ours.property_values(name, is_present=True) == theirs.property_values(name, is_present=True)


@pytest.mark.parametrize("group", [None, 1, [1], [1, 0, 1], {"node_id": [0, 1]}], ids=str)
def test_get(populations: tuple[Any, Any], group: Any) -> None:
    theirs, ours = populations
    some = sorted(theirs.property_names)[:2]
    for properties in (None, some, some[:1], some[0]):
        expected, found = theirs.get(group, properties), ours.get(group, properties)
        assert type(found) is type(expected)
        if isinstance(expected, pd.DataFrame):
            pd.testing.assert_frame_equal(found, expected, check_dtype=False, check_categorical=False)
        elif isinstance(expected, pd.Series):
            pd.testing.assert_series_equal(found, expected, check_dtype=False, check_categorical=False)
        else:
            assert found == expected


def test_positions(populations: tuple[Any, Any]) -> None:
    theirs, ours = populations
    if "x" not in theirs.property_names:
        for nodes, error in ((theirs, BluepySnapError), (ours, SpikelibError)):
            with pytest.raises(error, match=r"Unknown node properties: \['x', 'y', 'z'\]"):
                nodes.positions([1, 0])
        return
    pd.testing.assert_frame_equal(ours.positions([1, 0]), theirs.positions([1, 0]))
    pd.testing.assert_series_equal(ours.positions(1), theirs.positions(1))


def test_reference_node_sets(real_data: Path) -> None:
    reference = json.loads((real_data / "reference_nodesets.json").read_text())
    for path, sets in reference.items():
        simulation = Simulation(real_data / path)
        for name, expected in sets.items():
            sizes = {
                population: len(simulation.node_sets.ids(name, nodes, raise_missing_property=False))
                for population, nodes in simulation.circuit.nodes.items()
            }
            assert {key: size for key, size in sizes.items() if size} == expected["n_nodes"], (path, name)


def kind(dtype: Any) -> str:
    """Return a dtype, or that it holds texts: pandas 3 has a dtype for them, bluepysnap gets objects."""
    return "text" if pd.api.types.is_object_dtype(dtype) or isinstance(dtype, pd.StringDtype) else str(dtype)
