"""Circuits: node populations and node sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from spikelib.circuit.node_population import NodePopulation
from spikelib.errors import ConfigError, MissingFileError, UnknownPopulationError
from spikelib.sonata.configs.circuit_config import CircuitConfig, NodesEntry, load_circuit
from spikelib.sonata.hdf5.links import Borders
from spikelib.sonata.limits import folders_outside
from spikelib.sonata.names import did_you_mean
from spikelib.sonata.nodes.groups import settle
from spikelib.sonata.nodes.node_ids import CircuitNodeIds
from spikelib.sonata.nodes.node_sets import NodeSets
from spikelib.sonata.nodes.node_store import NodeStore
from spikelib.sonata.nodes.nodes_file import population_names
from spikelib.sonata.nodes.queries import check_properties

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from spikelib.sonata.nodes.groups import Group
    from spikelib.sonata.nodes.numbering import Fired


class Circuit:
    """A circuit: its nodes and node sets.

    Parameters
    ----------
    config
        Path of a circuit config, or a `CircuitConfig`.
    fired
        Name of a population -> what reads the ids of its spikes; they tell what an unusual ``node_id`` means. None
        where no spikes are known: then nodes have the ids that their file lists.
    allow_outside
        Folders where links of nodes files may lead, beside those of the files and below that of the config.

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
    ...     circuit = Circuit(write_demo(folder).with_name("circuit_config.json"))
    ...     circuit.nodes.population_names, circuit.nodes.size, len(circuit.nodes.ids("Probe"))
    (['cortex', 'thalamus'], 2821, 16)
    """

    def __init__(
        self,
        config: str | Path | CircuitConfig,
        fired: Callable[[str], Fired | None] | None = None,
        *,
        allow_outside: str | Path | Iterable[str | Path] = (),
    ) -> None:
        self._config = config if isinstance(config, CircuitConfig) else load_circuit(config)
        self._fired = fired
        self._allowed = folders_outside(allow_outside)

    def __repr__(self) -> str:
        return f"Circuit({str(self._config.path)!r})" if self._config.path else "Circuit(<no file>)"

    def __getstate__(self) -> tuple[CircuitConfig, Callable[[str], Fired | None] | None, tuple[Path, ...]]:
        return self._config, self._fired, self._allowed

    def __setstate__(self, state: tuple[CircuitConfig, Callable[[str], Fired | None] | None, tuple[Path, ...]]) -> None:
        self._config, self._fired, self._allowed = state

    @property
    def borders(self) -> Borders:
        """Where links of nodes files may lead, beside the folders of these files."""
        tree = () if self._config.path is None else (self._config.path.parent,)
        return Borders((*tree, *self._allowed))

    def fired(self, population: str) -> Fired | None:
        """Return what reads the ids of a population's spikes; None if no spikes are known."""
        return None if self._fired is None else self._fired(population)

    @property
    def config(self) -> CircuitConfig:
        """The settings, with variables replaced."""
        return self._config

    @cached_property
    def node_sets(self) -> NodeSets:
        """The node sets of the circuit; none if it names no file or the file is missing."""
        path = self._config.node_sets_file
        return NodeSets() if path is None else NodeSets.from_file(path)

    @cached_property
    def nodes(self) -> CircuitNodes:
        """The node populations by name."""
        return CircuitNodes(self)


class CircuitNodes(Mapping[str, NodePopulation]):
    """The node populations of a circuit by name, sorted.

    Raises
    ------
    NodesError
        A nodes file is damaged.
    ConfigError
        Two nodes files hold populations of one name.
    """

    def __init__(self, circuit: Circuit) -> None:
        self._circuit = circuit
        self._stores: dict[str, NodeStore] = {}
        self._absent: dict[str, str] = {}
        for entry in circuit.config.nodes:
            self._add(entry)

    def __getitem__(self, name: str) -> NodePopulation:
        if name not in self._stores:
            known = ", ".join(self) or "none"
            reason = "".join(f"; {reason}" for key, reason in self._absent.items() if key in {name, ""})
            words = f"its populations are: {known}{reason}{did_you_mean(name, self)}"
            msg = f"{self._circuit!r} has no node population '{name}'; {words}"
            raise UnknownPopulationError(msg)
        return self._populations[name]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._stores))

    def __len__(self) -> int:
        return len(self._stores)

    def __contains__(self, name: object) -> bool:
        return name in self._stores

    def __repr__(self) -> str:
        return f"CircuitNodes({list(self)})"

    @property
    def population_names(self) -> list[str]:
        """Sorted names of the populations."""
        return list(self)

    @property
    def size(self) -> int:
        """Number of nodes of all populations."""
        return sum(population.size for population in self.values())

    @property
    def property_names(self) -> set[str]:
        """Names of the properties that at least one population has."""
        return {name for population in self.values() for name in population.property_names}

    def ids(self, group: Group = None) -> CircuitNodeIds:
        """Return the nodes of all populations that a group means.

        Raises
        ------
        GroupError
            The group is malformed, or names an id that one of the populations does not have.
        UnknownPropertyError
            No population has a property of a query.
        UnknownPopulationError
            A `CircuitNodeIds` names a population that the circuit does not have.
        """
        if isinstance(group, CircuitNodeIds):
            for name in group.get_populations(unique=True):
                self[name]
        group = settle(group)
        found = {name: nodes.ids(group, raise_missing_property=False) for name, nodes in self.items()}
        if isinstance(group, Mapping):
            check_properties(group, self.property_names)
        return CircuitNodeIds.from_dict(found)

    @cached_property
    def _populations(self) -> dict[str, NodePopulation]:
        return {name: NodePopulation(store, self._circuit.node_sets) for name, store in self._stores.items()}

    def _add(self, entry: NodesEntry) -> None:
        listed = entry.populations
        try:
            present = population_names(entry.nodes_file, self._circuit.borders)
        except MissingFileError as error:
            # Spikes can be analysed without this file; what is missing is said when its population is asked for.
            self._absent.update(dict.fromkeys(listed or [""], str(error)))
            return
        for name in present if listed is None else listed:
            if name not in present:
                self._absent[name] = f"{entry.nodes_file} holds only {', '.join(present) or 'no population'}"
            elif name in self._stores:
                msg = f"{self._circuit!r}: two nodes files hold a population '{name}'; list 'populations'"
                raise ConfigError(msg)
            else:
                kind = (listed or {}).get(name, {}).get("type", None if listed is None else "biophysical")
                fired = self._circuit.fired(name)
                self._stores[name] = NodeStore(
                    entry.nodes_file, name, entry.node_types_file, kind, fired, self._circuit.borders
                )
