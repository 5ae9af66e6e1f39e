"""Writes small SONATA simulations for tests: spike files in many forms, circuits and configs.

What is written is what was given: spikes keep their order whatever `sorting` claims, times keep their numbers
whatever `units` says. With the defaults bluepysnap and libsonata can open it all.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    Spikes = Mapping[str, tuple[Sequence[float], Sequence[int]]]
    Columns = Mapping[str, Sequence[Any]]

SORTINGS = {"none": 0, "by_id": 1, "by_time": 2}


def write_spikes(
    path: Path,
    populations: Spikes,
    *,
    sorting: str | None = "by_time",
    sorting_form: str = "enum",
    sorting_on: str = "group",
    units: str | None = "ms",
    layout: str = "populations",
    compression: str | None = None,
    id_dtype: str = "uint64",
    time_dtype: str = "float64",
) -> Path:
    """Write a spike file.

    Parameters
    ----------
    path
        The file; folders are made.
    populations
        Name to (times, ids), written in the order given.
    sorting, sorting_form, sorting_on
        The claim, None for none; written as "enum", "text" or "number"; on the "group" or on the "node_ids".
    units
        Attribute of the time stamps, None for none.
    layout
        "populations", or "legacy" for /spikes/gids (of one population).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        root = file.create_group("spikes")
        for name, (times, ids) in populations.items():
            group = root if layout == "legacy" else root.create_group(name)
            ids_name = "gids" if layout == "legacy" else "node_ids"
            stamps = group.create_dataset("timestamps", data=np.asarray(times, time_dtype), compression=compression)
            nodes = group.create_dataset(ids_name, data=np.asarray(ids, id_dtype), compression=compression)
            if units is not None:
                stamps.attrs["units"] = units
            if sorting is not None:
                _write_sorting(group if sorting_on == "group" else nodes, sorting, sorting_form)
    return path


def write_circuit(
    folder: Path,
    populations: Mapping[str, int | Columns],
    *,
    node_sets: Mapping[str, Any] | None = None,
    types: Mapping[str, str] | None = None,
) -> Path:
    """Write nodes files, node sets and a circuit config; return the config's path.

    Parameters
    ----------
    populations
        Name to columns of properties, all of one length, or to a number of nodes without properties.
        Columns of strings are written as an enumeration if their name begins with "@library/".
    node_sets
        The content of the circuit's node sets file.
    types
        Population types; "point_neuron" where not given.
    """
    folder.mkdir(parents=True, exist_ok=True)
    networks = []
    for name, columns in populations.items():
        _write_nodes(folder / f"{name}_nodes.h5", name, columns)
        kind = (types or {}).get(name, "point_neuron")
        networks.append(
            {"nodes_file": f"{name}_nodes.h5", "node_types_file": None, "populations": {name: {"type": kind}}}
        )
    (folder / "node_sets.json").write_text(json.dumps(node_sets or {}))
    config = {
        "version": 2.3,
        "node_sets_file": "node_sets.json",
        "networks": {"nodes": networks, "edges": []},
    }
    path = folder / "circuit_config.json"
    path.write_text(json.dumps(config))
    return path


def write_simulation(
    folder: Path,
    spikes: Spikes,
    nodes: Mapping[str, int | Columns] | None = None,
    *,
    run: Mapping[str, Any] | None = None,
    node_sets: Mapping[str, Any] | None = None,
    content: Mapping[str, Any] | None = None,
    **spike_options: Any,
) -> Path:
    """Write a simulation of 100 ms with its circuit and spikes; return the config's path.

    Parameters
    ----------
    nodes
        As in `write_circuit`; None for ten nodes without properties in each population of `spikes`.
    run, content
        Added to the section "run" and to the top level of the config.
    spike_options
        Of `write_spikes`.
    """
    write_circuit(folder, dict.fromkeys(spikes, 10) if nodes is None else nodes, node_sets=node_sets)
    write_spikes(folder / "output" / "spikes.h5", spikes, **spike_options)
    config = {
        "version": 1,
        "network": "circuit_config.json",
        "run": {"tstop": 100.0, "dt": 0.1, "random_seed": 1, **(run or {})},
        "output": {"output_dir": "output", "spikes_file": "spikes.h5"},
        **(content or {}),
    }
    path = folder / "simulation_config.json"
    path.write_text(json.dumps(config))
    return path


def number_nodes(nodes_file: Path, population: str, node_id: Sequence[int]) -> None:
    """Give the nodes of a nodes file ids of their own, in the order of its rows."""
    with h5py.File(nodes_file, "r+") as file:
        file[f"nodes/{population}/node_id"] = np.asarray(node_id)


def _write_sorting(holder: h5py.Group | h5py.Dataset, sorting: str, form: str) -> None:
    if form == "enum":
        dtype = h5py.enum_dtype(SORTINGS, basetype="u1")
        holder.attrs.create("sorting", SORTINGS[sorting], dtype=dtype)
    else:
        holder.attrs["sorting"] = sorting if form == "text" else np.uint8(SORTINGS[sorting])


def _write_nodes(path: Path, name: str, columns: int | Columns) -> None:
    size = columns if isinstance(columns, int) else len(next(iter(columns.values())))
    with h5py.File(path, "w") as file:
        population = file.create_group(f"nodes/{name}")
        population["node_type_id"] = np.full(size, -1)
        group = population.create_group("0")
        for key, values in {} if isinstance(columns, int) else columns.items():
            if key.startswith("@library/"):
                labels, codes = np.unique(np.asarray(values, str), return_inverse=True)
                group.create_dataset(key, data=labels.astype(object), dtype=h5py.string_dtype())
                group[key.removeprefix("@library/")] = codes.astype(np.uint32)
            elif isinstance(values[0], str):
                group.create_dataset(key, data=list(values), dtype=h5py.string_dtype())
            else:
                group[key] = np.asarray(values)
