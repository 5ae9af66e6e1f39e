"""Simulation configs, in the forms that BBP tools, the Allen Institute's tools and bmtk write them.

`load_source` opens whatever a user may name: a config of any of these forms, or a bare spike file. Assumptions,
missing and unusual settings are listed in `SimulationConfig.notes`, as findings: only what makes reading
impossible is an error. A circuit that does not exist on this machine is such a finding, since spikes can be
analysed without it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from spikelib.errors import ConfigError, MissingFileError
from spikelib.findings import Finding, Kind
from spikelib.sonata.configs.bmtk_copy import find_base, has_origin, relocate
from spikelib.sonata.configs.circuit_config import (
    CircuitConfig,
    circuit_from_content,
    load_circuit,
    missing,
    optional_file,
    repeated_keys,
)
from spikelib.sonata.configs.json_file import read_json_object
from spikelib.sonata.configs.manifest import Manifest, to_path
from spikelib.sonata.configs.output import OutputConfig, read_output

__all__ = ["OutputConfig", "SimulationConfig", "bare_simulation", "load_simulation"]

SPIKE_FILE_KEYS = ("spike_file", "spikes_file", "input_file")
"""How BBP, bmtk and Allen configs name the file of an input; the first one present counts."""

_DEFAULT_CIRCUIT = "circuit_config.json"


@dataclass(frozen=True)
class SimulationConfig:
    """A simulation config with variables replaced, wrapper merged and paths made absolute."""

    path: Path | None
    """The file that was named; None for a bare spike file."""
    content: Mapping[str, Any]
    """The whole config, variables replaced; relative paths in it are left as they were written."""
    tstart: float
    """Start of the simulation, ms."""
    tstop: float | None
    """End of the simulation, ms; None if the config does not say."""
    dt: float | None
    """Time step of the simulation, ms; None if the config does not say."""
    output: OutputConfig
    circuit: CircuitConfig | None = None
    node_sets_files: tuple[Path, ...] = ()
    """The circuit's file, then the simulation's, which overrides it; only files that exist."""
    wrapped: Path | None = None
    """The simulation config that the file names, if the file is a wrapper."""
    absent: tuple[Path, ...] = ()
    """Files that it names for its circuit or its node sets, and that do not exist."""
    inline_node_sets: Mapping[str, Any] = field(default_factory=dict)
    """Node sets that the config holds itself (bmtk); they override those of the files."""
    node_set: str | None = None
    """Name of the node set that was simulated."""
    inputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The inputs by name; paths of spike files are absolute."""
    notes: tuple[Finding, ...] = ()
    """Assumptions, missing files and unusual settings."""
    allow_outside: tuple[Path, ...] = ()
    """Folders where links of spike and nodes files may lead: what the user said, not the config."""

    @property
    def simulator(self) -> str | None:
        """The simulator that the config names: in its place, or in the metadata, as libsonata refuses others there."""
        metadata = self.content.get("metadata")
        named = self.content.get("target_simulator")
        if not named and isinstance(metadata, Mapping):
            named = metadata.get("simulator")
        return named if isinstance(named, str) else None


def input_file(section: Mapping[str, Any]) -> str | None:
    """Return the file that an input names, under the first of `SPIKE_FILE_KEYS` that holds one; None for no file."""
    named = (section.get(key) for key in SPIKE_FILE_KEYS)
    return next((text for text in named if isinstance(text, str) and text), None)


@dataclass(frozen=True)
class _Part:
    """One config file: its content with variables replaced, and the folder that its paths are relative to."""

    path: Path
    base: Path
    content: dict[str, Any]
    notes: tuple[Finding, ...]

    @property
    def is_wrapper(self) -> bool:
        """Whether the file only names two others, as the Allen Institute's ``config.json`` does."""
        return isinstance(self.content.get("simulation"), str) and not has_origin(self.content)


def bare_simulation(spikes_file: str | Path) -> SimulationConfig:
    """Describe a spike file that comes without a config: no circuit, no node sets, no end.

    Raises
    ------
    MissingFileError
        There is no such file.
    """
    path = Path(spikes_file).absolute()
    if not path.is_file():
        msg = f"{path}: there is no such spike file; check the path"
        raise MissingFileError(msg)
    text = "the spike file was opened without a simulation config: node properties and run times are unknown"
    notes = (Finding(Kind.NO_CONFIG, text),)
    return SimulationConfig(None, {}, 0.0, None, None, OutputConfig(path.parent, path), notes=notes)


def load_simulation(path: str | Path) -> SimulationConfig:
    """Read a simulation config.

    Parameters
    ----------
    path
        A ``simulation_config.json`` of BBP or bmtk, an Allen ``config.json`` that names a simulation config
        and a circuit config, or the expanded copy of a config that bmtk writes.

    Raises
    ------
    MissingFileError
        The config, or the simulation config that a wrapper names, does not exist.
    ConfigError
        A config is not JSON, or a value has a wrong type, or variables refer to each other in a circle.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.demo import write_demo
    >>> with TemporaryDirectory() as folder:
    ...     config = load_simulation(write_demo(folder))
    >>> config.tstop, config.dt, config.node_set, config.output.spikes_file.name
    (1500.0, 0.1, 'Column', 'spikes.h5')
    """
    wrapper = main = _read_part(Path(path).absolute())
    notes, absent = list(main.notes), list[Path]()
    if wrapper.is_wrapper:
        main = _read_part(to_path(wrapper.content["simulation"], wrapper.base))
        notes += main.notes
        main = replace(main, content={**wrapper.content, **main.content})
    circuit = _load_network(wrapper if isinstance(wrapper.content.get("network"), str) else main, notes, absent)
    content, source = main.content, main.path
    run = _section(content, "run", source)
    tstart, tstop, dt = _times(run, source, notes)
    own_sets = _section(content, "node_sets", source)
    sets_file = None if own_sets else optional_file(content, "node_sets_file", main.base, source, notes, absent)
    files = [circuit.node_sets_file if circuit else None, sets_file]
    return SimulationConfig(
        path=wrapper.path,
        content=content,
        tstart=tstart,
        tstop=tstop,
        dt=dt,
        output=read_output(_section(content, "output", source), main.base, source, notes),
        circuit=circuit,
        node_sets_files=tuple(dict.fromkeys(file for file in files if file)),
        wrapped=None if main.path == wrapper.path else main.path,
        absent=tuple(absent),
        inline_node_sets=own_sets,
        node_set=_node_set(content, source, notes),
        inputs=_read_inputs(_section(content, "inputs", source), main, notes),
        notes=tuple(dict.fromkeys(notes)),
    )


