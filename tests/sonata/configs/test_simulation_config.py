from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pytest

from spikelib.errors import ConfigError, MissingFileError
from spikelib.sonata.configs.simulation_config import SimulationConfig, bare_simulation, load_simulation
from spikelib.sonata.configs.source import load_source
from tests.sonata.builders import write_json

if TYPE_CHECKING:
    from pathlib import Path

RUN = {"tstop": 100, "dt": 0.1}


def load(folder: Path, **content: Any) -> SimulationConfig:
    return load_simulation(write_json(folder / "simulation_config.json", {"run": RUN, **content}))


def noted(config: SimulationConfig, text: str) -> bool:
    return any(text in note.text for note in config.notes)


def test_bbp_form(tmp_path: Path) -> None:
    write_json(tmp_path / "net/circuit_config.json", {"networks": {"nodes": [{"nodes_file": "nodes.h5"}]}})
    write_json(tmp_path / "sets.json", {})
    config = load(
        tmp_path,
        manifest={"$BASE": ".", "$OUT": "$BASE/out"},
        network="net/circuit_config.json",
        node_sets_file="$BASE/sets.json",
        node_set="All",
        run={"tstart": 1000, "tstop": 1275.0, "dt": 0.025},
        output={"output_dir": "$OUT", "spikes_file": "s.h5", "log_file": "run.log", "spikes_sort_order": "none"},
    )
    assert (config.tstart, config.tstop, config.dt, config.node_set) == (1000.0, 1275.0, 0.025, "All")
    assert config.output.output_dir == tmp_path / "out"
    assert config.output.spikes_file == tmp_path / "out/s.h5"
    assert config.output.log_file == tmp_path / "out/run.log"
    assert config.output.spikes_sort_order == "none"
    assert config.circuit is not None
    assert config.circuit.nodes[0].nodes_file == tmp_path / "net/nodes.h5"
    assert config.node_sets_files == (tmp_path / "sets.json",)
    assert config.content["output"]["output_dir"] == str(tmp_path / "out")
    assert pickle.loads(pickle.dumps(config)) == config


def test_allen_wrapper_reads_each_file_in_its_own_folder(tmp_path: Path) -> None:
    circuit = {"manifest": {"$N": "./h5"}, "networks": {"nodes": [{"nodes_file": "$N/nodes.h5"}]}}
    write_json(tmp_path / "net/circuit.json", circuit)
    simulation = {"run": RUN, "output": {"output_dir": "out", "spikes_file": "s.h5"}}
    write_json(tmp_path / "sim/simulation.json", simulation)
    wrapper = {"manifest": {"$S": "./sim"}, "network": "net/circuit.json", "simulation": "$S/simulation.json"}
    config = load_simulation(write_json(tmp_path / "config.json", wrapper))
    assert config.path == tmp_path / "config.json"
    assert config.circuit is not None
    assert config.circuit.nodes[0].nodes_file == tmp_path / "net/h5/nodes.h5"
    assert config.output.spikes_file == tmp_path / "sim/out/s.h5"
    assert config.tstop == 100.0


def test_wrapper_without_network_takes_that_of_the_simulation(tmp_path: Path) -> None:
    write_json(tmp_path / "sim/circuit.json", {"networks": {"nodes": [{"nodes_file": "nodes.h5"}]}})
    write_json(tmp_path / "sim/simulation.json", {"run": RUN, "network": "circuit.json"})
    config = load_simulation(write_json(tmp_path / "config.json", {"simulation": "sim/simulation.json"}))
    assert config.circuit is not None
    assert config.circuit.path == tmp_path / "sim/circuit.json"


def test_wrapper_of_a_missing_simulation(tmp_path: Path) -> None:
    path = write_json(tmp_path / "config.json", {"simulation": "none.json"})
    with pytest.raises(MissingFileError, match=r"none\.json: there is no such simulation config"):
        load_simulation(path)


def test_inline_networks(tmp_path: Path) -> None:
    config = load(tmp_path, networks={"nodes": [{"nodes_file": "${configdir}/n.h5", "node_types_file": None}]})
    assert config.circuit is not None
    assert config.circuit.path is None
    assert config.circuit.nodes[0].nodes_file == tmp_path / "n.h5"


def test_default_network(tmp_path: Path) -> None:
    assert load(tmp_path).circuit is None
    assert noted(load(tmp_path), "no 'network' is named and there is no")
    write_json(tmp_path / "circuit_config.json", {"networks": {"nodes": []}})
    assert load(tmp_path).circuit is not None
    assert noted(load(tmp_path), "circuit_config.json beside it is used")


