"""Simulations: what their configs say, and the way from there to nodes and spikes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from spikelib.circuit.simulated import SimulatedCircuit
from spikelib.errors import ConfigError
from spikelib.simulation.spike_report import SpikeReport
from spikelib.sonata.configs.simulation_config import SimulationConfig, bare_simulation, input_file

__all__ = ["Simulation", "SimulationInput"]


class Simulation(SimulatedCircuit):
    """A simulation: its settings, its circuit and its spikes.

    Parameters
    ----------
    config
        Path of a simulation config (BBP, Allen or bmtk form) or of a bare spike file, or a
        `SimulationConfig`.
    allow_outside
        Folders where links of spike and nodes files may lead, beside those of the files and below that of the config.

    Raises
    ------
    MissingFileError
        The file does not exist.
    ConfigError
        The config is wrong.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.demo import write_demo
    >>> with TemporaryDirectory() as folder:
    ...     simulation = Simulation(write_demo(folder))
    >>> simulation.time_start, simulation.time_units
    (0.0, 'ms')
    """

    @property
    def run(self) -> Mapping[str, Any]:
        """The ``run`` section of the config; empty for a bare spike file."""
        return self._config.content.get("run") or {}

    @property
    def conditions(self) -> Mapping[str, Any]:
        """The ``conditions`` section of the config."""
        return self._config.content.get("conditions") or {}

    @property
    def simulator(self) -> str | None:
        """The simulator that the config names: NEURON, NEST, ..."""
        return self._config.simulator

    @property
    def inputs(self) -> dict[str, SimulationInput]:
        """The inputs by name."""
        inputs = self._config.inputs.items()
        return {name: SimulationInput(name, section, self._config) for name, section in inputs}

    @cached_property
    def spikes(self) -> SpikeReport:
        """The spike report."""
        return SpikeReport(self)


class SimulationInput(Mapping[str, Any]):
    """One input of a simulation: its settings as a mapping, and the spikes that it plays in, if any."""

    def __init__(self, name: str, section: Mapping[str, Any], config: SimulationConfig | None = None) -> None:
        self.name = name
        self._config = config
        self._section = section

    def __getitem__(self, key: str) -> Any:
        return self._section[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._section)

    def __len__(self) -> int:
        return len(self._section)

    def __repr__(self) -> str:
        return f"SimulationInput({self.name!r}, {dict(self._section)!r})"

    @property
    def spike_file(self) -> Path | None:
        """The HDF5 file of spikes that is played in, which need not exist; None for other inputs."""
        text = input_file(self._section)
        return Path(text) if text and Path(text).suffix.lower() in {".h5", ".hdf5"} else None

    @property
    def reader(self) -> SpikeReport:
        """The spikes that are played in, as a report of the same circuit: it resolves the same groups.

        Raises
        ------
        ConfigError
            The input plays no spike file in.
        MissingFileError
            The file does not exist.
        """
        if self.spike_file is None:
            msg = f"the input '{self.name}' names no spike file (.h5), so it has no spikes to read"
            raise ConfigError(msg)
        played_in = bare_simulation(self.spike_file)
        if self._config is None:
            return Simulation(played_in).spikes
        return Simulation(replace(self._config, output=played_in.output)).spikes


def open_report(path: str | Path, *, allow_outside: str | Path | Iterable[str | Path] = ()) -> SpikeReport:
    """Open the spike report of a simulation.

    Parameters
    ----------
    path
        A ``simulation_config.json`` (BBP, Allen or BMTK form), or a bare spike file (.h5). A bare file has no
        circuit: ids work, properties and node sets do not.
    allow_outside
        Folders where links of spike and nodes files may lead, beside those of the files and below that of the config.

    Returns
    -------
    SpikeReport
        The report.

    Raises
    ------
    MissingFileError, ConfigError, SpikeFileError
        The file is missing, is not a config, or is not a spike file.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> from spikelib.demo import write_demo
    >>> report = open_report(write_demo(mkdtemp()))
    >>> report.population_names, report.time_stop
    (['cortex', 'thalamus'], 1500.0)
    """
    return Simulation(path, allow_outside=allow_outside).spikes


def as_report(source: str | Path | SpikeReport) -> SpikeReport:
    """Return a report that is open already as it is, and open any other source as `open_report` does."""
    return source if isinstance(source, SpikeReport) else open_report(source)
