from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import h5py
import pytest

from spikelib.errors import ConfigError, MissingFileError
from spikelib.simulation.simulation import Simulation
from tests.circuit.small_simulation import write
from tests.writing import write_spikes

if TYPE_CHECKING:
    from pathlib import Path


def test_settings(tmp_path: Path) -> None:
    path = write(tmp_path, target_simulator="NEST", conditions={"celsius": 34})
    simulation = Simulation(path)
    assert (simulation.time_start, simulation.time_stop, simulation.dt, simulation.time_units) == (5, 20, 0.1, "ms")
    assert simulation.run == {"tstop": 20, "dt": 0.1, "tstart": 5}
    assert (simulation.simulator, simulation.conditions) == ("NEST", {"celsius": 34})
    assert simulation.output == simulation.config.output
    assert simulation.config.content["network"] == "circuit.json"
    assert repr(simulation) == f"Simulation({str(path)!r})"


def test_without_circuit(tmp_path: Path) -> None:
    simulation = Simulation(write(tmp_path, network="elsewhere/circuit.json", node_set="all"))
    assert list(simulation.circuit.nodes) == []
    assert list(simulation.node_sets) == []
    assert simulation.simulated_ids("pop") is None
    assert any("'network' does not exist" in note.text for note in simulation.config.notes)


def test_bare_spike_file(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "spikes.h5", "w"):
        pass
    simulation = Simulation(tmp_path / "spikes.h5")
    assert (simulation.time_start, simulation.time_stop, simulation.run, simulation.inputs) == (0.0, None, {}, {})
    assert repr(simulation) == f"Simulation({str(tmp_path / 'spikes.h5')!r})"


def test_pickle(tmp_path: Path) -> None:
    simulation = Simulation(write(tmp_path))
    again = pickle.loads(pickle.dumps(simulation))
    assert again.config == simulation.config
    assert again.circuit.nodes["pop"].size == 3


def test_inputs(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "in.h5", "w") as file:
        file["spikes/ext/timestamps"] = [1.0, 2.0]
        file["spikes/ext/node_ids"] = [0, 1]
    inputs = {
        "replay": {"module": "synapse_replay", "spike_file": "in.h5"},
        "gone": {"module": "synapse_replay", "spikes_file": "gone.h5"},
        "pulse": {"module": "pulse", "input_file": "table.csv"},
    }
    simulation = Simulation(write(tmp_path, inputs=inputs))
    replay = simulation.inputs["replay"]
    assert replay.spike_file == tmp_path / "in.h5"
    assert replay.reader.population_names == ["ext"]
    assert replay["module"] == "synapse_replay"
    assert (sorted(replay), len(replay)) == (["module", "spike_file"], 2)
    with pytest.raises(MissingFileError, match=r"gone\.h5: there is no such spike file"):
        str(simulation.inputs["gone"].reader)
    with pytest.raises(ConfigError, match="the input 'pulse' names no spike file"):
        str(simulation.inputs["pulse"].reader)


def test_allen_wrapper(real_data: Path) -> None:
    simulation = Simulation(real_data / "allen_300_cells/config.json")
    internal = simulation.circuit.nodes["internal"]
    assert simulation.node_sets.ids("recorded_cells", internal).tolist() == [0, 80, 160, 240, 270]
    assert simulation.circuit.nodes["external"].type == "virtual"
    assert len(internal.ids({"ei": "i", "model_name": {"$regex": "PV."}})) == 60


def test_spikes_that_are_played_in_know_the_groups_of_the_circuit(tmp_path: Path) -> None:
    write_spikes(tmp_path / "in.h5", {"pop": ([1.0, 2.0, 3.0], [0, 1, 2])})
    replay = {"module": "synapse_replay", "input_type": "spikes", "spike_file": str(tmp_path / "in.h5")}
    simulation = Simulation(write(tmp_path, inputs={"replay": replay}))
    reader = simulation.inputs["replay"].reader
    assert reader.path == tmp_path / "in.h5"
    for group in ({"node_id": [2]}, *simulation.node_sets):
        wanted = simulation.circuit.nodes["pop"].ids(group) if isinstance(group, dict) else None
        wanted = simulation.node_sets.ids(group, simulation.circuit.nodes["pop"]) if wanted is None else wanted
        assert set(reader["pop"].get(group)) == set(wanted) & {0, 1, 2}
