"""A simulation of three nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
