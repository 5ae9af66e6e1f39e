"""What a workflow must know of simulations before any job runs: a few HDF5 headers, remembered in one JSON."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spikelib.errors import SpikelibError
from spikelib.provenance.sources import look_at, named_files, source_files
from spikelib.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from spikelib.campaign.record import State
    from spikelib.provenance.sources import Stamps

__all__ = ["NOTHING", "Inventory", "read_inventories", "take_inventories", "take_inventory"]

_LARGEST_COUNT = 10**12
"""More spikes or nodes than any simulation has: the record is damaged."""

NOTHING: Mapping[str, Any] = {"populations": [], "properties": {}, "files": []}
"""Content of the inventory of a simulation of which nothing is known."""


@dataclass(frozen=True)
class Inventory:
    """What is known of a simulation before any job runs."""

    content: Mapping[str, Any]
    """The answer of `take_inventory`; `NOTHING` if there is a problem."""
    state: State = "ready"
    """"ready", "waiting" or "broken"."""
    problem: str = ""
    """Why it is waiting or broken."""


def take_inventory(source: str | Path) -> dict[str, Any]:
    """Return populations, their sizes and properties, and the files of a simulation, without reading a spike.

    Parameters
    ----------
    source
        A simulation config or a spike file.

    Returns
    -------
    dict
        ``source``, ``spike_file``, ``files`` (all that results depend on), ``populations`` (each with name, file,
        n_spikes, n_nodes or None, sorting_claim), ``properties`` (population to names of node properties), ``ahead``
        (those of source and files that are dated in the future), ``made_from`` (what results of it are made from),
        and ``writer`` and ``stamps``, by which a later run finds out whether it still holds.

    Raises
    ------
    SpikelibError
        The config or the spike file cannot be read.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.demo import write_demo
    >>> with TemporaryDirectory() as folder:
    ...     [(known["name"], known["n_nodes"]) for known in take_inventory(write_demo(Path(folder)))["populations"]]
    [('cortex', 2701), ('thalamus', 120)]
    """
    from spikelib.errors import UnknownPopulationError  # noqa: PLC0415 - most starts find nothing new
    from spikelib.provenance.made_from import simulation_text  # noqa: PLC0415
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
    named = map(str, named_files(report.simulation))
    stamps, now = look_at([str(source), *named], {}), time.time_ns()
    return {
        "writer": __version__,
        "source": str(source),
        "spike_file": str(report.path),
        "files": files,
        "populations": populations,
        "properties": properties,
        "stamps": stamps,
        # After the stamps: of a file that changes meanwhile, the next run takes another inventory.
        "made_from": simulation_text(report.simulation),
        "ahead": [file for file, stamp in stamps.items() if stamp is not None and stamp[0] > now],
    }


def take_inventories(sources: Mapping[str, Path], cache: Path, quiet_minutes: float) -> dict[str, Inventory]:
    """Take the inventory of every simulation of a campaign, with the answers of the last time where nothing changed.

    Parameters
    ----------
    sources
        Name -> simulation config or spike file.
    cache
        A JSON file that holds the inventories of all that are ready; written again if there is anything new.
    quiet_minutes
        As for `spikelib.campaign.unfinished.waiting_reason`.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     planned = {"planned": Path(folder, "simulation_config.json")}
    ...     take_inventories(planned, Path(folder, "plans.json"), quiet_minutes=60)["planned"].state
    'waiting'
    """
    remembered = read_inventories(cache)
    # A thousand simulations share the files of one circuit: each is asked for its time once.
    seen: Stamps = {}
    found: dict[str, Inventory] = {}
    for name, source in sources.items():
        known = remembered.get(name)
        if known is not None and _is_valid(source, known, seen):
            found[name] = Inventory(known)
        else:
            found[name] = _look(source, quiet_minutes)
    ready = {name: inventory.content for name, inventory in found.items() if inventory.state == "ready"}
    if ready != remembered:
        from spikelib.files import write_text  # noqa: PLC0415 - most starts find nothing new

        write_text(cache, json.dumps(ready))
    return found


def read_inventories(cache: Path) -> dict[str, dict[str, Any]]:
    """Read the inventories of the last time; what is not there or not whole is left out."""
    try:
        content = json.loads(cache.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(content, dict):
        return {}
    return {name: known for name, known in content.items() if _is_whole(known)}


def _look(source: Path, quiet_minutes: float) -> Inventory:
    try:
        return Inventory(take_inventory(source))
    except SpikelibError as error:
        from spikelib.campaign.unfinished import waiting_reason  # noqa: PLC0415 - few simulations wait

        reason = waiting_reason(source, error, quiet_minutes)
        return Inventory(NOTHING, "broken", str(error)) if reason is None else Inventory(NOTHING, "waiting", reason)


def _is_whole(known: Any) -> bool:
    return (
        isinstance(known, dict)
        and isinstance(known.get("stamps"), dict)
        and _is_list_of(known.get("populations"), dict)
        and all(map(_is_population, known["populations"]))
        and isinstance(known.get("properties"), dict)
        and all(_is_list_of(names, str) for names in known["properties"].values())
        and _is_list_of(known.get("files"), str)
        and _is_list_of(known.get("ahead", []), str)
        and isinstance(known.get("made_from"), str)
    )


def _is_list_of(value: Any, kind: type) -> bool:
    return isinstance(value, list) and all(isinstance(item, kind) for item in value)


def _is_population(known: Mapping[str, Any]) -> bool:
    texts = isinstance(known.get("name"), str) and isinstance(known.get("file"), str)
    n_spikes, n_nodes = known.get("n_spikes"), known.get("n_nodes", "")
    counts = _is_count(n_spikes) and (n_nodes is None or _is_count(n_nodes))
    return texts and counts and "sorting_claim" in known


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= _LARGEST_COUNT


def _is_valid(source: str | Path, known: Mapping[str, Any], seen: Stamps) -> bool:
    """Return whether an answer still holds; `seen` remembers the stamps of files that many simulations share."""
    # The absolute source tells a copy of a whole working directory from its original.
    if known.get("writer") != __version__ or known.get("source") != str(source):
        return False
    return bool(known["stamps"] == look_at(known["stamps"], seen))
