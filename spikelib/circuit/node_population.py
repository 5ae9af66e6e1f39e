"""The nodes of one population, as pandas objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spikelib.errors import GroupError, NodesError, UnknownPropertyError
from spikelib.sonata.nodes.groups import resolve
from spikelib.sonata.nodes.node_ids import CircuitNodeId
from spikelib.sonata.nodes.node_sets import NodeSets

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

    from spikelib.sonata.nodes.column import Column
    from spikelib.sonata.nodes.groups import Group
    from spikelib.sonata.nodes.node_store import NodeStore
    from spikelib.sonata.nodes.numbering import Numbering

_POSITIONS = ("x", "y", "z")


class NodePopulation:
    """The nodes of one population of a circuit. Only the columns that are asked for are read.

    Parameters
    ----------
    store
        The nodes file.
    node_sets
        Where a group that is a text is looked up.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from spikelib.circuit.circuit import Circuit
    >>> from spikelib.demo import write_demo
    >>> with TemporaryDirectory() as folder:
    ...     circuit = Circuit(write_demo(folder).with_name("circuit_config.json"))
    ...     nodes = next(iter(circuit.nodes.values()))
    ...     nodes.ids({"node_id": [4, 1]}), nodes.ids([4, 1])
    (array([1, 4]), array([4, 1]))
    """

    def __init__(self, store: NodeStore, node_sets: NodeSets | None = None) -> None:
        self._store = store
        self._node_sets = NodeSets() if node_sets is None else node_sets

    def __repr__(self) -> str:
        return f"NodePopulation({self.name!r}, size={self.size}, type={self.type!r})"

    @property
    def name(self) -> str:
        """Name of the population."""
        return self._store.name

    @property
    def size(self) -> int:
        """Number of nodes."""
        return self._store.size

    @property
    def numbering(self) -> Numbering:
        """The ids of the nodes: 0 to size - 1, or what the nodes file lists as ``node_id``."""
        return self._store.numbering

    @property
    def note(self) -> str | None:
        """What is unusual about the ids; None if nothing is."""
        return self._store.note

    @property
    def type(self) -> str:
        """What the nodes are: biophysical, point_neuron, virtual, ..."""
        return self._store.type

    @property
    def property_names(self) -> set[str]:
        """Names of all properties, those of the dynamics with the prefix ``@dynamics:``."""
        return set(self._store.property_names)

    @property
    def property_dtypes(self) -> pd.Series[Any]:
        """The pandas dtype of each property, sorted by name. All columns are read."""
        dtypes: pd.Series[Any] = self.get().dtypes
        return dtypes.sort_index()

    def property_values(self, prop: str, is_present: bool = False) -> set[Any]:
        """Return the distinct values of a property.

        Parameters
        ----------
        prop
            The property.
        is_present
            Of an enumeration, return only the values that nodes have, not all that the file lists.

        Examples
        --------
        >>> from tempfile import TemporaryDirectory
        >>> from spikelib.demo import write_demo
        >>> from spikelib.circuit.circuit import Circuit
        >>> with TemporaryDirectory() as folder:
        ...     cortex = Circuit(write_demo(folder).with_name("circuit_config.json")).nodes["cortex"]
        ...     sorted(cortex.property_values("layer"))
        ['L2/3', 'L4', 'L5', 'L6']
        """
        column = self.column(prop)
        if column.categories is not None and self._is_categorical(column) and not is_present:
            return set(column.categories)
        return set(column.decoded().tolist())

    def values(self, prop: str) -> NDArray[Any]:
        """Return a property of all nodes without pandas.

        Returns
        -------
        Array of shape (size,) in the order of the ids: numbers with NaN, or `str` objects with None, where a node
        has no value.
        """
        return self.column(prop).decoded()

    def column(self, prop: str) -> Column:
        """Return a property of all nodes with its kind: text, integer or float."""
        self._check_properties([prop])
        return self._store.column(prop)

    def ids(
        self,
        group: Group = None,
        limit: int | None = None,
        sample: int | None = None,
        raise_missing_property: bool = True,
        *,
        seed: int | None = None,
    ) -> NDArray[np.int64]:
        """Return the ids of the nodes that a group means.

        Parameters
        ----------
        group
            None for all; an id, ids or a boolean mask; `CircuitNodeId` or `CircuitNodeIds`; the name of a
            node set; or a query such as ``{"layer": ["4", "5"], "x": (0, 100)}``.
        limit
            Return at most this many, the first ones.
        sample
            Draw this many at random, without replacement; all if there are fewer.
        raise_missing_property
            Whether a property that the population lacks is an error; if not, it matches no node.
        seed
            Seed of the draw.

        Returns
        -------
        int64 ids: in the given order and with repetitions for sequences and arrays; else sorted and distinct.

        Raises
        ------
        GroupError
            The group is malformed, or names nodes, properties or node sets that do not exist.

        Examples
        --------
        >>> from tempfile import TemporaryDirectory
        >>> from spikelib.demo import write_demo
        >>> from spikelib.circuit.circuit import Circuit
        >>> with TemporaryDirectory() as folder:
        ...     cortex = Circuit(write_demo(folder).with_name("circuit_config.json")).nodes["cortex"]
        ...     cortex.ids({"layer": "L4", "x": (0, 5)}, limit=3), len(cortex.ids("Inhibitory", sample=10, seed=1))
        (array([1313, 1314, 1315]), 10)
        """
        ids = resolve(group, self, self._node_sets, raise_missing_property=raise_missing_property)
        if sample is not None:
            ids = np.random.default_rng(seed).choice(ids, min(sample, len(ids)), replace=False)
        ids = ids[:limit]
        # Sorted only after the limit: the first ones of a random order are a sample, those of a sorted one are not.
        return ids if sample is None else np.unique(ids)

    def count(self, group: Group = None) -> int:
        """Return the number of nodes that a group means."""
        return len(self.ids(group))

    def get(
        self,
        group: Group = None,
        properties: str | Iterable[str] | None = None,
        raise_missing_property: bool = True,
    ) -> Any:
        """Return properties of nodes.

        Parameters
        ----------
        group
            The nodes; see `ids`.
        properties
            A name, several names, or None for all.
        raise_missing_property
            Whether a property in ``group`` that the population lacks is an error; if not, it matches no node.

        Returns
        -------
        A `pandas.DataFrame` with one row per node and one column per property. One property alone gives a
        `pandas.Series` over the nodes; one node alone (an id or a `CircuitNodeId`) a Series over the
        properties; both together one value.

        Raises
        ------
        GroupError
            The group is wrong, or a property does not exist.

        Examples
        --------
        >>> from tempfile import TemporaryDirectory
        >>> from spikelib.demo import write_demo
        >>> from spikelib.circuit.circuit import Circuit
        >>> with TemporaryDirectory() as folder:
        ...     cortex = Circuit(write_demo(folder).with_name("circuit_config.json")).nodes["cortex"]
        ...     cortex.get([0, 2700], "mtype").to_dict(), cortex.get(0, "layer")
        ({0: 'L23_PC', 2700: 'L6_MC'}, 'L2/3')
        """
        import pandas as pd  # noqa: PLC0415 - not needed to select nodes

        names = self._names(properties)
        ids = None if group is None else self.ids(group, raise_missing_property=raise_missing_property)
        rows = None if ids is None else self.numbering.rows(ids)
        index = pd.Index(self.numbering.ids() if ids is None else ids, name="node_ids")
        columns = {name: self._series(self.column(name), rows) for name in names}
        if isinstance(group, int | np.integer | CircuitNodeId):
            if not len(index):
                msg = f"population '{self.name}' has no node {group!r}: it belongs to another population"
                raise GroupError(msg)
            return self._one_node(columns, properties, int(index[0]))
        frame = pd.DataFrame(columns, index=index)
        return frame[properties] if isinstance(properties, str) else frame

    def positions(self, group: Group = None) -> Any:
        """Return x, y and z of nodes as floats, µm: a DataFrame, or a Series if the group is one node.

        Nodes of a flat population, whose file gives two coordinates, have x and y.
        """
        flat = [name for name in _POSITIONS if name in self.property_names]
        names = flat if flat == ["x", "y"] else list(_POSITIONS)
        texts = [name for name in flat if self.column(name).kind == "text"]
        if texts:
            msg = f"population '{self.name}': {', '.join(texts)} must hold numbers to be positions, not texts"
            raise NodesError(msg)
        return self.get(group, names).astype(float)

    def _one_node(self, columns: dict[str, Any], properties: Any, node: int) -> Any:
        import pandas as pd  # noqa: PLC0415 - not needed to select nodes

        values = {name: column[0] for name, column in columns.items()}
        if isinstance(properties, str):
            return values[properties]
        return pd.Series(list(values.values()), index=list(values), name=node)

    def _series(self, column: Column, rows: NDArray[np.int64] | None) -> Any:
        import pandas as pd  # noqa: PLC0415 - not needed to select nodes

        data = column.data if rows is None else column.data[rows]
        if column.categories is None:
            return data
        if self._is_categorical(column):
            return pd.Categorical.from_codes(data, categories=column.categories.tolist())
        return np.append(column.categories, [None])[data]

    def _is_categorical(self, column: Column) -> bool:
        """Return whether an enumeration is worth a pandas Categorical: bluepysnap's rule."""
        return column.categories is not None and len(column.categories) < 0.5 * self.size

    def _names(self, properties: str | Iterable[str] | None) -> list[str]:
        if properties is None:
            known = self.property_names
            return sorted(known, key=lambda name: (name.startswith("@"), name))
        names = [properties] if isinstance(properties, str) else list(properties)
        self._check_properties(names)
        return names

    def _check_properties(self, names: list[str]) -> None:
        known = self._store.property_names
        unknown = sorted(set(names) - known)
        if unknown:
            listed = ", ".join(sorted(known)) or "none"
            msg = f"Unknown node properties: {unknown} of population '{self.name}'; it has: {listed}"
            raise UnknownPropertyError(msg)
