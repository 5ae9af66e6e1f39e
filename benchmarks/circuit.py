"""The circuit of a synthetic simulation: nodes with places, layers and types, node sets, and both configs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MTYPES = {
    "cortex": (
        *("L1_DAC", "L23_PC", "L23_MC", "L23_BTC", "L23_LBC", "L4_PC", "L4_SSC", "L4_MC", "L4_LBC", "L4_NBC"),
        *("L5_TTPC1", "L5_TTPC2", "L5_UTPC", "L5_MC", "L5_LBC", "L6_TPC", "L6_IPC", "L6_BPC", "L6_MC", "L6_LBC"),
    ),
    "thalamus": ("Rt_RC", "VPL_IN", "VPL_TC"),
}
_EXCITATORY = ("PC", "SSC", "PC1", "PC2", "TC")
_SIZE_UM = {"cortex": (2000.0, 2000.0, 1500.0), "thalamus": (800.0, 800.0, 600.0)}
_NODE_SETS = {
    "Excitatory": {"synapse_class": "EXC"},
    "Inhibitory": {"synapse_class": "INH"},
    "L4": {"layer": "L4"},
    "Thalamus": {"population": "thalamus"},
}


def write_circuit(folder: Path, sizes: Mapping[str, int], random: np.random.Generator) -> None:
    """Write ``nodes.h5``, ``node_sets.json`` and ``circuit_config.json``; `sizes` are the nodes of each population."""
    with h5py.File(folder / "nodes.h5", "w") as file:
        for name, size in sizes.items():
            _write_nodes(file.create_group(f"nodes/{name}"), name, size, random)
    networks = [{"nodes_file": "nodes.h5", "populations": {name: {"type": "point_neuron"} for name in sizes}}]
    content = {"version": 2, "node_sets_file": "node_sets.json", "networks": {"nodes": networks, "edges": []}}
    _write_json(folder / "node_sets.json", _NODE_SETS)
    _write_json(folder / "circuit_config.json", content)


def write_simulation_config(folder: Path, tstop: float, dt: float, seed: int, sorting: str) -> None:
    """Write ``simulation_config.json`` of a run of `tstop` ms in steps of `dt` ms."""
    content = {
        "version": 1,
        "network": "circuit_config.json",
        "run": {"tstop": tstop, "dt": dt, "random_seed": seed},
        "output": {"output_dir": "output", "spikes_file": "spikes.h5", "spikes_sort_order": sorting},
    }
    _write_json(folder / "simulation_config.json", content)


def _write_nodes(population: h5py.Group, name: str, size: int, random: np.random.Generator) -> None:
    population["node_type_id"] = np.full(size, -1, np.int64)
    for axis, width in zip("xyz", _SIZE_UM[name], strict=True):
        population[f"0/{axis}"] = random.uniform(-width / 2, width / 2, size).astype(np.float32)
    types = MTYPES[name]
    mtype = np.sort(random.integers(0, len(types), size))  # neighbours are of one type, as in real circuits
    layers = [text.split("_")[0] for text in types]
    classes = ["EXC" if text.endswith(_EXCITATORY) else "INH" for text in types]
    for key, labels in (("mtype", list(types)), ("layer", layers), ("synapse_class", classes)):
        _write_labels(population["0"], key, np.asarray(labels)[mtype])


def _write_labels(group: h5py.Group, key: str, values: np.ndarray) -> None:
    """Write a column of strings as SONATA's enumeration."""
    labels, codes = np.unique(values, return_inverse=True)
    group.create_dataset(f"@library/{key}", data=labels.astype(object), dtype=h5py.string_dtype())
    group[key] = codes.astype(np.uint32)


def _write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, indent=1))
