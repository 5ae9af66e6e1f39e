"""What a simulation is and which of its spikes are valid, as one JSON-ready description."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikelib.findings import read_findings
from spikelib.simulation.simulation import open_report
from spikelib.sonata.configs.simulation_config import input_file
from spikelib.sonata.spikes.full_audit import audit_population
from spikelib.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from spikelib.simulation.spike_report import SpikeReport


SCHEMA = 2
"""Version of the form of a description; before it had a number, notes were plain sentences."""


def describe(report: SpikeReport, audits: list[dict[str, Any]], *, with_hash: bool = False) -> dict[str, Any]:
    """Describe a simulation.

    Parameters
    ----------
    report
        Its spike report.
    audits
        The audits of its populations, from `audit_population` or from the metadata of their tables.
    with_hash
        Compute the sha256 of the spike file too, which reads it once.

    Returns
    -------
    dict
        ``schema``, ``spikelib``, ``source``, ``simulation``, ``spike_file``, ``populations`` (those of the spike
        file), and those that only the circuit has: ``silent`` (simulated, none of their nodes fired) and ``unrecorded``
        (inputs, or not part of the run).

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.demo import write_demo
    >>> with TemporaryDirectory() as folder:
    ...     found = describe(open_report(write_demo(folder)), audits=[], with_hash=True)
    >>> found["simulation"]["simulator"], found["spike_file"]["sha256"][:8]
    ('NEST 3.10.0', '0d419f6a')
    """
    simulation = report.simulation
    config = simulation.config
    source = report.path if config.path is None else config.path
    return {
        "schema": SCHEMA,
        "spikelib": __version__,
        "source": str(source),
        "simulation": {
            "config": None if config.path is None else str(config.path),
            "time_start": simulation.time_start,
            "time_stop": simulation.time_stop,
            "dt": simulation.dt,
            "node_set": config.node_set,
            "simulator": config.simulator,
            "circuit": None if config.circuit is None or config.circuit.path is None else str(config.circuit.path),
            "notes": [asdict(note) for note in config.notes],
            "inputs": [_describe_input(name, values) for name, values in config.inputs.items()],
            "content": _finite(config.content),
        },
        "spike_file": {
            "path": str(report.path),
            "size_bytes": report.path.stat().st_size,
            "sha256": _sha256(report.path) if with_hash else None,
            "layout": "legacy" if any(source.legacy for source in report.sources.values()) else "populations",
        },
        "populations": [_with_findings(audit) for audit in audits],
        "silent": [_of_circuit(report, name) for name in simulation.silent_populations],
        "unrecorded": [_of_circuit(report, name) for name in simulation.unrecorded_populations],
    }


def inspect(path: str | Path, *, strict: bool = False, progress: Callable[[int], None] | None = None) -> dict[str, Any]:
    """Look at every spike of a simulation and describe what was found.

    Parameters
    ----------
    path
        A simulation config or a spike file.
    strict
        Fail if a spike is rejected.
    progress
        Called with the number of spikes seen since the last call.

    Raises
    ------
    SpikelibError
        The report cannot be read or, with `strict`, spikes are rejected.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.demo import write_demo
    >>> with TemporaryDirectory() as folder:
    ...     found = inspect(write_demo(folder))
    >>> [(audit["population"], audit["n_kept"], audit["notes"]) for audit in found["populations"]]
    [('cortex', 14667, []), ('thalamus', 1218, [])]
    """
    report = open_report(path)
    audits = [
        audit_population(part.source, part.facts, strict=strict, progress=progress)
        for part in (report[name] for name in report)
    ]
    return describe(report, [audit.to_dict() for audit in audits])


def _with_findings(audit: dict[str, Any]) -> dict[str, Any]:
    """Return an audit whose notes are findings: those of older tables are plain sentences."""
    return {**audit, "notes": [asdict(note) for note in read_findings(audit["notes"])]}


def _of_circuit(report: SpikeReport, name: str) -> dict[str, Any]:
    nodes = report.simulation.circuit.nodes[name]
    return {"population": name, "n_nodes": nodes.size, "type": nodes.type}


def _describe_input(name: str, values: Any) -> dict[str, Any]:
    file = input_file(values)
    module = values.get("module")
    return {"name": name, "module": module, "file": file, "exists": file is not None and Path(file).exists()}


def _finite(value: Any) -> Any:
    """Return a value read from JSON with NaN and infinities as texts, which Python reads and JSON does not know."""
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
