"""Small circuits for mutants: a nodes file, node types and node sets, a few spikes, and the configs that name them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

from tests.real_data import DATA
from tests.writing import write_spikes

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

N_NODES = 12
LAYERS = ["L1", "L2", "L2", "L4", "L4", "L4", "L5", "L5", "L6", "L6", "L6", "caf\u00e9"]
COLUMNS: dict[str, Any] = {
    "layer": LAYERS,
    "kind": ["PC", "IN"] * 6,
    "x": np.arange(N_NODES) * 10.0,
    "y": np.where(np.arange(N_NODES) % 5 == 4, np.nan, np.arange(N_NODES) / 3),
    "count": np.arange(N_NODES)[::-1] // 2,
}
"""Properties of the nodes of `write_made`, as they must be read."""
NODE_TYPES = 'node_type_id ei tau model_name\n100 e 10 "a b"\n101 i 2.5 c\n102 e NULL NULL\n'
_LARGEST = 40_000


def write_made(path: Path) -> None:
    """Write a nodes file with each form of property; nodes of "other" are in two groups and not in order."""
    with h5py.File(path, "w") as file:
        cortex = file.create_group("nodes/cortex")
        cortex["node_type_id"] = np.array([100, 101, 102, 7] * 3)
        cortex["node_group_id"], cortex["node_group_index"] = np.zeros(N_NODES, "u4"), np.arange(N_NODES)
        group = cortex.create_group("0")
        group.create_dataset("layer", data=LAYERS, dtype=h5py.string_dtype())
        group["kind"] = np.array([0, 1] * 6, "u4")
        group.create_dataset("@library/kind", data=["PC", "IN"], dtype=h5py.string_dtype())
        for name in ("x", "y", "count"):
            group[name] = COLUMNS[name]
        group["dynamics_params/tau"] = np.linspace(1, 2, N_NODES)
        other = file.create_group("nodes/other")
        other["node_type_id"] = [100, 101, 100, 101, 100]
        other["node_id"] = [4, 2, 0, 1, 3]
        other["node_group_id"], other["node_group_index"] = [0, 0, 1, 1, 0], [0, 2, 0, 1, 1]
        other["0/positions"], other["1/positions"] = np.arange(9.0).reshape(3, 3), np.arange(6.0).reshape(2, 3)
        other["0/layer"] = np.array([b"L1", b"L2", b"L3"])


def write_folder(folder: Path, nodes: Path | None) -> None:
    """Write a simulation around a nodes file; around the made one if none is given."""
    folder.mkdir(parents=True)
    if nodes is None:
        write_made(folder / "nodes.h5")
    else:
        (folder / "nodes.h5").write_bytes(nodes.read_bytes())
    sizes = _sizes(folder / "nodes.h5")
    (folder / "node_types.csv").write_text(NODE_TYPES)
    entry = {"nodes_file": "nodes.h5", "node_types_file": "node_types.csv" if nodes is None else None}
    circuit = {"networks": {"nodes": [entry]}, "node_sets_file": "node_sets.json"}
    (folder / "circuit_config.json").write_text(json.dumps(circuit))
    sets = {"first": {"node_id": [0, 1]}, "all": {"population": list(sizes)}, "both": ["first", "all"]}
    (folder / "node_sets.json").write_text(json.dumps(sets))
    spikes = {name: (np.arange(20.0), np.arange(20) % size) for name, size in sizes.items() if size}
    write_spikes(folder / "spikes.h5", spikes)
    output = {"output_dir": ".", "spikes_file": "spikes.h5"}
    config = {"network": "circuit_config.json", "run": {"tstop": 20.0, "dt": 0.1}, "output": output}
    (folder / "simulation_config.json").write_text(json.dumps(config))


def real_nodes() -> list[Path]:
    """List the small nodes files of the real data."""
    found = []
    for path in sorted(DATA.rglob("*.h5")):
        if path.parent.name != "bad" and path.stat().st_size < _LARGEST:
            with h5py.File(path) as file:
                found += [path] if "nodes" in file else []
    return found


def _sizes(path: Path) -> dict[str, int]:
    with h5py.File(path) as file:
        return {name: len(group["node_type_id"]) for name, group in file["nodes"].items()}


def stored_columns(group: Any) -> list[dict[str, NDArray[Any]]]:
    """Read the plain properties of a population with h5py: by row and by node_id, as its spikes tell what ids are.

    Nothing is returned for a population of no simple form.
    """
    groups = [name for name in group if name.isdigit() and isinstance(group[name], h5py.Group)]
    if groups != ["0"] or "node_type_id" not in group:
        return []
    n = len(group["node_type_id"])
    if "node_group_index" in group and not np.array_equal(group["node_group_index"][()], np.arange(n)):
        return []
    if "node_group_id" in group and group["node_group_id"][()].any():
        return []
    orders = [np.arange(n)]
    if "node_id" in group and group["node_id"].dtype.kind in "iu":
        orders.append(np.argsort(group["node_id"][()], kind="stable"))
    found = {name: _stored(group["0"], name, n) for name in group["0"]}
    return [{name: values[order] for name, values in found.items() if values is not None} for order in orders]


def _stored(group: Any, name: str, n: int) -> NDArray[Any] | None:
    item, library = group[name], group.get(f"@library/{name}")
    if not isinstance(item, h5py.Dataset) or item.shape != (n,) or item.dtype.kind not in "fiuO":
        return None
    if library is not None and library.dtype.kind != "O":
        return None
    values = item.asstr("utf-8", "replace")[()] if item.dtype.kind == "O" else item[()]
    members = h5py.check_enum_dtype(item.dtype)
    if library is not None:
        values = library.asstr("utf-8", "replace")[()][values.astype(np.int64)]
    elif members is not None:  # an enumeration means the names that its type lists
        names = {number: text for text, number in members.items()}
        values = np.array([names[number] for number in values.tolist()], object)
    return np.asarray(values)
