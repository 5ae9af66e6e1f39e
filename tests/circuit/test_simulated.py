"""What a simulation says of its circuit: settings, node sets, simulated nodes, facts."""

from __future__ import annotations

import pickle
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import pytest

from spikelib.circuit.simulated import SimulatedCircuit
from spikelib.errors import ConfigError, SpikelibWarning
from spikelib.findings import Kind
from spikelib.sonata.configs.source import load_source
from spikelib.sonata.spikes.arrays import RunFacts
from tests.circuit.small_simulation import write
from tests.sonata.builders import write_json


def test_settings(tmp_path: Path) -> None:
    path = write(tmp_path)
    simulated = SimulatedCircuit(path)
    assert (simulated.time_start, simulated.time_stop, simulated.dt, simulated.time_units) == (5, 20, 0.1, "ms")
    assert simulated.output is simulated.config.output
    assert repr(simulated) == f"SimulatedCircuit({str(path)!r})"


def test_a_config_that_is_loaded_is_taken_as_it_is(tmp_path: Path) -> None:
    config = load_source(write(tmp_path))
    assert SimulatedCircuit(config).config is config
    allowed = SimulatedCircuit(config, allow_outside="/").config
    assert (allowed.allow_outside, replace(allowed, allow_outside=())) == ((Path("/"),), config)


def test_circuit_and_node_sets(tmp_path: Path) -> None:
    simulated = SimulatedCircuit(write(tmp_path))
    nodes = simulated.circuit.nodes["pop"]
    assert nodes.ids("all").tolist() == [0, 2]
    assert simulated.node_sets.ids("all", nodes).tolist() == [0, 2]


def test_simulation_redefines_node_sets(tmp_path: Path) -> None:
    write_json(tmp_path / "sets.json", {"four": {"layer": 5}, "new": ["all"]})
    simulated = SimulatedCircuit(write(tmp_path, node_sets_file="sets.json"))
    nodes = simulated.circuit.nodes["pop"]
    with pytest.warns(SpikelibWarning, match=r"overwrite 1 node set\(s\) in Circuit node sets: four$"):
        sets = simulated.node_sets
    assert sets.ids("new", nodes).tolist() == [1]
    assert nodes.ids("all").tolist() == [0, 2]
    assert list(simulated.circuit.node_sets) == ["all", "four"]


def test_warning_names_ten_node_sets(tmp_path: Path) -> None:
    sets = {f"s{number:02}": {"node_id": number} for number in range(12)}
    write_json(tmp_path / "many.json", sets)
    path = write(tmp_path, {"node_sets_file": "many.json"}, node_sets=sets)
    with pytest.warns(SpikelibWarning, match=r"overwrite 12 node set\(s\) .*: s00, .*, s09, \.\.\.$"):
        assert len(SimulatedCircuit(path).node_sets) == 12


def test_same_file_for_both_is_read_once(tmp_path: Path) -> None:
    simulated = SimulatedCircuit(write(tmp_path, node_sets_file="circuit_sets.json"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert list(simulated.node_sets) == ["all", "four"]


def test_simulated_ids(tmp_path: Path) -> None:
    simulated = SimulatedCircuit(write(tmp_path, node_set="four"))
    found = simulated.simulated_ids("pop")
    assert found is not None
    assert found.tolist() == [0, 2]
    assert simulated.simulated_ids("ghost") is None
    (tmp_path / "nodes.h5").unlink()
    assert SimulatedCircuit(write(tmp_path)).simulated_ids("pop") is None


def test_unusable_node_set_warns(tmp_path: Path) -> None:
    simulated = SimulatedCircuit(write(tmp_path, node_set="none"))
    with pytest.warns(SpikelibWarning, match="the node set 'none' of the run cannot be used, all nodes count"):
        assert simulated.simulated_ids("pop") is None


def test_facts_of_populations_inside_and_outside_of_the_circuit(tmp_path: Path) -> None:
    simulated = SimulatedCircuit(write(tmp_path))
    assert simulated.facts("pop") == RunFacts(3, "biophysical", 5.0, 20.0)
    assert simulated.facts("ghost") == RunFacts(None, None, 5.0, 20.0)


def test_only_populations_of_the_circuit_are_described(tmp_path: Path) -> None:
    simulated = SimulatedCircuit(write(tmp_path))
    found = simulated.described(["ghost", "pop"])
    assert list(found) == ["pop"]
    assert found["pop"] is simulated.circuit.nodes["pop"]


def test_a_bare_spike_file_has_no_circuit(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "spikes.h5", "w"):
        pass
    simulated = SimulatedCircuit(tmp_path / "spikes.h5")
    assert (simulated.time_start, simulated.time_stop, simulated.dt) == (0.0, None, None)
    assert (list(simulated.circuit.nodes), list(simulated.node_sets)) == ([], [])
    assert simulated.facts("any") == RunFacts()
    assert repr(simulated) == f"SimulatedCircuit({str(tmp_path / 'spikes.h5')!r})"


def test_another_process_reads_for_itself(tmp_path: Path) -> None:
    simulated = SimulatedCircuit(write(tmp_path, node_set="four"))
    assert simulated.circuit.nodes["pop"].size == 3
    content = pickle.dumps(simulated)
    write_json(tmp_path / "circuit_sets.json", {"four": {"layer": 5}})
    again = pickle.loads(content)
    assert again.config == simulated.config
    found = again.simulated_ids("pop")
    assert found is not None
    assert found.tolist() == [1], "the node sets are those of the file as it is now"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match="a folder that holds no simulation config; name the simulation config or the spike file"
    ):
        SimulatedCircuit(tmp_path)


@pytest.mark.parametrize(
    ("run", "known", "text"),
    [
        (
            {"tstart": 5, "tstop": 5, "dt": 0.1},
            (5.0, None, 0.1),
            "run.tstop is 5 ms, which is not after run.tstart, 5 ms",
        ),
        ({"tstop": 0.0, "dt": 0.1}, (0.0, None, 0.1), "run.tstop is 0 ms, which is not after run.tstart, 0 ms"),
        ({"tstart": 900.0, "tstop": 100.0, "dt": 0.1}, (900.0, None, 0.1), "run.tstop is 100 ms, which is not after"),
        ({"tstop": 100.0, "dt": 0}, (0.0, 100.0, None), "run.dt is 0 ms, which is no time step"),
        ({"tstop": 100.0, "dt": -0.1}, (0.0, 100.0, None), "run.dt is -0.1 ms, which is no time step"),
    ],
    ids=str,
)
def test_times_that_cannot_be_are_unknown(tmp_path: Path, run: Any, known: Any, text: str) -> None:
    simulated = SimulatedCircuit(write(tmp_path, run=run))
    assert (simulated.time_start, simulated.time_stop, simulated.dt) == known
    [note] = [note for note in simulated.config.notes if note.kind is Kind.RUN_VALUE_WRONG]
    assert text in note.text


@pytest.mark.parametrize("name", ["Pop", " pop", "ALL", "<sonata:none>"])
def test_population_that_may_be_another_is_told(tmp_path: Path, name: str) -> None:
    note = SimulatedCircuit(write(tmp_path)).facts(name).note
    assert note is not None
    assert note.kind is Kind.POPULATION_MISNAMED
    assert note.text == f"the circuit has no population {name!r}, but 'pop'; names must be equal"


@pytest.mark.parametrize("name", ["ghost", "popp", "pop"])
def test_population_that_is_none_of_the_circuit_is_told_by_nothing_else(tmp_path: Path, name: str) -> None:
    assert SimulatedCircuit(write(tmp_path)).facts(name).note is None
