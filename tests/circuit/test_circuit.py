from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pytest

from spikelib.circuit.circuit import Circuit
from spikelib.errors import (
    ConfigError,
    GroupError,
    MissingFileError,
    NodesError,
    UnknownPopulationError,
    UnknownPropertyError,
)
from spikelib.sonata.nodes.node_ids import CircuitNodeId, CircuitNodeIds
from tests.sonata.builders import write_json, write_nodes

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, *entries: dict[str, Any], **content: Any) -> Circuit:
    return Circuit(write_json(folder / "circuit.json", {"networks": {"nodes": list(entries)}} | content))


@pytest.fixture
def circuit(tmp_path: Path) -> Circuit:
    write_nodes(tmp_path / "ab.h5", "b", {"0": {"layer": [4, 5]}}, node_type_id=[1, 1])
    write_nodes(tmp_path / "ab.h5", "a", {"0": {"x": [0.5, 1.5, 2.5]}}, node_type_id=[1, 1, 1])
    write_nodes(tmp_path / "c.h5", "c", node_type_id=[7])
    (tmp_path / "types.csv").write_text("node_type_id model_type\n7 virtual\n")
    write_json(tmp_path / "sets.json", {"four": {"layer": 4}})
    return write(
        tmp_path,
        {"nodes_file": "ab.h5", "populations": {"a": {"type": "point_neuron"}, "b": {}}},
        {"nodes_file": "c.h5", "node_types_file": "types.csv"},
        node_sets_file="sets.json",
    )


def test_populations(circuit: Circuit) -> None:
    nodes = circuit.nodes
    assert list(nodes) == nodes.population_names == ["a", "b", "c"]
    assert {name: population.type for name, population in nodes.items()} == {
        "a": "point_neuron",
        "b": "biophysical",
        "c": "virtual",
    }
    assert (nodes.size, len(nodes), "a" in nodes) == (6, 3, True)
    assert nodes.property_names == {"layer", "x", "model_type"}
    assert nodes["a"] is nodes["a"]
    assert repr(nodes) == "CircuitNodes(['a', 'b', 'c'])"


def test_populations_that_are_not_listed_are_hidden(tmp_path: Path) -> None:
    write_nodes(tmp_path / "n.h5", "a", node_type_id=[1])
    write_nodes(tmp_path / "n.h5", "b", node_type_id=[1])
    assert list(write(tmp_path, {"nodes_file": "n.h5", "populations": {"b": {}}}).nodes) == ["b"]


def test_ids_of_the_whole_circuit(circuit: Circuit) -> None:
    assert circuit.nodes.ids("four").tolist() == [("b", 0)]
    assert circuit.nodes.ids({"x": (1, 9)}).tolist() == [("a", 1), ("a", 2)]
    assert circuit.nodes.ids(0).tolist() == [("a", 0), ("b", 0), ("c", 0)]
    assert circuit.nodes.ids(iter([0])).tolist() == [("a", 0), ("b", 0), ("c", 0)]
    assert circuit.nodes.ids(CircuitNodeId("b", 1)).tolist() == [("b", 1)]
    assert len(circuit.nodes.ids()) == 6
    with pytest.raises(GroupError, match="must be >= 0 and < 1 for population 'c'"):
        circuit.nodes.ids(1)
    with pytest.raises(UnknownPropertyError, match=r"\['nope'\]; the circuit has: layer, model_type, x"):
        circuit.nodes.ids({"nope": 1})
    with pytest.raises(UnknownPopulationError, match="has no node population 'd'"):
        circuit.nodes.ids(CircuitNodeIds.from_dict({"d": [0]}))


def test_unknown_population(circuit: Circuit) -> None:
    with pytest.raises(UnknownPopulationError, match=r"circuit\.json.* has no node population 'd'; .* are: a, b, c$"):
        circuit.nodes["d"]


@pytest.mark.parametrize("populations", [None, {"a": {}}])
def test_missing_nodes_file_is_told_on_access(tmp_path: Path, populations: Any) -> None:
    circuit = write(tmp_path, {"nodes_file": "none.h5", "populations": populations})
    assert list(circuit.nodes) == []
    with pytest.raises(UnknownPopulationError, match=r"populations are: none; .*none\.h5: there is no such nodes"):
        circuit.nodes["a"]


def test_population_that_the_file_lacks(tmp_path: Path) -> None:
    write_nodes(tmp_path / "n.h5", "a", node_type_id=[1])
    circuit = write(tmp_path, {"nodes_file": "n.h5", "populations": {"a": {}, "b": {}}})
    assert list(circuit.nodes) == ["a"]
    with pytest.raises(UnknownPopulationError, match=r"n\.h5 holds only a"):
        circuit.nodes["b"]


def test_errors(tmp_path: Path) -> None:
    write_nodes(tmp_path / "n.h5", "a", node_type_id=[1])
    (tmp_path / "text.h5").write_text("no")
    with pytest.raises(ConfigError, match="two nodes files hold a population 'a'"):
        assert write(tmp_path, {"nodes_file": "n.h5"}, {"nodes_file": "n.h5"}).nodes
    with pytest.raises(NodesError, match="it is not an HDF5 file; copy it again"):
        assert write(tmp_path, {"nodes_file": "text.h5"}).nodes
    with pytest.raises(MissingFileError, match="there is no such circuit config"):
        Circuit(tmp_path / "none.json")


def test_pickle(circuit: Circuit) -> None:
    again = pickle.loads(pickle.dumps(circuit))
    assert again.nodes["b"].ids("four").tolist() == [0]
    assert repr(again) == repr(circuit)
