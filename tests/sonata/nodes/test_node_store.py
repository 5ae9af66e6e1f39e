from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
import pytest

from spikelib.errors import MissingFileError, NodesError
from spikelib.sonata.nodes.node_store import NodeStore
from spikelib.sonata.nodes.nodes_file import population_names
from tests.sonata.builders import write_nodes

if TYPE_CHECKING:
    from pathlib import Path


def test_one_group(tmp_path: Path) -> None:
    path = write_nodes(
        tmp_path / "n.h5",
        groups={"0": {"x": np.array([1, 2, 3], np.float32), "layer": [4, 4, 5], "mtype": ["a", "é", "a"],
                      "ei": [1, 0, 1], "@dynamics:tau": [0.1, 0.2, 0.3]}},
        libraries={"0": {"ei": ["E", "I", "unused"]}},
        node_type_id=[-1, -1, -1],
    )  # fmt: skip
    store = NodeStore(path, "pop", population_type="virtual")
    assert (store.name, store.size, store.type) == ("pop", 3, "virtual")
    assert store.property_names == {"x", "layer", "mtype", "ei", "@dynamics:tau"}
    assert store.values("x").dtype == np.float32
    assert store.values("layer").tolist() == [4, 4, 5]
    assert store.values("mtype").tolist() == ["a", "é", "a"]
    assert store.values("ei").tolist() == ["I", "E", "I"]
    assert store.values("@dynamics:tau").tolist() == [0.1, 0.2, 0.3]


def test_only_columns_asked_for_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_nodes(tmp_path / "n.h5", groups={"0": {"x": [1.0], "y": [2.0]}}, node_type_id=[1])
    read: list[str] = []
    original = h5py.Dataset.__getitem__

    def spy(dataset: h5py.Dataset, *args: Any, **kwargs: Any) -> Any:
        read.append(str(dataset.name))
        return original(dataset, *args, **kwargs)

    monkeypatch.setattr(h5py.Dataset, "__getitem__", spy)
    store = NodeStore(path, "pop")
    store.values("x")
    store.values("x")
    assert read == ["/nodes/pop/0/x"]


def test_several_groups_with_unlike_columns(tmp_path: Path) -> None:
    path = write_nodes(
        tmp_path / "n.h5",
        groups={"0": {"x": [1.0, 2.0], "layer": [4, 5], "m": ["a", "b"]}, "1": {"x": [9.0], "k": [0]}},
        libraries={"1": {"k": ["only"]}},
        node_type_id=[1, 1, 1],
        node_group_id=[0, 1, 0],
        node_group_index=[1, 0, 0],
    )
    store = NodeStore(path, "pop")
    assert store.values("x").tolist() == [2.0, 9.0, 1.0]
    np.testing.assert_array_equal(store.values("layer"), [5, np.nan, 4])
    assert store.column("layer").kind == "integer"
    assert store.values("m").tolist() == ["b", None, "a"]
    assert store.values("k").tolist() == [None, "only", None]


def test_own_value_goes_before_that_of_the_type(tmp_path: Path) -> None:
    types = tmp_path / "t.csv"
    types.write_text("node_type_id ei layer model_type\n10 e 4 virtual\n20 i 5 virtual\n")
    path = write_nodes(
        tmp_path / "n.h5",
        groups={"0": {"ei": ["own"]}, "1": {"x": [0.5, 0.6]}},
        node_type_id=[10, 20, 30],
        node_group_id=[0, 1, 1],
        node_group_index=[0, 0, 1],
    )
    store = NodeStore(path, "pop", types)
    assert store.values("ei").tolist() == ["own", "i", None]
    np.testing.assert_array_equal(store.values("layer"), [4, 5, np.nan])
    assert store.property_names == {"ei", "x", "layer", "model_type"}
    assert store.type == "virtual"


def test_no_group_at_all(tmp_path: Path) -> None:
    store = NodeStore(write_nodes(tmp_path / "n.h5", node_type_id=[1, 1]), "pop")
    assert (store.size, store.property_names, store.type) == (2, frozenset(), "biophysical")


def test_empty_population(tmp_path: Path) -> None:
    store = NodeStore(write_nodes(tmp_path / "n.h5", groups={"0": {"x": []}}, node_type_id=[]), "pop")
    assert store.size == 0
    assert store.values("x").tolist() == []


def test_size_without_node_type_id(tmp_path: Path) -> None:
    assert NodeStore(write_nodes(tmp_path / "n.h5", groups={"0": {"x": [1.0, 2.0]}}), "pop").size == 2


