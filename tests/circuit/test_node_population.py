from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import h5py
import numpy as np
import pandas as pd
import pytest

from spikelib.circuit.node_population import NodePopulation
from spikelib.errors import GroupError, NodesError
from spikelib.sonata.nodes.node_ids import CircuitNodeId
from spikelib.sonata.nodes.node_sets import NodeSets
from spikelib.sonata.nodes.node_store import NodeStore
from tests.sonata.builders import write_nodes

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def nodes(tmp_path: Path) -> NodePopulation:
    columns = {
        "mtype": [0, 1, 1, 0, 0],
        "rare": [0, 1, 2, 0, 0],
        "layer": [4, 5, 6, 4, 5],
        "x": np.arange(5, dtype=np.float32),
        "y": np.zeros(5),
        "z": np.ones(5),
        "@dynamics:tau": np.arange(5.0),
    }
    libraries = {"0": {"mtype": ["A", "B"], "rare": ["k", "l", "m"]}}
    path = write_nodes(tmp_path / "nodes.h5", "pop", {"0": columns}, libraries, node_type_id=[-1] * 5)
    sets = NodeSets({"fours": {"layer": 4}})
    return NodePopulation(NodeStore(path, "pop", population_type="virtual"), sets)


def test_description(nodes: NodePopulation) -> None:
    assert (nodes.name, nodes.size, nodes.type, nodes.count("fours")) == ("pop", 5, "virtual", 2)
    assert nodes.property_names == {"mtype", "rare", "layer", "x", "y", "z", "@dynamics:tau"}
    assert repr(nodes) == "NodePopulation('pop', size=5, type='virtual')"


def test_get_all(nodes: NodePopulation) -> None:
    frame = nodes.get()
    assert frame.columns.tolist() == ["layer", "mtype", "rare", "x", "y", "z", "@dynamics:tau"]
    assert frame.index.tolist() == [0, 1, 2, 3, 4]
    assert frame.index.name == "node_ids"
    assert isinstance(frame["mtype"].dtype, pd.CategoricalDtype)
    assert frame["rare"].tolist() == ["k", "l", "m", "k", "k"]
    assert frame["x"].dtype == np.float32


def test_get_forms(nodes: NodePopulation) -> None:
    assert nodes.get(2, "mtype") == "B"
    assert nodes.get(CircuitNodeId("pop", 2), ["mtype", "x"]).to_dict() == {"mtype": "B", "x": 2.0}
    assert nodes.get([2, 0, 2], "layer").to_dict() == {2: 6, 0: 4}
    assert nodes.get("fours", "x").index.tolist() == [0, 3]
    assert nodes.get({"layer": 6}, ["x"]).shape == (1, 1)
    assert nodes.get([], "x").empty
    assert nodes.get({"nope": 1}, "x", raise_missing_property=False).empty


def test_positions(nodes: NodePopulation) -> None:
    assert nodes.positions([3]).to_numpy().tolist() == [[3.0, 0.0, 1.0]]
    assert nodes.positions(3).to_dict() == {"x": 3.0, "y": 0.0, "z": 1.0}
    assert set(nodes.positions().dtypes) == {np.dtype(np.float64)}


def test_positions_of_texts_are_refused(tmp_path: Path) -> None:
    columns = {"x": [0.0, 1.0], "y": [0.0, 1.0], "z": [0, 1]}
    path = write_nodes(tmp_path / "n.h5", "pop", {"0": columns}, {"0": {"z": ["a", "b"]}}, node_type_id=[-1] * 2)
    with pytest.raises(NodesError, match="population 'pop': z must hold numbers to be positions, not texts"):
        NodePopulation(NodeStore(path, "pop")).positions()


def test_flat_populations_have_two_coordinates(tmp_path: Path) -> None:
    path = write_nodes(tmp_path / "n.h5", "pop", {"0": {"layer": [4, 5]}}, node_type_id=[-1] * 2)
    with h5py.File(path, "a") as file:
        file["nodes/pop/0/positions"] = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert NodePopulation(NodeStore(path, "pop")).positions().to_dict("list") == {"x": [1.0, 3.0], "y": [2.0, 4.0]}


def test_property_values(nodes: NodePopulation, tmp_path: Path) -> None:
    path = write_nodes(
        tmp_path / "unused.h5", "pop", {"0": {"m": [0] * 5}}, {"0": {"m": ["a", "b"]}}, node_type_id=[1] * 5
    )
    other = NodePopulation(NodeStore(path, "pop"))
    assert nodes.property_values("layer") == {4, 5, 6}
    assert other.property_values("m") == {"a", "b"}
    assert other.property_values("m", is_present=True) == {"a"}
    assert other.type == "biophysical"


def test_values_need_no_pandas(nodes: NodePopulation) -> None:
    assert nodes.values("mtype").tolist() == ["A", "B", "B", "A", "A"]
    assert nodes.column("layer").kind == "integer"


def test_limit_and_sample(nodes: NodePopulation) -> None:
    assert nodes.ids([4, 2, 0], limit=2).tolist() == [4, 2]
    assert nodes.ids(sample=99).tolist() == [0, 1, 2, 3, 4]
    drawn = nodes.ids(sample=3, seed=7)
    assert drawn.tolist() == sorted(set(drawn)) == nodes.ids(sample=3, seed=7).tolist()


def test_pickle(nodes: NodePopulation) -> None:
    again = pickle.loads(pickle.dumps(nodes))
    assert again.ids("fours").tolist() == [0, 3]


def test_errors(nodes: NodePopulation) -> None:
    with pytest.raises(GroupError, match=r"Unknown node properties: \['nope'\] of population 'pop'; it has: @dyn"):
        nodes.get(properties=["x", "nope"])
    with pytest.raises(GroupError, match=r"Unknown node properties: \['nope'\]"):
        nodes.values("nope")
    with pytest.raises(GroupError, match="belongs to another population"):
        nodes.get(CircuitNodeId("other", 1))
    with pytest.raises(GroupError, match="must be >= 0 and < 5"):
        nodes.get(5)
