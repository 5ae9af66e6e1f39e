"""Writes a run of the demo as SONATA: configs, node sets, nodes, spikes, log and README."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import h5py
import numpy as np

from spikelib.demo.column import GROUPS
from spikelib.demo.describe import circuit_config, log_text, node_sets, readme_text, simulation_config

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from spikelib.demo.column import Cells
    from spikelib.demo.run import Run, Spikes

__all__ = ["write_run"]

SONATA_MAGIC = np.uint32(0x0A7A)
SONATA_VERSION = np.array([0, 1], dtype=np.uint32)
SORTING = h5py.enum_dtype({"none": 0, "by_id": 1, "by_time": 2}, basetype="u1")


def write_run(run: Run, folder: Path) -> None:
    """Write all files of the demo into `folder`, which is made where needed; old files are replaced.

    Nothing is compressed: the wheel of libsonata, and so bluepysnap, cannot read compressed datasets.
    """
    for name in ("nodes", "inputs", "output"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    configs = {
        "simulation_config.json": simulation_config(run),
        "circuit_config.json": circuit_config(),
        "node_sets.json": node_sets(run.cortex),
    }
    for name, content in configs.items():
        (folder / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    _write_nodes(folder / "nodes" / "cortex.h5", "cortex", run.cortex)
    _write_nodes(folder / "nodes" / "thalamus.h5", "thalamus", run.thalamus)
    _write_spikes(folder / "inputs" / "thalamus_spikes.h5", {"thalamus": run.thalamus_spikes})
    _write_spikes(folder / "output" / "spikes.h5", {"cortex": run.cortex_spikes, "thalamus": run.thalamus_spikes})
    (folder / "output" / "simulation.log").write_text(log_text(run), encoding="utf-8")
    (folder / "README.md").write_text(readme_text(run), encoding="utf-8")


def _write_nodes(path: Path, population: str, cells: Cells) -> None:
    """Write one nodes file; only cortical cells have a layer, a class and a threshold."""
    enumerated = {"mtype": cells.mtype}
    strings = {"model_type": np.full(len(cells), "virtual", dtype=object)}
    if population == "cortex":
        enumerated["layer"] = np.array([GROUPS[index].layer for index in cells.group], dtype=object)
        enumerated["synapse_class"] = np.array([GROUPS[i].synapse_class for i in cells.group], dtype=object)
        strings["model_type"] = np.full(len(cells), "point_neuron", dtype=object)
        strings["etype"] = cells.etype
    with _create(path) as file:
        nodes = file.create_group(f"nodes/{population}")
        nodes["node_type_id"] = np.full(len(cells), -1, dtype=np.int64)
        nodes["node_group_id"] = np.zeros(len(cells), dtype=np.uint32)
        nodes["node_group_index"] = np.arange(len(cells), dtype=np.uint32)
        group = nodes.create_group("0")
        for axis, values in zip("xyz", cells.xyz.T, strict=True):
            group[axis] = values
        for name, texts in strings.items():
            group.create_dataset(name, data=texts, dtype=h5py.string_dtype())
        for name, texts in enumerated.items():
            _write_enumeration(group, name, texts)
        if population == "cortex":
            group["dynamics_params/V_th"] = cells.threshold_mv.astype(np.float32)


def _write_enumeration(group: h5py.Group, name: str, texts: NDArray[np.object_]) -> None:
    """Write a property as codes into a list of its values (``@library``)."""
    values, codes = np.unique(texts.astype(str), return_inverse=True)
    group[name] = codes.astype(np.uint32)
    group.create_dataset(f"@library/{name}", data=values.astype(object), dtype=h5py.string_dtype())


def _write_spikes(path: Path, populations: Mapping[str, Spikes]) -> None:
    with _create(path) as file:
        for name, spikes in populations.items():
            group = file.create_group(f"spikes/{name}")
            group.attrs.create("sorting", 2, dtype=SORTING)
            group["node_ids"] = spikes.ids
            group["timestamps"] = spikes.times_ms
            group["timestamps"].attrs["units"] = "ms"


def _create(path: Path) -> h5py.File:
    file = h5py.File(path, "w")
    file.attrs["magic"] = SONATA_MAGIC
    file.attrs["version"] = SONATA_VERSION
    return file
