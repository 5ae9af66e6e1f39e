"""Brunel's network in three states, 10 s each, as SONATA: what the rhythm and the synchrony of a page are tried on.

Run ``python benchmarks/brunel.py OUT`` where ``nest-simulator`` (made with 3.10.0), numpy and h5py are installed.
4,000 excitatory and 1,000 inhibitory neurons, each with 400 and 100 inputs of twice the strength of Brunel's (J Comput
Neurosci 8:183, 2000); seeds are fixed.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import h5py
import numpy as np

N_EXC, N_INH, SHARE = 4_000, 1_000, 0.1
DT_MS, DELAY_MS, WARM_UP_MS = 0.1, 1.5, 500.0
NEURON = {"C_m": 1.0, "tau_m": 20.0, "t_ref": 2.0, "E_L": 0.0, "V_reset": 10.0, "V_m": 0.0, "V_th": 20.0}
J_MV = 0.2
STATES = {"SI_fast": (6.0, 4.0), "SI_slow": (4.5, 0.9), "AI": (5.0, 2.0)}
"""Name in Brunel's figure 8 -> g, and the external rate in units of that which reaches threshold."""


def simulate(g: float, eta: float, duration_ms: float, seed: int, threads: int) -> dict[str, tuple[Any, Any]]:
    """Run the network; return times (ms, from the end of the warm-up on) and ids of the spikes of each population."""
    import nest

    nest.ResetKernel()
    nest.set(resolution=DT_MS, rng_seed=seed, local_num_threads=threads, print_time=False)
    inputs = round(SHARE * N_EXC)
    threshold_hz = 1000.0 * NEURON["V_th"] / (J_MV * inputs * NEURON["tau_m"])
    groups = {"exc": nest.Create("iaf_psc_delta", N_EXC, NEURON), "inh": nest.Create("iaf_psc_delta", N_INH, NEURON)}
    noise = nest.Create("poisson_generator", params={"rate": eta * threshold_hz * inputs})
    everyone = groups["exc"] + groups["inh"]
    nest.Connect(noise, everyone, syn_spec={"weight": J_MV, "delay": DELAY_MS})
    for name, weight, n_inputs in (("exc", J_MV, inputs), ("inh", -g * J_MV, round(SHARE * N_INH))):
        rule = {"rule": "fixed_indegree", "indegree": n_inputs}
        nest.Connect(groups[name], everyone, rule, {"weight": weight, "delay": DELAY_MS})
    recorders = {name: nest.Create("spike_recorder", params={"start": WARM_UP_MS}) for name in groups}
    for name, neurons in groups.items():
        nest.Connect(neurons, recorders[name])
    nest.Simulate(WARM_UP_MS + duration_ms)
    found = {}
    for name, neurons in groups.items():
        events = recorders[name].get("events")
        times, ids = np.asarray(events["times"]) - WARM_UP_MS, np.asarray(events["senders"]) - neurons[0].global_id
        order = np.lexsort((ids, times))
        found[name] = (times[order], ids[order])
    return found


def write(folder: Path, spikes: dict[str, tuple[Any, Any]], duration_ms: float, facts: dict[str, Any]) -> None:
    """Write a simulation with its circuit."""
    (folder / "output").mkdir(parents=True, exist_ok=True)
    with h5py.File(folder / "nodes.h5", "w") as file:
        for name, size in (("exc", N_EXC), ("inh", N_INH)):
            group = file.create_group(f"nodes/{name}")
            group["node_type_id"] = np.zeros(size, np.int64)
            group["0/synapse_class"] = [b"EXC" if name == "exc" else b"INH"] * size
    with h5py.File(folder / "output/spikes.h5", "w") as file:
        for name, (times, ids) in spikes.items():
            group = file.create_group(f"spikes/{name}")
            group["timestamps"], group["node_ids"] = times, ids.astype(np.uint64)
            group["timestamps"].attrs["units"] = "ms"
            group.attrs["sorting"] = "by_time"
    nodes = [{"nodes_file": "nodes.h5", "populations": {"exc": {}, "inh": {}}}]
    (folder / "circuit_config.json").write_text(json.dumps({"networks": {"nodes": nodes, "edges": []}}))
    config = {
        "network": "circuit_config.json",
        "run": {"tstop": duration_ms, "dt": DT_MS},
        "output": {"output_dir": "output", "spikes_file": "spikes.h5"},
        "metadata": facts,
    }
    (folder / "simulation_config.json").write_text(json.dumps(config, indent=1))


def main() -> None:
    """Simulate all states."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    for seed, (name, (g, eta)) in enumerate(STATES.items(), start=1):
        spikes = simulate(g, eta, 1000.0 * options.seconds, seed, options.threads)
        write(options.out / name, spikes, 1000.0 * options.seconds, {"state": name, "g": g, "eta": eta})
        print(name, {population: len(times) for population, (times, _) in spikes.items()}, flush=True)


if __name__ == "__main__":
    main()
