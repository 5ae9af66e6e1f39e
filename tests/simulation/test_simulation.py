from __future__ import annotations

import pickle
import warnings
from typing import TYPE_CHECKING, Any

import h5py
import pytest

from spikelib.errors import ConfigError, MissingFileError, SpikelibWarning
from spikelib.simulation.simulation import Simulation
from tests.sonata.builders import write_json, write_nodes

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, circuit: dict[str, Any] | None = None, **content: Any) -> Path:
    """Write a simulation of one population of three nodes, with node sets in the circuit."""
    write_nodes(folder / "nodes.h5", "pop", {"0": {"layer": [4, 5, 4]}}, node_type_id=[-1] * 3)
    write_json(folder / "circuit_sets.json", {"all": ["four"], "four": {"layer": 4}})
    networks = {"nodes": [{"nodes_file": "nodes.h5"}]}
    write_json(folder / "circuit.json", {"networks": networks, "node_sets_file": "circuit_sets.json"} | (circuit or {}))
    run = {"tstop": 20, "dt": 0.1, "tstart": 5}
    return write_json(folder / "simulation_config.json", {"run": run, "network": "circuit.json"} | content)


def test_settings(tmp_path: Path) -> None:
    path = write(tmp_path, target_simulator="NEST", conditions={"celsius": 34})
    simulation = Simulation(path)
    assert (simulation.time_start, simulation.time_stop, simulation.dt, simulation.time_units) == (5, 20, 0.1, "ms")
    assert simulation.run == {"tstop": 20, "dt": 0.1, "tstart": 5}
    assert (simulation.simulator, simulation.conditions) == ("NEST", {"celsius": 34})
    assert simulation.output == simulation.config.output
    assert simulation.config.content["network"] == "circuit.json"
    assert repr(simulation) == f"Simulation({str(path)!r})"


def test_circuit_and_node_sets(tmp_path: Path) -> None:
    simulation = Simulation(write(tmp_path))
    nodes = simulation.circuit.nodes["pop"]
    assert nodes.ids("all").tolist() == [0, 2]
    assert simulation.node_sets.ids("all", nodes).tolist() == [0, 2]


def test_simulation_redefines_node_sets(tmp_path: Path) -> None:
    write_json(tmp_path / "sets.json", {"four": {"layer": 5}, "new": ["all"]})
    simulation = Simulation(write(tmp_path, node_sets_file="sets.json"))
    nodes = simulation.circuit.nodes["pop"]
    with pytest.warns(SpikelibWarning, match=r"overwrite 1 node set\(s\) in Circuit node sets: four$"):
        sets = simulation.node_sets
    assert sets.ids("new", nodes).tolist() == [1]
    assert nodes.ids("all").tolist() == [0, 2]
    assert list(simulation.circuit.node_sets) == ["all", "four"]


def test_warning_names_ten_node_sets(tmp_path: Path) -> None:
    sets = {f"s{number:02}": {"node_id": number} for number in range(12)}
    write_json(tmp_path / "many.json", sets)
    path = write(tmp_path, {"node_sets_file": "many.json"}, node_sets=sets)
    with pytest.warns(SpikelibWarning, match=r"overwrite 12 node set\(s\) .*: s00, .*, s09, \.\.\.$"):
        assert len(Simulation(path).node_sets) == 12


def test_same_file_for_both_is_read_once(tmp_path: Path) -> None:
    simulation = Simulation(write(tmp_path, node_sets_file="circuit_sets.json"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert list(simulation.node_sets) == ["all", "four"]


def test_simulated_ids(tmp_path: Path) -> None:
    simulation = Simulation(write(tmp_path, node_set="four"))
    found = simulation.simulated_ids("pop")
    assert found is not None
    assert found.tolist() == [0, 2]
    assert simulation.simulated_ids("ghost") is None
    (tmp_path / "nodes.h5").unlink()
    assert Simulation(write(tmp_path)).simulated_ids("pop") is None


def test_unusable_node_set_warns(tmp_path: Path) -> None:
    simulation = Simulation(write(tmp_path, node_set="none"))
    with pytest.warns(SpikelibWarning, match="the node set 'none' of the run cannot be used, all nodes count"):
        assert simulation.simulated_ids("pop") is None


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