def _read_part(path: Path) -> _Part:
    content, repeated = read_json_object(path, "simulation config")
    notes = repeated_keys(path, repeated)
    base = path.parent
    if has_origin(content):
        base, note = find_base(content, path)
        text = f"{path} is a copy that bmtk made of {content['config_path']}; its paths are read from {base}"
        notes.append(Finding(Kind.BMTK_COPY, text))
        notes += [note] if note else []
        content = relocate(content, content["config_dir"], base)
    manifest = Manifest(content, base, path)
    expanded = {key: manifest.expand(value) for key, value in content.items() if key != "manifest"}
    undefined = (f"{path}: the manifest does not define ${name}" for name in sorted(manifest.unknown))
    notes += [Finding(Kind.VARIABLE_UNDEFINED, text) for text in undefined]
    return _Part(path, base, expanded, tuple(notes))


def _load_network(part: _Part, notes: list[Finding], absent: list[Path]) -> CircuitConfig | None:
    """Load the circuit: the file that is named, else the one inside the config, else the default file."""
    named = part.content.get("network")
    if named is not None and not isinstance(named, str):
        msg = f"{part.path}: 'network' must be the path of a circuit config, not {type(named).__name__}"
        raise ConfigError(msg)
    path = to_path(named or _DEFAULT_CIRCUIT, part.base)
    if path.is_file() and (named or "networks" not in part.content):
        circuit = load_circuit(path)
        if not named:
            text = f"{part.path}: no 'network' is named; {path.name} beside it is used"
            notes.append(Finding(Kind.CIRCUIT_ASSUMED, text))
    elif "networks" in part.content:
        circuit = circuit_from_content(part.content, part.base, part.path, None)
        # In a config that holds its circuit, ``node_sets_file`` is the simulation's, and is read as such.
        circuit = replace(circuit, node_sets_file=None)
    else:
        words = missing("network", named, path) if named else f"no 'network' is named and there is no {path}"
        text = f"{part.path}: {words}; node properties, positions and the circuit's node sets are unknown"
        notes.append(Finding(Kind.CIRCUIT_MISSING, text))
        absent.append(path)
        return None
    notes += circuit.notes
    return circuit


def _section(content: Mapping[str, Any], key: str, source: Path) -> dict[str, Any]:
    value = content.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        msg = f"{source}: '{key}' must be an object {{...}}, not {type(value).__name__}"
        raise ConfigError(msg)
    return value


def _times(run: Mapping[str, Any], source: Path, notes: list[Finding]) -> tuple[float, float | None, float | None]:
    """Return start, end and time step of the run, ms; an end or a step that cannot be is unknown, with a finding."""
    tstart, tstop, dt = (_number(run, key, source, notes) for key in ("tstart", "tstop", "dt"))
    if tstop is not None and tstop <= (tstart or 0.0):
        text = f"run.tstop is {tstop:g} ms, which is not after run.tstart, {tstart or 0.0:g} ms: the end is unknown"
        notes.append(Finding(Kind.RUN_VALUE_WRONG, f"{source}: {text}"))
        tstop = None
    if dt is not None and dt <= 0.0:
        text = f"{source}: run.dt is {dt:g} ms, which is no time step: it is unknown"
        notes.append(Finding(Kind.RUN_VALUE_WRONG, text))
        dt = None
    return tstart or 0.0, tstop, dt


def _number(run: Mapping[str, Any], key: str, source: Path, notes: list[Finding]) -> float | None:
    value = run.get(key)
    if value is None:
        if key != "tstart":
            notes.append(Finding(Kind.RUN_VALUE_MISSING, f"{source}: run.{key} is not given"))
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        msg = f"{source}: run.{key} must be a number of ms, not {value!r}"
        raise ConfigError(msg)
    return float(value)


def _node_set(content: Mapping[str, Any], source: Path, notes: list[Finding]) -> str | None:
    value = content.get("node_set")
    if value is None or isinstance(value, str):
        return value
    text = f"{source}: 'node_set' should be the name of a node set, and is ignored: {value!r}"
    notes.append(Finding(Kind.NODE_SET_IGNORED, text))
    return None


def _read_inputs(inputs: Mapping[str, Any], part: _Part, notes: list[Finding]) -> dict[str, dict[str, Any]]:
    found = {}
    for name, section in inputs.items():
        if not isinstance(section, dict):
            msg = f"{part.path}: the input '{name}' must be an object {{...}}, not {type(section).__name__}"
            raise ConfigError(msg)
        found[name] = dict(section)
        for key in SPIKE_FILE_KEYS:
            text = section.get(key)
            if isinstance(text, str) and text:
                path = to_path(text, part.base)
                found[name][key] = str(path)
                if not path.is_file():
                    words = f"{part.path}: input '{name}': {missing(key, text, path)}"
                    notes.append(Finding(Kind.FILE_MISSING, words))
    return found
