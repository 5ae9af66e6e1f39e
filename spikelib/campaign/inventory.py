"""What a workflow must know of simulations before any job runs: a few HDF5 headers, remembered in one JSON."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from spikelib.errors import SpikelibError
from spikelib.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from spikelib.circuit.simulated import SimulatedCircuit

__all__ = ["Outlook", "plan", "plan_all", "read_plans", "source_files"]

Stamps: TypeAlias = dict[str, list[int] | None]


@dataclass(frozen=True)
class Outlook:
    """What is known of a simulation of a campaign."""

    known: dict[str, Any]
    """The answer of `plan`; with no populations and files if there is a problem."""
    problem: str = ""
    """Why it waits ("waiting: ...") or why it cannot be read; "" if all is well."""

    @property
    def waits(self) -> bool:
        """Whether it is to be left for the next time."""
        return self.problem.startswith("waiting")


def plan(source: str | Path, known: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Tell populations, their sizes and properties, and the files of a simulation, without reading a spike.

    Parameters
    ----------
    source
        A simulation config or a spike file.
    known
        An earlier answer, given again if it is of this version and none of the files has changed since.

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
    return dict(known) if known is not None and _is_valid(source, known, {}) else _make(source)


def plan_all(sources: Mapping[str, Path], cache: Path, quiet_minutes: float) -> dict[str, Outlook]:
    """Plan every simulation of a campaign, with the answers of the last time where nothing has changed.

    Parameters
    ----------
    sources
        Name -> simulation config or spike file.
    cache
        A JSON file that holds the plans of all of them; written again if there is anything new.
    quiet_minutes
        As for `spikelib.campaign.unfinished.waiting_reason`.
    """
    remembered = read_plans(cache)
    seen: Stamps = {}
    found: dict[str, Outlook] = {}
    for name, source in sources.items():
        known = remembered.get(name)
        if known is not None and _is_valid(source, known, seen):
            found[name] = Outlook(known)
        else:
            found[name] = _look(source, quiet_minutes)
    plans = {name: outlook.known for name, outlook in found.items() if not outlook.problem}
    if plans != remembered:
        from spikelib.files import write_text  # noqa: PLC0415 - most starts find nothing new

        write_text(cache, json.dumps(plans))
    return found


def read_plans(cache: Path) -> dict[str, dict[str, Any]]:
    """Read the plans of the last time; what is not there or not whole is left out."""
    try:
        content = json.loads(cache.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(content, dict):
        return {}
    return {name: known for name, known in content.items() if _is_whole(known)}


def source_files(simulation: SimulatedCircuit) -> list[Path]:
    """List the files that results depend on: configs, spikes, nodes, node types and node sets that exist."""
    config = simulation.config
    files = [config.path, config.output.spikes_file, *config.node_sets_files]
    if config.circuit is not None:
        files.append(config.circuit.path)
        for entry in config.circuit.nodes:
            files += [entry.nodes_file, entry.node_types_file]
    return [path for path in files if path is not None and path.exists()]


def _look(source: Path, quiet_minutes: float) -> Outlook:
    try:
        return Outlook(_make(source))
    except SpikelibError as error:
        from spikelib.campaign.unfinished import waiting_reason  # noqa: PLC0415 - few simulations wait

        reason = waiting_reason(source, error, quiet_minutes)
        nothing: dict[str, Any] = {"populations": [], "properties": {}, "files": []}
        return Outlook(nothing, str(error) if reason is None else f"waiting: {reason}")


def _make(source: str | Path) -> dict[str, Any]:
    from spikelib.errors import UnknownPopulationError  # noqa: PLC0415 - all but a change of files is answered above
    from spikelib.results import safe_name  # noqa: PLC0415
    from spikelib.simulation.simulation import open_report  # noqa: PLC0415

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
        "writer": __version__,
        "source": str(source),
        "spike_file": str(report.path),
        "files": files,
        "populations": populations,
        "properties": properties,
        "stamps": _stamps([str(source), *files], {}),
    }


def _is_whole(known: Any) -> bool:
    return (
        isinstance(known, dict)
        and isinstance(known.get("stamps"), dict)
        and isinstance(known.get("populations"), list)
        and isinstance(known.get("properties"), dict)
        and isinstance(known.get("files"), list)
    )


def _is_valid(source: str | Path, known: Mapping[str, Any], seen: Stamps) -> bool:
    """Tell whether an answer still holds; `seen` remembers the stamps of files that many simulations share."""
    if known.get("writer") != __version__ or known.get("source") != str(source):
        return False
    return bool(known["stamps"] == _stamps(known["stamps"], seen))


def _stamps(files: Iterable[str], seen: Stamps) -> Stamps:
    return {file: seen[file] if file in seen else seen.setdefault(file, _stamp(file)) for file in files}


def _stamp(file: str) -> list[int] | None:
    try:
        status = os.stat(file)  # noqa: PTH116 - asked of thousands of files at each start
    except OSError:
        return None
    return [status.st_mtime_ns, status.st_size]
