"""A circuit as a simulation ran it: which nodes there were, for how long, and which of them were simulated."""

from __future__ import annotations

import warnings
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from spikelib.circuit.circuit import Circuit
from spikelib.errors import GroupError, MissingFileError, NodeSetsError, SpikelibWarning, UnknownPopulationError
from spikelib.findings import Finding, Kind
from spikelib.sonata.configs.circuit_config import CircuitConfig
from spikelib.sonata.configs.simulation_config import SimulationConfig
from spikelib.sonata.configs.source import load_source
from spikelib.sonata.limits import folders_outside
from spikelib.sonata.names import listed_names, meant_names
from spikelib.sonata.nodes.node_sets import NodeSets
from spikelib.sonata.spikes.arrays import CHUNK, RunFacts
from spikelib.sonata.spikes.spike_file import spike_sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from spikelib.circuit.node_population import NodePopulation
    from spikelib.sonata.configs.output import OutputConfig
    from spikelib.sonata.nodes.numbering import Fired
    from spikelib.sonata.spikes.spike_file import SpikeSource

_NO_NEURONS = ("virtual", "vasculature", "astrocyte", "glia", "end_foot", "endfeet")
"""What the types of populations hold that are inputs, or no neurons."""
_SHOWN = 10
"""At most this many names are listed in a warning."""


class SimulatedCircuit:
    """The settings of a simulation, its circuit, its node sets, and the nodes that were simulated.

    Parameters
    ----------
    config
        Path of a simulation config (BBP, Allen or bmtk form) or of a bare spike file, or a `SimulationConfig`.
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
    ...     simulated = SimulatedCircuit(write_demo(folder))
    ...     simulated.facts("cortex").n_nodes
    2701
    """

    def __init__(
        self, config: str | Path | SimulationConfig, *, allow_outside: str | Path | Iterable[str | Path] = ()
    ) -> None:
        loaded = config if isinstance(config, SimulationConfig) else load_source(config)
        allowed = folders_outside(allow_outside)
        self._config = replace(loaded, allow_outside=(*loaded.allow_outside, *allowed)) if allowed else loaded

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self._config.path or self._config.output.spikes_file)!r})"

    def __getstate__(self) -> SimulationConfig:
        return self._config

    def __setstate__(self, state: SimulationConfig) -> None:
        self._config = state

    @property
    def config(self) -> SimulationConfig:
        """The settings, with variables replaced; ``config.content`` is the config as a mapping."""
        return self._config

    @property
    def output(self) -> OutputConfig:
        """Where the simulation wrote."""
        return self._config.output

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

    @cached_property
    def circuit(self) -> Circuit:
        """The circuit; one without populations if the simulation has none."""
        config = self._config.circuit or CircuitConfig(None)
        return Circuit(config, self._reader_of_ids, allow_outside=self._folders)

    @cached_property
    def sources(self) -> dict[str, SpikeSource]:
        """How each population is stored in the spike file, by name.

        Raises
        ------
        MissingFileError, SpikeFileError
            There is no such file, or it is no spike file.
        """
        return spike_sources(self.output.spikes_file, self._folders, self.dt)

    @property
    def _folders(self) -> tuple[Path, ...]:
        """Where links of files may lead, beside the folders of these files."""
        path = self._config.path
        return (*(() if path is None else (path.parent,)), *self._config.allow_outside)

    def fired_ids(self, population: str) -> Iterator[NDArray[np.int64]]:
        """Read the ids of all spikes of a population, in chunks; nothing if the run left no spikes of it."""
        try:
            source = self.sources.get(population)
        except MissingFileError:
            return
        if source is not None:
            with source.open() as reader:
                for begin in range(0, source.n_spikes, CHUNK):
                    yield reader.read_ids(begin, min(begin + CHUNK, source.n_spikes))

    def _reader_of_ids(self, population: str) -> Fired:
        return partial(self.fired_ids, population)

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

        Examples
        --------
        >>> from tempfile import TemporaryDirectory
        >>> from spikelib.demo import write_demo
        >>> with TemporaryDirectory() as folder:
        ...     len(SimulatedCircuit(write_demo(folder)).simulated_ids("thalamus"))
        120
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

    @cached_property
    def silent_populations(self) -> list[str]:
        """Sorted names of the populations that were simulated and of which the spike file has nothing: none fired.

        They are neurons that the config's ``node_set`` names, or any if there is none. Where the spike file holds a
        population that the circuit does not describe, nothing is known of the others: their spikes may be there.
        """
        fired, nodes = self.sources, self.circuit.nodes
        if not set(fired) <= set(nodes):
            return []
        return [name for name in nodes if name not in fired and is_neuron(nodes[name].type) and self._was_run(name)]

    @property
    def unrecorded_populations(self) -> list[str]:
        """Sorted names of the circuit's populations of which nothing is known: inputs, or not part of the run."""
        silent = set(self.silent_populations)
        return [name for name in self.circuit.nodes if name not in self.sources and name not in silent]

    def is_input(self, population: str) -> bool:
        """Return whether the circuit says that the nodes of a population are no neurons of the network."""
        return population in self.circuit.nodes and not is_neuron(self.circuit.nodes[population].type)

    def _was_run(self, population: str) -> bool:
        simulated = self.simulated_ids(population)
        return simulated is None or len(simulated) > 0

    def described(self, populations: Iterable[str]) -> dict[str, NodePopulation]:
        """Return those of some populations that the circuit describes, by name."""
        return {name: self.circuit.nodes[name] for name in populations if name in self.circuit.nodes}

    def _misnamed(self, population: str) -> Finding | None:
        meant = meant_names(population, self.circuit.nodes)
        if not meant:
            return None
        candidates = listed_names(meant, "and")
        text = f"the circuit has no population {population!r}, but {candidates}; names must be equal"
        return Finding(Kind.POPULATION_MISNAMED, text)

    def facts(self, population: str) -> RunFacts:
        """Return what circuit and config say of a population; no number of nodes if the circuit lacks it."""
        try:
            nodes = self.circuit.nodes[population]
        except UnknownPopulationError:
            note = self._misnamed(population)
            return RunFacts(start=self.time_start, stop=self.time_stop, note=note)
        labels = nodes.numbering.labels
        note = None if nodes.note is None else Finding(Kind.NODE_IDS_UNUSUAL, nodes.note)
        id_end = None if labels is None else nodes.numbering.end
        return RunFacts(nodes.size, nodes.type, self.time_start, self.time_stop, id_end, note)


def is_neuron(population_type: str) -> bool:
    """Return whether the nodes of a type of population are neurons of the network.

    >>> is_neuron("biophysical"), is_neuron("virtual"), is_neuron("protoplasmic_astrocytes")
    (True, False, False)
    """
    return not any(word in population_type.lower() for word in _NO_NEURONS)
