"""The texts of the demo: its SONATA configs, node sets, log and README."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.demo.column import CELL_SCALE, GROUPS, INDEGREE_SCALE
from spikelib.demo.stimulus import EVENTS

if TYPE_CHECKING:
    from spikelib.demo.column import Cells
    from spikelib.demo.run import Run

__all__ = ["circuit_config", "log_text", "node_sets", "readme_text", "simulation_config"]

PROBE_SITES = 16

README = """\
# The demo of spikelib

A cortical column of {n_cortex} cells in four layers over a sheet of {n_thalamus} thalamic cells, simulated
with {simulator} for {duration:g} ms after a warm-up of {warm_up:g} ms (dt {dt:g} ms, seed {seed}).

The cell numbers, connection probabilities and external input are those published by Potjans and
Diesmann (Cerebral Cortex 24:785, 2014), with {cell_scale:.1%} of the cells and {indegree_scale:.0%} of
the synapses of a cell; weights and mean input are corrected for that (van Albada et al., PLoS Comput
Biol 11:e1004490, 2015). Places, distance-dependent connections and delays, thresholds, cell types,
thalamic cells and stimulus are ours. Node ids run group by group, and from left to right (along x)
inside a group. `y` is minus the depth below the pia; positions are in um.

The stimulus is a rate of the thalamic cells, on top of 2 Hz of noise:

| name | from (ms) | to (ms) | what |
|---|---|---|---|
{events}

## What is in the files

| population | nodes | spikes | first (ms) | last (ms) |
|---|---|---|---|---|
{populations}

| node set | nodes | spikes | mean rate (Hz) |
|---|---|---|---|
{groups}

Made by `python -m spikelib.demo.make OUT`, which needs `pip install nest-simulator` and nothing else
beside spikelib; the same version of NEST gives the same files.

## Licence

Our own data, under the licence of spikelib: BSD-3-Clause.
"""


def circuit_config() -> dict[str, Any]:
    """Return the circuit config: two populations, no edges."""
    types = {"cortex": "point_neuron", "thalamus": "virtual"}
    return {
        "version": 2,
        "manifest": {"$BASE_DIR": ".", "$NODES_DIR": "$BASE_DIR/nodes"},
        "node_sets_file": "$BASE_DIR/node_sets.json",
        "networks": {
            "nodes": [
                {"nodes_file": f"$NODES_DIR/{name}.h5", "populations": {name: {"type": kind}}}
                for name, kind in types.items()
            ],
            "edges": [],
        },
    }


def simulation_config(run: Run) -> dict[str, Any]:
    """Return the simulation config; the folder and file names are those that `write_run` uses."""
    return {
        "version": 2.4,
        "manifest": {"$BASE_DIR": ".", "$OUTPUT_DIR": "$BASE_DIR/output"},
        "metadata": {
            "title": "Demo of spikelib: a cortical column and its thalamic input",
            "simulator": run.simulator,
            "licence": "BSD-3-Clause",
            # One string: libsonata refuses lists in the metadata.
            "stimuli": "; ".join(f"{e.name} {e.start_ms:g}-{e.stop_ms:g} ms" for e in EVENTS),
        },
        "network": "$BASE_DIR/circuit_config.json",
        "node_set": "Column",
        "run": {"tstart": 0.0, "tstop": run.duration_ms, "dt": run.dt_ms, "random_seed": run.seed},
        "output": {
            "output_dir": "$OUTPUT_DIR",
            "spikes_file": "spikes.h5",
            "spikes_sort_order": "by_time",
            "log_file": "simulation.log",
        },
        "inputs": {
            "thalamic_stimulus": {
                "module": "synapse_replay",
                "input_type": "spikes",
                "delay": 0.0,
                "duration": run.duration_ms,
                "spike_file": "$BASE_DIR/inputs/thalamus_spikes.h5",
                "node_set": "Cortex",
            }
        },
    }


def node_sets(cortex: Cells) -> dict[str, Any]:
    """Return the node sets: by population, layer, class, group, half and one small set of ids."""
    layers = {group.layer: group.layer.replace("/", "").replace("L", "Layer") for group in GROUPS}
    sets: dict[str, Any] = {"Cortex": {"population": "cortex"}, "Thalamus": {"population": "thalamus"}}
    sets["Column"] = ["Cortex", "Thalamus"]
    sets |= {name: {"population": "cortex", "layer": layer} for layer, name in layers.items()}
    sets["Excitatory"] = {"population": "cortex", "synapse_class": "EXC"}
    sets["Inhibitory"] = {"population": "cortex", "synapse_class": "INH"}
    for group in GROUPS:
        sets[group.name] = {
            "population": "cortex", "layer": group.layer, "synapse_class": group.synapse_class
        }  # fmt: skip
    sets["ThalamicTargets"] = [group.name for group in GROUPS if group.n_thalamic]
    sets["LeftHalf"] = {"population": "cortex", "x": {"$lt": 0.0}}
    sets["RightHalf"] = {"population": "cortex", "x": {"$gte": 0.0}}
    sets["Probe"] = {"population": "cortex", "node_id": _probe(cortex)}
    return sets


def log_text(run: Run) -> str:
    """Return the log of the run."""
    lines = [
        f"simulator       {run.simulator}, 1 thread, seed {run.seed}",
        f"resolution      {run.dt_ms:g} ms",
        f"warm-up         {run.warm_up_ms:g} ms, not reported",
        f"reported        {run.duration_ms:g} ms",
        f"cortex          {len(run.cortex)} cells, {len(run.cortex_spikes)} spikes",
        f"thalamus        {len(run.thalamus)} cells, {len(run.thalamus_spikes)} spikes",
    ]
    return "\n".join(lines) + "\n"


def readme_text(run: Run) -> str:
    """Return the README of the data, with the counts that the files hold."""
    populations = {
        "cortex": (run.cortex, run.cortex_spikes),
        "thalamus": (run.thalamus, run.thalamus_spikes),
    }
    rows = (
        (name, len(cells), len(spikes), f"{spikes.times_ms[0]:.1f}", f"{spikes.times_ms[-1]:.1f}")
        for name, (cells, spikes) in populations.items()
    )
    return README.format(
        n_cortex=len(run.cortex),
        n_thalamus=len(run.thalamus),
        simulator=run.simulator,
        duration=run.duration_ms,
        warm_up=run.warm_up_ms,
        dt=run.dt_ms,
        seed=run.seed,
        cell_scale=CELL_SCALE,
        indegree_scale=INDEGREE_SCALE,
        events=_table((e.name, f"{e.start_ms:g}", f"{e.stop_ms:g}", e.description) for e in EVENTS),
        populations=_table(rows),
        groups=_table(_group_row(run, index) for index in range(len(GROUPS))),
    )


def _probe(cells: Cells) -> list[int]:
    """Return the cells nearest to evenly spaced sites on the axis of the column, as a probe has them."""
    x, y, z = cells.xyz.astype(float).T
    sites = np.linspace(y.max(), y.min(), PROBE_SITES)
    return sorted({int(np.argmin(x**2 + z**2 + (y - site) ** 2)) for site in sites})


def _group_row(run: Run, index: int) -> tuple[object, ...]:
    n_nodes = int((run.cortex.group == index).sum())
    n_spikes = int((run.cortex.group[run.cortex_spikes.ids.astype(np.int64)] == index).sum())
    return GROUPS[index].name, n_nodes, n_spikes, f"{n_spikes / n_nodes / run.duration_ms * 1000.0:.2f}"


def _table(rows: Any) -> str:
    return "\n".join("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows)
