"""Simulations: what their configs say, and the way from there to nodes and spikes."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikelib.circuit import Circuit
from spikelib.errors import (
    ConfigError,
    GroupError,
    NodeSetsError,
    SpikelibWarning,
)
from spikelib.sonata.configs.circuit_config import CircuitConfig
from spikelib.sonata.configs.simulation_config import SPIKE_FILE_KEYS, SimulationConfig, bare_simulation, load_source
from spikelib.sonata.nodes.node_sets import NodeSets

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from spikelib.sonata.configs.output import OutputConfig
    from spikelib.spike_report import SpikeReport

__all__ = ["Circuit", "Simulation", "SimulationInput"]

_SHOWN = 10
"""At most this many names are listed in a warning."""


class Simulation:
    """A simulation: its settings, its circuit and its spikes.

    Parameters
    ----------
    config
        Path of a simulation config (BBP, Allen or bmtk form) or of a bare spike file, or a
        `SimulationConfig`.

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

    def __init__(self, config: str | Path | SimulationConfig) -> None:
        self._config = config if isinstance(config, SimulationConfig) else load_source(config)

    def __repr__(self) -> str:
        return f"Simulation({str(self._config.path or self._config.output.spikes_file)!r})"

    def __getstate__(self) -> SimulationConfig:
        return self._config

    def __setstate__(self, state: SimulationConfig) -> None:
        self._config = state

    @property
    def config(self) -> SimulationConfig:
        """The settings, with variables replaced; ``config.content`` is the config as a mapping."""
        return self._config

    @property
    def run(self) -> Mapping[str, Any]:
        """The ``run`` section of the config; empty for a bare spike file."""
        return self._config.content.get("run") or {}

    @property
    def output(self) -> OutputConfig:
        """Where the simulation wrote."""
        return self._config.output

    @property
    def conditions(self) -> Mapping[str, Any]:
        """The ``conditions`` section of the config."""
        return self._config.content.get("conditions") or {}

    @property
    def simulator(self) -> str | None:
        """The simulator that the config names: NEURON, NEST, ..."""
        return self._config.content.get("target_simulator")

    @property
    def time_start(self) -> float:
        """Start of the simulation, ms."""
        return self._config.tstart

    @property
    def time_stop(self) -> float | None:
        """End of the simulation, ms; None if unknown."""
        return self._config.tstop

    @property
    def dt(self) -> float | None:
        """Time step of the simulation, ms; None if unknown."""
        return self._config.dt

    @property
    def time_units(self) -> str:
        """Unit of all times."""
        return "ms"

    @property
    def inputs(self) -> dict[str, SimulationInput]:
        """The inputs by name."""
        return {name: SimulationInput(name, section) for name, section in self._config.inputs.items()}

    @cached_property
    def circuit(self) -> Circuit:
        """The circuit; one without populations if the simulation has none."""
        return Circuit(self._config.circuit or CircuitConfig(None))

    @cached_property
    def node_sets(self) -> NodeSets:
        """The circuit's node sets, updated with the simulation's.

        Warns
        -----
        SpikelibWarning
            The simulation redefines node sets of the circuit.
        """
        sets = NodeSets()
        sets.update(self.circuit.node_sets)
        replaced: set[str] = set()
        for path in self._config.node_sets_files:
            if path != self.circuit.config.node_sets_file:
                replaced |= sets.update(NodeSets.from_file(path))
        replaced |= sets.update(NodeSets(self._config.inline_node_sets, str(self._config.path)))
        if replaced:
            shown = ", ".join(sorted(replaced)[:_SHOWN]) + (", ..." if len(replaced) > _SHOWN else "")
            msg = f"Simulation node sets overwrite {len(replaced)} node set(s) in Circuit node sets: {shown}"
            warnings.warn(msg, SpikelibWarning, stacklevel=2)
        return sets

    @cached_property
    def spikes(self) -> SpikeReport:
        """The spike report."""
        from spikelib.spike_report import SpikeReport  # noqa: PLC0415 - the two modules name each other

        return SpikeReport(self)

    def simulated_ids(self, population: str) -> NDArray[np.int64] | None:
        """Return the ids of the nodes that were simulated.

        Parameters
        ----------
        population
            Name of a population.

        Returns
        -------
        Sorted int64 ids of the nodes of ``population`` in the config's ``node_set``; None if the config names
        no node set, if it cannot be used (with a warning), or if the population is not in the circuit.
        """
        name = self._config.node_set
        if name is None or population not in self.circuit.nodes:
            return None
        try:
            return self.node_sets.ids(name, self.circuit.nodes[population], raise_missing_property=False)
        except (GroupError, NodeSetsError) as error:
            msg = f"the node set '{name}' of the run cannot be used, all nodes count as simulated: {error}"
            warnings.warn(msg, SpikelibWarning, stacklevel=2)
            return None


class SimulationInput(Mapping[str, Any]):
    """One input of a simulation: its settings as a mapping, and the spikes that it plays in, if any."""

    def __init__(self, name: str, section: Mapping[str, Any]) -> None:
        self.name = name
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
        named = (self._section.get(key) for key in SPIKE_FILE_KEYS)
        text = next((text for text in named if isinstance(text, str) and text), None)
        return Path(text) if text and Path(text).suffix.lower() in {".h5", ".hdf5"} else None

    @property
    def reader(self) -> SpikeReport:
        """The spikes that are played in, as a report without a circuit.

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
        return Simulation(bare_simulation(self.spike_file)).spikes
