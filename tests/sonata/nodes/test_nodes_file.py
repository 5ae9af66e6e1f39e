"""The HDF5 layout of nodes files: where the row of each node is, and what is damaged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
import pytest

from spikelib.errors import MissingFileError, NodesError, SpikelibWarning
from spikelib.sonata.nodes.node_store import NodeStore
from spikelib.sonata.nodes.nodes_file import Layout, open_nodes, population_names, read_property
from tests.sonata.builders import write_nodes

if TYPE_CHECKING:
    from pathlib import Path

GROUPS: dict[str, Any] = {"0": {"x": [1.0, 2.0], "@dynamics:tau": [5.0, 6.0]}, "1": {"layer": [4]}}
INDICES = {"node_type_id": [1, 1, 1], "node_group_id": [0, 1, 0], "node_group_index": [1, 0, 0]}


def layout(path: Path) -> Layout:
    with open_nodes(path) as file:
        return Layout(file["nodes/pop"], path, None)


def test_rows_of_several_groups(tmp_path: Path) -> None:
    found = layout(write_nodes(tmp_path / "n.h5", groups=GROUPS, **INDICES))
    assert found.size == 3
    assert found.rows("0").tolist() == [1, -1, 0]
    assert found.rows("1").tolist() == [-1, 0, -1]
    assert found.property_names == {"x", "@dynamics:tau", "layer"}


def test_rows_follow_the_ids_where_the_file_does_not(tmp_path: Path) -> None:
    found = layout(write_nodes(tmp_path / "n.h5", groups=GROUPS, node_id=[2, 0, 1], **INDICES))
    assert found.in_id_order(np.array([20, 0, 10])).tolist() == [0, 10, 20]
    assert found.rows("0").tolist() == [-1, 0, 1]
    assert found.rows("1").tolist() == [0, -1, -1]


def test_ids_in_order_cost_nothing(tmp_path: Path) -> None:
    found = layout(write_nodes(tmp_path / "n.h5", groups={"0": {"x": [1.0, 2.0]}}, node_id=[0, 1]))
    values = np.array([3, 4])
    assert found.in_id_order(values) is values


def test_columns_alone_give_the_size(tmp_path: Path) -> None:
    assert layout(write_nodes(tmp_path / "n.h5", groups={"0": {"x": [1.0, 2.0, 3.0]}})).size == 3


@pytest.mark.parametrize(
    ("groups", "indices", "match"),
    [
        ({}, {"node_type_id": [1, 1], "node_id": [0, 1, 2]}, "unlike lengths: node_type_id 2, node_id 3"),
        ({"0": {"x": [1.0], "y": [1.0, 2.0]}}, {}, "unlike lengths: x 1, y 2"),
        ({}, {}, "has no node_type_id, so its size is unknown"),
        ({}, {"node_type_id": [1, 1], "node_id": [0, 0]}, "node_id must be distinct, but 0 is there more than once"),
        ({}, {"node_type_id": [1, 1], "node_id": [0, -2]}, "node_id holds -2, and ids are not negative"),
        ({}, {"node_type_id": [1, 1], "node_id": [0.5, 1.0]}, "node_id must hold whole numbers, not float64"),
        (
            {},
            {"node_type_id": [1, 1], "node_id": np.array([0, 2**63], "u8")},
            "node_id holds 9223372036854775808, which",
        ),
        (GROUPS, {**INDICES, "node_group_index": [1, -1, 0]}, "node_group_index holds -1, and rows are not negative"),
        (GROUPS, {"node_type_id": [1, 1, 1]}, "has 2 groups but no node_group_id and node_group_index"),
    ],
)
def test_damaged_layouts_are_refused(tmp_path: Path, groups: Any, indices: Any, match: str) -> None:
    with pytest.raises(NodesError, match=rf"n\.h5: population 'pop'.* {match}"):
        layout(write_nodes(tmp_path / "n.h5", groups=groups, **indices))


def test_only_groups_are_populations(tmp_path: Path) -> None:
    path = write_nodes(tmp_path / "n.h5", "b", node_type_id=[1])
    write_nodes(path, "a", node_type_id=[1])
    with h5py.File(path, "a") as file:
        file["nodes/table"] = [1, 2]
    assert population_names(path) == ["a", "b"]


def test_files_that_are_no_nodes_files(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=r"none\.h5: there is no such nodes file; check 'nodes_file'"):
        population_names(tmp_path / "none.h5")
    (tmp_path / "text.h5").write_text("node_id 1\n")
    with pytest.raises(NodesError, match=r"text\.h5: it is not an HDF5 file; copy it again"):
        population_names(tmp_path / "text.h5")
    with h5py.File(tmp_path / "spikes.h5", "w") as file:
        file.create_group("spikes")
    with pytest.raises(NodesError, match=r"spikes\.h5: this file has no group /nodes, so it is no SONATA nodes file"):
        population_names(tmp_path / "spikes.h5")


@pytest.mark.parametrize("place", ["nodes/b", "nodes/a/0/layer", "nodes/a/0/dynamics_params/v"])
def test_link_to_nowhere_is_an_error_wherever_it_is(tmp_path: Path, place: str) -> None:
    with h5py.File(tmp_path / "n.h5", "w") as file:
        file["nodes/a/node_type_id"] = [1, 1]
        file["nodes/a/0/x"] = [1.0, 2.0]
        file[place] = h5py.ExternalLink("gone.h5", "/x")
    with pytest.raises(
        NodesError, match=rf"n\.h5: the link /{place}, to /x of gone\.h5, leads to .*, which is not there"
    ):
        _ = [NodeStore(tmp_path / "n.h5", name).property_names for name in population_names(tmp_path / "n.h5")]


def test_virtual_property_without_its_source_is_an_error(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "n.h5", "w") as file:
        file["nodes/a/node_type_id"] = [1, 1]
        layout = h5py.VirtualLayout((2,), "f8")
        layout[:] = h5py.VirtualSource("gone.h5", "x", (2,), "f8")
        file.create_group("nodes/a/0").create_virtual_dataset("x", layout)
    with pytest.raises(NodesError, match=r"/nodes/a/0/x, a virtual dataset that reads x of the file gone\.h5"):
        NodeStore(tmp_path / "n.h5", "a").values("x")


@pytest.mark.parametrize(
    ("values", "kind"), [([1, 2], "integer"), ([1.5, 2.0], "float"), (["é", "b"], "text")], ids=str
)
def test_kinds_of_columns(tmp_path: Path, values: list[Any], kind: str) -> None:
    path = write_nodes(tmp_path / "n.h5", groups={"0": {"p": values}})
    with open_nodes(path) as file:
        column = read_property(file["nodes/pop/0"], "p", path, 2)
    assert (column.kind, column.data.tolist()) == (kind, values)


@pytest.mark.parametrize("code", [-1, 2])
def test_codes_outside_of_the_library_are_refused(tmp_path: Path, code: int) -> None:
    path = write_nodes(tmp_path / "n.h5", groups={"0": {"p": [0, code]}}, libraries={"0": {"p": ["E", "I"]}})
    match = r"n\.h5: /nodes/pop/0/p holds a code that is not in its @library of 2 values"
    with pytest.raises(NodesError, match=match), open_nodes(path) as file:
        read_property(file["nodes/pop/0"], "p", path, 2)


def test_errors_of_spikelib_inside_are_passed_on(tmp_path: Path) -> None:
    path, error = write_nodes(tmp_path / "n.h5"), NodesError("said already")
    with pytest.raises(NodesError, match=r"^said already$"), open_nodes(path):
        raise error


def test_property_that_claims_more_rows_than_nodes_is_not_read(tmp_path: Path) -> None:
    path = write_nodes(tmp_path / "n.h5", groups={"0": {"p": [1, 2]}}, node_type_id=[1, 1])
    with h5py.File(path, "a") as file:
        file["nodes/pop/0"].create_dataset("q", (10**13,), "f8", chunks=(1000,))
    with pytest.raises(NodesError, match=r"n\.h5: /nodes/pop/0/q has 10000000000000 rows, at most 2 fit here"):
        NodeStore(path, "pop").values("q")


ODD = [np.zeros(2, [("a", "f8")]), np.zeros(2, "V5"), np.zeros(2, "c16"), np.zeros((2, 2)), np.float64(0.0)]


@pytest.mark.parametrize("values", ODD, ids=str)
def test_property_of_an_odd_type_is_left_out_with_a_warning(tmp_path: Path, values: Any) -> None:
    path = write_nodes(tmp_path / "n.h5", groups={"0": {"p": [1, 2]}})
    with h5py.File(path, "a") as file:
        file["nodes/pop/0/q"] = values
    with pytest.warns(SpikelibWarning, match="/nodes/pop/0 has properties that are not a number or a text a node: q;"):
        assert NodeStore(path, "pop").property_names == {"p"}


def test_text_that_a_library_lists_twice_is_one_value(tmp_path: Path) -> None:
    path = write_nodes(tmp_path / "n.h5", groups={"0": {"p": [0, 2, 1]}}, libraries={"0": {"p": ["E", "I", "E"]}})
    column = NodeStore(path, "pop").column("p")
    assert column.categories is not None
    assert (column.categories.tolist(), column.decoded().tolist()) == (["E", "I"], ["E", "E", "I"])


def test_truth_values_count_as_whole_numbers(tmp_path: Path) -> None:
    path = write_nodes(tmp_path / "n.h5", groups={"0": {"p": np.array([True, False])}})
    assert (NodeStore(path, "pop").column("p").kind, NodeStore(path, "pop").values("p").tolist()) == (
        "integer",
        [True, False],
    )


@pytest.mark.parametrize("n_axes", [2, 3])
def test_positions_in_one_array_are_coordinates(tmp_path: Path, n_axes: int) -> None:
    path = write_nodes(tmp_path / "n.h5", groups={"0": {"p": [1, 2]}})
    positions = np.arange(2.0 * n_axes).reshape(2, n_axes)
    with h5py.File(path, "a") as file:
        file["nodes/pop/0/positions"] = positions
    store = NodeStore(path, "pop")
    axes = ["x", "y", "z"][:n_axes]
    assert store.property_names == {"p", *axes}
    assert np.column_stack([store.values(name) for name in axes]).tolist() == positions.tolist()


def test_coordinates_of_their_own_go_before_the_array(tmp_path: Path) -> None:
    path = write_nodes(tmp_path / "n.h5", groups={"0": {"x": [7.0, 8.0]}})
    with h5py.File(path, "a") as file:
        file["nodes/pop/0/positions"] = np.zeros((2, 2))
    store = NodeStore(path, "pop")
    with pytest.warns(SpikelibWarning, match="coordinates twice, as x, y, z and as positions; positions are left out"):
        assert store.property_names == {"x"}
    assert store.values("x").tolist() == [7.0, 8.0]


@pytest.mark.parametrize(
    "values", [np.zeros((2, 4)), np.zeros(2, "c16"), np.zeros((2, 3), "c16"), np.float64(1.0)], ids=str
)
def test_positions_that_are_no_coordinates_are_left_out_with_a_warning(tmp_path: Path, values: Any) -> None:
    path = write_nodes(tmp_path / "n.h5", groups={"0": {"p": [1, 2]}})
    with h5py.File(path, "a") as file:
        file["nodes/pop/0/positions"] = values
    with pytest.warns(SpikelibWarning, match="not a number or a text a node: positions; left out"):
        assert NodeStore(path, "pop").property_names == {"p"}


def test_enumeration_of_hdf5_is_read_as_its_names(tmp_path: Path) -> None:
    path = write_nodes(tmp_path / "n.h5", groups={"0": {"p": [1, 2, 3]}})
    kind = h5py.enum_dtype({"EXC": 4, "INH": -1, "NONE": 7}, basetype="i1")
    with h5py.File(path, "a") as file:
        file["nodes/pop/0"].create_dataset("synapse_class", data=np.array([4, -1, 4], "i1"), dtype=kind)
        file["nodes/pop/0"].create_dataset("bad", data=np.array([4, 0, 4], "i1"), dtype=kind)
        file["nodes/pop/0/flag"] = np.array([True, False, True])
    store = NodeStore(path, "pop")
    assert store.column("synapse_class").kind == "text"
    assert store.values("synapse_class").tolist() == ["EXC", "INH", "EXC"]
    assert store.values("flag").tolist() == [1, 0, 1]
    with pytest.raises(NodesError, match="/nodes/pop/0/bad holds a value that its enumeration does not list"):
        store.values("bad")


@pytest.mark.parametrize(
    ("codes", "library", "match"),
    [
        ([0.5, 1.0], ["E", "I"], "/nodes/pop/0/p must hold the places of its values in its @library"),
        ([np.nan, 1.0], ["E", "I"], "/nodes/pop/0/p must hold the places of its values in its @library"),
        (["E", "I"], ["E", "I"], "/nodes/pop/0/p must hold the places of its values in its @library"),
        ([0, 1], "E", "/nodes/pop/0/@library/p is not a list of values"),
    ],
    ids=str,
)
def test_codes_that_are_none_are_refused(tmp_path: Path, codes: Any, library: Any, match: str) -> None:
    path = write_nodes(tmp_path / "n.h5", groups={"0": {"p": codes}})
    with h5py.File(path, "a") as file:
        file["nodes/pop/0"].create_dataset("@library/p", data=library, dtype=h5py.string_dtype())
    with pytest.raises(NodesError, match=match):
        NodeStore(path, "pop").values("p")


def test_whole_floats_are_codes(tmp_path: Path) -> None:
    path = write_nodes(tmp_path / "n.h5", groups={"0": {"p": [1.0, 0.0]}}, libraries={"0": {"p": ["E", "I"]}})
    assert NodeStore(path, "pop").values("p").tolist() == ["I", "E"]


def test_texts_that_differ_in_a_byte_stay_two(tmp_path: Path) -> None:
    path = write_nodes(tmp_path / "n.h5", groups={"0": {"p": [1, 2]}})
    with h5py.File(path, "a") as file:
        file["nodes/pop/0/region"] = np.array([b"caf\xe9", b"caf\xe8"])
    assert NodeStore(path, "pop").values("region").tolist() == ["caf\\xe9", "caf\\xe8"]


@pytest.mark.parametrize("value", [5, [[1, 2, 3]], h5py.Empty("i8")], ids=["scalar", "table", "null"])
def test_types_that_are_no_list(tmp_path: Path, value: Any) -> None:
    with h5py.File(tmp_path / "n.h5", "w") as file:
        file["nodes/a/node_type_id"] = value
    with pytest.raises(NodesError, match="population 'a': node_type_id is not a list with a number for each node"):
        _ = NodeStore(tmp_path / "n.h5", "a").size


@pytest.mark.parametrize(
    ("n_nodes", "says"),
    [
        (10**12, r"population 'a' claims 1000000000000 nodes; the file is damaged \(the limit nodes is 1000000000;"),
        (900_000_000, "population 'a': 'layer' has 2 rows, fewer than its nodes need"),
    ],
)
def test_number_of_nodes_that_nothing_bears_out(tmp_path: Path, n_nodes: int, says: str) -> None:
    with h5py.File(tmp_path / "n.h5", "w") as file:
        file.create_dataset("nodes/a/node_type_id", (n_nodes,), "i8", chunks=(10**6,))
        file["nodes/a/0/layer"] = [4, 5]
    with pytest.raises(NodesError, match=says):
        NodeStore(tmp_path / "n.h5", "a").values("layer")


def test_library_of_more_values_than_allowed(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "n.h5", "w") as file:
        file["nodes/a/node_type_id"] = file["nodes/a/0/layer"] = [0, 0]
        file.create_dataset("nodes/a/0/@library/layer", (10**12,), "i1", chunks=(10**6,))
    with pytest.raises(NodesError, match=r"at most 10000000 fit here; .* \(the limit library_values is 10000000;"):
        NodeStore(tmp_path / "n.h5", "a").values("layer")


def test_library_whose_source_is_missing(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "n.h5", "w") as file:
        file["nodes/a/node_type_id"] = file["nodes/a/0/layer"] = [0, 0]
        layout = h5py.VirtualLayout((2,), "i8")
        layout[:] = h5py.VirtualSource("gone.h5", "x", (2,))
        file.create_group("nodes/a/0/@library").create_virtual_dataset("layer", layout)
    with pytest.raises(
        NodesError, match=r"/@library/layer, a virtual dataset that reads x of the file gone\.h5, leads"
    ):
        NodeStore(tmp_path / "n.h5", "a").values("layer")
