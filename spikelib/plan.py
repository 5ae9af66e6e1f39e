"""What a workflow must know of a simulation before any job runs: a few HDF5 headers, remembered in a small JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import spikelib

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spikelib.simulation import Simulation


def plan(source: str | Path, cache: Path | None = None) -> dict[str, Any]:
    """Tell populations, their sizes and properties, and the files of a simulation, without reading a spike.

    Parameters
    ----------
    source
        A simulation config or a spike file.
    cache
        A JSON file to take the answer from while none of the files has changed, and to write it to.

    Returns
    -------
    dict
        ``source``, ``spike_file``, ``files`` (all that results depend on), ``populations`` (each with name, file,
        n_spikes, n_nodes or None, sorting_claim) and ``properties`` (population to names of node properties).

    Raises
    ------
    SpikelibError
        The config or the spike file cannot be read.
    """
    known = _remembered(cache)
    if known is not None and known.get("writer") == spikelib.__version__ and known.get("source") == str(source):
        stamps = known["stamps"]
        if stamps == _stamps(stamps):
            return known
    made = _make(source)
    if cache is not None:
        from spikelib.files import write_text  # noqa: PLC0415

        write_text(cache, json.dumps(made, indent=1))
    return made


def _make(source: str | Path) -> dict[str, Any]:
    from spikelib.errors import UnknownPopulationError  # noqa: PLC0415 - all but a change of files is answered above
    from spikelib.spike_report import open_report  # noqa: PLC0415
    from spikelib.tables.schema import safe_name  # noqa: PLC0415

    report = open_report(source)
    populations, properties = [], {}
    for name, stored in report.sources.items():
        try:
            nodes = report.simulation.circuit.nodes[name]
        except UnknownPopulationError:
            nodes = None
        populations.append(
            {
                "name": name,
                "file": f"{safe_name(name)}.parquet",
                "n_spikes": stored.n_spikes,
                "n_nodes": None if nodes is None else nodes.size,
                "sorting_claim": stored.sorting_claim,
            }
        )
        properties[name] = [] if nodes is None else sorted(nodes.property_names)
    files = sorted({str(path) for path in source_files(report.simulation)})
    return {
        "writer": spikelib.__version__,
        "source": str(source),
        "spike_file": str(report.path),
        "files": files,
        "populations": populations,
        "properties": properties,
        "stamps": _stamps([str(source), *files]),
    }


def source_files(simulation: Simulation) -> list[Path]:
    """List the files that results depend on: configs, spikes, nodes, node types and node sets that exist."""
    config = simulation.config
    files = [config.path, config.output.spikes_file, *config.node_sets_files]
    if config.circuit is not None:
        files.append(config.circuit.path)
        for entry in config.circuit.nodes:
            files += [entry.nodes_file, entry.node_types_file]
    return [path for path in files if path is not None and path.exists()]


def _remembered(cache: Path | None) -> dict[str, Any] | None:
    try:
        content = None if cache is None else json.loads(cache.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) and isinstance(content.get("stamps"), dict) else None


def _stamps(files: Iterable[str]) -> dict[str, list[int] | None]:
    stamps: dict[str, list[int] | None] = {}
    for file in files:
        path = Path(file)
        status = path.stat() if path.exists() else None
        stamps[file] = None if status is None else [status.st_mtime_ns, status.st_size]
    return stamps