def test_node_ids_out_of_order(tmp_path: Path) -> None:
    path = write_nodes(
        tmp_path / "n.h5", groups={"0": {"x": [0.0, 1.0, 2.0]}}, node_type_id=[7, 8, 9], node_id=[2, 0, 1]
    )
    types = tmp_path / "t.csv"
    types.write_text("node_type_id k\n7 a\n8 b\n9 c\n")
    store = NodeStore(path, "pop", types)
    assert store.values("x").tolist() == [1.0, 2.0, 0.0]
    assert store.values("k").tolist() == ["b", "c", "a"]


def test_pickle_holds_no_columns(tmp_path: Path) -> None:
    store = NodeStore(write_nodes(tmp_path / "n.h5", groups={"0": {"x": [1.0]}}, node_type_id=[1]), "pop")
    store.values("x")
    again = pickle.loads(pickle.dumps(store))
    assert again.values("x").tolist() == [1.0]
    assert repr(again) == repr(store)


@pytest.mark.parametrize(
    ("groups", "indices", "match"),
    [
        ({}, {}, "has no node_type_id, so its size is unknown"),
        ({}, {"node_type_id": [1, 2], "node_id": [0]}, "unlike lengths: node_type_id 2, node_id 1"),
        ({}, {"node_type_id": [1, 2], "node_id": [5, 5]}, "node_id must be distinct, but 5 is there more than once"),
        ({"0": {"x": [1.0]}, "1": {"x": [1.0]}}, {"node_type_id": [1, 2]}, "2 groups but no node_group_id"),
    ],
)
def test_damaged_layout(tmp_path: Path, groups: Any, indices: Any, match: str) -> None:
    store = NodeStore(write_nodes(tmp_path / "n.h5", groups=groups, **indices), "pop")
    with pytest.raises(NodesError, match=rf"n\.h5: population 'pop'.*{match}"):
        assert store.size


@pytest.mark.parametrize(
    ("columns", "libraries"),
    [({"k": [1.0]}, {}), ({"k": [0]}, {"0": {"k": ["a"]}}), ({"k": ["a"]}, {})],
    ids=["number", "library", "text"],
)
@pytest.mark.parametrize("indices", [{}, {"node_group_id": [0, 0], "node_group_index": [0, 1]}])
def test_column_shorter_than_the_population(tmp_path: Path, columns: Any, libraries: Any, indices: Any) -> None:
    path = write_nodes(tmp_path / "n.h5", "pop", {"0": columns}, libraries, node_type_id=[1, 2], **indices)
    with pytest.raises(NodesError, match="population 'pop': 'k' has 1 rows, fewer than its nodes need"):
        NodeStore(path, "pop").values("k")


def test_code_outside_of_the_library(tmp_path: Path) -> None:
    path = write_nodes(
        tmp_path / "n.h5", groups={"0": {"k": [0, 1]}}, libraries={"0": {"k": ["a"]}}, node_type_id=[1, 1]
    )
    with pytest.raises(NodesError, match="/0/k holds a code that is not in its @library of 1 values"):
        NodeStore(path, "pop").values("k")


def test_unknown_names(tmp_path: Path) -> None:
    path = write_nodes(tmp_path / "n.h5", groups={"0": {"x": [1.0]}}, node_type_id=[1])
    with pytest.raises(NodesError, match="population 'pop' has no property 'z'; it has: x"):
        NodeStore(path, "pop").values("z")
    with pytest.raises(NodesError, match="this nodes file has no population 'other'"):
        assert NodeStore(path, "other").size


def test_population_names(tmp_path: Path) -> None:
    path = write_nodes(tmp_path / "n.h5", "b", node_type_id=[1])
    write_nodes(path, "a", node_type_id=[1])
    assert population_names(path) == ["a", "b"]


def test_files_that_are_no_nodes_files(tmp_path: Path) -> None:
    (tmp_path / "text.h5").write_text("no")
    with h5py.File(tmp_path / "other.h5", "w"):
        pass
    with pytest.raises(NodesError, match=r"text\.h5: it is not an HDF5 file; copy it again"):
        population_names(tmp_path / "text.h5")
    with pytest.raises(NodesError, match="has no group /nodes"):
        population_names(tmp_path / "other.h5")
    with pytest.raises(MissingFileError, match="there is no such nodes file; check 'nodes_file'"):
        population_names(tmp_path / "none.h5")


def test_allen_properties(real_data: Path) -> None:
    network = real_data / "allen_300_cells/network"
    store = NodeStore(network / "internal_nodes.h5", "internal", network / "internal_node_types.csv")
    assert {"ei", "model_name", "model_type", "x"} <= store.property_names
    assert np.unique(store.values("ei").astype(str), return_counts=True)[1].tolist() == [240, 60]
