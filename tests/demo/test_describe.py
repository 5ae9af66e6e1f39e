"""The texts of the demo: the packaged files are what the code says, and their node sets mean what they say."""

from __future__ import annotations

import json
from importlib.resources import files

import numpy as np
import pytest

from spikelib.circuit.circuit import Circuit
from spikelib.demo import column, describe, write_demo

PACKAGED = files("spikelib.demo") / "data"


def test_the_packaged_circuit_is_the_one_of_the_code():
    assert json.loads((PACKAGED / "circuit_config.json").read_text()) == describe.circuit_config()


def test_simulation_config_of_a_run(run):
    config = describe.simulation_config(run)
    packaged = json.loads((PACKAGED / "simulation_config.json").read_text())
    assert config["run"] == {"tstart": 0.0, "tstop": 10.0, "dt": 0.1, "random_seed": 1}
    assert config["metadata"]["simulator"] == "hand"
    assert config["metadata"]["stimuli"] == "flash_left 300-320 ms; moving_bar 600-900 ms; flash_all 1200-1210 ms"
    same = ("version", "manifest", "network", "node_set", "output")
    assert {key: config[key] for key in same} == {key: packaged[key] for key in same}


def test_log_by_hand(run):
    assert describe.log_text(run).splitlines() == [
        "simulator       hand, 1 thread, seed 1",
        "resolution      0.1 ms",
        "warm-up         5 ms, not reported",
        "reported        10 ms",
        f"cortex          {len(run.cortex)} cells, 2 spikes",
        "thalamus        120 cells, 2 spikes",
    ]


def test_readme_counts_spikes_and_rates(run):
    text = describe.readme_text(run)
    n_nodes = int((run.cortex.group == 0).sum())  # both spikes are of ids 1 and 3, the first group
    assert f"| L23E | {n_nodes} | 2 | {2 / n_nodes / 10.0 * 1000.0:.2f} |" in text
    assert "| L6I | 103 | 0 | 0.00 |" in text
    assert "| thalamus | 120 | 2 | 0.1 | 7.5 |" in text
    assert "{" not in text


@pytest.fixture(scope="module")
def circuit(tmp_path_factory):
    return Circuit(write_demo(tmp_path_factory.mktemp("demo")).with_name("circuit_config.json"))


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("Excitatory", {"synapse_class": "EXC"}),
        ("Layer23", {"layer": "L2/3"}),
        ("L5I", {"layer": "L5", "synapse_class": "INH"}),
        ("ThalamicTargets", {"layer": ["L4", "L6"]}),
    ],
)
def test_node_sets_are_what_their_names_say(circuit, name, members):
    cortex = circuit.nodes["cortex"]
    np.testing.assert_array_equal(cortex.ids(name), cortex.ids(members))
    assert len(circuit.nodes["thalamus"].ids(name, raise_missing_property=False)) == 0


def test_halves_share_no_node_and_miss_none(circuit):
    cortex = circuit.nodes["cortex"]
    left, right = cortex.ids("LeftHalf"), cortex.ids("RightHalf")
    assert sorted([*left, *right]) == list(range(cortex.size))
    assert circuit.nodes["cortex"].values("x")[left].max() < 0 <= cortex.values("x")[right].min()


def test_the_probe_follows_the_axis_of_the_column(cortex):
    probe = describe.node_sets(cortex)["Probe"]["node_id"]
    assert len(probe) == describe.PROBE_SITES
    x, y, z = cortex.xyz[probe].T
    assert np.hypot(x, z).max() < column.RADIUS_UM / 3
    assert y.max() - y.min() > 0.9 * (cortex.xyz[:, 1].max() - cortex.xyz[:, 1].min())
