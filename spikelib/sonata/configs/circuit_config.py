"""Circuit configs: which nodes files and node sets make up the network."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikelib.errors import ConfigError
from spikelib.findings import Finding, Kind
from spikelib.sonata.configs.json_file import read_json_object
from spikelib.sonata.configs.manifest import Manifest, is_windows_path, to_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True)
class NodesEntry:
    """One nodes file of a circuit."""

    nodes_file: Path
    """Absolute path; the file need not exist."""
    node_types_file: Path | None = None
    """Absolute path of the table that node_type_id points into; None if there is none or it is missing."""
    populations: Mapping[str, Mapping[str, Any]] | None = None
    """Settings of the populations that the config lists; None if it lists none: all in the file count."""


@dataclass(frozen=True)
class CircuitConfig:
    """A circuit config with variables replaced and paths made absolute."""

    path: Path | None
    """The file; None for a circuit that a simulation config holds itself."""
    nodes: tuple[NodesEntry, ...] = ()
    node_sets_file: Path | None = None
    """Absolute path; None if the config names none or the file is missing."""
    content: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[Finding, ...] = ()
    """What is missing or unusual."""
    absent: tuple[Path, ...] = ()
    """Files that it names as options, and that do not exist."""


def load_circuit(path: str | Path) -> CircuitConfig:
    """Read a circuit config file.

    Raises
    ------
    MissingFileError
        There is no such file.
    ConfigError
        The file is not JSON, or its parts are not of the form that SONATA asks for.
    """
    path = Path(path).absolute()
    content, repeated = read_json_object(path, "circuit config")
    manifest = Manifest(content, path.parent, path)
    expanded = {key: manifest.expand(value) for key, value in content.items() if key != "manifest"}
    return circuit_from_content(expanded, path.parent, path, path, tuple(repeated_keys(path, repeated)))


def repeated_keys(path: Path, repeated: Iterable[str]) -> list[Finding]:
    """Return a finding for each key that a JSON file gives twice."""
    texts = (f"{path}: '{key}' is given twice; the last one counts" for key in repeated)
    return [Finding(Kind.KEY_REPEATED, text) for text in texts]


def circuit_from_content(
    content: Mapping[str, Any], base: Path, source: Path, path: Path | None, notes: tuple[Finding, ...] = ()
) -> CircuitConfig:
    """Make a circuit config of content whose variables are replaced already.

    Parameters
    ----------
    content
        The config.
    base
        Folder that relative paths are relative to.
    source
        The file that the content was read from, for messages.
    path
        What `CircuitConfig.path` shall be.
    notes
        Findings to start with.

    Examples
    --------
    >>> content = {"networks": {"nodes": [{"nodes_file": "nodes.h5"}]}}
    >>> circuit = circuit_from_content(content, Path("/sims/a"), Path("/sims/a/circuit_config.json"), None)
    >>> circuit.nodes[0].nodes_file.as_posix(), len(circuit.notes)  # it does not exist here
    ('/sims/a/nodes.h5', 1)
    """
    found, absent = list(notes), list[Path]()
    networks = content.get("networks") or {}
    entries = networks.get("nodes") or [] if isinstance(networks, dict) else None
    if not isinstance(entries, list):
        msg = f"{source}: 'networks' must be an object with a list 'nodes'; see the SONATA circuit config"
        raise ConfigError(msg)
    nodes = tuple(_entry(entry, base, source, found, absent) for entry in entries)
    if not nodes:
        found.append(Finding(Kind.NODES_FILE_UNNAMED, f"{source}: this circuit config names no nodes file"))
    node_sets_file = optional_file(content, "node_sets_file", base, source, found, absent)
    return CircuitConfig(path, nodes, node_sets_file, content, tuple(found), tuple(absent))


def optional_file(
    section: Mapping[str, Any], key: str, base: Path, source: Path, notes: list[Finding], absent: list[Path]
) -> Path | None:
    """Return the file that ``section`` names under ``key``; None if there is none (noted, and `absent`, if missing)."""
    text = section.get(key)
    if text in (None, ""):
        return None
    if not isinstance(text, str):
        msg = f"{source}: '{key}' must be a path in quotes, not {text!r}"
        raise ConfigError(msg)
    path = to_path(text, base)
    if path.is_file():
        return path
    notes.append(Finding(Kind.FILE_MISSING, f"{source}: {missing(key, text, path)}"))
    absent.append(path)
    return None


def missing(key: str, text: str, path: Path) -> str:
    """Return the words on a file that a config names and that does not exist."""
    hint = " (a path of a Windows machine)" if is_windows_path(text) else ""
    return f"'{key}' does not exist: {path}{hint}"


def _entry(entry: Any, base: Path, source: Path, notes: list[Finding], absent: list[Path]) -> NodesEntry:
    nodes_file = entry.get("nodes_file") if isinstance(entry, dict) else None
    if not isinstance(nodes_file, str) or not nodes_file:
        msg = f"{source}: each of networks.nodes must be an object with the path 'nodes_file', not {entry!r}"
        raise ConfigError(msg)
    populations = entry.get("populations")
    if populations is not None and not (
        isinstance(populations, dict) and all(isinstance(value, dict) for value in populations.values())
    ):
        msg = f"{source}: 'populations' of {nodes_file} must be an object of objects {{name: {{...}}}}"
        raise ConfigError(msg)
    for name, value in (populations or {}).items():
        if not isinstance(value.get("type"), str | None):
            msg = f"{source}: the 'type' of population {name!r} must be a text, not {value['type']!r}"
            raise ConfigError(msg)
    path = to_path(nodes_file, base)
    if not path.is_file():
        notes.append(Finding(Kind.FILE_MISSING, f"{source}: {missing('nodes_file', nodes_file, path)}"))
    node_types_file = optional_file(entry, "node_types_file", base, source, notes, absent)
    return NodesEntry(path, node_types_file, populations or None)
