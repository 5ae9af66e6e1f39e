"""Links out of the simulation's folders: refused by the interface and by every command, unless allowed."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import h5py
import pytest

from spikelib.circuit.circuit import Circuit
from spikelib.cli.main import main
from spikelib.errors import NodesError, SpikeFileError
from spikelib.simulation.simulation import Simulation, open_report
from tests.writing import write_simulation

if TYPE_CHECKING:
    from pathlib import Path

SPIKES = {"a": ([1.0, 2.0], [0, 1])}


def moved_out(folder: Path, file: str, place: str) -> Path:
    """Write a simulation, a part of whose file is elsewhere and linked; return its config."""
    config = write_simulation(folder / "run", SPIKES, {"a": {"layer": [4, 5, 6]}})
    (folder / "elsewhere").mkdir()
    with h5py.File(folder / "run" / file, "a") as here, h5py.File(folder / "elsewhere/part.h5", "w") as there:
        here.copy(place, there, "moved")
        del here[place]
        here[place] = h5py.ExternalLink(str(folder / "elsewhere/part.h5"), "moved")
    return config


@pytest.fixture(params=["spikes/a", "spikes", "spikes/a/timestamps"])
def spikes_outside(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return moved_out(tmp_path, "output/spikes.h5", request.param)


@pytest.fixture(params=["nodes/a", "nodes", "nodes/a/0", "nodes/a/0/layer"])
def nodes_outside(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return moved_out(tmp_path, "a_nodes.h5", request.param)


def test_spikes_in_python(spikes_outside: Path, tmp_path: Path) -> None:
    with pytest.raises(SpikeFileError, match=r"outside the folders of the simulation; copy it .* --allow-outside /"):
        _ = open_report(spikes_outside)["a"]
    allowed = Simulation(spikes_outside, allow_outside=tmp_path / "elsewhere")
    assert allowed.spikes["a"].get().tolist() == [0, 1]
    assert pickle.loads(pickle.dumps(allowed)).spikes["a"].get().tolist() == [0, 1]
    bare = spikes_outside.parent / "output/spikes.h5"
    assert open_report(bare, allow_outside=[str(tmp_path / "elsewhere")])["a"].get().tolist() == [0, 1]


def test_nodes_in_python(nodes_outside: Path, tmp_path: Path) -> None:
    circuit = nodes_outside.with_name("circuit_config.json")
    with pytest.raises(NodesError, match=r"outside the folders of the simulation; copy it .* --allow-outside /"):
        Simulation(nodes_outside).circuit.nodes["a"].get(properties="layer")
    allowed = Circuit(circuit, allow_outside=tmp_path / "elsewhere")
    assert allowed.nodes["a"].get(properties="layer").tolist() == [4, 5, 6]
    assert pickle.loads(pickle.dumps(allowed)).nodes["a"].ids({"layer": 5}).tolist() == [1]
    simulation = Simulation(nodes_outside, allow_outside=tmp_path / "elsewhere")
    assert simulation.circuit.nodes["a"].get(properties="layer").tolist() == [4, 5, 6]


def test_tree_of_the_config_is_inside_for_nodes_files(tmp_path: Path) -> None:
    config = moved_out(tmp_path, "a_nodes.h5", "nodes/a")
    (tmp_path / "elsewhere").rename(tmp_path / "run/parts")
    (tmp_path / "run/nodes").mkdir()
    (tmp_path / "run/a_nodes.h5").rename(tmp_path / "run/nodes/a_nodes.h5")
    with h5py.File(tmp_path / "run/nodes/a_nodes.h5", "a") as file:
        del file["nodes/a"]
        file["nodes/a"] = h5py.ExternalLink("../parts/part.h5", "moved")
    circuit = tmp_path / "run/circuit_config.json"
    circuit.write_text(circuit.read_text().replace("a_nodes.h5", "nodes/a_nodes.h5"))
    assert Simulation(config).circuit.nodes["a"].size == 3
    assert Circuit(circuit).nodes["a"].size == 3


def test_library_elsewhere_is_refused(tmp_path: Path) -> None:
    config = write_simulation(tmp_path / "run", SPIKES, {"a": {"layer": [0, 1, 0]}})
    with h5py.File(tmp_path / "part.h5", "w") as file:
        file["secret"] = [b"x", b"y"]
    with h5py.File(tmp_path / "run/a_nodes.h5", "a") as file:
        file["nodes/a/0/@library/layer"] = h5py.ExternalLink("../part.h5", "secret")
    with pytest.raises(NodesError, match=r"the link .*/0/@library/layer, to secret of .* leads to .* outside"):
        Simulation(config).circuit.nodes["a"].get(properties="layer")
    nodes = Simulation(config, allow_outside=tmp_path).circuit.nodes["a"]
    assert nodes.get(properties="layer").tolist() == ["x", "y", "x"]


@pytest.mark.parametrize("file", ["output/spikes.h5", "a_nodes.h5"])
def test_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str) -> None:
    config = str(moved_out(tmp_path, file, "spikes/a" if "spikes" in file else "nodes/a"))
    results, allow = tmp_path / "results", ("--allow-outside", str(tmp_path / "elsewhere"))
    commands = {
        "inspect": ("inspect", config),
        "survey": ("inspect", config, "--slabs", "1"),
        "extract": ("extract", config, "--population", "a", "--out", str(results / "spikes/a.parquet")),
        "filter": (
            "filter", config, "--tables", str(results / "spikes"), "--out", str(results / "filters/all"),
            "--group", '{"layer": 5}',
        ),
        "summarise": ("summarise", config, "--filter", str(results / "filters/all")),
    }  # fmt: skip
    for name, words in commands.items():
        if file == "a_nodes.h5" or name in {"inspect", "survey", "extract"}:
            # A survey needs no circuit.
            refused = main([*words]) == 1
            error = capsys.readouterr().err
            assert refused == ("outside the folders of the simulation" in error), error
            assert refused or name == "survey"
        assert main([*words, *allow]) == 0, capsys.readouterr().err