def test_missing_network_is_a_note(tmp_path: Path) -> None:
    config = load(tmp_path, network="/elsewhere/circuit.json")
    assert config.circuit is None
    assert noted(config, "'network' does not exist: /elsewhere/circuit.json")


@pytest.mark.parametrize("key", ["input_file", "spike_file", "spikes_file"])
def test_inputs_have_absolute_files(tmp_path: Path, key: str) -> None:
    config = load(tmp_path, manifest={"$IN": "./in"}, inputs={"ext": {"module": "x", key: "$IN/s.h5"}})
    assert config.inputs == {"ext": {"module": "x", key: str(tmp_path / "in/s.h5")}}
    assert noted(config, f"input 'ext': '{key}' does not exist: {tmp_path / 'in/s.h5'}")


def test_missing_things_are_noted(tmp_path: Path) -> None:
    config = load_simulation(write_json(tmp_path / "c.json", {"node_sets_file": "$NO/sets.json", "node_set": 3}))
    assert (config.tstart, config.tstop, config.dt, config.node_set) == (0.0, None, None, None)
    assert config.node_sets_files == ()
    for text in ("run.tstop is not given", "run.dt is", "'node_sets_file' does not exist", "define $NO", "ignored: 3"):
        assert noted(config, text), text


def test_repeated_key_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    path.write_text('{"run": {"tstop": 1, "tstop": 2, "dt": 1}}')
    config = load_simulation(path)
    assert config.tstop == 2.0
    assert noted(config, "'tstop' is given twice")


@pytest.mark.parametrize(
    ("content", "match"),
    [
        ({"run": {"tstop": "100"}}, r"run\.tstop must be a number of ms, not '100'"),
        ({"run": {"tstop": True}}, "not True"),
        ({"run": {"tstart": float("nan")}}, "run.tstart must be a number of ms, not nan"),
        ({"run": []}, "'run' must be an object {...}, not list"),
        ({"output": {"output_dir": 3}}, "output.output_dir must be a text in quotes, not 3"),
        ({"inputs": {"a": 1}}, "the input 'a' must be an object"),
        ({"network": {"a": 1}}, "'network' must be the path of a circuit config, not dict"),
        ({"node_sets_file": 3}, "'node_sets_file' must be a path in quotes, not 3"),
        ({"networks": {"nodes": {"a": 1}}}, "'networks' must be an object with a list 'nodes'"),
        ({"networks": {"nodes": [{}]}}, r"each of networks\.nodes must be an object with the path 'nodes_file'"),
        ({"networks": {"nodes": [{"nodes_file": "n", "populations": ["a"]}]}}, "'populations' of n must be"),
    ],
)
def test_wrong_content(tmp_path: Path, content: dict[str, Any], match: str) -> None:
    with pytest.raises(ConfigError, match=match):
        load(tmp_path, **content)


def test_bare_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=r"no\.h5: there is no such spike file"):
        bare_simulation(tmp_path / "no.h5")


def test_relative_path_gives_absolute_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_json(tmp_path / "c.json", {"run": RUN, "output": {"output_dir": "out", "spikes_file": "s.h5"}})
    monkeypatch.chdir(tmp_path)
    assert load_source("c.json").output.spikes_file == tmp_path / "out/s.h5"


@pytest.mark.parametrize(
    ("name", "tstart", "tstop", "circuit", "node_sets"),
    [
        ("allen_300_cells/config.json", 0, 1500, 2, 1),
        ("allen_300_cells/simulation_config.json", 0, 1500, 2, 1),
        ("bmtk_bio_300cells_nosurround/config.simulation.json", 0, 3000, 2, 0),
        ("bluecellulab_hippocampus/sonata_unit_test_sims/projections/simulation_config.json", 0, 100, 2, 1),
        ("pd_microcircuit_nest/simulation_config.json", 0, 10_000, 2, 1),
        ("brunel_campaign_nest/sims/AI_s3/simulation_config.json", 0, 1000, 1, 1),
        (
            "bluecellulab_quick_scx/sim_quick_scx_sonata_multicircuit/simulation_config_hypamp.json",
            1000, 1275, 2, 1,
        ),
        ("sonata_extension_usecases/usecase4/simulation_sonata.json", 0, 1, None, 0),
    ],
)  # fmt: skip
def test_real_configs(
    real_data: Path, name: str, tstart: float, tstop: float, circuit: int | None, node_sets: int
) -> None:
    config = load_source(real_data / name)
    assert (config.tstart, config.tstop) == (tstart, tstop)
    assert (None if config.circuit is None else len(config.circuit.nodes)) == circuit
    assert len(config.node_sets_files) == node_sets
    assert config.output.spikes_file.is_file()
