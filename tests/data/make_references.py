"""Make reference_counts.json and reference_nodesets.json with BMTK, bluepysnap and numpy, without any code of spikelib.

    python tests/data/make_references.py [--check] [FOLDER]

It reads all spike files below FOLDER, here by default, and writes both files there. With ``--check`` it writes nothing,
and exits with status 1 if the files in FOLDER hold something else; only the last digits of sums and means, which depend
on the processor, may differ.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import warnings
from pathlib import Path
from typing import Any

import h5py
import numpy as np

HERE = Path(__file__).parent
NODE_SETS_OF = (
    "pd_microcircuit_nest/simulation_config.json",
    "brunel_campaign_nest/sims/AI_s1/simulation_config.json",
    "brunel_campaign_nest/sims/AI_s3/simulation_config.json",
    "brunel_campaign_nest/sims/SIslow/simulation_config.json",
    "bluecellulab_hippocampus/sonata_unit_test_sims/projections/simulation_config.json",
    "bluecellulab_quick_scx/sim_quick_scx_sonata_multicircuit/simulation_config_hypamp.json",
)
"""The simulations with node sets that bluepysnap opens; those that FOLDER lacks are passed over."""


def is_spike_file(path: Path) -> bool:
    """Return whether an HDF5 file holds a spike report."""
    with h5py.File(path) as file:
        return "spikes" in file


def count(times: np.ndarray, ids: np.ndarray) -> dict[str, Any]:
    """Count the spikes of a population, given in the order of its file; times in ms.

    ``cv_mean_ge2isi_ddof0`` is the mean over the ``cv_n`` nodes with two intervals or more of the standard deviation of
    a node's intervals, divided by n, over their mean.
    """
    by_node = [np.diff(np.sort(times[ids == node])) for node in np.unique(ids)]
    intervals = np.concatenate(by_node)
    irregularities = [isi.std(ddof=0) / isi.mean() for isi in by_node if len(isi) >= 2]
    return {
        "n": len(times),
        "n_ids": len(by_node),
        "id_min": int(ids.min()),
        "id_max": int(ids.max()),
        "t_min": float(times.min()),
        "t_max": float(times.max()),
        "t_sum": float(times.sum()),
        "n_isi": len(intervals),
        "isi_mean": float(intervals.mean()) if len(intervals) else None,
        "cv_mean_ge2isi_ddof0": float(np.mean(irregularities)) if irregularities else None,
        "cv_n": len(irregularities),
    }


def counts_of(path: Path) -> dict[str, Any]:
    """Count the spikes of each population of a file that has any, as BMTK reads it."""
    from bmtk.utils.reports.spike_trains import SpikeTrains

    spikes = SpikeTrains.from_sonata(str(path)).to_dataframe()
    return {
        str(name): count(part["timestamps"].to_numpy(float), part["node_ids"].to_numpy())
        for name, part in spikes.groupby("population")
    }


def node_sets_of(config: Path) -> dict[str, Any]:
    """Count the nodes and the spikes of each node set of a simulation, as bluepysnap finds them."""
    import bluepysnap

    simulation = bluepysnap.Simulation(str(config))
    found = {}
    for name in sorted(simulation.node_sets):
        sizes = {
            population: len(nodes.ids(name, raise_missing_property=False))
            for population, nodes in simulation.circuit.nodes.items()
        }
        spikes = simulation.spikes.filter(name).report
        found[name] = {"n_nodes": {key: size for key, size in sizes.items() if size}, "n_spikes": len(spikes)}
    return found


def make(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the content of both files."""
    # Those in `bad` end the process that reads them.
    good = [path for path in sorted(folder.rglob("*.h5")) if path.parent.name != "bad"]
    files = [path for path in good if is_spike_file(path)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            "reference_counts.json": {path.relative_to(folder).as_posix(): counts_of(path) for path in files},
            "reference_nodesets.json": {
                name: node_sets_of(folder / name) for name in NODE_SETS_OF if (folder / name).exists()
            },
        }


def same(held: Any, found: Any) -> bool:
    """Return whether both hold the same keys and values, numbers to a part in 10^12."""
    if isinstance(held, dict) and isinstance(found, dict):
        return held.keys() == found.keys() and all(same(held[key], found[key]) for key in held)
    if isinstance(held, float) and isinstance(found, float):
        return math.isclose(held, found, rel_tol=1e-12)
    return bool(held == found)


def main() -> None:
    """Write both files, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare and write nothing")
    parser.add_argument("folder", nargs="?", type=Path, default=HERE, metavar="FOLDER")
    arguments = parser.parse_args()
    different = []
    for name, content in make(arguments.folder).items():
        path = arguments.folder / name
        if not arguments.check:
            path.write_text(json.dumps(content, indent=1) + "\n")
            continue
        held = json.loads(path.read_text())
        different += [f"{name}: {key}" for key in held | content if not same(held.get(key), content.get(key))]
    sys.exit("\n".join(different) or None)


if __name__ == "__main__":
    main()
