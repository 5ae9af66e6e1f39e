from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from spikelib.errors import ConfigError, MissingFileError
from spikelib.findings import Finding, Kind
from spikelib.sonata.configs.circuit_config import load_circuit
from tests.sonata.builders import write_json

if TYPE_CHECKING:
    from pathlib import Path


def test_files_are_absolute_and_checked(tmp_path: Path) -> None:
    (tmp_path / "types.csv").touch()
    (tmp_path / "nodes.h5").touch()
    write_json(tmp_path / "sets.json", {})
    content = {
        "manifest": {"$BASE": "./"},
        "node_sets_file": "$BASE/sets.json",
        "networks": {
            "nodes": [
                {"nodes_file": "$BASE/nodes.h5", "node_types_file": "types.csv"},
                {"nodes_file": "b.h5", "node_types_file": "no.csv", "populations": {"b": {"type": "virtual"}}},
            ]
        },
    }
    config = load_circuit(write_json(tmp_path / "circuit.json", content))
    first, second = config.nodes
    assert config.node_sets_file == tmp_path / "sets.json"
    assert (first.nodes_file, first.node_types_file) == (tmp_path / "nodes.h5", tmp_path / "types.csv")
    assert first.populations is None
    assert (second.node_types_file, second.populations) == (None, {"b": {"type": "virtual"}})
    assert config.notes == (
        Finding(Kind.FILE_MISSING, f"{tmp_path}/circuit.json: 'nodes_file' does not exist: {tmp_path}/b.h5"),
        Finding(Kind.FILE_MISSING, f"{tmp_path}/circuit.json: 'node_types_file' does not exist: {tmp_path}/no.csv"),
    )


def test_circuit_without_nodes_is_noted(tmp_path: Path) -> None:
    config = load_circuit(write_json(tmp_path / "circuit.json", {}))
    assert config.nodes == ()
    assert "names no nodes file" in config.notes[0].text


def test_windows_path_is_noted(tmp_path: Path) -> None:
    content = {"networks": {"nodes": [{"nodes_file": r"C:\net\nodes.h5"}]}}
    config = load_circuit(write_json(tmp_path / "circuit.json", content))
    assert "a path of a Windows machine" in config.notes[0].text


def test_errors(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match=r"no\.json: there is no such circuit config"):
        load_circuit(tmp_path / "no.json")
    with pytest.raises(ConfigError, match="the top level of a circuit config must be an object"):
        load_circuit(write_json(tmp_path / "circuit.json", []))


@pytest.mark.parametrize("kind", [["virtual"], 5, {"virtual": True}])
def test_type_of_a_population_is_a_text(tmp_path: Path, kind: object) -> None:
    content = {"networks": {"nodes": [{"nodes_file": "n.h5", "populations": {"b": {"type": kind}}}]}}
    with pytest.raises(ConfigError, match="the 'type' of population 'b' must be a text, not "):
        load_circuit(write_json(tmp_path / "circuit.json", content))
