"""Simulate a small network of leaky integrate-and-fire neurons, and write it as a SONATA circuit with its spikes."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import h5py
import numpy as np

N_NEURONS = 100
N_EXCITATORY = 80
DURATION = 400.0  # ms
DT = 0.1  # ms
TAU = 20.0  # ms, of the membrane
THRESHOLD = 20.0  # mV above rest; spikes reset to rest
REFRACTORY = 2.0  # ms
DRIVE = 18.0  # mV, of the mean input
NOISE = 6.0  # mV, standard deviation of the free membrane
CONNECTED = 0.1  # share of all pairs


def simulate(coupling: float, random: np.random.Generator) -> tuple[Any, Any]:
    """Return times (ms) and ids of the spikes of a network whose connections have a weight of `coupling` mV."""
    weights = np.where(random.random((N_NEURONS, N_NEURONS)) < CONNECTED, coupling, 0.0)
    weights[:, N_EXCITATORY:] *= -4  # column by column: from the inhibitory neurons
    voltage = random.uniform(0, THRESHOLD, N_NEURONS)
    resting_until = np.zeros(N_NEURONS)
    times, ids = [], []
    for step in range(round(DURATION / DT)):
        noise = NOISE * np.sqrt(2 * DT / TAU) * random.standard_normal(N_NEURONS)
        voltage += (DRIVE - voltage) * DT / TAU + noise
        voltage[resting_until > step * DT] = 0
        fired = np.flatnonzero(voltage >= THRESHOLD)
        times += [step * DT] * fired.size
        ids += fired.tolist()
        voltage[fired] = 0
        resting_until[fired] = step * DT + REFRACTORY
        voltage += weights[:, fired].sum(axis=1)
    return np.array(times), np.array(ids, np.uint64)


def write(folder: Path, times: Any, ids: Any, random: np.random.Generator) -> None:
    """Write nodes, spikes and configs."""
    folder.mkdir(parents=True, exist_ok=True)
    with h5py.File(folder / "nodes.h5", "w") as file:
        nodes = file.create_group("nodes/neurons")
        nodes["node_type_id"] = np.full(N_NEURONS, -1)
        for axis in "xyz":
            nodes[f"0/{axis}"] = random.uniform(-100, 100, N_NEURONS)
        classes = ["EXC"] * N_EXCITATORY + ["INH"] * (N_NEURONS - N_EXCITATORY)
        nodes.create_dataset("0/synapse_class", data=classes, dtype=h5py.string_dtype())
    with h5py.File(folder / "spikes.h5", "w") as file:
        spikes = file.create_group("spikes/neurons")
        spikes["timestamps"] = times
        spikes["timestamps"].attrs["units"] = "ms"
        spikes["node_ids"] = ids
    populations = {"nodes_file": "nodes.h5", "populations": {"neurons": {"type": "point_neuron"}}}
    (folder / "circuit_config.json").write_text(json.dumps({"networks": {"nodes": [populations], "edges": []}}))
    simulation = {
        "network": "circuit_config.json",
        "run": {"tstop": DURATION, "dt": DT, "random_seed": 1},
        "output": {"output_dir": ".", "spikes_file": "spikes.h5"},
    }
    (folder / "simulation_config.json").write_text(json.dumps(simulation))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--coupling", type=float, required=True, help="mV")
    options = parser.parse_args()
    generator = np.random.default_rng(1)
    write(options.folder, *simulate(options.coupling, generator), generator)
